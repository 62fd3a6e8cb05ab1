//! What the sections on the runs of `iris.json` share: names, results of a configuration, pairs, and loss curves.

use crate::cells::{count, epoch, interval, mean, number, p_value, points};
use crate::chart::{Axes, Words, curves, lines};
use crate::{Drawing, ReportError, Sources};
use experiments::iris::epoch_quantile;
use experiments::iris::studies::seeds::{Comparison, Variant};
use records::findings::Cells;

/// The configurations of P1.1.
pub(crate) const RELU: &str = "framework-relu";
pub(crate) const SIGMOID: &str = "framework-sigmoid";
pub(crate) const TANH: &str = "framework-tanh";
pub(crate) const PRELU: &str = "framework-prelu";

/// Epochs of a long run that its table shows.
const SHOWN_EPOCHS: [usize; 12] = [1, 2, 3, 5, 10, 20, 50, 100, 200, 300, 500, 800];

/// The headings of [`results`].
pub(crate) const RESULTS: [&str; 6] = [
    "#registered seed, right",
    "#sorted split, right",
    "#mean test error, these flowers (t over splits)",
    "#new flowers (corrected t)",
    "#seeds without error",
    "#median epoch at 95 %",
];

/// What the runs of a configuration end with.
pub(crate) fn results(variant: &Variant) -> Result<Vec<String>, ReportError> {
    Ok(vec![
        count(variant.registered.last().test),
        count(variant.sorted),
        mean(variant.mean_test_error),
        interval(variant.mean_on_new_flowers),
        format!("{} of {}", variant.seeds_without_error, variant.others.len()),
        epoch(epoch_quantile(&variant.first_epochs_at_95(), 0.5)?),
    ])
}

/// Pairs of configurations on the same seeds, each under the name that readers know it by.
pub(crate) fn comparisons(
    of: &Sources,
    pairs: &[(&str, &str)],
    name: fn(&str) -> &str,
) -> Result<Cells, ReportError> {
    let row = |(first, second): &(&str, &str)| {
        let missing = || ReportError::Missing(format!("{first}:{second}"));
        let Comparison { test_error, speed_signs, new_flowers, .. } =
            of.iris.comparison(first, second).ok_or_else(missing)?;
        Ok(vec![
            name(first).to_owned(),
            name(second).to_owned(),
            points(*test_error),
            points(new_flowers.difference),
            p_value(new_flowers.p_value),
            format!("{} / {} / {}", speed_signs.negative, speed_signs.ties, speed_signs.positive),
            p_value(speed_signs.p_value),
        ])
    };
    let heads = [
        "first",
        "second",
        "#test error in points, these flowers (bootstrap over splits)",
        "#new flowers (corrected t)",
        "#p, new flowers",
        "#sooner / equal / later, seeds",
        "#p of the speed (sign test)",
    ];
    Ok(Cells::new(&heads, pairs.iter().map(row).collect::<Result<_, ReportError>>()?))
}

/// Curves of losses over the epochs, by powers of ten, and their numbers.
pub(crate) fn loss_curves(words: &Words, names: &[String], values: &[Vec<f64>]) -> Drawing {
    let axes = Axes { x: "epoch", y: "loss, nats", log: true, whole_x: false };
    let svg = lines(words, axes, &curves(names, values));
    Drawing { caption: format!("{}.", words.title), svg, data: by_epoch(names, values) }
}

/// One value of each series at the epochs that a table shows.
fn by_epoch(names: &[String], series: &[Vec<f64>]) -> Cells {
    let heads: Vec<String> =
        std::iter::once("#epoch".to_owned()).chain(names.iter().map(|name| format!("#{name}"))).collect();
    let longest = series.iter().map(Vec::len).max().unwrap_or(0);
    let row = |epoch: &usize| {
        let cell = |values: &Vec<f64>| values.get(epoch - 1).map_or(String::new(), |value| number(*value, 4));
        std::iter::once(epoch.to_string()).chain(series.iter().map(cell)).collect()
    };
    let shown = |epoch: &&usize| **epoch <= longest;
    let rows = SHOWN_EPOCHS.iter().filter(shown).map(row).collect();
    Cells::new(&heads.iter().map(String::as_str).collect::<Vec<_>>(), rows)
}
