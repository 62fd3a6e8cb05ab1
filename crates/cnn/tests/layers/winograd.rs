//! The maps of Winograd's points, written out once more and held to the convolution.

use crate::conv2d::with_random_numbers;
use crate::support::double::{ROUNDING, assert_close, random};
use crate::support::winograd::{Maps, POINTS, Results, by_tiles};
use cnn::reference::conv2d::Conv2d;
use rstest::rstest;

/// The oracle of the tolerances is itself the convolution. Control: without the signs of its maps it is not.
#[rstest]
fn the_maps_of_the_points_make_the_convolution(#[values(0, 1)] padding: usize) {
    let layer = with_random_numbers((3, 3), (2, 3), padding);
    let x = random((2, 7, 6, 2), 3);
    let (y, cache) = layer.forward(&x);
    let dy = random(y.dim(), 4);
    let expected = layer.backward(cache, &dy);
    let tiles = by_tiles(&Maps::new(POINTS), &layer, &x, &dy);
    // The numbers between are larger than these.
    let wide = 100.0 * ROUNDING;
    assert_close(&tiles.y, &y, wide);
    assert_close(&tiles.dx, &expected.dx, wide);
    assert_close(&tiles.dweight, &expected.dweight, wide);
    let wrong = by_tiles(&Maps::new(POINTS).without_signs(), &layer, &x, &dy);
    assert!((&wrong.y - &y).iter().any(|difference| difference.abs() > 1.0));
}

/// What the maps add up, and with it the rounding, for the points of Lavin and Gray: forward and back.
#[test]
fn other_points_round_further() {
    let layer = with_random_numbers((3, 3), (2, 3), 0);
    let (layer, x) = (Conv2d { weight: layer.weight.abs(), ..layer }, random((1, 10, 10, 2), 3).abs());
    let dy = random((1, 8, 8, 3), 4).abs();
    let largest = |points| {
        let Results { y, dx, dweight } = by_tiles(&Maps::new(points).without_signs(), &layer, &x, &dy);
        [y, dx, dweight].map(|results| results.into_iter().fold(0.0, f64::max))
    };
    let (ours, theirs) = (largest(POINTS), largest([0.0, 1.0, -1.0, 2.0, -2.0]));
    assert!(ours.iter().zip(theirs).all(|(ours, theirs)| 1.5 * ours < theirs), "{ours:?}, {theirs:?}");
}
