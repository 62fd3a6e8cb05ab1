//! Convolution of the pictures of a chunk, stride 1, channels last.
//!
//! Shapes: an input is `(H, W, CI)`, the kernel `(KH, KW, CI, CO)`, an output `(H', W', CO)` with
//! `H' = H + 2 padding - KH + 1`.
//!
//! Two ways: [`winograd`] for kernels of 3 x 3 between enough channels, [`direct`] for all others. **Which one is a rule
//! about the shape alone** ([`Way::of`]), so that every machine follows it; each has its own fixed order of every sum.

use super::isa::Isa;
use std::ops::Range;

mod direct;
mod frame;
mod winograd;

/// How a convolution is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// One chain over kernel rows, kernel columns and channels for each output; any kernel.
    Direct,
    /// F(2x2, 3x3): 16 products for four outputs instead of 36; kernels of 3 x 3 only.
    Winograd,
}

// ANCHOR: way
/// The channels on each side from which on Winograd's transforms cost less than they spare.
const WINOGRAD_CHANNELS: usize = 8;

impl Way {
    /// The way for a kernel of `kernel` rows and columns between so many channels.
    pub(crate) fn of(kernel: usize, inputs: usize, outputs: usize) -> Self {
        let fits = kernel == 3 && inputs.min(outputs) >= WINOGRAD_CHANNELS;
        if fits { Self::Winograd } else { Self::Direct }
    }
}
// ANCHOR_END: way

/// The sizes of a convolution, and how it is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// Rows `H` of the input.
    pub(crate) height: usize,
    /// Columns `W` of the input, without padding.
    pub(crate) width: usize,
    /// Input channels `CI`.
    pub(crate) inputs: usize,
    /// Output channels `CO`.
    pub(crate) outputs: usize,
    /// Rows and columns of the kernel.
    pub(crate) kernel: usize,
    /// Zeros on every side; less than `kernel`.
    pub(crate) padding: usize,
    /// How it is computed.
    pub(crate) way: Way,
}

impl Geometry {
    /// Rows of the output.
    pub(crate) fn out_height(&self) -> usize {
        self.height + 2 * self.padding + 1 - self.kernel
    }

    /// Columns of the output.
    pub(crate) fn out_width(&self) -> usize {
        self.width + 2 * self.padding + 1 - self.kernel
    }

    /// Numbers in one input map.
    pub(crate) fn in_len(&self) -> usize {
        self.height * self.width * self.inputs
    }

    /// Numbers in one output map.
    pub(crate) fn out_len(&self) -> usize {
        self.out_height() * self.out_width() * self.outputs
    }

    /// Numbers in the kernel.
    pub(crate) fn kernel_len(&self) -> usize {
        self.kernel * self.kernel * self.inputs * self.outputs
    }

    /// Multiply-adds of the forward pass of one picture. **Those with the zeros of the padding count too**, as is usual.
    pub(crate) fn multiply_adds(&self) -> usize {
        self.out_height() * self.out_width() * self.kernel_len()
    }

    /// The rows of the kernel that meet the map at output row `y`.
    pub(super) fn taps(&self, y: usize) -> Range<usize> {
        self.padding.saturating_sub(y)..self.kernel.min(self.height + self.padding - y)
    }
}

/// A kernel as [`forward`] and [`backward`] read it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prepared {
    forward: Vec<f32>,
    backward: Vec<f32>,
    /// For what `forward` was made, unless the kernel may have changed since.
    current: Option<(Isa, Way)>,
}

impl Prepared {
    /// To be called when the kernel may change.
    pub(crate) fn outdate(&mut self) {
        self.current = None;
    }

    /// Prepares a kernel `(KH, KW, CI, CO)` for [`forward`], unless it is prepared.
    pub(crate) fn for_forward(&mut self, isa: Isa, g: &Geometry, kernel: &[f32]) {
        assert_eq!(kernel.len(), g.kernel_len(), "the kernel of a convolution");
        if self.current.replace((isa, g.way)) == Some((isa, g.way)) {
            return;
        }
        match g.way {
            Way::Direct => direct::pack(isa, g, kernel, &mut self.forward),
            Way::Winograd => winograd::transform_kernel(isa, g, kernel, &mut self.forward),
        }
    }

    /// Prepares the kernel that was prepared for [`forward`] last for [`backward`] to the input.
    pub(crate) fn for_backward(&mut self, isa: Isa, g: &Geometry, kernel: &[f32]) {
        match g.way {
            Way::Direct => direct::pack_adjoint(isa, g, kernel, &mut self.backward),
            Way::Winograd => winograd::transpose_kernel(g, &self.forward, &mut self.backward),
        }
    }
}

/// The convolutions of pictures `x`.
pub(crate) fn forward(isa: Isa, g: &Geometry, kernel: &Prepared, bias: &[f32], x: &[f32], y: &mut [f32]) {
    assert_eq!(bias.len(), g.outputs, "the bias of a convolution");
    assert_eq!(x.len() / g.in_len() * g.out_len(), y.len(), "the outputs of convolutions");
    match g.way {
        Way::Direct => direct::forward(isa, g, &kernel.forward, bias, x, y),
        Way::Winograd => winograd::forward(isa, g, &kernel.forward, bias, x, y),
    }
}

/// The pictures of a chunk, and the loss's gradient by their outputs.
#[derive(Clone, Copy)]
pub(crate) struct Cotangents<'a> {
    pub(crate) x: &'a [f32],
    pub(crate) dy: &'a [f32],
}

/// The loss's gradients from a chunk; everything is written, nothing added to.
pub(crate) struct Gradients<'a> {
    /// `(KH, KW, CI, CO)`.
    pub(crate) kernel: &'a mut [f32],
    /// `(CO)`.
    pub(crate) bias: &'a mut [f32],
    /// By the pictures, if it is asked for.
    pub(crate) x: Option<&'a mut [f32]>,
}

/// The gradients of a chunk of pictures.
pub(crate) fn backward(isa: Isa, g: &Geometry, kernel: &Prepared, chunk: Cotangents, to: Gradients) {
    assert_eq!(chunk.x.len() / g.in_len() * g.out_len(), chunk.dy.len(), "the cotangents of convolutions");
    assert_eq!(to.kernel.len(), g.kernel_len(), "the kernel gradient of a convolution");
    assert_eq!(to.bias.len(), g.outputs, "the bias gradient of a convolution");
    match g.way {
        Way::Direct => direct::backward(isa, g, &kernel.backward, chunk, to),
        Way::Winograd => winograd::backward(isa, g, &kernel.backward, chunk, to),
    }
}
