//! The checks of P1 and P2.

use super::alter;
use super::check::Check;
use super::unjudged::Unjudged;
use super::verdict::Verdict;
use experiments::iris::studies::seeds::{
    GRADIENTS, Variant, activation_tests, block_ids, compare_errors, framework_id, variant_of,
};
use experiments::iris::{Activation, Agreement};
use experiments::mnist::studies::registered::{REGISTERED, RecordedRun};
use experiments::study::ExperimentError;
use experiments::verify::Recomputed;
use records::{Count, at_most};
use serde_json::Value;

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "iris-relu",
        judge: |of, bar| iris(of, bar, Activation::Relu),
        controls: &[|of, bar| too_many_wrong(of, bar, Activation::Relu)],
    },
    Check {
        name: "iris-sigmoid",
        judge: |of, bar| iris(of, bar, Activation::Sigmoid),
        controls: &[|of, bar| too_many_wrong(of, bar, Activation::Sigmoid)],
    },
    Check {
        name: "iris-tanh",
        judge: |of, bar| iris(of, bar, Activation::Tanh),
        controls: &[|of, bar| too_many_wrong(of, bar, Activation::Tanh)],
    },
    Check {
        name: "iris-prelu",
        judge: |of, bar| iris(of, bar, Activation::Prelu),
        controls: &[|of, bar| too_many_wrong(of, bar, Activation::Prelu)],
    },
    Check {
        name: "activations",
        judge: activations,
        controls: &[|of, _| alter::one_seed_less(of, &framework_id(Activation::Tanh))],
    },
    Check {
        name: "mnist",
        judge: mnist,
        controls: &[
            |of, bar| alter::mnist(of, |run| run.evaluation.test.correct = bar as usize - 1),
            |of, _| alter::mnist(of, |run| run.evaluation.test.total -= 1),
            |of, bar| counted(of, Ok(Count { correct: bar as usize - 1, total: 10_000 })),
            |of, _| counted(of, Err("it holds no tensor".to_owned())),
            |of, _| alter::mnist(of, |run| run.training_images -= 1),
            |of, _| alter::mnist(of, |run| run.settings.limit = Some(run.training_images)),
        ],
    },
    Check {
        name: "scratch-gradients",
        judge: scratch_gradients,
        controls: &[
            |of, bar| gradients(of, |found| found.worst_relative_difference = bar.next_up()),
            |of, _| gradients(of, |found| found.derivatives = 0),
        ],
    },
    Check {
        name: "comparison",
        judge: comparison,
        controls: &[|of, bar| alter::too_many_wrong(of, SCRATCH, bar)],
    },
];

/// The part that holds the test digits as the grader counted them from the trained weights, `Result<Count, String>`;
/// not there where records alone are read.
const EVALUATED: &str = "evaluated";

/// The network by hand.
const SCRATCH: &str = "scratch";

/// The network by hand as the original trained it.
const ORIGINAL: &str = "scratch-as-in-the-original";

fn too_many_wrong(of: &mut Recomputed, bar: f64, activation: Activation) {
    alter::too_many_wrong(of, &framework_id(activation), bar);
}

/// Puts the grader's count, or why there is none, beside the run.
pub(crate) fn counted(of: &mut Recomputed, count: Result<Count, String>) {
    if let Ok(value) = serde_json::to_value(count) {
        of.parts.insert(("mnist".to_owned(), EVALUATED.to_owned()), value);
    }
}

fn gradients(of: &mut Recomputed, alter: impl FnOnce(&mut Agreement)) {
    alter::part(of, "iris", GRADIENTS, alter);
}

/// A configuration on iris: the runs on the registered seed as they were computed, the others as they were computed or
/// submitted.
fn variant(recomputed: &Recomputed, id: &str) -> Result<Variant, Unjudged> {
    let registered: Value = recomputed.part("iris", id).map_err(Unjudged::NoPart)?;
    let block = |block: String| recomputed.part_or_submitted("iris", &block).map_err(Unjudged::NoPart);
    let blocks: Vec<Value> = block_ids(id).into_iter().map(block).collect::<Result<_, _>>()?;
    Ok(variant_of(id.to_owned(), &registered, &blocks)?)
}

/// On how many of these configurations' other seeds no run was made again, in words; nothing where all were.
fn as_submitted(recomputed: &Recomputed, ids: &[&str]) -> String {
    let blocks: Vec<String> = ids.iter().flat_map(|id| block_ids(id)).collect();
    let submitted = blocks.iter().filter(|block| !recomputed.is_computed("iris", block)).count();
    match submitted {
        0 => String::new(),
        _ => format!(
            "; of the other seeds {submitted} of {} blocks as submitted, not computed again",
            blocks.len()
        ),
    }
}

/// The registered run, with what keeps a reader from taking it for the truth.
fn registered(variant: &Variant) -> (f64, String) {
    let test = variant.registered.last().test;
    let (mean, accuracy) = (variant.mean_test_error, variant.registered_accuracy);
    let text = format!(
        "{} of {} test flowers wrong on the registered seed (95 % interval of the error {:.1} to {:.1} %); \
         mean error over {} other seeds {:.2} % ({:.2} to {:.2}); sorted file as it stands: {} right",
        test.total - test.correct,
        test.total,
        100.0 * (1.0 - accuracy.high),
        100.0 * (1.0 - accuracy.low),
        variant.others.len(),
        100.0 * mean.estimate,
        100.0 * mean.low,
        100.0 * mean.high,
        variant.sorted,
    );
    (test.error_rate(), text)
}

fn iris(recomputed: &Recomputed, bar: f64, activation: Activation) -> Result<Verdict, Unjudged> {
    let id = framework_id(activation);
    let (error, text) = registered(&variant(recomputed, &id)?);
    let text = text + &as_submitted(recomputed, &[&id]);
    Ok(Verdict::when(error < bar, error, text))
}

fn activations(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let found = Activation::ALL.into_iter().map(|activation| variant(recomputed, &framework_id(activation)));
    let (compared, missing): (Vec<_>, Vec<_>) = found.partition(Result::is_ok);
    let compared: Vec<Variant> = compared.into_iter().flatten().collect();
    if let (0..3, Some(Err(why))) = (compared.len(), missing.into_iter().next()) {
        return Err(why);
    }
    let seeds = compared.iter().map(|variant| variant.others.len()).min().unwrap_or(0);
    let on_all = compared.iter().all(|variant| variant.others.len() == seeds);
    let all_four = compared.len() == Activation::ALL.len();
    let tests = (on_all && all_four).then(|| activation_tests(&compared));
    let tests = tests.and_then(Result::ok).map(|[by_test_error, by_speed]| {
        format!(
            "; Friedman's test of equal test error p = {:.2e}, of equal speed p = {:.2e}",
            by_test_error.p_value, by_speed.p_value,
        )
    });
    let ids: Vec<&str> = compared.iter().map(|variant| &variant.id[..]).collect();
    let text = format!(
        "{} activations on the same {seeds} seeds{}{}",
        compared.len(),
        tests.unwrap_or_default(),
        as_submitted(recomputed, &ids)
    );
    Ok(Verdict::when(compared.len() >= 3 && seeds as f64 >= bar, seeds as f64, text))
}

fn mnist(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let record: RecordedRun = recomputed.part_or_submitted("mnist", REGISTERED).map_err(Unjudged::NoPart)?;
    let is_trained = recomputed.is_computed("mnist", REGISTERED);
    let test = record.evaluation.test;
    let all = record.training_images == 60_000 && test.total == 10_000 && record.settings.limit.is_none();
    let counted = recomputed.part::<Result<Count, String>>("mnist", EVALUATED).ok();
    let (correct, by_the_grader) = match counted {
        // Records alone were read.
        None if is_trained => (test.correct, String::new()),
        None => (0, "; the grader did not count them".to_owned()),
        Some(Ok(counted)) => {
            let whose = if is_trained { "trained" } else { "submitted" };
            (counted.correct, format!("; the grader counts {counted} with the {whose} weights"))
        }
        Some(Err(why)) => (0, format!("; the grader cannot count them: {why}")),
    };
    let text = format!(
        "{test} test digits right after epoch {} of {} fixed beforehand{}; {} parameters; weights sha256 \
         {}{by_the_grader}",
        record.history.len(),
        record.settings.recipe.epochs,
        if is_trained { "" } else { ", as submitted and not trained again" },
        record.parameters,
        record.weights_sha256,
    );
    let correct = correct.min(test.correct) as f64;
    Ok(Verdict::when(all && correct >= bar, correct, text))
}

fn scratch_gradients(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let agreement: Agreement = recomputed.part("iris", GRADIENTS).map_err(Unjudged::NoPart)?;
    let worst = agreement.worst_relative_difference;
    let text = format!(
        "{} derivatives on the {} training flowers differ from those of the reference layers of `cnn` \
         by at most {:.1e} of the largest entry of their array",
        agreement.derivatives,
        agreement.examples,
        at_most(worst, 2)
    );
    Ok(Verdict::when(agreement.derivatives > 0 && worst <= bar, worst, text))
}

fn comparison(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let scratch = variant(recomputed, SCRATCH)?;
    let framework = variant(recomputed, &framework_id(Activation::Sigmoid))?;
    let original = variant(recomputed, ORIGINAL)?;
    let errors = |of: &Variant| of.others.iter().map(|run| run.test.error_rate()).collect::<Vec<f64>>();
    let difference = compare_errors(&errors(&scratch), &errors(&framework)).map_err(ExperimentError::from)?;
    let (error, text) = registered(&scratch);
    let submitted = as_submitted(recomputed, &[&scratch.id, &framework.id, &original.id]);
    let text = format!(
        "{:+.2} points of error against P1.1's sigmoid on the same seeds ({:+.2} to {:+.2}); {text}; \
         as the original trained it, mean error {:.2} %{submitted}",
        100.0 * difference.estimate,
        100.0 * difference.low,
        100.0 * difference.high,
        100.0 * original.mean_test_error.estimate,
    );
    Ok(Verdict::when(error < bar, error, text))
}
