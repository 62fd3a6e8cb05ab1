//! `coursework grade`, and the processes that it begins.

use super::draw::DrawArgs;
use super::{Ending, Machine};
use crate::context::Context;
use crate::grade::cargo::Cargo;
use crate::grade::isolated::{Grader, check_from, piece_into, recompute_into};
use crate::grade::manifest::Manifest;
use crate::grade::rubric::Rubric;
use crate::grade::submission::{self, Submission, Tree};
use crate::grade::{export, sheet};
use crate::registry::{EXPERIMENTS, Experiment};
use crate::store;
use crate::study::draw::Plan;
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
    #[command(flatten)]
    draw: DrawArgs,
    /// Tell the recomputed value of each difference
    #[arg(long)]
    show: bool,
    /// Grade somebody else's crates and records, with the tests, the rubric and everything else of this folder
    #[arg(long, value_name = "FOLDER")]
    submission: Option<PathBuf>,
    /// Where a submission is put together and built; one at a time
    #[arg(long, value_name = "FOLDER", default_value = "target/submission")]
    build: PathBuf,
    /// What is graded
    #[arg(long, value_name = "FILE", default_value = super::RUBRIC)]
    rubric: PathBuf,
    /// The folder for the score files and, in `recomputed`, for the records
    #[arg(long, value_name = "FOLDER", default_value = "target/grade")]
    score: PathBuf,
    #[command(flatten)]
    pub(super) machine: Machine,
}

/// How many times as long as on the machine for which a draw is reckoned it may take.
const DRAW_LIMIT: f64 = 20.0;

/// One experiment, for `grade`.
#[derive(Clone, Debug, Args)]
pub(super) struct RecomputeArgs {
    experiment: String,
    #[arg(long)]
    into: PathBuf,
    /// The parts of a long study that are computed, with commas between them; all of it if not given
    #[arg(long)]
    parts: Option<String>,
    #[arg(long)]
    piece: Option<String>,
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
    rubric: PathBuf,
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
    let root = std::env::current_dir().context("the folder in which this runs is not there")?;
    let recomputed = args.score.join("recomputed");
    if recomputed.exists() {
        std::fs::remove_dir_all(&recomputed)
            .with_context(|| format!("cannot empty {}", recomputed.display()))?;
    }
    let bar = context.bar("", 0);
    bar.set_style(indicatif::ProgressStyle::with_template("{spinner} {msg} ({elapsed})")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let say = |step: &str| {
        bar.set_message(step.to_owned());
        if !std::io::stderr().is_terminal() {
            eprintln!("{step}");
        }
    };
    let checker = std::env::current_exe()?;
    let draw = args.draw.draw();
    let graded: Vec<&Experiment> = EXPERIMENTS.iter().filter(|it| rubric.rests_on(it)).collect();
    let plan = DrawArgs::plan(draw.as_ref(), &graded);
    let grader = |program: PathBuf, cargo: Cargo, results: &Path, folder: PathBuf| Grader {
        program,
        checker: checker.clone(),
        cargo,
        folder,
        options: options(args, context, results),
        plan: plan.clone(),
        draw: draw.map(|draw| DrawArgs::again(&draw)),
        draw_limit_s: draw.map_or(0.0, |draw| 60.0 * DRAW_LIMIT * draw.minutes),
    };
    let (graded, manifest) = match &args.submission {
        None => {
            let cargo = Cargo { root: root.clone(), ..Cargo::default() };
            (grader(checker.clone(), cargo, results, recomputed).grade(&rubric, &say), Manifest::of(&root)?)
        }
        Some(folder) => {
            let submission = Submission::open(folder, &root)?;
            let tree = Tree::new(&root, &args.build, rubric.limits(rubric.build_limit_s))?;
            let results = tree.root().join("results");
            let of = |program, part: Option<String>| {
                let folder = part.map_or(recomputed.clone(), |part| recomputed.join(part));
                grader(program, tree.cargo().clone(), &results, folder)
            };
            submission::grade(&submission, &tree, &rubric, &of, &say)?
        }
    };
    bar.finish_and_clear();

    let score = &graded.sheet;
    for file in export::files(score, began.elapsed().as_secs_f64())? {
        store::write_atomically(args.score.join(file.name), file.content.as_bytes())?;
    }
    store::write_json(args.score.join("manifest.json"), &manifest)?;
    store::write_json(args.score.join("coverage.json"), &graded.coverage)?;
    write!(out, "{}", sheet::text(score))?;
    for difference in graded.differences.iter().take(5) {
        let told = if args.show { difference.with_values() } else { difference.to_string() };
        writeln!(out, "differs: {told}")?;
    }
    writeln!(out, "score files in {}", args.score.display())?;
    Ok(if score.passes(args.strict) { Ending::Done } else { Ending::DidNotHold })
}

/// The options that every process gets.
fn options(args: &GradeArgs, context: &Context, results: &Path) -> Vec<String> {
    let text = |path: &Path| path.display().to_string();
    let pairs = [
        ("--data", text(&context.data_dir)),
        ("--results", text(results)),
        ("--rubric", text(&args.rubric)),
        ("--threads", rayon::current_num_threads().to_string()),
        ("--isa", context.isa.name().to_owned()),
    ];
    pairs.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
}

pub(super) fn recompute(args: &RecomputeArgs, context: &Context, results: &Path) -> anyhow::Result<Ending> {
    let context = Context { rubric: args.rubric.clone(), show_progress: false, ..context.clone() };
    if let Some(name) = &args.piece {
        piece_into(&args.into, &context, name)?;
        return Ok(Ending::Done);
    }
    for experiment in Experiment::select(std::slice::from_ref(&args.experiment))? {
        let parts =
            args.parts.as_ref().map(|parts| parts.split(',').filter(|id| !id.is_empty()).map(str::to_owned));
        let plan = parts.map_or_else(Plan::full, |parts| Plan::of_parts(experiment.id, parts.collect()));
        recompute_into(&args.into, &context, results, experiment, &plan)?;
    }
    Ok(Ending::Done)
}

pub(super) fn check(args: &CheckArgs, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let rubric = Rubric::load(&args.rubric)?;
    let criterion = rubric.criteria.iter().find(|criterion| criterion.id == args.criterion);
    let criterion = criterion.with_context(|| format!("the rubric has no criterion {}", args.criterion))?;
    writeln!(out, "{}", serde_json::to_string(&check_from(&args.from, criterion)?)?)?;
    Ok(Ending::Done)
}
