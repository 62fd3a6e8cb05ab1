//! The loops of `cnn` in single precision, vectorised.
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
//! | [`parallel`] | work shared out among threads |
//! | `peak` | what the processor could do at most, for benchmarks |
//!
//! This is the only crate of the workspace with `unsafe` code: `simd` wraps the vector instructions; `tile`, `rows`
//! and Winograd's passes walk pointers after checking the whole range once.
//!
//! Inside of a kernel stand plain loops: a closure that is given to an iterator would be compiled without the kernel's
//! instruction set.
//!
//! **A crate of its own, because no answer of the assignment lies in it**: a submission takes it from the assignment,
//! its `cnn` may not hold `unsafe` code, and what takes the compiler longest is built once for a whole course.

pub mod conv;
pub mod elementary;
pub mod elementwise;
mod isa;
pub mod lanes;
pub mod matmul;
mod multiply_adds;
pub mod norm;
mod panels;
pub mod parallel;
// For the benchmarks of another crate, which compare kernels with it; no layer uses it.
#[doc(hidden)]
pub mod peak;
pub mod rows;
mod simd;
mod tile;
pub mod transpose;
pub mod update;
pub mod workspace;

pub use conv::Way;
pub use isa::{Isa, IsaError};
pub use multiply_adds::MultiplyAddsMade;
