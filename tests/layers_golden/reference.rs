//! From a golden case to what `cnn::reference` computes for it.

use acceptance::golden::{Case, Computed, GoldenError};
use cnn::reference::activation::Activation;
use cnn::reference::adam::{self, Adam};
use cnn::reference::batch_norm::BatchNorm;
use cnn::reference::conv2d::Conv2d;
use cnn::reference::linear::Linear;
use cnn::reference::max_pool::MaxPool;
use cnn::reference::sgd::{self, Sgd};
use cnn::reference::{ReferenceError, flatten, softmax_cross_entropy};
use ndarray::{Array, Array1, Array2, ArrayD, Dimension, Ix1, Ix2, Ix4, IxDyn};
use std::collections::BTreeMap;

/// The reference's tensors for a case.
pub(crate) fn reference(case: &Case) -> Result<Computed, GoldenError> {
    match case.kind.as_str() {
        "linear" => linear(case),
        "conv2d" => conv2d(case),
        "batch_norm" if case.given["x_first"].shape.len() == 4 => batch_norm::<Ix4>(case),
        "batch_norm" => batch_norm::<Ix2>(case),
        "max_pool" => max_pool(case),
        "relu" => activation(case, Activation::Relu),
        "sigmoid" => activation(case, Activation::Sigmoid),
        "tanh" => activation(case, Activation::Tanh),
        "prelu" => activation(case, Activation::PRelu { slope: case.setting("slope")? }),
        "flatten_linear" => flatten_linear(case),
        "softmax_cross_entropy" => softmax(case),
        "sgd" => run_sgd(case),
        "adam" => run_adam(case),
        kind => Err(GoldenError::UnknownKind { case: case.name.clone(), kind: kind.to_owned() }),
    }
}

fn linear(case: &Case) -> Result<Computed, GoldenError> {
    let layer = Linear { weight: case.array("weight")?, bias: case.array("bias")? };
    let (y, cache) = layer.forward(&case.array("x")?);
    let gradients = layer.backward(cache, &case.array("dy")?);
    Ok(BTreeMap::from([
        ("y", y.into_dyn()),
        ("dx", gradients.dx.into_dyn()),
        ("dweight", gradients.dweight.into_dyn()),
        ("dbias", gradients.dbias.into_dyn()),
    ]))
}

fn conv2d(case: &Case) -> Result<Computed, GoldenError> {
    let (weight, bias) = (case.array("weight")?, case.array("bias")?);
    let layer = Conv2d { weight, bias, padding: case.count("padding")? };
    let (y, cache) = layer.forward(&case.array("x")?);
    let gradients = layer.backward(cache, &case.array("dy")?);
    Ok(BTreeMap::from([
        ("y", y.into_dyn()),
        ("dx", gradients.dx.into_dyn()),
        ("dweight", gradients.dweight.into_dyn()),
        ("dbias", gradients.dbias.into_dyn()),
    ]))
}

fn batch_norm<D: Dimension>(case: &Case) -> Result<Computed, GoldenError> {
    let mut layer = BatchNorm {
        gamma: case.array("gamma")?,
        beta: case.array("beta")?,
        running_mean: case.array("running_mean")?,
        running_var: case.array("running_var")?,
        momentum: case.setting("momentum")?,
        eps: case.setting("eps")?,
    };
    let mut computed = Computed::new();
    let batches = [
        ("x_first", "dy_first", BATCH_NORM_FIRST),
        ("x_second", "dy_second", BATCH_NORM_SECOND),
        ("x_inference", "dy_inference", BATCH_NORM_INFERENCE),
    ];
    for (x, dy, names) in batches {
        let (is_inference, x): (_, Array<f64, D>) = (x == "x_inference", case.array(x)?);
        let (y, cache) = if is_inference {
            layer.forward_inference(&x)
        } else {
            layer.forward_training(&x).map_err(|error| refused(case, error))?
        };
        let gradients = layer.backward(cache, &case.array(dy)?);
        let tensors = [
            y.into_dyn(),
            gradients.dx.into_dyn(),
            gradients.dgamma.into_dyn(),
            gradients.dbeta.into_dyn(),
            layer.running_mean.clone().into_dyn(),
            layer.running_var.clone().into_dyn(),
        ];
        computed.extend(names.into_iter().zip(tensors));
    }
    Ok(computed)
}

const BATCH_NORM_FIRST: [&str; 6] =
    ["y_first", "dx_first", "dgamma_first", "dbeta_first", "running_mean_first", "running_var_first"];
const BATCH_NORM_SECOND: [&str; 6] =
    ["y_second", "dx_second", "dgamma_second", "dbeta_second", "running_mean_second", "running_var_second"];
const BATCH_NORM_INFERENCE: [&str; 6] = [
    "y_inference",
    "dx_inference",
    "dgamma_inference",
    "dbeta_inference",
    "running_mean_inference",
    "running_var_inference",
];

fn max_pool(case: &Case) -> Result<Computed, GoldenError> {
    let layer = MaxPool { window: case.count("window")? };
    let (y, cache) = layer.forward(&case.array("x")?);
    let dx = layer.backward(cache, &case.array("dy")?);
    Ok(BTreeMap::from([("y", y.into_dyn()), ("dx", dx.into_dyn())]))
}

fn activation(case: &Case, function: Activation) -> Result<Computed, GoldenError> {
    let (y, cache) = function.forward(&case.array::<IxDyn>("z")?);
    let gradients = function.backward(cache, &case.array("dy")?);
    let mut computed = BTreeMap::from([("y", y), ("dz", gradients.dz)]);
    computed.extend(gradients.dslope.map(|dslope| ("dslope", Array1::from_elem(1, dslope).into_dyn())));
    Ok(computed)
}

fn flatten_linear(case: &Case) -> Result<Computed, GoldenError> {
    let layer = Linear { weight: case.array("weight")?, bias: case.array("bias")? };
    let (vectors, shape) = flatten::forward(&case.array("x")?);
    let (y, cache) = layer.forward(&vectors);
    let gradients = layer.backward(cache, &case.array("dy")?);
    Ok(BTreeMap::from([
        ("y", y.into_dyn()),
        ("dx", flatten::backward(shape, &gradients.dx).into_dyn()),
        ("dweight", gradients.dweight.into_dyn()),
        ("dbias", gradients.dbias.into_dyn()),
    ]))
}

fn softmax(case: &Case) -> Result<Computed, GoldenError> {
    let logits = case.array("logits")?;
    let (loss, cache) = softmax_cross_entropy::forward(&logits, &case.indices("labels")?)
        .map_err(|error| refused(case, error))?;
    let dlogits = softmax_cross_entropy::backward(cache, case.setting("dloss")?);
    Ok(BTreeMap::from([
        ("mean_nats", Array1::from_elem(1, loss.mean_nats).into_dyn()),
        ("per_sample_nats", loss.per_sample_nats.into_dyn()),
        ("dlogits", dlogits.into_dyn()),
    ]))
}

fn run_sgd(case: &Case) -> Result<Computed, GoldenError> {
    let momentum = case.setting("momentum")?;
    let nesterov = case.setting("nesterov")? == 1.0;
    let settings = sgd::Settings { momentum, weight_decay: case.setting("weight_decay")?, nesterov };
    let mut optimiser = Sgd::new(settings, PARAMETERS);
    let [weights, velocity] = five_steps(case, |rate, w, gradient| {
        optimiser.step(rate, w, gradient);
        [w.to_vec(), optimiser.velocity().to_vec()]
    })?;
    let mut computed = BTreeMap::from([("weights", weights)]);
    // PyTorch keeps no velocity without momentum, so there is nothing to compare with.
    if momentum != 0.0 {
        computed.insert("velocity", velocity);
    }
    Ok(computed)
}

fn run_adam(case: &Case) -> Result<Computed, GoldenError> {
    let settings = adam::Settings {
        beta1: case.setting("beta1")?,
        beta2: case.setting("beta2")?,
        eps: case.setting("eps")?,
        weight_decay: case.setting("weight_decay")?,
    };
    let mut optimiser = Adam::new(settings, PARAMETERS);
    let [weights, first_moment, second_moment] = five_steps(case, |rate, w, gradient| {
        optimiser.step(rate, w, gradient);
        [w.to_vec(), optimiser.first_moment().to_vec(), optimiser.second_moment().to_vec()]
    })?;
    Ok(BTreeMap::from([
        ("weights", weights),
        ("first_moment", first_moment),
        ("second_moment", second_moment),
    ]))
}

/// How many weights every optimiser case has.
const PARAMETERS: usize = 4;

/// Runs the five steps of a case: `step` makes one and returns weights and states after it. Each comes back as a table
/// with one row a step, `(5, PARAMETERS)`.
fn five_steps<const S: usize>(
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

fn refused(case: &Case, error: ReferenceError) -> GoldenError {
    GoldenError::Refused { case: case.name.clone(), reason: error.to_string() }
}
