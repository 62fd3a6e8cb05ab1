//! `coursework grade`, and the processes that it begins.

use crate::draw::DrawArgs;
use crate::ending::Ending;
use crate::machine::{Folders, Machine};
use anyhow::Context as _;
use clap::Args;
use cnn::kernels::Isa;
use experiments::context::Context;
use experiments::registry::Experiment;
use experiments::request::Work;
use grading::cargo::Cargo;
use grading::drawn::DrawnInputs;
use grading::hand_in::{self, HandInSource};
use grading::isolated::{Graded, Grader, check_from};
use grading::manifest::Manifest;
use grading::rubric::Rubric;
use grading::submission::{self, Submission, Tree};
use grading::{export, sheet};
use indicatif::{ProgressBar, ProgressStyle};
use records::store;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(Clone, Debug, Args)]
pub(super) struct GradeArgs {
    /// Exit 0 only when every criterion that is worth points is met, whatever the rubric's pass mark
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
    #[arg(long, value_name = "FILE", default_value = crate::machine::RUBRIC)]
    rubric: PathBuf,
    /// The folder for the score files and, in `recomputed`, for the records
    #[arg(long, value_name = "FOLDER", default_value = "target/grade")]
    score: PathBuf,
    #[command(flatten)]
    pub(super) machine: Machine,
}

/// How many times as long as on the machine for which a draw is reckoned it may take.
const DRAW_LIMIT: f64 = 20.0;

/// One experiment or question, for `grade`.
#[derive(Clone, Debug, Args)]
pub(super) struct RecomputeArgs {
    #[arg(value_parser = work)]
    pub(super) work: Work,
}

fn work(text: &str) -> Result<Work, serde_json::Error> {
    serde_json::from_str(text)
}

/// One check, for `grade`.
#[derive(Clone, Debug, Args)]
pub(super) struct CheckArgs {
    criterion: String,
    #[arg(long)]
    from: PathBuf,
    #[arg(long)]
    rubric: PathBuf,
    #[arg(long, default_value = hand_in::FILE)]
    hand_in: PathBuf,
    /// Draws the inputs on which the crates were asked
    #[arg(long)]
    inputs: u64,
    #[arg(long, default_value = "auto")]
    isa: Isa,
}

pub(super) fn run(
    args: &GradeArgs,
    all: &[Experiment],
    context: &Context,
    results: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let rubric = Rubric::load(&args.rubric)?;
    let began = Instant::now();
    let root = std::env::current_dir()
        .context("the current folder cannot be found; change to the project's folder")?;
    let recomputed = emptied(args.score.join("recomputed"))?;
    let bar = spinner(context)?;
    let say = |step: &str| {
        bar.set_message(step.to_owned());
        if !std::io::stderr().is_terminal() {
            crate::say(step);
        }
    };
    let number = args.draw.number();
    let grader = grader(args, all, context, (&rubric, number))?;
    let (mut graded, manifest) = match &args.submission {
        None => {
            let cargo = Cargo { root: root.clone(), ..Cargo::default() };
            let own = grader(std::env::current_exe()?, cargo, results, &root, recomputed);
            (own.grade(&rubric, &say), Manifest::of(&root)?)
        }
        Some(folder) => {
            let submission = Submission::open(folder, &root)?;
            let tree = Tree::new(&root, &args.build, rubric.limits(rubric.build_limit_s))?;
            let results = tree.root().join("results");
            let of = |program, part: Option<String>| {
                let folder = part.map_or(recomputed.clone(), |part| recomputed.join(part));
                grader(program, tree.cargo().clone(), &results, tree.root(), folder)
            };
            submission::grade(&submission, &tree, &rubric, &of, &say)?
        }
    };
    graded.sheet = graded.sheet.without_records_of_nothing();
    bar.finish_and_clear();
    write_scores(args, &graded, &manifest, began.elapsed(), out)
}

fn spinner(context: &Context) -> anyhow::Result<ProgressBar> {
    let bar = context.bar("", 0);
    bar.set_style(ProgressStyle::with_template("{spinner} {msg} ({elapsed})")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    Ok(bar)
}

/// The folder, with nothing in it.
fn emptied(folder: PathBuf) -> anyhow::Result<PathBuf> {
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| {
            format!("cannot empty {}; name another folder with --score", folder.display())
        })?;
    }
    Ok(folder)
}

/// What makes a grader of the program that recomputes, the way tests are built, the submitted records, the folder at
/// whose top what was done in the pages is handed in, and the folder for what is recomputed. All of them compute the
/// same draw.
fn grader(
    args: &GradeArgs,
    all: &[Experiment],
    context: &Context,
    (rubric, number): (&Rubric, u64),
) -> anyhow::Result<impl Fn(PathBuf, Cargo, &Path, &Path, PathBuf) -> Grader> {
    let checker = std::env::current_exe()?;
    let draw = args.draw.draw(number);
    let graded: Vec<&Experiment> = all.iter().filter(|it| rubric.rests_on(it)).collect();
    let plan = DrawArgs::plan(draw.as_ref(), &graded);
    Ok(move |program, cargo, results: &Path, root: &Path, folder| Grader {
        program,
        checker: checker.clone(),
        cargo,
        folder,
        experiments: all.to_vec(),
        data: context.data_dir.clone(),
        results: results.to_owned(),
        hand_in: HandInSource {
            file: root.join(hand_in::FILE),
            data: context.data_dir.clone(),
            results: context.results_dir.clone(),
        },
        rubric: args.rubric.clone(),
        threads: rayon::current_num_threads(),
        isa: context.isa,
        plan: plan.clone(),
        inputs: number,
        draw: draw.map(|draw| DrawArgs::again(&draw)),
        draw_limit_s: draw.map_or(0.0, |draw| 60.0 * DRAW_LIMIT * draw.minutes),
    })
}

/// Writes the score files and prints the sheet.
fn write_scores(
    args: &GradeArgs,
    graded: &Graded,
    manifest: &Manifest,
    elapsed: Duration,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let score = &graded.sheet;
    for file in export::files(score, elapsed.as_secs_f64())? {
        store::write_atomically(args.score.join(file.name), file.content.as_bytes())?;
    }
    store::write_json(args.score.join("manifest.json"), manifest)?;
    store::write_json(args.score.join("coverage.json"), &graded.coverage)?;
    write!(out, "{}", sheet::text(score))?;
    for difference in graded.differences.iter().take(5) {
        let told = if args.show { difference.with_values() } else { difference.to_string() };
        writeln!(out, "differs: {told}")?;
    }
    writeln!(out, "score files in {}", args.score.display())?;
    Ok(if score.passes(args.strict) { Ending::Done } else { Ending::DidNotHold })
}

pub(super) fn check(
    args: &CheckArgs,
    all: &[Experiment],
    folders: &Folders,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let rubric = Rubric::load(&args.rubric)?;
    let criterion = rubric.criteria.iter().find(|criterion| criterion.id == args.criterion);
    let criterion = criterion
        .with_context(|| format!("{} has no criterion {}", args.rubric.display(), args.criterion))?;
    let inputs = DrawnInputs { seed: args.inputs, isa: args.isa };
    let verdict = check_from(&args.from, all, criterion, &folders.hand_in(&args.hand_in), &inputs)?;
    writeln!(out, "{}", serde_json::to_string(&verdict)?)?;
    Ok(Ending::Done)
}
