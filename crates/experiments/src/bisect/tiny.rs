//! A study for tests, here and in the crate of the command: a small network learns 20 images, and what a record would
//! keep of it.

use super::subject::{Bisectable, of_study};
use crate::context::Context;
use crate::mnist::studies::{Arm, Runs, SeedRun, compute};
use crate::mnist::{Architecture, Recipe};
use crate::study::ExperimentError;
use crate::study::Part;
use cnn::kernels::Isa;
use data::DataError;
use data::images::{Images, MNIST, PIXELS};
use numerics::random::{Purpose, Stream};
use records::Header;
use records::store;
use records::{Record, Registration};
use serde_json::Value;
use std::borrow::Cow;
use std::path::Path;

/// Epochs of a run. 64 steps of two an epoch end with epoch 32.
pub const EPOCHS: usize = 33;

/// The study in the table of what can be bisected.
pub const TABLE: [Bisectable; 1] = [of_study::<Tiny>("tiny")];

/// Random images, two of each digit.
pub fn images() -> Images {
    let mut stream = Stream::new(1, Purpose::Check);
    let pixels = (0..20 * PIXELS).map(|_| stream.below(256) as u8).collect();
    Images { pixels, labels: (0..20).map(|i| i % 10).collect(), normalisation: MNIST.normalisation }
}

/// The study.
#[derive(Debug)]
pub struct Tiny;

impl Runs for Tiny {
    type Conclusions = Value;

    fn arms() -> Vec<Arm> {
        let recipe = Recipe {
            network: Architecture::Narrow { before: 4, after: 5 },
            batch_size: 10,
            epochs: EPOCHS,
            averaging: Some(0.5),
            ..Recipe::registered()
        };
        vec![Arm { id: "arm", recipe, seeds: 3..=4 }]
    }

    fn images(_: &Context) -> Result<[Cow<'_, Images>; 2], DataError> {
        Ok([images(), images()].map(Cow::Owned))
    }

    fn conclude(_: &[SeedRun]) -> Result<Value, ExperimentError> {
        Ok(Value::Null)
    }
}

/// The run `arm-3`, as the study records it.
///
/// # Panics
/// When it cannot be made.
pub fn run() -> SeedRun {
    let part = Part { id: "arm-3".to_owned(), work: 1 };
    let images = images();
    let value = compute(Isa::detect(), (&Tiny::arms(), Tiny::BESIDE), (&images, &images), &part, &|_| ());
    serde_json::from_value(value.expect("20 images can be learned")).expect("a run is a run")
}

/// Writes the record of a study with this run alone.
///
/// # Panics
/// When it cannot be written.
pub fn write(folder: &Path, run: SeedRun) {
    let (header, conclusions) = (Header::new("tiny", Registration::ONE_RUN, []), Value::Null);
    let record = Record { header, parts: vec![run], conclusions };
    store::write_json(folder.join("tiny.json"), &record).expect("the folder of a test can be written");
}
