//! A figure: a drawing, a caption, and its numbers.

use crate::{ReportError, Sources};
use cnn::network::Network;
use data::images::Images;
use data::iris::Iris;
use records::findings::{Cells, FigureEntry};
use records::{Artifact, sha256_hex};

/// What figures are drawn from.
#[derive(Clone, Copy)]
pub struct Material<'a> {
    pub records: &'a Sources,
    /// The trained network of P1.2.
    pub network: &'a Network,
    /// The test images of MNIST.
    pub images: &'a Images,
    /// The flowers of the iris file.
    pub flowers: &'a Iris,
}

/// A drawing with its caption and numbers.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// What it shows.
    pub caption: String,
    /// The drawing as SVG.
    pub svg: String,
    pub data: Cells,
}

/// A figure of the report.
#[derive(Clone, Copy)]
pub struct FigureRow {
    /// Its id, which names its file as well.
    pub id: &'static str,
    /// The record its numbers come from.
    pub record: &'static str,
    /// Draws it. The id goes into the drawing, whose elements need ids of their own on the page.
    pub draw: fn(&'static str, &Material) -> Result<Drawing, ReportError>,
}

impl FigureRow {
    /// The file of its drawing, by its path from `results/`.
    pub fn file(&self) -> String {
        format!("figures/{}.svg", self.id)
    }

    /// What the record says of it, and its file.
    ///
    /// # Errors
    /// [`ReportError::Missing`] when the records lack what the figure shows.
    pub fn drawn(&self, from: &Material) -> Result<(FigureEntry, Artifact), ReportError> {
        let Drawing { caption, svg, data } = (self.draw)(self.id, from)?;
        let entry = FigureEntry {
            id: self.id.to_owned(),
            file: self.file(),
            sha256: sha256_hex(svg.as_bytes()),
            caption,
            record: self.record.to_owned(),
            cells: data,
        };
        Ok((entry, Artifact { name: self.file(), bytes: svg.into_bytes() }))
    }
}
