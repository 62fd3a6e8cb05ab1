//! Eight lanes of AVX2 with FMA.

use super::super::isa::Isa;
use super::traits::{Kernel, Simd};
use std::arch::x86_64::*;

/// The field is private: a value exists only after the processor was asked.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// The token, when the processor has both extensions.
    pub(crate) fn new() -> Option<Self> {
        Isa::has_avx2().then_some(Self(()))
    }

    /// A mask that selects the first `count` lanes.
    #[inline(always)]
    fn first(self, count: usize) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe {
            let lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
            _mm256_cmpgt_epi32(_mm256_set1_epi32(count as i32), lanes)
        }
    }
}

impl Simd for Avx2 {
    type Vector = __m256;
    const LANES: usize = 8;
    const REGISTERS: usize = 16;

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> __m256 {
        // SAFETY: `self` proves AVX2; the caller promises eight readable numbers; no alignment is assumed.
        unsafe { _mm256_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32, vector: __m256) {
        // SAFETY: as in `load`, for writing.
        unsafe { _mm256_storeu_ps(to, vector) }
    }

    #[inline(always)]
    unsafe fn load_first(self, count: usize, from: *const f32) -> __m256 {
        // SAFETY: `self` proves AVX2; lanes outside of the mask are not read, and the caller promises the others.
        unsafe { _mm256_maskload_ps(from, self.first(count)) }
    }

    #[inline(always)]
    unsafe fn store_first(self, count: usize, to: *mut f32, vector: __m256) {
        // SAFETY: as in `load_first`, for writing.
        unsafe { _mm256_maskstore_ps(to, self.first(count), vector) }
    }

    #[inline(always)]
    fn call<S: Simd, K: Kernel>(self, simd: S, kernel: K) {
        enter(self, simd, kernel);
    }

    #[inline(always)]
    fn splat(self, x: f32) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_set1_ps(x) }
    }

    #[inline(always)]
    fn add(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_add_ps(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_sub_ps(a, b) }
    }

    #[inline(always)]
    fn mul(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_mul_ps(a, b) }
    }

    #[inline(always)]
    fn mul_add(self, a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: `self` proves FMA.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }
}

/// The door to [`run`]. It has no instruction set of its own, so nothing inlines it or what stands behind it: the
/// compiler drops `inline(never)` of functions that have one.
#[inline(never)]
fn enter<S: Simd, K: Kernel>(_: Avx2, simd: S, kernel: K) {
    // SAFETY: the token proves what `run` needs.
    unsafe { run(simd, kernel) }
}

/// # Safety
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn run<S: Simd, K: Kernel>(simd: S, kernel: K) {
    kernel.run(simd);
}
