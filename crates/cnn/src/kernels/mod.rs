//! The f32 kernels: one register tile, three uses.
//!
//! A convolution, its two gradients and the three matrix products are all sums `c[i][j] = Σ_k a[i,k] b[k,j]` in
//! which the columns `j` lie next to each other in memory (channels last). They differ only in how far apart the
//! elements of `a` are. So there is one loop, `tile::multiply`, and every output element is **one chain of fused
//! multiply-adds in the order of `k`**, computed side by side with its neighbours: the number of lanes, the shape
//! of the tile and the instruction set decide how many chains run at once, never what one chain adds up.
//!
//! This is the only module of the workspace with `unsafe` code: `simd` wraps the vector instructions, `tile` walks
//! pointers after checking the whole range once.

pub(crate) mod conv;
pub(crate) mod elementary;
pub(crate) mod elementwise;
mod isa;
pub(crate) mod matmul;
pub(crate) mod norm;
mod panels;
pub mod peak;
pub(crate) mod rows;
mod simd;
mod tile;
pub(crate) mod transpose;
pub(crate) mod update;
mod workspace;

pub use conv::Way;
pub use isa::{Isa, IsaError};
