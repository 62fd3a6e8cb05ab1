//! Max-pooling: the largest of each `K x K` window, windows side by side.
//!
//! Rows and columns that do not fill a window are left out, as in PyTorch. **Of equal values the first in reading
//! order is the largest** and receives the whole gradient.
//!
//! Shapes: `N` examples, `H x W` pixels, `C` channels, windows of `K x K`; `B` examples of a chunk.

use crate::chunks;
use crate::layer::{Epilogue, Layer, Mode, Operator, ShapeError, assert_not_in_pages};
use crate::tensor::{Shape, Tensor};
use kernels::Isa;
use kernels::parallel;

/// Channels that the backward pass handles side by side.
const BLOCK: usize = 16;

/// A max-pooling layer. Shapes: input `(N, H, W, C)`, output `(N, H / K, W / K, C)`, rounded down.
#[derive(Clone, Debug)]
pub struct MaxPool2d {
    window: usize,
}

impl MaxPool2d {
    /// Windows of `window` by `window`, **at least 1**: [`output_shape`](Layer::output_shape) and with it the forward
    /// pass refuse another.
    pub fn new(window: usize) -> Self {
        Self { window }
    }

    /// For each output pixel, where its channels begin in the output, and where its window does in the input.
    fn windows(&self, input: Shape) -> impl Iterator<Item = (usize, usize)> + use<> {
        let k = self.window;
        let (rows, columns) = (input.h / k, input.w / k);
        (0..rows * columns).map(move |i| {
            let (y, x) = (i / columns, i % columns);
            (i * input.c, (y * k * input.w + x * k) * input.c)
        })
    }

    /// Where the pixels of a window begin, relative to its first, in reading order.
    fn offsets(&self, input: Shape) -> impl Iterator<Item = usize> + Clone + use<> {
        let k = self.window;
        (0..k * k).map(move |i| (i / k * input.w + i % k) * input.c)
    }
}

impl Layer for MaxPool2d {
    fn kind(&self) -> &'static str {
        "MaxPool2d"
    }

    fn operator(&self) -> Option<Operator> {
        Some(Operator::MaxPool { window: self.window })
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if self.window == 0 || input.h.min(input.w) < self.window {
            let reason = format!("its window is {0} x {0}", self.window);
            return Err(ShapeError { layer: "MaxPool2d", input, reason });
        }
        Ok(Shape::maps(input.n, input.h / self.window, input.w / self.window, input.c))
    }

    fn as_epilogue(&self) -> Option<Epilogue> {
        Some(Epilogue::MaxPool { window: self.window })
    }

    fn forward(&mut self, _: Isa, x: &Tensor, y: &mut Tensor, _: Mode) {
        let (input, x_len, y_len) = (x.shape(), x.shape().example_len(), y.shape().example_len());
        let chunks = chunks::of(x).zip(chunks::of_mut(y)); // (B, H, W, C), (B, H / K, W / K, C)
        parallel::for_each(x.data().len(), chunks, |(x, y)| {
            // (H, W, C), (H / K, W / K, C)
            for (x, y) in x.chunks_exact(x_len).zip(y.chunks_exact_mut(y_len)) {
                self.forward_one(input, x, y);
            }
        });
    }

    fn backward(&mut self, _: Isa, x: &Tensor, y: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        assert_not_in_pages();
        let Some(dx) = dx else { return };
        let (input, x_len, y_len) = (x.shape(), x.shape().example_len(), y.shape().example_len());
        // (B, H, W, C) of x and dx, (B, H / K, W / K, C) of y and dy
        let chunks = chunks::of(x).zip(chunks::of(y)).zip(chunks::of(dy)).zip(chunks::of_mut(dx));
        parallel::for_each(x.data().len(), chunks, |(((x, y), dy), dx)| {
            let examples = x.chunks_exact(x_len).zip(y.chunks_exact(y_len)); //           (H, W, C), (H / K, W / K, C)
            let cotangents = dy.chunks_exact(y_len).zip(dx.chunks_exact_mut(x_len)); //   (H / K, W / K, C), (H, W, C)
            for ((x, y), (dy, dx)) in examples.zip(cotangents) {
                self.backward_one(input, x, y, dy, dx);
            }
        });
    }
}

impl MaxPool2d {
    /// One image forward: `x` `(H, W, C)`, `y` `(H / K, W / K, C)`.
    fn forward_one(&self, input: Shape, x: &[f32], y: &mut [f32]) {
        // SOLUTION: P1.2 the maximum of each window of one image
        for (to, from) in self.windows(input) {
            let y = &mut y[to..][..input.c]; //                                        (C)
            y.copy_from_slice(&x[from..][..input.c]); //                               (C)
            for offset in self.offsets(input).skip(1) {
                // (C)
                for (y, &x) in y.iter_mut().zip(&x[from + offset..][..input.c]) {
                    // Not f32::max, which would hide a NaN.
                    *y = if x > *y || x.is_nan() { x } else { *y };
                }
            }
        }
        // SOLUTION_END: P1.2
    }

    /// One image backward: the first element of a window that equals its maximum takes what is still there of the
    /// cotangent. `x` and `dx` are `(H, W, C)`, `y` and `dy` `(H / K, W / K, C)`; `b` channels go side by side.
    fn backward_one(&self, input: Shape, x: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32]) {
        // SOLUTION: P1.2 the gradient of one image, to the first maximum of each window
        dx.fill(0.0); //                                                    (H, W, C)
        for (to, from) in self.windows(input) {
            for channel in (0..input.c).step_by(BLOCK) {
                let width = BLOCK.min(input.c - channel);
                let mut rest = [0.0; BLOCK]; //                                     (b)
                rest[..width].copy_from_slice(&dy[to + channel..][..width]); //     (b)
                let y = &y[to + channel..][..width]; //                             (b)
                for offset in self.offsets(input) {
                    let at = from + offset + channel;
                    for (((dx, &x), &y), rest) in
                        dx[at..][..width].iter_mut().zip(&x[at..]).zip(y).zip(&mut rest)
                    {
                        let hit = x == y;
                        *dx = if hit { *rest } else { 0.0 };
                        *rest = if hit { 0.0 } else { *rest };
                    }
                }
            }
        }
        // SOLUTION_END: P1.2
    }
}
