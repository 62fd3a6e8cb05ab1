//! A table.

use crate::{ReportError, Sources};
use records::findings::{Cells, Table};

/// What stands below a table.
#[derive(Clone, Copy)]
pub enum Caption {
    /// The same words for all records.
    Fixed(&'static str),
    /// Words with numbers of the records.
    Of(fn(&Sources) -> Result<String, ReportError>),
}

/// A table of the report.
#[derive(Clone, Copy)]
pub struct TableRow {
    pub id: &'static str,
    /// The record its numbers come from.
    pub record: &'static str,
    /// What it shows.
    pub caption: Caption,
    /// Head and cells.
    pub cells: fn(&Sources) -> Result<Cells, ReportError>,
}

impl TableRow {
    /// The table of these records.
    ///
    /// # Errors
    /// [`ReportError::Missing`] when the records lack what the table shows.
    pub fn filled(&self, of: &Sources) -> Result<Table, ReportError> {
        let caption = match self.caption {
            Caption::Fixed(words) => words.to_owned(),
            Caption::Of(words) => words(of)?,
        };
        Ok(Table::new(self.id, &caption, self.record, (self.cells)(of)?))
    }
}
