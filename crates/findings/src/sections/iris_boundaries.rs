//! P1.1: where the four networks of the registered seed decide for which species.
//!
//! The claims were written before the study was run.

use crate::cells::percent;
use crate::chart::{Words, colour, open};
use crate::predicates::activations;
use crate::regions::{PANEL, Placed, Plane, Ring, mark, panel};
use crate::{ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, alter};
use data::iris::{Iris, SPECIES};
use experiments::iris::studies::boundaries::{BoundariesConclusions, Boundary, COLUMNS, REACH};
use records::Count;
use records::findings::{Cells, Decision};
use std::fmt::Write as _;

pub(super) const SECTION: Section = Section { claims: CLAIMS, figures: FIGURES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "boundaries-are-of-the-registered-runs",
        says: "The networks of this figure have, bit for bit, the weights of the registered runs",
        within: None,
        record: "iris-boundaries",
        decide: |of| {
            let study = study(of)?;
            let registered = activations(of)?;
            let same = study.parts.iter().filter(|part| {
                registered.iter().any(|(activation, variant)| {
                    activation.name() == part.id && variant.registered.weights_sha256 == part.weights_sha256
                })
            });
            let same = same.count();
            let evidence = format!("{same} of {} have the same SHA-256", registered.len());
            Ok(Decision::new(same == registered.len(), evidence))
        },
        controls: &[
            |of| set_parts(of, |parts| parts[2].weights_sha256.replace_range(..1, "x")),
            |of| set_parts(of, |parts| parts.truncate(3)),
        ],
    },
    ClaimRow {
        id: "activations-share-nine-tenths-of-the-plane",
        says: "On at least nine tenths of this plane all four networks give the same answer",
        within: None,
        record: "iris-boundaries",
        decide: |of| {
            let Count { correct, total } = study(of)?.conclusions.same_answer;
            Ok(Decision::new(10 * correct >= 9 * total, format!("{correct} of {total} places")))
        },
        controls: &[|of| {
            alter::conclusions(of, "iris-boundaries", |it: &mut BoundariesConclusions| {
                let bar = it.same_answer.total * 9 / 10;
                it.same_answer.correct =
                    if 10 * it.same_answer.correct >= 9 * it.same_answer.total { bar - 1 } else { bar };
            });
        }],
    },
];

const FIGURES: &[FigureRow] = &[FigureRow {
    id: "iris-boundaries",
    record: "iris-boundaries",
    draw: |id, from| boundaries(id, from.records, from.flowers),
}];

type Recorded = records::Record<Boundary, BoundariesConclusions>;

fn study(of: &Sources) -> Result<Recorded, ReportError> {
    of.study("iris-boundaries")
}

fn set_parts(of: &mut Sources, alter: impl FnOnce(&mut Vec<Boundary>)) {
    alter::parts(of, "iris-boundaries", alter);
}

/// Below the panels: the name of the axis, two lines of signs.
const BELOW: f64 = 66.0;

/// A panel for each network: the plane in the colours of the answers, and the flowers.
fn boundaries(id: &str, of: &Sources, iris: &Iris) -> Result<Drawing, ReportError> {
    let parts = study(of)?.parts;
    let title = "Where the networks of the registered seed decide for which species, by the petals; the sepals are the \
                 mean of the training flowers";
    let description = "Four panels, one for each activation, petal length across and petal width up. In each the \
                       three species fill three regions one behind the other, setosa at the bottom left, versicolor \
                       in the middle, virginica at the top right. The flowers are points; those that the network has \
                       wrong are ringed, and all rings are where versicolor meets virginica.";
    let bottom = PANEL[1] * parts.len().div_ceil(2) as f64;
    let mut out = open(&Words { id, title, description }, 360.0, bottom + BELOW);
    for (place, part) in parts.iter().enumerate() {
        let at = [(place % 2) as f64 * PANEL[0], (place / 2) as f64 * PANEL[1]];
        out +=
            &panel(&Plane { name: &part.id, answers: &part.answers, reach: REACH }, at, &flowers(part, iris));
    }
    signs(&mut out, bottom);
    out += "</svg>\n";
    Ok(Drawing { caption: format!("{title}."), svg: out, data: numbers(&parts) })
}

/// Where each flower lies, its species, and whether it is wrong: in the test part or in the training part.
fn flowers(part: &Boundary, iris: &Iris) -> Vec<Placed> {
    let point = |row: usize| Placed {
        at: COLUMNS.map(|column| iris.features[[row, column]]),
        kind: iris.labels[row],
        ring: if part.wrong_test.contains(&row) {
            Ring::Full
        } else if part.wrong_train.contains(&row) {
            Ring::Dashed
        } else {
            Ring::None
        },
    };
    (0..iris.labels.len()).map(point).collect()
}

/// What the colours and the rings mean.
fn signs(out: &mut String, bottom: f64) {
    *out += "<g font-size=\"13\">\n";
    let _ = writeln!(
        out,
        "<text x=\"180\" y=\"{:.1}\" text-anchor=\"middle\">across: petal length, up: petal width, in cm</text>",
        bottom + 14.0
    );
    for (label, name) in SPECIES.iter().enumerate() {
        let (x, y) = (14.0 + 110.0 * label as f64, bottom + 38.0);
        *out += &mark(label, (x, y - 4.5), 3.0);
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{y:.1}\" fill=\"{}\">{name}</text>",
            x + 10.0,
            colour(label)
        );
    }
    for (place, (ring, name)) in
        [(Ring::Full, "wrong, test part"), (Ring::Dashed, "wrong, training part")].into_iter().enumerate()
    {
        let (x, y) = (14.0 + 160.0 * place as f64, bottom + 60.0);
        *out += &ring.drawn((x, y - 4.5));
        let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{y:.1}\">{name}</text>", x + 10.0);
    }
    *out += "</g>\n";
}

fn numbers(parts: &[Boundary]) -> Cells {
    let row = |part: &Boundary| {
        let places: usize = part.answers.iter().map(String::len).sum();
        let of = |label: usize| {
            let digit = label.to_string();
            part.answers.iter().map(|line| line.matches(digit.as_str()).count()).sum::<usize>()
        };
        let mut row = vec![
            part.id.clone(),
            part.wrong_train.len().to_string(),
            part.wrong_test.len().to_string(),
            part.moved_by_the_plane.len().to_string(),
        ];
        row.extend((0..SPECIES.len()).map(|label| percent(of(label) as f64 / places as f64, 1)));
        row
    };
    let heads = [
        "activation",
        "#wrong, training part",
        "#wrong, test part",
        "#flowers with another answer when their sepals are the mean",
        "#plane for setosa",
        "#for versicolor",
        "#for virginica",
    ];
    Cells::new(&heads, parts.iter().map(row).collect())
}
