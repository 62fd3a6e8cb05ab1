//! Four lanes of NEON, which every aarch64 processor that this file is compiled for has.

use super::traits::{Kernel, Simd};
use std::arch::aarch64::*;

/// Four lanes of NEON with its fused multiply-add. The field is private: a value exists only where [`Neon::new`]
/// gives one.
#[derive(Clone, Copy)]
pub(crate) struct Neon(());

impl Neon {
    /// The token. **Nothing is asked of the processor**: this file is compiled only for targets that have NEON.
    pub(crate) fn new() -> Self {
        Self(())
    }
}

impl Simd for Neon {
    type Vector = float32x4_t;
    const LANES: usize = 4;
    const REGISTERS: usize = 32;

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> float32x4_t {
        // SAFETY: the target has NEON; the caller promises four readable numbers; no alignment is assumed beyond that
        // of `f32`.
        unsafe { vld1q_f32(from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32, vector: float32x4_t) {
        // SAFETY: as in `load`, for writing.
        unsafe { vst1q_f32(to, vector) }
    }

    #[inline(always)]
    unsafe fn load_first(self, count: usize, from: *const f32) -> float32x4_t {
        let mut lanes = [0.0; Self::LANES];
        // SAFETY: the caller promises `count` readable numbers, and that they are at most four.
        unsafe { std::ptr::copy_nonoverlapping(from, lanes.as_mut_ptr(), count) };
        // SAFETY: `lanes` holds four numbers.
        unsafe { self.load(lanes.as_ptr()) }
    }

    #[inline(always)]
    unsafe fn store_first(self, count: usize, to: *mut f32, vector: float32x4_t) {
        let mut lanes = [0.0; Self::LANES];
        // SAFETY: `lanes` holds four numbers.
        unsafe { self.store(lanes.as_mut_ptr(), vector) };
        // SAFETY: the caller promises `count` writable numbers, and that they are at most four.
        unsafe { std::ptr::copy_nonoverlapping(lanes.as_ptr(), to, count) };
    }

    #[inline(always)]
    fn call<S: Simd, K: Kernel>(self, simd: S, kernel: K) {
        enter(simd, kernel);
    }

    #[inline(always)]
    fn splat(self, x: f32) -> float32x4_t {
        // SAFETY: the target has NEON.
        unsafe { vdupq_n_f32(x) }
    }

    #[inline(always)]
    fn add(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: the target has NEON.
        unsafe { vaddq_f32(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: the target has NEON.
        unsafe { vsubq_f32(a, b) }
    }

    #[inline(always)]
    fn mul(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: the target has NEON.
        unsafe { vmulq_f32(a, b) }
    }

    #[inline(always)]
    fn mul_add(self, a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        // SAFETY: the target has NEON. The addend stands first.
        unsafe { vfmaq_f32(c, a, b) }
    }
}

/// A kernel in a function of its own.
#[inline(never)]
fn enter<S: Simd, K: Kernel>(simd: S, kernel: K) {
    kernel.run(simd);
}
