//! What a network learns from.

use crate::loss::TargetError;
use crate::network::Pass;
use crate::tensor::{CountError, Shape, Tensor};

/// Where a [`Trainer`](crate::Trainer) takes its batches from. [`Examples`] is one that lies in memory; another may
/// distort its images at random, or read them from bytes.
pub trait Source {
    /// How many examples there are.
    fn len(&self) -> usize;

    /// True when there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts the examples `rows` into the pass, with [`Pass::write`], and makes `labels` their classes, **from 0**. It
    /// is called once for each step, with the epoch **from 1**; the epoch is 0 when the examples are evaluated and not
    /// learned from.
    fn fill(&mut self, epoch: usize, rows: &[usize], pass: &mut Pass, labels: &mut Vec<usize>);
}

/// `N` inputs with their labels, checked once.
#[derive(Clone, Debug)]
pub struct Examples {
    inputs: Tensor,     // (N, H, W, C) or (N, D)
    labels: Vec<usize>, // (N)
}

/// Why examples are refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ExamplesError {
    /// There is none, so there is nothing to learn.
    #[error("there is no example: give at least one")]
    Empty,
    /// The numbers do not make up the shape.
    #[error(transparent)]
    Count(#[from] CountError),
    /// There are not as many labels as examples, or a label is no class.
    #[error(transparent)]
    Labels(#[from] TargetError),
    /// An input is infinite or NaN: it would spread to every parameter in one step.
    #[error("example {example} holds {value}, which is not finite: remove or mend it")]
    NotFinite {
        /// The example, from 0.
        example: usize,
        /// The number.
        value: f32,
    },
}

impl Examples {
    /// The examples with the numbers `inputs` of the given shape, `(N, H, W, C)` or `(N, D)`, and `labels` `(N)` among
    /// `0..classes`.
    ///
    /// ```
    /// use cnn::{Examples, ExamplesError, Shape, TargetError};
    /// let two = Shape::vectors(2, 1);
    /// assert!(Examples::new(two, vec![0.5, 1.5], vec![0, 1], 2).is_ok());
    /// let error = TargetError::OutOfRange { example: 1, label: 2, classes: 2 };
    /// let refused = Examples::new(two, vec![0.5, 1.5], vec![1, 2], 2).err();
    /// assert_eq!(refused, Some(ExamplesError::Labels(error)));
    /// ```
    ///
    /// # Errors
    /// [`ExamplesError`], naming the first example at fault. Usual causes: labels that count from 1; a missing value
    /// read as NaN.
    pub fn new(
        shape: Shape,
        inputs: Vec<f32>,
        labels: Vec<usize>,
        classes: usize,
    ) -> Result<Self, ExamplesError> {
        let inputs = Tensor::try_new(shape, inputs)?;
        if shape.is_empty() {
            return Err(ExamplesError::Empty);
        }
        if labels.len() != shape.n {
            return Err(TargetError::Count { labels: labels.len(), examples: shape.n }.into());
        }
        if let Some(example) = labels.iter().position(|&label| label >= classes) {
            return Err(TargetError::OutOfRange { example, label: labels[example], classes }.into());
        }
        if let Some(at) = inputs.data().iter().position(|x| !x.is_finite()) {
            let (example, value) = (at / shape.example_len(), inputs.data()[at]);
            return Err(ExamplesError::NotFinite { example, value });
        }
        Ok(Self { inputs, labels })
    }

    /// The inputs, `(N, H, W, C)` or `(N, D)`.
    pub fn inputs(&self) -> &Tensor {
        &self.inputs
    }

    /// The labels, `(N)`.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }
}

impl Source for Examples {
    fn len(&self) -> usize {
        self.labels.len()
    }

    fn fill(&mut self, _: usize, rows: &[usize], pass: &mut Pass, labels: &mut Vec<usize>) {
        let shape = self.inputs.shape();
        let to = pass.write(shape.with_examples(rows.len())); // (B, H, W, C)
        for (to, &row) in to.chunks_exact_mut(shape.example_len()).zip(rows) {
            to.copy_from_slice(self.inputs.example(row)); //     (H, W, C)
        }
        labels.clear();
        labels.extend(rows.iter().map(|&row| self.labels[row])); // (B)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::none(Shape::vectors(0, 2), &[], &[], "there is no example: give at least one")]
    #[case::without_numbers(Shape::maps(1, 0, 3, 1), &[], &[0], "there is no example: give at least one")]
    #[case::too_few_numbers(Shape::vectors(2, 2), &[1.0; 3], &[0, 1], "3 numbers for the shape (2, 2), which takes 4")]
    #[case::too_few_labels(Shape::vectors(2, 1), &[1.0; 2], &[0], "1 labels for 2 examples: give each example one")]
    #[case::labels_from_1(
        Shape::vectors(2, 1), &[1.0; 2], &[1, 2],
        "example 1 has the label 2, the 2 classes count from 0: subtract 1?"
    )]
    #[case::a_missing_value(
        Shape::vectors(2, 2), &[1.0, 2.0, f32::NAN, 4.0], &[0, 1],
        "example 1 holds NaN, which is not finite: remove or mend it"
    )]
    fn examples_are_refused_with_their_place(
        #[case] shape: Shape,
        #[case] inputs: &[f32],
        #[case] labels: &[usize],
        #[case] message: &str,
    ) {
        let error = Examples::new(shape, inputs.to_vec(), labels.to_vec(), 2).unwrap_err();
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn a_batch_is_the_rows_asked_for_in_their_order() {
        let inputs = (0..12).map(|i| i as f32).collect();
        let mut examples = Examples::new(Shape::maps(3, 1, 2, 2), inputs, vec![0, 1, 2], 3).unwrap();
        let (mut pass, mut labels) = (Pass::default(), vec![7]);
        examples.fill(1, &[2, 0], &mut pass, &mut labels);
        assert_eq!(pass.input().shape(), Shape::maps(2, 1, 2, 2));
        assert_eq!(pass.input().data(), [8.0, 9.0, 10.0, 11.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(labels, [2, 0]);
        assert_eq!((examples.len(), examples.is_empty()), (3, false));
    }
}
