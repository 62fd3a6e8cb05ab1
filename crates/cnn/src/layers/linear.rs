//! The linear layer `y = x W + b`.
//!
//! Shapes: `N` examples, `D` inputs, `M` outputs.

use crate::chunks::CHUNK;
use crate::init;
use crate::lanes::LaneLinear;
use crate::layer::{Layer, Mode, Operator, Parameter, ParametersMut, ShapeError};
use crate::tensor::{Shape, Tensor};
use kernels::Isa;
use kernels::matmul::{Layout, Matmul};
use kernels::parallel;
use kernels::rows::add_rows;
use kernels::transpose::transpose_shared;
use numerics::random::Stream;

/// A linear layer. Shapes: input `(N, D)`, weight `(D, M)`, bias `(M)`, output `(N, M)`. **The weight is the transpose
/// of PyTorch's**; exchange files hold PyTorch's.
#[derive(Clone, Debug)]
pub struct Linear {
    weight: Parameter,
    bias: Parameter,
    inputs: usize,
    outputs: usize,
    transposed: Vec<f32>, // (M, D)
}

/// Rows of the weight's gradient that one task computes.
const GRADIENT_ROWS: usize = 32;

impl Linear {
    /// A layer with PyTorch's default initialisation: `inputs` numbers in, `outputs` numbers out.
    pub fn new(inputs: usize, outputs: usize, init: &mut Stream) -> Self {
        let (weight, bias) = init::weight_and_bias(&[inputs, outputs], outputs, init);
        Self { transposed: vec![0.0; weight.value.len()], weight, bias, inputs, outputs }
    }
}

impl Layer for Linear {
    fn kind(&self) -> &'static str {
        "Linear"
    }

    fn operator(&self) -> Option<Operator> {
        Some(Operator::Linear)
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if (input.h, input.w, input.c) != (1, 1, self.inputs) {
            let reason = format!("it takes vectors of {}", self.inputs);
            return Err(ShapeError { layer: "Linear", input, reason });
        }
        Ok(Shape::vectors(input.n, self.outputs))
    }

    fn forward(&mut self, isa: Isa, x: &Tensor, y: &mut Tensor, _: Mode) {
        let product = Matmul {
            a: x.data(), //            (N, D)
            layout: Layout::RowMajor,
            b: &self.weight.value, //  (D, M)
            depth: self.inputs,
            columns: self.outputs,
            bias: Some(&self.bias.value), // (M)
        };
        by_rows(isa, &product, CHUNK, y.data_mut()); // (N, M)
    }

    fn backward(&mut self, isa: Isa, x: &Tensor, _: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        let dweight = Matmul {
            a: x.data(), //   (N, D), used as (D, N)
            layout: Layout::Transposed,
            b: dy.data(), //  (N, M)
            depth: x.shape().n,
            columns: self.outputs,
            bias: None,
        };
        by_rows(isa, &dweight, GRADIENT_ROWS, &mut self.weight.gradient); // (D, M)
        self.bias.gradient.fill(0.0); //                                      (M)
        add_rows(isa, dy.data(), &mut self.bias.gradient); //                 (M)
        let Some(dx) = dx else { return };
        transpose_shared(&self.weight.value, self.outputs, &mut self.transposed); // (D, M) to (M, D)
        let product = Matmul {
            a: dy.data(), //         (N, M)
            layout: Layout::RowMajor,
            b: &self.transposed, //  (M, D)
            depth: self.outputs,
            columns: self.inputs,
            bias: None,
        };
        by_rows(isa, &product, CHUNK, dx.data_mut()); // (N, D)
    }

    fn side_by_side(&self, lanes: usize, parameters: Vec<Parameter>) -> Option<Box<dyn Layer>> {
        let [weight, bias] = parameters.try_into().ok()?;
        Some(Box::new(LaneLinear { weight, bias, inputs: self.inputs, outputs: self.outputs, lanes }))
    }

    fn parameters(&self) -> Vec<&Parameter> {
        vec![&self.weight, &self.bias]
    }

    fn parameters_mut(&mut self) -> ParametersMut<'_> {
        [&mut self.weight, &mut self.bias].into()
    }

    fn multiply_adds(&self, _: Shape) -> usize {
        self.inputs * self.outputs
    }
}

/// Computes a product some rows at a time, on all threads.
fn by_rows(isa: Isa, product: &Matmul, rows: usize, c: &mut [f32]) {
    let block = rows * product.columns;
    let operations = c.len() * product.depth;
    parallel::for_each(operations, c.chunks_mut(block).enumerate(), |(i, c)| {
        let first = i * rows;
        product.rows(isa, first..first + c.len() / product.columns, c);
    });
}
