//! `coursework run`, `coursework merge` and `coursework verify`.

use crate::all::all;
use crate::bisect;
use crate::draw::{DrawArgs, Wanted};
use crate::ending::Ending;
use crate::machine::Machine;
use clap::Args;
use experiments::bisect::BISECTABLE;
use experiments::context::Context;
use experiments::registry::Experiment;
use experiments::shard::{self, Shard, ShardError};
use experiments::study::Study;
use experiments::unfinished;
use experiments::verify::{Extent, coverage};
use experiments::verify::{Recomputed, recompute};
use records::store;
use records::{Artifact, Records};
use std::io::Write;
use std::path::Path;

#[derive(Clone, Debug, Args)]
#[command(after_help = experiments_help())]
pub(super) struct RunArgs {
    /// Which experiments [default: all]
    #[arg(value_name = "EXPERIMENT")]
    experiments: Vec<String>,
    /// Compute only shard I of N of the parts of each experiment; `merge` joins them
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    #[command(flatten)]
    pub(super) machine: Machine,
}

#[derive(Clone, Debug, Args)]
#[command(after_help = experiments_help())]
pub(super) struct MergeArgs {
    /// Which experiments [default: all of which there are shards]
    #[arg(value_name = "EXPERIMENT")]
    experiments: Vec<String>,
}

#[derive(Clone, Debug, Args)]
#[command(after_help = experiments_help())]
pub(super) struct VerifyArgs {
    /// Which experiments [default: all]
    #[arg(value_name = "EXPERIMENT")]
    experiments: Vec<String>,
    #[command(flatten)]
    draw: DrawArgs,
    /// Tell the recomputed value of each difference
    #[arg(long)]
    show: bool,
    #[command(flatten)]
    bisect: bisect::BisectArgs,
    #[command(flatten)]
    pub(super) machine: Machine,
}

/// How many differences are listed.
const LISTED: usize = 20;

fn experiments_help() -> String {
    let line = |experiment: &Experiment| format!("  {:<12} {}", experiment.id, experiment.question);
    format!("Experiments:\n{}", all().iter().map(line).collect::<Vec<_>>().join("\n"))
}

pub(super) fn run(
    args: &RunArgs,
    all: &[Experiment],
    context: &Context,
    results: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let chosen = Experiment::select(all, &args.experiments)?;
    let context = &Context { unfinished: Some(results.join(unfinished::FOLDER)), ..context.clone() };
    if let Some(shard) = args.shard {
        for (experiment, study) in studies(&chosen, all, !args.experiments.is_empty())? {
            write(results, experiment.id, &shard::compute(experiment, study, shard, context)?, out)?;
            unfinished::forget(context, &shard.label(experiment.id));
        }
        return Ok(Ending::Done);
    }
    // Before anything is computed: what cannot be written is not worth the hours.
    for file in chosen.iter().flat_map(|experiment| experiment.files) {
        store::check_writable(results.join(file))?;
    }
    let mut records = Records::default();
    for experiment in chosen {
        for artifact in experiment.run(context, &mut records)? {
            write(results, experiment.id, &artifact, out)?;
        }
        unfinished::forget(context, experiment.id);
    }
    Ok(Ending::Done)
}

pub(super) fn merge(
    args: &MergeArgs,
    all: &[Experiment],
    results: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let chosen = Experiment::select(all, &args.experiments)?;
    let named = !args.experiments.is_empty();
    let none = |experiment: &str| ShardError::None {
        experiment: experiment.to_owned(),
        folder: results.join(shard::FOLDER),
    };
    // Everything is merged before anything is written.
    let mut merged = Vec::new();
    for (experiment, study) in studies(&chosen, all, named)? {
        let shards = shard::find(results, experiment.id)?;
        if named || !shards.is_empty() {
            let shards = Some(shards).filter(|it| !it.is_empty()).ok_or_else(|| none(experiment.id))?;
            let artifacts = shard::merge(experiment, study, &shards)?;
            merged.push((experiment.id, artifacts));
        }
    }
    if merged.is_empty() {
        return Err(none("any experiment").into());
    }
    for (id, artifacts) in merged {
        for artifact in artifacts {
            write(results, id, &artifact, out)?;
        }
    }
    Ok(Ending::Done)
}

/// The chosen experiments that have parts; one that has none is refused if it was `named`.
fn studies<'a>(
    chosen: &[&'a Experiment],
    all: &[Experiment],
    named: bool,
) -> Result<Vec<(&'a Experiment, &'a Study)>, ShardError> {
    let found = chosen.iter().map(|experiment| Ok((*experiment, shard::study(experiment, all)?)));
    found.filter(|study| named || study.is_ok()).collect()
}

fn write(results: &Path, id: &str, artifact: &Artifact, out: &mut dyn Write) -> anyhow::Result<()> {
    let path = results.join(&artifact.name);
    store::write_atomically(&path, &artifact.bytes)?;
    writeln!(out, "{id}: wrote {}", path.display())?;
    Ok(())
}

pub(super) fn verify(
    args: &VerifyArgs,
    all: &[Experiment],
    context: &Context,
    results: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    if let Some(run) = args.bisect.run() {
        return bisect::run(&args.bisect, run, (all, &BISECTABLE), context, out);
    }
    let chosen = Experiment::select(all, &args.experiments)?;
    let Wanted { plan, again, .. } = args.draw.wanted(args.draw.number(), &chosen);
    let recomputed = recompute(context, results, &chosen, &plan);
    list(&recomputed, args.show, out)?;
    let is_sample = recomputed.coverage.iter().any(|of| matches!(of.extent, Extent::Sampled { .. }));
    let again = again.filter(|_| is_sample);
    let (failed, found) = (recomputed.failures.len(), recomputed.differences.len());
    if failed == 0 && found == 0 {
        writeln!(out, "{}", coverage::summary(&recomputed.coverage, again.as_deref()))?;
        return Ok(Ending::Done);
    }
    if failed > 0 {
        writeln!(out, "{} could not be checked", coverage::counted(failed, "experiment"))?;
    }
    let again = again.map_or(String::new(), |again| format!("; the parts were drawn by {again}"));
    let checked = recomputed.coverage.len();
    if checked > 0 {
        let (differences, records) =
            (coverage::counted(found, "difference"), coverage::counted(checked, "record"));
        writeln!(out, "{differences} in {records}{again}")?;
    }
    Ok(Ending::DidNotHold)
}

/// What could not be computed, what differs, and what was computed.
fn list(recomputed: &Recomputed, show: bool, out: &mut dyn Write) -> std::io::Result<()> {
    for (experiment, why) in &recomputed.failures {
        writeln!(out, "{experiment}: not recomputed: {why}")?;
    }
    // Somebody who asks for the values wants all of them.
    let listed = if show { usize::MAX } else { LISTED };
    for difference in recomputed.differences.iter().take(listed) {
        let told = if show { difference.with_values() } else { difference.to_string() };
        writeln!(out, "{told}")?;
    }
    let found = recomputed.differences.len();
    if found > listed {
        writeln!(out, "and {} more", found - listed)?;
    }
    for of in &recomputed.coverage {
        writeln!(out, "{}", of.line())?;
    }
    Ok(())
}
