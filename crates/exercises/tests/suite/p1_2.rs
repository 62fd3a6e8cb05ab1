use crate::Verdict;
use cnn::Shape;
use exercises::p1_2::{Convolution, multiply_adds, receptive_field};
use rstest::rstest;

type Layers<'a> = &'a [(usize, usize)];

/// The side by counting: the positions below one number, layer by layer.
fn counted(layers: Layers) -> usize {
    let (mut first, mut last) = (0, 0);
    for (window, stride) in layers.iter().rev() {
        (first, last) = (first * stride, last * stride + window - 1);
    }
    last - first + 1
}

fn check_field(answer: fn(Layers) -> usize) -> Verdict {
    // The convolutions and poolings of P1.2's network, and others.
    let network = [(3, 1), (3, 1), (2, 2), (3, 1), (3, 1), (3, 1), (2, 2)];
    for layers in [&[][..], &[(3, 1)], &[(5, 1), (3, 1)], &[(3, 2), (3, 2), (3, 1)], &network] {
        let (found, expected) = (answer(layers), counted(layers));
        if found != expected {
            return Err(format!("{layers:?}: {found}, expected {expected}"));
        }
    }
    Ok(())
}

#[test]
fn exercise_p1_2_1_the_receptive_field() {
    check_field(receptive_field).unwrap();
}

#[rstest]
#[case::without_strides(|layers: Layers| 1 + layers.iter().map(|(window, _)| window - 1).sum::<usize>())]
#[case::with_its_own_stride(|layers: Layers| {
    let (mut side, mut apart) = (1, 1);
    for (window, stride) in layers {
        apart *= stride;
        side += (window - 1) * apart;
    }
    side
})]
fn exercise_p1_2_1_refuses(#[case] answer: fn(Layers) -> usize) {
    check_field(answer).unwrap_err();
}

/// The convolutions of P1.2's network and the sides of their images: what the library's table counts.
fn check_cost(answer: fn(Convolution, usize) -> usize) -> Verdict {
    let of = |(inputs, outputs, padding, side)| (Convolution { inputs, outputs, window: 3, padding }, side);
    let layers = [(1, 16, 0, 28), (16, 16, 0, 26), (16, 64, 0, 12), (64, 64, 0, 10), (64, 64, 1, 8)].map(of);
    let convolutions: usize = layers.map(|(layer, side)| answer(layer, side)).iter().sum();
    let linear = 1024 * 128 + 128 * 128 + 128 * 10;
    let table = cnn::models::mnist_network(1).table(Shape::maps(1, 28, 28, 1));
    let expected = table.map_err(|error| error.to_string())?.multiply_adds();
    if convolutions + linear == expected {
        Ok(())
    } else {
        Err(format!("{convolutions} and {linear} of the linear layers, expected {expected}"))
    }
}

#[test]
fn exercise_p1_2_2_what_a_convolution_costs() {
    check_cost(multiply_adds).unwrap();
}

#[rstest]
#[case::without_padding(|layer: Convolution, side| multiply_adds(Convolution { padding: 0, ..layer }, side))]
#[case::with_the_side_that_comes_in(|layer: Convolution, side: usize| {
    side * side * layer.outputs * layer.window * layer.window * layer.inputs
})]
fn exercise_p1_2_2_refuses(#[case] answer: fn(Convolution, usize) -> usize) {
    check_cost(answer).unwrap_err();
}
