//! Columns of mean 0 and standard deviation 1, by what the *training* part says.
//!
//! ```text
//! z = (x - mean) / std        mean, std: of each column of the training features
//! ```
//!
//! Fitted on all data, the test part would leak into training through its mean and deviation.
//!
//! Shapes: `N` examples, `D` features.

use ndarray::{Array1, Array2, ArrayView2};
use numerics::reduce;
use serde::{Deserialize, Serialize};

/// Mean and deviation of each feature of the training part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standardiser {
    /// The means: `(D)`.
    pub mean: Vec<f64>,
    /// The **population** standard deviations (divided by `N`, as scikit-learn's `StandardScaler` does): `(D)`.
    pub std: Vec<f64>,
}

/// Why features cannot be standardised.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StandardiseError {
    /// There is no example to fit on.
    #[error("there are no examples to take a mean and a standard deviation of")]
    Empty,
    /// A column is constant, so its deviation is 0 and nothing can be divided by it.
    #[error("column {column} is {value} in every row, its standard deviation is 0; leave the column out")]
    Constant {
        /// The column, counted from 0.
        column: usize,
        /// Its only value.
        value: f64,
    },
    /// A column holds an infinite or NaN value, or values whose squares overflow.
    #[error("column {column} has no finite mean and standard deviation; look for a value that is not finite")]
    NotFinite {
        /// The column, counted from 0.
        column: usize,
    },
    /// The features have another number of columns than those of the fit.
    #[error("{found} columns, but the standardiser was fitted on {expected}")]
    Columns {
        /// The columns of the fit.
        expected: usize,
        /// The columns given.
        found: usize,
    },
}

impl Standardiser {
    /// Takes mean and deviation of each column of the training features `(N, D)`.
    ///
    /// # Errors
    /// [`StandardiseError::Empty`], [`StandardiseError::Constant`] or [`StandardiseError::NotFinite`].
    pub fn fit(train: ArrayView2<f64>) -> Result<Self, StandardiseError> {
        if train.nrows() == 0 {
            return Err(StandardiseError::Empty);
        }
        let (mut mean, mut std) = (Vec::new(), Vec::new());
        for (column, xs) in train.columns().into_iter().enumerate() {
            // The deviation of equal values may be rounded to something above 0.
            if xs.iter().all(|&x| x == xs[0]) {
                return Err(StandardiseError::Constant { column, value: xs[0] });
            }
            let column_mean = reduce::mean(&xs.to_vec());
            let squares = reduce::sum(xs.iter().map(|x| (x - column_mean) * (x - column_mean)));
            let deviation = (squares / xs.len() as f64).sqrt();
            if !deviation.is_finite() {
                return Err(StandardiseError::NotFinite { column });
            }
            // Squares of differences below 1e-162 are rounded to 0.
            if deviation == 0.0 {
                return Err(StandardiseError::Constant { column, value: column_mean });
            }
            mean.push(column_mean);
            std.push(deviation);
        }
        Ok(Self { mean, std })
    }

    /// `(x - mean) / std` for features `(N, D)` of either part.
    ///
    /// # Errors
    /// [`StandardiseError::Columns`].
    pub fn apply(&self, features: ArrayView2<f64>) -> Result<Array2<f64>, StandardiseError> {
        if features.ncols() != self.mean.len() {
            return Err(StandardiseError::Columns { expected: self.mean.len(), found: features.ncols() });
        }
        let mean = Array1::from_vec(self.mean.clone()); // (D)
        let std = Array1::from_vec(self.std.clone()); //   (D)
        Ok((&features - &mean) / &std) //                  (N, D)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{iris::Iris, repository_data, split::Split};
    use ndarray::array;
    use proptest::prelude::*;
    use rstest::rstest;

    #[test]
    fn two_values_become_minus_one_and_plus_one() {
        let x = array![[1.0, 10.0], [3.0, -10.0]];
        let standardiser = Standardiser::fit(x.view()).unwrap();
        assert_eq!(standardiser, Standardiser { mean: vec![2.0, 0.0], std: vec![1.0, 10.0] });
        assert_eq!(standardiser.apply(x.view()).unwrap(), array![[-1.0, 1.0], [1.0, -1.0]]);
    }

    #[test]
    fn the_training_part_gets_mean_zero_and_deviation_one_and_the_test_part_does_not() {
        let iris = Iris::load(repository_data()).unwrap();
        let split = Split::shuffled(150, 1);
        let (train, test) = (iris.subset(&split.train).features, iris.subset(&split.test).features);
        let standardiser = Standardiser::fit(train.view()).unwrap();
        let refit = |x: Array2<f64>| Standardiser::fit(standardiser.apply(x.view()).unwrap().view()).unwrap();
        let fitted = refit(train);
        assert!(fitted.mean.iter().all(|m| m.abs() < 1e-14), "{fitted:?}");
        assert!(fitted.std.iter().all(|s| (s - 1.0).abs() < 1e-14), "{fitted:?}");
        let unseen = refit(test);
        assert!(unseen.mean.iter().any(|m| m.abs() > 0.01), "the test part was part of the fit: {unseen:?}");
    }

    #[rstest]
    #[case::without_rows(Array2::zeros((0, 4)), StandardiseError::Empty)]
    #[case::with_a_constant_column(
        array![[1.0, 0.1], [2.0, 0.1], [4.0, 0.1]],
        StandardiseError::Constant { column: 1, value: 0.1 }
    )]
    #[case::of_one_row(array![[5.0]], StandardiseError::Constant { column: 0, value: 5.0 })]
    #[case::that_differ_below_the_smallest_square(
        array![[0.0], [2e-200]],
        StandardiseError::Constant { column: 0, value: 1e-200 }
    )]
    #[case::with_an_infinity(array![[1.0], [f64::INFINITY]], StandardiseError::NotFinite { column: 0 })]
    #[case::with_nan(array![[1.0, 1.0], [2.0, f64::NAN]], StandardiseError::NotFinite { column: 1 })]
    fn features_are_refused(#[case] features: Array2<f64>, #[case] expected: StandardiseError) {
        assert_eq!(Standardiser::fit(features.view()), Err(expected));
    }

    #[test]
    fn features_of_another_width_are_refused() {
        let standardiser = Standardiser::fit(array![[1.0, 2.0], [3.0, 5.0]].view()).unwrap();
        let error = standardiser.apply(array![[1.0]].view()).unwrap_err();
        assert_eq!(error, StandardiseError::Columns { expected: 2, found: 1 });
    }

    proptest! {
        #[test]
        fn scale_and_offset_of_a_column_do_not_matter(
            xs in prop::collection::vec(-100_i32..100, 2..40), scale in 1_i32..50, offset in -50_i32..50,
        ) {
            prop_assume!(xs.iter().any(|x| *x != xs[0]));
            let column = |f: &dyn Fn(i32) -> f64| Array2::from_shape_fn((xs.len(), 1), |(i, _)| f(xs[i]));
            let standardise = |x: Array2<f64>| Standardiser::fit(x.view()).unwrap().apply(x.view()).unwrap();
            let plain = standardise(column(&|x| f64::from(x)));
            let moved = standardise(column(&|x| f64::from(x * scale + offset)));
            prop_assert!((plain - moved).iter().all(|d| d.abs() < 1e-12));
        }
    }
}
