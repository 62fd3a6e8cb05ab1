//! What a trainer promises: the steps that one would write by hand, and errors instead of panics.

use crate::single::random;
use cnn::loss::softmax_cross_entropy;
use cnn::models::{Hidden, iris_network};
use cnn::{
    Average, BackwardError, BatchNorm, Conv2d, Decayed, Epoch, Examples, Hyperparameters, Isa, Linear, Loss,
    Mode, Network, Optimiser, Pass, Place, Purpose, Rule, Schedule, Score, Shape, Source, StepError, Stream,
    TargetError, TrainError, Trainer, train,
};
use rstest::rstest;

const RULE: Rule = Rule::Sgd { momentum: 0.9, weight_decay: 1e-3, nesterov: true };
const RATES: Schedule = Schedule::OneCycle { peak: 0.2, steps: 15, warm_up: 0.3 };
const COUNT: usize = 23;

/// Five steps an epoch: four batches of 5 and one of 3.
fn hyperparameters(averaging: Option<f64>) -> Hyperparameters {
    let loss = Loss::CrossEntropy { smoothing: 0.1 };
    let decayed = Decayed::All;
    Hyperparameters { rule: RULE, decayed, rates: RATES, loss, batch_size: 5, seed: 7, averaging }
}

/// Noise `(23, 4)` with labels of three classes.
fn examples() -> Examples {
    let mut stream = Stream::new(2, Purpose::Check);
    let labels = (0..COUNT).map(|_| stream.below(3) as usize).collect();
    Examples::new(Shape::vectors(COUNT, 4), random(Shape::vectors(COUNT, 4), 1).data().to_vec(), labels, 3)
        .unwrap()
}

fn network() -> Network {
    iris_network(4, 8, 3, Hidden::PRelu, 1)
}

fn trainer(averaging: Option<f64>) -> Trainer<Examples> {
    Trainer::new(network(), examples(), hyperparameters(averaging))
}

/// Epochs as one would write them by hand, in the orders of a seed: their scores, and the hashes of weights and
/// averages.
fn by_hand(epochs: usize, seed: u64) -> (Vec<Score>, String, String) {
    let (isa, examples, mut network) = (Isa::Scalar, examples(), network());
    let (mut optimiser, mut average) = (Optimiser::new(RULE), Average::new(&network, 0.8));
    let (mut pass, mut orders) = (Pass::default(), Stream::new(seed, Purpose::Batches));
    let (mut steps, mut scores) = (0, Vec::new());
    for _ in 0..epochs {
        let mut score = Score::default();
        for rows in orders.permutation(COUNT).chunks(5) {
            let x: Vec<f32> = rows.iter().flat_map(|&row| examples.inputs().example(row).to_vec()).collect();
            pass.write(Shape::vectors(rows.len(), 4)).copy_from_slice(&x);
            let labels: Vec<usize> = rows.iter().map(|&row| examples.labels()[row]).collect();
            let targets = cnn::Targets { labels: &labels, smoothing: 0.1 };
            let rate = RATES.at(steps);
            score =
                score.and(train::step(isa, &mut network, &mut optimiser, rate, &mut pass, targets).unwrap());
            average.follow(&network).unwrap();
            steps += 1;
        }
        scores.push(score);
    }
    (scores, network.sha256(), average.network().sha256())
}

/// With the control that another order of the batches ends elsewhere.
#[test]
fn a_trainer_makes_the_steps_that_one_would_write_by_hand_to_the_last_bit() {
    let mut trainer = trainer(Some(0.8));
    let epochs: Vec<Epoch> = trainer.epochs(3).collect::<Result<_, _>>().unwrap();
    assert_eq!(epochs.iter().map(|epoch| epoch.number).collect::<Vec<_>>(), [1, 2, 3]);
    let found = |trainer: &Trainer<_>| {
        let scores = epochs.iter().map(|epoch| epoch.score).collect::<Vec<_>>();
        (scores, trainer.network.sha256(), trainer.result().sha256())
    };
    assert_eq!(found(&trainer), by_hand(3, 7));
    assert_ne!(found(&trainer), by_hand(3, 8));
    assert_eq!((trainer.steps(), trainer.steps_per_epoch()), (15, 5));
    assert_eq!(trainer.next_place(), Place { epoch: 4, batch: 1 });
}

#[test]
fn the_rest_of_an_epoch_is_what_is_left_of_it() {
    let (mut whole, mut begun) = (trainer(None), trainer(None));
    begun.step().unwrap();
    begun.step().unwrap();
    assert_eq!((begun.next_place(), begun.ended_epoch()), (Place { epoch: 1, batch: 3 }, None));
    assert_eq!(begun.epoch().unwrap(), whole.epoch().unwrap());
    assert_eq!(begun.network.sha256(), whole.network.sha256());
    assert_eq!(begun.ended_epoch().map(|epoch| epoch.score.total), Some(COUNT));
}

/// With the control that the average scores otherwise than the network in training.
#[test]
fn evaluation_is_of_the_result_and_changes_nothing_of_the_run() {
    let (mut looked_at, mut alone) = (trainer(Some(0.9)), trainer(Some(0.9)));
    looked_at.epoch().unwrap();
    alone.epoch().unwrap();
    let score = looked_at.evaluate(&mut examples()).unwrap();
    let of = |network: &Network| {
        let (mut network, mut pass, examples) = (network.clone(), Pass::default(), examples());
        *pass.input() = examples.inputs().clone();
        train::evaluate(Isa::detect(), &mut network, &mut pass, examples.labels()).unwrap()
    };
    assert_eq!(score, of(looked_at.result()));
    assert_ne!(score, of(&looked_at.network));
    looked_at.epoch().unwrap();
    alone.epoch().unwrap();
    assert_eq!(looked_at.into_result().sha256(), alone.into_result().sha256());
}

/// A source that is at fault in its second batch.
#[derive(Clone, Debug)]
struct Faulty {
    examples: Examples,
    fault: fn(&mut Pass, &mut Vec<usize>),
    batches: usize,
}

impl Source for Faulty {
    fn len(&self) -> usize {
        self.examples.len()
    }

    fn fill(&mut self, epoch: usize, rows: &[usize], pass: &mut Pass, labels: &mut Vec<usize>) {
        self.examples.fill(epoch, rows, pass, labels);
        self.batches += 1;
        if self.batches == 2 {
            (self.fault)(pass, labels);
        }
    }
}

#[allow(clippy::ptr_arg)] // Its type is that of every fault.
fn label(_: &mut Pass, labels: &mut Vec<usize>) {
    labels[3] = 3;
}

fn too_few(_: &mut Pass, labels: &mut Vec<usize>) {
    labels.pop();
}

fn width(pass: &mut Pass, _: &mut Vec<usize>) {
    pass.write(Shape::vectors(5, 6)).fill(1.0);
}

fn nothing(pass: &mut Pass, _: &mut Vec<usize>) {
    pass.write(Shape::vectors(0, 4));
}

fn not_a_number(pass: &mut Pass, _: &mut Vec<usize>) {
    pass.input().data_mut()[0] = f32::NAN;
}

#[rstest]
#[case::a_label_that_is_no_class(label, "example 3 has the label 3, the 3 classes count from 0: subtract 1?")]
#[case::a_label_too_few(too_few, "4 labels for 5 examples: give each example one")]
#[case::another_width(width, "Linear cannot take an input of shape (5, 6): it takes vectors of 4")]
#[case::no_example(nothing, "the batch is empty: give at least one example")]
#[case::no_number(
    not_a_number,
    &format!("the run diverged: the loss of a batch is NaN at learning rate {:?}, and the first tensor that is not \
              finite is the input, in example 0 of the batch; mend or remove that example", RATES.at(1))
)]
fn a_batch_at_fault_is_named_and_changes_no_parameter(
    #[case] fault: fn(&mut Pass, &mut Vec<usize>),
    #[case] message: &str,
) {
    let source = Faulty { examples: examples(), fault, batches: 0 };
    let mut trainer = Trainer::new(network(), source, hyperparameters(None));
    trainer.step().unwrap();
    let before = trainer.network.sha256();
    let error = trainer.epoch().unwrap_err();
    assert_eq!(error.to_string(), format!("epoch 1, batch 2: {message}"));
    assert_eq!((trainer.network.sha256(), trainer.steps(), trainer.next_place()), (before, 1, error.place));
    // The batch comes again, and the source is sound now.
    assert!(trainer.epoch().is_ok());
}

fn refusal(hyperparameters: Hyperparameters) -> Option<TrainError> {
    Trainer::new(network(), examples(), hyperparameters).step().err().map(|error| error.source)
}

#[rstest]
#[case::zero(0.0)]
#[case::negative(-0.1)]
#[case::infinite(f64::INFINITY)]
#[case::nan(f64::NAN)]
fn a_learning_rate_that_cannot_be_is_refused(#[case] rate: f64) {
    let refused = refusal(Hyperparameters { rates: Schedule::Constant { rate }, ..hyperparameters(None) });
    assert!(
        matches!(refused, Some(TrainError::Rate { rate: r }) if r.to_bits() == rate.to_bits()),
        "{refused:?}"
    );
    assert_eq!(refusal(hyperparameters(None)), None);
}

#[test]
fn a_smoothing_that_cannot_be_is_refused() {
    let loss = Loss::CrossEntropy { smoothing: -0.1 };
    let refused = refusal(Hyperparameters { loss, ..hyperparameters(None) });
    assert_eq!(refused, Some(TrainError::Targets(TargetError::Smoothing { smoothing: -0.1 })));
}

#[test]
fn a_loss_that_writes_no_gradient_is_refused() {
    let loss = Loss::Other(|isa, logits, labels, _| softmax_cross_entropy(isa, logits, labels, None));
    let refused = refusal(Hyperparameters { loss, ..hyperparameters(None) });
    let error = BackwardError::Gradient { gradient: Shape::vectors(0, 0), logits: Shape::vectors(5, 3) };
    assert_eq!(refused, Some(TrainError::Backward(error)));
    let loss =
        Loss::Other(|isa, logits, labels, dlogits| softmax_cross_entropy(isa, logits, labels, dlogits));
    assert_eq!(refusal(Hyperparameters { loss, ..hyperparameters(None) }), None);
}

#[rstest]
#[case::more_parameters(iris_network(4, 8, 3, Hidden::PRelu, 1).with("3", Linear::new(3, 3, &mut init())))]
#[case::fewer_parameters(iris_network(4, 8, 3, Hidden::Relu, 1))]
#[case::other_sizes(iris_network(4, 9, 3, Hidden::PRelu, 1))]
fn a_network_that_was_exchanged_is_refused_by_optimiser_and_average(#[case] other: Network) {
    let mut trainer = trainer(None);
    trainer.step().unwrap();
    trainer.network = other.clone();
    let StepError { source, place } = trainer.step().unwrap_err();
    assert!(matches!(source, TrainError::Optimiser(_)), "{source}");
    assert!(source.to_string().contains("take a new optimiser"), "{source}");
    assert_eq!(place, Place { epoch: 1, batch: 2 });

    let mut trainer = self::trainer(Some(0.9));
    trainer.network = other;
    let StepError { source, .. } = trainer.step().unwrap_err();
    assert_eq!(source.to_string(), "the average is of another network: take a new average for it");
}

fn init() -> Stream {
    Stream::new(1, Purpose::Init)
}

/// A last batch of one example: batch-norm has one value a channel.
#[test]
fn batch_norm_refuses_to_learn_from_a_single_value_a_channel() {
    let network = || network().with("3", BatchNorm::new(3, 0.1, 1e-5));
    let run = |batch_size| {
        Trainer::new(network(), examples(), Hyperparameters { batch_size, ..hyperparameters(None) })
            .epoch()
            .err()
    };
    let message = "epoch 1, batch 3: BatchNorm cannot take an input of shape (1, 3): in training it needs more than \
                   one value a channel: give more examples";
    assert_eq!(run(11).map(|error| error.to_string()).as_deref(), Some(message));
    assert_eq!(run(12), None);
    let mut pass = Pass::default();
    pass.write(Shape::vectors(1, 4)).fill(1.0);
    assert!(network().forward(Isa::detect(), &mut pass, Mode::Infer).is_ok());
}

#[test]
fn there_is_no_way_back_without_a_way_forward_or_through_another_network() {
    let (isa, mut network, mut pass) = (Isa::detect(), network(), Pass::default());
    assert_eq!(network.try_backward(isa, &mut pass), Err(BackwardError::NoForward));
    pass.write(Shape::vectors(2, 4)).fill(1.0);
    assert_eq!(network.try_backward(isa, &mut pass), Err(BackwardError::NoForward));
    network.forward(isa, &mut pass, Mode::Train).unwrap();
    let (logits, dlogits) = pass.logits_and_gradient();
    *dlogits = logits.clone();
    let mut longer = network.clone().with("3", Linear::new(3, 3, &mut init()));
    assert_eq!(longer.try_backward(isa, &mut pass), Err(BackwardError::NoForward));
    assert_eq!(network.try_backward(isa, &mut pass), Ok(()));
    assert_eq!(network.try_backward(isa, &mut pass), Err(BackwardError::NoForward));
}

#[rstest]
#[case::of_no_unit(Network::default().with("fc", Linear::new(4, 0, &mut init())), "Linear", "(2, 0)")]
#[case::of_no_unit_within(
    Network::default().with("0", Linear::new(4, 0, &mut init())).with("1", Linear::new(0, 3, &mut init())),
    "Linear",
    "(2, 0)"
)]
#[case::of_no_channel(Network::default().with("conv", Conv2d::new(4, 0, 1, 0, &mut init())), "Conv2d", "(2, 0)")]
fn an_output_without_numbers_is_refused(
    #[case] mut network: Network,
    #[case] layer: &str,
    #[case] output: &str,
) {
    let mut pass = Pass::default();
    pass.write(Shape::vectors(2, 4)).fill(1.0);
    let error = network.forward(Isa::detect(), &mut pass, Mode::Infer).err();
    let message = format!(
        "{layer} cannot take an input of shape (2, 4): its output {output} holds no number: give it at least one output"
    );
    assert_eq!(error.map(|error| error.to_string()), Some(message));
}

#[test]
fn an_input_without_numbers_is_refused() {
    let mut pass = Pass::default();
    pass.write(Shape::maps(2, 0, 3, 1));
    let error = Network::default().forward(Isa::detect(), &mut pass, Mode::Infer).err();
    assert_eq!(error.map(|error| error.reason).as_deref(), Some("an example has no number"));
}
