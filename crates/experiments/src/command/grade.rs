//! `coursework grade`, and the processes that it begins.

use super::{Ending, Machine};
use crate::context::Context;
use crate::grade::isolated::{Grader, check_from, recompute_into};
use crate::grade::manifest::Manifest;
use crate::grade::rubric::Rubric;
use crate::grade::{export, sheet};
use crate::registry::Experiment;
use crate::store;
use crate::study::Depth;
use anyhow::Context as _;
use clap::Args;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(Clone, Debug, Args)]
pub(super) struct GradeArgs {
    /// Exit 0 only when every criterion is met, whatever the rubric's pass mark
    #[arg(long)]
    strict: bool,
    /// Compute the long studies in full, not only the beginning of each of their parts
    #[arg(long)]
    full: bool,
    /// What is graded
    #[arg(long, value_name = "FILE", default_value = super::RUBRIC)]
    rubric: PathBuf,
    /// The folder for the score files and, in `recomputed`, for the records
    #[arg(long, value_name = "FOLDER", default_value = "target/grade")]
    score: PathBuf,
    #[command(flatten)]
    pub(super) machine: Machine,
}

/// One experiment, for `grade`.
#[derive(Clone, Debug, Args)]
pub(super) struct RecomputeArgs {
    experiment: String,
    #[arg(long)]
    into: PathBuf,
    #[arg(long)]
    full: bool,
    #[arg(long)]
    rubric: PathBuf,
    #[command(flatten)]
    pub(super) machine: Machine,
}

/// One check, for `grade`.
#[derive(Clone, Debug, Args)]
pub(super) struct CheckArgs {
    criterion: String,
    #[arg(long)]
    from: PathBuf,
    #[arg(long)]
    full: bool,
    #[arg(long)]
    rubric: PathBuf,
    #[command(flatten)]
    pub(super) machine: Machine,
}

fn depth(full: bool) -> Depth {
    if full { Depth::Full } else { Depth::Beginning }
}

pub(super) fn run(
    args: &GradeArgs,
    context: &Context,
    results: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let rubric = Rubric::load(&args.rubric)?;
    let began = Instant::now();
    let root = std::env::current_dir().context("the folder in which this runs is not there")?;
    let folder = args.score.join("recomputed");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let text = |path: &Path| path.display().to_string();
    let mut options =
        vec!["--data".to_owned(), text(&context.data_dir), "--results".to_owned(), text(results)];
    options.extend(["--rubric".to_owned(), text(&args.rubric)]);
    options.extend(["--threads".to_owned(), rayon::current_num_threads().to_string()]);
    options.extend(["--isa".to_owned(), context.isa.name().to_owned()]);
    options.extend(args.full.then(|| "--full".to_owned()));
    let grader = Grader { program: std::env::current_exe()?, root: root.clone(), folder, options };

    let bar = context.bar("", 0);
    bar.set_style(indicatif::ProgressStyle::with_template("{spinner} {msg} ({elapsed})")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let graded = grader.grade(&rubric, &|step| {
        bar.set_message(step.to_owned());
        if !std::io::stderr().is_terminal() {
            eprintln!("{step}");
        }
    });
    bar.finish_and_clear();

    let score = &graded.sheet;
    for file in export::files(score, began.elapsed().as_secs_f64())? {
        store::write_atomically(args.score.join(file.name), file.content.as_bytes())?;
    }
    store::write_json(args.score.join("manifest.json"), &Manifest::of(&root)?)?;
    write!(out, "{}", sheet::text(score))?;
    for difference in graded.differences.iter().take(5) {
        writeln!(out, "differs: {difference}")?;
    }
    writeln!(out, "score files in {}", args.score.display())?;
    Ok(if score.passes(args.strict) { Ending::Done } else { Ending::DidNotHold })
}

pub(super) fn recompute(args: &RecomputeArgs, context: &Context, results: &Path) -> anyhow::Result<Ending> {
    let context = Context {
        depth: depth(args.full),
        rubric: args.rubric.clone(),
        show_progress: false,
        ..context.clone()
    };
    for experiment in Experiment::select(std::slice::from_ref(&args.experiment))? {
        recompute_into(&args.into, &context, results, experiment)?;
    }
    Ok(Ending::Done)
}

pub(super) fn check(args: &CheckArgs, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let rubric = Rubric::load(&args.rubric)?;
    let criterion = rubric.criteria.iter().find(|criterion| criterion.id == args.criterion);
    let criterion = criterion.with_context(|| format!("the rubric has no criterion {}", args.criterion))?;
    let context = Context { depth: depth(args.full), show_progress: false, ..context.clone() };
    writeln!(out, "{}", serde_json::to_string(&check_from(&args.from, &context, criterion)?)?)?;
    Ok(Ending::Done)
}
