//! What a layer is.
//!
//! A network takes any type that implements [`Layer`]; `examples/own_layer.rs` writes one.

use crate::tensor::{Shape, Tensor};
use dyn_clone::DynClone;
use kernels::{Isa, MultiplyAddsMade};
use std::fmt::Debug;

/// Whether a pass is for learning or for use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Batch-norm uses the batch's statistics and updates its running ones.
    Train,
    /// Batch-norm uses its running statistics.
    Infer,
}

/// Numbers that an optimiser changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `weight` or `bias`, as PyTorch calls it.
    pub name: &'static str,
    /// Sizes, in our layout: `(KH, KW, CI, CO)`, `(D_in, D_out)` or `(C)`.
    pub shape: Vec<usize>,
    /// Whether it is a kernel or a matrix: its own shape has two dimensions or more. See
    /// [`Decayed`](crate::optimiser::Decayed).
    pub is_weight: bool,
    /// The values.
    pub value: Vec<f32>,
    /// The loss's gradient by them, from the last backward pass.
    pub gradient: Vec<f32>,
}

impl Parameter {
    /// A parameter with the given values and gradient 0.
    ///
    /// # Panics
    /// When there are not as many values as the shape says: a fault of the layer, not of its input.
    pub fn new(name: &'static str, shape: &[usize], value: Vec<f32>) -> Self {
        assert_eq!(
            value.len(),
            shape.iter().product::<usize>(),
            "{} numbers for {name} {shape:?}",
            value.len()
        );
        let gradient = vec![0.0; value.len()];
        Self { name, shape: shape.to_vec(), is_weight: shape.len() > 1, value, gradient }
    }
}

/// The parameters of a layer, to be changed: collect them with `ParametersMut::from_iter([&mut self.weight])`.
///
/// A list of up to two lies on the stack, so that a training step of the layers here allocates nothing; a layer may
/// have more.
pub type ParametersMut<'a> = smallvec::SmallVec<[&'a mut Parameter; 2]>;

/// Numbers that belong to a trained layer but are not learned by gradient: running statistics.
pub type Buffer<'a> = (&'static str, &'a [f32]);

/// Why a layer cannot take an input, or can take none at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{layer} cannot take an input of shape {input}: {reason}")]
pub struct ShapeError {
    /// The layer's kind.
    pub layer: &'static str,
    /// What it was given.
    pub input: Shape,
    /// What it needs.
    pub reason: String,
}

/// A layer without parameters that the one before it may compute in its own passes over memory.
///
/// Hidden, as are the methods about it: which layers are computed together is no part of what a layer promises.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Epilogue {
    /// `max(x, 0)`.
    Relu,
    /// The largest of each window.
    MaxPool {
        /// Rows and columns of a window.
        window: usize,
    },
}

/// What a layer of a network for images computes, as exchange formats have it. Its numbers are its
/// [`parameters`](Layer::parameters) and [`buffers`](Layer::buffers), in PyTorch's order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operator {
    /// A convolution with stride 1.
    Convolution {
        /// Rows and columns of zeros on every side.
        padding: usize,
    },
    /// `(x - mean) / sqrt(variance + eps) * weight + bias` in each channel.
    BatchNorm {
        /// What is added to the variance.
        eps: f32,
    },
    /// `max(x, 0)`.
    Relu,
    /// The largest of each window; windows do not overlap, and what is left at the edge is dropped.
    MaxPool {
        /// Rows and columns of a window.
        window: usize,
    },
    /// Maps to vectors, in the order `(C, H, W)`.
    Flatten,
    /// `x W + b`.
    Linear,
}

/// Ends the backward pass of a layer for images in the program of the book's pages, and nowhere else: a page trains
/// networks for vectors only, and these kernels would be a twentieth of what a reader loads. **The compiler sees that
/// what follows is never reached, and leaves it out.**
#[inline(always)]
pub(crate) fn assert_not_in_pages() {
    if cfg!(pages) {
        unreachable!("the book's pages train no network for images");
    }
}

/// A differentiable function with parameters.
///
/// A layer owns its parameters and scratch memory; inputs and outputs belong to the network's
/// [`Pass`](crate::network::Pass). `backward` may be called once after each `forward`, with the same `x` and `y`, and
/// differentiates what that `forward` computed in its [`Mode`].
pub trait Layer: Debug + DynClone + Send + Sync {
    /// The layer's name in PyTorch, for tables; batch-norm has one for maps and vectors.
    fn kind(&self) -> &'static str;

    /// The shape of the output.
    ///
    /// # Errors
    /// When the layer cannot take such an input.
    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError>;

    /// Refuses a batch of a shape that the layer takes, and cannot compute in this mode: batch-norm cannot learn from a
    /// single value a channel.
    ///
    /// # Errors
    /// When it cannot.
    fn fits(&self, _input: Shape, _mode: Mode) -> Result<(), ShapeError> {
        Ok(())
    }

    /// Computes `y = f(x)`. `y` has the shape of [`output_shape`](Self::output_shape) already, and any numbers in it:
    /// **all are to be written**.
    fn forward(&mut self, isa: Isa, x: &Tensor, y: &mut Tensor, mode: Mode);

    /// From the loss's gradient by `y`, `dy`, computes the parameters' gradients and, if asked for, `dx`. `dy` has the
    /// shape of `y`; `dx` has that of `x` already, and **all of it is to be written**.
    fn backward(&mut self, isa: Isa, x: &Tensor, y: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>);

    /// What this layer computes, where an exchange format has a word for it. `None` for others.
    fn operator(&self) -> Option<Operator> {
        None
    }

    /// What this layer is when it may be computed by the one before it.
    #[doc(hidden)]
    fn as_epilogue(&self) -> Option<Epilogue> {
        None
    }

    /// Takes over the layer that follows, if it can: its `y` is then that layer's, of that layer's shape, with the same
    /// bits. **Sums over pixels in the backward pass may run in another fixed order.**
    /// [`output_shape`](Self::output_shape) stays that of this layer by itself.
    #[doc(hidden)]
    fn absorb(&mut self, _next: Epilogue) -> bool {
        false
    }

    /// The parameters, in PyTorch's order.
    fn parameters(&self) -> Vec<&Parameter> {
        Vec::new()
    }

    /// The parameters, to be changed.
    fn parameters_mut(&mut self) -> ParametersMut<'_> {
        ParametersMut::new()
    }

    /// The running statistics, in PyTorch's order.
    fn buffers(&self) -> Vec<Buffer<'_>> {
        Vec::new()
    }

    /// The running statistics, to be restored from a file.
    fn buffers_mut(&mut self) -> Vec<(&'static str, &mut [f32])> {
        Vec::new()
    }

    /// Makes the running statistics what they were before the last forward pass in [`Mode::Train`]: the step of that
    /// batch was not made. A layer that has such keeps them for this.
    fn take_back_batch(&mut self) {}

    /// How many training batches the running statistics have seen, for a layer that has such. PyTorch's files hold it,
    /// and nothing computes with it.
    #[doc(hidden)]
    fn batches_tracked(&self) -> Option<u64> {
        None
    }

    /// Restores [`batches_tracked`](Self::batches_tracked) from a file.
    #[doc(hidden)]
    fn set_batches_tracked(&mut self, _count: u64) {}

    /// The layer that computes many of this kind side by side, `parameters` with one number of each of them next to
    /// each other: see [`LaneTrainer`](crate::LaneTrainer). `None` when there is no such layer.
    #[doc(hidden)]
    fn side_by_side(&self, _lanes: usize, _parameters: Vec<Parameter>) -> Option<Box<dyn Layer>> {
        None
    }

    /// Multiply-adds of the forward pass of one example, as the layer's formula has them. **Nominal**: how they are
    /// computed does not matter.
    fn multiply_adds(&self, _input: Shape) -> usize {
        0
    }

    /// Multiply-adds that the kernels make for one example. They are the nominal ones in each direction, unless the
    /// layer says otherwise.
    fn multiply_adds_made(&self, input: Shape) -> MultiplyAddsMade {
        let nominal = self.multiply_adds(input);
        MultiplyAddsMade { forward: nominal, by_input: nominal, by_parameters: nominal }
    }
}

dyn_clone::clone_trait_object!(Layer);
