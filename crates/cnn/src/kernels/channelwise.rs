//! Passes over maps in which every channel has constants of its own: the loops of batch-norm.
//!
//! Shapes: examples are `(H W, C)`, channels last. Channels are worked on in blocks of [`BLOCK`] side by side; each
//! sum is one chain over the pixels of one example, in order.

use super::isa::Isa;
use super::simd::{Kernel, Simd, dispatch};

/// Channels worked on side by side.
const BLOCK: usize = 16;

/// Two constants of each channel.
#[derive(Clone, Copy)]
pub(crate) struct Constants<'a> {
    pub(crate) first: &'a [f32],
    pub(crate) second: &'a [f32],
}

/// For each channel the sums over the pixels of one example of `terms(a, b, first, second)`, two of them; `sums` is
/// `(2, C)`.
pub(crate) fn sums<F>(isa: Isa, a: &[f32], b: &[f32], constants: Constants, sums: &mut [f32], terms: F)
where
    F: Fn(f32, f32, f32, f32) -> (f32, f32),
{
    dispatch(isa, Sums { a, b, constants, sums, terms });
}

struct Sums<'a, F> {
    a: &'a [f32],
    b: &'a [f32],
    constants: Constants<'a>,
    sums: &'a mut [f32],
    terms: F,
}

impl<F: Fn(f32, f32, f32, f32) -> (f32, f32)> Kernel for Sums<'_, F> {
    #[inline(always)]
    fn run<S: Simd>(mut self, _: S) {
        let channels = self.constants.first.len();
        let whole = channels / BLOCK * BLOCK;
        let mut channel = 0;
        while channel < whole {
            self.block::<BLOCK>(channel);
            channel += BLOCK;
        }
        for channel in whole..channels {
            self.block::<1>(channel);
        }
    }
}

impl<F: Fn(f32, f32, f32, f32) -> (f32, f32)> Sums<'_, F> {
    #[inline(always)]
    fn block<const B: usize>(&mut self, channel: usize) {
        let channels = self.constants.first.len();
        let (first, second) = constants_of::<B>(self.constants, channel);
        let (mut sum1, mut sum2) = ([0.0; B], [0.0; B]);
        for (a, b) in self.a.chunks_exact(channels).zip(self.b.chunks_exact(channels)) {
            let (a, b) = (block_of::<B>(a, channel), block_of::<B>(b, channel));
            for i in 0..B {
                let (term1, term2) = (self.terms)(a[i], b[i], first[i], second[i]);
                sum1[i] += term1;
                sum2[i] += term2;
            }
        }
        self.sums[channel..channel + B].copy_from_slice(&sum1);
        self.sums[channels + channel..][..B].copy_from_slice(&sum2);
    }
}

/// `to = f(a, b, [constants...])` for every element of whole examples; `constants` holds four for each channel.
pub(crate) fn map<F>(isa: Isa, a: &[f32], b: &[f32], constants: [&[f32]; 4], to: &mut [f32], f: F)
where
    F: Fn(f32, f32, [f32; 4]) -> f32,
{
    dispatch(isa, Map { a, b, constants, to, f });
}

struct Map<'a, F> {
    a: &'a [f32],
    b: &'a [f32],
    constants: [&'a [f32]; 4],
    to: &'a mut [f32],
    f: F,
}

impl<F: Fn(f32, f32, [f32; 4]) -> f32> Kernel for Map<'_, F> {
    #[inline(always)]
    fn run<S: Simd>(mut self, _: S) {
        let channels = self.constants[0].len();
        let whole = channels / BLOCK * BLOCK;
        let mut channel = 0;
        while channel < whole {
            self.block::<BLOCK>(channel);
            channel += BLOCK;
        }
        for channel in whole..channels {
            self.block::<1>(channel);
        }
    }
}

impl<F: Fn(f32, f32, [f32; 4]) -> f32> Map<'_, F> {
    #[inline(always)]
    fn block<const B: usize>(&mut self, channel: usize) {
        let channels = self.constants[0].len();
        let [k0, k1, k2, k3] = self.constants.map(|constant| *block_of::<B>(constant, channel));
        let pixels = self.a.chunks_exact(channels).zip(self.b.chunks_exact(channels));
        for ((a, b), to) in pixels.zip(self.to.chunks_exact_mut(channels)) {
            let (a, b) = (block_of::<B>(a, channel), block_of::<B>(b, channel));
            let to: &mut [f32; B] =
                (&mut to[channel..channel + B]).try_into().expect("a block of B channels");
            for i in 0..B {
                to[i] = (self.f)(a[i], b[i], [k0[i], k1[i], k2[i], k3[i]]);
            }
        }
    }
}

/// Work on every element alike: `to = f(a, b)`.
pub(crate) fn zip<F: Fn(f32, f32) -> f32>(isa: Isa, a: &[f32], b: &[f32], to: &mut [f32], f: F) {
    dispatch(isa, Zip { a, b, to, f });
}

struct Zip<'a, F> {
    a: &'a [f32],
    b: &'a [f32],
    to: &'a mut [f32],
    f: F,
}

impl<F: Fn(f32, f32) -> f32> Kernel for Zip<'_, F> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        for ((to, &a), &b) in self.to.iter_mut().zip(self.a).zip(self.b) {
            *to = (self.f)(a, b);
        }
    }
}

#[inline(always)]
fn block_of<const B: usize>(pixel: &[f32], channel: usize) -> &[f32; B] {
    pixel[channel..channel + B].try_into().expect("a block of B channels")
}

#[inline(always)]
fn constants_of<const B: usize>(constants: Constants, channel: usize) -> ([f32; B], [f32; B]) {
    (*block_of(constants.first, channel), *block_of(constants.second, channel))
}
