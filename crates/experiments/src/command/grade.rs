//! `coursework grade`.

use super::{Ending, Machine};
use crate::context::Context;
use crate::grade::rubric::Rubric;
use crate::grade::{self, export, sheet};
use crate::store;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Clone, Debug, Args)]
pub(super) struct GradeArgs {
    /// Exit 0 only when every criterion is met, whatever the rubric's pass mark
    #[arg(long)]
    strict: bool,
    /// What is graded
    #[arg(long, value_name = "FILE", default_value = "rubric.toml")]
    rubric: PathBuf,
    /// The folder for the score files
    #[arg(long, value_name = "FOLDER", default_value = "score")]
    score: PathBuf,
    #[command(flatten)]
    pub(super) machine: Machine,
}

pub(super) fn run(
    args: &GradeArgs,
    context: &Context,
    results: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let rubric = Rubric::load(&args.rubric)?;
    let began = Instant::now();
    let (score, recomputed) = grade::grade(context, results, &rubric);
    for file in export::files(&score, began.elapsed().as_secs_f64()) {
        store::write_atomically(args.score.join(file.name), file.content.as_bytes())?;
    }
    write!(out, "{}", sheet::text(&score))?;
    for difference in recomputed.differences.iter().take(5) {
        writeln!(out, "differs: {difference}")?;
    }
    writeln!(out, "score files in {}", args.score.display())?;
    Ok(if score.passes(args.strict) { Ending::Done } else { Ending::DidNotHold })
}
