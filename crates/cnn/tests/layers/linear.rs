//! The linear layer.

use crate::support::double::{Verdict, assert_refused, check, inner, random};
use crate::support::golden::{Case, Computed, GoldenError, computed};
use crate::support::golden_layer::{weighted, with_parameters};
use crate::support::kind::{Kind, Precision, Spoil, of_sums};
use crate::support::layer::{gradient, init, matrix, parameter, run, shapes};
use crate::support::single;
use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::reference::linear::{self, Linear};
use cnn::tensor::Shape;
use ndarray::{Array2, ArrayD, Ix2};
use proptest::prelude::*;
use rstest::rstest;

// Gradients.

fn check_linear(
    (n, inputs, outputs): (usize, usize, usize),
    backward: impl Fn(&Linear, linear::Cache, &Array2<f64>) -> linear::Gradients,
) -> Verdict {
    let layer = Linear { weight: random((inputs, outputs), 1), bias: random(outputs, 2) };
    let (x, dy) = (random((n, inputs), 3), random((n, outputs), 4));
    let claimed = backward(&layer, layer.forward(&x).1, &dy);
    let f = |layer: &Linear, x: &Array2<f64>| inner(&dy, &layer.forward(x).0);
    check("dx", &x, &claimed.dx, |x| f(&layer, &x))?;
    check("dweight", &layer.weight, &claimed.dweight, |weight| f(&Linear { weight, ..layer.clone() }, &x))?;
    check("dbias", &layer.bias, &claimed.dbias, |bias| f(&Linear { bias, ..layer.clone() }, &x))
}

#[rstest]
#[case::wider(3, 2, 5)]
#[case::narrower(4, 5, 2)]
#[case::one_example(1, 3, 3)]
fn linear_gradients_are_central_differences(#[case] n: usize, #[case] i: usize, #[case] o: usize) -> Verdict {
    check_linear((n, i, o), Linear::backward)
}

type SpoilLinear = fn(&mut linear::Gradients);

#[rstest]
#[case::without_the_cotangent("dx", |g: &mut linear::Gradients| g.dx.fill(1.0))]
#[case::by_transposed_weights("dweight", |g: &mut linear::Gradients| g.dweight.swap_axes(0, 1))]
#[case::averaged_over_the_batch("dbias", |g: &mut linear::Gradients| g.dbias /= 3.0)]
fn a_wrong_linear_gradient_is_refused(#[case] gradient: &str, #[case] spoil: SpoilLinear) {
    let wrong = |layer: &Linear, cache, dy: &_| {
        let mut gradients = layer.backward(cache, dy);
        spoil(&mut gradients);
        gradients
    };
    assert_refused(check_linear((3, 4, 4), wrong), gradient);
}

// Golden vectors.

pub(crate) const GOLDEN: [Kind; 1] = [Kind { name: "linear", reference, f32_side, tolerance }];

fn reference(case: &Case) -> Result<Computed, GoldenError> {
    let layer = Linear { weight: case.array("weight")?, bias: case.array("bias")? };
    let (y, cache) = layer.forward(&case.array("x")?);
    let gradients = layer.backward(cache, &case.array("dy")?);
    Ok(computed([
        ("y", y.into_dyn()),
        ("dx", gradients.dx.into_dyn()),
        ("dweight", gradients.dweight.into_dyn()),
        ("dbias", gradients.dbias.into_dyn()),
    ]))
}

fn f32_side(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    weighted(isa, case, &mut [&mut of_case(case)?])
}

/// The f32 layer of a case.
pub(crate) fn of_case(case: &Case) -> Result<cnn::Linear, GoldenError> {
    let (inputs, outputs) = case.array::<Ix2>("weight")?.dim();
    with_parameters(case, cnn::Linear::new(inputs, outputs, &mut init(0)))
}

/// y sums over the inputs, dx over the outputs, dweight over the examples.
pub(crate) fn tolerance(case: &Case) -> f64 {
    let shape = |name: &str| &case.given[name].shape[..];
    of_sums(shape("weight")[0].max(shape("weight")[1]).max(shape("x")[0]))
}

#[test]
fn the_reference_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_reference_agrees()
}

#[test]
fn the_f32_side_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_f32_side_agrees(3)
}

/// Negative controls: mistakes that an implementation can make.
#[rstest]
#[case::a_transposed_gradient("dweight", |dw: &ArrayD<f64>| dw.t().to_owned())]
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
    fn linear_layers_agree(n in 1_usize..=19, inputs in 1_usize..=40, outputs in 1_usize..=40, seed: u64) {
        let x = single::random(Shape::vectors(n, inputs), seed);
        let dy = single::random(Shape::vectors(n, outputs), seed ^ 1);
        for isa in Isa::available() {
            let mut layer = cnn::Linear::new(inputs, outputs, &mut init(seed));
            let weight = parameter(&layer, 0).into_shape_with_order((inputs, outputs)).unwrap();
            let oracle = Linear { weight, bias: parameter(&layer, 1) };
            let (y, cache) = oracle.forward(&matrix(&x));
            let expected = oracle.backward(cache, &matrix(&dy));
            let magnitudes = Linear {
                weight: oracle.weight.mapv(f64::abs),
                bias: oracle.bias.mapv(f64::abs),
            };
            let (size, cache) = magnitudes.forward(&matrix(&x).mapv(f64::abs));
            let sizes = magnitudes.backward(cache, &matrix(&dy).mapv(f64::abs));
            let computed = run(isa, &mut [&mut layer], &x, |_| dy.clone(), Mode::Train);
            single::assert_close_to_sums("y", &computed.y.to_f64(), &y, &size, inputs);
            single::assert_close_to_sums("dx", &computed.dx.to_f64(), &expected.dx, &sizes.dx, outputs);
            single::assert_close_to_sums("dw", &gradient(&layer, 0), &expected.dweight, &sizes.dweight, n);
            single::assert_close_to_sums("db", &gradient(&layer, 1), &expected.dbias, &sizes.dbias, n);
        }
    }
}
