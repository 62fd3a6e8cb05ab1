//! `coursework backward`: the check of eight lines of back-propagation, as the page of P2.1 shows them.

use clap::Args;
use faults::lines::LINES;
use faults::puzzle::{Chosen, Puzzle};
use faults::record::CheckRecord;
use std::io::Write;

#[derive(Clone, Debug, Args)]
pub(super) struct BackwardArgs {
    /// Which fault is planted, and in which order the formulas of each line are shown
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// The place of the formula in each of the eight lines, from 0, in that order [default: as planted]
    #[arg(long, value_name = "PLACES")]
    lines: Option<String>,
    /// Print JSON: the lines, and of each parameter what they claim and the central differences
    #[arg(long)]
    json: bool,
}

/// Lines that no puzzle has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "--lines {text:?} does not choose a formula in each of the {} lines; give a digit for each, below {}",
    LINES.len(),
    LINES.map(|line| line.formulas.len().to_string()).join(", ")
)]
struct LinesError {
    text: String,
}

impl BackwardArgs {
    fn chosen(&self) -> Result<Chosen, LinesError> {
        let puzzle = Puzzle::of_seed(self.seed);
        match &self.lines {
            None => Ok(puzzle.planted()),
            Some(text) => puzzle.read(text).ok_or_else(|| LinesError { text: text.clone() }),
        }
    }
}

pub(super) fn run(args: &BackwardArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let record = CheckRecord::of(args.chosen()?)?;
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&record)?)?;
        return Ok(());
    }
    for line in &record.lines {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    for parameter in &record.parameters {
        let verdict = if parameter.is_refused { "refused" } else { "passes" };
        writeln!(out, "{:4} {verdict}", parameter.name)?;
    }
    Ok(())
}
