//! Linear layers side by side.
//!
//! Shapes: `N` examples, `D` inputs, `M` outputs, `L` lanes; vectors of lanes are `(N, 1, D, L)`.

use crate::layer::{Layer, Mode, Parameter, ParametersMut, ShapeError};
use crate::tensor::{Shape, Tensor};
use kernels::Isa;
use kernels::lanes::LaneProduct;
use kernels::rows::add_rows;

/// As many [`Linear`](crate::Linear) layers as there are lanes. Shapes: input `(N, 1, D, L)`, weight `(D, M, L)`, bias
/// `(M, L)`, output `(N, 1, M, L)`.
#[derive(Clone, Debug)]
pub(crate) struct LaneLinear {
    pub(crate) weight: Parameter,
    pub(crate) bias: Parameter,
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) lanes: usize,
}

impl Layer for LaneLinear {
    fn kind(&self) -> &'static str {
        "Linear"
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if (input.h, input.w, input.c) != (1, self.inputs, self.lanes) {
            let reason = format!("it takes vectors of {} in {} lanes", self.inputs, self.lanes);
            return Err(ShapeError { layer: "Linear", input, reason });
        }
        Ok(Shape::maps(input.n, 1, self.outputs, self.lanes))
    }

    fn forward(&mut self, isa: Isa, x: &Tensor, y: &mut Tensor, _: Mode) {
        let product = LaneProduct {
            a: x.data(), //             (N, D, L)
            a_apart: (self.inputs, 1),
            b: &self.weight.value, //   (D, M, L)
            b_apart: (self.outputs, 1),
            depth: self.inputs,
            columns: self.outputs,
            lanes: self.lanes,
            start: Some(&self.bias.value), // (M, L)
        };
        product.write(isa, y.data_mut()); // (N, M, L)
    }

    fn backward(&mut self, isa: Isa, x: &Tensor, _: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        let dweight = LaneProduct {
            a: x.data(), //             (N, D, L), used as (D, N, L)
            a_apart: (1, self.inputs),
            b: dy.data(), //            (N, M, L)
            b_apart: (self.outputs, 1),
            depth: x.shape().n,
            columns: self.outputs,
            lanes: self.lanes,
            start: None,
        };
        dweight.write(isa, &mut self.weight.gradient); //     (D, M, L)
        self.bias.gradient.fill(0.0); //                      (M, L)
        add_rows(isa, dy.data(), &mut self.bias.gradient); // (M, L)
        let Some(dx) = dx else { return };
        let product = LaneProduct {
            a: dy.data(), //            (N, M, L)
            a_apart: (self.outputs, 1),
            b: &self.weight.value, //   (D, M, L), used as (M, D, L)
            b_apart: (1, self.outputs),
            depth: self.outputs,
            columns: self.inputs,
            lanes: self.lanes,
            start: None,
        };
        product.write(isa, dx.data_mut()); // (N, D, L)
    }

    fn parameters(&self) -> Vec<&Parameter> {
        vec![&self.weight, &self.bias]
    }

    fn parameters_mut(&mut self) -> ParametersMut<'_> {
        [&mut self.weight, &mut self.bias].into()
    }
}
