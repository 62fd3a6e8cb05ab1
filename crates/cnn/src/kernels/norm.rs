//! The passes of batch-norm over one example, with a ReLU and a pooling of 2 x 2 behind it in the same pass.
//!
//! Shapes: maps are `(H, W, C)`, channels last; channels are worked on in blocks of [`BLOCK`] side by side. With the
//! constants of a channel, `z = (x - mean) scale + beta`; `y` is `z`, its ReLU, or the largest ReLU of a window.
//!
//! Sums over the pixels of an example are four chains, the `i`-th pixel (or, with pooling, the `i`-th of its
//! window) in chain `i mod 4`, added as `(0 + 1) + (2 + 3)`.

use super::isa::Isa;
use super::simd::{Kernel, Simd, dispatch};

/// Channels worked on side by side.
const BLOCK: usize = 16;

/// Chains of a sum.
const CHAINS: usize = 4;

/// What follows the normalisation in the same pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Nothing.
    #[default]
    None,
    /// A ReLU.
    Relu,
    /// A ReLU, and the largest of each window of 2 x 2.
    ReluPool,
}

/// The constants of every channel.
#[derive(Clone, Copy)]
pub(crate) struct Constants<'a> {
    pub(crate) mean: &'a [f32],
    pub(crate) scale: &'a [f32],
    pub(crate) beta: &'a [f32],
}

/// One example on its way back.
#[derive(Clone, Copy)]
pub(crate) struct Example<'a> {
    /// Columns `W` of the map.
    pub(crate) width: usize,
    pub(crate) x: &'a [f32],
    pub(crate) y: &'a [f32],
    pub(crate) dy: &'a [f32],
}

/// The mean of each channel over an example, rounded, and about it the sums of deviations and of their squares:
/// `moments` is `(3, C)`.
pub(crate) fn moments(isa: Isa, channels: usize, x: &[f32], moments: &mut [f32]) {
    assert_eq!(moments.len(), 3 * channels, "the moments of an example");
    dispatch(isa, ByBlocks { channels, pass: Moments { channels, x, moments } });
}

/// `y` of one example with `width` columns.
pub(crate) fn forward(isa: Isa, tail: Tail, constants: Constants, width: usize, x: &[f32], y: &mut [f32]) {
    let channels = constants.mean.len();
    match tail {
        Tail::None => dispatch(isa, ByBlocks { channels, pass: Forward::<1, false> { constants, width, x, y } }),
        Tail::Relu => dispatch(isa, ByBlocks { channels, pass: Forward::<1, true> { constants, width, x, y } }),
        Tail::ReluPool => dispatch(isa, ByBlocks { channels, pass: Forward::<2, true> { constants, width, x, y } }),
    }
}

/// `Σ dz` and `Σ dz (x - mean)` over one example: `sums` is `(2, C)`.
pub(crate) fn gradient_sums(isa: Isa, tail: Tail, constants: Constants, example: Example, sums: &mut [f32]) {
    let channels = constants.mean.len();
    assert_eq!(sums.len(), 2 * channels, "the gradient sums of an example");
    match tail {
        Tail::None => dispatch(isa, ByBlocks { channels, pass: GradientSums::<1, false> { constants, example, sums } }),
        Tail::Relu => dispatch(isa, ByBlocks { channels, pass: GradientSums::<1, true> { constants, example, sums } }),
        Tail::ReluPool => {
            dispatch(isa, ByBlocks { channels, pass: GradientSums::<2, true> { constants, example, sums } });
        }
    }
}

/// `dx = scale ((dz - shift) - (x - mean) slope)` of one example; `[shift, slope]` are constants of a channel.
pub(crate) fn input_gradient(
    isa: Isa,
    tail: Tail,
    constants: Constants,
    lines: [&[f32]; 2],
    example: Example,
    dx: &mut [f32],
) {
    let channels = constants.mean.len();
    assert_eq!(dx.len(), example.x.len(), "the input gradient of an example");
    match tail {
        Tail::None => {
            dispatch(isa, ByBlocks { channels, pass: InputGradient::<1, false> { constants, lines, example, dx } });
        }
        Tail::Relu => {
            dispatch(isa, ByBlocks { channels, pass: InputGradient::<1, true> { constants, lines, example, dx } });
        }
        Tail::ReluPool => {
            dispatch(isa, ByBlocks { channels, pass: InputGradient::<2, true> { constants, lines, example, dx } });
        }
    }
}

/// A pass that does `B` channels at a time.
trait Pass {
    /// Does the channels from `channel` on.
    fn block<const B: usize>(&mut self, channel: usize);
}

/// A pass over all its channels.
struct ByBlocks<P> {
    channels: usize,
    pass: P,
}

impl<P: Pass> Kernel for ByBlocks<P> {
    #[inline(always)]
    fn run<S: Simd>(mut self, _: S) {
        let whole = self.channels / BLOCK * BLOCK;
        let mut channel = 0;
        while channel < whole {
            self.pass.block::<BLOCK>(channel);
            channel += BLOCK;
        }
        for channel in whole..self.channels {
            self.pass.block::<1>(channel);
        }
    }
}

#[inline(always)]
fn block_of<const B: usize>(numbers: &[f32], at: usize) -> &[f32; B] {
    numbers[at..at + B].try_into().expect("a block of B numbers")
}

#[inline(always)]
fn block_of_mut<const B: usize>(numbers: &mut [f32], at: usize) -> &mut [f32; B] {
    (&mut numbers[at..at + B]).try_into().expect("a block of B numbers")
}

/// Does the block for every `$i` below `$count`, with the chain `$i mod 4`. The chains are never indexed by a number that
/// is known only when the program runs, so that they stay in registers. A macro, because a closure would be compiled
/// without the caller's instruction set.
macro_rules! along_chains {
    ($count:expr, $chains:ident, |$i:ident, $chain:pat_param| $body:block) => {
        let (count, mut first) = ($count, 0);
        while first < count / CHAINS * CHAINS {
            for (k, $chain) in $chains.iter_mut().enumerate() {
                let $i = first + k;
                $body
            }
            first += CHAINS;
        }
        for (k, $chain) in $chains.iter_mut().enumerate() {
            let $i = first + k;
            if $i < count {
                $body
            }
        }
    };
}

/// The sum of the chains.
#[inline(always)]
fn joined<const B: usize>(chains: [[f32; B]; CHAINS]) -> [f32; B] {
    let mut sum = [0.0; B];
    for i in 0..B {
        sum[i] = (chains[0][i] + chains[1][i]) + (chains[2][i] + chains[3][i]);
    }
    sum
}

/// Two sums that were kept side by side.
#[inline(always)]
fn apart<const B: usize>(sums: [([f32; B], [f32; B]); CHAINS]) -> ([[f32; B]; CHAINS], [[f32; B]; CHAINS]) {
    let (mut first, mut second) = ([[0.0; B]; CHAINS], [[0.0; B]; CHAINS]);
    for (i, sums) in sums.into_iter().enumerate() {
        (first[i], second[i]) = sums;
    }
    (first, second)
}

struct Moments<'a> {
    channels: usize,
    x: &'a [f32],
    moments: &'a mut [f32],
}

impl Pass for Moments<'_> {
    #[inline(always)]
    fn block<const B: usize>(&mut self, channel: usize) {
        let (c, pixels) = (self.channels, self.x.len() / self.channels);
        let mut values = [[0.0; B]; CHAINS];
        along_chains!(pixels, values, |pixel, sum| {
            let x = block_of::<B>(self.x, pixel * c + channel);
            for i in 0..B {
                sum[i] += x[i];
            }
        });
        let mut mean = joined(values);
        for mean in &mut mean {
            *mean /= pixels as f32;
        }
        let mut sums = [([0.0; B], [0.0; B]); CHAINS];
        along_chains!(pixels, sums, |pixel, (off, squares)| {
            let x = block_of::<B>(self.x, pixel * c + channel);
            for i in 0..B {
                let deviation = x[i] - mean[i];
                off[i] += deviation;
                squares[i] += deviation * deviation;
            }
        });
        let (off, squares) = apart(sums);
        *block_of_mut(self.moments, channel) = mean;
        *block_of_mut(self.moments, c + channel) = joined(off);
        *block_of_mut(self.moments, 2 * c + channel) = joined(squares);
    }
}

/// The constants of a block of channels.
struct Block<const B: usize> {
    mean: [f32; B],
    scale: [f32; B],
    beta: [f32; B],
}

impl<const B: usize> Block<B> {
    #[inline(always)]
    fn new(constants: Constants, channel: usize) -> Self {
        Self {
            mean: *block_of(constants.mean, channel),
            scale: *block_of(constants.scale, channel),
            beta: *block_of(constants.beta, channel),
        }
    }

    // ANCHOR: value
    /// What one pixel is before the pooling.
    #[inline(always)]
    fn value<const RELU: bool>(&self, x: &[f32; B]) -> [f32; B] {
        let mut value = [0.0; B];
        for i in 0..B {
            let z = (x[i] - self.mean[i]) * self.scale[i] + self.beta[i];
            // 0 z and not 0: a NaN must not be lost.
            value[i] = if !RELU || z > 0.0 { z } else { 0.0 * z };
        }
        value
    }

    /// `dz` of one pixel of a window with `K` x `K` pixels, from what is still there of the window's cotangent: the
    /// first pixel that equals the maximum takes it all.
    #[inline(always)]
    fn cotangent<const K: usize, const RELU: bool>(
        &self,
        x: &[f32; B],
        y: &[f32; B],
        rest: &mut [f32; B],
    ) -> [f32; B] {
        let value = self.value::<RELU>(x);
        let mut dz = [0.0; B];
        for i in 0..B {
            let hit = K == 1 || value[i] == y[i];
            dz[i] = if hit && (!RELU || value[i] > 0.0) { rest[i] } else { 0.0 };
            rest[i] = if hit { 0.0 } else { rest[i] };
        }
        dz
    }
    // ANCHOR_END: value
}

/// What the second of two passes back subtracts, for a block of channels.
struct Lines<const B: usize> {
    shift: [f32; B],
    slope: [f32; B],
}

impl<const B: usize> Block<B> {
    /// Adds the terms of one pixel to the sums of its chain.
    #[inline(always)]
    fn add<const K: usize, const RELU: bool>(
        &self,
        x: &[f32; B],
        y: &[f32; B],
        rest: &mut [f32; B],
        sums: &mut ([f32; B], [f32; B]),
    ) {
        let dz = self.cotangent::<K, RELU>(x, y, rest);
        for i in 0..B {
            sums.0[i] += dz[i];
            sums.1[i] += dz[i] * (x[i] - self.mean[i]);
        }
    }

    /// The input's gradient of one pixel.
    #[inline(always)]
    fn write(&self, lines: &Lines<B>, x: &[f32; B], dz: &[f32; B], dx: &mut [f32; B]) {
        for i in 0..B {
            dx[i] = self.scale[i] * ((dz[i] - lines.shift[i]) - (x[i] - self.mean[i]) * lines.slope[i]);
        }
    }
}

struct Forward<'a, const K: usize, const RELU: bool> {
    constants: Constants<'a>,
    width: usize,
    x: &'a [f32],
    y: &'a mut [f32],
}

impl<const K: usize, const RELU: bool> Pass for Forward<'_, K, RELU> {
    #[inline(always)]
    fn block<const B: usize>(&mut self, channel: usize) {
        let c = self.constants.mean.len();
        let block = Block::<B>::new(self.constants, channel);
        let columns = self.width / K;
        for (window, y) in self.y.chunks_exact_mut(c).enumerate() {
            let first = window / columns * K * self.width + window % columns * K;
            let mut largest = block.value::<RELU>(block_of(self.x, first * c + channel));
            for other in 1..K * K {
                let pixel = first + other / K * self.width + other % K;
                let value = block.value::<RELU>(block_of(self.x, pixel * c + channel));
                for i in 0..B {
                    // Not f32::max, which would hide a NaN.
                    largest[i] =
                        if value[i] > largest[i] || value[i].is_nan() { value[i] } else { largest[i] };
                }
            }
            *block_of_mut(y, channel) = largest;
        }
    }
}

struct GradientSums<'a, const K: usize, const RELU: bool> {
    constants: Constants<'a>,
    example: Example<'a>,
    sums: &'a mut [f32],
}

impl<const K: usize, const RELU: bool> Pass for GradientSums<'_, K, RELU> {
    #[inline(always)]
    fn block<const B: usize>(&mut self, channel: usize) {
        let Example { width, x, y, dy } = self.example;
        let c = self.constants.mean.len();
        let block = Block::<B>::new(self.constants, channel);
        let columns = width / K;
        let mut sums = [([0.0; B], [0.0; B]); CHAINS];
        if K == 1 {
            along_chains!(x.len() / c, sums, |pixel, sums| {
                let at = pixel * c + channel;
                let mut rest = *block_of(dy, at);
                block.add::<K, RELU>(block_of(x, at), block_of(y, at), &mut rest, sums);
            });
        } else {
            for (window, (y, dy)) in y.chunks_exact(c).zip(dy.chunks_exact(c)).enumerate() {
                let first = window / columns * K * width + window % columns * K;
                let (y, mut rest) = (block_of(y, channel), *block_of(dy, channel));
                for (place, sums) in sums.iter_mut().enumerate() {
                    let pixel = first + place / K * width + place % K;
                    block.add::<K, RELU>(block_of(x, pixel * c + channel), y, &mut rest, sums);
                }
            }
        }
        let (dbeta, dgamma) = apart(sums);
        *block_of_mut(self.sums, channel) = joined(dbeta);
        *block_of_mut(self.sums, c + channel) = joined(dgamma);
    }
}

struct InputGradient<'a, const K: usize, const RELU: bool> {
    constants: Constants<'a>,
    lines: [&'a [f32]; 2],
    example: Example<'a>,
    dx: &'a mut [f32],
}

impl<const K: usize, const RELU: bool> Pass for InputGradient<'_, K, RELU> {
    #[inline(always)]
    fn block<const B: usize>(&mut self, channel: usize) {
        let Example { width, x, y, dy } = self.example;
        let c = self.constants.mean.len();
        let block = Block::<B>::new(self.constants, channel);
        let [shift, slope] = self.lines;
        let lines = Lines { shift: *block_of(shift, channel), slope: *block_of(slope, channel) };
        let (columns, rows) = (width / K, x.len() / c / width / K);
        for (window, (y, dy)) in y.chunks_exact(c).zip(dy.chunks_exact(c)).enumerate() {
            let first = window / columns * K * width + window % columns * K;
            let (y, mut rest) = (block_of(y, channel), *block_of(dy, channel));
            for place in 0..K * K {
                let at = (first + place / K * width + place % K) * c + channel;
                let dz = block.cotangent::<K, RELU>(block_of(x, at), y, &mut rest);
                block.write(&lines, block_of(x, at), &dz, block_of_mut(self.dx, at));
            }
        }
        // What fills no window has no cotangent of its own.
        if K > 1 {
            for pixel in 0..x.len() / c {
                if pixel / width >= rows * K || pixel % width >= columns * K {
                    let at = pixel * c + channel;
                    block.write(&lines, block_of(x, at), &[0.0; B], block_of_mut(self.dx, at));
                }
            }
        }
    }
}
