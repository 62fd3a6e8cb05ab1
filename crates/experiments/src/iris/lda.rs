//! Fisher's linear discriminant: the baseline of P1.1, from the paper that the iris flowers come from.
//!
//! Every class is taken for a normal distribution with a mean of its own and one covariance for all, so the boundaries
//! are planes:
//!
//! ```text
//! S = 1/N Σ_k Σ_(n in k) (x_n - m_k)(x_n - m_k)ᵀ        the pooled covariance within the classes
//! score_k(x) = m_kᵀ S⁻¹ x - 1/2 m_kᵀ S⁻¹ m_k + ln p_k         the largest score is the answer
//! ```
//!
//! **The priors `p_k` are the classes' shares of the training part**, as scikit-learn's default is, not equal ones, and
//! **`S` is divided by `N`**, not by `N - K`, as scikit-learn 1.9 does. `S` is factored as `L Lᵀ` (A.-L. Cholesky), and
//! `S⁻¹ m_k` comes of two triangular systems. Nothing is scaled: the scores do not change under an affine map of the
//! features.
//!
//! Shapes: `N` examples, `D` features, `K` classes.
//!
//! Source: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7, 1936; for
//! several classes C. R. Rao, Journal of the Royal Statistical Society B 10, 1948.

use super::cholesky::{cholesky, forward, solve};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use numerics::elementary::ln;
use numerics::linalg::{matmul_nt, matmul_tn, sum_rows};
use numerics::reduce::sum;

/// A fitted discriminant.
#[derive(Clone, Debug, PartialEq)]
pub struct Lda {
    weights: Array2<f64>, // (K, D)
    biases: Array1<f64>,  // (K)
}

/// What discriminant and whitening are made of.
struct Pooled {
    means: Array2<f64>,  // (K, D)
    priors: Vec<f64>,    // (K)
    factor: Array2<f64>, // (D, D), the Cholesky factor L of S
}

/// The map that makes the covariance within the classes the identity: `z = L⁻¹ (x - m)`, with `m` the mean of all
/// training examples. In `z` the discriminant of equally frequent classes is the nearest mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Whitener {
    mean: Array1<f64>,   // (D)
    factor: Array2<f64>, // (D, D)
}

impl Whitener {
    /// Takes mean and pooled covariance of the training examples `x`, `(N, D)`.
    ///
    /// # Errors
    /// [`LdaError`].
    pub fn fit(x: ArrayView2<f64>, labels: &[usize], classes: usize) -> Result<Self, LdaError> {
        let Pooled { factor, .. } = Pooled::of(x, labels, classes)?;
        Ok(Self { mean: sum_rows(x) / x.nrows() as f64, factor })
    }

    /// The examples `(N, D)`, whitened.
    ///
    /// # Panics
    /// When `x` has another number of columns than the features of the fit.
    pub fn apply(&self, x: ArrayView2<f64>) -> Array2<f64> {
        let mut z = &x - &self.mean; // (N, D)
        z.rows_mut().into_iter().for_each(|row| forward(&self.factor, row));
        z
    }

    /// The examples whose whitened features are `z`, `(N, D)`.
    ///
    /// # Panics
    /// As [`apply`](Self::apply).
    pub fn undo(&self, z: ArrayView2<f64>) -> Array2<f64> {
        matmul_nt(z, self.factor.view()) + &self.mean // (N, D) = (N, D)(D, D) + (D)
    }
}

/// Why there is no discriminant.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LdaError {
    /// Features and labels differ in number.
    #[error("{examples} examples with {labels} labels")]
    Lengths {
        /// Rows of features.
        examples: usize,
        /// Labels.
        labels: usize,
    },
    /// A label is no class.
    #[error("label {label} of example {example} is not below {classes}")]
    Label {
        /// The example, counted from 0.
        example: usize,
        label: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// A class has no example, so it has no mean.
    #[error("class {0} has no example to take a mean of")]
    EmptyClass(usize),
    /// The pooled covariance has no inverse: too few examples, or a feature that is constant or follows from others.
    #[error(
        "the covariance within the classes has no inverse: leave out feature {0}, which follows from others"
    )]
    Singular(usize),
}

impl Pooled {
    fn of(x: ArrayView2<f64>, labels: &[usize], classes: usize) -> Result<Self, LdaError> {
        let (n, d) = x.dim();
        if n != labels.len() {
            return Err(LdaError::Lengths { examples: n, labels: labels.len() });
        }
        if let Some(example) = labels.iter().position(|&label| label >= classes) {
            return Err(LdaError::Label { example, label: labels[example], classes });
        }
        let (mut means, mut priors) = (Array2::zeros((classes, d)), Vec::new()); //   (K, D), (K)
        let mut scatter = Array2::<f64>::zeros((d, d)); //                            (D, D)
        for class in 0..classes {
            let rows: Vec<usize> = (0..n).filter(|&row| labels[row] == class).collect();
            if rows.is_empty() {
                return Err(LdaError::EmptyClass(class));
            }
            let own = x.select(Axis(0), &rows); //                                    (N_k, D)
            let mean = sum_rows(own.view()) / rows.len() as f64; //                   (D)
            let centred = own - &mean; //                                             (N_k, D)
            scatter += &matmul_tn(centred.view(), centred.view()); //                 (D, D) = (D, N_k)(N_k, D)
            means.row_mut(class).assign(&mean);
            priors.push(rows.len() as f64 / n as f64);
        }
        let covariance = scatter / n as f64; //                                  (D, D)
        let factor = cholesky(&covariance).map_err(|error| LdaError::Singular(error.pivot))?; // (D, D)
        Ok(Self { means, priors, factor })
    }
}

impl Lda {
    /// Fits to the examples `x`, `(N, D)`, with labels from 0 to `classes - 1`.
    ///
    /// # Errors
    /// [`LdaError`].
    pub fn fit(x: ArrayView2<f64>, labels: &[usize], classes: usize) -> Result<Self, LdaError> {
        let Pooled { means, priors, factor } = Pooled::of(x, labels, classes)?;
        let d = x.ncols();
        let mut weights = Array2::zeros((classes, d)); //                             (K, D)
        let mut biases = Array1::zeros(classes); //                                   (K)
        for (class, mean) in means.rows().into_iter().enumerate() {
            let weight = solve(&factor, mean); //                                     (D)
            let half_square = 0.5 * sum(weight.iter().zip(mean).map(|(w, m)| w * m));
            biases[class] = ln(priors[class]) - half_square;
            weights.row_mut(class).assign(&weight);
        }
        Ok(Self { weights, biases })
    }

    /// The scores `(N, K)` of the examples `(N, D)`; their softmax is the posterior.
    ///
    /// # Panics
    /// When `x` has another number of columns than the features of the fit.
    pub fn scores(&self, x: ArrayView2<f64>) -> Array2<f64> {
        matmul_nt(x, self.weights.view()) + &self.biases // (N, K) = (N, D)(D, K) + (K)
    }

    /// The class of each example: the place of its largest score, **the first one of equals**.
    ///
    /// # Panics
    /// As [`scores`](Self::scores).
    pub fn predict(&self, x: ArrayView2<f64>) -> Vec<usize> {
        answers(self.scores(x).view())
    }
}

/// The place of the largest of each row of scores `(N, K)`, **the first one of equals**.
pub(super) fn answers(scores: ArrayView2<f64>) -> Vec<usize> {
    let larger = |row: ArrayView1<f64>, best: usize, i: usize| if row[i] > row[best] { i } else { best };
    scores.rows().into_iter().map(|row| (1..row.len()).fold(0, |best, i| larger(row, best, i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::repository_data;
    use data::iris::Iris;
    use ndarray::array;
    use numerics::linalg::matmul;
    use rstest::rstest;
    use serde::Deserialize;

    /// Made by `tests/golden/lda.py` with scikit-learn.
    #[derive(Deserialize)]
    struct Golden {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        train: Vec<usize>,
        test: Vec<usize>,
        log_posteriors: Vec<Vec<f64>>,
        predictions: Vec<usize>,
    }

    fn golden() -> Vec<Case> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/lda.json");
        records::store::read_json::<Golden>(path).unwrap().cases
    }

    /// The largest difference of the logarithms of the posteriors, over all cases.
    fn difference(alter: impl Fn(&mut Lda)) -> f64 {
        let iris = Iris::load(repository_data()).unwrap();
        let mut worst: f64 = 0.0;
        for case in golden() {
            let (train, test) = (iris.subset(&case.train), iris.subset(&case.test));
            let mut lda = Lda::fit(train.features.view(), &train.labels, 3).unwrap();
            alter(&mut lda);
            for (row, expected) in
                lda.scores(test.features.view()).rows().into_iter().zip(&case.log_posteriors)
            {
                let top = row.fold(f64::NEG_INFINITY, |top, &score| top.max(score));
                let log_total = top + ln(sum(row.iter().map(|score| numerics::elementary::exp(score - top))));
                row.iter().zip(expected).for_each(|(s, e)| worst = worst.max((s - log_total - e).abs()));
            }
        }
        worst
    }

    /// The scores reach some hundreds, so 1e-9 is a relative 1e-11.
    #[test]
    fn the_posteriors_are_those_of_scikit_learn() {
        assert!(golden().len() >= 3);
        assert!(difference(|_| ()) < 1e-9, "{}", difference(|_| ()));
    }

    /// The control: equal priors in place of those of the training part are seen.
    #[test]
    fn another_prior_would_be_seen() {
        assert!(difference(|lda| lda.biases[1] += 0.01) > 1e-3);
    }

    #[test]
    fn the_answers_are_those_of_scikit_learn() {
        let iris = Iris::load(repository_data()).unwrap();
        for case in golden() {
            let (train, test) = (iris.subset(&case.train), iris.subset(&case.test));
            let lda = Lda::fit(train.features.view(), &train.labels, 3).unwrap();
            assert_eq!(lda.predict(test.features.view()), case.predictions);
        }
    }

    /// Two classes with the means -1 and 1 and equal spread: the boundary is the middle, shifted towards the rarer
    /// class.
    #[test]
    fn in_one_dimension_the_boundary_lies_between_the_means() {
        let x = array![[-1.5], [-0.5], [0.5], [1.5]];
        let lda = Lda::fit(x.view(), &[0, 0, 1, 1], 2).unwrap();
        assert_eq!(lda.predict(array![[-1e-9], [1e-9], [-7.0], [7.0]].view()), [0, 1, 0, 1]);
        let rarer = array![[-1.5], [-0.5], [-1.5], [-0.5], [0.5], [1.5]];
        let lda = Lda::fit(rarer.view(), &[0, 0, 0, 0, 1, 1], 2).unwrap();
        // S = 1/4, so the boundary is at S ln 2 / 2.
        let boundary = 0.25 * ln(2.0) / 2.0;
        assert_eq!(lda.predict(array![[boundary - 1e-9], [boundary + 1e-9]].view()), [0, 1]);
    }

    #[test]
    fn an_affine_map_of_the_features_changes_no_answer() {
        let iris = Iris::load(repository_data()).unwrap();
        let map =
            array![[2.0, 0.5, 0.0, 0.0], [0.0, -1.0, 0.25, 0.0], [0.0, 0.0, 3.0, 1.0], [1.0, 0.0, 0.0, 0.5]];
        let mapped = matmul(iris.features.view(), map.view()) + 7.0;
        let predict = |x: &Array2<f64>| Lda::fit(x.view(), &iris.labels, 3).unwrap().predict(x.view());
        let answers = predict(&iris.features);
        assert_eq!(answers, predict(&mapped));
        let wrong = answers.iter().zip(&iris.labels).filter(|(answer, label)| answer != label).count();
        assert_eq!(wrong, 3, "Fisher's own three flowers");
    }

    #[test]
    fn whitened_classes_have_the_identity_as_covariance() {
        let iris = Iris::load(repository_data()).unwrap();
        let z = Whitener::fit(iris.features.view(), &iris.labels, 3).unwrap().apply(iris.features.view());
        let Pooled { factor, .. } = Pooled::of(z.view(), &iris.labels, 3).unwrap();
        approx::assert_abs_diff_eq!(factor, Array2::eye(4), epsilon = 1e-12);
        approx::assert_abs_diff_eq!(sum_rows(z.view()), Array1::zeros(4), epsilon = 1e-10);
        let undone = Whitener::fit(iris.features.view(), &iris.labels, 3).unwrap().undo(z.view());
        approx::assert_abs_diff_eq!(undone, iris.features, epsilon = 1e-12);
        let Pooled { factor, .. } = Pooled::of(iris.features.view(), &iris.labels, 3).unwrap();
        assert!((factor[[0, 0]] - 1.0).abs() > 0.1, "centimetres are not white");
    }

    #[rstest]
    #[case::no_label(&[0, 1, 0], LdaError::Lengths { examples: 4, labels: 3 })]
    #[case::a_fourth_class(&[0, 1, 3, 1], LdaError::Label { example: 2, label: 3, classes: 2 })]
    #[case::an_empty_class(&[0, 0, 0, 0], LdaError::EmptyClass(1))]
    #[case::a_feature_that_follows_from_another(&[0, 0, 1, 1], LdaError::Singular(1))]
    fn there_is_no_discriminant_with(#[case] labels: &[usize], #[case] expected: LdaError) {
        let x = array![[0.0, 0.0], [1.0, 2.0], [3.0, 6.0], [5.0, 10.0]];
        assert_eq!(Lda::fit(x.view(), labels, 2), Err(expected));
    }
}
