//! Tables: CSV with a known header, row by row; what is wrong with a row is said with its number and column.

use crate::{CellProblem, DataError};
use csv::{ReaderBuilder, StringRecord};
use std::io::Read;
use std::str::FromStr;

/// A row with as many cells as the header.
pub(super) struct Row<'a> {
    name: &'a str,
    header: &'static [&'static str],
    /// From 1, without the header and without empty lines.
    number: usize,
    record: StringRecord,
}

/// The rows of a table, which `name` is called in messages.
///
/// # Errors
/// [`DataError::Header`] at once; [`DataError::Columns`], and [`DataError::Csv`] when the bytes are no UTF-8, in place
/// of the row.
pub(super) fn rows<'a>(
    name: &'a str,
    header: &'static [&'static str],
    reader: impl Read,
) -> Result<impl Iterator<Item = Result<Row<'a>, DataError>>, DataError> {
    let csv_error = move |source| DataError::Csv { name: name.to_owned(), source };
    // The number of columns is checked below, where the message can name the row.
    let mut csv = ReaderBuilder::new().flexible(true).from_reader(reader);
    let given = csv.headers().map_err(csv_error)?;
    if given != header {
        let found = given.iter().collect::<Vec<_>>().join(",");
        return Err(DataError::Header { name: name.to_owned(), found, expected: header.join(",") });
    }
    let row = move |(index, record): (usize, csv::Result<StringRecord>)| {
        let (number, record) = (index + 1, record.map_err(csv_error)?);
        if record.len() != header.len() {
            let (found, expected) = (record.len(), header.len());
            return Err(DataError::Columns { name: name.to_owned(), row: number, found, expected });
        }
        Ok(Row { name, header, number, record })
    };
    Ok(csv.into_records().enumerate().map(row))
}

impl Row<'_> {
    /// The text of a cell.
    pub(super) fn text(&self, column: usize) -> &str {
        &self.record[column]
    }

    /// The number in a cell.
    ///
    /// # Errors
    /// [`CellProblem::NotANumber`].
    pub(super) fn number<T: FromStr>(&self, column: usize) -> Result<T, DataError> {
        self.text(column).parse().map_err(|_| self.refuse(column, CellProblem::NotANumber))
    }

    /// The error that a cell holds what its column cannot.
    pub(super) fn refuse(&self, column: usize, problem: CellProblem) -> DataError {
        DataError::Cell {
            name: self.name.to_owned(),
            row: self.number,
            column: self.header[column],
            value: self.text(column).to_owned(),
            problem,
        }
    }
}
