//! The passes of batch-norm over one example, with a ReLU and a pooling of 2 x 2 behind it in the same pass.
//!
//! Shapes: maps are `(H, W, C)`, channels last; channels are worked on in blocks of `by_blocks::BLOCK` side by side.
//! With the constants of a channel, `z = fma(x - mean, scale, beta)`; `y` is `z`, its ReLU, or the largest ReLU of a
//! window.
//!
//! Sums over the pixels of an example are four chains, the `i`-th pixel (or, with pooling, the `i`-th of its
//! window) in chain `i mod 4`, added as `(0 + 1) + (2 + 3)`.

mod block;
mod by_blocks;
mod chains;
mod example;
mod moments;
mod passes;

pub use example::{Constants, Example, Tail};

use super::isa::Isa;
use super::simd::dispatch;
use by_blocks::ByBlocks;
use moments::Moments;
use passes::{Forward, GradientSums, InputGradient};

/// The mean of each channel over an example, rounded, and about it the sums of deviations and of their squares:
/// `moments` is `(3, C)`.
pub fn moments(isa: Isa, channels: usize, x: &[f32], moments: &mut [f32]) {
    assert_eq!(moments.len(), 3 * channels, "the moments of an example");
    dispatch(isa, ByBlocks { channels, pass: Moments { channels, x, moments } });
}

/// Calls a block with the constants `$K`, rows and columns of a window, and `$RELU` that a tail stands for.
macro_rules! with_tail {
    ($tail:expr, ($K:ident, $RELU:ident) => $body:expr) => {
        match $tail {
            Tail::None => {
                const $K: usize = 1;
                const $RELU: bool = false;
                $body
            }
            Tail::Relu => {
                const $K: usize = 1;
                const $RELU: bool = true;
                $body
            }
            Tail::ReluPool => {
                const $K: usize = 2;
                const $RELU: bool = true;
                $body
            }
        }
    };
}

/// `y` of one example with `width` columns.
pub fn forward(isa: Isa, tail: Tail, constants: Constants, width: usize, x: &[f32], y: &mut [f32]) {
    let channels = constants.mean.len();
    with_tail!(tail, (K, RELU) => {
        dispatch(isa, ByBlocks { channels, pass: Forward::<K, RELU> { constants, width, x, y } });
    });
}

/// `Σ dz` and `Σ dz (x - mean)` over one example: `sums` is `(2, C)`.
pub fn gradient_sums(isa: Isa, tail: Tail, constants: Constants, example: Example, sums: &mut [f32]) {
    let channels = constants.mean.len();
    assert_eq!(sums.len(), 2 * channels, "the gradient sums of an example");
    with_tail!(tail, (K, RELU) => {
        dispatch(isa, ByBlocks { channels, pass: GradientSums::<K, RELU> { constants, example, sums } });
    });
}

/// `dx = scale fma(x - mean, -slope, dz - shift)` of one example; `[shift, slope]` are constants of a channel.
pub fn input_gradient(
    isa: Isa,
    tail: Tail,
    constants: Constants,
    lines: [&[f32]; 2],
    example: Example,
    dx: &mut [f32],
) {
    let channels = constants.mean.len();
    assert_eq!(dx.len(), example.x.len(), "the input gradient of an example");
    with_tail!(tail, (K, RELU) => {
        dispatch(isa, ByBlocks { channels, pass: InputGradient::<K, RELU> { constants, lines, example, dx } });
    });
}
