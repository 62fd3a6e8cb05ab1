//! Figures of the studies on iris.

use super::cells::number;
use super::chart::{Axes, Words, bands, lines};
use super::{ReportError, Sources};
use crate::figure::Figure;
use experiments::iris::studies::activations::Summary;
use experiments::iris::studies::plateau::{AtEpoch, Scale};
use experiments::iris::studies::{activations, plateau};
use records::findings::Cells;

/// The training loss of every activation over a thousand seeds.
pub(super) fn iris_bands(of: &Sources) -> Result<Figure, ReportError> {
    let id = "iris-bands";
    let conclusions: activations::Conclusions = of.conclusions("iris-activations")?;
    let title = "Training loss over a thousand seeds: the median, and a band that leaves out a tenth of the seeds at either side";
    let words = Words {
        id,
        title,
        description: "One line in a band for each activation, over the epochs, by powers of ten.",
    };
    let series = |summary: &Summary| {
        let point = |band: &activations::Band| (band.epoch as f64, [band.low, band.median, band.high]);
        (summary.id.clone(), summary.loss_bands.iter().map(point).collect())
    };
    let all: Vec<_> = conclusions.activations.iter().map(series).collect();
    let svg = bands(&words, Axes { x: "epoch", y: "loss, nats", log: true, whole_x: false }, &all);
    let heads: Vec<String> = std::iter::once("#epoch".to_owned())
        .chain(conclusions.activations.iter().map(|summary| format!("#{}", summary.id)))
        .collect();
    let row = |(i, epoch): (usize, &usize)| {
        let cell = |summary: &Summary| {
            let band = &summary.loss_bands[i];
            format!("{} ({} to {})", number(band.median, 3), number(band.low, 3), number(band.high, 3))
        };
        std::iter::once(epoch.to_string()).chain(conclusions.activations.iter().map(cell)).collect()
    };
    let rows = activations::LOSS_EPOCHS.iter().enumerate().map(row).collect();
    let data = Cells::new(&heads.iter().map(String::as_str).collect::<Vec<_>>(), rows);
    Ok(Figure { id, caption: format!("{title}."), record: "iris-activations", svg, data })
}

/// Gradient and loss of the original's recipe along the plateau, for every initial scale.
pub(super) fn iris_plateau(of: &Sources) -> Result<Figure, ReportError> {
    let id = "iris-plateau";
    let conclusions: plateau::Conclusions = of.conclusions("iris-plateau")?;
    let title =
        "The gradient over all training flowers, median of 200 seeds, by the scale of the initial weights";
    let words = Words {
        id,
        title,
        description: "One curve of the gradient's norm for each initial scale, over the epochs, by powers of ten.",
    };
    let series = |scale: &Scale| {
        let point = |at: &AtEpoch| (at.epoch as f64, at.median_gradient);
        (format!("scale {}", scale.scale), scale.epochs.iter().map(point).collect())
    };
    let all: Vec<_> = conclusions.scales.iter().map(series).collect();
    let svg = lines(&words, Axes { x: "epoch", y: "norm of the gradient", log: true, whole_x: false }, &all);
    let original = conclusions.scales.iter().find(|scale| scale.scale == 1.0);
    let row = |at: &AtEpoch| {
        vec![
            at.epoch.to_string(),
            at.on_plateau.to_string(),
            number(at.median_accuracy, 3),
            number(at.median_loss, 2),
            number(at.median_gradient, 2),
        ]
    };
    let rows = original.map_or(Vec::new(), |scale| scale.epochs.iter().map(row).collect());
    let heads = ["#epoch", "#seeds on the plateau", "#accuracy", "#loss", "#gradient"];
    let caption = format!("{title}. The numbers are those of scale 1, our initial weights.");
    Ok(Figure { id, caption, record: "iris-plateau", svg, data: Cells::new(&heads, rows) })
}
