//! Laws of the f32 networks and of training, whatever the numbers.

use crate::single::{assert_close, random};
use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::loss::{Score, softmax_cross_entropy};
use cnn::models::{Hidden, iris_network, mnist_network};
use cnn::network::{Network, Pass};
use cnn::optimiser::{Optimiser, Rule};
use cnn::tensor::{Shape, Tensor};
use cnn::train;
use numerics::random::{Purpose, Stream};
use rstest::rstest;

const MOMENTUM: Rule = Rule::Sgd { momentum: 0.9, weight_decay: 0.0, nesterov: true };

const IMAGE: Shape = Shape { n: 1, h: 28, w: 28, c: 1 };

fn labels(count: usize, classes: u64) -> Vec<usize> {
    let mut stream = Stream::new(2, Purpose::Check);
    (0..count).map(|_| stream.below(classes) as usize).collect()
}

/// The chosen examples of a batch.
fn select(x: &Tensor, rows: &[usize]) -> Tensor {
    let data = rows.iter().flat_map(|&row| x.example(row).to_vec()).collect();
    Tensor::new(x.shape().with_examples(rows.len()), data)
}

/// The logits of a batch.
fn logits(network: &mut Network, x: Tensor, mode: Mode) -> Tensor {
    let mut pass = Pass::default();
    *pass.input() = x;
    network.forward(Isa::detect(), &mut pass, mode).unwrap().clone()
}

/// Some training steps on one batch; the loss before the last of them.
fn train_on(network: &mut Network, rule: Rule, rate: f64, steps: usize, x: &Tensor, labels: &[usize]) -> f64 {
    let (mut optimiser, mut pass, mut loss) = (Optimiser::new(rule), Pass::default(), f64::NAN);
    for _ in 0..steps {
        *pass.input() = x.clone();
        let score = train::step(Isa::detect(), network, &mut optimiser, rate, &mut pass, labels).unwrap();
        loss = score.loss_mean_nats();
    }
    loss
}

// Learning.

#[rstest]
#[case::momentum(MOMENTUM, 0.01)]
#[case::adam(Rule::ADAM, 0.003)]
fn the_mnist_network_can_learn_one_batch_of_noise_by_heart(#[case] rule: Rule, #[case] rate: f64) {
    let (x, labels) = (random(IMAGE.with_examples(8), 1), labels(8, 10));
    let loss = train_on(&mut mnist_network(1), rule, rate, 40, &x, &labels);
    assert!(loss < 1e-3 * 10_f64.ln(), "{loss} nats after 40 steps, ln 10 before");
}

#[rstest]
fn the_iris_network_can_learn_one_batch_of_noise_by_heart(
    #[values(Hidden::Relu, Hidden::Sigmoid, Hidden::Tanh, Hidden::PRelu)] hidden: Hidden,
) {
    let (x, labels) = (random(Shape::vectors(12, 4), 1), labels(12, 3));
    let loss = train_on(&mut iris_network(4, 40, 3, hidden, 1), Rule::ADAM, 0.05, 600, &x, &labels);
    assert!(loss < 1e-3 * 3_f64.ln(), "{loss} nats after 600 steps");
}

#[test]
fn a_step_along_the_gradient_lowers_the_loss_by_its_square() {
    let (x, labels) = (random(Shape::vectors(16, 4), 1), labels(16, 3));
    let (rate, mut network) = (1e-3, iris_network(4, 40, 3, Hidden::Tanh, 1));
    let before = train_on(&mut network, Rule::PLAIN_SGD, rate, 1, &x, &labels);
    let gradient = network.parameters().flat_map(|(_, p)| p.gradient.clone());
    let square: f64 = gradient.map(|g| f64::from(g) * f64::from(g)).sum();
    let after = train_on(&mut network, Rule::PLAIN_SGD, rate, 1, &x, &labels);
    // The next term of the series is of the order of the rate.
    assert!(
        ((before - after) / (rate * square) - 1.0).abs() < 10.0 * rate,
        "{before} to {after}, |g|² {square}"
    );
}

// The batch.

#[rstest]
#[case::without_batch_norm(iris_network(4, 40, 3, Hidden::PRelu, 1), Shape::vectors(11, 4), 1)]
#[case::with_batch_norm(mnist_network(1), IMAGE.with_examples(11), 16 * 11 * 26 * 26)]
fn permuting_the_batch_permutes_the_gradient_of_the_logits(
    #[case] mut network: Network,
    #[case] input: Shape,
    #[case] terms: usize,
) {
    let (x, labels) = (random(input, 1), labels(input.n, 3));
    let order = Stream::new(3, Purpose::Check).permutation(input.n);
    let mut gradient = |x: Tensor, labels: &[usize]| {
        let mut dlogits = Tensor::default();
        softmax_cross_entropy(
            Isa::detect(),
            &logits(&mut network, x, Mode::Train),
            labels,
            Some(&mut dlogits),
        );
        dlogits
    };
    let straight = gradient(x.clone(), &labels);
    let permuted_labels: Vec<usize> = order.iter().map(|&row| labels[row]).collect();
    let permuted = gradient(select(&x, &order), &permuted_labels);
    // Batch statistics are sums in the order of the batch: without them the bits are the same.
    if terms == 1 {
        assert_eq!(permuted.data(), select(&straight, &order).data());
    }
    assert_close("dlogits", &permuted.to_f64(), &select(&straight, &order).to_f64(), terms);
}

/// The mnist network after a few steps, so that its running statistics are not those of the beginning.
fn trained() -> Network {
    let mut network = mnist_network(1);
    train_on(&mut network, MOMENTUM, 0.01, 3, &random(IMAGE.with_examples(16), 1), &labels(16, 10));
    network
}

#[test]
fn in_inference_an_image_has_the_same_bits_in_batches_of_every_size_and_company() {
    let (mut network, x) = (trained(), random(IMAGE.with_examples(19), 2));
    let whole = logits(&mut network, x.clone(), Mode::Infer);
    for size in [1, 2, 7, 8, 9, 18] {
        for rows in (0..19).rev().collect::<Vec<_>>().chunks(size) {
            let part = logits(&mut network, select(&x, rows), Mode::Infer);
            assert_eq!(part.data(), select(&whole, rows).data(), "batches of {size}");
        }
    }
}

/// The comparison above can fail: in training an image's logits depend on its company.
#[test]
fn in_training_the_company_of_an_image_counts() {
    let (mut network, x) = (trained(), random(IMAGE.with_examples(19), 2));
    let whole = logits(&mut network, x.clone(), Mode::Train);
    assert_ne!(logits(&mut network, select(&x, &[0, 1]), Mode::Train).example(0), whole.example(0));
}

#[test]
fn evaluation_changes_nothing_and_its_scores_add_up_over_batches_of_every_size() {
    let (mut network, x, labels) = (trained(), random(IMAGE.with_examples(19), 2), labels(19, 10));
    let (before, mut pass) = (network.sha256(), Pass::default());
    let mut score = |size: usize| {
        (0..19).collect::<Vec<_>>().chunks(size).fold(Score::default(), |score, rows| {
            *pass.input() = select(&x, rows);
            let labels: Vec<usize> = rows.iter().map(|&row| labels[row]).collect();
            score.and(train::evaluate(Isa::detect(), &mut network, &mut pass, &labels).unwrap())
        })
    };
    let whole = score(19);
    for size in [1, 4, 8] {
        let parts = score(size);
        assert_eq!((parts.correct, parts.total), (whole.correct, 19));
        // Nineteen losses, added up in double precision in another order.
        assert!(
            (parts.loss_sum_nats - whole.loss_sum_nats).abs() < 19.0 * f64::EPSILON * whole.loss_sum_nats
        );
    }
    assert_eq!(network.sha256(), before);
}

// What cannot be trained.

/// Neither ReLU nor pooling takes a NaN for a small number.
#[test]
fn a_nan_is_not_lost_on_its_way_through_the_mnist_network() {
    let (mut network, mut pass, mut x) =
        (mnist_network(1), Pass::default(), random(IMAGE.with_examples(2), 1));
    x.data_mut()[400] = f32::NAN;
    *pass.input() = x;
    let score = train::evaluate(Isa::detect(), &mut network, &mut pass, &[0, 1]).unwrap();
    assert!(score.loss_sum_nats.is_nan());
}

#[rstest]
#[case::no_example(Shape::vectors(0, 4), "the batch is empty: give at least one example")]
#[case::another_width(
    Shape::vectors(2, 5),
    "Linear cannot take an input of shape (2, 5): it takes vectors of 4"
)]
#[case::an_image(
    Shape::maps(2, 2, 2, 1),
    "Linear cannot take an input of shape (2, 2, 2, 1): it takes vectors of 4"
)]
fn a_batch_that_does_not_fit_is_refused(#[case] input: Shape, #[case] message: &str) {
    let (mut network, mut pass) = (iris_network(4, 40, 3, Hidden::Relu, 1), Pass::default());
    let before = network.sha256();
    *pass.input() = Tensor::zeros(input);
    let labels = vec![0; input.n];
    let error =
        train::step(Isa::detect(), &mut network, &mut Optimiser::new(MOMENTUM), 0.1, &mut pass, &labels)
            .unwrap_err();
    assert_eq!((error.to_string(), network.sha256()), (message.to_owned(), before));
}

#[test]
#[should_panic(expected = "backward needs a forward pass of its own")]
fn a_forward_pass_serves_one_backward_pass() {
    let (mut network, mut pass) = (iris_network(4, 40, 3, Hidden::Relu, 1), Pass::default());
    *pass.input() = random(Shape::vectors(2, 4), 1);
    network.forward(Isa::detect(), &mut pass, Mode::Train).unwrap();
    let (logits, dlogits) = pass.logits_and_gradient();
    softmax_cross_entropy(Isa::detect(), logits, &[0, 1], Some(dlogits));
    network.backward(Isa::detect(), &mut pass);
    network.backward(Isa::detect(), &mut pass);
}

// What it costs.

#[test]
fn the_multiply_adds_of_the_mnist_network_are_those_of_its_convolutions_and_linear_layers() {
    let convolutions =
        26 * 26 * 9 * 16 + 24 * 24 * 9 * 16 * 16 + 10 * 10 * 9 * 16 * 64 + 2 * 8 * 8 * 9 * 64 * 64;
    let linear_layers = 1024 * 128 + 128 * 128 + 128 * 10;
    let table = mnist_network(1).table(IMAGE).unwrap();
    assert_eq!(table.multiply_adds(), convolutions + linear_layers);
    assert_eq!(table.parameters(), mnist_network(1).parameter_count());
}

/// Winograd's way makes 36 products for each tile of 4 x 4 outputs, and a tile at the edge whole; the first convolution
/// has a single input channel, and is computed as its formula says.
#[test]
fn the_multiply_adds_made_are_those_of_each_convolutions_own_way() {
    let winograd =
        [6 * 6 * 16 * 16, 3 * 3 * 16 * 64, 2 * 2 * 64 * 64, 2 * 2 * 64 * 64].map(|pairs| 36 * pairs);
    let network = mnist_network(1);
    let rows = network.table(IMAGE).unwrap().rows;
    let mut made = Vec::new();
    for (name, layer) in network.layers().filter(|(_, layer)| layer.kind() == "Conv2d") {
        let at = rows.iter().position(|row| row.name == name).unwrap();
        made.push(layer.multiply_adds_made(if at == 0 { IMAGE } else { rows[at - 1].output }));
    }
    assert_eq!((made[0].forward, made[0].by_parameters), (26 * 26 * 9 * 16, 26 * 26 * 9 * 16));
    // The gradient by the input is as wide as the input: 26 rows meet three rows of the kernel each, 28 columns.
    assert_eq!(made[0].by_input, 26 * 3 * 28 * 3 * 16);
    for (made, count) in made[1..].iter().zip(winograd) {
        assert_eq!([made.forward, made.by_input, made.by_parameters], [count; 3]);
    }
}
