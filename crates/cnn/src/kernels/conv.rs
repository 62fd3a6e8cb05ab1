//! Convolution of one picture, stride 1, channels last.
//!
//! Shapes: the input is `(H, W, CI)`, the kernel `(KH, KW, CI, CO)`, the output `(H', W', CO)` with
//! `H' = H + 2 padding - KH + 1`.
//!
//! The chain of an output element runs over `(ky, kx, ci)` in this order. **Rows of the kernel that lie outside of
//! the map are skipped; columns outside of it are multiplied by zeros**, because those stand in the padded copy of
//! the input: `fma(0, w, s)` leaves `s` as it is.

use super::isa::Isa;
use super::panels::{self, Panel};
use super::simd::{Kernel, Simd, dispatch};
use super::tile::{self, Left, Right, Start, runs, with_rows};
use std::ops::Range;

/// The sizes of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Rows `H` of the input.
    pub height: usize,
    /// Columns `W` of the input, without padding.
    pub width: usize,
    /// Input channels `CI`.
    pub inputs: usize,
    /// Output channels `CO`.
    pub outputs: usize,
    /// Rows and columns of the kernel.
    pub kernel: usize,
    /// Zeros on every side; less than `kernel`.
    pub padding: usize,
}

impl Geometry {
    /// Rows of the output.
    pub fn out_height(&self) -> usize {
        self.height + 2 * self.padding + 1 - self.kernel
    }

    /// Columns of the output.
    pub fn out_width(&self) -> usize {
        self.width + 2 * self.padding + 1 - self.kernel
    }

    /// Numbers in one output map.
    pub fn out_len(&self) -> usize {
        self.out_height() * self.out_width() * self.outputs
    }

    /// Numbers in the kernel.
    pub fn kernel_len(&self) -> usize {
        self.kernel * self.kernel * self.inputs * self.outputs
    }

    /// Columns of the input with its padding.
    pub fn padded_width(&self) -> usize {
        self.width + 2 * self.padding
    }

    /// Numbers in the padded copy of one input.
    pub fn padded_len(&self) -> usize {
        self.height * self.padded_width() * self.inputs
    }

    /// Multiply-adds of the forward pass of one picture. **Those with the zeros of the padding count too**, as is usual.
    pub fn multiply_adds(&self) -> usize {
        self.out_height() * self.out_width() * self.kernel_len()
    }

    /// The convolution that turns the output's cotangent into the input's: channels swapped, and padded so that
    /// every input element meets each of its outputs.
    pub fn adjoint(&self) -> Self {
        Self {
            height: self.out_height(),
            width: self.out_width(),
            inputs: self.outputs,
            outputs: self.inputs,
            kernel: self.kernel,
            padding: self.kernel - 1 - self.padding,
        }
    }

    /// The rows of the kernel that meet the map at output row `y`.
    fn taps(&self, y: usize) -> Range<usize> {
        self.padding.saturating_sub(y)..self.kernel.min(self.height + self.padding - y)
    }

    /// Copies a picture between columns of zeros.
    pub fn pad(&self, input: &[f32], padded: &mut [f32]) {
        let (row, margin) = (self.width * self.inputs, self.padding * self.inputs);
        for (from, to) in input.chunks_exact(row).zip(padded.chunks_exact_mut(margin + row + margin)) {
            to[..margin].fill(0.0);
            to[margin..][..row].copy_from_slice(from);
            to[margin + row..].fill(0.0);
        }
    }

    /// Packs a kernel `(KH, KW, CI, CO)` for [`forward`].
    pub fn pack(&self, isa: Isa, kernel: &[f32], packed: &mut [f32]) {
        let depth = self.kernel * self.kernel * self.inputs;
        panels::pack(isa, depth, self.outputs, packed, |k, co| kernel[k * self.outputs + co]);
    }

    /// Packs a kernel of *this* convolution for the [`adjoint`](Self::adjoint)'s [`forward`]: turned by half a
    /// turn, channels swapped.
    pub fn pack_adjoint(&self, isa: Isa, kernel: &[f32], packed: &mut [f32]) {
        let taps = self.kernel * self.kernel;
        panels::pack(isa, taps * self.outputs, self.inputs, packed, |k, ci| {
            let (tap, co) = (k / self.outputs, k % self.outputs);
            kernel[((taps - 1 - tap) * self.inputs + ci) * self.outputs + co]
        });
    }
}

/// The convolution of one picture; `input` is padded (see [`Geometry::pad`]), `packed` from [`Geometry::pack`].
pub fn forward(
    isa: Isa,
    g: &Geometry,
    input: &[f32],
    packed: &[f32],
    bias: Option<&[f32]>,
    output: &mut [f32],
) {
    assert_eq!(output.len(), g.out_len(), "the output of a convolution");
    assert_eq!(packed.len(), g.kernel_len(), "the kernel of a convolution");
    dispatch(isa, Forward { g, input, packed, bias, output });
}

struct Forward<'a> {
    g: &'a Geometry,
    input: &'a [f32],
    packed: &'a [f32],
    bias: Option<&'a [f32]>,
    output: &'a mut [f32],
}

impl Kernel for Forward<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        panels::for_each(simd, self.g.outputs, &mut self);
    }
}

impl Panel for Forward<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let g = self.g;
        let panel_width = tile::width::<S, V>(simd);
        let row_len = g.padded_width() * g.inputs;
        let tap_depth = g.kernel * g.inputs;
        let depth = g.kernel * tap_depth;
        let panel = &self.packed[depth * column..][..depth * panel_width];
        let start = self.bias.map_or(Start::Zero, |bias| Start::Bias(&bias[column..]));
        let width = g.out_width();
        // Neighbouring rows that meet the same kernel rows are one run of pixels, so that tiles are full where rows are
        // short: which pixels share a tile decides nothing about what each adds up.
        let mut y = 0;
        while y < g.out_height() {
            let taps = g.taps(y);
            let rows = (y..g.out_height()).take_while(|&below| g.taps(below) == taps).count();
            for (pixel, pixels) in runs(rows * width, tile::most_rows::<S, V>()) {
                let first = y * width + pixel;
                let output = &mut self.output[first * g.outputs + column..];
                with_rows!(pixels, R => {
                    let mut sums = tile::begin::<S, R, V>(simd, start, output, g.outputs);
                    let rows: [usize; R] = std::array::from_fn(|i| {
                        let pixel = first + i;
                        (pixel / width - y) * row_len + pixel % width * g.inputs
                    });
                    for ky in taps.clone() {
                        let input = &self.input[(y + ky - g.padding) * row_len..];
                        let left = Left { data: input, rows, depth: 1 };
                        let right = Right { data: &panel[ky * tap_depth * panel_width..], depth: panel_width };
                        tile::multiply(simd, &mut sums, tap_depth, left, right);
                    }
                    tile::finish(simd, sums, output, g.outputs);
                });
            }
            y += rows;
        }
    }
}

/// Adds one picture's part to the kernel's gradient: `dkernel[ky, kx, ci, co] += Σ_yx input[y+ky, x+kx, ci] doutput[y, x, co]`.
///
/// `input` is padded; the chain runs over `(y, x)` and goes on from what `dkernel` holds.
pub fn kernel_gradient(isa: Isa, g: &Geometry, input: &[f32], doutput: &[f32], dkernel: &mut [f32]) {
    assert_eq!(doutput.len(), g.out_len(), "the cotangent of a convolution");
    assert_eq!(dkernel.len(), g.kernel_len(), "the kernel gradient of a convolution");
    dispatch(isa, KernelGradient { g, input, doutput, dkernel });
}

struct KernelGradient<'a> {
    g: &'a Geometry,
    input: &'a [f32],
    doutput: &'a [f32],
    dkernel: &'a mut [f32],
}

impl Kernel for KernelGradient<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        panels::for_each(simd, self.g.outputs, &mut self);
    }
}

impl Panel for KernelGradient<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let g = self.g;
        let (row_len, out_row_len) = (g.padded_width() * g.inputs, g.out_width() * g.outputs);
        for ky in 0..g.kernel {
            for (tap, taps) in runs(g.kernel * g.inputs, tile::most_rows::<S, V>()) {
                let dkernel = &mut self.dkernel[(ky * g.kernel * g.inputs + tap) * g.outputs + column..];
                with_rows!(taps, R => {
                    let mut sums = tile::begin::<S, R, V>(simd, Start::Result, dkernel, g.outputs);
                    for y in (0..g.out_height()).filter(|&y| g.taps(y).contains(&ky)) {
                        let input = &self.input[(y + ky - g.padding) * row_len + tap..];
                        let left = Left { data: input, rows: tile::evenly(1), depth: g.inputs };
                        let right = Right { data: &self.doutput[y * out_row_len + column..], depth: g.outputs };
                        tile::multiply(simd, &mut sums, g.out_width(), left, right);
                    }
                    tile::finish(simd, sums, dkernel, g.outputs);
                });
            }
        }
    }
}
