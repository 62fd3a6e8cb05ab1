//! Convolution `y[n, y, x, co] = b[co] + Σ x[n, y + ky - p, x + kx - p, ci] w[ky, kx, ci, co]`, stride 1.
//!
//! It is the cross-correlation that all frameworks call convolution: the kernel is not turned.

use super::rows::{add_rows, sum_parts};
use crate::chunks;
use crate::init;
use crate::kernels::Isa;
use crate::kernels::conv::{self, Geometry};
use crate::kernels::winograd;
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
    fn geometry(&self, input: Shape) -> Geometry {
        Geometry {
            height: input.h,
            width: input.w,
            inputs: self.inputs,
            outputs: self.outputs,
            kernel: self.kernel,
            padding: self.padding,
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
        self.chunks.resize_with(chunks::count(x.shape().n).max(self.chunks.len()), Scratch::default);
        if winograd::suits(&g) {
            self.packed.resize(winograd::transformed_len(&g), 0.0);
            winograd::transform_kernel(isa, &g, &self.weight.value, &mut self.packed);
            let (packed, bias) = (&self.packed, &self.bias.value);
            chunks::of(x).zip(chunks::of_mut(y)).for_each(|(x, y)| winograd::forward(isa, &g, x, packed, bias, y));
            return;
        }
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
        if winograd::suits(&g) {
            self.packed_adjoint.resize(winograd::transformed_len(&g), 0.0);
            winograd::transpose_kernel(&g, &self.packed, &mut self.packed_adjoint);
            let transposed = &self.packed_adjoint;
            let chunks = chunks::of(x).zip(chunks::of(dy)).zip(&mut self.chunks);
            let work = |((x, dy), scratch): ((_, _), &mut Scratch), dx| {
                scratch.dweight.resize(g.kernel_len(), 0.0);
                scratch.dbias.resize(g.outputs, 0.0);
                let (dkernel, dbias) = (&mut scratch.dweight[..], &mut scratch.dbias[..]);
                winograd::backward(isa, &g, winograd::Backward { x, dy, transposed, dkernel, dbias, dx });
            };
            match dx {
                Some(dx) => chunks.zip(chunks::of_mut(dx)).for_each(|(chunk, dx)| work(chunk, Some(dx))),
                None => chunks.for_each(|chunk| work(chunk, None)),
            }
            let used = &self.chunks[..chunks::count(x.shape().n)];
            sum_parts(used.iter().map(|chunk| &chunk.dweight[..]), &mut self.weight.gradient);
            sum_parts(used.iter().map(|chunk| &chunk.dbias[..]), &mut self.bias.gradient);
            return;
        }
        let chunks = chunks::of(x).zip(chunks::of(dy)).zip(&mut self.chunks);
        let weights_of = |x: &[f32], dy: &[f32], scratch: &mut Scratch| {
            zero(&mut scratch.dweight, g.kernel_len());
            zero(&mut scratch.dbias, g.outputs);
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
                    conv::forward(
                        isa,
                        &adjoint,
                        padded(&adjoint, dy, &mut scratch.dpadded),
                        packed,
                        None,
                        dx,
                    );
                }
            });
        } else {
            chunks.for_each(|((x, dy), scratch)| weights_of(x, dy, scratch));
        }
        let used = &self.chunks[..chunks::count(x.shape().n)];
        sum_parts(used.iter().map(|chunk| &chunk.dweight[..]), &mut self.weight.gradient);
        sum_parts(used.iter().map(|chunk| &chunk.dbias[..]), &mut self.bias.gradient);
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

/// The picture as the kernels want it: itself, or its copy between columns of zeros.
fn padded<'a>(g: &Geometry, picture: &'a [f32], buffer: &'a mut Vec<f32>) -> &'a [f32] {
    if g.padding == 0 {
        return picture;
    }
    buffer.resize(g.padded_len(), 0.0);
    g.pad(picture, buffer);
    buffer
}

/// Makes `buffer` so many zeros.
fn zero(buffer: &mut Vec<f32>, len: usize) {
    buffer.clear();
    buffer.resize(len, 0.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use numerics::random::Purpose;

    /// The padded copies of pictures of 3 x 4 and of 2 x 7 pixels have equally many numbers, the zeros in other places.
    #[test]
    fn a_layer_remembers_nothing_of_a_picture_of_another_size() {
        let fresh = || Conv2d::new(1, 3, 3, 1, &mut Stream::new(1, Purpose::Init));
        let forward = |layer: &mut Conv2d, height, width| {
            let x = Tensor::new(Shape::maps(1, height, width, 1), vec![1.0; height * width]);
            let mut y = Tensor::zeros(layer.output_shape(x.shape()).unwrap());
            layer.forward(Isa::detect(), &x, &mut y, Mode::Infer);
            y.data().to_vec()
        };
        let mut used = fresh();
        forward(&mut used, 3, 4);
        assert_eq!(forward(&mut used, 2, 7), forward(&mut fresh(), 2, 7));
    }
}
