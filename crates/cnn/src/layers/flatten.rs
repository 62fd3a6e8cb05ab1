//! Flatten: maps to vectors.
//!
//! **The order of the vector is PyTorch's, `(C, H, W)`**, although maps lie as `(H, W, C)`: so the weights of the
//! linear layer behind it mean the same here and there.
//!
//! Shapes: `N` examples, `H x W` pixels, `C` channels.

use crate::chunks;
use crate::layer::{Layer, Mode, Operator, ShapeError, assert_not_in_pages};
use crate::tensor::{Shape, Tensor};
use kernels::Isa;
use kernels::parallel;
use kernels::transpose::transpose;

/// A flatten layer. Shapes: input `(N, H, W, C)`, output `(N, C H W)`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flatten;

impl Layer for Flatten {
    fn kind(&self) -> &'static str {
        "Flatten"
    }

    fn operator(&self) -> Option<Operator> {
        Some(Operator::Flatten)
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        Ok(Shape::vectors(input.n, input.example_len()))
    }

    fn forward(&mut self, _: Isa, x: &Tensor, y: &mut Tensor, _: Mode) {
        let (c, pixels) = (x.shape().c, x.shape().h * x.shape().w);
        transpose_examples(x, y, c, pixels); //       (N, H W, C) to (N, C, H W)
    }

    fn backward(&mut self, _: Isa, x: &Tensor, _: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        assert_not_in_pages();
        let (c, pixels) = (x.shape().c, x.shape().h * x.shape().w);
        if let Some(dx) = dx {
            transpose_examples(dy, dx, pixels, c); // (N, C, H W) to (N, H W, C)
        }
    }
}

/// Each example of `from` is a matrix `(rows, columns)`; `to` gets its transpose `(columns, rows)`.
fn transpose_examples(from: &Tensor, to: &mut Tensor, columns: usize, rows: usize) {
    let len = columns * rows;
    parallel::for_each(from.data().len(), chunks::of(from).zip(chunks::of_mut(to)), |(from, to)| {
        for (from, to) in from.chunks_exact(len).zip(to.chunks_exact_mut(len)) {
            transpose(from, columns, to); // (rows, columns) to (columns, rows)
        }
    });
}
