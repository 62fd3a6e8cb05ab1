//! A pass over all channels, block by block.

use crate::simd::{Kernel, Simd};

/// Channels worked on side by side.
pub(super) const BLOCK: usize = 16;

/// A pass that does `B` channels at a time.
pub(super) trait Pass {
    /// Does the channels from `channel` on.
    fn block<const B: usize>(&mut self, channel: usize);
}

/// A pass over all its channels.
pub(super) struct ByBlocks<P> {
    pub(super) channels: usize,
    pub(super) pass: P,
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
