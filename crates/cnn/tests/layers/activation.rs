//! The activations.

use crate::support::double::{Verdict, assert_close, assert_refused, check, inner, random};
use crate::support::golden::{Case, Computed, GoldenError, computed};
use crate::support::golden_layer::{doubled, forth_and_back};
use crate::support::kind::{Kind, named, of_sums};
use crate::support::layer::{gradient, run};
use crate::support::single;
use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode};
use cnn::reference::activation::{self, Activation};
use cnn::tensor::Shape;
use cnn::{ActivationKind, PRelu};
use gradcheck::inputs_off_zero;
use ndarray::{Array, Array1, Array2, Dimension, Ix2, IxDyn};
use rstest::rstest;

// Gradients.

fn check_activation<D: Dimension>(
    function: Activation,
    z: &Array<f64, D>,
    backward: impl Fn(&Activation, activation::Cache<D>, &Array<f64, D>) -> activation::Gradients<D>,
) -> Verdict {
    let dy = random(z.raw_dim(), 2);
    let claimed = backward(&function, function.forward(z).1, &dy);
    check("dz", z, &claimed.dz, |z| inner(&dy, &function.forward(&z).0))?;
    let (Activation::PRelu { slope }, Some(dslope)) = (function, claimed.dslope) else {
        assert_eq!(claimed.dslope, None, "{function:?} has no slope");
        return Ok(());
    };
    let (slope, dslope) = (Array::from_elem(1, slope), Array::from_elem(1, dslope));
    check("dslope", &slope, &dslope, |slope| inner(&dy, &Activation::PRelu { slope: slope[0] }.forward(z).0))
}

/// Away from the kink at 0 by more than twice the step of the difference.
fn off_zero(dim: &[usize]) -> Array<f64, IxDyn> {
    let entries = inputs_off_zero(dim.iter().product(), 0.01, 1);
    Array::from_shape_vec(IxDyn(dim), entries).expect("as many entries as places")
}

#[rstest]
fn activation_gradients_are_central_differences(
    #[values(
        Activation::Relu,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::PRelu { slope: 0.25 },
        Activation::PRelu { slope: -0.6 }
    )]
    function: Activation,
    #[values(&[4, 5], &[2, 3, 2, 2])] dim: &[usize],
) -> Verdict {
    check_activation(function, &off_zero(dim), Activation::backward)
}

type SpoilActivation = fn(&mut activation::Gradients<IxDyn>);

#[rstest]
#[case::with_the_sign_lost("dz", |g: &mut activation::Gradients<IxDyn>| g.dz.mapv_inplace(f64::abs))]
#[case::with_a_slope_gradient_of_zero("dslope", |g: &mut activation::Gradients<IxDyn>| g.dslope = Some(0.0))]
#[case::with_a_mean_slope_gradient("dslope", |g: &mut activation::Gradients<IxDyn>| {
    g.dslope = g.dslope.map(|dslope| dslope / 20.0);
})]
fn a_wrong_activation_gradient_is_refused(#[case] gradient: &str, #[case] spoil: SpoilActivation) {
    let wrong = |function: &Activation, cache, dy: &_| {
        let mut gradients = function.backward(cache, dy);
        spoil(&mut gradients);
        gradients
    };
    assert_refused(check_activation(Activation::PRelu { slope: 0.25 }, &off_zero(&[4, 5]), wrong), gradient);
}

/// The original coursework's first error, as an activation meets it: `f'(z)` multiplied as a matrix, not entry by
/// entry.
#[test]
fn a_matrix_product_with_the_derivative_is_refused() {
    let wrong = |function: &Activation, _, dy: &Array2<f64>| {
        let derivative = random((4, 4), 1).map(|&z| function.derivative(z)); // (4, 4)
        let product = |(n, j)| (0..4).map(|k| dy[[n, k]] * derivative[[k, j]]).sum();
        activation::Gradients { dz: Array2::from_shape_fn((4, 4), product), dslope: None }
    };
    assert_refused(check_activation::<Ix2>(Activation::Sigmoid, &random((4, 4), 1), wrong), "dz");
}

// Laws.

#[rstest]
#[case::prelu_of_slope_0_is_relu(Activation::PRelu { slope: 0.0 }, |z: f64| Activation::Relu.value(z))]
#[case::prelu_of_slope_1_is_the_identity(Activation::PRelu { slope: 1.0 }, |z: f64| z)]
#[case::sigmoid_is_half_of_one_plus_tanh_of_half(
    Activation::Sigmoid,
    |z: f64| 0.5 * (1.0 + Activation::Tanh.value(0.5 * z))
)]
#[case::tanh_is_odd(Activation::Tanh, |z: f64| -Activation::Tanh.value(-z))]
#[case::relu_is_half_of_z_plus_its_size(Activation::Relu, |z: f64| 0.5 * (z + z.abs()))]
fn an_activation_equals_another_expression(#[case] function: Activation, #[case] other: fn(f64) -> f64) {
    let z = 3.0 * random((5, 8), 1);
    assert_close(&function.forward(&z).0, &z.map(|&z| other(z)), 1e-15);
}

#[rstest]
#[case::relu(Activation::Relu, 0.0)]
#[case::prelu(Activation::PRelu { slope: 0.25 }, 0.25)]
fn at_the_kink_the_left_derivative_is_taken(#[case] function: Activation, #[case] left: f64) {
    assert_eq!([function.derivative(0.0), function.derivative(-0.0)], [left; 2]);
    assert_eq!(function.derivative(f64::MIN_POSITIVE), 1.0);
}

#[rstest]
#[case(Activation::Relu)]
#[case(Activation::PRelu { slope: 0.25 })]
#[case(Activation::Sigmoid)]
#[case(Activation::Tanh)]
fn a_nan_is_not_lost_in_an_activation(#[case] function: Activation) {
    assert!(function.value(f64::NAN).is_nan());
}

// Golden vectors.

pub(crate) const GOLDEN: [Kind; 4] = [
    Kind {
        name: "relu",
        reference: |case| reference(case, Activation::Relu),
        f32_side: |isa, case| f32_side(isa, case, &mut cnn::Activation(ActivationKind::Relu)),
        tolerance: |_| of_sums(1),
    },
    Kind {
        name: "sigmoid",
        reference: |case| reference(case, Activation::Sigmoid),
        f32_side: |isa, case| f32_side(isa, case, &mut cnn::Activation(ActivationKind::Sigmoid)),
        tolerance: |_| of_sums(1),
    },
    Kind {
        name: "tanh",
        reference: |case| reference(case, Activation::Tanh),
        f32_side: |isa, case| f32_side(isa, case, &mut cnn::Activation(ActivationKind::Tanh)),
        tolerance: |_| of_sums(1),
    },
    Kind {
        name: "prelu",
        reference: |case| reference(case, Activation::PRelu { slope: case.setting("slope")? }),
        f32_side: |isa, case| f32_side(isa, case, &mut PRelu::new(case.setting("slope")? as f32)),
        // The gradient of the slope is a sum over all entries.
        tolerance: |case| of_sums(case.given["z"].data.len()),
    },
];

fn reference(case: &Case, function: Activation) -> Result<Computed, GoldenError> {
    let (y, cache) = function.forward(&case.array::<IxDyn>("z")?);
    let gradients = function.backward(cache, &case.array("dy")?);
    let mut tensors = computed([("y", y), ("dz", gradients.dz)]);
    if let Some(dslope) = gradients.dslope {
        tensors.extend(computed([("dslope", Array1::from_elem(1, dslope).into_dyn())]));
    }
    Ok(tensors)
}

fn f32_side(isa: Isa, case: &Case, layer: &mut dyn Layer) -> Result<Computed, GoldenError> {
    let [y, dz] = forth_and_back(isa, case, &mut [&mut *layer], ("z", "dy"), Mode::Train)?;
    let mut tensors = computed([("y", y), ("dz", dz)]);
    for slope in layer.parameters() {
        tensors.extend(computed([("dslope", doubled(&slope.gradient, &[1]))]));
    }
    Ok(tensors)
}

#[rstest]
#[case::relu("relu")]
#[case::sigmoid("sigmoid")]
#[case::tanh("tanh")]
#[case::prelu("prelu")]
fn the_reference_agrees_with_pytorch(#[case] kind: &str) -> Result<(), GoldenError> {
    named(&GOLDEN, kind).the_reference_agrees()
}

#[rstest]
#[case::relu("relu")]
#[case::sigmoid("sigmoid")]
#[case::tanh("tanh")]
#[case::prelu("prelu")]
fn the_f32_side_agrees_with_pytorch(#[case] kind: &str) -> Result<(), GoldenError> {
    named(&GOLDEN, kind).the_f32_side_agrees(2)
}

// The f32 layer.

#[rstest]
#[case::relu(Some(ActivationKind::Relu), Activation::Relu)]
#[case::sigmoid(Some(ActivationKind::Sigmoid), Activation::Sigmoid)]
#[case::tanh(Some(ActivationKind::Tanh), Activation::Tanh)]
#[case::prelu(None, Activation::PRelu { slope: 0.25 })]
#[case::prelu_with_another_slope(None, Activation::PRelu { slope: 0.625 })]
fn activations_agree(#[case] kind: Option<ActivationKind>, #[case] oracle: Activation) {
    let shape = Shape::maps(11, 3, 5, 7);
    let (x, dy) = (single::random(shape, 1), single::random(shape, 2));
    let (y, cache) = oracle.forward(&x.to_f64());
    let expected = oracle.backward(cache, &dy.to_f64());
    for isa in Isa::available() {
        let mut layer: Box<dyn Layer> = match (kind, oracle) {
            (Some(kind), _) => Box::new(cnn::Activation(kind)),
            (None, Activation::PRelu { slope }) => Box::new(PRelu::new(slope as f32)),
            _ => unreachable!("the table names a kind for every activation without parameter"),
        };
        let computed = run(isa, &mut [&mut *layer], &x, |_| dy.clone(), Mode::Train);
        single::assert_close("y", &computed.y.to_f64(), &y, 1);
        single::assert_close("dx", &computed.dx.to_f64(), &expected.dz, 1);
        if let Some(dslope) = expected.dslope {
            let negative = x.to_f64().mapv(|x| f64::max(-x, 0.0));
            let size = (negative * dy.to_f64().mapv(f64::abs)).sum();
            single::assert_close_to_sums("da", &gradient(&*layer, 0), &[dslope], &[size], shape.len());
        }
    }
}
