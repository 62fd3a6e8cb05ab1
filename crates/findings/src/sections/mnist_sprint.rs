//! P1.2: the shortest runs that reach an accuracy.

use crate::cells::{grouped, number, percent};
use crate::mnist_runs::{mean_text, named};
use crate::{Caption, ClaimRow, ReportError, Section, Sources, TableRow, alter};
use experiments::mnist::studies::ArmSummary;
use experiments::mnist::studies::sprint::SprintConclusions;
use records::findings::{Cells, Decision};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[ClaimRow {
    id: "mnist-sprints-arrive",
    says: "Both sprints reach the mean that they aim at",
    within: None,
    record: "mnist-sprint",
    decide: |of| {
        let sprints = sprints(of)?;
        let arrives = |arm: &str, per_mille: usize| -> Result<Decision, ReportError> {
            let summary = named(&sprints, arm)?;
            let correct: usize = summary.correct.iter().sum();
            let answers = summary.total * summary.correct.len();
            Ok(Decision::new(1000 * correct >= per_mille * answers, mean_text(summary)))
        };
        Ok(arrives("to-99.0", 990)?.and(arrives("to-99.4", 994)?))
    },
    controls: &[
        |of| set_sprints(of, |it| it[0].correct.fill(9_899)),
        |of| set_sprints(of, |it| it[1].correct.fill(9_939)),
    ],
}];

const TABLES: &[TableRow] = &[TableRow {
    id: "mnist-sprint",
    record: "mnist-sprint",
    caption: Caption::Of(|of| {
        let runs = sprints(of)?.first().map_or(0, |summary| summary.correct.len());
        Ok(format!("{runs} runs of each sprint."))
    }),
    cells: by_sprint,
}];

fn sprints(of: &Sources) -> Result<Vec<ArmSummary>, ReportError> {
    Ok(of.conclusions::<SprintConclusions>("mnist-sprint")?.sprints)
}

fn set_sprints(of: &mut Sources, alter: impl FnOnce(&mut [ArmSummary])) {
    alter::conclusions(of, "mnist-sprint", |it: &mut SprintConclusions| alter(&mut it.sprints));
}

fn by_sprint(of: &Sources) -> Result<Cells, ReportError> {
    let row = |summary: &ArmSummary| {
        let (least, most) = (summary.correct.iter().min(), summary.correct.iter().max());
        vec![
            format!("{} %", summary.arm.trim_start_matches("to-")),
            summary.recipe.epochs.to_string(),
            grouped(summary.parameters),
            percent(summary.accuracy.estimate, 3),
            number(100.0 * summary.accuracy_sd, 3),
            grouped(least.copied().unwrap_or(0)),
            grouped(most.copied().unwrap_or(0)),
        ]
    };
    let heads = [
        "to",
        "#epochs",
        "#parameters",
        "#mean",
        "#standard deviation, points",
        "#least right",
        "#most right",
    ];
    Ok(Cells::new(&heads, sprints(of)?.iter().map(row).collect()))
}
