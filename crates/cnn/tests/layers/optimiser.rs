//! The optimisers: laws of the reference, and both precisions against PyTorch. The laws of the f32 ones are in
//! `networks/optimiser_laws.rs`.

use crate::support::double::assert_close;
use crate::support::golden::{Case, Computed, GoldenError, computed};
use crate::support::golden_layer::{doubled, rounded};
use crate::support::kind::{Kind, named, of_sums};
use cnn::kernels::Isa;
use cnn::layer::Parameter;
use cnn::optimiser::{Optimiser, Rule};
use cnn::reference::adam::{self, Adam};
use cnn::reference::sgd::{self, Sgd};
use ndarray::{Array1, Array2, ArrayD, Ix1, array};
use rstest::rstest;

// Laws.

fn sgd(momentum: f64, weight_decay: f64, nesterov: bool) -> Sgd {
    Sgd::new(sgd::Settings { momentum, weight_decay, nesterov }, 2)
}

const DEFAULT_ADAM: adam::Settings =
    adam::Settings { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 };

#[test]
fn without_momentum_and_decay_a_step_is_the_learning_rate_times_the_gradient() {
    let mut w = [1.0, -2.0];
    sgd(0.0, 0.0, false).step(0.5, &mut w, &[0.25, 3.0]);
    assert_eq!(w, [1.0 - 0.5 * 0.25, -2.0 - 0.5 * 3.0]);
}

/// Under a constant gradient `v_t = g (1 - mu^t) / (1 - mu)`.
#[rstest]
fn the_velocity_under_a_constant_gradient_is_a_geometric_sum(#[values(0.5, 0.9)] mu: f64) {
    let (mut optimiser, mut w) = (sgd(mu, 0.0, false), [0.0, 0.0]);
    for t in 1..=20 {
        optimiser.step(0.1, &mut w, &[3.0, -1.0]);
        let sum = (1.0 - f64::powi(mu, t)) / (1.0 - mu);
        assert!((optimiser.velocity()[0] - 3.0 * sum).abs() < 1e-13, "step {t}");
    }
}

#[test]
fn nesterovs_first_step_is_longer_by_the_momentum() {
    let (mut plain, mut ahead) = ([0.0, 0.0], [0.0, 0.0]);
    sgd(0.9, 0.0, false).step(0.1, &mut plain, &[1.0, -2.0]);
    sgd(0.9, 0.0, true).step(0.1, &mut ahead, &[1.0, -2.0]);
    assert_close(&array![ahead[0], ahead[1]], &(1.9 * array![plain[0], plain[1]]), 1e-15);
}

#[test]
fn under_a_gradient_of_0_weight_decay_shrinks_every_weight_by_the_same_factor() {
    let mut w = [4.0, -1.0];
    sgd(0.0, 0.25, false).step(0.5, &mut w, &[0.0, 0.0]);
    assert_eq!(w, [4.0 * 0.875, -0.875]);
}

#[test]
fn a_lower_learning_rate_slows_the_gathered_momentum_at_once() {
    let (mut optimiser, mut w) = (sgd(0.9, 0.0, false), [0.0, 0.0]);
    optimiser.step(1.0, &mut w, &[1.0, 1.0]);
    optimiser.step(0.0, &mut w, &[1.0, 1.0]);
    assert_eq!(w, [-1.0, -1.0], "a rate of 0 stops, whatever the velocity");
}

#[test]
fn adams_first_step_is_the_learning_rate_whatever_the_size_of_the_gradient() {
    let (mut optimiser, mut w) = (Adam::new(DEFAULT_ADAM, 2), [0.0, 0.0]);
    optimiser.step(0.01, &mut w, &[1e3, -1e-3]);
    // eps is 1e-8 against a gradient of 1e-3.
    assert_close(&array![w[0], w[1]], &array![-0.01, 0.01], 1.1e-5);
}

/// A formula with `eps` inside the root would give `1 / sqrt(1 + 3)`.
#[test]
fn adams_eps_stands_outside_the_root() {
    let mut optimiser = Adam::new(adam::Settings { eps: 3.0, ..DEFAULT_ADAM }, 1);
    let mut w = [0.0];
    optimiser.step(1.0, &mut w, &[1.0]);
    assert!((w[0] + 1.0 / (1.0 + 3.0)).abs() < 1e-13, "{}", w[0]);
}

#[test]
fn both_optimisers_find_the_bottom_of_a_bowl() {
    let gradient = |w: [f64; 2]| [2.0 * (w[0] - 3.0), 20.0 * (w[1] + 1.0)];
    let (mut a, mut b) = ([0.0, 0.0], [0.0, 0.0]);
    let (mut momentum, mut adam) = (sgd(0.8, 0.0, true), Adam::new(DEFAULT_ADAM, 2));
    for _ in 0..3000 {
        let (da, db) = (gradient(a), gradient(b));
        momentum.step(0.02, &mut a, &da);
        adam.step(0.02, &mut b, &db);
    }
    assert_close(&array![a[0], a[1]], &array![3.0, -1.0], 1e-12);
    assert_close(&array![b[0], b[1]], &array![3.0, -1.0], 1e-6);
}

#[test]
#[should_panic(expected = "weights and gradient of the optimiser")]
fn an_optimiser_refuses_another_number_of_parameters() {
    sgd(0.9, 0.0, false).step(0.1, &mut [0.0; 3], &[0.0; 3]);
}

// Golden vectors.

pub(crate) const GOLDEN: [Kind; 2] = [
    Kind { name: "sgd", reference: sgd_reference, f32_side: sgd_f32_side, tolerance: ten_roundings_a_step },
    Kind {
        name: "adam",
        reference: adam_reference,
        f32_side: adam_f32_side,
        tolerance: ten_roundings_a_step,
    },
];

fn ten_roundings_a_step(case: &Case) -> f64 {
    of_sums(10 * case.given["gradients"].shape[0])
}

fn sgd_reference(case: &Case) -> Result<Computed, GoldenError> {
    let momentum = case.setting("momentum")?;
    let nesterov = case.setting("nesterov")? == 1.0;
    let settings = sgd::Settings { momentum, weight_decay: case.setting("weight_decay")?, nesterov };
    let mut optimiser = Sgd::new(settings, PARAMETERS);
    let [weights, velocity] = reference_steps(case, |rate, w, gradient| {
        optimiser.step(rate, w, gradient);
        [w.to_vec(), optimiser.velocity().to_vec()]
    })?;
    let mut tensors = computed([("weights", weights)]);
    // PyTorch keeps no velocity without momentum, so there is nothing to compare with.
    if momentum != 0.0 {
        tensors.insert("velocity".to_owned(), velocity);
    }
    Ok(tensors)
}

fn adam_reference(case: &Case) -> Result<Computed, GoldenError> {
    let settings = adam::Settings {
        beta1: case.setting("beta1")?,
        beta2: case.setting("beta2")?,
        eps: case.setting("eps")?,
        weight_decay: case.setting("weight_decay")?,
    };
    let mut optimiser = Adam::new(settings, PARAMETERS);
    let [weights, first_moment, second_moment] = reference_steps(case, |rate, w, gradient| {
        optimiser.step(rate, w, gradient);
        [w.to_vec(), optimiser.first_moment().to_vec(), optimiser.second_moment().to_vec()]
    })?;
    Ok(computed([("weights", weights), ("first_moment", first_moment), ("second_moment", second_moment)]))
}

/// How many weights every optimiser case has.
const PARAMETERS: usize = 4;

/// Runs the five steps of a case: `step` makes one and returns weights and states after it. Each comes back as a table
/// with one row a step, `(5, PARAMETERS)`.
fn reference_steps<const S: usize>(
    case: &Case,
    mut step: impl FnMut(f64, &mut [f64], &[f64]) -> [Vec<f64>; S],
) -> Result<[ArrayD<f64>; S], GoldenError> {
    let mut weights = case.array::<Ix1>("weights")?.to_vec(); //         (PARAMETERS)
    let gradients: Array2<f64> = case.array("gradients")?; //            (5, PARAMETERS)
    let rates: Array1<f64> = case.array("learning_rates")?; //           (5)
    let mut tables = std::array::from_fn(|_| Array2::zeros(gradients.dim()));
    for (t, &rate) in rates.iter().enumerate() {
        let after = step(rate, &mut weights, &gradients.row(t).to_vec());
        for (table, row) in tables.iter_mut().zip(after) {
            table.row_mut(t).assign(&Array1::from(row));
        }
    }
    Ok(tables.map(Array2::into_dyn))
}

fn sgd_f32_side(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let (momentum, weight_decay) = (case.setting("momentum")?, case.setting("weight_decay")?);
    let nesterov = case.setting("nesterov")? == 1.0;
    let [weights, velocity, _] = f32_steps(isa, case, Rule::Sgd { momentum, weight_decay, nesterov })?;
    let mut tensors = computed([("weights", weights)]);
    // PyTorch keeps no velocity without momentum, so there is nothing to compare with.
    if momentum != 0.0 {
        tensors.insert("velocity".to_owned(), velocity);
    }
    Ok(tensors)
}

fn adam_f32_side(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let rule = Rule::Adam {
        beta1: case.setting("beta1")?,
        beta2: case.setting("beta2")?,
        eps: case.setting("eps")?,
        weight_decay: case.setting("weight_decay")?,
    };
    let [weights, first_moment, second_moment] = f32_steps(isa, case, rule)?;
    Ok(computed([("weights", weights), ("first_moment", first_moment), ("second_moment", second_moment)]))
}

/// The weights and both states after each of the five steps of a case, one row a step.
fn f32_steps(isa: Isa, case: &Case, rule: Rule) -> Result<[ArrayD<f64>; 3], GoldenError> {
    let start = rounded(&case.array::<Ix1>("weights")?.into_dyn());
    let gradients: Array2<f64> = case.array("gradients")?; //            (5, P)
    let rates: Array1<f64> = case.array("learning_rates")?; //           (5)
    let (mut optimiser, mut w) = (Optimiser::new(rule), Parameter::new("weight", &[start.len()], start));
    let mut rows: [Vec<f32>; 3] = Default::default();
    for (&rate, gradient) in rates.iter().zip(gradients.rows()) {
        w.gradient = gradient.iter().map(|&g| g as f32).collect();
        optimiser.step(isa, rate, vec![&mut w]);
        rows[0].extend(&w.value);
        for (first, second) in optimiser.state() {
            rows[1].extend(first);
            rows[2].extend(second);
        }
    }
    Ok(rows.map(|rows| doubled(&rows, gradients.shape())))
}

#[rstest]
#[case::sgd("sgd")]
#[case::adam("adam")]
fn the_reference_agrees_with_pytorch(#[case] kind: &str) -> Result<(), GoldenError> {
    named(&GOLDEN, kind).the_reference_agrees()
}

#[rstest]
#[case::sgd("sgd", 6)]
#[case::adam("adam", 4)]
fn the_f32_side_agrees_with_pytorch(#[case] kind: &str, #[case] count: usize) -> Result<(), GoldenError> {
    named(&GOLDEN, kind).the_f32_side_agrees(count)
}
