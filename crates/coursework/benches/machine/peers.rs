//! The training step and the evaluation against PyTorch, in one run: ours, theirs, ours, theirs; and then an epoch,
//! process against process.
//!
//! `tests/peers/pytorch.py` runs as a child and computes only when it is asked. For an epoch it is started anew.

mod child;
mod whole;

use crate::evaluation::Evaluation;
use crate::object::{BATCH, Report, Setup, threads};
use crate::step::Trainer;
use crate::summary::Samples;
use crate::table::Table;
use anyhow::ensure;
use child::{Child, PYTORCH, Request};
use std::path::Path;

/// One comparison: a piece of work, a number of threads, a variant of theirs.
struct Pair {
    what: Work,
    /// Which of the setup's pools.
    pool: usize,
    variant: String,
    ours: Samples,
    theirs: Samples,
    /// Images at a time in their evaluation.
    their_batch: Option<usize>,
}

/// What is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Step,
    Evaluation,
}

/// Compares everything whose name holds `filter`.
pub fn measure(setup: &Setup, python: &str, root: &Path, filter: &str) -> anyhow::Result<Report> {
    let whole = "epoch".contains(filter);
    let mut child = Child::start(python, &root.join(PYTORCH), &root.join("data"))?;
    let mut pairs = pairs(setup, &child.variants);
    pairs.retain(|pair| pair.name(setup).contains(filter));
    ensure!(whole || !pairs.is_empty(), "nothing here has `{filter}` in its name: step, evaluation, epoch");
    in_rounds(setup, &mut pairs, &mut child)?;
    let mut report = report(setup, &pairs, &child.version);
    // It ends here: what it holds is free for the processes that follow.
    drop(child);
    if whole {
        whole::measure(setup, python, root, &mut report)?;
    }
    Ok(report)
}

/// Every pair once in each round.
fn in_rounds(setup: &Setup, pairs: &mut [Pair], child: &mut Child) -> anyhow::Result<()> {
    let mut trainer = Trainer::new(setup);
    let mut evaluation = Evaluation::new(setup)?;
    let rounds = setup.either(9, 2);
    for round in 1..=rounds {
        for pair in &mut *pairs {
            // An evaluation takes as long as dozens of steps.
            if pair.what == Work::Evaluation && round > setup.either(5, 1) {
                continue;
            }
            eprintln!("round {round} of {rounds}: {}", pair.name(setup));
            pair.round(setup, &mut trainer, &mut evaluation, child)?;
        }
    }
    Ok(())
}

/// The training step on all threads and on one, the evaluation on all, against each of their variants.
fn pairs(setup: &Setup, variants: &[String]) -> Vec<Pair> {
    let last = setup.pools.len() - 1;
    let steps = (0..=last).rev().map(|pool| (Work::Step, pool));
    let works = steps.chain([(Work::Evaluation, last)]);
    let pair = |(what, pool), variant: &String| {
        let (ours, theirs) = Default::default();
        Pair { what, pool, variant: variant.clone(), ours, theirs, their_batch: None }
    };
    works.flat_map(|work| variants.iter().map(move |variant| pair(work, variant))).collect()
}

impl Pair {
    fn name(&self, setup: &Setup) -> String {
        let what = match self.what {
            Work::Step => "training step",
            Work::Evaluation => "evaluation",
        };
        format!("{what}, {}, {}", threads(&setup.pools[self.pool]), self.variant)
    }

    /// Ours, then theirs.
    fn round(
        &mut self,
        setup: &Setup,
        trainer: &mut Trainer,
        evaluation: &mut Evaluation,
        child: &mut Child,
    ) -> anyhow::Result<()> {
        let pool = &setup.pools[self.pool];
        let (threads, variant) = (pool.current_num_threads(), &self.variant);
        match self.what {
            Work::Step => {
                let count = setup.either(10, 5);
                self.ours.push(trainer.seconds(pool, count)?);
                let answer = child.ask(&Request::Step { variant, threads, count })?;
                self.theirs.push(answer.seconds / count as f64);
            }
            Work::Evaluation => {
                self.ours.push(evaluation.evaluate());
                let answer = child.ask(&Request::Evaluate { variant, threads })?;
                self.theirs.push(answer.seconds);
                self.their_batch = answer.batch;
            }
        }
        Ok(())
    }
}

fn report(setup: &Setup, pairs: &[Pair], version: &str) -> Report {
    let mut report = Report::default();
    let mut rows = Vec::new();
    for pair in pairs {
        let what = match (pair.what, pair.their_batch) {
            (Work::Step, _) => format!("training step, batch {BATCH}"),
            (Work::Evaluation, Some(batch)) => format!("evaluation of 10,000, their batch {batch}"),
            (Work::Evaluation, None) => "evaluation of 10,000".to_owned(),
        };
        let ratios = pair.ours.ratios(&pair.theirs).summary();
        let (ours, theirs) = (pair.ours.summary(), pair.theirs.summary());
        let (pool, variant) = (threads(&setup.pools[pair.pool]), pair.variant.clone());
        rows.push(vec![
            what,
            pool,
            variant,
            ours.times(1e3).to_string(),
            theirs.times(1e3).to_string(),
            ratios.to_string(),
        ]);
        let name = pair.name(setup);
        report.metric(format!("{name}, ours"), "s", ours);
        report.metric(format!("{name}, theirs"), "s", theirs);
        report.metric(format!("{name}, ours / theirs"), "ratio", ratios);
    }
    report.tables.push(Table {
        title: format!("Against PyTorch {version}"),
        note: "The same network, images and rule on both sides, in turn. Ours is single precision; theirs too, but for \
               bf16. The ratio is the median of the pairs' ratios; below 1 ours is faster."
            .to_owned(),
        columns: vec!["what", "threads", "PyTorch", "ours, ms", "theirs, ms", "ours / theirs"],
        left: 3,
        rows,
    });
    report
}
