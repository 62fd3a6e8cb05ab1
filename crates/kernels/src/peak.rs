//! The processor's rate of fused multiply-adds: what every other kernel is measured against.
#![allow(unsafe_code)]

use super::isa::Isa;
use super::simd::{Kernel, Simd, dispatch};

/// Chains side by side: more than any processor needs to hide the latency of one, fewer than there are registers.
const CHAINS: usize = 12;

/// Makes `steps` steps of 12 independent chains and returns the number of multiply-adds made, and a number that depends
/// on all of them.
pub fn multiply_adds(isa: Isa, steps: usize, factor: f32) -> (usize, f32) {
    let (mut lanes, mut result) = (0, 0.0);
    dispatch(isa, Chains { steps, factor, lanes: &mut lanes, result: &mut result });
    (steps * CHAINS * lanes, result)
}

struct Chains<'a> {
    steps: usize,
    factor: f32,
    lanes: &'a mut usize,
    result: &'a mut f32,
}

impl Kernel for Chains<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (factor, term) = (simd.splat(self.factor), simd.splat(1.0 - self.factor));
        let mut chains = [simd.splat(0.0); CHAINS];
        for _ in 0..self.steps {
            for chain in &mut chains {
                *chain = simd.mul_add(*chain, factor, term);
            }
        }
        let mut sum = simd.splat(0.0);
        for chain in chains {
            sum = simd.add(sum, chain);
        }
        *self.lanes = S::LANES;
        // SAFETY: `result` is one number.
        unsafe { simd.store_first(1, self.result, sum) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each chain goes towards the fixed point of `x = x factor + (1 - factor)`, which is 1.
    #[test]
    fn every_chain_is_made() {
        for isa in Isa::available() {
            let (count, sum) = multiply_adds(isa, 1000, 0.5);
            assert_eq!(count % (1000 * CHAINS), 0, "{isa}");
            assert_eq!(sum, CHAINS as f32, "{isa}");
        }
    }
}
