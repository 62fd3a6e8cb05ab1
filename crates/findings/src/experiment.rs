//! The report as something that can be run, verified and graded like an experiment.

use data::checksum::KnownFile;
use data::images::MNIST;
use data::label_errors;
use experiments::context::Context;
use experiments::registry::{Experiment, Kind};
use experiments::study::ExperimentError;
use records::{Artifact, Records};

/// A function that derives the report.
pub type Derive = fn(&Experiment, &Context, &mut Records) -> Result<Vec<Artifact>, ExperimentError>;

/// The files it reads.
const DATA: [KnownFile; 5] = {
    let [training, training_labels, test, test_labels] = *MNIST.files;
    [training, training_labels, test, test_labels, label_errors::FILE]
};

/// The files it leaves in `results/`.
pub const FILES: &[&str] = &[
    "report.json",
    "figures/t2-graph.svg",
    "figures/t2-graph-sample.svg",
    "figures/iris-train-loss.svg",
    "figures/iris-test-loss.svg",
    "figures/iris-errors.svg",
    "figures/iris-speed.svg",
    "figures/iris-optimisers.svg",
    "figures/iris-bands.svg",
    "figures/iris-plateau.svg",
    "figures/mnist-curves.svg",
    "figures/mnist-errors.svg",
    "figures/mnist-confusion.svg",
    "figures/mnist-mistakes.svg",
    "figures/mnist-filters.svg",
    "figures/mnist-reliability.svg",
    "figures/mnist-hardest.svg",
    "figures/mnist-small.svg",
];

/// The report, which is run, verified and graded like an experiment.
pub const fn experiment(derive: Derive) -> Experiment {
    Experiment {
        id: "report",
        question: "What may the written report say of the other records: which claims hold, which tables and figures follow?",
        hypothesis: "every claim that the report makes holds",
        refuted_by: "a claim that does not",
        chosen_on: "nothing was chosen",
        data: &DATA,
        files: FILES,
        kind: Kind::Derived(derive),
    }
}
