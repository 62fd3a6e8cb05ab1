//! The passes over one example: forward, and two back.

use super::block::{Block, Lines, block_of, block_of_mut};
use super::by_blocks::Pass;
use super::chains::{CHAINS, along_chains, apart, joined};
use super::example::{Constants, Example};

pub(super) struct Forward<'a, const K: usize, const RELU: bool> {
    pub(super) constants: Constants<'a>,
    pub(super) width: usize,
    pub(super) x: &'a [f32],
    pub(super) y: &'a mut [f32],
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

pub(super) struct GradientSums<'a, const K: usize, const RELU: bool> {
    pub(super) constants: Constants<'a>,
    pub(super) example: Example<'a>,
    pub(super) sums: &'a mut [f32],
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

pub(super) struct InputGradient<'a, const K: usize, const RELU: bool> {
    pub(super) constants: Constants<'a>,
    pub(super) lines: [&'a [f32]; 2],
    pub(super) example: Example<'a>,
    pub(super) dx: &'a mut [f32],
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
