//! The test images of MNIST whose label people found wrong.
//!
//! Five raters saw each of 100 images whose label a model doubted, with two answers to choose from: the label and the
//! model's guess. **A label counts as wrong when fewer than three of the five chose it.** The labels themselves stay as
//! published.
//!
//! Source: C. G. Northcutt, A. Athalye, J. Mueller, "Pervasive label errors in test sets destabilize machine learning
//! benchmarks", NeurIPS 2021; the votes as published with it, see `data/README.md`.

use crate::checksum::KnownFile;
pub use crate::raters::RATERS;
use crate::table::{Row, rows};
use crate::{CellProblem, DataError};
use std::{io::Read, path::Path};

/// The file.
pub const FILE: KnownFile = KnownFile {
    path: "mnist/known-label-errors.csv",
    sha256: "6d3ee0a90f372a1ad24dfc5d0cc77a2fd5666353015921bc69cc1877ea3c7fd7",
    bytes: 295,
    gzip_sha256: None,
};

/// The columns of the file, in this order.
pub const HEADER: [&str; 6] =
    ["index", "label", "guess", "raters_for_label", "raters_for_guess", "raters_for_neither"];

/// A test image whose label people found wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelError {
    /// Its place in the test part, from 0.
    pub index: usize,
    /// The digit it is labelled with.
    pub label: usize,
    /// The digit that the model guessed.
    pub guess: usize,
    /// How many raters chose the label.
    pub for_label: usize,
    /// How many chose the guess.
    pub for_guess: usize,
    /// How many chose neither.
    pub for_neither: usize,
}

/// Reads the file from the folder `data_dir` and checks its SHA-256; `labels` are those of the test part.
///
/// # Errors
/// Those of [`KnownFile::load`](KnownFile::load) and [`parse`].
pub fn load(data_dir: impl AsRef<Path>, labels: &[u8]) -> Result<Vec<LabelError>, DataError> {
    let content = FILE.load(data_dir.as_ref())?;
    parse(FILE.path, content.as_slice(), labels)
}

/// Parses the table without checking its hash; `name` is what messages call it.
///
/// Images are in ascending order and carry the label that `labels` has for them; [`RATERS`] raters saw each, of whom
/// fewer than half chose the label.
///
/// # Errors
/// [`DataError::Header`], [`DataError::Columns`], [`DataError::Cell`] with row and column, [`DataError::Csv`] when the
/// bytes are no UTF-8.
pub fn parse(name: &str, reader: impl Read, labels: &[u8]) -> Result<Vec<LabelError>, DataError> {
    let mut errors: Vec<LabelError> = Vec::new();
    for row in rows(name, &HEADER, reader)? {
        let before = errors.last().map(|error| error.index);
        errors.push(parse_row(&row?, before, labels)?);
    }
    Ok(errors)
}

fn parse_row(row: &Row, before: Option<usize>, labels: &[u8]) -> Result<LabelError, DataError> {
    let mut cells = [0_usize; HEADER.len()];
    for (column, cell) in cells.iter_mut().enumerate() {
        *cell = row.number(column)?;
    }
    let [index, label, guess, for_label, for_guess, for_neither] = cells;
    if before.is_some_and(|before| index <= before) {
        return Err(row.refuse(0, CellProblem::OutOfOrder));
    }
    let published = labels.get(index).ok_or_else(|| row.refuse(0, CellProblem::NoSuchImage))?;
    if label != usize::from(*published) {
        return Err(row.refuse(1, CellProblem::AnotherLabel));
    }
    if guess > 9 {
        return Err(row.refuse(2, CellProblem::NotADigit));
    }
    if 2 * for_label >= RATERS {
        return Err(row.refuse(3, CellProblem::LabelConfirmed));
    }
    // Each is at most five, so the sum cannot overflow.
    let votes = [for_label, for_guess, for_neither];
    if votes.iter().any(|votes| *votes > RATERS) || votes.iter().sum::<usize>() != RATERS {
        return Err(row.refuse(5, CellProblem::NotFiveRaters));
    }
    Ok(LabelError { index, label, guess, for_label, for_guess, for_neither })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::MNIST;
    use crate::repository_data;
    use proptest::prelude::*;
    use rstest::rstest;

    /// Ten images, each labelled with its place.
    const LABELS: [u8; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    fn parse_rows(rows: &str) -> Result<Vec<LabelError>, DataError> {
        parse("test.csv", format!("{}\n{rows}", HEADER.join(",")).as_bytes(), &LABELS)
    }

    /// The paper's count: 15 of the 10,000.
    #[test]
    fn the_file_holds_the_fifteen_errors_of_the_paper() {
        let labels = MNIST.load_test(repository_data()).unwrap().labels;
        let errors = load(repository_data(), &labels).unwrap();
        assert_eq!(errors.len(), 15);
    }

    #[test]
    fn a_row_is_read_in_the_order_of_its_head() {
        let expected =
            LabelError { index: 7, label: 7, guess: 1, for_label: 0, for_guess: 4, for_neither: 1 };
        assert_eq!(parse_rows("7,7,1,0,4,1\n").unwrap(), [expected]);
    }

    #[rstest]
    #[case::a_letter("7,7,x,0,4,1", "guess", CellProblem::NotANumber)]
    #[case::a_negative_place("-7,7,1,0,4,1", "index", CellProblem::NotANumber)]
    #[case::a_place_behind_the_last("10,7,1,0,4,1", "index", CellProblem::NoSuchImage)]
    #[case::another_label("7,8,1,0,4,1", "label", CellProblem::AnotherLabel)]
    #[case::a_guess_that_is_no_digit("7,7,10,0,4,1", "guess", CellProblem::NotADigit)]
    #[case::a_label_that_most_confirm("7,7,1,3,1,1", "raters_for_label", CellProblem::LabelConfirmed)]
    #[case::four_raters("7,7,1,0,4,0", "raters_for_neither", CellProblem::NotFiveRaters)]
    #[case::more_raters_than_can_be_added(
        "7,7,1,0,18446744073709551615,6",
        "raters_for_neither",
        CellProblem::NotFiveRaters
    )]
    fn a_second_row_is_refused_with(
        #[case] row: &str,
        #[case] bad_column: &str,
        #[case] expected: CellProblem,
    ) {
        let error = parse_rows(&format!("1,1,7,2,3,0\n{row}")).unwrap_err();
        let DataError::Cell { row: 2, column, problem, .. } = error else { panic!("{error}") };
        assert_eq!((column, problem), (bad_column, expected));
    }

    #[test]
    fn a_image_that_comes_twice_is_refused_in_one_line() {
        assert_eq!(
            parse_rows("7,7,1,0,4,1\n7,7,1,0,4,1").unwrap_err().to_string(),
            "test.csv: row 2 after the header, column index: `7` is not above the place in the row before; correct it"
        );
    }

    #[test]
    fn another_head_or_number_of_columns_is_refused() {
        let error = parse("test.csv", &b"index,label\n7,7\n"[..], &LABELS).unwrap_err();
        assert!(error.to_string().contains(&HEADER.join(",")), "{error}");
        let error = parse_rows("7,7").unwrap_err();
        assert!(matches!(error, DataError::Columns { row: 1, found: 2, expected: 6, .. }), "{error}");
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_and_rows_never_panic(bytes: Vec<u8>, rows in "[0-9,\"\n-]{0,60}") {
            let _ = parse("test.csv", bytes.as_slice(), &LABELS);
            let _ = parse_rows(&rows);
        }
    }
}
