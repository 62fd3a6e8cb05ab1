//! Runs side by side have the bits of runs one by one.

use cnn::kernels::Isa;
use cnn::loss::{Loss, Score};
use cnn::models::{Hidden, iris_network, mnist_network};
use cnn::{
    Decayed, Examples, Hyperparameters, LaneTrainer, LanesError, Network, Purpose, Rule, Schedule, Shape,
    Stream, Trainer,
};
use rstest::rstest;

/// Networks with data and seeds of their own.
fn runs(count: usize, hidden: Hidden) -> Vec<(Network, Examples, u64)> {
    let mut stream = Stream::new(1, Purpose::Check);
    let run = |seed| {
        let inputs = (0..4 * 19).map(|_| stream.normal() as f32).collect();
        let labels: Vec<usize> = (0..19).map(|_| stream.below(3) as usize).collect();
        let examples = Examples::new(Shape::vectors(19, 4), inputs, labels, 3).unwrap();
        (iris_network(4, 7, 3, hidden, seed), examples, seed)
    };
    (0..count as u64).map(run).collect()
}

/// A batch that does not divide the examples.
fn hyperparameters(rule: Rule, loss: Loss) -> Hyperparameters {
    let rates = Schedule::Constant { rate: 0.02 };
    Hyperparameters {
        rule,
        decayed: Decayed::Weights,
        rates,
        loss,
        batch_size: 8,
        ..Hyperparameters::default()
    }
}

/// A loss of one's own: the sum of the outputs.
const SUM: Loss = Loss::Other(|_, outputs, labels, doutputs| {
    if let Some(doutputs) = doutputs {
        *doutputs = outputs.clone();
        doutputs.data_mut().fill(1.0);
    }
    let loss_sum_nats = outputs.data().iter().map(|&z| f64::from(z)).sum();
    Score { loss_sum_nats, correct: 0, total: labels.len() }
});

/// The network after some epochs, and its score, by itself.
fn alone(run: (Network, Examples, u64), hyperparameters: Hyperparameters) -> (String, Score) {
    let (network, mut examples, seed) = run;
    let mut trainer = Trainer::new(network, examples.clone(), Hyperparameters { seed, ..hyperparameters });
    trainer.epochs(6).collect::<Result<Vec<_>, _>>().unwrap();
    (trainer.network.sha256(), trainer.evaluate(&mut examples).unwrap())
}

#[rstest]
#[case::relu(Hidden::Relu, Rule::ADAM, Loss::CROSS_ENTROPY)]
#[case::tanh(Hidden::Tanh, Rule::PLAIN_SGD, Loss::CrossEntropy { smoothing: 0.1 })]
#[case::sigmoid(Hidden::Sigmoid, Rule::Sgd { momentum: 0.9, weight_decay: 0.01, nesterov: true }, Loss::CROSS_ENTROPY)]
#[case::identity(Hidden::Identity, Rule::ADAM, SUM)]
fn each_lane_has_the_bits_of_the_run_by_itself(
    #[case] hidden: Hidden,
    #[case] rule: Rule,
    #[case] loss: Loss,
    #[values(1, 5, 16, 21)] lanes: usize,
) {
    let (runs, hyperparameters) = (runs(lanes, hidden), hyperparameters(rule, loss));
    let expected: Vec<_> = runs.iter().cloned().map(|run| alone(run, hyperparameters)).collect();
    for isa in Isa::available() {
        let mut examples: Vec<Examples> = runs.iter().map(|(_, examples, _)| examples.clone()).collect();
        let mut trainer = LaneTrainer::new(isa, runs.clone(), hyperparameters).unwrap();
        (0..6).for_each(|_| trainer.epoch().unwrap());
        let scores = trainer.evaluate(&mut examples).unwrap();
        let found: Vec<_> = scores
            .into_iter()
            .enumerate()
            .map(|(lane, score)| (trainer.network(lane).sha256(), score))
            .collect();
        assert_eq!(found, expected, "{isa}");
    }
}

/// Control: the lanes are not all the same, so the comparison tells them apart.
#[test]
fn another_lane_is_another_network() {
    let runs = runs(2, Hidden::Relu);
    let mut trainer =
        LaneTrainer::new(Isa::detect(), runs, hyperparameters(Rule::ADAM, Loss::CROSS_ENTROPY)).unwrap();
    trainer.epoch().unwrap();
    assert_ne!(trainer.network(0).sha256(), trainer.network(1).sha256());
}

#[test]
fn a_run_that_diverges_ends_by_itself() {
    let mut runs = runs(3, Hidden::Relu);
    runs[1].0.parameters_mut().for_each(|parameter| parameter.value.fill(f32::MAX));
    let hyperparameters = hyperparameters(Rule::ADAM, Loss::CROSS_ENTROPY);
    let expected = alone(runs[2].clone(), hyperparameters).0;
    let (network, examples, seed) = runs[1].clone();
    let error =
        Trainer::new(network, examples, Hyperparameters { seed, ..hyperparameters }).epoch().unwrap_err();
    let mut trainer = LaneTrainer::new(Isa::detect(), runs, hyperparameters).unwrap();
    (0..6).for_each(|_| trainer.epoch().unwrap());
    assert_eq!(trainer.network(2).sha256(), expected);
    assert_eq!(trainer.failed(1).map(ToString::to_string), Some(error.to_string()));
    assert_eq!((trainer.failed(0), trainer.failed(2)), (None, None));
}

#[test]
fn what_is_not_computed_side_by_side_is_refused() {
    let refused = |runs, hyperparameters| LaneTrainer::new(Isa::detect(), runs, hyperparameters).err();
    let plain = hyperparameters(Rule::ADAM, Loss::CROSS_ENTROPY);
    assert_eq!(refused(Vec::new(), plain), Some(LanesError::None));
    assert_eq!(refused(runs(2, Hidden::PRelu), plain), Some(LanesError::Layer { layer: "PReLU" }));
    let averaged = Hyperparameters { averaging: Some(0.9), ..plain };
    assert_eq!(refused(runs(2, Hidden::Relu), averaged), Some(LanesError::Averaging));
    let mut mixed = runs(2, Hidden::Relu);
    mixed[1].0 = iris_network(4, 7, 3, Hidden::Tanh, 1);
    assert_eq!(refused(mixed, plain), Some(LanesError::Different));
    let mut wider = runs(2, Hidden::Relu);
    wider[1].0 = iris_network(4, 8, 3, Hidden::Relu, 1);
    assert_eq!(refused(wider, plain), Some(LanesError::Different));
    let mut images = runs(1, Hidden::Relu);
    images[0].0 = mnist_network(1);
    assert!(matches!(refused(images, plain), Some(LanesError::Layer { layer: "Conv2d" })));
}
