//! The gradients that the iris experiments descend along, on the real flowers: P2.1's against central differences,
//! P1.1's in single precision against P2.1's.

use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::loss::softmax_cross_entropy;
use cnn::models::{Hidden, iris_network};
use cnn::network::Pass;
use cnn::tensor::{Shape, Tensor};
use data::iris::Iris;
use experiments::iris::{HIDDEN, Prepared, Settings, gradients};
use mlp_scratch::{Loss, Network, Objective, Sizes, one_hot};
use ndarray::{Array1, Array2};
use rstest::rstest;
use std::path::Path;

const SEED: u64 = experiments::REGISTERED_SEED;
const SIZES: Sizes = Sizes { inputs: 4, hidden: HIDDEN, outputs: 3 };

fn prepared() -> Prepared {
    let iris = Iris::load(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")).unwrap();
    Prepared::new(&iris, &Settings::scratch()).unwrap()
}

/// The network whose parameters stand in one list, in the order of `Network::to_vec`.
fn network(parameters: &[f64]) -> Network {
    let Sizes { inputs: d, hidden: h, outputs: c } = SIZES;
    let (w1, rest) = parameters.split_at(d * h);
    let (b1, rest) = rest.split_at(h);
    let (w2, b2) = rest.split_at(h * c);
    let matrix = |shape, values: &[f64]| Array2::from_shape_vec(shape, values.to_vec()).unwrap();
    Network::new(matrix((d, h), w1), Array1::from(b1.to_vec()), matrix((h, c), w2), Array1::from(b2.to_vec()))
        .unwrap()
}

fn value_and_gradient(objective: Objective, parameters: &[f64], data: &Prepared) -> (f64, Vec<f64>) {
    let targets = one_hot(&data.train_y, SIZES.outputs).unwrap();
    let (value, gradients) =
        objective.value_and_gradients(&network(parameters), data.train_x.view(), targets.view()).unwrap();
    (value, gradients.to_vec())
}

#[rstest]
#[case::cross_entropy(Loss::SoftmaxCrossEntropy, 0.0)]
#[case::cross_entropy_with_weight_decay(Loss::SoftmaxCrossEntropy, 0.01)]
#[case::the_loss_of_the_original(Loss::HalfSquaredErrorSum, 0.0)]
fn the_gradient_by_hand_is_the_central_difference_on_all_training_flowers(
    #[case] loss: Loss,
    #[case] l2: f64,
) {
    let (data, objective) = (prepared(), Objective { loss, l2 });
    let parameters = Network::init(SIZES, SEED).unwrap().to_vec();
    let (_, gradient) = value_and_gradient(objective, &parameters, &data);
    let value = |parameters: &[f64]| value_and_gradient(objective, parameters, &data).0;
    let report = gradcheck::check("iris by hand", value, &parameters, &gradient).unwrap();
    assert_eq!(report.coordinates, SIZES.parameter_count());
    let mut wrong = gradient;
    wrong[0] *= 1.001;
    wrong[0] += 1e-6;
    assert!(gradcheck::check("iris by hand, spoilt", value, &parameters, &wrong).is_err());
}

/// The same seed gives both networks the same initial weights, up to rounding; so their gradients are the same too.
#[test]
fn the_gradient_of_the_framework_is_that_by_hand_in_single_precision() {
    let data = prepared();
    let objective = Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.0 };
    let parameters = Network::init(SIZES, SEED).unwrap().to_vec();
    let (value, by_hand) = value_and_gradient(objective, &parameters, &data);

    let mut framework = iris_network(4, HIDDEN, 3, Hidden::Sigmoid, SEED);
    let x = data.train_x.iter().map(|&x| x as f32).collect();
    let mut pass = Pass::default();
    *pass.input() = Tensor::new(Shape::vectors(data.train_y.len(), 4), x);
    framework.forward(Isa::detect(), &mut pass, Mode::Train).unwrap();
    let (logits, dlogits) = pass.logits_and_gradient();
    let score = softmax_cross_entropy(Isa::detect(), logits, &data.train_y, Some(dlogits));
    framework.backward(Isa::detect(), &mut pass);

    assert!((score.loss_mean_nats() - value).abs() < 1e-6);
    let single: Vec<f64> =
        framework.parameters().flat_map(|(_, p)| p.gradient.iter().map(|&g| f64::from(g))).collect();
    let largest = by_hand.iter().fold(0.0, |largest: f64, g| largest.max(g.abs()));
    assert_eq!(single.len(), by_hand.len());
    for (single, by_hand) in single.iter().zip(&by_hand) {
        assert!((single - by_hand).abs() < 1e-5 * largest, "{single:e} against {by_hand:e}");
    }
}

#[test]
fn the_gradient_by_hand_is_that_of_the_reference_layers() {
    let agreement = gradients(&prepared(), SEED).unwrap();
    assert_eq!(agreement.derivatives, SIZES.parameter_count() + 120 * 4);
    assert!(agreement.worst_relative_difference < 1e-13, "{agreement:?}");
}
