//! The exercises at the end of the book's chapters, a module for each chapter and a function for each exercise.
//!
//! The tests decide whether a function is right: `cargo test --package exercises exercise_t1` asks for those of T1. In
//! the assignment's starter the functions are blank. **They are not graded.**
//!
//! Inputs are as each function describes them; none of the functions checks them.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod gradients;
pub mod p1_1;
pub mod p1_2;
pub mod p2_1;
pub mod p2_2;
pub mod same_bits;
pub mod t1;
pub mod t2;
