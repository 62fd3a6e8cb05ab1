//! What the studies on iris do alike.

use crate::context::Context;
use crate::iris::IrisRunError;
use crate::iris::lda::Lda;
use crate::study::ExperimentError;
use data::iris::{Iris, SPECIES};
use data::split::Split;

/// The number with four significant digits: a record of thousands of runs need not hold more of a loss. **Rounded in
/// decimal, half to even, by the exact value**, so the same on every machine.
pub(super) fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// Iris, from the folder of the data sets.
pub(super) fn load(context: &Context) -> Result<Iris, ExperimentError> {
    Ok(Iris::load(&context.data_dir)?)
}

/// What Fisher's discriminant answers for the test flowers of a split, after the training flowers.
pub(super) fn answers_of_lda(iris: &Iris, split: &Split) -> Result<Vec<usize>, IrisRunError> {
    let (train, test) = (iris.subset(&split.train), iris.subset(&split.test));
    let lda = Lda::fit(train.features.view(), &train.labels, SPECIES.len())?;
    Ok(lda.predict(test.features.view()))
}

/// The test flowers of a split that the discriminant has wrong, by their rows in the file.
pub(super) fn wrong_by_lda(iris: &Iris, split: &Split) -> Result<Vec<usize>, IrisRunError> {
    let answers = split.test.iter().zip(answers_of_lda(iris, split)?);
    Ok(answers.filter(|&(&row, answer)| answer != iris.labels[row]).map(|(&row, _)| row).collect())
}

/// The part's own number in the list of what is to be computed.
pub(super) fn position<T>(
    all: &[T],
    id: &str,
    id_of: impl Fn(&T) -> String,
) -> Result<usize, ExperimentError> {
    all.iter()
        .position(|one| id_of(one) == id)
        .ok_or_else(|| ExperimentError::Parts(format!("there is no part `{id}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_significant_digits_are_kept() {
        assert_eq!([123456.0, -0.00123456, 0.0, 1.0].map(four_digits), [123500.0, -0.001235, 0.0, 1.0]);
    }
}
