//! T1: values, laws, gradients and errors of the cross-entropy.

use approx::assert_abs_diff_eq;
use gradcheck::cotangent;
use numerics::random::{Purpose, Stream};
use proptest::prelude::*;
use rstest::rstest;
use theory::{
    cross_entropy::{
        CrossEntropyError as E,
        Reading::{self, Logits, Normalised, Probabilities},
        class_probabilities, cross_entropy, gradient_of_mean,
    },
    render::worked::{LABELS, OUTPUTS},
};

/// The reference values are those of the coursework's sheet of answers, which were computed independently in double
/// precision; mpmath 1.3 with 40 digits agrees with each to 4e-16.
#[rstest]
#[case::probabilities(Probabilities, [0.4307829160924542, 0.6733445532637656, 0.3285040669720361], 0.4775438454427519)]
#[case::normalised(Normalised, [0.6047362232158924, 0.3722394604798439, 0.5596157879354228], 0.5121971572103864)]
#[case::logits(Logits, [0.8693110888630154, 0.8545035706195452, 0.8231013809780625], 0.8489720134868742)]
fn the_questions_batch_has_the_reference_loss(
    #[case] reading: Reading,
    #[case] per_sample: [f64; 3],
    #[case] mean: f64,
) {
    let loss = cross_entropy(&OUTPUTS, &LABELS, reading).unwrap();
    for (ours, reference) in loss.per_sample.iter().zip(per_sample) {
        assert_abs_diff_eq!(*ours, reference, epsilon = 1e-15);
    }
    assert_abs_diff_eq!(loss.mean, mean, epsilon = 1e-15);
    assert_abs_diff_eq!(loss.sum, 3.0 * mean, epsilon = 3e-15);
}

#[test]
fn json_has_exactly_the_fields_of_the_command() {
    let loss = cross_entropy(&[[0.5, 0.5]], &[1], Probabilities).unwrap();
    let ln2 = 2f64.ln();
    let expected = format!(r#"{{"per_sample":[{ln2}],"sum":{ln2},"mean":{ln2},"reading":"probabilities"}}"#);
    assert_eq!(serde_json::to_string(&loss).unwrap(), expected);
}

#[rstest]
#[case::two_classes(1, 2)]
#[case::ten_classes(4, 10)]
#[case::more_classes_than_examples(2, 100)]
#[case::more_examples_than_classes(50, 3)]
fn uniform_outputs_cost_the_logarithm_of_the_number_of_classes(#[case] batch: usize, #[case] classes: usize) {
    let outputs = vec![vec![1.0 / classes as f64; classes]; batch];
    let labels: Vec<usize> = (0..batch).map(|b| b % classes).collect();
    for reading in Reading::ALL {
        let loss = cross_entropy(&outputs, &labels, reading).unwrap();
        assert_abs_diff_eq!(loss.mean, (classes as f64).ln(), epsilon = 2e-15);
    }
}

#[test]
fn a_certain_prediction_costs_nothing_and_not_minus_nothing() {
    let cost = |outputs: &[f64], reading| cross_entropy(&[outputs], &[0], reading).unwrap().sum;
    for sum in [cost(&[1.0, 1e-300], Probabilities), cost(&[1.0], Normalised), cost(&[800.0, 0.0], Logits)] {
        assert_eq!(sum.to_bits(), 0.0_f64.to_bits());
    }
}

#[rstest]
#[case::of_large_logits([1000.0, 999.0])]
#[case::of_very_negative_logits([-1000.0, -1001.0])]
fn softmax_neither_overflows_nor_underflows(#[case] logits: [f64; 2]) {
    let loss = cross_entropy(&[logits], &[1], Logits).unwrap();
    assert_abs_diff_eq!(loss.sum, 1.0 + (1.0 + (-1f64).exp()).ln(), epsilon = 1e-15);
}

#[test]
fn a_row_of_probabilities_need_not_sum_to_one() {
    let loss = cross_entropy(&[[0.5, 0.9, 0.9]], &[0], Probabilities).unwrap();
    assert_eq!(loss.sum, 2f64.ln());
}

/// A batch of `(B, C)` outputs in `(0.1, 0.9)` and labels.
fn batch(seed: u64) -> (usize, usize, Vec<f64>, Vec<usize>) {
    let mut stream = Stream::new(seed, Purpose::Check);
    let (b, c) = (1 + stream.below(6) as usize, 2 + stream.below(8) as usize);
    let outputs = (0..b * c).map(|_| stream.uniform(0.1, 0.9)).collect();
    let labels = (0..b).map(|_| stream.below(c as u64) as usize).collect();
    (b, c, outputs, labels)
}

fn mean(flat: &[f64], classes: usize, labels: &[usize], reading: Reading) -> f64 {
    cross_entropy(&flat.chunks(classes).collect::<Vec<_>>(), labels, reading).unwrap().mean
}

fn gradient(flat: &[f64], classes: usize, labels: &[usize], reading: Reading) -> Vec<f64> {
    gradient_of_mean(&flat.chunks(classes).collect::<Vec<_>>(), labels, reading).unwrap().concat()
}

#[rstest]
fn the_gradient_agrees_with_central_differences(
    #[values(Probabilities, Normalised, Logits)] reading: Reading,
    #[values(1, 2, 3, 4, 5)] seed: u64,
) {
    let (_, c, outputs, labels) = batch(seed);
    let claimed = gradient(&outputs, c, &labels, reading);
    gradcheck::check(reading.name(), |y| mean(y, c, &labels, reading), &outputs, &claimed).unwrap();
}

/// Negative control: what the check above must refuse.
#[rstest]
#[case::of_the_sum(|g: &mut Vec<f64>| g.iter_mut().for_each(|g| *g *= 3.0))]
#[case::without_the_label(|g: &mut Vec<f64>| g.iter_mut().for_each(|g| *g = g.max(0.0)))]
#[case::shifted_by_one_class(|g: &mut Vec<f64>| g.rotate_right(1))]
#[case::off_by_one_per_mille(|g: &mut Vec<f64>| g[4] *= 1.001)]
fn a_wrong_gradient_is_refused(
    #[values(Probabilities, Normalised, Logits)] reading: Reading,
    #[case] spoil: fn(&mut Vec<f64>),
) {
    let flat = OUTPUTS.concat();
    let mut claimed = gradient(&flat, 3, &LABELS, reading);
    spoil(&mut claimed);
    gradcheck::check(reading.name(), |y| mean(y, 3, &LABELS, reading), &flat, &claimed).unwrap_err();
}

proptest! {
    #[test]
    fn adding_a_constant_to_the_logits_of_a_row_changes_nothing(seed: u64, constant in -1e3..1e3_f64) {
        let (_, c, outputs, labels) = batch(seed);
        let moved: Vec<f64> = outputs.iter().map(|z| z + constant).collect();
        prop_assert!((mean(&outputs, c, &labels, Logits) - mean(&moved, c, &labels, Logits)).abs() < 1e-12);
    }

    #[test]
    fn scaling_the_outputs_of_a_row_changes_nothing_when_normalised(seed: u64, factor in 1e-3..1e3_f64) {
        let (_, c, outputs, labels) = batch(seed);
        let scaled: Vec<f64> = outputs.iter().map(|y| y * factor).collect();
        prop_assert!((mean(&outputs, c, &labels, Normalised) - mean(&scaled, c, &labels, Normalised)).abs() < 1e-14);
    }

    #[test]
    fn permuting_the_batch_permutes_the_terms_and_the_gradient(seed: u64, turn in 0_usize..6) {
        let (b, c, outputs, labels) = batch(seed);
        let mut rows: Vec<Vec<f64>> = outputs.chunks(c).map(<[f64]>::to_vec).collect();
        let mut permuted_labels = labels.clone();
        for reading in Reading::ALL {
            let mut loss = cross_entropy(&rows, &permuted_labels, reading).unwrap();
            let mut dy = gradient_of_mean(&rows, &permuted_labels, reading).unwrap();
            rows.rotate_left(turn % b);
            permuted_labels.rotate_left(turn % b);
            let permuted = cross_entropy(&rows, &permuted_labels, reading).unwrap();
            loss.per_sample.rotate_left(turn % b);
            dy.rotate_left(turn % b);
            prop_assert_eq!(&permuted.per_sample, &loss.per_sample);
            prop_assert!((permuted.sum - loss.sum).abs() < 1e-14);
            prop_assert_eq!(gradient_of_mean(&rows, &permuted_labels, reading).unwrap(), dy);
        }
    }

    #[test]
    fn permuting_the_classes_changes_nothing(seed: u64) {
        let (_, c, outputs, labels) = batch(seed);
        let reversed: Vec<f64> = outputs.chunks(c).flat_map(|row| row.iter().rev().copied()).collect();
        let relabelled: Vec<usize> = labels.iter().map(|label| c - 1 - label).collect();
        for reading in Reading::ALL {
            let difference = mean(&outputs, c, &labels, reading) - mean(&reversed, c, &relabelled, reading);
            prop_assert!(difference.abs() < 1e-14);
        }
    }

    #[test]
    fn each_reading_is_the_first_one_of_its_own_class_probabilities(seed: u64) {
        let (_, c, outputs, labels) = batch(seed);
        for reading in Reading::ALL {
            let q = class_probabilities(&outputs.chunks(c).collect::<Vec<_>>(), reading).unwrap();
            let direct = mean(&outputs, c, &labels, reading);
            prop_assert!((direct - mean(&q.concat(), c, &labels, Probabilities)).abs() < 1e-14);
            let unit = |row: &Vec<f64>| (row.iter().sum::<f64>() - 1.0).abs() < 1e-14;
            prop_assert!(reading == Probabilities || q.iter().all(unit));
        }
    }

    #[test]
    fn the_gradient_by_logits_sums_to_zero_in_each_row(seed: u64) {
        let (_, c, outputs, labels) = batch(seed);
        for row in gradient(&outputs, c, &labels, Logits).chunks(c) {
            prop_assert!(row.iter().sum::<f64>().abs() < 1e-15);
        }
    }

    #[test]
    fn normalised_outputs_and_their_gradient_are_orthogonal(seed: u64) {
        let (_, c, outputs, labels) = batch(seed);
        let dy = gradient(&outputs, c, &labels, Normalised);
        for (dy, y) in dy.chunks(c).zip(outputs.chunks(c)) {
            prop_assert!(numerics::reduce::dot(dy, y).abs() < 1e-14);
        }
    }
}

#[rstest]
#[case::an_empty_batch(vec![], &[], Probabilities, E::EmptyBatch)]
#[case::fewer_labels_than_rows(vec![vec![0.5, 0.5], vec![0.5, 0.5]], &[0], Probabilities, E::LabelCount { rows: 2, labels: 1 })]
#[case::a_shorter_row(vec![vec![0.5, 0.5], vec![0.5]], &[0, 0], Probabilities, E::Ragged { row: 1, found: 1, expected: 2 })]
#[case::no_classes(vec![vec![]], &[0], Logits, E::Ragged { row: 0, found: 0, expected: 1 })]
#[case::a_label_out_of_range(vec![vec![0.5, 0.5]], &[2], Logits, E::LabelOutOfRange { row: 0, label: 2, classes: 2 })]
#[case::the_largest_label(vec![vec![0.5]], &[usize::MAX], Logits, E::LabelOutOfRange { row: 0, label: usize::MAX, classes: 1 })]
#[case::a_probability_of_zero(vec![vec![0.5, 0.5], vec![0.0, 1.0]], &[0, 0], Probabilities, E::NotPositive { row: 1, column: 0, value: 0.0 })]
#[case::a_probability_of_zero_at_another_class(vec![vec![0.0, 1.0]], &[1], Probabilities, E::NotPositive { row: 0, column: 0, value: 0.0 })]
#[case::a_negative_probability(vec![vec![0.5, -0.1]], &[0], Probabilities, E::NotPositive { row: 0, column: 1, value: -0.1 })]
#[case::a_probability_above_one(vec![vec![0.5, 1.5]], &[0], Probabilities, E::AboveOne { row: 0, column: 1, value: 1.5 })]
#[case::an_infinite_logit(vec![vec![0.5, f64::INFINITY]], &[0], Logits, E::NotFinite { row: 0, column: 1, value: f64::INFINITY })]
#[case::a_row_of_zeros(vec![vec![0.0, 0.0]], &[0], Normalised, E::RowSum { row: 0, sum: 0.0 })]
#[case::a_row_of_negative_sum(vec![vec![-1.0, 0.5]], &[0], Normalised, E::RowSum { row: 0, sum: -0.5 })]
#[case::a_row_of_infinite_sum(vec![vec![1e308, 1e308]], &[0], Normalised, E::RowSum { row: 0, sum: f64::INFINITY })]
#[case::a_negative_share(vec![vec![-1.0, 5.0]], &[1], Normalised, E::NotPositive { row: 0, column: 0, value: -1.0 })]
#[case::logits_too_far_apart(vec![vec![0.0, 0.0], vec![1e308, -1e308]], &[0, 1], Logits, E::Overflow { row: 1 })]
fn bad_input_is_named(
    #[case] outputs: Vec<Vec<f64>>,
    #[case] labels: &[usize],
    #[case] reading: Reading,
    #[case] expected: E,
) {
    assert_eq!(cross_entropy(&outputs, labels, reading), Err(expected.clone()));
    if !matches!(expected, E::Overflow { .. }) {
        assert_eq!(gradient_of_mean(&outputs, labels, reading), Err(expected));
    }
}

#[test]
fn an_output_that_is_not_a_number_is_named() {
    for reading in Reading::ALL {
        let error = cross_entropy(&[[f64::NAN, 1.0]], &[0], reading).unwrap_err();
        assert_eq!(error.to_string(), "row 1, column 1: the output NaN is not finite; give a finite number");
    }
}

#[test]
fn messages_count_rows_and_classes_from_one() {
    let message = |labels: &[usize]| cross_entropy(&OUTPUTS, labels, Logits).unwrap_err().to_string();
    assert_eq!(
        message(&[0, 3, 1]),
        "row 2 is labelled class 4, but the classes are 1 to 3; label it with one of them"
    );
}

#[test]
fn the_gradient_is_held_to_random_cotangents_through_each_term() {
    let (b, c, outputs, labels) = batch(11);
    let v = cotangent(b, 12); // (B)
    let weighted = |y: &[f64]| {
        let loss = cross_entropy(&y.chunks(c).collect::<Vec<_>>(), &labels, Logits).unwrap();
        numerics::reduce::dot(&v, &loss.per_sample)
    };
    let dy = gradient(&outputs, c, &labels, Logits); // (B, C), of the mean
    let claimed: Vec<f64> = dy.iter().enumerate().map(|(i, dy)| dy * b as f64 * v[i / c]).collect();
    gradcheck::check("weighted terms", weighted, &outputs, &claimed).unwrap();
}
