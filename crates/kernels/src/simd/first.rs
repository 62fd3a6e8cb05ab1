//! The first lanes of a register.

use super::traits::{Kernel, Simd};

/// The first lanes of `simd` only: what [`load`](Simd::load) and [`store`](Simd::store) touch at the right edge of a
/// matrix.
#[derive(Clone, Copy)]
pub(crate) struct First<S> {
    simd: S,
    count: usize,
}

impl<S: Simd> First<S> {
    /// The first `count` lanes.
    #[inline(always)]
    pub(crate) fn new(simd: S, count: usize) -> Self {
        assert!(count <= S::LANES, "{count} of {} lanes", S::LANES);
        Self { simd, count }
    }
}

impl<S: Simd> Simd for First<S> {
    type Vector = S::Vector;
    const LANES: usize = S::LANES;
    const REGISTERS: usize = S::REGISTERS;

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> S::Vector {
        // SAFETY: the caller promises `width()` readable numbers, which are `count`; `new` checked `count`.
        unsafe { self.simd.load_first(self.count, from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32, vector: S::Vector) {
        // SAFETY: as in `load`, for writing.
        unsafe { self.simd.store_first(self.count, to, vector) }
    }

    #[inline(always)]
    unsafe fn load_first(self, count: usize, from: *const f32) -> S::Vector {
        // SAFETY: the caller's promise is that of the inner call.
        unsafe { self.simd.load_first(count, from) }
    }

    #[inline(always)]
    unsafe fn store_first(self, count: usize, to: *mut f32, vector: S::Vector) {
        // SAFETY: the caller's promise is that of the inner call.
        unsafe { self.simd.store_first(count, to, vector) }
    }

    #[inline(always)]
    fn width(self) -> usize {
        self.count
    }

    #[inline(always)]
    fn call<T: Simd, K: Kernel>(self, simd: T, kernel: K) {
        self.simd.call(simd, kernel);
    }

    #[inline(always)]
    fn splat(self, x: f32) -> S::Vector {
        self.simd.splat(x)
    }

    #[inline(always)]
    fn add(self, a: S::Vector, b: S::Vector) -> S::Vector {
        self.simd.add(a, b)
    }

    #[inline(always)]
    fn sub(self, a: S::Vector, b: S::Vector) -> S::Vector {
        self.simd.sub(a, b)
    }

    #[inline(always)]
    fn mul(self, a: S::Vector, b: S::Vector) -> S::Vector {
        self.simd.mul(a, b)
    }

    #[inline(always)]
    fn mul_add(self, a: S::Vector, b: S::Vector, c: S::Vector) -> S::Vector {
        self.simd.mul_add(a, b, c)
    }
}
