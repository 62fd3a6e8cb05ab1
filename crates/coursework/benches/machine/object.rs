//! What is measured, and what every measurement needs.

use crate::peak::Peak;
use crate::summary::Summary;
use crate::table::Table;
use cnn::kernels::Isa;
use cnn::optimiser::{Optimiser, Rule};
use cnn::tensor::{Shape, Tensor};
use data::images::{Images, MNIST, PIXELS, SIDE};
use data::iris::Iris;
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde::Serialize;
use std::path::Path;

/// Images in a batch of training.
pub const BATCH: usize = 64;

/// Training images of a quick run: a hundred batches.
const QUICK_IMAGES: usize = 100 * BATCH;

/// The learning rate of every measured step: small, so that any number of them stays finite.
pub const RATE: f64 = 0.01;

/// One thing that is measured.
pub trait Object {
    /// How many rounds it takes part in.
    fn rounds(&self) -> usize;

    /// Measures it once.
    ///
    /// # Errors
    /// When what is measured fails.
    fn round(&mut self) -> anyhow::Result<()>;

    /// What was found, beside the processor's peak.
    fn report(&self, peak: &Peak) -> Report;
}

/// Tables for a reader and the same numbers for a program.
#[derive(Default)]
pub struct Report {
    /// The tables.
    pub tables: Vec<Table>,
    /// The numbers.
    pub metrics: Vec<Metric>,
}

impl Report {
    /// Adds a number.
    pub fn metric(&mut self, name: impl Into<String>, unit: &'static str, summary: Summary) {
        self.metrics.push(Metric { name: name.into(), unit, summary });
    }
}

/// A number with its name.
#[derive(Clone, Debug, Serialize)]
pub struct Metric {
    /// What it is.
    pub name: String,
    /// In which unit.
    pub unit: &'static str,
    /// Its median and range.
    #[serde(flatten)]
    pub summary: Summary,
}

/// What every measurement needs.
pub struct Setup {
    /// The instruction set of the kernels.
    pub isa: Isa,
    /// The training images.
    pub training: Images,
    /// The test images.
    pub test: Images,
    /// The flowers.
    pub iris: Iris,
    /// One thread, and all: the same pool twice on a machine that has one core.
    pub pools: Vec<ThreadPool>,
    /// Whether to be quick rather than thorough.
    pub quick: bool,
}

impl Setup {
    /// Loads the data from a folder.
    ///
    /// # Errors
    /// When the data are not what they should be, or threads cannot be started.
    pub fn new(isa: Isa, data: &Path, quick: bool) -> anyhow::Result<Self> {
        let mut threads = vec![1, std::thread::available_parallelism().map_or(1, usize::from)];
        threads.dedup();
        let pool = |n: usize| ThreadPoolBuilder::new().num_threads(n).build();
        let pools = threads.into_iter().map(pool).collect::<Result<_, _>>()?;
        let mut training = MNIST.load_training(data)?;
        if quick {
            training = training.limit(QUICK_IMAGES);
        }
        let test = MNIST.load_test(data)?;
        Ok(Self { isa, training, test, iris: Iris::load(data)?, pools, quick })
    }

    /// One thread.
    pub fn one(&self) -> &ThreadPool {
        &self.pools[0]
    }

    /// All threads.
    pub fn all(&self) -> &ThreadPool {
        &self.pools[self.pools.len() - 1]
    }

    /// `thorough`, or when in haste `quick`.
    pub fn either(&self, thorough: usize, quick: usize) -> usize {
        if self.quick { quick } else { thorough }
    }

    /// Batch `number` of the training images as the network gets it, with its labels.
    pub fn batch(&self, number: usize) -> (Tensor, Vec<usize>) {
        let Images { pixels, labels, normalisation } = &self.training;
        let first = number * BATCH % (labels.len() - BATCH);
        let numbers = pixels[first * PIXELS..][..BATCH * PIXELS].iter();
        let numbers = numbers.map(|&pixel| normalisation.of_byte(pixel)).collect();
        let labels = labels[first..][..BATCH].iter().map(|&label| usize::from(label)).collect();
        (Tensor::new(Shape::maps(BATCH, SIDE, SIDE, 1), numbers), labels)
    }
}

/// The rule that P1.2 is trained with.
pub fn optimiser() -> Optimiser {
    Optimiser::new(Rule::Sgd { momentum: 0.9, weight_decay: 5e-4, nesterov: true })
}

/// `1 thread` or `2 threads`.
pub fn threads(pool: &ThreadPool) -> String {
    match pool.current_num_threads() {
        1 => "1 thread".to_owned(),
        n => format!("{n} threads"),
    }
}
