//! A step that diverged: what it says, and that nothing has moved.

use crate::single::random;
use cnn::average::Average;
use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::models::{Hidden, iris_network, mnist_network};
use cnn::network::{Network, Pass};
use cnn::optimiser::{Optimiser, Rule};
use cnn::tensor::{Shape, Tensor};
use cnn::train::{self, TrainError};
use cnn::{Origin, Score};
use rstest::rstest;

const MOMENTUM: Rule = Rule::Sgd { momentum: 0.9, weight_decay: 0.0, nesterov: true };
const VECTORS: Shape = Shape { n: 6, h: 1, w: 1, c: 4 };
const IMAGES: Shape = Shape { n: 6, h: 28, w: 28, c: 1 };
const LABELS: [usize; 6] = [0, 1, 2, 2, 1, 0];

fn iris() -> Network {
    iris_network(4, 40, 3, Hidden::Relu, 1)
}

/// A network in training.
struct Run {
    network: Network,
    optimiser: Optimiser,
    pass: Pass,
}

/// All that a step may move: parameters and running statistics, what the optimiser remembers, and the batches that
/// batch-norm has followed.
#[derive(Debug, PartialEq)]
struct Moved {
    sha256: String,
    optimiser: Optimiser,
    tracked: Vec<Option<u64>>,
}

impl Run {
    /// After two steps, so that nothing is as it was at the beginning.
    fn begun(network: Network, input: Shape, rule: Rule) -> Self {
        let mut run = Self { network, optimiser: Optimiser::new(rule), pass: Pass::default() };
        (1..3).for_each(|seed| {
            run.step(0.01, random(input, seed), &LABELS).unwrap();
        });
        run
    }

    fn step(&mut self, rate: f64, x: Tensor, labels: &[usize]) -> Result<Score, TrainError> {
        *self.pass.input() = x;
        train::step(Isa::detect(), &mut self.network, &mut self.optimiser, rate, &mut self.pass, labels)
    }

    fn moved(&self) -> Moved {
        let tracked = self.network.layers().map(|(_, layer)| layer.batches_tracked()).collect();
        Moved { sha256: self.network.sha256(), optimiser: self.optimiser.clone(), tracked }
    }
}

/// The input with one number exchanged.
fn with(input: Shape, at: usize, value: f32) -> Tensor {
    let mut x = random(input, 3);
    x.data_mut()[at] = value;
    x
}

fn origin(result: Result<Score, TrainError>) -> Origin {
    match result {
        Err(TrainError::Diverged { loss, origin, .. }) if !loss.is_finite() => origin,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::without_batch_norm(iris(), VECTORS, MOMENTUM)]
#[case::with_batch_norm(mnist_network(1), IMAGES, MOMENTUM)]
#[case::with_adam(mnist_network(1), IMAGES, Rule::ADAM)]
fn a_step_that_diverged_or_was_refused_leaves_nothing_moved(
    #[case] network: Network,
    #[case] input: Shape,
    #[case] rule: Rule,
) {
    let mut run = Run::begun(network, input, rule);
    let before = run.moved();
    let last = input.len() - 1;
    assert_eq!(origin(run.step(0.01, with(input, last, f32::NAN), &LABELS)), Origin::Input { example: 5 });
    assert_eq!(run.moved(), before, "a NaN");
    assert!(matches!(run.step(0.01, random(input, 3), &[0, 1, 2, 2, 1, 99]), Err(TrainError::Targets(_))));
    assert_eq!(run.moved(), before, "a label that is no class");
    assert!(matches!(run.step(f64::NAN, random(input, 3), &LABELS), Err(TrainError::Rate { .. })));
    assert_eq!(run.moved(), before, "a rate that cannot be");
    let wider = random(Shape { h: 30, w: 30, c: input.c + 1, ..input }, 3);
    assert!(matches!(run.step(0.01, wider, &LABELS), Err(TrainError::Shape(_))));
    assert_eq!(run.moved(), before, "another shape");
    // The control: a sound step moves all three, and is the step that would have been made without the others.
    let mut sound = Run::begun(run.network.clone(), input, rule);
    (sound.network, sound.optimiser) = (run.network.clone(), run.optimiser.clone());
    let scores = [&mut run, &mut sound].map(|run| run.step(0.01, random(input, 3), &LABELS).unwrap());
    assert_eq!((scores[0], run.moved()), (scores[1], sound.moved()));
    let after = run.moved();
    assert!(after.sha256 != before.sha256 && after.optimiser != before.optimiser);
    assert_eq!(after.tracked == before.tracked, after.tracked.iter().all(Option::is_none));
}

/// A layer far behind a batch-norm that refuses its input: the statistics before it had moved already.
#[test]
fn a_layer_that_refuses_its_input_leaves_the_statistics_before_it_where_they_were() {
    let small = Shape { h: 26, w: 26, ..IMAGES };
    let mut run = Run::begun(mnist_network(1), IMAGES, MOMENTUM);
    let before = run.moved();
    let error = run.step(0.01, random(small, 3), &LABELS).unwrap_err();
    assert!(matches!(&error, TrainError::Shape(error) if error.layer == "Linear"), "{error}");
    assert_eq!(run.moved(), before);
    // The control: a forward pass by itself does move them.
    *run.pass.input() = random(IMAGES, 3);
    run.network.forward(Isa::detect(), &mut run.pass, Mode::Train).unwrap();
    assert_ne!(run.moved().sha256, before.sha256);
}

/// Ten steps at a rate that no run survives.
#[rstest]
#[case::without_batch_norm(iris(), VECTORS)]
#[case::with_batch_norm(mnist_network(1), IMAGES)]
fn a_run_at_a_rate_far_too_large_is_stopped(#[case] network: Network, #[case] input: Shape) {
    let mut run = Run::begun(network, input, MOMENTUM);
    for _ in 0..10 {
        let before = run.moved();
        match run.step(1e30, random(input, 3), &LABELS) {
            Ok(_) => continue,
            Err(TrainError::Diverged { loss, rate, .. }) => {
                assert!(!loss.is_finite() && rate == 1e30);
                assert_eq!(run.moved(), before);
                return;
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("ten steps at a rate of 1e30 went well");
}

/// Exchanges one number of a parameter.
fn set(network: &mut Network, name: &str, value: f32) {
    let at = network.parameters().position(|(found, _)| found == name).unwrap();
    network.parameters_mut().nth(at).unwrap().value[1] = value;
}

#[test]
fn a_divergence_names_the_first_tensor_that_is_not_finite() {
    let named = |name: &str, value| {
        let mut run = Run::begun(iris(), VECTORS, MOMENTUM);
        set(&mut run.network, name, value);
        origin(run.step(0.01, random(VECTORS, 3), &LABELS))
    };
    let parameter =
        |parameter: &str| Origin::Parameter { parameter: parameter.into(), kind: "Linear".into() };
    assert_eq!(named("0.bias", f32::INFINITY), parameter("0.bias"));
    assert_eq!(named("2.weight", f32::NAN), parameter("2.weight"));
    // Finite weights whose products are not.
    let output = |layer: &str| Origin::Output { layer: layer.into(), kind: "Linear".into() };
    let overflow = |name: &str| {
        let mut run = Run::begun(iris(), VECTORS, MOMENTUM);
        let at = run.network.parameters().position(|(found, _)| found == name).unwrap();
        run.network.parameters_mut().nth(at).unwrap().value.fill(f32::MAX);
        origin(run.step(0.01, Tensor::new(VECTORS, vec![10.0; 24]), &LABELS))
    };
    assert_eq!([overflow("0.weight"), overflow("2.weight")], [output("0"), output("2")]);
}

/// A hidden number of 1e-30 times a weight of 3e38 is an output like others; that weight times an input of 1e3, on the
/// way back, is larger than any number.
#[test]
fn an_infinite_gradient_below_a_finite_loss_moves_nothing() {
    let x = |value| Tensor::new(VECTORS, vec![value; VECTORS.n * VECTORS.example_len()]);
    let mut run = Run::begun(iris(), VECTORS, MOMENTUM);
    for (at, value) in [0.0, 1e-30, 0.0, 0.0].into_iter().enumerate() {
        run.network.parameters_mut().nth(at).unwrap().value.fill(value);
    }
    run.network.parameters_mut().nth(2).unwrap().value[0] = 3e38;
    let before = run.moved();
    let error = run.step(0.01, x(1e3), &LABELS).unwrap_err();
    let TrainError::DivergedBackwards { loss, origin, .. } = &error else { panic!("{error}") };
    assert!(loss.is_finite());
    assert_eq!(*origin, Origin::Gradient { parameter: "0.weight".into(), kind: "Linear".into() });
    assert!(error.to_string().contains("its backward pass"), "{error}");
    assert_eq!(run.moved(), before);
    // The control: the same with a small input.
    run.step(0.01, x(1e-3), &LABELS).unwrap();
    assert!(run.moved() != before);
}

/// A gradient that was not finite in an earlier pass, and parameters that went along it: what came first is named.
#[test]
fn a_gradient_that_was_not_finite_is_named_before_the_parameter() {
    let mut run = Run::begun(iris(), VECTORS, MOMENTUM);
    run.network.parameters_mut().for_each(|parameter| parameter.value[0] = f32::NAN);
    run.network.parameters_mut().nth(2).unwrap().gradient[5] = f32::INFINITY;
    let gradient = Origin::Gradient { parameter: "2.weight".into(), kind: "Linear".into() };
    assert_eq!(origin(run.step(0.01, random(VECTORS, 3), &LABELS)), gradient);
    assert_eq!(Origin::of_parameters(&run.network), Some(gradient));
    // The control: a sound network has none, whatever its gradients.
    let mut sound = iris();
    sound.parameters_mut().next().unwrap().gradient[0] = f32::NAN;
    assert_eq!(Origin::of_parameters(&sound), None);
}

#[test]
fn the_message_says_where_and_what_to_do() {
    let said = |network: Network, input: Shape, x: Tensor| {
        Run::begun(network, input, MOMENTUM).step(0.1, x, &LABELS).unwrap_err().to_string()
    };
    assert_eq!(
        said(iris(), VECTORS, with(VECTORS, 9, f32::NAN)),
        "the run diverged: the loss of a batch is NaN at learning rate 0.1, and the first tensor that is not finite is \
         the input, in example 2 of the batch; mend or remove that example"
    );
    let mut network = mnist_network(1);
    let name = network.parameters().map(|(name, _)| name).find(|name| name.ends_with("weight")).unwrap();
    set(&mut network, &name, f32::NAN);
    let mut run = Run { network, optimiser: Optimiser::new(MOMENTUM), pass: Pass::default() };
    let said = run.step(0.1, random(IMAGES, 3), &LABELS).unwrap_err().to_string();
    let expected = format!("the parameter {name} (Conv2d), before this step; use a smaller rate");
    assert!(said.ends_with(&expected), "{said}");
}

/// The average follows steps that were made, and no others.
#[test]
fn the_average_does_not_follow_a_step_that_diverged() {
    use cnn::{Examples, Hyperparameters, Schedule, Trainer};
    let hyperparameters = Hyperparameters {
        rates: Schedule::Constant { rate: 1e30 },
        averaging: Some(0.9),
        rule: MOMENTUM,
        ..Hyperparameters::default()
    };
    let examples = Examples::new(VECTORS, random(VECTORS, 1).data().to_vec(), LABELS.to_vec(), 3).unwrap();
    let mut trainer = Trainer::new(iris(), examples, hyperparameters);
    let followed = |trainer: &Trainer<Examples>| trainer.average.as_ref().map(Average::steps);
    while trainer.step().is_ok() {
        assert!(trainer.steps() < 10);
    }
    assert_eq!(followed(&trainer), Some(trainer.steps() as u64));
}
