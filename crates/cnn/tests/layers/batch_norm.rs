//! Batch normalisation. What it computes in one pass with its neighbours is in `absorbed.rs`.

use crate::support::double::{Verdict, assert_close, assert_refused, check, inner, random};
use crate::support::golden::{Case, Computed, GoldenError};
use crate::support::golden_layer::{doubled, forth_and_back, rounded};
use crate::support::kind::{Kind, Precision, Spoil, of_sums};
use crate::support::layer::{gradient, maps, parameter, randomise, run, shapes};
use crate::support::single;
use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode};
use cnn::reference::ReferenceError;
use cnn::reference::batch_norm::{self, BatchNorm};
use ndarray::{Array, Array1, Array2, ArrayD, Axis, Dimension, Ix2, Ix4, IxDyn, array, s};
use proptest::prelude::*;
use rstest::rstest;

// Gradients.

fn with_random_numbers(channels: usize, eps: f64) -> BatchNorm {
    BatchNorm {
        gamma: random(channels, 1),
        beta: random(channels, 2),
        running_mean: random(channels, 3),
        running_var: random(channels, 4).map(|x| 0.5 + x * x),
        momentum: 0.3,
        eps,
    }
}

fn forward<D: Dimension>(
    layer: &mut BatchNorm,
    mode: Mode,
    x: &Array<f64, D>,
) -> (Array<f64, D>, batch_norm::Cache<D>) {
    match mode {
        Mode::Train => layer.forward_training(x).expect("at least two values a channel"),
        Mode::Infer => layer.forward_inference(x),
    }
}

fn backward<D: Dimension>(
    layer: &BatchNorm,
    mode: Mode,
    x: &Array<f64, D>,
    dy: &Array<f64, D>,
) -> batch_norm::Gradients<D> {
    layer.backward(forward(&mut layer.clone(), mode, x).1, dy)
}

fn check_batch_norm<D: Dimension>(
    x: &Array<f64, D>,
    eps: f64,
    mode: Mode,
    backward: impl Fn(&BatchNorm, &Array<f64, D>, &Array<f64, D>) -> batch_norm::Gradients<D>,
) -> Verdict {
    let layer = with_random_numbers(x.shape()[x.ndim() - 1], eps);
    let dy = random(x.raw_dim(), 6);
    let claimed = backward(&layer, x, &dy);
    let f = |layer: &BatchNorm, x: &Array<f64, D>| inner(&dy, &forward(&mut layer.clone(), mode, x).0);
    check("dx", x, &claimed.dx, |x| f(&layer, &x))?;
    check("dgamma", &layer.gamma, &claimed.dgamma, |gamma| f(&BatchNorm { gamma, ..layer.clone() }, x))?;
    check("dbeta", &layer.beta, &claimed.dbeta, |beta| f(&BatchNorm { beta, ..layer.clone() }, x))
}

#[rstest]
fn batch_norm_gradients_are_central_differences(
    #[values(Mode::Train, Mode::Infer)] mode: Mode,
    #[values(1e-5, 0.1)] eps: f64,
) -> Verdict {
    let (maps, vectors) = (random((2, 3, 2, 3), 5), random((6, 4), 5));
    check_batch_norm::<Ix4>(&maps, eps, mode, |layer, x, dy| backward(layer, mode, x, dy))?;
    check_batch_norm::<Ix2>(&vectors, eps, mode, |layer, x, dy| backward(layer, mode, x, dy))
}

/// What is left of the training gradient when the batch's mean and variance are taken for constants: that of inference
/// with just these statistics.
fn with_constant_statistics(
    layer: &BatchNorm,
    x: &Array2<f64>,
    dy: &Array2<f64>,
) -> batch_norm::Gradients<Ix2> {
    let (running_mean, running_var) = (x.mean_axis(Axis(0)).expect("not empty"), x.var_axis(Axis(0), 0.0));
    let frozen = BatchNorm { running_mean, running_var, ..layer.clone() };
    frozen.backward(frozen.forward_inference(x).1, dy)
}

#[test]
fn batch_statistics_taken_for_constants_are_refused() {
    assert_refused(check_batch_norm(&random((6, 4), 5), 0.1, Mode::Train, with_constant_statistics), "dx");
}

/// The path through the mean alone: what is missing is the path through the variance.
#[test]
fn a_batch_variance_taken_for_constant_is_refused() {
    let wrong = |layer: &BatchNorm, x: &_, dy: &_| {
        let mut gradients = with_constant_statistics(layer, x, dy);
        gradients.dx = &gradients.dx - &gradients.dx.mean_axis(Axis(0)).expect("not empty");
        gradients
    };
    assert_refused(check_batch_norm(&random((6, 4), 5), 0.1, Mode::Train, wrong), "dx");
}

/// The other way round: inference must not differentiate through the batch.
#[test]
fn a_training_backward_pass_in_inference_is_refused() {
    let wrong = |layer: &BatchNorm, x: &_, dy: &_| backward(layer, Mode::Train, x, dy);
    assert_refused(check_batch_norm::<Ix2>(&random((6, 4), 5), 0.1, Mode::Infer, wrong), "dx");
}

// Laws.

fn untrained(channels: usize, momentum: f64, eps: f64) -> BatchNorm {
    let (ones, zeros) = (Array1::ones(channels), Array1::zeros(channels));
    let (gamma, running_var) = (ones.clone(), ones);
    BatchNorm { gamma, beta: zeros.clone(), running_mean: zeros, running_var, momentum, eps }
}

#[rstest]
fn a_normalised_batch_has_mean_0_and_variance_almost_1(#[values(1e-5, 0.3)] eps: f64) {
    let x = 3.0 * random((4, 3, 2, 2), 1) + 5.0;
    let (y, _) = untrained(2, 0.1, eps).forward_training(&x).expect("24 values a channel");
    for c in 0..2 {
        let (x, y) = (x.slice(s![.., .., .., c]), y.slice(s![.., .., .., c]));
        let var = x.var(0.0);
        assert!(y.mean().expect("not empty").abs() < 1e-14);
        // Not 1 but var / (var + eps).
        assert!((y.var(0.0) - var / (var + eps)).abs() < 1e-13, "channel {c}");
    }
}

#[test]
fn neither_shift_nor_scale_of_the_input_changes_a_normalised_batch() {
    let mut layer = untrained(3, 0.1, 1e-9);
    let x = random((5, 3), 1);
    let (y, _) = layer.forward_training(&x).expect("5 values a channel");
    let (moved, _) = layer.forward_training(&(7.0 * &x - 40.0)).expect("5 values a channel");
    // What is left is eps: 1e-9 against variances of about 1.
    assert_close(&moved, &y, 1e-8);
}

/// The infinitesimal form of the law above: the gradient is orthogonal to every shift and every scaling.
#[test]
fn the_training_gradient_has_mean_0_and_no_part_along_the_input() {
    let mut layer = untrained(2, 0.1, 1e-12);
    let (x, dy) = (random((6, 2), 1), random((6, 2), 2));
    let (y, cache) = layer.forward_training(&x).expect("6 values a channel");
    let dx = layer.backward(cache, &dy).dx;
    for c in 0..2 {
        assert!(dx.column(c).sum().abs() < 1e-13);
        assert!(inner(&dx.column(c).to_owned(), &y.column(c).to_owned()).abs() < 1e-10);
    }
}

#[rstest]
fn the_running_statistics_move_by_the_momentum_towards_an_unbiased_variance(#[values(0.1, 0.4)] m: f64) {
    let mut layer = untrained(1, m, 1e-5);
    // Mean 4, squared deviations 9 + 1 + 1 + 9 = 20: biased variance 5, unbiased 20 / 3.
    let x: Array2<f64> = array![[1.0], [3.0], [5.0], [7.0]];
    layer.forward_training(&x).expect("4 values a channel");
    assert_close(&layer.running_mean, &array![(1.0 - m) * 0.0 + m * 4.0], 1e-15);
    assert_close(&layer.running_var, &array![(1.0 - m) * 1.0 + m * 20.0 / 3.0], 1e-15);
}

#[test]
fn inference_treats_every_example_by_itself_and_learns_nothing() {
    let mut layer = untrained(3, 0.1, 1e-5);
    layer.forward_training(&random((8, 3), 1)).expect("8 values a channel");
    let before = layer.clone();
    let x = random((4, 3), 2);
    let (y, _) = layer.forward_inference(&x);
    for n in 0..4 {
        assert_eq!(layer.forward_inference(&x.slice(s![n..n + 1, ..]).to_owned()).0.row(0), y.row(n));
    }
    assert_eq!(layer, before);
}

#[test]
fn one_value_a_channel_has_no_variance() {
    let refused = untrained(2, 0.1, 1e-5).forward_training(&random((1, 2), 1)).map(|_| ());
    assert_eq!(refused, Err(ReferenceError::TooFewValues { values: 1 }));
}

// Golden vectors.

pub(crate) const GOLDEN: [Kind; 1] = [Kind { name: "batch_norm", reference, f32_side, tolerance }];

fn reference(case: &Case) -> Result<Computed, GoldenError> {
    let mut layer = BatchNorm {
        gamma: case.array("gamma")?,
        beta: case.array("beta")?,
        running_mean: case.array("running_mean")?,
        running_var: case.array("running_var")?,
        momentum: case.setting("momentum")?,
        eps: case.setting("eps")?,
    };
    let mut computed = Computed::new();
    for (batch, mode) in BATCHES {
        let (y, cache) = forward(&mut layer, mode, &case.array::<IxDyn>(&format!("x_{batch}"))?);
        let gradients = layer.backward(cache, &case.array(&format!("dy_{batch}"))?);
        let parameters =
            [gradients.dgamma, gradients.dbeta, layer.running_mean.clone(), layer.running_var.clone()];
        let tensors = [y, gradients.dx].into_iter();
        computed.extend(names(batch).zip(tensors.chain(parameters.map(Array1::into_dyn))));
    }
    Ok(computed)
}

fn f32_side(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let given = |name: &str| case.array::<IxDyn>(name).map(|array| rounded(&array));
    let channels = case.given["gamma"].data.len();
    let (momentum, eps) = (case.setting("momentum")? as f32, case.setting("eps")? as f32);
    let mut layer = cnn::BatchNorm::new(channels, momentum, eps);
    for (parameter, name) in layer.parameters_mut().into_iter().zip(["gamma", "beta"]) {
        parameter.value = given(name)?;
    }
    for (name, values) in layer.buffers_mut() {
        values.copy_from_slice(&given(name)?);
    }
    let mut computed = Computed::new();
    for (batch, mode) in BATCHES {
        let inputs = (&*format!("x_{batch}"), &*format!("dy_{batch}"));
        let passed = forth_and_back(isa, case, &mut [&mut layer], inputs, mode)?;
        let gradients = layer.parameters().into_iter().map(|p| doubled(&p.gradient, &[channels]));
        let statistics = layer.buffers().into_iter().map(|(_, values)| doubled(values, &[channels]));
        computed.extend(names(batch).zip(passed.into_iter().chain(gradients).chain(statistics)));
    }
    Ok(computed)
}

/// The batches of a case, one after the other.
const BATCHES: [(&str, Mode); 3] =
    [("first", Mode::Train), ("second", Mode::Train), ("inference", Mode::Infer)];

/// What a case expects of a batch.
fn names(batch: &str) -> impl Iterator<Item = String> {
    let names = ["y", "dx", "dgamma", "dbeta", "running_mean", "running_var"];
    names.into_iter().map(move |name| format!("{name}_{batch}"))
}

/// Mean, variance, and two sums backward over a channel, each entering the next: four times the error of one.
fn tolerance(case: &Case) -> f64 {
    of_sums(16 * case.given["x_first"].data.len() / case.given["gamma"].data.len())
}

#[test]
fn the_reference_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_reference_agrees()
}

#[test]
fn the_f32_side_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_f32_side_agrees(5)
}

/// Negative control. The first case has 12 values a channel.
#[rstest]
#[case::the_biased_running_variance("running_var_first", |var: &ArrayD<f64>| 11.0 / 12.0 * var)]
fn a_wrong_tensor_is_refused(
    #[case] name: &str,
    #[case] spoil: Spoil,
    #[values(Precision::Double, Precision::Single)] precision: Precision,
) -> Result<(), GoldenError> {
    GOLDEN[0].refuses(precision, name, spoil)
}

// The f32 layer.

proptest! {
    #![proptest_config(shapes())]

    #[test]
    fn batch_norms_agree(input in maps(), seed: u64, momentum in 0.05_f32..0.9, eps in 1e-5_f32..0.1, train: bool) {
        prop_assume!(input.len() / input.c > 4);
        let (x, dy) = (single::random(input, seed), single::random(input, seed ^ 1));
        let mode = if train { Mode::Train } else { Mode::Infer };
        for isa in Isa::available() {
            let mut layer = cnn::BatchNorm::new(input.c, momentum, eps);
            randomise(&mut layer, seed);
            let (gamma, beta) = (parameter(&layer, 0), parameter(&layer, 1));
            let as_new = untrained(input.c, f64::from(momentum), f64::from(eps));
            let mut oracle = BatchNorm { gamma, beta, ..as_new };
            let (y, cache) = forward(&mut oracle, mode, &x.to_f64());
            let expected = oracle.backward(cache, &dy.to_f64());
            let computed = run(isa, &mut [&mut layer], &x, |_| dy.clone(), mode);
            let terms = input.len() / input.c;
            let (values, size) = (16 * terms, [terms as f64]);
            single::assert_close("y", &computed.y.to_f64(), &y, values);
            single::assert_close("dx", &computed.dx.to_f64(), &expected.dx, values);
            single::assert_close_to_sums("dgamma", &gradient(&layer, 0), &expected.dgamma, &size, values);
            single::assert_close_to_sums("dbeta", &gradient(&layer, 1), &expected.dbeta, &size, values);
            let buffer = |i: usize| layer.buffers()[i].1.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
            single::assert_close_to_sums("running mean", &buffer(0), &oracle.running_mean, &[1.0], values);
            single::assert_close("running variance", &buffer(1), &oracle.running_var, values);
        }
    }
}
