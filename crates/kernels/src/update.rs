//! Passes over the numbers of a parameter and what an optimiser remembers of each.

use super::isa::Isa;
use super::simd::{Kernel, Simd, dispatch};

/// Changes every weight and what is remembered of it: `f(w, dw, m, v)`.
///
/// # Panics
/// When the four are not equally long.
pub fn each<F>(isa: Isa, w: &mut [f32], dw: &[f32], m: &mut [f32], v: &mut [f32], f: F)
where
    F: Fn(&mut f32, f32, &mut f32, &mut f32),
{
    let lengths = [dw.len(), m.len(), v.len()];
    assert_eq!(lengths, [w.len(); 3], "gradient and state of a parameter");
    dispatch(isa, Each { w, dw, m, v, f });
}

struct Each<'a, F> {
    w: &'a mut [f32],
    dw: &'a [f32],
    m: &'a mut [f32],
    v: &'a mut [f32],
    f: F,
}

impl<F: Fn(&mut f32, f32, &mut f32, &mut f32)> Kernel for Each<'_, F> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        for (((w, &dw), m), v) in self.w.iter_mut().zip(self.dw).zip(self.m).zip(self.v) {
            (self.f)(w, dw, m, v);
        }
    }
}
