//! A block of channels of one pixel.

use super::example::Constants;

#[inline(always)]
pub(super) fn block_of<const B: usize>(numbers: &[f32], at: usize) -> &[f32; B] {
    numbers[at..at + B].try_into().expect("a block of B numbers")
}

#[inline(always)]
pub(super) fn block_of_mut<const B: usize>(numbers: &mut [f32], at: usize) -> &mut [f32; B] {
    (&mut numbers[at..at + B]).try_into().expect("a block of B numbers")
}

/// What the second of two passes back subtracts, for a block of channels.
pub(super) struct Lines<const B: usize> {
    pub(super) shift: [f32; B],
    pub(super) slope: [f32; B],
}

/// The constants of a block of channels.
pub(super) struct Block<const B: usize> {
    pub(super) mean: [f32; B],
    pub(super) scale: [f32; B],
    pub(super) beta: [f32; B],
}

impl<const B: usize> Block<B> {
    #[inline(always)]
    pub(super) fn new(constants: Constants, channel: usize) -> Self {
        Self {
            mean: *block_of(constants.mean, channel),
            scale: *block_of(constants.scale, channel),
            beta: *block_of(constants.beta, channel),
        }
    }

    // ANCHOR: value
    /// What one pixel is before the pooling.
    #[inline(always)]
    pub(super) fn value<const RELU: bool>(&self, x: &[f32; B]) -> [f32; B] {
        let mut value = [0.0; B];
        for i in 0..B {
            let z = (x[i] - self.mean[i]).mul_add(self.scale[i], self.beta[i]);
            // 0 z and not 0: a NaN must not be lost.
            value[i] = if !RELU || z > 0.0 { z } else { 0.0 * z };
        }
        value
    }

    /// `dz` of one pixel of a window with `K` x `K` pixels, from what is still there of the window's cotangent: the
    /// first pixel that equals the maximum takes it all.
    #[inline(always)]
    pub(super) fn cotangent<const K: usize, const RELU: bool>(
        &self,
        x: &[f32; B],
        y: &[f32; B],
        rest: &mut [f32; B],
    ) -> [f32; B] {
        let value = if K == 1 { self.value::<false>(x) } else { self.value::<RELU>(x) };
        let mut dz = [0.0; B];
        for i in 0..B {
            if K == 1 {
                // The ReLU is above 0 where what it is taken of is.
                dz[i] = if !RELU || value[i] > 0.0 { rest[i] } else { 0.0 };
            } else {
                let hit = value[i] == y[i];
                dz[i] = if hit && (!RELU || value[i] > 0.0) { rest[i] } else { 0.0 };
                rest[i] = if hit { 0.0 } else { rest[i] };
            }
        }
        dz
    }
    // ANCHOR_END: value

    /// Adds the terms of one pixel to the sums of its chain.
    #[inline(always)]
    pub(super) fn add<const K: usize, const RELU: bool>(
        &self,
        x: &[f32; B],
        y: &[f32; B],
        rest: &mut [f32; B],
        sums: &mut ([f32; B], [f32; B]),
    ) {
        let dz = self.cotangent::<K, RELU>(x, y, rest);
        for i in 0..B {
            sums.0[i] += dz[i];
            sums.1[i] = dz[i].mul_add(x[i] - self.mean[i], sums.1[i]);
        }
    }

    /// The input's gradient of one pixel.
    #[inline(always)]
    pub(super) fn write(&self, lines: &Lines<B>, x: &[f32; B], dz: &[f32; B], dx: &mut [f32; B]) {
        for i in 0..B {
            let straightened = (x[i] - self.mean[i]).mul_add(-lines.slope[i], dz[i] - lines.shift[i]);
            dx[i] = self.scale[i] * straightened;
        }
    }
}
