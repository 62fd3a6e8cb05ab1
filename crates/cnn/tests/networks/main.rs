//! Whole networks of `cnn` and their training: gradients, laws, what a person would read, the optimisers, the trainer.
//!
//! `same_bits.rs` is a program of its own because `make cross-check` runs it under QEMU, `steady_step.rs` because it
//! counts allocations: its counter takes the place of the allocator of the whole program.

mod dead;
mod diverged;
mod gradients;
mod lanes;
mod laws;
mod optimiser_laws;
mod reference_network;
#[path = "../support/single.rs"]
mod single;
mod snapshots;
mod trainer;
