//! The nonlinear activations, element by element.
//!
//! | kind | `y` | `dx` |
//! |---|---|---|
//! | ReLU | `max(x, 0)` | `dy` where `x > 0`, else 0 (**also at 0**) |
//! | sigmoid | `1 / (1 + e^-x)` | `dy y (1 - y)` |
//! | tanh | `tanh x` | `dy (1 - y²)` |
//! | PReLU | `x` where `x > 0`, else `a x` | `dy` where `x > 0`, else `a dy`; `da = Σ dy x` over `x <= 0` |
//!
//! Shapes: everything has the shape of the input, `(N, H, W, C)` or `(N, D)`; a slope is `(1)`.
//!
//! PReLU has one slope `a` for all elements, 0.25 at first (K. He et al., "Delving deep into rectifiers", 2015).

use crate::chunks;
use crate::layer::{Epilogue, Layer, Mode, Operator, Parameter, ParametersMut, ShapeError};
use crate::tensor::{Shape, Tensor};
use kernels::Isa;
use kernels::parallel;
use kernels::{elementary, elementwise};

/// Which activation; PReLU has a parameter and so a type of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivationKind {
    /// `max(x, 0)`.
    Relu,
    /// `1 / (1 + e^-x)`.
    Sigmoid,
    /// `tanh x`.
    Tanh,
}

/// An activation without parameters. Shapes: output as input.
#[derive(Clone, Copy, Debug)]
pub struct Activation(pub ActivationKind);

impl Layer for Activation {
    fn kind(&self) -> &'static str {
        match self.0 {
            ActivationKind::Relu => "ReLU",
            ActivationKind::Sigmoid => "Sigmoid",
            ActivationKind::Tanh => "Tanh",
        }
    }

    fn operator(&self) -> Option<Operator> {
        (self.0 == ActivationKind::Relu).then_some(Operator::Relu)
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        Ok(input)
    }

    fn as_epilogue(&self) -> Option<Epilogue> {
        (self.0 == ActivationKind::Relu).then_some(Epilogue::Relu)
    }

    fn side_by_side(&self, _: usize, _: Vec<Parameter>) -> Option<Box<dyn Layer>> {
        Some(Box::new(*self))
    }

    fn forward(&mut self, isa: Isa, x: &Tensor, y: &mut Tensor, _: Mode) {
        // SOLUTION: P1.1 the outputs of each activation, in single precision
        // y = f(x): (N, H, W, C)
        match self.0 {
            // 0 x and not 0: a NaN must not be lost.
            ActivationKind::Relu => map(isa, x, y, |x| if x > 0.0 { x } else { 0.0 * x }),
            ActivationKind::Sigmoid => by_chunks(x, y, |x, y| elementary::sigmoid(isa, x, y)),
            ActivationKind::Tanh => by_chunks(x, y, |x, y| elementary::tanh(isa, x, y)),
        }
        // SOLUTION_END: P1.1
    }

    fn backward(&mut self, isa: Isa, _: &Tensor, y: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        let Some(dx) = dx else { return };
        // SOLUTION: P1.1 the gradient of each activation, in single precision
        // dx = dy f'(x), written in y: (N, H, W, C)
        match self.0 {
            ActivationKind::Relu => map2(isa, y, dy, dx, |y, dy| if y > 0.0 { dy } else { 0.0 }),
            ActivationKind::Sigmoid => map2(isa, y, dy, dx, |y, dy| dy * y * (1.0 - y)),
            ActivationKind::Tanh => map2(isa, y, dy, dx, |y, dy| dy * (1.0 - y * y)),
        }
        // SOLUTION_END: P1.1
    }
}

/// The parametric ReLU. Shapes: output as input, slope `(1)`.
#[derive(Clone, Debug)]
pub struct PRelu {
    slope: Parameter,
    /// The slope's gradient in each chunk.
    chunks: Vec<f32>, // (chunks)
}

impl PRelu {
    /// The slope that PyTorch begins with.
    pub const INITIAL_SLOPE: f32 = 0.25;

    /// A layer with the given slope for negative inputs.
    pub fn new(slope: f32) -> Self {
        Self { slope: Parameter::new("weight", &[1], vec![slope]), chunks: Vec::new() }
    }
}

impl Default for PRelu {
    fn default() -> Self {
        Self::new(Self::INITIAL_SLOPE)
    }
}

impl Layer for PRelu {
    fn kind(&self) -> &'static str {
        "PReLU"
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        Ok(input)
    }

    fn forward(&mut self, isa: Isa, x: &Tensor, y: &mut Tensor, _: Mode) {
        // SOLUTION: P1.1 the outputs of PReLU
        let slope = self.slope.value[0]; //                                 ()
        map(isa, x, y, move |x| if x > 0.0 { x } else { slope * x }); //    (N, H, W, C)
        // SOLUTION_END: P1.1
    }

    fn backward(&mut self, isa: Isa, x: &Tensor, _: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        // SOLUTION: P1.1 the gradients of PReLU by its slope and its input
        let slope = self.slope.value[0];
        self.chunks.resize(chunks::count(x.shape().n), 0.0); //                          (chunks)
        let chunks = chunks::of(x).zip(chunks::of(dy)).zip(&mut self.chunks); //         (B, H, W, C), twice, and ()
        parallel::for_each(x.data().len(), chunks, |((x, dy), sum)| {
            let below = |(&x, &dy): (&f32, &f32)| if x > 0.0 { 0.0 } else { dy * x };
            *sum = x.iter().zip(dy).map(below).fold(0.0, |sum, term| sum + term);
        });
        self.slope.gradient[0] = self.chunks.iter().fold(0.0, |sum, chunk| sum + chunk); // ()
        if let Some(dx) = dx {
            map2(isa, x, dy, dx, move |x, dy| if x > 0.0 { dy } else { slope * dy }); // (N, H, W, C)
        }
        // SOLUTION_END: P1.1
    }

    fn parameters(&self) -> Vec<&Parameter> {
        vec![&self.slope]
    }

    fn parameters_mut(&mut self) -> ParametersMut<'_> {
        ParametersMut::from_iter([&mut self.slope])
    }
}

/// Lets `f` compute every chunk of `y` from that of `x`, both `(N, H, W, C)`.
fn by_chunks(x: &Tensor, y: &mut Tensor, f: impl Fn(&[f32], &mut [f32]) + Sync) {
    parallel::for_each(x.data().len(), chunks::of(x).zip(chunks::of_mut(y)), |(x, y)| f(x, y));
}

/// `y = f(x)` for every element of `(N, H, W, C)`. Functions are passed by value, so that what they hold is in
/// registers.
fn map(isa: Isa, x: &Tensor, y: &mut Tensor, f: impl Fn(f32) -> f32 + Sync + Copy + Send) {
    map2(isa, x, x, y, move |x, _| f(x));
}

/// `c = f(a, b)` for every element of `(N, H, W, C)`.
fn map2(isa: Isa, a: &Tensor, b: &Tensor, c: &mut Tensor, f: impl Fn(f32, f32) -> f32 + Sync + Copy + Send) {
    let chunks = chunks::of(a).zip(chunks::of(b)).zip(chunks::of_mut(c));
    parallel::for_each(a.data().len(), chunks, |((a, b), c)| {
        elementwise::zip(isa, a, b, c, f); // (B, H, W, C)
    });
}
