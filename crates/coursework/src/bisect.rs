//! `coursework verify --bisect`.

use crate::ending::Ending;
use crate::machine::threads;
use clap::Args;
use cnn::kernels::Isa;
use experiments::bisect::{Bisectable, Finding, Parting, Path, Paths};
use experiments::context::Context;
use experiments::registry::Experiment;
use std::io::Write;
use std::num::NonZeroUsize;

/// What to bisect.
#[derive(Clone, Debug, Args)]
pub(super) struct BisectArgs {
    /// Find where this run differs from its record, or from the same run on a second path of this machine: the
    /// first epoch, step, layer and tensor
    #[arg(
        long,
        value_name = "EXPERIMENT[/PART]",
        conflicts_with_all = ["experiments", "full", "spot_check", "minutes", "show"]
    )]
    bisect: Option<String>,
    /// Instruction set of the second path [default: scalar]; the two paths are then compared also if the record is
    /// equal
    #[arg(long, value_name = "NAME", requires = "bisect", conflicts_with = "experiments")]
    against_isa: Option<Isa>,
    /// Threads of the second path [default: 1]; the two paths are then compared also if the record is equal
    #[arg(long, value_name = "N", requires = "bisect", conflicts_with = "experiments", value_parser = threads)]
    against_threads: Option<NonZeroUsize>,
}

impl BisectArgs {
    /// The run to bisect, if there is one.
    pub(super) fn run(&self) -> Option<&str> {
        self.bisect.as_deref()
    }

    /// Whether a second path was given.
    fn compares_paths(&self) -> bool {
        self.against_isa.is_some() || self.against_threads.is_some()
    }

    /// The second path. By default it is scalar on one thread, or the fastest on all where that is the first path.
    fn second(&self, first: Path) -> Path {
        let default = Path { isa: Isa::Scalar, threads: 1 };
        if !self.compares_paths() && first == default {
            let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
            return Path { isa: Isa::detect(), threads };
        }
        let threads = self.against_threads.map_or(default.threads, NonZeroUsize::get);
        Path { isa: self.against_isa.unwrap_or(default.isa), threads }
    }
}

/// Bisects the run `id` of these experiments.
pub(super) fn run(
    args: &BisectArgs,
    id: &str,
    (all, table): (&[Experiment], &[Bisectable]),
    context: &Context,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let first = Path { isa: context.isa, threads: rayon::current_num_threads() };
    let paths = [first, args.second(first)];
    let opened = Bisectable::select(table, all, id, context)?;
    writeln!(out, "{id}\npath 1: {first}")?;
    let finding = opened.bisect(paths, args.compares_paths(), context)?;
    say_record(&finding, out)?;
    if !matches!(finding.paths, Paths::NotCompared | Paths::OnlyOne) {
        let again = if paths[0] == paths[1] { " (the same once more)" } else { "" };
        writeln!(out, "path 2: {}{again}", paths[1])?;
    }
    say_paths(&finding, out)?;
    Ok(if finding.is_equal() { Ending::Done } else { Ending::DidNotHold })
}

/// How path 1 and the record compare.
fn say_record(finding: &Finding, out: &mut dyn Write) -> std::io::Result<()> {
    let Some(difference) = &finding.record else {
        return writeln!(out, "record: equal in every epoch ({})", finding.epochs);
    };
    let before = match difference.epoch {
        1 => String::new(),
        2 => "; epoch 1 is equal".to_owned(),
        epoch => format!("; epochs 1 to {} are equal", epoch - 1),
    };
    writeln!(out, "record: epoch {} is the first that differs{before}", difference.epoch)?;
    writeln!(out, "  {}", difference.what)?;
    writeln!(out, "    record  {}\n    path 1  {}", difference.recorded, difference.recomputed)
}

/// How the two paths compare.
fn say_paths(finding: &Finding, out: &mut dyn Write) -> std::io::Result<()> {
    let within =
        if finding.record.is_some() { format!(" of epoch {}", finding.epochs) } else { String::new() };
    match &finding.paths {
        Paths::NotCompared => {
            writeln!(out, "paths: not compared; --against-isa or --against-threads compares them")
        }
        Paths::OnlyOne => writeln!(
            out,
            "paths: mlp-scratch computes in one way only, and is bisected to the epoch and no further"
        ),
        Paths::Agree { steps } if finding.record.is_none() => {
            writeln!(out, "paths: every tensor of all {steps} steps is equal")
        }
        Paths::Agree { steps } => writeln!(
            out,
            "paths: both paths of this machine agree in every tensor of the {steps} steps{within}: \
             the record was made by other code, other data or was edited"
        ),
        Paths::NotRepeated { second } => writeln!(
            out,
            "paths: equal, but path 1 gave another value the second time: this machine does not compute reliably; \
             test its memory\n  {}\n    second  {}",
            second.what, second.value
        ),
        Paths::Part(parting) => say_parting(parting, out),
    }
}

/// Where the paths part.
fn say_parting(Parting { place, difference }: &Parting, out: &mut dyn Write) -> std::io::Result<()> {
    let sizes = difference.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    let numbers: usize = difference.shape.iter().product();
    writeln!(out, "paths: {place} is the first that differs")?;
    writeln!(out, "  first tensor: {}, of shape ({sizes})", difference.name)?;
    writeln!(
        out,
        "  first number: index {}; {} of {numbers} numbers differ",
        difference.index, difference.differing
    )?;
    let [first, second] = difference.values;
    writeln!(out, "    path 1  {first}\n    path 2  {second}")
}

#[cfg(test)]
mod tests;
