//! Softmax and cross-entropy.

use crate::support::double::{Verdict, assert_close, assert_refused, check, random};
use crate::support::golden::{Case, Computed, GoldenError, computed};
use crate::support::golden_layer::{batch, doubled};
use crate::support::kind::{EPS, Kind, Precision, Spoil};
use cnn::kernels::Isa;
use cnn::reference::ReferenceError;
use cnn::reference::softmax_cross_entropy::{self, Loss, backward, forward};
use cnn::tensor::Tensor;
use ndarray::{Array1, Array2, ArrayD, Axis, IxDyn, array};
use numerics::elementary::ln;
use rstest::rstest;

// Gradients.

fn check_loss(
    logits: &Array2<f64>,
    labels: &[usize],
    dloss: f64,
    backward: impl Fn(softmax_cross_entropy::Cache, f64) -> Array2<f64>,
) -> Verdict {
    let forward = |logits: &_| softmax_cross_entropy::forward(logits, labels).expect("labels of the classes");
    let dlogits = backward(forward(logits).1, dloss);
    check("dlogits", logits, &dlogits, |logits| dloss * forward(&logits).0.mean_nats)
}

#[rstest]
#[case::two_classes(5, 2, vec![0, 1, 1, 0, 1])]
#[case::more_classes_than_examples(2, 10, vec![9, 3])]
#[case::one_example(1, 4, vec![2])]
fn loss_gradients_are_central_differences(
    #[case] examples: usize,
    #[case] classes: usize,
    #[case] labels: Vec<usize>,
    #[values(0.7, -1.3)] dloss: f64,
) -> Verdict {
    check_loss(&random((examples, classes), 1), &labels, dloss, softmax_cross_entropy::backward)
}

#[rstest]
#[case::of_the_sum(|d: Array2<f64>| 3.0 * d)]
#[case::in_bits(|d: Array2<f64>| d / std::f64::consts::LN_2)]
#[case::of_the_negative(|d: Array2<f64>| -d)]
#[case::without_the_label(|mut d: Array2<f64>| { d[[0, 1]] += 1.0 / 3.0; d })]
fn a_wrong_loss_gradient_is_refused(#[case] spoil: fn(Array2<f64>) -> Array2<f64>) {
    let wrong = |cache, dloss| spoil(softmax_cross_entropy::backward(cache, dloss));
    assert_refused(check_loss(&random((3, 4), 1), &[1, 0, 3], 1.0, wrong), "dlogits");
}

// Laws.

fn loss(logits: &Array2<f64>, labels: &[usize]) -> Loss {
    forward(logits, labels).expect("labels of the classes").0
}

fn dlogits(logits: &Array2<f64>, labels: &[usize]) -> Array2<f64> {
    backward(forward(logits, labels).expect("labels of the classes").1, 1.0)
}

#[rstest]
fn equal_logits_cost_the_logarithm_of_the_number_of_classes(#[values(2, 3, 10)] classes: usize) {
    let loss = loss(&Array2::from_elem((4, classes), -1.7), &[0, 1, 1, 0]);
    assert_close(&loss.per_sample_nats, &Array1::from_elem(4, ln(classes as f64)), 1e-15);
}

#[rstest]
fn a_constant_added_to_a_row_of_logits_changes_nothing(#[values(-700.0, 3.5, 1e4)] constant: f64) {
    let (logits, labels) = (random((3, 4), 1), [1, 3, 0]);
    let mut moved = logits.clone();
    moved.row_mut(1).mapv_inplace(|z| z + constant);
    // The sum z + constant itself is rounded to the spacing of doubles of that size.
    let rounding = 1e-15 * (1.0 + f64::abs(constant));
    assert_close(&loss(&moved, &labels).per_sample_nats, &loss(&logits, &labels).per_sample_nats, rounding);
    assert_close(&dlogits(&moved, &labels), &dlogits(&logits, &labels), rounding);
}

#[test]
fn every_row_of_the_gradient_sums_to_0() {
    let sums = dlogits(&(4.0 * random((6, 5), 1)), &[0, 4, 2, 2, 1, 3]).sum_axis(Axis(1));
    assert!(sums.iter().all(|sum| sum.abs() < 1e-16), "{sums}");
}

#[test]
fn only_the_labels_entry_of_a_row_is_pushed_up() {
    let labels = [0, 4, 2];
    for ((n, k), d) in dlogits(&random((3, 5), 1), &labels).indexed_iter() {
        assert_eq!(*d < 0.0, k == labels[n], "row {n}, class {k}: {d}");
    }
}

#[test]
fn the_loss_is_the_mean_of_its_terms_and_follows_a_permuted_batch() {
    let (logits, labels) = (random((3, 4), 1), [1, 3, 0]);
    let straight = loss(&logits, &labels);
    assert!((straight.mean_nats - straight.per_sample_nats.sum() / 3.0).abs() < 1e-15);
    let permuted = loss(&logits.select(Axis(0), &[2, 0, 1]), &[0, 1, 3]);
    assert_eq!(permuted.per_sample_nats, straight.per_sample_nats.select(Axis(0), &[2, 0, 1]));
}

#[test]
fn a_hopelessly_wrong_answer_costs_its_distance_and_stays_finite() {
    let logits = array![[0.0, 5000.0]];
    assert_eq!(loss(&logits, &[0]).mean_nats, 5000.0);
    assert_eq!(dlogits(&logits, &[0]), array![[-1.0, 1.0]]);
}

#[rstest]
#[case::no_rows((0, 3), vec![], ReferenceError::EmptyBatch)]
#[case::a_label_too_few((2, 3), vec![0], ReferenceError::LabelCount { labels: 1, rows: 2 })]
#[case::a_label_too_large((2, 3), vec![0, 3], ReferenceError::LabelOutOfRange { row: 1, label: 3, classes: 3 })]
fn labels_that_do_not_fit_are_refused(
    #[case] dim: (usize, usize),
    #[case] labels: Vec<usize>,
    #[case] error: ReferenceError,
) {
    assert_eq!(forward(&random(dim, 1), &labels).map(|_| ()), Err(error));
}

// Golden vectors.

pub(crate) const GOLDEN: [Kind; 1] = [Kind { name: "softmax_cross_entropy", reference, f32_side, tolerance }];

fn reference(case: &Case) -> Result<Computed, GoldenError> {
    let logits = case.array("logits")?;
    let (loss, cache) = softmax_cross_entropy::forward(&logits, &case.indices("labels")?)
        .map_err(|error| case.refused(error))?;
    let dlogits = softmax_cross_entropy::backward(cache, case.setting("dloss")?);
    Ok(computed([
        ("mean_nats", Array1::from_elem(1, loss.mean_nats).into_dyn()),
        ("per_sample_nats", loss.per_sample_nats.into_dyn()),
        ("dlogits", dlogits.into_dyn()),
    ]))
}

/// The layer computes the gradient of the mean; the case asks for that times `dloss`. The loss of one example is that
/// of a batch of one.
fn f32_side(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let (logits, labels) = (case.array::<IxDyn>("logits")?, case.indices("labels")?);
    let mut dlogits = Tensor::default();
    let mean =
        cnn::loss::softmax_cross_entropy(isa, &batch(&logits), &labels, Some(&mut dlogits)).loss_mean_nats();
    let one = |(n, &label): (usize, &usize)| {
        let row = logits.index_axis(Axis(0), n).insert_axis(Axis(0)).to_owned(); // (1, C)
        cnn::loss::softmax_cross_entropy(isa, &batch(&row), &[label], None).loss_sum_nats
    };
    let per_sample: Array1<f64> = labels.iter().enumerate().map(one).collect();
    Ok(computed([
        ("mean_nats", Array1::from_elem(1, mean).into_dyn()),
        ("per_sample_nats", per_sample.into_dyn()),
        ("dlogits", case.setting("dloss")? * doubled(dlogits.data(), logits.shape())),
    ]))
}

/// The sums are made in double precision. Rounding two logits of size z moves their difference by up to eps z, and the
/// loss and, relatively, the probabilities as much; twice that is allowed.
fn tolerance(case: &Case) -> f64 {
    let largest = case.given["logits"].data.iter().fold(1.0, |largest: f64, z| largest.max(z.abs()));
    2.0 * EPS * largest
}

#[test]
fn the_reference_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_reference_agrees()
}

/// Also of logits up to 1000.
#[test]
fn the_f32_side_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_f32_side_agrees(3)
}

/// Negative controls: mistakes that an implementation can make. The first case has 4 rows.
#[rstest]
#[case::the_sum_for_the_mean("mean_nats", |mean: &ArrayD<f64>| 4.0 * mean)]
#[case::the_gradient_of_the_sum_for_that_of_the_mean("dlogits", |d: &ArrayD<f64>| 4.0 * d)]
fn a_wrong_tensor_is_refused(
    #[case] name: &str,
    #[case] spoil: Spoil,
    #[values(Precision::Double, Precision::Single)] precision: Precision,
) -> Result<(), GoldenError> {
    GOLDEN[0].refuses(precision, name, spoil)
}
