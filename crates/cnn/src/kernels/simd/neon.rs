//! Four lanes of NEON, which every aarch64 processor that this file is compiled for has.

use super::Simd;
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
    fn splat(self, x: f32) -> float32x4_t {
        // SAFETY: the target has NEON.
        unsafe { vdupq_n_f32(x) }
    }

    #[inline(always)]
    fn mul_add(self, a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        // SAFETY: the target has NEON. The addend stands first.
        unsafe { vfmaq_f32(c, a, b) }
    }
}
