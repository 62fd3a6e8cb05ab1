//! Iris: whole runs of the 4-40-3 network per second, many seeds at a time on all threads.

use crate::object::{Object, Report, Setup, threads};
use crate::peak::Peak;
use crate::summary::Samples;
use crate::table::Table;
use experiments::iris::{Activation, Settings, run_seeds};
use std::time::Instant;

/// Many runs of each activation.
pub struct Iris<'a> {
    setup: &'a Setup,
    runs: u64,
    seconds: [Samples; Activation::ALL.len()],
}

impl<'a> Iris<'a> {
    /// Nothing run yet.
    pub fn new(setup: &'a Setup) -> Self {
        Self { setup, runs: setup.either(200, 40) as u64, seconds: Default::default() }
    }
}

impl Object for Iris<'_> {
    fn rounds(&self) -> usize {
        self.setup.either(5, 2)
    }

    fn round(&mut self) -> anyhow::Result<()> {
        let Setup { isa, iris, .. } = self.setup;
        for (activation, seconds) in Activation::ALL.into_iter().zip(&mut self.seconds) {
            let settings = Settings::framework(activation);
            let start = Instant::now();
            let runs = self.setup.all().install(|| run_seeds(*isa, iris, &settings, 1..=self.runs, || ()));
            seconds.push(start.elapsed().as_secs_f64());
            std::hint::black_box(runs?);
        }
        Ok(())
    }

    fn report(&self, _: &Peak) -> Report {
        let mut report = Report::default();
        let mut rows = Vec::new();
        for (activation, seconds) in Activation::ALL.into_iter().zip(&self.seconds) {
            let rate = seconds.summary().rate_of(self.runs as f64);
            rows.push(vec![activation.name().to_owned(), rate.to_string()]);
            report.metric(format!("iris, {}", activation.name()), "runs/s", rate);
        }
        report.tables.push(Table {
            title: format!("Iris, {}", threads(self.setup.all())),
            note: format!(
                "A run is division, standardising, {} epochs of Adam on batches of {}, and the test; {} seeds at a \
                 time.",
                Settings::framework(Activation::Relu).epochs,
                Settings::framework(Activation::Relu).batch_size,
                self.runs
            ),
            columns: vec!["activation", "runs/s"],
            left: 1,
            rows,
        });
        report
    }
}
