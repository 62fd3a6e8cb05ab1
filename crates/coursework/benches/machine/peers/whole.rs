//! An epoch as a whole process: from the start of a program to its end, ours and theirs in turn.

use super::child::{PYTORCH, python_on};
use crate::object::{BATCH, Report, Setup, threads};
use crate::summary::{Samples, Summary};
use crate::table::Table;
use anyhow::{Context, ensure};
use rayon::ThreadPool;
use serde::Deserialize;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Which variant of theirs: the layout of ours.
const VARIANT: &str = "channels-last";

/// The last line of their process.
#[derive(Deserialize)]
struct Trained {
    /// The time of the steps alone.
    seconds: f64,
    /// Test images that it says the right digit of.
    right: usize,
    /// All test images.
    of: usize,
}

/// Seconds of whole processes.
#[derive(Default)]
struct Seconds {
    ours: Samples,
    ours_on_one: Samples,
    theirs: Samples,
    /// The steps alone in theirs.
    their_steps: Samples,
}

/// Compares in rounds, and adds what was found.
pub(super) fn measure(setup: &Setup, python: &str, root: &Path, report: &mut Report) -> anyhow::Result<()> {
    let mut seconds = Seconds::default();
    let rounds = setup.either(3, 1);
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}: epoch as a whole process");
        seconds.ours.push(ours(setup, setup.all(), root)?);
        let (whole, steps) = theirs(setup, python, root)?;
        seconds.theirs.push(whole);
        seconds.their_steps.push(steps);
        if setup.pools.len() > 1 {
            seconds.ours_on_one.push(ours(setup, setup.one(), root)?);
        }
    }
    seconds.report(setup, report);
    Ok(())
}

/// Seconds of a process of ours.
fn ours(setup: &Setup, pool: &ThreadPool, root: &Path) -> anyhow::Result<f64> {
    let (threads, images) = (pool.current_num_threads().to_string(), setup.training.len().to_string());
    let mut command = Command::new(env!("CARGO_BIN_EXE_coursework"));
    command.current_dir(root).args(["mnist", "--recipe", "registered", "--epochs", "1"]);
    command.args(["--threads", &threads, "--limit", &images, "--isa", setup.isa.name()]);
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(status.success(), "`coursework mnist --epochs 1` ended with {status}");
    Ok(seconds)
}

/// Seconds of a process of theirs on all threads, and of the steps in it.
fn theirs(setup: &Setup, python: &str, root: &Path) -> anyhow::Result<(f64, f64)> {
    let (threads, images) = (setup.all().current_num_threads().to_string(), setup.training.len().to_string());
    let mut command = python_on(python, &root.join(PYTORCH), &root.join("data"));
    command.args(["--epoch", VARIANT, &threads, &images]).stdin(Stdio::null()).stderr(Stdio::inherit());
    let start = Instant::now();
    let output = command.output().with_context(|| format!("cannot start `{python}`"))?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(output.status.success(), "their epoch ended with {}", output.status);
    let said = String::from_utf8_lossy(&output.stdout);
    let last = said.lines().last().unwrap_or_default();
    let trained: Trained =
        serde_json::from_str(last).with_context(|| format!("their epoch said {last:?}"))?;
    let Trained { right, of, .. } = trained;
    ensure!(2 * right > of, "after their epoch {right} of {of} test images are right: it did not learn");
    Ok((seconds, trained.seconds))
}

impl Seconds {
    fn report(&self, setup: &Setup, report: &mut Report) {
        let [ours, on_one, theirs, steps] =
            [&self.ours, &self.ours_on_one, &self.theirs, &self.their_steps].map(Samples::summary);
        let ratios = self.ours.ratios(&self.theirs).summary();
        let faster = self.ours_on_one.ratios(&self.ours).summary();
        let all = threads(setup.all());
        let row = |what: &str, summaries: [Option<Summary>; 4]| {
            let cells =
                summaries.map(|summary| summary.map_or_else(String::new, |summary| summary.to_string()));
            [what.to_owned()].into_iter().chain(cells).collect()
        };
        let mut rows = vec![row(&all, [ours, theirs, steps, ratios].map(Some))];
        let mut metrics =
            vec![("ours", "s", ours), ("theirs", "s", theirs), ("theirs, the steps alone", "s", steps)];
        metrics.push(("ours / theirs", "ratio", ratios));
        if setup.pools.len() > 1 {
            rows.push(row("1 thread", [Some(on_one), None, None, None]));
            rows.push(row(&format!("1 thread / {all}"), [Some(faster), None, None, None]));
            metrics
                .extend([("ours, 1 thread", "s", on_one), ("ours, 1 thread / all threads", "ratio", faster)]);
        }
        for (what, unit, summary) in metrics {
            report.metric(format!("epoch as a whole process, {what}"), unit, summary);
        }
        let images = setup.training.len();
        report.tables.push(Table {
            title: format!("An epoch of {images} images as a whole process, against PyTorch, {VARIANT}"),
            note: format!(
                "Seconds from the start of a process to its end: loading the same files, one epoch in batches of \
                 {BATCH}, the test of 10,000; ours checks the files too. Theirs also starts Python and imports torch, \
                 so the seconds of its steps alone stand beside it; the ratio is of whole processes."
            ),
            columns: vec!["threads", "ours, s", "theirs, s", "their steps alone, s", "ours / theirs"],
            left: 1,
            rows,
        });
    }
}
