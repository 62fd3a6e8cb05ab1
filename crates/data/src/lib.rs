//! The data sets: Fisher's iris and MNIST, checked by SHA-256 at every load, and the ways to cut them.
//!
//! | module | holds |
//! |---|---|
//! | [`checksum`] | the files of `data/` with their SHA-256, and the load that checks it |
//! | [`iris`] | 150 flowers: four lengths in centimetres and a species |
//! | [`idx`] | the file format of image sets |
//! | [`images`] | sets of images, 28 x 28 bytes each: MNIST, 60,000 + 10,000 digits |
//! | [`excerpt`] | a few images of a set, as one file |
//! | [`drawing`] | a drawing of any size, prepared as MNIST's digits were |
//! | [`label_errors`] | the test images of MNIST whose label people found wrong |
//! | [`split`] | training and test part of a data set: shuffled, or as it stands in the file |
//! | `table` | CSV with a known header, row by row |
//! | [`standardise`] | columns of mean 0 and deviation 1, fitted on the training part only |
//!
//! This crate knows no model and no record.
//!
//! Loading (`load`) checks the hash; parsing (`parse`) does not, so that it can be shown what a damaged file does.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod checksum;
pub mod drawing;
mod error;
pub mod excerpt;
pub mod idx;
pub mod images;
pub mod iris;
pub mod label_errors;
mod raters;
mod species;
pub mod split;
pub mod standardise;
mod table;
#[cfg(test)]
mod tests;

pub use error::{CellProblem, DataError};

/// Every file of `data/` but its README.
pub fn files() -> Vec<checksum::KnownFile> {
    let images = images::SETS.iter().flat_map(|set| *set.files);
    [iris::FILE].into_iter().chain(images).chain([label_errors::FILE]).collect()
}

/// Where the repository keeps its data: `data/` beside `Cargo.toml`.
#[cfg(test)]
pub(crate) fn repository_data() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}
