//! After the first, a training step allocates nothing.
//!
//! A program of its own: its counter takes the place of the allocator of the whole program.

use cnn::kernels::Isa;
use cnn::models::mnist_network;
use cnn::network::Pass;
use cnn::optimiser::{Optimiser, Rule};
use cnn::tensor::Shape;
use cnn::{Examples, Hyperparameters, Trainer, train};
use rstest::rstest;

/// Allocations of one training step of the P1.2 network after `warm_up` steps, on one thread of a pool: the counter
/// counts those of its own thread.
fn allocations_after(warm_up: usize, rule: Rule) -> u64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        let (mut network, mut pass, mut optimiser) =
            (mnist_network(1), Pass::default(), Optimiser::new(rule));
        let labels: Vec<usize> = (0..19).map(|n| n % 10).collect();
        let isa = Isa::detect();
        let mut step = || {
            let input = pass.input();
            input.reshape_for_writing(Shape::maps(labels.len(), 28, 28, 1));
            input.data_mut().iter_mut().enumerate().for_each(|(i, pixel)| *pixel = (i % 7) as f32);
            train::step(isa, &mut network, &mut optimiser, 0.01, &mut pass, &labels).unwrap();
        };
        (0..warm_up).for_each(|_| step());
        allocation_counter::measure(step).count_total
    })
}

#[rstest]
#[case::descent(Rule::Sgd { momentum: 0.9, weight_decay: 5e-4, nesterov: true })]
#[case::adam(Rule::ADAM)]
fn a_steady_training_step_allocates_nothing(#[case] rule: Rule) {
    assert_eq!(allocations_after(1, rule), 0);
}

/// The same of a trainer's steps, at the beginning of an epoch too.
#[test]
fn a_trainers_steady_step_allocates_nothing() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let allocations = pool.install(|| {
        let (count, shape) = (16, Shape::maps(16, 28, 28, 1));
        let pixels = (0..shape.len()).map(|i| (i % 7) as f32).collect();
        let examples = Examples::new(shape, pixels, (0..count).map(|n| n % 10).collect(), 10).unwrap();
        let hyperparameters = Hyperparameters { batch_size: 8, ..Hyperparameters::default() };
        let mut trainer = Trainer::new(mnist_network(1), examples, hyperparameters);
        trainer.epoch().unwrap();
        allocation_counter::measure(|| {
            trainer.epoch().unwrap();
        })
    });
    assert_eq!(allocations.count_total, 0);
}

/// The control: the first step allocates activations, packed kernels and the optimiser's state, and the counter sees
/// it.
#[test]
fn the_first_step_allocates() {
    assert!(allocations_after(0, Rule::PLAIN_SGD) > 50);
}
