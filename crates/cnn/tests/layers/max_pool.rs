//! Max-pooling.

use crate::support::board::{board, image};
use crate::support::double::{Dim4, Verdict, assert_refused, check, inner, random, spread};
use crate::support::golden::{Case, Computed, GoldenError, computed};
use crate::support::golden_layer::forth_and_back;
use crate::support::kind::{Kind, of_sums};
use crate::support::layer::{maps, run, shapes};
use crate::support::single;
use cnn::MaxPool2d;
use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode};
use cnn::reference::max_pool::{self, MaxPool};
use ndarray::{Array4, Axis, array, s};
use numerics::elementary::tanh;
use proptest::prelude::*;
use rstest::rstest;

// Gradients.

fn check_max_pool(
    x_dim: Dim4,
    window: usize,
    backward: impl Fn(&MaxPool, max_pool::Cache, &Array4<f64>) -> Array4<f64>,
) -> Verdict {
    let (layer, x) = (MaxPool { window }, spread(x_dim, 1));
    let (y, cache) = layer.forward(&x);
    let dy = random(y.dim(), 2);
    check("dx", &x, &backward(&layer, cache, &dy), |x| inner(&dy, &layer.forward(&x).0))
}

#[rstest]
#[case::window_2((2, 4, 6, 2), 2)]
#[case::window_3((2, 6, 3, 2), 3)]
#[case::window_2_of_odd_sides((1, 5, 7, 2), 2)]
fn max_pool_gradients_are_central_differences(#[case] x_dim: Dim4, #[case] window: usize) -> Verdict {
    check_max_pool(x_dim, window, MaxPool::backward)
}

#[test]
fn a_max_pool_that_routes_to_a_corner_of_the_window_is_refused() {
    let corner = |layer: &MaxPool, _, dy: &Array4<f64>| {
        let k = layer.window;
        let mut dx = Array4::zeros((2, 4, 6, 2)); //                    (N, H, W, C)
        dy.indexed_iter().for_each(|((n, i, j, c), dy)| dx[[n, k * i, k * j, c]] = *dy);
        dx
    };
    assert_refused(check_max_pool((2, 4, 6, 2), 2, corner), "dx");
}

/// A neighbouring channel is the mistake that a wrong stride makes.
#[test]
fn a_max_pool_that_routes_to_another_channel_is_refused() {
    let swapped = |layer: &MaxPool, cache, dy: &_| {
        let mut dx = layer.backward(cache, dy);
        dx.invert_axis(Axis(3));
        dx
    };
    assert_refused(check_max_pool((2, 4, 6, 2), 2, swapped), "dx");
}

// Laws.

#[rstest]
fn max_pooling_commutes_with_a_rising_function(#[values(2, 3)] window: usize) {
    let (layer, x) = (MaxPool { window }, random((2, 6, 7, 2), 1));
    assert_eq!(layer.forward(&x.map(|&x| tanh(x))).0, layer.forward(&x).0.map(|&y| tanh(y)));
}

#[rstest]
fn the_gradient_of_a_max_pool_is_the_cotangent_moved_about(#[values(2, 3)] window: usize) {
    let (layer, x) = (MaxPool { window }, spread((2, 6, 6, 2), 1));
    let (y, cache) = layer.forward(&x);
    let dy = random(y.dim(), 2);
    let dx = layer.backward(cache, &dy);
    // Euler: the maximum is homogeneous of degree 1.
    assert!((inner(&x, &dx) - inner(&y, &dy)).abs() <= 1e-12);
    let nonzero = dx.iter().filter(|&&d| d != 0.0).count();
    assert_eq!(nonzero, y.len(), "one winner a window");
}

#[test]
fn of_equal_maxima_the_first_in_row_major_order_wins() {
    let layer = MaxPool { window: 2 };
    let x = array![[0.0, 7.0], [7.0, 7.0]].into_shape_with_order((1, 2, 2, 1)).expect("four pixels");
    let dx = layer.backward(layer.forward(&x).1, &Array4::from_elem((1, 1, 1, 1), 5.0));
    assert_eq!(dx.into_raw_vec_and_offset().0, [0.0, 5.0, 0.0, 0.0]);
}

#[test]
fn a_nan_is_not_lost_in_a_max_pool() {
    let mut x = random((1, 2, 2, 1), 1);
    x[[0, 1, 0, 0]] = f64::NAN;
    assert!(MaxPool { window: 2 }.forward(&x).0[[0, 0, 0, 0]].is_nan());
}

#[test]
fn rows_and_columns_that_fill_no_window_are_dropped_and_get_no_gradient() {
    let layer = MaxPool { window: 2 };
    let x = random((1, 5, 7, 1), 1);
    let (y, cache) = layer.forward(&x);
    assert_eq!(y.dim(), (1, 2, 3, 1));
    let dx = layer.backward(cache, &Array4::ones(y.dim()));
    assert!(dx.slice(s![.., 4, .., ..]).iter().chain(dx.slice(s![.., .., 6, ..])).all(|&d| d == 0.0));
}

#[test]
fn a_max_pool_of_4x4_pixels_with_ties_forward_and_backward() {
    let x =
        image(&[[1.0, 3.0, 5.0, 5.0], [3.0, 2.0, 5.0, 5.0], [-1.0, -4.0, 0.0, 9.0], [-2.0, -3.0, 9.0, 0.0]]);
    let layer = MaxPool { window: 2 };
    let (y, cache) = layer.forward(&x);
    let dy = image(&[[1.0, 2.0], [3.0, 4.0]]);
    let dx = layer.backward(cache, &dy);
    insta::assert_snapshot!(board(&[("x", &x), ("y", &y), ("dy", &dy), ("dx", &dx)]));
}

// Golden vectors.

/// Nothing is added up forward, and at most one number a window backward.
pub(crate) const GOLDEN: [Kind; 1] =
    [Kind { name: "max_pool", reference, f32_side, tolerance: |_| of_sums(1) }];

fn reference(case: &Case) -> Result<Computed, GoldenError> {
    let layer = MaxPool { window: case.count("window")? };
    let (y, cache) = layer.forward(&case.array("x")?);
    let dx = layer.backward(cache, &case.array("dy")?);
    Ok(computed([("y", y.into_dyn()), ("dx", dx.into_dyn())]))
}

fn f32_side(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let mut layer = MaxPool2d::new(case.count("window")?);
    let [y, dx] = forth_and_back(isa, case, &mut [&mut layer], ("x", "dy"), Mode::Train)?;
    Ok(computed([("y", y), ("dx", dx)]))
}

#[test]
fn the_reference_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_reference_agrees()
}

#[test]
fn the_f32_side_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_f32_side_agrees(5)
}

// The f32 layer.

proptest! {
    #![proptest_config(shapes())]

    #[test]
    fn max_poolings_agree(input in maps(), window in 1_usize..=3, seed: u64) {
        prop_assume!(input.h.min(input.w) >= window);
        let x = single::random(input, seed);
        let mut layer = MaxPool2d::new(window);
        let dy = single::random(layer.output_shape(input).unwrap(), seed ^ 1);
        let oracle = MaxPool { window };
        let (y, cache) = oracle.forward(&x.to_f64());
        let dx = oracle.backward(cache, &dy.to_f64());
        for isa in Isa::available() {
            let computed = run(isa, &mut [&mut layer], &x, |_| dy.clone(), Mode::Train);
            prop_assert_eq!(&computed.y.to_f64(), &y);
            prop_assert_eq!(&computed.dx.to_f64(), &dx);
        }
    }
}
