//! PyTorch's default initialisation.
//!
//! Weights and biases of linear and convolution layers are uniform on `±1/sqrt(fan_in)`, where `fan_in` is the number
//! of inputs to one output. (PyTorch writes it as Kaiming's uniform rule with `a = sqrt(5)`, which is the same.)
//! Batch-norm begins with scale 1 and shift 0, PReLU with slope 0.25.
//!
//! **The distribution is PyTorch's, the numbers are ours**: they come from our stream, in the order of our layout,
//! weight before bias.

use crate::layer::Parameter;
use numerics::random::Stream;

/// A weight and its bias.
pub(crate) fn weight_and_bias(shape: &[usize], outputs: usize, init: &mut Stream) -> (Parameter, Parameter) {
    let len: usize = shape.iter().product();
    let fan_in = len / outputs.max(1);
    let bound = 1.0 / (fan_in.max(1) as f64).sqrt();
    let mut draw = |len: usize| (0..len).map(|_| init.uniform(-bound, bound) as f32).collect::<Vec<_>>();
    let weight = Parameter::new("weight", shape, draw(len));
    let bias = Parameter::new("bias", &[outputs], draw(outputs));
    (weight, bias)
}
