//! P1.1: a network with settings chosen inside each training part, against Fisher's discriminant.
//!
//! The claim was written after the registered hypothesis had been refuted.

use crate::cells::{interval, mean};
use crate::predicates::errors_point;
use crate::{Caption, ClaimRow, ReportError, Section, TableRow, alter};
use experiments::iris::studies::Direction;
use experiments::iris::studies::activations::{self, ActivationSummary};
use experiments::iris::studies::honest::{HonestCandidate, HonestConclusions, Method};
use records::findings::Cells;

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[ClaimRow {
    id: "network-errs-more-than-the-discriminant",
    says: "On these flowers the network that cross-validation chose errs more often than Fisher's discriminant",
    within: None,
    record: "iris-honest",
    decide: |of| {
        let conclusions: HonestConclusions = of.conclusions("iris-honest")?;
        Ok(errors_point(conclusions.difference.difference, Direction::More))
    },
    controls: &[|of| {
        alter::conclusions(of, "iris-honest", |it: &mut HonestConclusions| {
            it.difference.difference.low = 0.0;
        });
    }],
}];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "iris-lda",
        record: "iris-honest",
        caption: Caption::Fixed("On the same thousand splits. All intervals are of 95 % confidence."),
        cells: |of| Ok(methods(&of.conclusions("iris-honest")?, &of.conclusions("iris-activations")?)),
    },
    TableRow {
        id: "iris-grid",
        record: "iris-honest",
        caption: Caption::Fixed("The settings, and on how many of the thousand splits each was chosen."),
        cells: |of| grid(&of.conclusions("iris-honest")?),
    },
];

/// Every method on the same splits.
fn methods(of: &HonestConclusions, thousand: &activations::ActivationsConclusions) -> Cells {
    let method = |name: &str, method: &Method| {
        vec![
            name.to_owned(),
            mean(method.mean_test_error),
            interval(method.new_flowers.corrected),
            interval(method.new_flowers.over_flowers),
            method.splits_by_wrong.first().map_or(String::new(), usize::to_string),
            method.sorted_wrong.to_string(),
        ]
    };
    let mut rows = vec![
        method("Fisher's discriminant", &of.lda),
        method("network chosen inside each training part", &of.network),
    ];
    let untuned = |summary: &ActivationSummary| {
        vec![
            format!("P1.1's network, {}", summary.id),
            mean(summary.mean_test_error),
            interval(summary.new_flowers.corrected),
            interval(summary.new_flowers.over_flowers),
            summary.seeds_by_wrong.first().map_or(String::new(), usize::to_string),
            String::new(),
        ]
    };
    rows.extend(thousand.activations.iter().map(untuned));
    let heads = [
        "method",
        "#mean test error, these flowers (t over splits)",
        "#new flowers (corrected t)",
        "#new flowers (bootstrap over flowers)",
        "#splits without error",
        "#wrong of 30 on the sorted split",
    ];
    Cells::new(&heads, rows)
}

/// The settings, and how often each was chosen.
fn grid(of: &HonestConclusions) -> Result<Cells, ReportError> {
    let name =
        |value: serde_json::Value| value.as_str().map_or(value.to_string(), |text| text.replace('-', " "));
    let row = |candidate: &HonestCandidate| -> Result<Vec<String>, serde_json::Error> {
        let settings = &candidate.settings;
        Ok(vec![
            name(serde_json::to_value(settings.features)?),
            name(serde_json::to_value(settings.loss)?),
            settings.weight_decay.to_string(),
            candidate.chosen.to_string(),
        ])
    };
    let rows = of.grid.iter().map(row).collect::<Result<_, _>>()?;
    Ok(Cells::new(&["features", "loss", "#weight decay", "#chosen"], rows))
}
