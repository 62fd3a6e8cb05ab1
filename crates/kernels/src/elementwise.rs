//! Passes over memory in which every element is worked on by itself.

use super::isa::Isa;
use super::simd::{Kernel, Simd, dispatch};

/// Work on every element alike: `to = f(a, b)`.
pub fn zip<F: Fn(f32, f32) -> f32>(isa: Isa, a: &[f32], b: &[f32], to: &mut [f32], f: F) {
    dispatch(isa, Zip { a, b, to, f });
}

struct Zip<'a, F> {
    a: &'a [f32],
    b: &'a [f32],
    to: &'a mut [f32],
    f: F,
}

impl<F: Fn(f32, f32) -> f32> Kernel for Zip<'_, F> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        for ((to, &a), &b) in self.to.iter_mut().zip(self.a).zip(self.b) {
            *to = (self.f)(a, b);
        }
    }
}

/// `total += part`.
pub fn add(isa: Isa, part: &[f32], total: &mut [f32]) {
    dispatch(isa, Add { part, total });
}

struct Add<'a> {
    part: &'a [f32],
    total: &'a mut [f32],
}

impl Kernel for Add<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        for (total, &part) in self.total.iter_mut().zip(self.part) {
            *total += part;
        }
    }
}
