//! The checks of P1 and P2.

use super::verdict::Verdict;
use experiments::iris::studies::seeds::{GRADIENTS, Variant, activation_tests, compare_errors, framework_id};
use experiments::iris::{Activation, Agreement};
use experiments::mnist::studies::registered::{REGISTERED, RecordedRun};
use experiments::verify::Recomputed;

/// A configuration on iris.
fn variant(recomputed: &Recomputed, id: &str) -> Result<Variant, String> {
    recomputed.part("iris", id)
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

pub(super) fn iris(recomputed: &Recomputed, bar: f64, activation: Activation) -> Result<Verdict, String> {
    let (error, text) = registered(&variant(recomputed, &framework_id(activation))?);
    Ok(Verdict::when(error < bar, error, text))
}

pub(super) fn activations(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let found = Activation::ALL.into_iter().map(|activation| variant(recomputed, &framework_id(activation)));
    let (compared, missing): (Vec<_>, Vec<_>) = found.partition(Result::is_ok);
    let compared: Vec<Variant> = compared.into_iter().flatten().collect();
    if let (0..3, Some(Err(why))) = (compared.len(), missing.into_iter().next()) {
        return Err(why);
    }
    let seeds = compared.iter().map(|variant| variant.others.len()).min().unwrap_or(0);
    let all_four = (compared.len() == Activation::ALL.len()).then(|| activation_tests(&compared));
    let tests = all_four.and_then(Result::ok).map(|[by_test_error, by_speed]| {
        format!(
            "; Friedman's test of equal test error p = {:.2e}, of equal speed p = {:.2e}",
            by_test_error.p_value, by_speed.p_value,
        )
    });
    let text =
        format!("{} activations on the same {seeds} seeds{}", compared.len(), tests.unwrap_or_default());
    Ok(Verdict::when(compared.len() >= 3 && seeds as f64 >= bar, seeds as f64, text))
}

pub(super) fn mnist(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let record: RecordedRun = recomputed.part("mnist", REGISTERED)?;
    let test = record.evaluation.test;
    let all = record.training_images == 60_000 && test.total == 10_000 && record.settings.limit.is_none();
    let text = format!(
        "{test} test digits right after epoch {} of {} fixed beforehand; {} parameters; weights sha256 {}",
        record.history.len(),
        record.settings.recipe.epochs,
        record.parameters,
        record.weights_sha256,
    );
    Ok(Verdict::when(all && test.correct as f64 >= bar, test.correct as f64, text))
}

pub(super) fn scratch_gradients(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let agreement: Agreement = recomputed.part("iris", GRADIENTS)?;
    let worst = agreement.worst_relative_difference;
    let text = format!(
        "{} derivatives on the {} training flowers differ by {worst:.1e} of the largest at most \
         from those of the reference layers of `cnn`",
        agreement.derivatives, agreement.examples
    );
    Ok(Verdict::when(agreement.derivatives > 0 && worst <= bar, worst, text))
}

pub(super) fn comparison(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let scratch = variant(recomputed, "scratch")?;
    let framework = variant(recomputed, "framework-sigmoid")?;
    let original = variant(recomputed, "scratch-as-in-the-original")?;
    let errors = |of: &Variant| of.others.iter().map(|run| run.test.error_rate()).collect::<Vec<f64>>();
    let difference =
        compare_errors(&errors(&scratch), &errors(&framework)).map_err(|error| error.to_string())?;
    let (error, text) = registered(&scratch);
    let text = format!(
        "{text}; on the same seeds {:+.2} points of error against P1.1's sigmoid ({:+.2} to {:+.2}); \
         as the original trained it, mean error {:.2} %",
        100.0 * difference.estimate,
        100.0 * difference.low,
        100.0 * difference.high,
        100.0 * original.mean_test_error.estimate,
    );
    Ok(Verdict::when(error < bar, error, text))
}
