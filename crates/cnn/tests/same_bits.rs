//! The same seed gives the same bits with every instruction set and at every number of threads.
//!
//! A program of its own, because `make cross-check` runs it under QEMU.

use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::models::{Hidden, iris_network, mnist_network};
use cnn::network::{Network, Pass};
use cnn::optimiser::{Optimiser, Rule};
use cnn::tensor::{Shape, Tensor};
use cnn::train;
use numerics::random::{Purpose, Stream};
use rstest::rstest;

/// The hash of the weights after some steps on random examples.
fn hash_after(
    steps: usize,
    mut network: Network,
    rule: Rule,
    input: Shape,
    isa: Isa,
    threads: usize,
) -> String {
    let classes = 3;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let mut stream = Stream::new(11, Purpose::Check);
        let (mut pass, mut optimiser) = (Pass::default(), Optimiser::new(rule));
        for _ in 0..steps {
            let pixels = (0..input.len()).map(|_| stream.normal() as f32).collect();
            let labels: Vec<usize> = (0..input.n).map(|_| stream.below(classes) as usize).collect();
            *pass.input() = Tensor::new(input, pixels);
            train::step(isa, &mut network, &mut optimiser, 0.01, &mut pass, &labels).unwrap();
        }
        network.sha256()
    })
}

const MOMENTUM: Rule = Rule::Sgd { momentum: 0.9, weight_decay: 5e-4, nesterov: true };

#[test]
fn the_mnist_network_learns_the_same_bits_everywhere() {
    // 19 examples are two whole chunks and a cut one.
    let input = Shape::maps(19, 28, 28, 1);
    let hash = |isa, threads| hash_after(2, mnist_network(1), MOMENTUM, input, isa, threads);
    let reference = hash(Isa::detect(), 1);
    for isa in Isa::available().into_iter().filter(|&isa| isa != Isa::Scalar) {
        for threads in [1, 2, 3, 5] {
            assert_eq!(hash(isa, threads), reference, "{isa}, {threads} threads");
        }
    }
}

#[test]
fn the_scalar_path_learns_the_bits_of_the_vector_paths() {
    let input = Shape::maps(3, 28, 28, 1);
    let hash = |isa, threads| hash_after(1, mnist_network(1), MOMENTUM, input, isa, threads);
    assert_eq!(hash(Isa::Scalar, 2), hash(Isa::detect(), 1));
}

#[rstest]
fn iris_learns_the_same_bits_everywhere(
    #[values(Hidden::Relu, Hidden::Sigmoid, Hidden::Tanh, Hidden::PRelu, Hidden::Identity)] hidden: Hidden,
    #[values(Rule::PLAIN_SGD, MOMENTUM, Rule::ADAM)] rule: Rule,
) {
    let hash = |isa, threads| {
        hash_after(20, iris_network(4, 40, 3, hidden, 1), rule, Shape::vectors(16, 4), isa, threads)
    };
    let reference = hash(Isa::detect(), 1);
    for isa in Isa::available() {
        for threads in [1, 2, 3] {
            assert_eq!(hash(isa, threads), reference, "{isa}, {threads} threads");
        }
    }
}

#[test]
fn another_seed_gives_other_bits() {
    let hash = |seed| {
        hash_after(
            1,
            iris_network(4, 40, 3, Hidden::Relu, seed),
            MOMENTUM,
            Shape::vectors(8, 4),
            Isa::detect(),
            1,
        )
    };
    assert_ne!(hash(1), hash(2));
}

/// Pixels that no normalisation has seen: all one value, with or without one that differs.
const EXTREMES: [(f32, f32); 6] =
    [(0.0, 0.0), (255.0, 255.0), (1e-40, 1e-40), (1e-40, -3e-45), (1e30, 1e30), (1e30, -1e30)];

/// The logits' bits and the outcome of one step, with the hash of what it left.
fn step_on_extremes((all, one): (f32, f32), mut network: Network, input: Shape, isa: Isa) -> String {
    let pixels = |i: usize| if i % 5 == 2 { one } else { all };
    let x = Tensor::new(input, (0..input.len()).map(pixels).collect());
    let labels: Vec<usize> = (0..input.n).map(|n| n % 3).collect();
    let (mut pass, mut optimiser) = (Pass::default(), Optimiser::new(MOMENTUM));
    *pass.input() = x.clone();
    let logits = network.forward(isa, &mut pass, Mode::Infer).unwrap().clone();
    // A NaN has no bits that are promised.
    let bits = |x: &f32| if x.is_nan() { f32::NAN.to_bits() } else { x.to_bits() };
    let bits: Vec<u32> = logits.data().iter().map(bits).collect();
    *pass.input() = x;
    let outcome = train::step(isa, &mut network, &mut optimiser, 0.01, &mut pass, &labels);
    let loss = outcome.as_ref().map(|score| score.loss_sum_nats.to_bits());
    format!("{bits:?} {:?} {loss:?} {}", logits.data(), network.sha256())
}

#[rstest]
#[case::images(mnist_network(1), Shape::maps(9, 28, 28, 1))]
#[case::vectors(iris_network(4, 40, 3, Hidden::Relu, 1), Shape::vectors(9, 4))]
fn extreme_inputs_neither_panic_nor_change_the_bits(
    #[case] network: Network,
    #[case] input: Shape,
    #[values(0, 1, 2, 3, 4, 5)] which: usize,
) {
    let step = |isa| step_on_extremes(EXTREMES[which], network.clone(), input, isa);
    let reference = step(Isa::Scalar);
    for isa in Isa::available() {
        assert_eq!(step(isa), reference, "{isa}, {:?}", EXTREMES[which]);
    }
    // The control: other numbers, other bits.
    let other = step_on_extremes((0.5, -0.5), network.clone(), input, Isa::Scalar);
    assert_ne!(other, reference);
}

/// What the contract forbids: a sum whose pieces are cut by the number of threads. Its bits are others.
#[test]
fn a_reduction_cut_by_threads_would_change_the_bits() {
    let mut stream = Stream::new(1, Purpose::Check);
    let xs: Vec<f32> = (0..1000).map(|_| stream.normal() as f32).collect();
    let cut = |pieces: usize| -> f32 {
        xs.chunks(xs.len().div_ceil(pieces)).map(|piece| piece.iter().sum::<f32>()).sum()
    };
    assert_ne!(cut(2).to_bits(), cut(3).to_bits());
}

/// The same examples in another order have the same gradient, but its sums run in another order: the hash of the
/// weights sees it. What it must not see is where the work is done.
#[test]
fn a_reordered_reduction_changes_the_hash() {
    let input = Shape::maps(8, 28, 28, 1);
    let mut stream = Stream::new(11, Purpose::Check);
    let pixels: Vec<f32> = (0..input.len()).map(|_| stream.normal() as f32).collect();
    let labels: Vec<usize> = (0..input.n).map(|n| n % 10).collect();
    let reversed: Vec<f32> = pixels.rchunks(input.example_len()).flatten().copied().collect();
    let labels_reversed: Vec<usize> = labels.iter().rev().copied().collect();
    let hash = |pixels: &[f32], labels: &[usize]| {
        let (mut network, mut pass) = (mnist_network(1), Pass::default());
        *pass.input() = Tensor::new(input, pixels.to_vec());
        let mut optimiser = Optimiser::new(MOMENTUM);
        let score =
            train::step(Isa::detect(), &mut network, &mut optimiser, 0.01, &mut pass, labels).unwrap();
        (network.sha256(), score.loss_sum_nats)
    };
    let (there, back) = (hash(&pixels, &labels), hash(&reversed, &labels_reversed));
    assert!((there.1 - back.1).abs() < 1e-4, "the examples are the same: losses {} and {}", there.1, back.1);
    assert_ne!(there.0, back.0);
}
