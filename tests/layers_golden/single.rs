//! From a golden case to what the f32 layers, loss and optimisers of `cnn` compute for it.
//!
//! The inputs of a case are doubles and are rounded to single precision on the way in.

use acceptance::golden::{Case, Computed, GoldenError};
use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode, Parameter};
use cnn::layers::{Activation, ActivationKind, BatchNorm, Conv2d, Flatten, Linear, MaxPool2d, PRelu};
use cnn::loss::softmax_cross_entropy;
use cnn::optimiser::{Optimiser, Rule};
use cnn::tensor::{Shape, Tensor};
use ndarray::{Array1, Array2, ArrayD, Axis, Ix1, Ix2, IxDyn};
use numerics::random::{Purpose, Stream};
use std::collections::BTreeMap;

/// The tensors of the f32 side for a case.
pub(crate) fn single(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    match case.kind.as_str() {
        "linear" => weighted(isa, case, &mut [&mut linear(case)?]),
        "flatten_linear" => weighted(isa, case, &mut [&mut Flatten, &mut linear(case)?]),
        "conv2d" => weighted(isa, case, &mut [&mut conv2d(case)?]),
        "batch_norm" => batch_norm(isa, case),
        "max_pool" => max_pool(isa, case),
        "relu" => activation(isa, case, &mut Activation(ActivationKind::Relu)),
        "sigmoid" => activation(isa, case, &mut Activation(ActivationKind::Sigmoid)),
        "tanh" => activation(isa, case, &mut Activation(ActivationKind::Tanh)),
        "prelu" => activation(isa, case, &mut PRelu::new(case.setting("slope")? as f32)),
        "softmax_cross_entropy" => softmax(isa, case),
        "sgd" => run_sgd(isa, case),
        "adam" => run_adam(isa, case),
        kind => Err(GoldenError::UnknownKind { case: case.name.clone(), kind: kind.to_owned() }),
    }
}

// Layers.

fn linear(case: &Case) -> Result<Linear, GoldenError> {
    let (inputs, outputs) = case.array::<Ix2>("weight")?.dim();
    with_weights(case, Linear::new(inputs, outputs, &mut unused_init()))
}

fn conv2d(case: &Case) -> Result<Conv2d, GoldenError> {
    let (shape, padding) = (&case.given["weight"].shape, case.count("padding")?); // (KH, KW, CI, CO)
    let &[kh, kw, inputs, outputs] = &shape[..] else { return Err(refused(case, "a kernel has four axes")) };
    if kh != kw {
        return Err(refused(case, "the f32 convolution has square kernels only"));
    }
    with_weights(case, Conv2d::new(inputs, outputs, kh, padding, &mut unused_init()))
}

/// The layer with the weight and bias of the case.
fn with_weights<L: Layer>(case: &Case, mut layer: L) -> Result<L, GoldenError> {
    for parameter in layer.parameters_mut() {
        parameter.value = rounded(&case.array::<IxDyn>(parameter.name)?);
    }
    Ok(layer)
}

/// What comes first is drawn and then overwritten.
fn unused_init() -> Stream {
    Stream::new(0, Purpose::Init)
}

/// Layers in a row of which the last has weight and bias.
fn weighted(isa: Isa, case: &Case, layers: &mut [&mut dyn Layer]) -> Result<Computed, GoldenError> {
    let [y, dx] = run(isa, case, layers, ("x", "dy"), Mode::Train)?;
    let Some([weight, bias]) =
        layers.last().and_then(|layer| <[&Parameter; 2]>::try_from(layer.parameters()).ok())
    else {
        return Err(refused(case, "the last layer has no weight and bias"));
    };
    let gradient = |p: &Parameter| double(&p.gradient, &p.shape);
    Ok(BTreeMap::from([("y", y), ("dx", dx), ("dweight", gradient(weight)), ("dbias", gradient(bias))]))
}

fn batch_norm(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let given = |name: &str| case.array::<IxDyn>(name).map(|array| rounded(&array));
    let channels = case.given["gamma"].data.len();
    let (momentum, eps) = (case.setting("momentum")? as f32, case.setting("eps")? as f32);
    let mut layer = BatchNorm::new(channels, momentum, eps);
    for (parameter, name) in layer.parameters_mut().into_iter().zip(["gamma", "beta"]) {
        parameter.value = given(name)?;
    }
    for (name, values) in layer.buffers_mut() {
        values.copy_from_slice(&given(name)?);
    }
    let mut computed = Computed::new();
    for (batch, names) in [("first", FIRST), ("second", SECOND), ("inference", INFERENCE)] {
        let mode = if batch == "inference" { Mode::Infer } else { Mode::Train };
        let names_in = (&*format!("x_{batch}"), &*format!("dy_{batch}"));
        let [y, dx] = run(isa, case, &mut [&mut layer], names_in, mode)?;
        let gradients = layer.parameters().into_iter().map(|p| double(&p.gradient, &[channels]));
        let statistics = layer.buffers().into_iter().map(|(_, values)| double(values, &[channels]));
        computed.extend(names.into_iter().zip([y, dx].into_iter().chain(gradients).chain(statistics)));
    }
    Ok(computed)
}

const FIRST: [&str; 6] =
    ["y_first", "dx_first", "dgamma_first", "dbeta_first", "running_mean_first", "running_var_first"];
const SECOND: [&str; 6] =
    ["y_second", "dx_second", "dgamma_second", "dbeta_second", "running_mean_second", "running_var_second"];
const INFERENCE: [&str; 6] = [
    "y_inference",
    "dx_inference",
    "dgamma_inference",
    "dbeta_inference",
    "running_mean_inference",
    "running_var_inference",
];

fn max_pool(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let mut layer = MaxPool2d::new(case.count("window")?);
    let [y, dx] = run(isa, case, &mut [&mut layer], ("x", "dy"), Mode::Train)?;
    Ok(BTreeMap::from([("y", y), ("dx", dx)]))
}

fn activation(isa: Isa, case: &Case, layer: &mut dyn Layer) -> Result<Computed, GoldenError> {
    let [y, dz] = run(isa, case, &mut [&mut *layer], ("z", "dy"), Mode::Train)?;
    let mut computed = BTreeMap::from([("y", y), ("dz", dz)]);
    computed.extend(layer.parameters().into_iter().map(|slope| ("dslope", double(&slope.gradient, &[1]))));
    Ok(computed)
}

/// Output and input gradient of layers in a row, in the shapes of `dy` and `x`.
fn run(
    isa: Isa,
    case: &Case,
    layers: &mut [&mut dyn Layer],
    (x, dy): (&str, &str),
    mode: Mode,
) -> Result<[ArrayD<f64>; 2], GoldenError> {
    let (x, dy) = (&case.array::<IxDyn>(x)?, &case.array::<IxDyn>(dy)?);
    let mut activations = vec![batch(x)];
    for (i, layer) in layers.iter_mut().enumerate() {
        let mut y =
            Tensor::zeros(layer.output_shape(activations[i].shape()).map_err(|error| refused(case, error))?);
        layer.forward(isa, &activations[i], &mut y, mode);
        activations.push(y);
    }
    let mut cotangent = batch(dy);
    for (i, layer) in layers.iter_mut().enumerate().rev() {
        let mut dx = Tensor::zeros(activations[i].shape());
        layer.backward(isa, &activations[i], &activations[i + 1], &cotangent, Some(&mut dx));
        cotangent = dx;
    }
    Ok([double(activations[layers.len()].data(), dy.shape()), double(cotangent.data(), x.shape())])
}

// The loss and the optimisers.

/// The layer computes the gradient of the mean; the case asks for that times `dloss`. The loss of one example is that of
/// a batch of one.
fn softmax(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let (logits, labels) = (case.array::<IxDyn>("logits")?, case.indices("labels")?);
    let mut dlogits = Tensor::default();
    let mean = softmax_cross_entropy(isa, &batch(&logits), &labels, Some(&mut dlogits)).loss_mean_nats();
    let one = |(n, &label): (usize, &usize)| {
        let row = logits.index_axis(Axis(0), n).insert_axis(Axis(0)).to_owned(); // (1, C)
        softmax_cross_entropy(isa, &batch(&row), &[label], None).loss_sum_nats
    };
    let per_sample: Array1<f64> = labels.iter().enumerate().map(one).collect();
    Ok(BTreeMap::from([
        ("mean_nats", Array1::from_elem(1, mean).into_dyn()),
        ("per_sample_nats", per_sample.into_dyn()),
        ("dlogits", case.setting("dloss")? * double(dlogits.data(), logits.shape())),
    ]))
}

fn run_sgd(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let (momentum, weight_decay) = (case.setting("momentum")?, case.setting("weight_decay")?);
    let nesterov = case.setting("nesterov")? == 1.0;
    let [weights, velocity, _] = five_steps(isa, case, Rule::Sgd { momentum, weight_decay, nesterov })?;
    let mut computed = BTreeMap::from([("weights", weights)]);
    // PyTorch keeps no velocity without momentum, so there is nothing to compare with.
    if momentum != 0.0 {
        computed.insert("velocity", velocity);
    }
    Ok(computed)
}

fn run_adam(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let rule = Rule::Adam {
        beta1: case.setting("beta1")?,
        beta2: case.setting("beta2")?,
        eps: case.setting("eps")?,
        weight_decay: case.setting("weight_decay")?,
    };
    let [weights, first_moment, second_moment] = five_steps(isa, case, rule)?;
    Ok(BTreeMap::from([
        ("weights", weights),
        ("first_moment", first_moment),
        ("second_moment", second_moment),
    ]))
}

/// The weights and both states after each of the five steps of a case, one row a step.
fn five_steps(isa: Isa, case: &Case, rule: Rule) -> Result<[ArrayD<f64>; 3], GoldenError> {
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
    Ok(rows.map(|rows| double(&rows, gradients.shape())))
}

// Between the two precisions.

fn rounded(array: &ArrayD<f64>) -> Vec<f32> {
    array.iter().map(|&x| x as f32).collect()
}

fn double(values: &[f32], shape: &[usize]) -> ArrayD<f64> {
    let values = values.iter().map(|&x| f64::from(x)).collect();
    ArrayD::from_shape_vec(IxDyn(shape), values).expect("as many numbers as the case's tensor")
}

/// Maps `(N, H, W, C)` or vectors `(N, D)`.
fn batch(array: &ArrayD<f64>) -> Tensor {
    let shape = match *array.shape() {
        [n, h, w, c] => Shape::maps(n, h, w, c),
        [n, d] => Shape::vectors(n, d),
        ref other => panic!("a batch of shape {other:?}"),
    };
    Tensor::new(shape, rounded(array))
}

fn refused(case: &Case, reason: impl ToString) -> GoldenError {
    GoldenError::Refused { case: case.name.clone(), reason: reason.to_string() }
}
