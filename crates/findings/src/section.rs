//! A section: all that the report says of one experiment, or of a part of a chapter.

use crate::claim::ClaimRow;
use crate::figure::FigureRow;
use crate::table::TableRow;

/// The claims, tables and figures of one experiment, or of a part of a chapter.
#[derive(Clone, Copy)]
pub struct Section {
    pub claims: &'static [ClaimRow],
    pub tables: &'static [TableRow],
    pub figures: &'static [FigureRow],
}

impl Section {
    /// A section without anything, for one that lacks a kind: `Section { tables: TABLES, ..Section::EMPTY }`.
    pub const EMPTY: Self = Self { claims: &[], tables: &[], figures: &[] };
}
