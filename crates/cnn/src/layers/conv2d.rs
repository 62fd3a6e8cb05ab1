//! Convolution `y[n, y, x, co] = b[co] + Σ x[n, y + ky - p, x + kx - p, ci] w[ky, kx, ci, co]`, stride 1.
//!
//! It is the cross-correlation that all frameworks call convolution: the kernel is not turned.

use crate::chunks;
use crate::init;
use crate::kernels::Isa;
use crate::kernels::conv::{self, Geometry};
use crate::layer::{Layer, Mode, Parameter, ShapeError};
use crate::tensor::{Shape, Tensor};
use numerics::random::Stream;
use rayon::prelude::*;

/// A convolution layer. Shapes: input `(N, H, W, CI)`, weight `(K, K, CI, CO)`, bias `(CO)`, output `(N, H', W', CO)`
/// with `H' = H + 2 padding - K + 1`.
#[derive(Debug)]
pub struct Conv2d {
    weight: Parameter,
    bias: Parameter,
    inputs: usize,
    outputs: usize,
    kernel: usize,
    padding: usize,
    packed: Vec<f32>,
    packed_adjoint: Vec<f32>,
    chunks: Vec<Scratch>,
}

/// Memory of one chunk of the batch.
#[derive(Clone, Debug, Default)]
struct Scratch {
    /// One picture between columns of zeros.
    padded: Vec<f32>,
    /// One cotangent between columns of zeros.
    dpadded: Vec<f32>,
    /// The chunk's part of the gradients.
    dweight: Vec<f32>,
    dbias: Vec<f32>,
}

impl Conv2d {
    /// A layer with PyTorch's default initialisation.
    ///
    /// # Panics
    /// When the padding is not less than the kernel.
    pub fn new(inputs: usize, outputs: usize, kernel: usize, padding: usize, init: &mut Stream) -> Self {
        assert!(padding < kernel, "padding {padding} of a kernel of {kernel}: rows of zeros only");
        let (weight, bias) = init::weight_and_bias(&[kernel, kernel, inputs, outputs], outputs, init);
        let packed = vec![0.0; weight.value.len()];
        let packed_adjoint = packed.clone();
        Self { weight, bias, inputs, outputs, kernel, padding, packed, packed_adjoint, chunks: Vec::new() }
    }

    /// The sizes for an input.
    pub fn geometry(&self, input: Shape) -> Geometry {
        Geometry {
            height: input.h,
            width: input.w,
            inputs: self.inputs,
            outputs: self.outputs,
            kernel: self.kernel,
            padding: self.padding,
        }
    }

    /// Makes room for the chunks of `n` examples.
    fn prepare(&mut self, n: usize, g: &Geometry) {
        self.chunks.resize_with(chunks::count(n).max(self.chunks.len()), Scratch::default);
        for chunk in &mut self.chunks {
            for (buffer, len) in [(&mut chunk.padded, g.padded_len()), (&mut chunk.dpadded, g.adjoint().padded_len())] {
                if buffer.len() != len {
                    buffer.clear();
                    buffer.resize(len, 0.0);
                }
            }
            chunk.dweight.resize(self.weight.value.len(), 0.0);
            chunk.dbias.resize(self.outputs, 0.0);
        }
    }
}

impl Layer for Conv2d {
    fn kind(&self) -> &'static str {
        "Conv2d"
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        let error = |reason| Err(ShapeError { layer: "Conv2d", input, reason });
        if input.c != self.inputs {
            return error(format!("it has {} input channels", self.inputs));
        }
        if input.h.min(input.w) + 2 * self.padding < self.kernel {
            return error(format!("its kernel is {0} x {0}", self.kernel));
        }
        let g = self.geometry(input);
        Ok(Shape::maps(input.n, g.out_height(), g.out_width(), self.outputs))
    }

    fn forward(&mut self, isa: Isa, x: &Tensor, y: &mut Tensor, _: Mode) {
        let g = self.geometry(x.shape());
        self.prepare(x.shape().n, &g);
        g.pack(isa, &self.weight.value, &mut self.packed);
        let (x_len, y_len) = (x.shape().example_len(), y.shape().example_len());
        let (packed, bias) = (&self.packed, &self.bias.value);
        chunks::of(x).zip(chunks::of_mut(y)).zip(&mut self.chunks).for_each(|((x, y), scratch)| {
            for (x, y) in x.chunks_exact(x_len).zip(y.chunks_exact_mut(y_len)) {
                conv::forward(isa, &g, padded(&g, x, &mut scratch.padded), packed, Some(bias), y);
            }
        });
    }

    fn backward(&mut self, isa: Isa, x: &Tensor, _: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        let g = self.geometry(x.shape());
        let (x_len, y_len) = (x.shape().example_len(), dy.shape().example_len());
        let chunks = chunks::of(x).zip(chunks::of(dy)).zip(&mut self.chunks);
        let weights_of = |x: &[f32], dy: &[f32], scratch: &mut Scratch| {
            scratch.dweight.fill(0.0);
            scratch.dbias.fill(0.0);
            for (x, dy) in x.chunks_exact(x_len).zip(dy.chunks_exact(y_len)) {
                conv::kernel_gradient(isa, &g, padded(&g, x, &mut scratch.padded), dy, &mut scratch.dweight);
                add_rows(dy, &mut scratch.dbias);
            }
        };
        if let Some(dx) = dx {
            g.pack_adjoint(isa, &self.weight.value, &mut self.packed_adjoint);
            let (adjoint, packed) = (g.adjoint(), &self.packed_adjoint);
            chunks.zip(chunks::of_mut(dx)).for_each(|(((x, dy), scratch), dx)| {
                weights_of(x, dy, scratch);
                for (dy, dx) in dy.chunks_exact(y_len).zip(dx.chunks_exact_mut(x_len)) {
                    conv::forward(isa, &adjoint, padded(&adjoint, dy, &mut scratch.dpadded), packed, None, dx);
                }
            });
        } else {
            chunks.for_each(|((x, dy), scratch)| weights_of(x, dy, scratch));
        }
        let used = &self.chunks[..chunks::count(x.shape().n)];
        add_chunks(used.iter().map(|chunk| &chunk.dweight[..]), &mut self.weight.gradient);
        add_chunks(used.iter().map(|chunk| &chunk.dbias[..]), &mut self.bias.gradient);
    }

    fn parameters(&self) -> Vec<&Parameter> {
        vec![&self.weight, &self.bias]
    }

    fn parameters_mut(&mut self) -> Vec<&mut Parameter> {
        vec![&mut self.weight, &mut self.bias]
    }

    fn multiply_adds(&self, input: Shape) -> usize {
        self.geometry(input).multiply_adds()
    }
}

/// The picture as the kernels want it: itself, or its padded copy.
fn padded<'a>(g: &Geometry, picture: &'a [f32], buffer: &'a mut [f32]) -> &'a [f32] {
    if buffer.is_empty() {
        return picture;
    }
    g.pad(picture, buffer);
    buffer
}

/// `total[c] += Σ_rows rows[row, c]`, one row after the other.
pub(super) fn add_rows(rows: &[f32], total: &mut [f32]) {
    for row in rows.chunks_exact(total.len()) {
        for (total, x) in total.iter_mut().zip(row) {
            *total += x;
        }
    }
}

/// `total = Σ_chunks`, one chunk after the other.
pub(super) fn add_chunks<'a>(chunks: impl Iterator<Item = &'a [f32]>, total: &mut [f32]) {
    total.fill(0.0);
    for chunk in chunks {
        add_rows(chunk, total);
    }
}
