//! Tables of Fisher's discriminant beside the networks, and of the settings that were chosen.

use super::ReportError;
use super::cells::{grouped, interval, percent};
use experiments::iris::studies::{activations, honest};
use records::findings::Cells;

/// Every method on the same splits.
pub(super) fn lda(of: &honest::Conclusions, thousand: &activations::Conclusions) -> Cells {
    let method = |name: &str, method: &honest::Method| {
        vec![
            name.to_owned(),
            percent(method.mean_test_error.estimate, 2),
            interval(method.mean_test_error),
            format!("{} of {}", grouped(method.wrong), grouped(method.tested)),
            method.splits_by_wrong.first().map_or(String::new(), usize::to_string),
            method.sorted_wrong.to_string(),
        ]
    };
    let mut rows = vec![
        method("Fisher's discriminant", &of.lda),
        method("best network, chosen inside each training part", &of.network),
    ];
    let untuned = |summary: &activations::Summary| {
        vec![
            format!("P1.1's network, {}", summary.id),
            percent(summary.mean_test_error.estimate, 2),
            interval(summary.mean_test_error),
            format!("{} of {}", grouped(summary.wrong as usize), grouped(summary.tested as usize)),
            summary.seeds_by_wrong.first().map_or(String::new(), usize::to_string),
            String::new(),
        ]
    };
    rows.extend(thousand.activations.iter().map(untuned));
    let heads = [
        "method",
        "#mean test error",
        "#95 % interval",
        "#wrong",
        "#splits without error",
        "#wrong of 30 on the sorted split",
    ];
    Cells::new(&heads, rows)
}

/// The settings, and how often each was chosen.
pub(super) fn grid(of: &honest::Conclusions) -> Result<Cells, ReportError> {
    let name =
        |value: serde_json::Value| value.as_str().map_or(value.to_string(), |text| text.replace('-', " "));
    let row = |candidate: &honest::Candidate| -> Result<Vec<String>, serde_json::Error> {
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
