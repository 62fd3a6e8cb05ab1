//! One-hot coding, arg max and accuracy.

use mlp_scratch::labels::arg_max;
use mlp_scratch::{Accuracy, one_hot};
use ndarray::array;
use proptest::prelude::*;

#[test]
fn the_first_of_equal_outputs_is_the_prediction() {
    assert_eq!(arg_max(array![[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [-5.0, -4.0, -3.0]].view()), [1, 0, 2]);
}

#[test]
fn an_accuracy_is_a_count_over_a_count() {
    let accuracy = Accuracy::of(&[0, 1, 2, 2], &[0, 1, 1, 2]).unwrap();
    assert_eq!(accuracy, Accuracy { correct: 3, total: 4 });
    assert_eq!(accuracy.rate(), 3.0 / 4.0);
    assert_eq!(accuracy.to_string(), "3/4");
}

/// Error 4 of the original: a mean of the rates of unequal batches is not the rate.
#[test]
fn the_mean_of_batch_rates_is_not_the_accuracy() {
    let (predictions, labels) = ([0, 0, 0], [0, 0, 1]);
    let whole = Accuracy::of(&predictions, &labels).unwrap().rate();
    let batches =
        [Accuracy::of(&predictions[..2], &labels[..2]), Accuracy::of(&predictions[2..], &labels[2..])];
    let mean_of_rates = batches.map(|batch| batch.unwrap().rate()).iter().sum::<f64>() / 2.0;
    assert_eq!((whole, mean_of_rates), (2.0 / 3.0, 1.0 / 2.0));
}

proptest! {
    #[test]
    fn arg_max_undoes_one_hot(labels in prop::collection::vec(0_usize..7, 0..20)) {
        let targets = one_hot(&labels, 7).unwrap();
        prop_assert!(targets.rows().into_iter().all(|row| row.sum() == 1.0));
        prop_assert_eq!(arg_max(targets.view()), labels);
    }
}
