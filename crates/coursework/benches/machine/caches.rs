//! Cache misses of a whole process, where `perf` is there and the machine has counters.

use crate::object::{Object, Report, Setup};
use crate::peak::Peak;
use crate::perf;
use crate::summary::{Samples, percent};
use crate::table::Table;
use anyhow::ensure;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is said without `perf`, or without counters.
const NOT_COUNTED: &str = "not counted here";

/// One process, counted once.
pub struct Caches<'a> {
    setup: &'a Setup,
    /// References and misses.
    counts: Option<[u64; 2]>,
}

impl<'a> Caches<'a> {
    /// Nothing counted yet.
    pub fn new(setup: &'a Setup) -> Self {
        Self { setup, counts: None }
    }

    /// Counts what the command does with these arguments.
    fn count(&self, arguments: &[&str]) -> anyhow::Result<Option<[u64; 2]>> {
        let mut command = Command::new("perf");
        command.current_dir(Path::new(crate::ROOT)).args(perf::ARGUMENTS).env("LC_ALL", "C");
        command.arg(env!("CARGO_BIN_EXE_coursework")).args(arguments);
        // Without `perf`, there is no output to look at.
        let Ok(output) = command.stdin(Stdio::null()).output() else { return Ok(None) };
        let counts = perf::counts(&String::from_utf8_lossy(&output.stderr));
        ensure!(
            counts.is_none() || output.status.success(),
            "what `perf` counted ended with {}",
            output.status
        );
        Ok(counts)
    }
}

impl Object for Caches<'_> {
    fn rounds(&self) -> usize {
        1
    }

    fn round(&mut self) -> anyhow::Result<()> {
        // A call that does nothing tells whether there are counters.
        if self.count(&["--version"])?.is_some() {
            let (isa, images) = (self.setup.isa.name(), self.setup.training.len().to_string());
            self.counts =
                self.count(&["mnist", "--recipe", "sprint-99.0", "--isa", isa, "--limit", &images])?;
        }
        Ok(())
    }

    fn report(&self, _: &Peak) -> Report {
        let mut report = Report::default();
        let cells = self.counts.map_or([NOT_COUNTED, "", ""].map(str::to_owned), |[references, misses]| {
            for (what, count) in [("references", references), ("misses", misses)] {
                let mut counts = Samples::default();
                counts.push(count as f64);
                report.metric(format!("sprint-99.0, cache {what}"), "count", counts.summary());
            }
            [references.to_string(), misses.to_string(), percent(misses as f64 / references as f64)]
        });
        let what = format!("sprint-99.0, {} training images", self.setup.training.len());
        report.tables.push(Table {
            title: "Cache misses".to_owned(),
            note: "Of a whole process on all threads, as `perf stat` counts them; which cache it is, the processor's \
                   maker decides."
                .to_owned(),
            columns: vec!["what", "references", "misses", "misses of references"],
            left: 1,
            rows: vec![[what].into_iter().chain(cells).collect()],
        });
        report
    }
}
