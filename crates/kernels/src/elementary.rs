//! Elementary functions of whole arrays. The functions are `numerics`', written without branches; here the compiler
//! meets them in a loop and with an instruction set, and works on a register full at a time.

use super::isa::Isa;
use super::simd::{Kernel, Simd, dispatch};
use numerics::elementary::{exp, sigmoidf, tanhf};

/// `y = 1 / (1 + e^-x)`, element by element.
pub fn sigmoid(isa: Isa, x: &[f32], y: &mut [f32]) {
    dispatch(isa, Sigmoid { x, y });
}

/// `y = tanh x`, element by element.
pub fn tanh(isa: Isa, x: &[f32], y: &mut [f32]) {
    dispatch(isa, Tanh { x, y });
}

/// `x = e^x`, element by element, in double precision.
pub fn exponentials(isa: Isa, x: &mut [f64]) {
    dispatch(isa, Exponentials { x });
}

// Not one kernel with the function as a closure: the compiler may leave a long closure as a call for each element.

struct Sigmoid<'a> {
    x: &'a [f32],
    y: &'a mut [f32],
}

impl Kernel for Sigmoid<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        for (y, &x) in self.y.iter_mut().zip(self.x) {
            *y = sigmoidf(x);
        }
    }
}

struct Tanh<'a> {
    x: &'a [f32],
    y: &'a mut [f32],
}

impl Kernel for Tanh<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        for (y, &x) in self.y.iter_mut().zip(self.x) {
            *y = tanhf(x);
        }
    }
}

struct Exponentials<'a> {
    x: &'a mut [f64],
}

impl Kernel for Exponentials<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        for x in self.x {
            *x = exp(*x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_gives_the_bits_of_the_functions() {
        let xs: Vec<f32> = (-3000..3000).map(|i| i as f32 * 0.0371).chain([f32::INFINITY, -0.0]).collect();
        let bits = |isa| -> Vec<[u64; 3]> {
            let (mut s, mut t) = (vec![0.0; xs.len()], vec![0.0; xs.len()]);
            let mut e: Vec<f64> = xs.iter().map(|&x| f64::from(x)).collect();
            sigmoid(isa, &xs, &mut s);
            tanh(isa, &xs, &mut t);
            exponentials(isa, &mut e);
            let all = s.iter().zip(&t).zip(&e);
            all.map(|((s, t), e)| [s.to_bits().into(), t.to_bits().into(), e.to_bits()]).collect()
        };
        let of_one =
            |&x: &f32| [sigmoidf(x).to_bits().into(), tanhf(x).to_bits().into(), exp(x.into()).to_bits()];
        let expected: Vec<[u64; 3]> = xs.iter().map(of_one).collect();
        for isa in Isa::available() {
            assert_eq!(bits(isa), expected, "{isa}");
        }
    }
}
