//! Vectors of `f32` behind one small trait, and the door through which a kernel enters an instruction set.
#![allow(unsafe_code)]

use super::isa::Isa;

/// A proof that an instruction set may be used, and its operations on vectors of [`LANES`](Simd::LANES) numbers.
pub(crate) trait Simd: Copy {
    /// A vector register.
    type Vector: Copy;
    /// Numbers in a register.
    const LANES: usize;

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

    /// `x` in every lane.
    fn splat(self, x: f32) -> Self::Vector;

    /// `a b + c`, rounded once.
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
}

/// One lane, plain Rust.
#[derive(Clone, Copy)]
pub(crate) struct Scalar;

impl Simd for Scalar {
    type Vector = f32;
    const LANES: usize = 1;

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
    fn splat(self, x: f32) -> f32 {
        x
    }

    #[inline(always)]
    fn mul_add(self, a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{Isa, Simd};
    use std::arch::x86_64::*;

    /// Eight lanes of AVX2 with FMA. The field is private: a value exists only after the processor was asked.
    #[derive(Clone, Copy)]
    pub(crate) struct Avx2(());

    impl Avx2 {
        /// The token, when the processor has both extensions.
        pub(crate) fn new() -> Option<Self> {
            Isa::has_avx2().then_some(Self(()))
        }
    }

    impl Simd for Avx2 {
        type Vector = __m256;
        const LANES: usize = 8;

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
        fn splat(self, x: f32) -> __m256 {
            // SAFETY: `self` proves AVX2.
            unsafe { _mm256_set1_ps(x) }
        }

        #[inline(always)]
        fn mul_add(self, a: __m256, b: __m256, c: __m256) -> __m256 {
            // SAFETY: `self` proves FMA.
            unsafe { _mm256_fmadd_ps(a, b, c) }
        }
    }
}

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
pub(crate) use neon::Neon;

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
mod neon;

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
            // SAFETY: the token `simd` exists only where the processor has AVX2 and FMA.
            unsafe { run_avx2(kernel, simd) }
        }
        #[cfg(not(target_arch = "x86_64"))]
        Isa::Avx2 => unreachable!("AVX2 is never available on this architecture"),
        #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
        Isa::Neon => kernel.run(Neon::new()),
        #[cfg(not(all(target_arch = "aarch64", target_feature = "neon")))]
        Isa::Neon => unreachable!("NEON is never available on this architecture"),
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

/// # Safety
/// The processor must have AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn run_avx2<K: Kernel>(kernel: K, simd: Avx2) {
    kernel.run(simd);
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
