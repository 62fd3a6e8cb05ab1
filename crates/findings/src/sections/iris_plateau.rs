//! P2.2: the plateau on which the original's recipe stays for many epochs.
//!
//! The claims were written before the study was run.

use crate::cells::{epochs, grouped, number, percent};
use crate::chart::{Axes, Words, lines};
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use experiments::iris::studies::plateau::{AtEpoch, PlateauConclusions, Scale, VANISHING};
use records::findings::{Cells, Decision};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "every-seed-leaves-the-plateau",
        says: "The original's recipe leaves the plateau on every seed when training goes on",
        within: None,
        record: "iris-plateau",
        decide: |of| {
            let Scale { left, total, last_off, .. } = original_scale(of)?;
            Ok(Decision::new(left == total, format!("{left} of {total} by epoch {last_off}")))
        },
        controls: &[|of| set_original_scale(of, |it| it.left = it.total - 1)],
    },
    ClaimRow {
        id: "the-gradient-does-not-vanish",
        says: "Along the plateau the gradient of the original's recipe stays above a thousandth of its first size",
        within: None,
        record: "iris-plateau",
        decide: |of| {
            let share = original_scale(of)?.smallest_gradient_share;
            Ok(Decision::new(share > VANISHING, format!("smallest share {share}")))
        },
        controls: &[|of| set_original_scale(of, |it| it.smallest_gradient_share = VANISHING)],
    },
];

const TABLES: &[TableRow] = &[TableRow {
    id: "iris-plateau-scales",
    record: "iris-plateau",
    caption: Caption::Fixed(
        "The original's recipe on 200 seeds, with our initial weights (times 1), and with smaller and larger ones.",
    ),
    cells: |of| Ok(by_scale(&of.conclusions("iris-plateau")?)),
}];

const FIGURES: &[FigureRow] =
    &[FigureRow { id: "iris-plateau", record: "iris-plateau", draw: |id, from| gradients(id, from.records) }];

/// The original's recipe from our initial weights; those of the original are not known.
fn original_scale(of: &Sources) -> Result<Scale, ReportError> {
    let conclusions: PlateauConclusions = of.conclusions("iris-plateau")?;
    let original = conclusions.scales.into_iter().find(|scale| scale.scale == 1.0);
    original.ok_or_else(|| ReportError::missing("iris-plateau.json: the scale 1"))
}

fn set_original_scale(of: &mut Sources, alter: impl Fn(&mut Scale)) {
    alter::conclusions(of, "iris-plateau", |it: &mut PlateauConclusions| {
        it.scales.iter_mut().filter(|scale| scale.scale == 1.0).for_each(alter);
    });
}

fn by_scale(of: &PlateauConclusions) -> Cells {
    let row = |scale: &Scale| {
        vec![
            number(scale.scale, 1),
            format!("{} of {}", scale.left, scale.total),
            epochs(scale.median_epoch_off),
            format!("{} to {}", grouped(scale.first_off), grouped(scale.last_off)),
            percent(scale.smallest_gradient_share, 1),
        ]
    };
    let heads = [
        "#initial weights times",
        "#seeds that leave the plateau",
        "#median epoch of leaving (interval)",
        "#first to last",
        "#smallest gradient on it, of that after epoch 1",
    ];
    Cells::new(&heads, of.scales.iter().map(row).collect())
}

/// Gradient and loss of the original's recipe along the plateau, for every initial scale.
fn gradients(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
    let conclusions: PlateauConclusions = of.conclusions("iris-plateau")?;
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
    Ok(Drawing { caption, svg, data: Cells::new(&heads, rows) })
}
