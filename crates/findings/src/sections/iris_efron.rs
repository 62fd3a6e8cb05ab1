//! P1.1: the discriminant, softmax regression and the network on flowers drawn from the discriminant's model.

use crate::cells::{grouped, number, percent};
use crate::chart::{Axes, Series, Words, lines_by_powers};
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use experiments::iris::studies::efron::{EfronConclusions, EfronSize, Excess};
use records::findings::{Cells, Decision};
use stats::Interval;

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "efron-discriminant-errs-less-than-regression",
        says: "With each number of training flowers tried the discriminant errs less often than softmax regression",
        within: Some(
            "with each number of training flowers tried the discriminant errs less often than softmax regression",
        ),
        record: "iris-efron",
        decide: |of| every_size(of, |size| Some(size.difference), |difference| difference.low > 0.0),
        controls: &[
            |of| set_sizes(of, |sizes| sizes[0].difference.low = 0.0),
            |of| set_sizes(of, |sizes| last(sizes).difference.low = 0.0),
        ],
    },
    ClaimRow {
        id: "efron-excess-is-at-most-half",
        says: "With each number of training flowers tried the discriminant's excess is at most half the regression's",
        within: None,
        record: "iris-efron",
        decide: |of| every_size(of, |size| Some(size.efficiency), |ratio| ratio.high <= 0.5),
        controls: &[
            |of| set_sizes(of, |sizes| sizes[0].efficiency.high = 0.5_f64.next_up()),
            |of| set_sizes(of, |sizes| last(sizes).efficiency.high = 0.5_f64.next_up()),
        ],
    },
    ClaimRow {
        id: "efron-network-errs-more-than-discriminant",
        says: "With each number of flowers that it was trained on the network errs more often than the discriminant",
        within: None,
        record: "iris-efron",
        decide: |of| every_size(of, |size| size.network_difference, |difference| difference.low > 0.0),
        controls: &[|of| {
            set_sizes(of, |sizes| {
                sizes
                    .iter_mut()
                    .take(1)
                    .flat_map(|size| &mut size.network_difference)
                    .for_each(|it| it.low = 0.0);
            });
        }],
    },
];

const TABLES: &[TableRow] = &[TableRow {
    id: "iris-efron",
    record: "iris-efron",
    caption: Caption::Of(|of| {
        let EfronConclusions { seeds, bayes, .. } = conclusions(of)?;
        Ok(format!(
            "Mean test errors with 95 % intervals over {} draws of flowers ({} draws for the network). No method can \
             err less often than {}, the Bayes error; the efficiency is the discriminant's excess over it as a share \
             of the regression's.",
            grouped(seeds[0]),
            grouped(seeds[1]),
            percent(bayes.estimate, 2)
        ))
    }),
    cells: |of| Ok(by_size(&conclusions(of)?)),
}];

const FIGURES: &[FigureRow] =
    &[FigureRow { id: "iris-efron", record: "iris-efron", draw: |id, from| curves(id, from.records) }];

fn conclusions(of: &Sources) -> Result<EfronConclusions, ReportError> {
    of.conclusions("iris-efron")
}

fn set_sizes(of: &mut Sources, alter: impl FnOnce(&mut Vec<EfronSize>)) {
    alter::conclusions(of, "iris-efron", |it: &mut EfronConclusions| alter(&mut it.sizes));
}

/// The size with the most flowers, for controls: the record has one.
fn last(sizes: &mut [EfronSize]) -> &mut EfronSize {
    let end = sizes.len() - 1;
    &mut sizes[end]
}

/// Whether it holds of every size that has such an interval.
fn every_size(
    of: &Sources,
    interval: impl Fn(&EfronSize) -> Option<Interval>,
    holds: impl Fn(Interval) -> bool,
) -> Result<Decision, ReportError> {
    let sizes = conclusions(of)?.sizes;
    let found: Vec<(usize, Interval)> =
        sizes.iter().filter_map(|size| Some((size.flowers, interval(size)?))).collect();
    if found.is_empty() {
        return Err(ReportError::missing("iris-efron.json: sizes"));
    }
    let text =
        found.iter().map(|(flowers, it)| format!("{flowers}: {} ({} to {})", it.estimate, it.low, it.high));
    let evidence = text.collect::<Vec<_>>().join("; ");
    Ok(Decision::new(found.iter().all(|(_, it)| holds(*it)), evidence))
}

fn by_size(of: &EfronConclusions) -> Cells {
    let share = |it: Interval| {
        format!(
            "{} ({} to {})",
            percent(it.estimate, 2),
            number(100.0 * it.low, 2),
            number(100.0 * it.high, 2)
        )
    };
    let error = |of: Excess| share(of.error);
    let row = |size: &EfronSize| {
        let it = size.efficiency;
        vec![
            size.flowers.to_string(),
            error(size.lda),
            error(size.softmax),
            size.network.map_or(String::new(), error),
            format!("{} ({} to {})", number(it.estimate, 2), number(it.low, 2), number(it.high, 2)),
            size.separated.to_string(),
        ]
    };
    let heads = [
        "#training flowers of each species",
        "#discriminant",
        "#softmax regression",
        "#network of P1.1, tanh",
        "#efficiency",
        "#draws that the regression separates",
    ];
    Cells::new(&heads, of.sizes.iter().map(row).collect())
}

fn curves(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
    let found = conclusions(of)?;
    let series = |name: &str, error: &dyn Fn(&EfronSize) -> Option<f64>| -> Series {
        let point = |size: &EfronSize| Some((size.flowers as f64, 100.0 * error(size)?));
        (name.to_owned(), found.sizes.iter().filter_map(point).collect())
    };
    let all = [
        series("discriminant", &|size| Some(size.lda.error.estimate)),
        series("regression", &|size| Some(size.softmax.error.estimate)),
        series("network", &|size| Some(size.network?.error.estimate)),
        series("Bayes error", &|_| Some(found.bayes.estimate)),
    ];
    let title = "Mean test error by the number of training flowers, drawn from the discriminant's model";
    let ends = all.iter().map(|(name, points)| {
        let end = |point: Option<&(f64, f64)>| {
            point.map_or(String::new(), |(flowers, error)| format!("{} % with {flowers}", number(*error, 2)))
        };
        format!("{name}: {}, {}", end(points.first()), end(points.last()))
    });
    let ends = ends.collect::<Vec<_>>().join("; ");
    let description = format!(
        "A line for each method, and a level one for the Bayes error. First and last of each: {ends}."
    );
    let words = Words { id, title, description: &description };
    let axes = Axes { x: "training flowers of each species", y: "wrong, %", log: false, whole_x: false };
    let svg = lines_by_powers(&words, axes, &all);
    Ok(Drawing { caption: format!("{title}."), svg, data: by_size(&found) })
}
