//! Derivations: ours hold, wrong ones are refused and named.

use numerics::reduce::mean;
use rstest::rstest;
use theory::{
    cross_entropy::{Reading, cross_entropy},
    derivation::{
        Derivation, DerivationError as E, TOLERANCE,
        cross_entropy::{Batch, any_batch, batch_of_the_question},
        std_dev::InputOfMany,
    },
    render::{
        plain::plain,
        worked::{LABELS, OUTPUTS, derivations, derivations_of},
    },
    std_dev::{gradient, std_dev},
    std_dev_graph::StdDevGraph,
};

/// Question by question, so that a wrong step of one does not stand in the way of the other.
#[rstest]
#[case::of_t1a("T1a", &["T1a.1", "T1a.2", "T1a.3"])]
#[case::of_t2("T2", &["T2"])]
fn every_derivation_holds_on_inputs_of_any_seed(
    #[case] question: &str,
    #[case] ids: &[&str],
    #[values(1, 2, 3, 99)] seed: u64,
) {
    let all = derivations_of(question, seed, 500).unwrap();
    assert_eq!(all.iter().map(|derivation| derivation.id()).collect::<Vec<_>>(), ids);
    for derivation in all {
        assert!(derivation.worst_difference() < TOLERANCE && derivation.trials() == 500);
        assert!(derivation.steps().iter().all(|step| !step.why().is_empty()));
    }
}

/// The steps of `(a + b)^2`, the second to be given.
fn squares(tex: &'static str, code: fn(&[f64; 2]) -> f64) -> Derivation<[f64; 2]> {
    Derivation::new("square", "Square of a sum", "(a+b)^2", |stream| [stream.normal(), stream.normal()])
        .step("(a + b)(a + b)", "the definition", |[a, b]| (a + b) * (a + b))
        .step(tex, "multiplied out", code)
        .step("a^2 + 2ab + b^2", "collected", |[a, b]| a * a + 2.0 * a * b + b * b)
}

#[test]
fn a_right_step_passes() {
    squares("a^2 + ab + ba + b^2", |[a, b]| a * a + a * b + b * a + b * b).verify(1, 100).unwrap();
}

#[rstest]
#[case::a_lost_term("a^2 + b^2", |[a, b]: &[f64; 2]| a * a + b * b)]
#[case::a_wrong_sign("a^2 - 2ab + b^2", |[a, b]: &[f64; 2]| a * a - 2.0 * a * b + b * b)]
#[case::a_factor_off_by_one_per_billion("a^2 + 2ab + b^2", |[a, b]: &[f64; 2]| (a * a + 2.0 * a * b + b * b) * (1.0 + 1e-9))]
fn the_first_wrong_step_is_named(#[case] tex: &'static str, #[case] code: fn(&[f64; 2]) -> f64) {
    match squares(tex, code).verify(1, 100).unwrap_err() {
        E::WrongStep { id: "square", step: 2, plain, .. } => assert_eq!(plain, tex),
        other => panic!("{other}"),
    }
}

#[test]
fn a_step_that_errs_on_rare_inputs_only_is_caught_by_enough_of_them() {
    let absolute = |trials| {
        Derivation::new("abs", "Root of a square", "|a|", |stream| stream.normal())
            .step(r"\sqrt{a^2}", "the definition", |a: &f64| (a * a).sqrt())
            .step("a", "wrong below 0", |&a| a)
            .verify(1, trials)
    };
    assert!(matches!(absolute(100), Err(E::WrongStep { step: 2, .. })));
}

/// The mistakes that students make in the deviation's gradient, each as a second step after the true one.
#[rstest]
#[case::n_for_n_minus_delta(|at: &InputOfMany| slope(at) * (at.x.len() - at.ddof.get()) as f64 / at.x.len() as f64)]
#[case::gradient_of_the_variance(|at: &InputOfMany| 2.0 * std_dev(&at.x, at.ddof).unwrap() * slope(at))]
#[case::mean_not_subtracted(|at: &InputOfMany| slope(at) * at.x[at.i] / (at.x[at.i] - mean(&at.x)))]
#[case::path_through_the_mean_alone(|at: &InputOfMany| {
    StdDevGraph::new(&at.x, at.ddof).unwrap().paths()[at.i].mean.gradient
})]
fn the_usual_mistakes_in_the_deviations_gradient_are_refused(#[case] mistake: fn(&InputOfMany) -> f64) {
    let wrong =
        Derivation::new("T2 wrong", "", "", InputOfMany::random).step("g", "", slope).step("h", "", mistake);
    assert!(matches!(wrong.verify(1, 100), Err(E::WrongStep { step: 2, .. })));
}

fn slope(at: &InputOfMany) -> f64 {
    gradient(&at.x, at.ddof).unwrap()[at.i]
}

#[test]
fn a_verified_derivation_runs_on_an_input_of_ones_own() {
    let right = squares("a^2 + ab + ba + b^2", |[a, b]| a * a + a * b + b * a + b * b);
    let runnable = right.verify_to_run(1, 100).unwrap();
    assert_eq!(runnable.values(&[2.0, 3.0]), [25.0; 3]);
    assert_eq!(runnable.values(&[f64::INFINITY, 0.0])[0], f64::INFINITY);
    assert_eq!(runnable.verified().steps().len(), 3);
    assert_eq!(runnable.difference(25.0, 25.0), 0.0);
    assert_eq!(runnable.difference(25.0, 50.0), 1.0);
    assert!(runnable.difference(0.0, 1e-16) < TOLERANCE, "a value of 0 is held to the typical size");
}

#[test]
fn each_step_of_t1a_has_the_loss_of_the_questions_batch() {
    let batch = Batch { y: OUTPUTS.map(Vec::from).into(), c: LABELS.into() };
    let mean = cross_entropy(&OUTPUTS, &LABELS, Reading::Probabilities).unwrap().mean;
    for derivation in [any_batch(), batch_of_the_question()] {
        let runnable = derivation.verify_to_run(1, 100).unwrap();
        let values = runnable.values(&batch);
        assert_eq!(values.len(), runnable.verified().steps().len());
        assert!(values.iter().all(|&value| runnable.difference(mean, value) < 1e-15), "{values:?}");
    }
}

#[test]
fn a_derivation_with_a_wrong_step_does_not_run() {
    let wrong = |step| {
        let right = squares("a^2 + ab + ba + b^2", |[a, b]| a * a + a * b + b * a + b * b);
        right.with_step(step, "a^2 + b^2", "a lost term", |[a, b]| a * a + b * b).verify_to_run(1, 100).err()
    };
    for (step, named) in [(1, 2), (2, 2), (3, 3)] {
        assert!(matches!(wrong(step), Some(E::WrongStep { step, .. }) if step == named));
    }
    assert_eq!((wrong(0), wrong(4)), (None, None));
}

#[rstest]
#[case::of_one_step(Derivation::new("t", "", "", |s| s.normal()).step("a", "", |&a| a), 10)]
#[case::of_no_step(Derivation::new("t", "", "", |s| s.normal()), 10)]
#[case::on_one_input(Derivation::new("t", "", "", |s| s.normal()).step("a", "", |&a| a).step("a", "", |&a| a), 1)]
#[case::on_no_input(Derivation::new("t", "", "", |s| s.normal()).step("a", "", |&a| a).step("a", "", |&a| a), 0)]
#[case::of_a_constant(Derivation::new("t", "", "", |s| s.normal()).step("0a", "", |_| 0.0).step("0", "", |_| 0.0), 10)]
fn a_check_that_cannot_fail_is_refused(#[case] vacuous: Derivation<f64>, #[case] trials: usize) {
    assert!(matches!(vacuous.verify(1, trials), Err(E::ProvesNothing { .. })));
}

#[test]
fn a_step_without_a_value_is_named() {
    let logs = Derivation::new("log", "", "", |stream| stream.normal()).step("a", "", |&a: &f64| a).step(
        r"e^{\ln a}",
        "wrong below 0",
        |&a| numerics::elementary::exp(numerics::elementary::ln(a)),
    );
    assert!(matches!(logs.verify(1, 100), Err(E::NotFinite { step: 2, .. })));
}

#[test]
fn no_command_is_left_in_the_plain_text_of_any_step() {
    for derivation in derivations(1, 100).unwrap() {
        assert!(!derivation.text().contains('\\'), "{}", derivation.text());
    }
    assert!(
        plain(r"\oint x").contains('\\'),
        "an unknown command must show, or the test above could not fail"
    );
}

#[rstest]
#[case::nested(r"\frac{a + \frac{1}{n}}{b}", "(a + (1/n))/b")]
#[case::between_others(r"a \frac{b c}{d} e", "a ((b c)/d) e")]
#[case::scripts(r"x_{ij}^2 + y_{b c_b} + e^{-z}", "x_ij^2 + y_{b c_b} + e^{-z}")]
#[case::root(r"\sqrt{\mu}", "√(μ)")]
#[case::unfinished(r"\frac{a", "a/")]
#[case::not_ascii("μ_", "μ_")]
fn tex_reads_as_text(#[case] tex: &str, #[case] text: &str) {
    assert_eq!(plain(tex), text);
}
