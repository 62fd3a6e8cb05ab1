//! Vectors of `f32` behind one small trait, and the door through which a kernel enters an instruction set.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod dispatch;
mod first;
#[cfg(any(target_arch = "wasm32", test))]
mod fused;
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
mod neon;
mod scalar;
mod traits;

pub(crate) use dispatch::dispatch;
pub(crate) use first::First;
#[cfg(test)]
pub(crate) use scalar::Scalar;
pub(crate) use traits::{Kernel, Simd};
