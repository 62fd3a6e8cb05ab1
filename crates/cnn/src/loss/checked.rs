//! Losses behind a door that checks what comes from outside: which loss a run minimises, and why targets are refused.

use super::{Score, Targets, softmax_cross_entropy};
use crate::tensor::{Shape, Tensor};
use kernels::Isa;

/// Why a batch of outputs has no loss. Examples and classes count **from 0**.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum TargetError {
    /// There are not as many labels as examples.
    #[error("{labels} labels for {examples} examples: give each example one")]
    Count {
        /// The labels.
        labels: usize,
        /// The examples.
        examples: usize,
    },
    /// A label is no class. Usual cause: labels that count from 1.
    #[error("example {example} has the label {label}, the {classes} classes count from 0: subtract 1?")]
    OutOfRange {
        /// The example.
        example: usize,
        /// Its label.
        label: usize,
        /// How many classes the network has.
        classes: usize,
    },
    /// The network ends in maps and not in logits.
    #[error("the network's output is {output}, not (N, C): end it with Flatten and Linear")]
    NotVectors {
        /// The shape of the output.
        output: Shape,
    },
    /// The smoothing is no share.
    #[error("the label smoothing {smoothing} is no share: give 0 or more, and less than 1")]
    Smoothing {
        /// The smoothing.
        smoothing: f64,
    },
}

impl Targets<'_> {
    /// Refuses targets that the logits `(N, C)` cannot be held to. It looks at every label once, which is nothing
    /// beside a forward pass.
    ///
    /// # Errors
    /// [`TargetError`], naming the first example at fault.
    ///
    /// ```
    /// use cnn::{Shape, TargetError, Targets};
    /// let targets = Targets::from(&[0, 3]);
    /// let error = TargetError::OutOfRange { example: 1, label: 3, classes: 3 };
    /// assert_eq!(targets.check(Shape::vectors(2, 3)), Err(error));
    /// assert_eq!(targets.check(Shape::vectors(2, 4)), Ok(()));
    /// ```
    pub fn check(&self, logits: Shape) -> Result<(), TargetError> {
        let (examples, classes) = (logits.n, logits.c);
        if (logits.h, logits.w) != (1, 1) {
            return Err(TargetError::NotVectors { output: logits });
        }
        if self.labels.len() != examples {
            return Err(TargetError::Count { labels: self.labels.len(), examples });
        }
        if !(0.0..1.0).contains(&self.smoothing) {
            return Err(TargetError::Smoothing { smoothing: self.smoothing });
        }
        match self.labels.iter().position(|&label| label >= classes) {
            Some(example) => Err(TargetError::OutOfRange { example, label: self.labels[example], classes }),
            None => Ok(()),
        }
    }
}

/// A loss of one's own: the score of outputs `(N, C)` against labels `(N)`, and, if asked for, its gradient by the
/// outputs, `(N, C)`. It is called with checked labels only. What it calls
/// [`loss_sum_nats`](Score::loss_sum_nats) may have another unit.
pub type LossFn = fn(Isa, &Tensor, &[usize], Option<&mut Tensor>) -> Score;

/// Which loss a run minimises.
#[derive(Clone, Copy, Debug)]
pub enum Loss {
    /// The softmax cross-entropy, the **mean** over the batch: see [`softmax_cross_entropy`].
    CrossEntropy {
        /// The share of the target that all classes get alike, 0 or more and less than 1: [`Targets::smoothing`].
        smoothing: f64,
    },
    /// Any other.
    Other(LossFn),
}

impl Loss {
    /// The cross-entropy without smoothing.
    pub const CROSS_ENTROPY: Self = Self::CrossEntropy { smoothing: 0.0 };

    /// The score of the outputs `(N, C)` against the labels `(N)` and, if asked for, the gradient `(N, C)` by the
    /// outputs.
    ///
    /// # Errors
    /// [`TargetError`]: the labels do not fit the outputs.
    pub fn score(
        self,
        isa: Isa,
        outputs: &Tensor,
        labels: &[usize],
        doutputs: Option<&mut Tensor>,
    ) -> Result<Score, TargetError> {
        let smoothing = if let Self::CrossEntropy { smoothing } = self { smoothing } else { 0.0 };
        let targets = Targets { labels, smoothing };
        targets.check(outputs.shape())?;
        Ok(match self {
            Self::CrossEntropy { .. } => softmax_cross_entropy(isa, outputs, targets, doutputs),
            Self::Other(loss) => loss(isa, outputs, labels, doutputs),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::as_they_should_be(Shape::vectors(2, 3), &[0, 2], 0.5, None)]
    #[case::counting_from_1(
        Shape::vectors(2, 3), &[1, 3], 0.0,
        Some("example 1 has the label 3, the 3 classes count from 0: subtract 1?")
    )]
    #[case::too_few(Shape::vectors(2, 3), &[1], 0.0, Some("1 labels for 2 examples: give each example one"))]
    #[case::of_maps(
        Shape::maps(2, 1, 4, 3), &[0, 2], 0.0,
        Some("the network's output is (2, 1, 4, 3), not (N, C): end it with Flatten and Linear")
    )]
    #[case::smoothed_to_nothing(
        Shape::vectors(2, 3), &[0, 2], 1.0,
        Some("the label smoothing 1 is no share: give 0 or more, and less than 1")
    )]
    #[case::without_a_smoothing(
        Shape::vectors(2, 3), &[0, 2], f64::NAN,
        Some("the label smoothing NaN is no share: give 0 or more, and less than 1")
    )]
    fn targets_are_refused_with_the_remedy(
        #[case] logits: Shape,
        #[case] labels: &[usize],
        #[case] smoothing: f64,
        #[case] message: Option<&str>,
    ) {
        let scored =
            Loss::CrossEntropy { smoothing }.score(Isa::detect(), &Tensor::zeros(logits), labels, None);
        assert_eq!(scored.err().map(|error| error.to_string()).as_deref(), message);
    }

    #[test]
    fn a_loss_of_ones_own_sees_checked_labels_only() {
        let ones = Loss::Other(|_, _, labels, _| Score { correct: labels[0], ..Score::default() });
        let score =
            |labels: &[usize]| ones.score(Isa::detect(), &Tensor::zeros(Shape::vectors(1, 3)), labels, None);
        assert_eq!(score(&[2]).map(|score| score.correct), Ok(2));
        assert_eq!(score(&[3]), Err(TargetError::OutOfRange { example: 0, label: 3, classes: 3 }));
        assert_eq!(score(&[]), Err(TargetError::Count { labels: 0, examples: 1 }));
    }
}
