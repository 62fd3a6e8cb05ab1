//! P1.2: the original's recipe beside ours.

use crate::cells::{number, percent};
use crate::mnist_runs::{ORIGINAL_ACCURACY, least, mean_loss, mean_of, mean_text, most, recipe, spread};
use crate::{Caption, ClaimRow, ReportError, Section, Sources, TableRow, alter};
use data::images::TRAINING_IMAGES;
use experiments::mnist::studies::original::OriginalConclusions;
use experiments::mnist::studies::{ArmSummary, SeedRun, final_recipe};
use records::findings::{Cells, Decision};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "mnist-original-last-epoch-is-no-lower",
        says: "At its last epoch the original's recipe has, on average, no fewer test digits right than reported of \
               its best",
        within: None,
        record: "mnist-original",
        decide: |of| {
            let original = original(of)?;
            Ok(Decision::new(original.accuracy.estimate >= ORIGINAL_ACCURACY, mean_text(&original)))
        },
        controls: &[|of| set_original(of, |it| it.accuracy.estimate = ORIGINAL_ACCURACY.next_down())],
    },
    ClaimRow {
        id: "mnist-original-is-as-reported",
        says: "What the original reports of its best epoch lies in the interval of the mean of our runs of its recipe",
        within: Some(
            "what the original reports of its best epoch lies in the interval of the mean of our runs of its recipe",
        ),
        record: "mnist-original",
        decide: |of| {
            let accuracy = original(of)?.accuracy;
            let inside = (accuracy.low..=accuracy.high).contains(&ORIGINAL_ACCURACY);
            Ok(Decision::new(inside, format!("{} to {}", accuracy.low, accuracy.high)))
        },
        controls: &[
            |of| set_original(of, |it| it.accuracy.low = ORIGINAL_ACCURACY.next_up()),
            |of| set_original(of, |it| it.accuracy.high = ORIGINAL_ACCURACY.next_down()),
        ],
    },
    ClaimRow {
        id: "mnist-recipe-errs-less-than-the-original",
        says: "Every run of our recipe has more test digits right than any of the original's recipe",
        within: None,
        record: "mnist-original",
        decide: |of| {
            let (original, ours) = (original(of)?, recipe(of)?.recipe);
            let (least, most) = (least(&ours)?, most(&original)?);
            let evidence =
                format!("at least {least} of {}, at most {most} of {}", ours.total, original.total);
            Ok(Decision::new(original.total == ours.total && least > most, evidence))
        },
        controls: &[
            |of| set_original(of, |it| it.correct[0] = 9_966),
            |of| set_original(of, |it| it.total += 1),
        ],
    },
];

const TABLES: &[TableRow] = &[TableRow {
    id: "mnist-original",
    record: "mnist-original",
    caption: Caption::Fixed("The original's recipe beside ours, every run at its last epoch."),
    cells: beside,
}];

/// What follows from the runs of the original's recipe.
fn original(of: &Sources) -> Result<ArmSummary, ReportError> {
    Ok(of.conclusions::<OriginalConclusions>("mnist-original")?.original)
}

fn set_original(of: &mut Sources, alter: impl FnOnce(&mut ArmSummary)) {
    alter::conclusions(of, "mnist-original", |it: &mut OriginalConclusions| alter(&mut it.original));
}

/// [`spread`], and what the runs' last epochs say of losses and of the training part.
fn all_of(summary: &ArmSummary, runs: &[SeedRun]) -> Vec<(&'static str, String)> {
    let last = |run: &SeedRun| run.epochs.last().copied().unwrap_or_default();
    let right = mean_of(runs, |run| last(run).1 as f64 / TRAINING_IMAGES as f64);
    let mut rows =
        vec![("epochs", summary.recipe.epochs.to_string()), ("seeds", summary.correct.len().to_string())];
    rows.extend(spread(summary));
    rows.extend([
        ("mean test loss", number(mean_loss(runs), 5)),
        ("training accuracy of the last epoch, mean", percent(right, 3)),
        ("training loss of the last epoch, mean", number(mean_of(runs, |run| last(run).0), 5)),
    ]);
    rows
}

fn beside(of: &Sources) -> Result<Cells, ReportError> {
    let original = of.study::<SeedRun, OriginalConclusions>("mnist-original")?;
    let ours = of.study::<SeedRun, final_recipe::RecipeConclusions>("mnist-recipe")?;
    let original = all_of(&original.conclusions.original, &original.parts);
    let ours = all_of(&ours.conclusions.recipe, &ours.parts);
    let row =
        |((name, theirs), (_, ours)): ((&str, String), (&str, String))| vec![name.to_owned(), theirs, ours];
    let rows = original.into_iter().zip(ours).map(row).collect();
    Ok(Cells::new(&["of the runs", "the original's recipe", "ours"], rows))
}
