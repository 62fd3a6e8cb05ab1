//! Convolution `y[n, y, x, co] = b[co] + Σ x[n, y + ky - p, x + kx - p, ci] w[ky, kx, ci, co]`, stride 1.
//!
//! It is the cross-correlation that all frameworks call convolution: the kernel is not turned.

use crate::chunks;
use crate::init;
use crate::kernels::conv::{self, Cotangents, Geometry, Gradients, Prepared};
use crate::kernels::rows::sum_parts;
use crate::kernels::{Isa, Way};
use crate::layer::{Layer, Mode, Parameter, ParametersMut, ShapeError};
use crate::tensor::{Shape, Tensor};
use numerics::random::Stream;
use rayon::prelude::*;

/// A convolution layer. Shapes: input `(N, H, W, CI)`, weight `(K, K, CI, CO)`, bias `(CO)`, output `(N, H', W', CO)`
/// with `H' = H + 2 padding - K + 1`.
#[derive(Clone, Debug)]
pub struct Conv2d {
    weight: Parameter,
    bias: Parameter,
    inputs: usize,
    outputs: usize,
    kernel: usize,
    padding: usize,
    way: Way,
    prepared: Prepared,
    /// Each chunk's part of the gradients.
    parts: Vec<Part>,
}

/// A chunk's part of the gradients.
#[derive(Clone, Debug)]
struct Part {
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
        Self {
            weight,
            bias,
            inputs,
            outputs,
            kernel,
            padding,
            way: Way::of(kernel, inputs, outputs),
            prepared: Prepared::default(),
            parts: Vec::new(),
        }
    }

    /// The same layer, computed in the given way instead of the one that follows from its shape. **Another way gives other
    /// bits.**
    ///
    /// # Panics
    /// When Winograd is asked for a kernel that is not 3 x 3.
    #[must_use]
    pub fn computed(self, way: Way) -> Self {
        assert!(
            way == Way::Direct || self.kernel == 3,
            "Winograd's F(2x2, 3x3) of a kernel of {}",
            self.kernel
        );
        Self { way, ..self }
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
            way: self.way,
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
        self.prepared.for_forward(isa, &g, &self.weight.value);
        let (prepared, bias) = (&self.prepared, &self.bias.value);
        let chunks = chunks::of(x).zip(chunks::of_mut(y));
        chunks.for_each(|(x, y)| conv::forward(isa, &g, prepared, bias, x, y));
    }

    fn backward(&mut self, isa: Isa, x: &Tensor, _: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        let g = self.geometry(x.shape());
        if dx.is_some() {
            self.prepared.for_backward(isa, &g, &self.weight.value);
        }
        let part = || Part { dweight: vec![0.0; g.kernel_len()], dbias: vec![0.0; g.outputs] };
        self.parts.resize_with(chunks::count(x.shape().n).max(self.parts.len()), part);
        let prepared = &self.prepared;
        let work = |((x, dy), part): ((_, _), &mut Part), dx| {
            let to = Gradients { kernel: &mut part.dweight, bias: &mut part.dbias, x: dx };
            conv::backward(isa, &g, prepared, Cotangents { x, dy }, to);
        };
        let chunks = chunks::of(x).zip(chunks::of(dy)).zip(&mut self.parts);
        match dx {
            Some(dx) => chunks.zip(chunks::of_mut(dx)).for_each(|(chunk, dx)| work(chunk, Some(dx))),
            None => chunks.for_each(|chunk| work(chunk, None)),
        }
        let used = &self.parts[..chunks::count(x.shape().n)];
        sum_parts(isa, used.iter().map(|part| &part.dweight[..]), &mut self.weight.gradient);
        sum_parts(isa, used.iter().map(|part| &part.dbias[..]), &mut self.bias.gradient);
    }

    fn parameters(&self) -> Vec<&Parameter> {
        vec![&self.weight, &self.bias]
    }

    fn parameters_mut(&mut self) -> ParametersMut<'_> {
        self.prepared.outdate();
        [&mut self.weight, &mut self.bias].into()
    }

    fn multiply_adds(&self, input: Shape) -> usize {
        self.geometry(input).multiply_adds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use numerics::random::Purpose;

    /// A kernel is prepared once for as long as it stays the same, and not longer.
    #[test]
    fn a_changed_weight_changes_the_output() {
        for (inputs, outputs) in [(1, 3), (8, 8)] {
            let mut layer = Conv2d::new(inputs, outputs, 3, 1, &mut Stream::new(1, Purpose::Init));
            let x = Tensor::new(Shape::maps(1, 3, 3, inputs), vec![1.0; 9 * inputs]);
            let mut y = Tensor::zeros(layer.output_shape(x.shape()).unwrap());
            layer.forward(Isa::detect(), &x, &mut y, Mode::Infer);
            layer.parameters_mut()[0].value.fill(1.0);
            layer.parameters_mut()[1].value.fill(0.0);
            layer.forward(Isa::detect(), &x, &mut y, Mode::Infer);
            // Under the middle of the kernel lie 9 pixels.
            assert_eq!(y.data()[4 * outputs], 9.0 * inputs as f32);
        }
    }

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
