//! The door through which a kernel enters an instruction set.

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
use super::neon::Neon;
use super::scalar::Scalar;
use super::traits::Kernel;
#[cfg(target_arch = "x86_64")]
use super::traits::Simd;
#[cfg(target_arch = "x86_64")]
use super::{avx2::Avx2, avx512::Avx512};
use crate::isa::Isa;

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

#[cfg(test)]
mod tests {
    use super::super::traits::Simd;
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
