//! A whole epoch of MNIST, as the command trains it, on all threads; and the memory that it takes.

use crate::object::{Object, Report, Setup, threads};
use crate::peak::Peak;
use crate::stamp::peak_memory;
use crate::summary::{Samples, short};
use crate::table::Table;
use experiments::mnist::{self, Recipe, Settings, Watch};
use std::time::Instant;

/// An epoch at a time, each from the beginning.
pub struct Epoch<'a> {
    setup: &'a Setup,
    seconds: Samples,
    /// In bytes, after the first epoch.
    peak_memory: Option<u64>,
}

/// Nobody looks on.
struct Nobody;

impl Watch for Nobody {}

impl<'a> Epoch<'a> {
    /// Nothing trained yet.
    pub fn new(setup: &'a Setup) -> Self {
        Self { setup, seconds: Samples::default(), peak_memory: None }
    }

    /// What the table calls it.
    fn what(&self) -> String {
        let (images, threads) = (self.setup.training.len(), threads(self.setup.all()));
        format!("one epoch of {images} images, {threads}")
    }
}

impl Object for Epoch<'_> {
    fn rounds(&self) -> usize {
        self.setup.either(2, 1)
    }

    fn round(&mut self) -> anyhow::Result<()> {
        let Setup { isa, training, .. } = self.setup;
        let recipe = Recipe { epochs: 1, ..Recipe::registered() };
        let settings = Settings { recipe, ..Settings::registered() };
        self.setup.all().install(|| {
            let start = Instant::now();
            mnist::train(*isa, &settings, training, &mut Nobody)?;
            self.seconds.push(start.elapsed().as_secs_f64());
            anyhow::Ok(())
        })?;
        self.peak_memory = self.peak_memory.or_else(peak_memory);
        Ok(())
    }

    fn report(&self, _: &Peak) -> Report {
        let mut report = Report::default();
        let what = self.what();
        let megabytes = self.peak_memory.map(|bytes| bytes as f64 / 1e6);
        report.metric(format!("{what}, time"), "s", self.seconds.summary());
        let mut memory = Samples::default();
        megabytes.into_iter().for_each(|megabytes| memory.push(megabytes));
        report.metric("peak memory after the first epoch", "MB", memory.summary());
        report.tables.push(Table {
            title: "Epoch".to_owned(),
            note: "As `coursework mnist` trains, without the test after it. The memory is the most that the process \
                   held until its first epoch was over, all 70,000 images among it; what is measured later comes on \
                   top."
                .to_owned(),
            columns: vec!["what", "seconds or MB"],
            left: 1,
            rows: vec![
                vec![what, self.seconds.summary().to_string()],
                vec!["peak memory, MB".to_owned(), megabytes.map_or("not known".to_owned(), short)],
            ],
        });
        report
    }
}
