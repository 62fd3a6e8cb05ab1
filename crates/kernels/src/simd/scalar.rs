//! One lane.

use super::traits::{Kernel, Simd};

/// One lane, plain Rust.
#[derive(Clone, Copy)]
pub(crate) struct Scalar;

impl Simd for Scalar {
    type Vector = f32;
    const LANES: usize = 1;
    /// **In WebAssembly few are claimed**: each larger tile is a further copy of every kernel, which a page has to
    /// load, and one image at a time can do without.
    const REGISTERS: usize = if cfg!(target_arch = "wasm32") { 3 } else { 16 };

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> f32 {
        // SAFETY: the caller promises one readable number.
        unsafe { from.read() }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32, vector: f32) {
        // SAFETY: the caller promises one writable number.
        unsafe { to.write(vector) }
    }

    #[inline(always)]
    unsafe fn load_first(self, count: usize, from: *const f32) -> f32 {
        // SAFETY: the caller promises `count` readable numbers.
        if count == 0 { 0.0 } else { unsafe { from.read() } }
    }

    #[inline(always)]
    unsafe fn store_first(self, count: usize, to: *mut f32, vector: f32) {
        if count > 0 {
            // SAFETY: the caller promises `count` writable numbers.
            unsafe { to.write(vector) }
        }
    }

    #[inline(always)]
    fn call<S: Simd, K: Kernel>(self, simd: S, kernel: K) {
        kernel.run(simd);
    }

    #[inline(always)]
    fn splat(self, x: f32) -> f32 {
        x
    }

    #[inline(always)]
    fn add(self, a: f32, b: f32) -> f32 {
        a + b
    }

    #[inline(always)]
    fn sub(self, a: f32, b: f32) -> f32 {
        a - b
    }

    #[inline(always)]
    fn mul(self, a: f32, b: f32) -> f32 {
        a * b
    }

    #[inline(always)]
    fn mul_add(self, a: f32, b: f32, c: f32) -> f32 {
        #[cfg(target_arch = "wasm32")]
        return super::fused::fused(a, b, c);
        #[cfg(not(target_arch = "wasm32"))]
        a.mul_add(b, c)
    }
}
