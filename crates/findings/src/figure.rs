//! A figure: a drawing, a caption, and its numbers.

use records::findings::{Cells, FigureEntry};
use records::{Artifact, sha256_hex};

/// A figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its id.
    pub id: &'static str,
    /// What it shows.
    pub caption: String,
    /// The record its numbers come from.
    pub record: &'static str,
    /// The drawing as SVG.
    pub svg: String,
    /// Its numbers.
    pub data: Cells,
}

impl Figure {
    /// What the record says of it.
    pub fn entry(&self) -> FigureEntry {
        FigureEntry {
            id: self.id.to_owned(),
            file: self.file(),
            sha256: sha256_hex(self.svg.as_bytes()),
            caption: self.caption.clone(),
            record: self.record.to_owned(),
            cells: self.data.clone(),
        }
    }

    /// Its file.
    pub fn artifact(self) -> Artifact {
        Artifact { name: self.file(), bytes: self.svg.into_bytes() }
    }

    fn file(&self) -> String {
        format!("figures/{}.svg", self.id)
    }
}
