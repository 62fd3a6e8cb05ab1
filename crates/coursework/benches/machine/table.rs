//! Tables that read well on a terminal and are Markdown at the same time.

use std::fmt;

/// A table with a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The heading.
    pub title: String,
    /// What a reader must know before the numbers, a sentence or two.
    pub note: String,
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// How many columns stand at the left of their cells, from the first; the others, which are numbers, at the
    /// right.
    pub left: usize,
    /// The cells, row after row.
    pub rows: Vec<Vec<String>>,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "## {}\n", self.title)?;
        if !self.note.is_empty() {
            writeln!(f, "{}\n", self.note)?;
        }
        let head: Vec<String> = self.columns.iter().map(|name| (*name).to_owned()).collect();
        let lines = || std::iter::once(&head).chain(&self.rows);
        let width = |column: usize| {
            lines().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        for (i, line) in lines().enumerate() {
            for (column, &width) in widths.iter().enumerate() {
                let cell = line.get(column).map_or("", String::as_str);
                if column < self.left {
                    write!(f, "| {cell:<width$} ")?;
                } else {
                    write!(f, "| {cell:>width$} ")?;
                }
            }
            writeln!(f, "|")?;
            if i == 0 {
                self.rule(f, &widths)?;
            }
        }
        Ok(())
    }
}

impl Table {
    /// The line below the names of the columns.
    fn rule(&self, f: &mut fmt::Formatter<'_>, widths: &[usize]) -> fmt::Result {
        for (column, &width) in widths.iter().enumerate() {
            let end = if column < self.left { '-' } else { ':' };
            write!(f, "|{}{end}", "-".repeat(width + 1))?;
        }
        writeln!(f, "|")
    }
}
