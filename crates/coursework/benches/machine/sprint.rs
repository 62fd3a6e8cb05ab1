//! The sprints as whole processes: from the start of the command, data and test included, to its last line.

use crate::object::{Object, Report, Setup, threads};
use crate::peak::Peak;
use crate::summary::Samples;
use crate::table::Table;
use anyhow::ensure;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The recipes, as the command names them.
const RECIPES: [&str; 2] = ["sprint-99.0", "sprint-99.4"];

/// A process at a time, each with a seed of its own.
pub struct Sprint<'a> {
    setup: &'a Setup,
    seed: u64,
    seconds: [Samples; RECIPES.len()],
}

impl<'a> Sprint<'a> {
    /// No process yet.
    pub fn new(setup: &'a Setup) -> Self {
        Self { setup, seed: 0, seconds: Default::default() }
    }
}

impl Object for Sprint<'_> {
    fn rounds(&self) -> usize {
        self.setup.either(5, 1)
    }

    fn round(&mut self) -> anyhow::Result<()> {
        self.seed += 1;
        for (recipe, seconds) in RECIPES.iter().zip(&mut self.seconds) {
            let mut command = Command::new(env!("CARGO_BIN_EXE_coursework"));
            command.current_dir(Path::new(crate::ROOT)).args(["mnist", "--recipe", recipe]);
            command.args(["--seed", &self.seed.to_string(), "--isa", self.setup.isa.name()]);
            let start = Instant::now();
            let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
            seconds.push(start.elapsed().as_secs_f64());
            ensure!(status.success(), "`coursework mnist --recipe {recipe}` ended with {status}");
        }
        Ok(())
    }

    fn report(&self, _: &Peak) -> Report {
        let mut report = Report::default();
        let mut rows = Vec::new();
        for (recipe, seconds) in RECIPES.iter().zip(&self.seconds) {
            let summary = seconds.summary();
            report.metric(format!("{recipe}, whole process"), "s", summary);
            rows.push(vec![(*recipe).to_owned(), threads(self.setup.all()), summary.to_string()]);
        }
        report.tables.push(Table {
            title: "Sprints".to_owned(),
            note: "From the start of the process to its end: loading and checking the data, training, the test after \
                   each epoch. What the runs score is in `results/mnist-sprint.json`."
                .to_owned(),
            columns: vec!["recipe", "threads", "seconds"],
            left: 2,
            rows,
        });
        report
    }
}
