//! Inputs drawn from a stream. **Nothing here calls a student's crate.**

use ndarray::{Array, Dimension, ShapeBuilder};
use numerics::random::Stream;

/// Standard normal numbers, this many times as large.
pub(super) fn normals(stream: &mut Stream, count: usize, scale: f64) -> Vec<f64> {
    (0..count).map(|_| scale * stream.normal()).collect()
}

/// The same as an array.
pub(super) fn array<D: Dimension>(
    stream: &mut Stream,
    shape: impl ShapeBuilder<Dim = D>,
    scale: f64,
) -> Array<f64, D> {
    Array::from_shape_simple_fn(shape, || scale * stream.normal())
}

/// A number of `least` to `most`.
pub(super) fn between(stream: &mut Stream, least: usize, most: usize) -> usize {
    least + stream.below((most - least + 1) as u64) as usize
}

/// A class for each example.
pub(super) fn labels(stream: &mut Stream, examples: usize, classes: usize) -> Vec<usize> {
    (0..examples).map(|_| stream.below(classes as u64) as usize).collect()
}
