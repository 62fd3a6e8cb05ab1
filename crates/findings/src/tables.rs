//! The tables of the report, chapter by chapter.

use super::{
    ReportError, Sources, mnist_studies, tables_iris, tables_mnist, tables_recompute, tables_studies,
    tables_theory,
};
use records::findings::Table;

/// All tables.
///
/// # Errors
/// [`ReportError::Missing`] when the records lack what a table shows.
pub fn tables(of: &Sources) -> Result<Vec<Table>, ReportError> {
    let chapters = [
        tables_theory::tables(of),
        tables_iris::tables(of)?,
        tables_mnist::tables(of),
        tables_studies::study_tables(of)?,
        mnist_studies::tables(of)?,
        vec![tables_recompute::recomputed()],
    ];
    Ok(chapters.into_iter().flatten().collect())
}
