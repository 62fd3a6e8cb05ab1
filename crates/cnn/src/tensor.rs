//! A batch of maps or vectors.
//!
//! Shapes: maps are `(N, H, W, C)`, channels last; vectors are `(N, D)`, kept as `(N, 1, 1, D)`.

use ndarray::{Array4, ArrayView4};
use std::fmt;

/// The shape of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Examples `N`.
    pub n: usize,
    /// Rows `H`.
    pub h: usize,
    /// Columns `W`.
    pub w: usize,
    /// Channels `C`, or the length `D` of a vector.
    pub c: usize,
}

impl Shape {
    /// `(N, H, W, C)`.
    pub fn maps(n: usize, h: usize, w: usize, c: usize) -> Self {
        Self { n, h, w, c }
    }

    /// `(N, D)`.
    pub fn vectors(n: usize, d: usize) -> Self {
        Self { n, h: 1, w: 1, c: d }
    }

    /// Numbers in one example.
    pub fn example_len(&self) -> usize {
        self.h * self.w * self.c
    }

    /// Numbers in the batch.
    pub fn len(&self) -> usize {
        self.n * self.example_len()
    }

    /// True when the batch holds no number.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same shape for `n` examples.
    pub fn with_examples(self, n: usize) -> Self {
        Self { n, ..self }
    }
}

impl fmt::Display for Shape {
    /// `(64, 28, 28, 1)`, or `(16, 4)` for vectors.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n, h, w, c } = self;
        if (*h, *w) == (1, 1) { write!(f, "({n}, {c})") } else { write!(f, "({n}, {h}, {w}, {c})") }
    }
}

/// A shape and a count of numbers that do not belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} numbers for the shape {shape}, which takes {}", .shape.len())]
pub struct CountError {
    /// The shape.
    pub shape: Shape,
    /// How many numbers there were.
    pub found: usize,
}

/// A batch of `f32` numbers; its memory is kept when it changes its shape, so a training step allocates nothing
/// after the first.
#[derive(Clone, Debug)]
pub struct Tensor {
    shape: Shape,
    /// At least as long as the shape asks.
    data: Vec<f32>,
}

impl Tensor {
    /// Zeros.
    pub fn zeros(shape: Shape) -> Self {
        Self { shape, data: vec![0.0; shape.len()] }
    }

    /// The given numbers, example after example, in an example row after row, in a row pixel after pixel.
    ///
    /// ```
    /// use cnn::{Shape, Tensor};
    /// let x = Tensor::try_new(Shape::maps(1, 2, 2, 1), vec![1.0, 2.0, 3.0, 4.0])?; // (N, H, W, C) = (1, 2, 2, 1)
    /// assert_eq!(x.example(0)[2], 3.0); // row 1, column 0
    /// assert!(Tensor::try_new(Shape::vectors(2, 3), vec![0.0; 5]).is_err());
    /// # Ok::<(), cnn::CountError>(())
    /// ```
    ///
    /// # Errors
    /// [`CountError`]: their count is not that of the shape.
    pub fn try_new(shape: Shape, data: Vec<f32>) -> Result<Self, CountError> {
        if data.len() != shape.len() {
            return Err(CountError { shape, found: data.len() });
        }
        Ok(Self { shape, data })
    }

    /// [`try_new`](Self::try_new) for a count that is known to be right.
    ///
    /// # Panics
    /// When it is not.
    pub fn new(shape: Shape, data: Vec<f32>) -> Self {
        Self::try_new(shape, data).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The numbers as an array `(N, H, W, C)` in double precision.
    pub fn to_f64(&self) -> Array4<f64> {
        let Shape { n, h, w, c } = self.shape;
        let view =
            ArrayView4::from_shape((n, h, w, c), self.data()).expect("the length is that of the shape");
        view.mapv(f64::from)
    }

    /// The shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// All numbers, example after example.
    pub fn data(&self) -> &[f32] {
        &self.data[..self.shape.len()]
    }

    /// All numbers, to be changed.
    pub fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data[..self.shape.len()]
    }

    /// The numbers of example `i`.
    pub fn example(&self, i: usize) -> &[f32] {
        let len = self.shape.example_len();
        &self.data()[i * len..][..len]
    }

    /// Takes another shape. **What the numbers are afterwards is not specified**; whoever asked writes them all.
    ///
    /// Hidden: [`Pass::write`](crate::network::Pass::write) is the door.
    #[doc(hidden)]
    pub fn reshape_for_writing(&mut self, shape: Shape) {
        self.shape = shape;
        if self.data.len() < shape.len() {
            self.data.resize(shape.len(), 0.0);
        }
    }
}

impl Default for Tensor {
    fn default() -> Self {
        Self::zeros(Shape::vectors(0, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tensor_and_an_array_hold_the_same_numbers() {
        let array =
            Array4::from_shape_fn((2, 3, 4, 5), |(n, h, w, c)| (n * 1000 + h * 100 + w * 10 + c) as f64);
        let tensor = Tensor::new(Shape::maps(2, 3, 4, 5), array.iter().map(|&x| x as f32).collect());
        assert_eq!(tensor.to_f64(), array);
        assert_eq!(tensor.example(1)[0], 1000.0);
    }

    #[test]
    #[should_panic(expected = "3 numbers for the shape")]
    fn a_wrong_count_is_refused() {
        Tensor::new(Shape::vectors(2, 2), vec![0.0; 3]);
    }
}
