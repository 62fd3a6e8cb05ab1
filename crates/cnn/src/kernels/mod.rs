//! The f32 kernels.
//!
//! Matrix products, the direct convolution with its two gradients and the products inside of Winograd's are all sums
//! `c[i][j] = Σ_k a[i,k] b[k,j]` in which the columns `j` lie next to each other in memory (channels last). They differ
//! only in how far apart the elements of `a` are. So there is one loop, `tile::multiply`, and every output element is
//! **one chain of fused multiply-adds in the order of `k`**, computed side by side with its neighbours: the number of
//! lanes, the shape of the tile and the instruction set decide how many chains run at once, never what one chain adds
//! up.
//!
//! | module | holds |
//! |---|---|
//! | [`isa`](Isa), `simd` | the instruction sets, and their vectors behind one small trait |
//! | `tile`, `panels` | a register tile of running sums; columns cut into what a tile can hold |
//! | `matmul`, `conv` | matrix products; convolutions, direct or [Winograd's](Way) |
//! | `norm` | batch-norm with what follows it in the same pass |
//! | `elementwise`, `rows`, `transpose` | passes without products |
//! | `workspace` | memory that a thread keeps |
//! | `peak` | what the processor could do at most, for benchmarks |
//!
//! This is the only module of the workspace with `unsafe` code: `simd` wraps the vector instructions; `tile`, `rows`
//! and Winograd's passes walk pointers after checking the whole range once.
//!
//! Inside of a kernel stand plain loops: a closure that is given to an iterator would be compiled without the kernel's
//! instruction set.

pub(crate) mod conv;
pub(crate) mod elementary;
pub(crate) mod elementwise;
mod isa;
pub(crate) mod lanes;
pub(crate) mod matmul;
pub(crate) mod norm;
mod panels;
// For the benchmarks of another crate, which compare kernels with it; no layer uses it.
#[doc(hidden)]
pub mod peak;
pub(crate) mod rows;
mod simd;
mod tile;
pub(crate) mod transpose;
pub(crate) mod update;
pub(crate) mod workspace;

pub use conv::Way;
pub use isa::{Isa, IsaError};
