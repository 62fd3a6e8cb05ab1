//! The moments of one example.

use super::block::{block_of, block_of_mut};
use super::by_blocks::Pass;
use super::chains::{CHAINS, along_chains, apart, joined};

pub(super) struct Moments<'a> {
    pub(super) channels: usize,
    pub(super) x: &'a [f32],
    pub(super) moments: &'a mut [f32],
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
            add_deviations(x, &mean, off, squares);
        });
        let (off, squares) = apart(sums);
        *block_of_mut(self.moments, channel) = mean;
        *block_of_mut(self.moments, c + channel) = joined(off);
        *block_of_mut(self.moments, 2 * c + channel) = joined(squares);
    }
}

/// Adds the deviations of one pixel and their squares.
#[inline(always)]
fn add_deviations<const B: usize>(x: &[f32; B], mean: &[f32; B], off: &mut [f32; B], squares: &mut [f32; B]) {
    let mut deviation = [0.0; B];
    for i in 0..B {
        deviation[i] = x[i] - mean[i];
    }
    for i in 0..B {
        off[i] += deviation[i];
    }
    for i in 0..B {
        squares[i] = deviation[i].mul_add(deviation[i], squares[i]);
    }
}
