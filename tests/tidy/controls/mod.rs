//! Negative controls: each rule is shown a fault that it must find, and a twin without it that it must let pass.

mod crates;
mod debts;
mod files;
mod folders;
mod planted;
mod sizes;
mod tokens;
mod types;
mod whole;
