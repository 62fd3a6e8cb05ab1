//! P1.1: the flowers as points, and which of them the networks get wrong.

use crate::chart::{Words, open};
use crate::regions::mark;
use crate::{ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, alter};
use data::iris::Iris;
use data::iris::SPECIES;
use experiments::iris::studies::activations::{ActivationsConclusions, ActivationsPart};
use records::findings::{Cells, Decision};
use std::collections::BTreeMap;
use std::fmt::Write as _;

pub(super) const SECTION: Section = Section {
    claims: &[ClaimRow {
        id: "wrong-flowers-are-of-two-species",
        says: "On a thousand splits the ReLU network never gets a setosa wrong: all its wrong flowers are versicolor \
               or virginica, fewer than a third of them",
        within: None,
        record: "iris-activations",
        decide: |of| {
            let wrong = wrong(of)?;
            let first = wrong.keys().next().map_or(0, |flower| flower + 1);
            let evidence = format!("{} flowers, the first in row {first}", wrong.len());
            Ok(Decision::new(first > OF_A_SPECIES && 3 * wrong.len() < 2 * OF_A_SPECIES, evidence))
        },
        controls: &[
            |of| set_wrong(of, &[(49, 1)]),
            |of| set_wrong(of, &(50..84).map(|flower| (flower, 1)).collect::<Vec<_>>()),
        ],
    }],
    figures: &[FigureRow {
        id: "iris-flowers",
        record: "iris-activations",
        draw: |id, from| flowers(id, from.records, from.flowers),
    }],
    ..Section::EMPTY
};

/// The flowers of each species: the file holds one species after the other, setosa first.
const OF_A_SPECIES: usize = 50;

/// The activation whose wrong answers are drawn.
const ACTIVATION: &str = "relu:";

/// The columns that are drawn, petal length and petal width, and how far their axes reach, in centimetres.
const COLUMNS: [usize; 2] = [2, 3];
const REACH: [f64; 2] = [7.0, 2.6];

/// Adds wrong flowers to the first block.
fn set_wrong(of: &mut Sources, flowers: &[(usize, usize)]) {
    alter::parts(of, "iris-activations", |parts: &mut Vec<ActivationsPart>| {
        parts.iter_mut().take(1).for_each(|part| part.wrong_flowers.extend(flowers));
    });
}

/// On how many splits each flower was wrong, by its row from 0.
fn wrong(of: &Sources) -> Result<BTreeMap<usize, usize>, ReportError> {
    let mut counts = BTreeMap::new();
    let study = of.study::<ActivationsPart, ActivationsConclusions>("iris-activations")?;
    for part in study.parts.iter().filter(|part| part.id.starts_with(ACTIVATION)) {
        part.wrong_flowers.iter().for_each(|&(flower, wrong)| *counts.entry(flower).or_insert(0) += wrong);
    }
    Ok(counts)
}

/// Of a flower's mark.
const SIZE: f64 = 2.6;

const WIDTH: f64 = 360.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 8.0;
const SIDE: [f64; 2] = [312.0, 232.0];

fn flowers(id: &str, of: &Sources, iris: &Iris) -> Result<Drawing, ReportError> {
    let wrong = wrong(of)?;
    let most = wrong.values().copied().max().unwrap_or(1);
    let title = "The flowers by their petals. The area of a circle is the number of splits on which the ReLU network \
                 got the flower wrong; setosa is bottom left";
    let description =
        "A scatter of 150 flowers in three groups. All circles lie where versicolor and virginica meet.";
    let mut out = open(&Words { id, title, description }, WIDTH, TOP + SIDE[1] + 72.0);
    axes(&mut out);
    for (flower, (features, &label)) in iris.features.rows().into_iter().zip(&iris.labels).enumerate() {
        let (x, y) = place([features[COLUMNS[0]], features[COLUMNS[1]]]);
        if let Some(&count) = wrong.get(&flower) {
            let radius = 16.0 * (count as f64 / most as f64).sqrt();
            let _ = writeln!(
                out,
                "<circle class=\"wrong\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"var(--fg,#1a1a1a)\" \
                 fill-opacity=\"0.12\" stroke=\"var(--fg,#1a1a1a)\"/>"
            );
        }
        out += &mark(label, (x, y), SIZE);
    }
    for (label, name) in SPECIES.iter().enumerate() {
        let (x, y) = (LEFT + 8.0 + 104.0 * label as f64, TOP + SIDE[1] + 62.0);
        out += &mark(label, (x, y - 4.5), SIZE);
        let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"13\">{name}</text>", x + 10.0);
    }
    out += "</svg>\n";
    Ok(Drawing { caption: format!("{title}."), svg: out, data: hardest(iris, &wrong) })
}

/// Where a flower lies.
fn place(centimetres: [f64; 2]) -> (f64, f64) {
    let share = |i: usize| centimetres[i] / REACH[i] * SIDE[i];
    (LEFT + share(0), TOP + SIDE[1] - share(1))
}

fn axes(out: &mut String) {
    let (right, bottom) = (LEFT + SIDE[0], TOP + SIDE[1]);
    *out += "<g font-size=\"13\" text-anchor=\"middle\">\n";
    for tick in 0..=7 {
        let x = place([f64::from(tick), 0.0]).0;
        let _ = writeln!(
            out,
            "<path d=\"M{x:.1} {TOP} V{bottom}\" stroke=\"var(--figure-grid,#e2e4e8)\"/>\
             <text x=\"{x:.1}\" y=\"{}\">{tick}</text>",
            bottom + 16.0
        );
    }
    for tick in 0..=2 {
        let y = place([0.0, f64::from(tick)]).1;
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {y:.1} H{right}\" stroke=\"var(--figure-grid,#e2e4e8)\"/>\
             <text x=\"{}\" y=\"{:.1}\">{tick}</text>",
            LEFT - 10.0,
            y + 4.5
        );
    }
    let middle = TOP + SIDE[1] / 2.0;
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\">petal length, cm</text>\n\
         <text x=\"12\" y=\"{middle}\" transform=\"rotate(-90 12 {middle})\">petal width, cm</text>\n</g>",
        LEFT + SIDE[0] / 2.0,
        bottom + 36.0
    );
}

/// The flowers that are wrong most often.
fn hardest(iris: &Iris, wrong: &BTreeMap<usize, usize>) -> Cells {
    let mut order: Vec<(&usize, &usize)> = wrong.iter().collect();
    order.sort_by_key(|&(flower, count)| (std::cmp::Reverse(count), flower));
    let row = |(&flower, count): (&usize, &usize)| {
        let [length, width] = COLUMNS.map(|column| iris.features[[flower, column]].to_string());
        let row = (flower + 1).to_string();
        vec![row, SPECIES[iris.labels[flower]].to_owned(), length, width, count.to_string()]
    };
    let heads = [
        "#row of the file, from 1",
        "species",
        "#petal length, cm",
        "#petal width, cm",
        "#splits it was wrong on",
    ];
    Cells::new(&heads, order.into_iter().take(12).map(row).collect())
}
