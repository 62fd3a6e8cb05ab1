//! The report as something that can be run, verified and graded like an experiment.

use crate::FigureRow;
use crate::sections::figures;
use data::checksum::KnownFile;
use data::images::MNIST;
use data::label_errors;
use experiments::context::Context;
use experiments::registry::{Computed, Experiment};
use experiments::study::ExperimentError;
use records::findings::FILE;
use records::{Artifact, Records};
use std::sync::LazyLock;

/// A function that derives the report.
pub type Derive = fn(&Experiment, &Context, &mut Records) -> Result<Vec<Artifact>, ExperimentError>;

/// The files it reads.
const DATA: [KnownFile; 5] = {
    let [training, training_labels, test, test_labels] = *MNIST.files;
    [training, training_labels, test, test_labels, label_errors::FILE]
};

/// The record, and the drawing of each figure.
static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| [FILE.to_owned()].into_iter().chain(figures().map(FigureRow::file)).collect());

/// The same as slices, which an [`Experiment`] asks for.
static FILES: LazyLock<Vec<&str>> = LazyLock::new(|| NAMES.iter().map(String::as_str).collect());

/// The files it leaves in `results/`. They follow from the figures of the sections.
pub fn files() -> &'static [&'static str] {
    &FILES
}

/// The report, which is run, verified and graded like an experiment.
pub fn experiment(derive: Derive) -> Experiment {
    Experiment {
        id: "report",
        question: "What may the written report say of the other records: which claims hold, which tables and figures \
                   follow?",
        hypothesis: "every claim that the report makes holds",
        refuted_by: "a claim that does not",
        chosen_on: "nothing was chosen",
        data: &DATA,
        files: files(),
        kind: Computed::Derived(derive),
    }
}
