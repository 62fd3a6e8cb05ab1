//! `coursework run` and `coursework verify`.

use super::{Ending, Machine};
use crate::context::Context;
use crate::grade::recompute;
use crate::registry::{EXPERIMENTS, Experiment, Records};
use crate::store;
use crate::study::Depth;
use clap::Args;
use std::io::Write;
use std::path::Path;

#[derive(Clone, Debug, Args)]
#[command(after_help = experiments_help())]
pub(super) struct RunArgs {
    /// Which experiments [default: all]
    #[arg(value_name = "EXPERIMENT")]
    experiments: Vec<String>,
    #[command(flatten)]
    pub(super) machine: Machine,
}

#[derive(Clone, Debug, Args)]
#[command(after_help = experiments_help())]
pub(super) struct VerifyArgs {
    /// Which experiments [default: all]
    #[arg(value_name = "EXPERIMENT")]
    experiments: Vec<String>,
    /// Compute the long studies in full, not only the beginning of each of their parts
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    pub(super) machine: Machine,
}

/// How many differences are listed.
const LISTED: usize = 20;

fn experiments_help() -> String {
    let line = |experiment: &Experiment| format!("  {:<12} {}", experiment.id, experiment.question);
    format!("Experiments:\n{}", EXPERIMENTS.iter().map(line).collect::<Vec<_>>().join("\n"))
}

pub(super) fn run(
    args: &RunArgs,
    context: &Context,
    results: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let mut records = Records::default();
    for experiment in Experiment::select(&args.experiments)? {
        for artifact in experiment.run(context, &mut records)? {
            let path = results.join(&artifact.name);
            store::write_atomically(&path, &artifact.bytes)?;
            writeln!(out, "{}: wrote {}", experiment.id, path.display())?;
        }
    }
    Ok(Ending::Done)
}

pub(super) fn verify(
    args: &VerifyArgs,
    context: &Context,
    results: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let depth = if args.full { Depth::Full } else { Depth::Beginning };
    let context = Context { depth, ..context.clone() };
    let recomputed = recompute(&context, results, &Experiment::select(&args.experiments)?);
    for (experiment, why) in &recomputed.failures {
        writeln!(out, "{experiment}: not recomputed: {why}")?;
    }
    for difference in recomputed.differences.iter().take(LISTED) {
        writeln!(out, "{difference}")?;
    }
    let found = recomputed.differences.len();
    if found > LISTED {
        writeln!(out, "and {} more", found - LISTED)?;
    }
    if recomputed.failures.is_empty() && found == 0 {
        writeln!(
            out,
            "{} files recomputed, each equal to the submitted one to the last bit",
            recomputed.compared
        )?;
        return Ok(Ending::Done);
    }
    writeln!(out, "{found} differences in {} files", recomputed.compared)?;
    Ok(Ending::DidNotHold)
}
