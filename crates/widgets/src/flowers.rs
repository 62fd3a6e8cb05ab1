//! Fisher's iris, carried in the program: a page needs no other file.

use data::DataError;
use data::iris::{FILE, Iris};

/// The repository's file; a test holds it to its SHA-256.
const CONTENT: &[u8] = include_bytes!("../../../data/iris.csv");

/// The 150 flowers.
///
/// # Errors
/// Of the repository's file, none.
pub fn flowers() -> Result<Iris, DataError> {
    Iris::parse(FILE.path, CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flowers_are_those_of_the_repository() {
        assert_eq!(numerics::sha256_hex(CONTENT), FILE.sha256);
        assert_eq!(flowers().unwrap().labels.len(), 150);
    }
}
