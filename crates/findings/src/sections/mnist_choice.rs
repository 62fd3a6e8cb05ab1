//! P1.2: what three more parts of a recipe do on held-out training images.
//!
//! The claims were written after the registered hypothesis had been refuted.

use crate::cells::{grouped, number};
use crate::mnist_runs::wrong;
use crate::{Caption, ClaimRow, ReportError, Section, Sources, TableRow, alter};
use experiments::mnist::studies::choice::{ChoiceConclusions, Effect, RecipePart, parts_of};
use experiments::mnist::studies::{ArmSummary, SeedRun};
use records::findings::{Cells, Decision};
use stats::{CONFIDENCE, Interval, t_interval};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const ID: &str = "mnist-choice";

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "mnist-bends-add-errors",
        says: "On held-out training images runs with bends err more often than runs without",
        within: None,
        record: ID,
        decide: |of| {
            let Interval { estimate, low, high, .. } = effect(of, RecipePart::Bends)?;
            Ok(Decision::new(low > 0.0, format!("{estimate} errors more ({low} to {high})")))
        },
        controls: &[|of| set_effect(of, RecipePart::Bends, |it| it.low = 0.0)],
    },
    ClaimRow {
        id: "mnist-two-parts-spare-errors",
        says: "Runs with decay of weights alone err less often than runs without, and so do runs with a clean last \
               epoch",
        within: None,
        record: ID,
        decide: |of| {
            let parts = [RecipePart::DecayOfWeightsAlone, RecipePart::CleanEpoch];
            let [weights, clean] = parts.map(|part| effect(of, part));
            let (weights, clean) = (weights?, clean?);
            let evidence = format!("to {} and to {} errors more", weights.high, clean.high);
            Ok(Decision::new(weights.high < 0.0 && clean.high < 0.0, evidence))
        },
        controls: &[
            |of| set_effect(of, RecipePart::DecayOfWeightsAlone, |it| it.high = 0.0),
            |of| set_effect(of, RecipePart::CleanEpoch, |it| it.high = 0.0),
        ],
    },
    ClaimRow {
        id: "mnist-one-recipe-stands-out",
        says: "The recipe with bends and without the other two parts has the most errors, and the means of the other \
               three differ by less than one error in ten thousand answers",
        within: None,
        record: ID,
        decide: |of| {
            let arms = conclusions(of)?.arms;
            let (bent, others): (Vec<&ArmSummary>, Vec<_>) = arms.iter().partition(|arm| arm.arm == BENT);
            let mean = |arm: &&ArmSummary| wrong(arm) as f64 / arm.correct.len() as f64;
            let mut means: Vec<f64> = others.iter().map(mean).collect();
            means.sort_by(f64::total_cmp);
            let [Some(bent), Some(least), Some(most)] =
                [bent.first().map(mean), means.first().copied(), means.last().copied()]
            else {
                return Err(ReportError::missing("mnist-choice.json: arms"));
            };
            let evidence = format!("{bent} errors; the others {least} to {most}");
            Ok(Decision::new(bent > most && most - least < 1.0, evidence))
        },
        controls: &[|of| set_errors(of, BENT, 30), |of| set_errors(of, "weights", 30)],
    },
];

/// The recipe with bends and without the other two parts.
const BENT: &str = "bent";

/// What a part adds to the errors of a run.
fn effect(of: &Sources, part: RecipePart) -> Result<Interval, ReportError> {
    let effects = conclusions(of)?.effects;
    let found = effects.iter().find(|effect| effect.part == part);
    found.map(|effect| effect.errors).ok_or_else(|| ReportError::missing("mnist-choice.json: effects"))
}

fn set_effect(of: &mut Sources, part: RecipePart, alter: fn(&mut Interval)) {
    alter::conclusions(of, ID, |it: &mut ChoiceConclusions| {
        let effects = it.effects.iter_mut().filter(|effect| effect.part == part);
        effects.for_each(|effect| alter(&mut effect.errors));
    });
}

/// Gives every run of a recipe so many errors.
fn set_errors(of: &mut Sources, arm: &str, errors: usize) {
    alter::conclusions(of, ID, |it: &mut ChoiceConclusions| {
        for arm in it.arms.iter_mut().filter(|it| it.arm == arm) {
            arm.correct.fill(arm.total - errors);
        }
    });
}

const TABLES: &[TableRow] = &[
    TableRow { id: "mnist-choice", record: ID, caption: Caption::Of(caption), cells: |of| arms(of) },
    TableRow {
        id: "mnist-choice-effects",
        record: ID,
        caption: Caption::Fixed(
            "What each part adds to the errors of a run on the held-out images: runs with it minus runs without, by \
             seed, with Student's interval over the seeds. Last: the smallest effect that ten seeds find with a power \
             of 80 %.",
        ),
        cells: |of| Ok(effects(&conclusions(of)?)),
    },
];

fn conclusions(of: &Sources) -> Result<ChoiceConclusions, ReportError> {
    of.conclusions(ID)
}

fn caption(of: &Sources) -> Result<String, ReportError> {
    let arms = conclusions(of)?.arms;
    let first = arms.first().ok_or_else(|| ReportError::missing("mnist-choice.json: arms"))?;
    Ok(format!(
        "The recipes on {} training images that they did not learn from, after {} epochs, on {} seeds each. In nine \
         views: by the mean of the log-probabilities.",
        grouped(first.total),
        first.recipe.epochs,
        first.correct.len()
    ))
}

/// A part as readers call it.
fn part_name(part: RecipePart) -> &'static str {
    match part {
        RecipePart::Bends => "bends",
        RecipePart::DecayOfWeightsAlone => "decay of weights alone",
        RecipePart::CleanEpoch => "a clean last epoch",
    }
}

fn arms(of: &Sources) -> Result<Cells, ReportError> {
    let study = of.study::<SeedRun, ChoiceConclusions>(ID)?;
    let row = |arm: &ArmSummary| {
        let parts: Vec<&str> = parts_of(&arm.arm).iter().map(|part| part_name(*part)).collect();
        let mean = wrong(arm) as f64 / arm.correct.len() as f64;
        let runs = study.parts.iter().filter(|run| run.arm == arm.arm).filter_map(|run| run.views.as_ref());
        let in_views: Vec<f64> = runs.map(|views| views.mistakes.len() as f64).collect();
        let in_views = t_interval(&in_views, CONFIDENCE)?;
        Ok(vec![arm.arm.replace('-', " "), parts.join(", "), number(mean, 1), number(in_views.estimate, 1)])
    };
    let heads = ["recipe", "parts", "#wrong, mean", "#wrong in nine views, mean"];
    Ok(Cells::new(&heads, study.conclusions.arms.iter().map(row).collect::<Result<_, ReportError>>()?))
}

fn effects(of: &ChoiceConclusions) -> Cells {
    let row = |effect: &Effect| {
        let Interval { estimate, low, high, .. } = effect.errors;
        let taken = if of.taken.contains(&effect.part) { "yes" } else { "no" };
        vec![
            part_name(effect.part).to_owned(),
            format!("{} ({} to {})", number(estimate, 1), number(low, 1), number(high, 1)),
            number(effect.detectable, 1),
            taken.to_owned(),
        ]
    };
    let heads = ["part", "#errors more with it", "#smallest effect found", "taken"];
    Cells::new(&heads, of.effects.iter().map(row).collect())
}
