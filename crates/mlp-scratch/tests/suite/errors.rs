//! Every typed error: what causes it, and what it says.

use crate::training::{SETTINGS, clusters, network};
use crate::{LOSSES, Problem};
use mlp_scratch::train::train;
use mlp_scratch::{
    Accuracy, Error, Examples, Gradients, Hyperparameters, Loss, Network, Objective, Sizes, Training, one_hot,
};
use ndarray::{Array1, Array2, array};
use rstest::rstest;

#[rstest]
#[case::one_too_many(vec![0, 1, 3], Error::LabelOutOfRange { row: 2, label: 3, classes: 3 })]
#[case::counted_from_one(vec![3, 2, 1], Error::LabelOutOfRange { row: 0, label: 3, classes: 3 })]
fn a_label_out_of_range_is_refused_by_row(#[case] labels: Vec<usize>, #[case] expected: Error) {
    assert_eq!(one_hot(&labels, 3).unwrap_err(), expected);
    assert_eq!(Examples::new(Array2::zeros((3, 2)), labels, 3).unwrap_err(), expected);
}

#[test]
fn no_class_at_all_is_no_class_for_any_label() {
    assert_eq!(one_hot(&[0], 0).unwrap_err(), Error::LabelOutOfRange { row: 0, label: 0, classes: 0 });
}

#[test]
fn an_empty_batch_is_refused() {
    assert_eq!(Examples::new(Array2::zeros((0, 2)), vec![], 3).unwrap_err(), Error::EmptyBatch);
    assert_eq!(Accuracy::of(&[], &[]).unwrap_err(), Error::EmptyBatch);
    let empty = Array2::zeros((0, 3)); // (N, C)
    for loss in LOSSES {
        assert_eq!(loss.value_and_gradient(empty.view(), empty.view()).unwrap_err(), Error::EmptyBatch);
    }
}

#[test]
fn of_no_examples_nothing_is_predicted() {
    assert!(network(1).predict(Array2::zeros((0, 2)).view()).unwrap().is_empty());
}

fn descent_by_gradients_of_another_network(p: &Problem) -> Option<Error> {
    let (_, cache) = p.network.forward(p.x.view()).unwrap();
    let gradients = cache.backward(p.targets.view()).unwrap();
    network(1).descend(&gradients, 0.1).err()
}

#[rstest]
#[case::inputs_of_another_length(|p: &Problem| p.network.forward(p.targets.view()).err())]
#[case::inputs_to_classify_of_another_length(|p: &Problem| p.network.predict(p.targets.view()).err())]
#[case::targets_of_another_shape(
    |p: &Problem| Loss::MeanSquaredError.value_and_gradient(p.x.view(), p.targets.view()).err()
)]
#[case::a_cotangent_of_another_shape(
    |p: &Problem| p.network.forward(p.x.view()).unwrap().1.backward(p.x.view()).err()
)]
#[case::gradients_of_another_network(descent_by_gradients_of_another_network)]
#[case::biases_that_do_not_fit(
    |_: &Problem| Network::new(Array2::zeros((2, 3)), Array1::zeros(4), Array2::zeros((3, 2)), Array1::zeros(2)).err()
)]
#[case::layers_that_do_not_fit(
    |_: &Problem| Network::new(Array2::zeros((2, 3)), Array1::zeros(3), Array2::zeros((4, 2)), Array1::zeros(2)).err()
)]
#[case::output_biases_that_do_not_fit(
    |_: &Problem| Network::new(Array2::zeros((2, 3)), Array1::zeros(3), Array2::zeros((3, 2)), Array1::zeros(3)).err()
)]
#[case::labels_of_other_rows(|p: &Problem| Examples::new(p.x.clone(), vec![0; 4], 3).err())]
#[case::predictions_of_other_rows(|_: &Problem| Accuracy::of(&[0, 1], &[0]).err())]
#[case::examples_of_another_network(|p: &Problem| Training::new(p.network.clone(), clusters(6), SETTINGS).err())]
fn a_shape_mismatch_is_refused_with_both_shapes(#[case] call: fn(&Problem) -> Option<Error>) {
    let problem = Problem::random(5, (4, 3, 3), 51);
    let error = call(&problem).expect("an error");
    let Error::ShapeMismatch { expected, found, .. } = &error else { panic!("{error}") };
    assert_ne!(expected, found);
}

#[rstest]
#[case::dw1(|g: &mut Gradients| g.dw1 = g.dw1.t().to_owned())]
#[case::db1(|g: &mut Gradients| g.db1 = Array1::zeros(1))]
#[case::dw2(|g: &mut Gradients| g.dw2 = g.dw2.t().to_owned())]
#[case::db2(|g: &mut Gradients| g.db2 = Array1::zeros(1))]
fn gradients_that_do_not_fit_change_nothing(#[case] spoil: fn(&mut Gradients)) {
    let Problem { mut network, x, targets } = Problem::random(5, (2, 5, 4), 52);
    let mut gradients = network.forward(x.view()).unwrap().1.backward(targets.view()).unwrap();
    spoil(&mut gradients);
    let before = network.clone();
    let error = network.descend(&gradients, 0.1).unwrap_err();
    assert!(matches!(error, Error::ShapeMismatch { .. }), "{error}");
    assert_eq!(network, before);
}

#[rstest]
#[case::a_missing_value(f64::NAN)]
#[case::an_overflow(f64::INFINITY)]
fn an_input_that_is_not_finite_is_refused_by_row_and_column(#[case] bad: f64) {
    let error = Examples::new(array![[1.0, 2.0], [3.0, bad]], vec![0, 1], 2).unwrap_err();
    assert!(matches!(error, Error::InputNotFinite { row: 1, column: 1, .. }), "{error}");
}

#[rstest]
#[case::to_a_half(array![[1.0, 0.0], [0.5, 0.0]])]
#[case::to_two(array![[0.0, 1.0], [1.0, 1.0]])]
#[case::to_nothing_defined(array![[0.0, 1.0], [f64::NAN, 1.0]])]
fn targets_that_sum(#[case] targets: Array2<f64>) {
    let z2 = Array2::zeros((2, 2)); // (N, C)
    let cross_entropy = Loss::SoftmaxCrossEntropy.value_and_gradient(z2.view(), targets.view());
    assert!(matches!(cross_entropy, Err(Error::TargetsNotNormalised { row: 1, .. })), "{cross_entropy:?}");
    assert!(Loss::MeanSquaredError.value_and_gradient(z2.view(), targets.view()).is_ok());
}

#[rstest]
#[case::no_learning("learning rate", Hyperparameters { learning_rate: 0.0, ..SETTINGS })]
#[case::uphill("learning rate", Hyperparameters { learning_rate: -0.1, ..SETTINGS })]
#[case::an_undefined_step("learning rate", Hyperparameters { learning_rate: f64::NAN, ..SETTINGS })]
#[case::an_infinite_step("learning rate", Hyperparameters { learning_rate: f64::INFINITY, ..SETTINGS })]
#[case::a_reward_for_weights(
    "l2",
    Hyperparameters { objective: Objective { l2: -0.1, ..SETTINGS.objective }, ..SETTINGS }
)]
#[case::empty_batches("batch size", Hyperparameters { batch_size: 0, ..SETTINGS })]
fn a_setting_that_cannot_be_is_refused_by_name(#[case] expected: &str, #[case] settings: Hyperparameters) {
    let error = train(network(1), clusters(6), settings).unwrap_err();
    assert!(matches!(error, Error::InvalidSetting { name, .. } if name == expected), "{error}");
}

#[rstest]
#[case::inputs(0, 1, 1)]
#[case::hidden(1, 0, 1)]
#[case::outputs(1, 1, 0)]
fn a_layer_without_units_is_refused(#[case] inputs: usize, #[case] hidden: usize, #[case] outputs: usize) {
    let error = Network::init(Sizes { inputs, hidden, outputs }, 1).unwrap_err();
    assert!(matches!(error, Error::InvalidSetting { value: 0.0, .. }), "{error}");
    let zeros = Array2::zeros;
    let given = Network::new(
        zeros((inputs, hidden)),
        Array1::zeros(hidden),
        zeros((hidden, outputs)),
        Array1::zeros(outputs),
    );
    assert_eq!(given.unwrap_err(), error);
}

#[rstest]
#[case::mean_squared_error(Loss::MeanSquaredError, 40.0)]
#[case::half_squared_error_sum(Loss::HalfSquaredErrorSum, 3.0)]
fn a_diverging_run_stops_with_its_epoch_and_learning_rate(#[case] loss: Loss, #[case] too_much: f64) {
    let objective = Objective { loss, l2: 0.0 };
    let settings = Hyperparameters { objective, learning_rate: too_much, epochs: 10_000, ..SETTINGS };
    let mut training = Training::new(network(1), clusters(12), settings).unwrap();
    let finished = training.by_ref().take_while(Result::is_ok).count();
    assert!(training.next().is_none(), "the run is over after its error");
    let error = train(network(1), clusters(12), settings).unwrap_err();
    let Error::Diverged { epoch, learning_rate, objective, .. } = error else { panic!("{error}") };
    assert_eq!((epoch, learning_rate), (finished + 1, too_much));
    assert!(!objective.is_finite());
    // The control: a tenth of a tenth of the step, as the message advises, and the run goes through.
    let settings = Hyperparameters { learning_rate: too_much / 100.0, epochs: 50, ..settings };
    assert_eq!(train(network(1), clusters(12), settings).unwrap().1.len(), 50);
}

/// One step of 1e300 gradients: the objective before it is finite, the loss after it is not.
#[test]
fn a_run_that_diverges_in_its_last_step_is_not_reported_as_trained() {
    let objective = Objective { loss: Loss::MeanSquaredError, l2: 0.0 };
    let settings = Hyperparameters { objective, learning_rate: 1e300, batch_size: 12, epochs: 1, ..SETTINGS };
    let error = train(network(1), clusters(12), settings).unwrap_err();
    // The outputs are finite, about 1e300; their squares are not.
    assert!(matches!(error, Error::Diverged { epoch: 1, first: "the objective itself", .. }), "{error}");
}

/// At learning rate times l2 = 3 each step takes the weights times -2. Their squares overflow after 512 doublings, the
/// cross-entropy, which grows no faster than they do, after 1024.
#[test]
fn weights_that_the_penalty_drives_apart_are_seen_while_the_loss_is_still_finite() {
    let objective = Objective { l2: 3.0, ..SETTINGS.objective };
    let settings = Hyperparameters { objective, learning_rate: 1.0, batch_size: 12, epochs: 600, ..SETTINGS };
    let error = train(network(1), clusters(12), settings).unwrap_err();
    let Error::Diverged { epoch, objective, first, .. } = error else { panic!("{error}") };
    assert_eq!((objective, first), (f64::INFINITY, "the objective itself"));
    assert!((500..530).contains(&epoch), "epoch {epoch}");
}

#[test]
fn every_message_says_what_where_and_what_to_do() {
    let errors: [Error; 7] = [
        Error::LabelOutOfRange { row: 17, label: 3, classes: 3 },
        Error::EmptyBatch,
        network(1).forward(Array2::zeros((5, 4)).view()).map(|_| ()).unwrap_err(),
        Error::InputNotFinite { row: 34, column: 2, value: f64::NAN },
        Error::TargetsNotNormalised { row: 3, sum: 0.5 },
        Error::InvalidSetting { name: "batch size", value: 0.0, allowed: "at least 1" },
        Error::Diverged { epoch: 3, learning_rate: 0.5, objective: f64::INFINITY, first: "the weights W1" },
    ];
    insta::assert_snapshot!(errors.map(|error| error.to_string()).join("\n"));
}
