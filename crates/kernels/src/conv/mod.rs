//! Convolution of the images of a chunk, stride 1, channels last.
//!
//! Shapes: an input is `(H, W, CI)`, the kernel `(KH, KW, CI, CO)`, an output `(H', W', CO)` with
//! `H' = H + 2 padding - KH + 1`.
//!
//! Two ways: `winograd` for kernels of 3 x 3 between enough channels, `direct` for all others. **Which one is a
//! rule about the shape alone** ([`Way::of`]), so that every machine follows it; each has its own fixed order of every
//! sum.

mod chunk;
mod direct;
mod frame;
mod geometry;
mod winograd;

pub use chunk::{Cotangents, Gradients};
pub use geometry::Geometry;
pub use geometry::Way;

use super::isa::Isa;
use crate::MultiplyAddsMade;

/// A kernel as [`forward`] and [`backward`] read it.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    forward: Vec<f32>,
    backward: Vec<f32>,
    /// For what `forward` was made, unless the kernel may have changed since.
    current: Option<(Isa, Way)>,
}

impl Prepared {
    /// To be called when the kernel may change.
    pub fn outdate(&mut self) {
        self.current = None;
    }

    /// Prepares a kernel `(KH, KW, CI, CO)` for [`forward`], unless it is prepared.
    pub fn for_forward(&mut self, isa: Isa, g: &Geometry, kernel: &[f32]) {
        assert_eq!(kernel.len(), g.kernel_len(), "the kernel of a convolution");
        if self.current.replace((isa, g.way)) == Some((isa, g.way)) {
            return;
        }
        match g.way {
            Way::Direct => direct::pack(isa, g, kernel, &mut self.forward),
            Way::Winograd => winograd::transform_kernel(isa, g, kernel, &mut self.forward),
        }
    }

    /// Prepares a kernel for [`backward`] to the input.
    pub fn for_backward(&mut self, isa: Isa, g: &Geometry, kernel: &[f32]) {
        match g.way {
            Way::Direct => direct::pack_adjoint(isa, g, kernel, &mut self.backward),
            Way::Winograd => winograd::transform_transposed(isa, g, kernel, &mut self.backward),
        }
    }
}

/// The convolutions of images `x`.
pub fn forward(isa: Isa, g: &Geometry, kernel: &Prepared, bias: &[f32], x: &[f32], y: &mut [f32]) {
    assert_eq!(bias.len(), g.outputs, "the bias of a convolution");
    assert_eq!(x.len() / g.in_len() * g.out_len(), y.len(), "the outputs of convolutions");
    match g.way {
        Way::Direct => direct::forward(isa, g, &kernel.forward, bias, x, y),
        Way::Winograd => winograd::forward(isa, g, &kernel.forward, bias, x, y),
    }
}

/// The gradients of a chunk of images.
pub fn backward(isa: Isa, g: &Geometry, kernel: &Prepared, chunk: Cotangents, to: Gradients) {
    assert_eq!(chunk.x.len() / g.in_len() * g.out_len(), chunk.dy.len(), "the cotangents of convolutions");
    assert_eq!(to.kernel.len(), g.kernel_len(), "the kernel gradient of a convolution");
    assert_eq!(to.bias.len(), g.outputs, "the bias gradient of a convolution");
    match g.way {
        Way::Direct => direct::backward(isa, g, &kernel.backward, chunk, to),
        Way::Winograd => winograd::backward(isa, g, &kernel.backward, chunk, to),
    }
}

/// The multiply-adds that [`forward`] and [`backward`] make for an image.
pub fn multiply_adds_made(g: &Geometry) -> MultiplyAddsMade {
    match g.way {
        Way::Direct => direct::multiply_adds_made(g),
        Way::Winograd => winograd::multiply_adds_made(g),
    }
}
