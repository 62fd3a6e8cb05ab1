//! Convolution `y[n, y, x, co] = b[co] + Σ x[n, y + ky - p, x + kx - p, ci] w[ky, kx, ci, co]`, stride 1.
//!
//! It is the cross-correlation that all frameworks call convolution: the kernel is not turned.
//!
//! Shapes: `N` examples, `H x W` pixels with `CI` channels, kernels of `K x K`, `H' x W'` pixels with `CO` channels;
//! `B` examples of a chunk.

use crate::chunks;
use crate::init;
use crate::layer::{Layer, Mode, Operator, Parameter, ParametersMut, ShapeError, assert_not_in_pages};
use crate::tensor::{Shape, Tensor};
use kernels::conv::{self, Cotangents, Geometry, Gradients, Prepared};
use kernels::parallel;
use kernels::rows::sum_parts;
use kernels::{Isa, MultiplyAddsMade, Way};
use numerics::random::Stream;

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
    /// Each chunk's part of the gradients, at least one for each chunk of the batch.
    parts: Vec<Part>,
}

/// A chunk's part of the gradients.
#[derive(Clone, Debug)]
struct Part {
    dweight: Vec<f32>, // (K, K, CI, CO)
    dbias: Vec<f32>,   // (CO)
}

impl Conv2d {
    /// A layer with PyTorch's default initialisation: `inputs` channels in, `outputs` channels out, kernels of `kernel`
    /// by `kernel`, `padding` rows and columns of zeros on every side.
    ///
    /// **The padding must be less than the kernel**, which [`output_shape`](Layer::output_shape) and with it the
    /// forward pass refuse otherwise.
    pub fn new(inputs: usize, outputs: usize, kernel: usize, padding: usize, init: &mut Stream) -> Self {
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

    /// The same layer, computed in the given way instead of the one that follows from its shape. **Another way gives
    /// other bits.** Winograd's needs a kernel of 3 x 3, which [`output_shape`](Layer::output_shape) and with it the
    /// forward pass refuse otherwise.
    #[must_use]
    pub fn computed(self, way: Way) -> Self {
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

    fn operator(&self) -> Option<Operator> {
        Some(Operator::Convolution { padding: self.padding })
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        let error = |reason| Err(ShapeError { layer: "Conv2d", input, reason });
        if self.padding >= self.kernel {
            let (padding, kernel) = (self.padding, self.kernel);
            return error(format!(
                "its padding is {padding}, its kernel {kernel} x {kernel}: rows of zeros only"
            ));
        }
        if self.way != Way::Direct && self.kernel != 3 {
            return error(format!(
                "Winograd's F(4x4, 3x3) needs a kernel of 3 x 3, it is {0} x {0}",
                self.kernel
            ));
        }
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
        self.prepared.for_forward(isa, &g, &self.weight.value); //        (K, K, CI, CO)
        let (prepared, bias) = (&self.prepared, &self.bias.value); //     bias (CO)
        let chunks = chunks::of(x).zip(chunks::of_mut(y)); //             (B, H, W, CI), (B, H', W', CO)
        let operations = g.multiply_adds() * x.shape().n;
        parallel::for_each(operations, chunks, |(x, y)| conv::forward(isa, &g, prepared, bias, x, y));
    }

    fn backward(&mut self, isa: Isa, x: &Tensor, _: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        assert_not_in_pages();
        let g = self.geometry(x.shape());
        if dx.is_some() {
            self.prepared.for_backward(isa, &g, &self.weight.value); //   (K, K, CI, CO)
        }
        let part = || Part { dweight: vec![0.0; g.kernel_len()], dbias: vec![0.0; g.outputs] };
        self.parts.resize_with(chunks::count(x.shape().n).max(self.parts.len()), part);
        let prepared = &self.prepared;
        let operations = 2 * g.multiply_adds() * x.shape().n;
        let work = |((x, dy), part): ((_, _), &mut Part), dx| {
            let to = Gradients { kernel: &mut part.dweight, bias: &mut part.dbias, x: dx };
            conv::backward(isa, &g, prepared, Cotangents { x, dy }, to); // (B, H, W, CI), (B, H', W', CO)
        };
        let chunks = chunks::of(x).zip(chunks::of(dy)).zip(&mut self.parts); // (B, H, W, CI), (B, H', W', CO), parts
        match dx {
            // dx (N, H, W, CI)
            Some(dx) => {
                let chunks = chunks.zip(chunks::of_mut(dx));
                parallel::for_each(operations, chunks, |(chunk, dx)| work(chunk, Some(dx)));
            }
            None => parallel::for_each(operations, chunks, |chunk| work(chunk, None)),
        }
        let used = &self.parts[..chunks::count(x.shape().n)];
        sum_parts(isa, used.iter().map(|part| &part.dweight[..]), &mut self.weight.gradient); // (K, K, CI, CO)
        sum_parts(isa, used.iter().map(|part| &part.dbias[..]), &mut self.bias.gradient); //     (CO)
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

    fn multiply_adds_made(&self, input: Shape) -> MultiplyAddsMade {
        conv::multiply_adds_made(&self.geometry(input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use numerics::random::Purpose;

    #[rstest::rstest]
    #[case::as_it_should_be(Conv2d::new(1, 2, 3, 2, &mut stream()), Shape::maps(1, 1, 1, 1), None)]
    #[case::padding(
        Conv2d::new(1, 2, 3, 3, &mut stream()), Shape::maps(1, 8, 8, 1),
        Some("its padding is 3, its kernel 3 x 3: rows of zeros only")
    )]
    #[case::no_kernel(
        Conv2d::new(1, 2, 0, 0, &mut stream()), Shape::maps(1, 8, 8, 1),
        Some("its padding is 0, its kernel 0 x 0: rows of zeros only")
    )]
    #[case::winograd_of_five(
        Conv2d::new(8, 8, 5, 0, &mut stream()).computed(Way::Winograd), Shape::maps(1, 8, 8, 8),
        Some("Winograd's F(4x4, 3x3) needs a kernel of 3 x 3, it is 5 x 5")
    )]
    #[case::channels(Conv2d::new(1, 2, 3, 0, &mut stream()), Shape::maps(1, 8, 8, 3), Some("it has 1 input channels"))]
    #[case::small_image(Conv2d::new(1, 2, 3, 0, &mut stream()), Shape::maps(1, 8, 2, 1), Some("its kernel is 3 x 3"))]
    fn a_layer_or_image_that_cannot_be_is_refused_before_it_computes(
        #[case] layer: Conv2d,
        #[case] image: Shape,
        #[case] reason: Option<&str>,
    ) {
        let network = crate::network::Network::default().with("conv", layer);
        let refused = network.table(image).err();
        assert_eq!(refused.as_ref().map(|error| error.reason.as_str()), reason);
        let mut pass = crate::network::Pass::default();
        pass.write(image).fill(1.0);
        assert_eq!(network.clone().forward(Isa::detect(), &mut pass, Mode::Infer).err(), refused);
    }

    fn stream() -> Stream {
        Stream::new(1, Purpose::Init)
    }

    /// An image of 5 x 6 pixels with a padding of 1 has outputs of 5 x 6, which are 2 x 2 tiles. The direct way leaves
    /// out a row of the kernel at the upper edge and one at the lower, and multiplies by the zeros at the sides.
    #[test]
    fn each_way_counts_the_multiply_adds_that_it_makes() {
        let layer = |way| Conv2d::new(8, 16, 3, 1, &mut stream()).computed(way);
        let made = |way| layer(way).multiply_adds_made(Shape::maps(1, 5, 6, 8));
        let all = |count| MultiplyAddsMade { forward: count, by_input: count, by_parameters: count };
        assert_eq!(made(Way::Winograd), all(2 * 2 * 36 * 8 * 16));
        assert_eq!(made(Way::Direct), all((5 * 3 - 2) * 6 * 3 * 8 * 16));
        assert_eq!(layer(Way::Winograd).multiply_adds(Shape::maps(1, 5, 6, 8)), 5 * 6 * 9 * 8 * 16);
    }

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
            // Under the middle of the kernel lie 9 pixels; Winograd's maps round.
            assert!((y.data()[4 * outputs] / (9 * inputs) as f32 - 1.0).abs() < 1e-5);
        }
    }

    /// The padded copies of images of 3 x 4 and of 2 x 7 pixels have equally many numbers, the zeros in other places.
    #[test]
    fn a_layer_remembers_nothing_of_an_image_of_another_size() {
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
