//! Laws of the f32 optimisers, whatever the numbers. Rates and gradients are powers of 1/2 where bits are compared.

use cnn::kernels::Isa;
use cnn::layer::Parameter;
use cnn::optimiser::{Decayed, Optimiser, Rule};
use rstest::rstest;

fn sgd(momentum: f64, weight_decay: f64, nesterov: bool) -> Rule {
    Rule::Sgd { momentum, weight_decay, nesterov }
}

const EVERY_RULE: [Rule; 4] = [
    Rule::PLAIN_SGD,
    Rule::Sgd { momentum: 0.9, weight_decay: 0.0, nesterov: false },
    Rule::Sgd { momentum: 0.9, weight_decay: 0.25, nesterov: true },
    Rule::ADAM,
];

/// The weights after steps of the given rates along a constant gradient.
fn after(rule: Rule, start: &[f32], gradient: &[f32], rates: &[f64]) -> Vec<f32> {
    let (mut optimiser, mut w) =
        (Optimiser::new(rule), Parameter::new("weight", &[start.len()], start.to_vec()));
    w.gradient = gradient.to_vec();
    rates.iter().for_each(|&rate| optimiser.step(Isa::detect(), rate, vec![&mut w]));
    w.value
}

#[track_caller]
fn assert_near(ours: &[f32], expected: &[f64], tolerance: f64) {
    for (&a, &b) in ours.iter().zip(expected) {
        assert!((f64::from(a) - b).abs() <= tolerance * b.abs(), "{a:e} for {b:e}");
    }
}

#[rstest]
fn a_rate_of_0_moves_nothing_whatever_was_gathered(#[values(0, 1, 2, 3)] rule: usize) {
    let start = [1.0, -2.0];
    let once = after(EVERY_RULE[rule], &start, &[3.0, -1.0], &[0.125]);
    assert_ne!(once, start);
    assert_eq!(after(EVERY_RULE[rule], &start, &[3.0, -1.0], &[0.125, 0.0]), once);
}

#[rstest]
fn the_velocity_under_a_constant_gradient_is_a_geometric_sum(#[values(0.5, 0.9)] mu: f64) {
    let (mut optimiser, mut w) =
        (Optimiser::new(sgd(mu, 0.0, false)), Parameter::new("weight", &[1], vec![0.0]));
    w.gradient = vec![3.0];
    for t in 1..=20 {
        optimiser.step(Isa::detect(), 0.125, vec![&mut w]);
        let (velocity, _) = optimiser.state().next().unwrap();
        // Twenty roundings, and that of the momentum itself.
        assert_near(velocity, &[3.0 * (1.0 - mu.powi(t)) / (1.0 - mu)], 21.0 * f64::from(f32::EPSILON));
    }
}

#[test]
fn nesterovs_first_step_is_longer_by_the_momentum() {
    let first = |nesterov| after(sgd(0.5, 0.0, nesterov), &[0.0, 0.0], &[1.0, -2.0], &[0.25]);
    assert_eq!((first(false), first(true)), (vec![-0.25, 0.5], vec![-0.375, 0.75]));
}

#[test]
fn under_a_gradient_of_0_weight_decay_shrinks_every_weight_by_the_same_factor() {
    let shrunk = after(sgd(0.0, 0.25, false), &[4.0, -1.0], &[0.0; 2], &[0.5, 0.5]);
    let factor = 1.0 - 0.5 * 0.25;
    assert_eq!(shrunk, [4.0 * factor * factor, -factor * factor]);
}

/// The original coursework's second error: the decay of the *gradient* instead of the weight would leave it where it
/// is.
#[test]
fn weight_decay_pulls_a_weight_that_has_no_gradient() {
    assert!(after(sgd(0.9, 0.25, true), &[1.0], &[0.0], &[0.5])[0] < 1.0);
    let adam = Rule::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.25 };
    assert!(after(adam, &[1.0], &[0.0], &[0.5])[0] < 1.0);
}

/// A matrix, a bias and a slope whose gradients are 0: what moves, weight decay moved.
#[rstest]
#[case::all(Decayed::All, [true, true, true])]
#[case::weights(Decayed::Weights, [true, false, false])]
fn weight_decay_reaches_the_parameters_that_are_named(
    #[values(0, 1)] rule: usize,
    #[case] decayed: Decayed,
    #[case] expected: [bool; 3],
) {
    let adam = Rule::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.25 };
    let mut parameters = [("weight", &[1, 2][..]), ("bias", &[2]), ("weight", &[1])]
        .map(|(name, shape)| Parameter::new(name, shape, vec![1.0; shape.iter().product()]));
    let mut optimiser = Optimiser::new([sgd(0.9, 0.25, true), adam][rule]).decaying(decayed);
    optimiser.step(Isa::detect(), 0.5, &mut parameters);
    assert_eq!(parameters.map(|parameter| parameter.value[0] < 1.0), expected);
}

#[test]
fn adams_first_step_is_the_rate_whatever_the_size_of_the_gradient() {
    let moved = after(Rule::ADAM, &[0.0; 3], &[1e6, 1.0, -1e-3], &[0.25]);
    // eps is 1e-8 against a gradient of 1e-3; 1 - 0.999 of the rounded 0.999 is off by 1.3e-5, its root by half of
    // that.
    assert_near(&moved, &[-0.25, -0.25, 0.25], 1e-5 + 7e-6);
}

#[rstest]
fn every_rule_finds_the_bottom_of_a_bowl(#[values(0, 1, 3)] rule: usize) {
    let (mut optimiser, mut w) =
        (Optimiser::new(EVERY_RULE[rule]), Parameter::new("weight", &[2], vec![0.0, 0.0]));
    for _ in 0..4000 {
        w.gradient = vec![2.0 * (w.value[0] - 3.0), 20.0 * (w.value[1] + 1.0)];
        optimiser.step(Isa::detect(), 0.01, vec![&mut w]);
    }
    assert_near(&w.value, &[3.0, -1.0], 1e-5);
}

#[test]
#[should_panic(expected = "the number of parameters changed between two steps")]
fn an_optimiser_refuses_another_number_of_parameters() {
    let parameter = || Parameter::new("weight", &[1], vec![0.0]);
    let mut optimiser = Optimiser::new(Rule::ADAM);
    optimiser.step(Isa::detect(), 0.1, vec![&mut parameter()]);
    optimiser.step(Isa::detect(), 0.1, vec![&mut parameter(), &mut parameter()]);
}

/// A parameter of several pieces and a cut one, on every path and any number of threads.
#[rstest]
fn a_large_parameter_is_updated_to_the_same_bits_everywhere(#[values(0, 1, 2, 3)] rule: usize) {
    let number = |i: usize| ((i * 7919 % 1000) as f32 - 500.0) / 333.0;
    let bits = |isa, threads| -> Vec<u32> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut w = Parameter::new("weight", &[20_001], (0..20_001).map(number).collect());
        let mut optimiser = Optimiser::new(EVERY_RULE[rule]);
        for step in 1..=3 {
            w.gradient = (0..20_001).map(|i| number(i + step)).collect();
            pool.install(|| optimiser.step(isa, 0.1, vec![&mut w]));
        }
        w.value.iter().map(|w| w.to_bits()).collect()
    };
    let reference = bits(Isa::Scalar, 1);
    for isa in Isa::available() {
        for threads in [1, 2, 3] {
            assert!(bits(isa, threads) == reference, "{isa}, {threads} threads");
        }
    }
}
