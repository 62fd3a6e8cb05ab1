//! P2.2: by hand in double and by layers in single precision, epoch by epoch.
//!
//! The claim was written before the study was run.

use crate::{Caption, ClaimRow, Section, Sources, TableRow, alter};
use experiments::iris::studies::trajectory::{Largest, TrajectoryConclusions};
use records::findings::{Cells, Decision};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[ClaimRow {
    id: "implementations-go-one-way",
    says: "By hand and by layers the training losses agree to one part in a thousand after every epoch",
    within: None,
    record: "iris-trajectory",
    decide: |of| {
        let conclusions: TrajectoryConclusions = of.conclusions("iris-trajectory")?;
        let largest = conclusions.settings.iter().map(|it| it.largest.largest_relative_loss_difference);
        let largest: Vec<f64> = largest.collect();
        let agree = largest.len() == 2 && largest.iter().all(|&apart| apart < 1e-3);
        Ok(Decision::new(agree, format!("{largest:?}")))
    },
    controls: &[
        |of| set_trajectories(of, |it| it.settings[0].largest.largest_relative_loss_difference = 1e-3),
        |of| set_trajectories(of, |it| it.settings[1].largest.largest_relative_loss_difference = 1e-3),
        |of| set_trajectories(of, |it| it.settings.truncate(1)),
    ],
}];

const TABLES: &[TableRow] = &[TableRow {
    id: "iris-trajectories",
    record: "iris-trajectory",
    caption: Caption::Fixed(
        "By hand in double and by layers in single precision: the largest differences on 20 seeds.",
    ),
    cells: |of| Ok(trajectories(&of.conclusions("iris-trajectory")?)),
}];

fn set_trajectories(of: &mut Sources, alter: impl FnOnce(&mut TrajectoryConclusions)) {
    alter::conclusions(of, "iris-trajectory", alter);
}

fn trajectories(of: &TrajectoryConclusions) -> Cells {
    let row = |setting: &Largest| {
        let apart = &setting.largest;
        vec![
            setting.id.replace('-', " "),
            apart.epochs.to_string(),
            format!("{:.1e}", apart.largest_relative_loss_difference),
            apart.epochs_with_other_train_counts.to_string(),
            apart.epochs_with_other_test_counts.to_string(),
        ]
    };
    let heads = [
        "loss",
        "#epochs",
        "#relative difference of the losses",
        "#epochs with another count, training part",
        "#epochs with another count, test part",
    ];
    Cells::new(&heads, of.settings.iter().map(row).collect())
}
