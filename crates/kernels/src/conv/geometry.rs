//! The sizes of a convolution, and how it is computed.

use std::ops::Range;

/// How a convolution is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// One chain over kernel rows, kernel columns and channels for each output; any kernel.
    Direct,
    /// F(4x4, 3x3): 36 products for sixteen outputs instead of 144; kernels of 3 x 3 only.
    Winograd,
}

// ANCHOR: way
/// The channels on each side from which on Winograd's transforms cost less than they spare.
const WINOGRAD_CHANNELS: usize = 8;

impl Way {
    /// The way for a kernel of `kernel` rows and columns between so many channels.
    pub fn of(kernel: usize, inputs: usize, outputs: usize) -> Self {
        let fits = kernel == 3 && inputs.min(outputs) >= WINOGRAD_CHANNELS;
        if fits { Self::Winograd } else { Self::Direct }
    }
}
// ANCHOR_END: way

/// The sizes of a convolution, and how it is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Rows `H` of the input.
    pub height: usize,
    /// Columns `W` of the input, without padding.
    pub width: usize,
    /// Input channels `CI`.
    pub inputs: usize,
    /// Output channels `CO`.
    pub outputs: usize,
    /// Rows and columns of the kernel.
    pub kernel: usize,
    /// Zeros on every side; less than `kernel`.
    pub padding: usize,
    /// How it is computed.
    pub way: Way,
}

impl Geometry {
    /// Rows of the output.
    pub fn out_height(&self) -> usize {
        self.height + 2 * self.padding + 1 - self.kernel
    }

    /// Columns of the output.
    pub fn out_width(&self) -> usize {
        self.width + 2 * self.padding + 1 - self.kernel
    }

    /// Numbers in one input map.
    pub fn in_len(&self) -> usize {
        self.height * self.width * self.inputs
    }

    /// Numbers in one output map.
    pub fn out_len(&self) -> usize {
        self.out_height() * self.out_width() * self.outputs
    }

    /// Numbers in the kernel.
    pub fn kernel_len(&self) -> usize {
        self.kernel * self.kernel * self.inputs * self.outputs
    }

    /// Multiply-adds of the forward pass of one image. **Those with the zeros of the padding count too**, as is usual.
    pub fn multiply_adds(&self) -> usize {
        self.out_height() * self.out_width() * self.kernel_len()
    }

    /// The rows of the kernel that meet the map at output row `y`.
    pub fn taps(&self, y: usize) -> Range<usize> {
        self.padding.saturating_sub(y)..self.kernel.min(self.height + self.padding - y)
    }
}
