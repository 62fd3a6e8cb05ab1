//! The experiments, as data: what each asks, which hypothesis it tests, which files it leaves. `run`, `verify`, `grade` and
//! `--help` draw from here.

use crate::context::Context;
use crate::data::DataError;
use crate::data::checksum::{IRIS, KnownFile, TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS};
use crate::data::iris::Iris;
use crate::data::mnist::Mnist;
use crate::data::split::Split;
use crate::iris::studies;
use crate::mnist::{Settings, studies as mnist_studies};
use crate::records::mnist::{Epoch, Look};
use crate::records::{self, Header};
use crate::store;
use crate::study::{self, Depth, Study};
use crate::tuning::{self, TrainingPart};
use cnn::weights::{WeightsError, to_safetensors};
use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Everything the experiments computed, each present once it was run.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// T1 and T2.
    pub theory: Option<records::theory::Record>,
    /// The choice of the weight decay of P1.1.
    pub tuning: Option<tuning::Record>,
    /// P1.1, P2.1, P2.2.
    pub iris: Option<records::iris::Record>,
    /// P1.2.
    pub mnist: Option<records::mnist::Record>,
    /// The network that P1.2 trained, as a file.
    pub mnist_weights: Option<Vec<u8>>,
    /// The studies, by the experiment's id.
    pub studies: BTreeMap<&'static str, study::Record>,
}

/// A file that belongs into `results/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name there.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// An experiment.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// Its id.
    pub id: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// The hypothesis that the runs are put to; they may refute it.
    pub hypothesis: &'static str,
    /// What would refute it.
    pub refuted_by: &'static str,
    /// On what every choice in its configuration was made. **Never on a test part.**
    pub chosen_on: &'static str,
    /// The data files it reads.
    pub data: &'static [KnownFile],
    /// The files it leaves.
    pub files: &'static [&'static str],
    /// How it is computed.
    pub kind: Kind,
}

/// How an experiment is computed.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// In one go.
    Whole(fn(&Experiment, &Context, &mut Records) -> Result<Vec<Artifact>, ExperimentError>),
    /// In independent parts.
    Parts(Study),
}

/// Why an experiment gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A worked solution failed.
    #[error(transparent)]
    Theory(#[from] theory::render::worked::WorkedError),
    /// A run of the tuning failed.
    #[error(transparent)]
    Tuning(#[from] crate::iris::RunError),
    /// A run of P1.1 or P2 failed.
    #[error(transparent)]
    Iris(#[from] records::iris::RecordError),
    /// A run of a study failed.
    #[error(transparent)]
    Seed(#[from] crate::iris::SeedError),
    /// A statistic does not exist.
    #[error(transparent)]
    Stats(#[from] crate::stats::StatsError),
    /// The parts are not those of the study.
    #[error("{0}")]
    Parts(String),
    /// The run of P1.2 failed.
    #[error(transparent)]
    Mnist(#[from] crate::mnist::RunError),
    /// The trained network cannot be written.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// What the report says cannot be derived.
    #[error(transparent)]
    Report(#[from] crate::report::ReportError),
    /// A record cannot be written as JSON.
    #[error("a record has no form in JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// There is no such experiment.
    #[error("there is no experiment `{name}`: the experiments are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
}

/// All experiments, the quick ones first.
pub const EXPERIMENTS: [Experiment; 15] = [
    Experiment {
        id: "theory",
        question: "T1 and T2: the cross-entropy of the batch, the standard deviation and its gradient",
        hypothesis: "every step of every derivation equals the one before on random inputs",
        refuted_by: "an input at which two neighbouring steps differ",
        chosen_on: "nothing was chosen",
        data: &[],
        files: &["theory.json"],
        kind: Kind::Whole(run_theory),
    },
    Experiment {
        id: "iris-tuning",
        question: "P1.1: which weight decay errs least in cross-validation inside the training part?",
        hypothesis: "some weight decay errs less than none",
        refuted_by: "no decay errs less than 0 in cross-validation",
        chosen_on: "five folds of the training part of the registered seed",
        data: &[IRIS],
        files: &["iris-tuning.json"],
        kind: Kind::Whole(run_tuning),
    },
    Experiment {
        id: "iris",
        question: "P1.1, P2.1, P2.2: test error of each activation, implementation and optimiser, on many seeds",
        hypothesis: "the activations differ in how fast they learn, not in where they end; \
                     plain gradient descent ends where the same network ends with other optimisers",
        refuted_by: "activations that differ in test error, or implementations that do",
        chosen_on: "the weight decay by iris-tuning; rates and epochs before the first run",
        data: &[IRIS],
        files: &["iris.json"],
        kind: Kind::Whole(run_iris),
    },
    Experiment {
        id: "iris-activations",
        question: "P1.1: do ReLU, sigmoid, tanh, PReLU and no activation at all differ on a thousand seeds, and how soon do they learn?",
        hypothesis: "tanh and PReLU learn sooner than ReLU and sigmoid last; PReLU errs as often as ReLU; without an activation the \
                     network errs more than with any",
        refuted_by: "a paired test, with Holm's correction, that points the other way or, where a difference is said to be, nowhere",
        chosen_on: "the settings are those of the experiment iris, the seeds the thousand after its own",
        data: &[IRIS],
        files: &["iris-activations.json"],
        kind: Kind::Parts(studies::activations::STUDY),
    },
    Experiment {
        id: "iris-factors",
        question: "P2.2: from P1.1's settings and from the original's P2.1, one factor changed at a time: which make the difference?",
        hypothesis: "the optimiser and the learning rate decide the original's slow run, the loss by itself does not; from P1.1's \
                     settings only the speed changes",
        refuted_by: "a loss that alone brings the original's run to 95 % as soon as the optimiser does, or a test error that changes \
                     from P1.1's settings",
        chosen_on: "the levels were written down before the first run",
        data: &[IRIS],
        files: &["iris-factors.json"],
        kind: Kind::Parts(studies::factors::STUDY),
    },
    Experiment {
        id: "iris-plateau",
        question: "P2.2: was the original's run, at an accuracy of 2/3, stuck in a local minimum?",
        hypothesis: "no: every seed leaves the plateau when training goes on, along a gradient that does not vanish; smaller \
                     initial weights stay longer",
        refuted_by: "a seed that is on the plateau after 5,000 epochs, or a gradient below a thousandth of its first size",
        chosen_on: "the recipe is the original's; scales and epochs were written down before the first run",
        data: &[IRIS],
        files: &["iris-plateau.json"],
        kind: Kind::Parts(studies::plateau::STUDY),
    },
    Experiment {
        id: "iris-trajectory",
        question: "P2.2: with equal weights and equal order of the flowers, do the two implementations go one way?",
        hypothesis: "their training losses agree to one part in a thousand after every epoch",
        refuted_by: "a larger difference on one of twenty seeds",
        chosen_on: "nothing was chosen",
        data: &[IRIS],
        files: &["iris-trajectory.json"],
        kind: Kind::Parts(studies::trajectory::STUDY),
    },
    Experiment {
        id: "iris-honest",
        question: "P1.1: how far is the best three-layer network that no test flower had a say in from Fisher's linear discriminant?",
        hypothesis: "on average over a thousand splits it errs no more often than the discriminant",
        refuted_by: "a mean difference whose interval lies above 0",
        chosen_on: "each split's setting by cross-validation inside its own training part; the grid was written down before the first run",
        data: &[IRIS],
        files: &["iris-honest.json"],
        kind: Kind::Parts(studies::honest::STUDY),
    },
    Experiment {
        id: "mnist",
        question: "P1.2: how many of the 10,000 test digits are right after an epoch fixed beforehand?",
        hypothesis: "at least 9,900",
        refuted_by: "fewer",
        chosen_on: "nothing was tuned: recipe and epoch were fixed before the first run",
        data: &[TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS],
        files: &["mnist.json", "mnist.safetensors"],
        kind: Kind::Whole(run_mnist),
    },
    Experiment {
        id: "mnist-selection",
        question: "P1.2: which recipe errs least on held-out training pictures, and what is each of its parts worth?",
        hypothesis: "distortions, averaged weights, smoothed labels and a cycle of the rate each spare errors",
        refuted_by: "a candidate without one of them that errs as little",
        chosen_on: "the last 10,000 pictures of the training part; the test part's files are not read",
        data: &[TRAIN_IMAGES, TRAIN_LABELS],
        files: &["mnist-selection.json"],
        kind: Kind::Parts(mnist_studies::selection::STUDY),
    },
    Experiment {
        id: "mnist-original",
        question: "P1.2: how many test digits are right after the last of the original's 20 epochs, over five seeds?",
        hypothesis: "fewer than the 0.99399 that the original reports of its best epoch",
        refuted_by: "a mean of at least that",
        chosen_on: "nothing was chosen: the original's network and epochs, PyTorch's defaults",
        data: &[TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS],
        files: &["mnist-original.json"],
        kind: Kind::Parts(mnist_studies::original::STUDY),
    },
    Experiment {
        id: "mnist-recipe",
        question: "P1.2: how many test digits does the chosen recipe get right, over ten seeds?",
        hypothesis: "a mean of at least 99.70 %",
        refuted_by: "a lower mean",
        chosen_on: "the recipe by mnist-selection, on training pictures; the epochs by the time that ten runs take",
        data: &[TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS],
        files: &["mnist-recipe.json"],
        kind: Kind::Parts(mnist_studies::final_recipe::STUDY),
    },
    Experiment {
        id: "mnist-small",
        question: "How does accuracy on MNIST grow with the number of parameters, at one recipe?",
        hypothesis: "it grows with every size",
        refuted_by: "a size that is no better than the one below",
        chosen_on: "the recipe by mnist-selection, on training pictures; nothing for a size",
        data: &[TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS],
        files: &["mnist-small.json"],
        kind: Kind::Parts(mnist_studies::small::STUDY),
    },
    Experiment {
        id: "mnist-sprint",
        question: "How little training suffices for means of 99.0 % and 99.4 % on MNIST, over thirty seeds?",
        hypothesis: "the two sprints reach them",
        refuted_by: "a mean below",
        chosen_on: "networks and recipes on the last 10,000 pictures of the training part, with other seeds",
        data: &[TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS],
        files: &["mnist-sprint.json"],
        kind: Kind::Parts(mnist_studies::sprint::STUDY),
    },
    Experiment {
        id: "report",
        question: "What may the written report say of the other records: which claims hold, which tables and figures follow?",
        hypothesis: "every claim that the report makes holds",
        refuted_by: "a claim that does not",
        chosen_on: "nothing was chosen",
        data: &[TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS],
        files: crate::report::FILES,
        kind: Kind::Whole(crate::report::run),
    },
];

impl Experiment {
    /// The experiments with these ids, in the registry's order; all of them for none.
    ///
    /// # Errors
    /// [`ExperimentError::Unknown`].
    pub fn select(ids: &[String]) -> Result<Vec<&'static Self>, ExperimentError> {
        Self::select_of(&EXPERIMENTS, ids)
    }

    /// Those of `all` with these ids, in its order; all of them for none.
    ///
    /// # Errors
    /// [`ExperimentError::Unknown`].
    pub fn select_of<'a>(all: &'a [Self], ids: &[String]) -> Result<Vec<&'a Self>, ExperimentError> {
        if let Some(name) = ids.iter().find(|id| !all.iter().any(|experiment| experiment.id == **id)) {
            let known = all.iter().map(|experiment| experiment.id).collect::<Vec<_>>().join(", ");
            return Err(ExperimentError::Unknown { name: name.clone(), known });
        }
        let wanted = |experiment: &&Self| ids.is_empty() || ids.iter().any(|id| *id == experiment.id);
        Ok(all.iter().filter(wanted).collect())
    }

    /// Computes the experiment: its record goes into `records`, its files are returned.
    ///
    /// # Errors
    /// [`ExperimentError`].
    pub fn run(&self, context: &Context, records: &mut Records) -> Result<Vec<Artifact>, ExperimentError> {
        match &self.kind {
            Kind::Whole(run) => run(self, context, records),
            Kind::Parts(study) => {
                let parts = (study.parts)(Depth::Full);
                let values = study.compute_all(context, self.id, &parts, Depth::Full)?;
                self.conclude(study, values, records)
            }
        }
    }

    /// The record of a study from its parts.
    ///
    /// # Errors
    /// [`ExperimentError`] when the parts are not those of the study.
    pub fn conclude(
        &self,
        study: &Study,
        parts: Vec<Value>,
        records: &mut Records,
    ) -> Result<Vec<Artifact>, ExperimentError> {
        let record = study.record(self.header(), parts)?;
        let artifact = self.artifact(&record)?;
        records.studies.insert(self.id, record);
        Ok(vec![artifact])
    }

    pub(crate) fn header(&self) -> Header {
        Header::new(self)
    }

    /// The first of [`files`](Self::files) with a record in it.
    pub(crate) fn artifact(&self, record: &impl Serialize) -> Result<Artifact, ExperimentError> {
        Ok(Artifact { name: self.files[0].to_owned(), bytes: store::json::to_bytes(record)? })
    }
}

fn run_theory(
    this: &Experiment,
    _: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let record = records.theory.insert(records::theory::record(this.header())?);
    Ok(vec![this.artifact(record)?])
}

fn run_tuning(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let iris = Iris::load(&context.data_dir)?;
    let bar = context.bar(this.id, tuning::runs());
    let split = Split::shuffled(iris.labels.len(), crate::REGISTERED_SEED);
    let training = TrainingPart::of(&iris, &split);
    let record = tuning::tune(context.isa, &training, this.header(), || bar.inc(1))?;
    bar.finish_and_clear();
    Ok(vec![this.artifact(records.tuning.insert(record))?])
}

fn run_iris(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let iris = Iris::load(&context.data_dir)?;
    let bar = context.bar(this.id, records::iris::runs());
    let record = records::iris::record(context.isa, &iris, this.header(), || bar.inc(1))?;
    bar.finish_and_clear();
    Ok(vec![this.artifact(records.iris.insert(record))?])
}

fn run_mnist(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let data = Mnist::load(&context.data_dir)?;
    let settings = Settings::registered();
    let mut watch =
        BarWatch { bar: context.bar(this.id, crate::mnist::batches(&settings, data.train.len())) };
    let (record, network) = records::mnist::record(context.isa, &data, &settings, this.header(), &mut watch)?;
    watch.bar.finish_and_clear();
    let weights = Artifact { name: this.files[1].to_owned(), bytes: to_safetensors(&network)? };
    records.mnist_weights = Some(weights.bytes.clone());
    Ok(vec![this.artifact(records.mnist.insert(record))?, weights])
}

/// Shows a run of MNIST as a bar.
struct BarWatch {
    bar: ProgressBar,
}

impl Look for BarWatch {
    fn batch(&mut self) {
        self.bar.inc(1);
    }

    fn epoch(&mut self, epoch: &Epoch) {
        self.bar.println(format!("epoch {}: test {}", epoch.epoch, epoch.test));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_experiment_is_refused_with_the_known_ones() {
        let error = Experiment::select(&["irsi".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("irsi") && error.to_string().contains("iris-tuning"), "{error}");
    }

    #[test]
    fn no_name_selects_all_and_names_keep_the_order() {
        let ids = |names: &[&str]| -> Vec<&str> {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Experiment::select(&names).unwrap().iter().map(|experiment| experiment.id).collect()
        };
        assert_eq!(ids(&[]).len(), EXPERIMENTS.len());
        assert_eq!(ids(&["mnist", "theory"]), ["theory", "mnist"]);
    }
}
