//! Vectors of `f32` behind one small trait, and the door through which a kernel enters an instruction set.
#![allow(unsafe_code)]

use super::isa::Isa;

/// A proof that an instruction set may be used, and its operations on vectors of [`LANES`](Simd::LANES) numbers.
pub(crate) trait Simd: Copy {
    /// A vector register.
    type Vector: Copy;
    /// Numbers in a register.
    const LANES: usize;
    /// Vector registers of the processor.
    const REGISTERS: usize;

    /// Reads [`LANES`](Simd::LANES) numbers.
    ///
    /// # Safety
    /// `from` must be valid for reads of that many.
    unsafe fn load(self, from: *const f32) -> Self::Vector;

    /// Writes [`LANES`](Simd::LANES) numbers.
    ///
    /// # Safety
    /// `to` must be valid for writes of that many.
    unsafe fn store(self, to: *mut f32, vector: Self::Vector);

    /// Reads the first `count` numbers; the other lanes are 0.
    ///
    /// # Safety
    /// `from` must be valid for reads of `count` numbers, and `count` at most [`LANES`](Simd::LANES).
    unsafe fn load_first(self, count: usize, from: *const f32) -> Self::Vector;

    /// Writes the first `count` numbers.
    ///
    /// # Safety
    /// `to` must be valid for writes of `count` numbers, and `count` at most [`LANES`](Simd::LANES).
    unsafe fn store_first(self, count: usize, to: *mut f32, vector: Self::Vector);

    /// How many numbers [`load`](Simd::load) and [`store`](Simd::store) touch.
    #[inline(always)]
    fn width(self) -> usize {
        Self::LANES
    }

    /// Runs `kernel` on `simd`, which is this instruction set or a part of it, in a function of its own: its loops then
    /// share no registers with the caller's, and its code exists once for all callers.
    fn call<S: Simd, K: Kernel>(self, simd: S, kernel: K);

    /// `x` in every lane.
    fn splat(self, x: f32) -> Self::Vector;

    /// `a + b`.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// `a - b`.
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// `a b`.
    fn mul(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// `a b + c`, rounded once.
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
}

/// One lane, plain Rust.
#[derive(Clone, Copy)]
pub(crate) struct Scalar;

impl Simd for Scalar {
    type Vector = f32;
    const LANES: usize = 1;
    const REGISTERS: usize = 16;

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
        a.mul_add(b, c)
    }
}

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

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
use self::{avx2::Avx2, avx512::Avx512};

/// Work that is compiled once for every instruction set.
pub(crate) trait Kernel {
    /// Does the work. Implementations are `#[inline(always)]`, so that the body is compiled with the
    /// instructions of the caller.
    fn run<S: Simd>(self, simd: S);
}

/// Runs `kernel` with the instruction set `isa`.
///
/// # Panics
/// When the processor does not have it: an [`Isa`] other than from [`Isa::available`] was made by hand.
pub(crate) fn dispatch<K: Kernel>(isa: Isa, kernel: K) {
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Scalar if Isa::has_fma() => {
            // SAFETY: the processor was just asked for FMA.
            unsafe { run_scalar_fma(kernel) }
        }
        Isa::Scalar => kernel.run(Scalar),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => {
            let simd = Avx2::new().expect("this processor has AVX2 and FMA");
            simd.call(simd, kernel);
        }
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => {
            let simd = Avx512::new().expect("this processor has AVX-512");
            simd.call(simd, kernel);
        }
        #[cfg(not(target_arch = "x86_64"))]
        Isa::Avx2 | Isa::Avx512 => unreachable!("{isa} is never available on this architecture"),
    }
}

/// One lane with the processor's own fused multiply-add: the same correctly rounded result as the `fmaf` of the
/// system's library, which [`Scalar`] calls elsewhere, without the call.
///
/// # Safety
/// The processor must have FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "fma")]
unsafe fn run_scalar_fma<K: Kernel>(kernel: K) {
    kernel.run(Scalar);
}

#[cfg(test)]
mod tests {
    use super::*;
    use numerics::random::{Purpose, Stream};

    /// One long chain, as the tile makes it.
    struct Chain<'a> {
        xs: &'a [f32],
        sum: &'a mut f32,
    }

    impl Kernel for Chain<'_> {
        #[inline(always)]
        fn run<S: Simd>(self, _: S) {
            for pair in self.xs.chunks_exact(2) {
                *self.sum = Scalar.mul_add(pair[0], pair[1], *self.sum);
            }
        }
    }

    #[test]
    fn fused_multiply_adds_of_processor_and_library_are_the_same() {
        let mut stream = Stream::new(5, Purpose::Check);
        let xs: Vec<f32> = (0..20_000).map(|_| stream.normal() as f32).collect();
        let (mut library, mut processor) = (0.0, 0.0);
        Chain { xs: &xs, sum: &mut library }.run(Scalar);
        dispatch(Isa::Scalar, Chain { xs: &xs, sum: &mut processor });
        assert_eq!(library.to_bits(), processor.to_bits());
    }
}
