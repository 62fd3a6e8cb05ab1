//! Sixteen lanes of AVX-512.

use super::super::isa::Isa;
use super::traits::{Kernel, Simd};
use std::arch::x86_64::*;

/// The field is private: a value exists only after the processor was asked.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(());

impl Avx512 {
    /// The token, when the processor has its foundation.
    pub(crate) fn new() -> Option<Self> {
        Isa::has_avx512().then_some(Self(()))
    }

    /// A mask that selects the first `count` lanes.
    #[inline(always)]
    fn first(count: usize) -> __mmask16 {
        (1_u32.wrapping_shl(count as u32) - 1) as __mmask16
    }
}

impl Simd for Avx512 {
    type Vector = __m512;
    const LANES: usize = 16;
    const REGISTERS: usize = 32;

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> __m512 {
        // SAFETY: `self` proves AVX-512; the caller promises sixteen readable numbers; no alignment is assumed.
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32, vector: __m512) {
        // SAFETY: as in `load`, for writing.
        unsafe { _mm512_storeu_ps(to, vector) }
    }

    #[inline(always)]
    unsafe fn load_first(self, count: usize, from: *const f32) -> __m512 {
        // SAFETY: `self` proves AVX-512; lanes outside of the mask are not read, and the caller promises the others.
        unsafe { _mm512_maskz_loadu_ps(Self::first(count), from) }
    }

    #[inline(always)]
    unsafe fn store_first(self, count: usize, to: *mut f32, vector: __m512) {
        // SAFETY: as in `load_first`, for writing.
        unsafe { _mm512_mask_storeu_ps(to, Self::first(count), vector) }
    }

    #[inline(always)]
    fn call<S: Simd, K: Kernel>(self, simd: S, kernel: K) {
        enter(self, simd, kernel);
    }

    #[inline(always)]
    fn splat(self, x: f32) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_set1_ps(x) }
    }

    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_add_ps(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_sub_ps(a, b) }
    }

    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_mul_ps(a, b) }
    }

    #[inline(always)]
    fn mul_add(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }
}

/// The door to [`run`]. It has no instruction set of its own, so nothing inlines it or what stands behind it: the
/// compiler drops `inline(never)` of functions that have one.
#[inline(never)]
fn enter<S: Simd, K: Kernel>(_: Avx512, simd: S, kernel: K) {
    // SAFETY: the token proves what `run` needs.
    unsafe { run(simd, kernel) }
}

/// # Safety
/// The processor must have AVX-512's foundation, AVX2 and FMA.
#[target_feature(enable = "avx512f,avx2,fma")]
unsafe fn run<S: Simd, K: Kernel>(simd: S, kernel: K) {
    kernel.run(simd);
}
