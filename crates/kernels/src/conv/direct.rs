//! The convolution as its formula says.
//!
//! The chain of an output element runs over `(ky, kx, ci)` in this order. **Rows of the kernel that lie outside of
//! the map are skipped; columns outside of it are multiplied by zeros**, because those stand in the framed copy of
//! the input: `fma(0, w, s)` leaves `s` as it is.

use super::frame::Frame;
use super::{Cotangents, Geometry, Gradients};
use crate::MultiplyAddsMade;
use crate::isa::Isa;
use crate::panels::{self, Panel};
use crate::rows::AddRows;
use crate::simd::{Kernel, Simd, dispatch};
use crate::tile::{self, Left, Right, Start, runs, with_rows};
use crate::workspace::{self, Workspace};

/// Packs a kernel for [`forward`].
pub(super) fn pack(isa: Isa, g: &Geometry, kernel: &[f32], packed: &mut Vec<f32>) {
    let depth = g.kernel * g.kernel * g.inputs;
    panels::pack(isa, depth, g.outputs, packed, |k, co| kernel[k * g.outputs + co]);
}

/// Packs a kernel of *this* convolution for the adjoint's [`forward`]: turned by half a turn, channels swapped.
pub(super) fn pack_adjoint(isa: Isa, g: &Geometry, kernel: &[f32], packed: &mut Vec<f32>) {
    let taps = g.kernel * g.kernel;
    panels::pack(isa, taps * g.outputs, g.inputs, packed, |k, ci| {
        let (tap, co) = (k / g.outputs, k % g.outputs);
        kernel[((taps - 1 - tap) * g.inputs + ci) * g.outputs + co]
    });
}

/// The convolution that turns the output's cotangent into the input's: channels swapped, and padded so that every input
/// element meets each of its outputs.
fn adjoint(g: &Geometry) -> Geometry {
    Geometry {
        height: g.out_height(),
        width: g.out_width(),
        inputs: g.outputs,
        outputs: g.inputs,
        kernel: g.kernel,
        padding: g.kernel - 1 - g.padding,
        way: g.way,
    }
}

/// Those of [`forward`] and [`backward`] for an image. The kernel's rows outside of the map are not among them, its
/// columns are.
pub(super) fn multiply_adds_made(g: &Geometry) -> MultiplyAddsMade {
    let made = |g: &Geometry| {
        let kernel_rows: usize = (0..g.out_height()).map(|y| g.taps(y).len()).sum();
        kernel_rows * g.out_width() * g.kernel * g.inputs * g.outputs
    };
    MultiplyAddsMade { forward: made(g), by_input: made(&adjoint(g)), by_parameters: made(g) }
}

/// An image between columns of zeros.
fn frame(g: &Geometry) -> Frame {
    Frame {
        image: (g.height, g.width),
        whole: (g.height, g.width + 2 * g.padding),
        top: 0,
        left: g.padding,
        channels: g.inputs,
    }
}

/// The convolutions of images; `packed` from [`pack`].
pub(super) fn forward(isa: Isa, g: &Geometry, packed: &[f32], bias: &[f32], x: &[f32], y: &mut [f32]) {
    workspace::with(|workspace| {
        dispatch(isa, ForwardAll { g, packed, start: Start::Bias(bias), x, y, buffer: &mut workspace.x });
    });
}

/// The convolutions of images, one after the other.
struct ForwardAll<'a> {
    g: &'a Geometry,
    packed: &'a [f32],
    start: Start<'a>,
    x: &'a [f32],
    y: &'a mut [f32],
    buffer: &'a mut Vec<f32>,
}

impl Kernel for ForwardAll<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { g, packed, start, x, y, buffer } = self;
        let frame = frame(g);
        for (x, output) in x.chunks_exact(g.in_len()).zip(y.chunks_exact_mut(g.out_len())) {
            let input = frame.embed(x, buffer);
            panels::for_each(simd, g.outputs, &mut Forward { g, input, packed, start, output });
        }
    }
}

/// The gradients of a chunk; `packed` from [`pack_adjoint`].
pub(super) fn backward(isa: Isa, g: &Geometry, packed: &[f32], chunk: Cotangents, to: Gradients) {
    workspace::with(|workspace| dispatch(isa, BackwardAll { g, packed, chunk, to, workspace }));
}

struct BackwardAll<'a> {
    g: &'a Geometry,
    packed: &'a [f32],
    chunk: Cotangents<'a>,
    to: Gradients<'a>,
    workspace: &'a mut Workspace,
}

impl Kernel for BackwardAll<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { g, packed, chunk: Cotangents { x, dy }, to, workspace } = self;
        let frame = frame(g);
        to.kernel.fill(0.0);
        to.bias.fill(0.0);
        for (x, doutput) in x.chunks_exact(g.in_len()).zip(dy.chunks_exact(g.out_len())) {
            let input = frame.embed(x, &mut workspace.x);
            panels::for_each(simd, g.outputs, &mut KernelGradient { g, input, doutput, dkernel: to.kernel });
            panels::for_each_vector(simd, g.outputs, &mut AddRows { rows: doutput, total: to.bias });
        }
        if let Some(dx) = to.x {
            let (g, buffer) = (&adjoint(g), &mut workspace.x);
            ForwardAll { g, packed, start: Start::Zero, x: dy, y: dx, buffer }.run(simd);
        }
    }
}

/// The convolution of one image in its frame.
struct Forward<'a> {
    g: &'a Geometry,
    input: &'a [f32],
    packed: &'a [f32],
    start: Start<'a>,
    output: &'a mut [f32],
}

impl Panel for Forward<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let g = self.g;
        let panel_width = tile::width::<S, V>(simd);
        let row_len = (g.width + 2 * g.padding) * g.inputs;
        let tap_depth = g.kernel * g.inputs;
        let depth = g.kernel * tap_depth;
        let panel = &self.packed[depth * column..][..depth * panel_width];
        let start = self.start.at_column(column);
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

/// Adds one image's part to the kernel's gradient:
/// `dkernel[ky, kx, ci, co] += Σ_yx input[y+ky, x+kx, ci] doutput[y, x, co]`; the chain runs over `(y, x)` and goes on
/// from what `dkernel` holds.
struct KernelGradient<'a> {
    g: &'a Geometry,
    input: &'a [f32],
    doutput: &'a [f32],
    dkernel: &'a mut [f32],
}

impl Panel for KernelGradient<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let g = self.g;
        let (row_len, out_row_len) = ((g.width + 2 * g.padding) * g.inputs, g.out_width() * g.outputs);
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
