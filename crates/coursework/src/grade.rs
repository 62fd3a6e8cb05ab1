//! `coursework grade`, and the processes that it begins.

use crate::course;
use crate::draw::Wanted;
use crate::ending::Ending;
use crate::grade_args::GradeArgs;
use crate::machine::Folders;
use anyhow::Context as _;
use clap::Args;
use cnn::kernels::Isa;
use experiments::context::Context;
use experiments::registry::Experiment;
use experiments::request::Work;
use experiments::verify::Difference;
use grading::cargo::Cargo;
use grading::drawn::DrawnInputs;
use grading::foreign::{self, inert};
use grading::hand_in::{self, HandInSource};
use grading::isolated::{Graded, Grader, check_from};
use grading::manifest::Manifest;
use grading::rubric::Rubric;
use grading::submission::{self, Submission, SubmissionError, Tree};
use grading::walls::{self, Walls};
use grading::{ScoreSheet, export, sheet};
use indicatif::{ProgressBar, ProgressStyle};
use records::store;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What was graded, and how much of each record: written when grading has ended.
const MANIFEST: &str = "manifest.json";
const COVERAGE: &str = "coverage.json";

/// How many differences are printed.
const SHOWN: usize = 5;

/// The longest limit, a year in seconds.
const LONGEST: f64 = 365.0 * 86_400.0;

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
    /// The submitted records, for the parts that were not computed again
    #[arg(long)]
    submitted: PathBuf,
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
    if let Some(folder) = &args.submissions {
        return course::run(args, (folder, &context.data_dir), args.draw.number(), out);
    }
    if args.ends_with_its_caller {
        grading::limits::end_with_the_caller();
    }
    let began = Instant::now();
    clear(&args.score)?;
    let unended = ScoreSheet::without_points(&rubric, "grading has not ended");
    write_score_files(&args.score, &unended, Duration::ZERO)?;
    match graded(args, all, context, results, &rubric) {
        Ok((graded, manifest)) => {
            write_score_files(&args.score, &graded.sheet, began.elapsed())?;
            store::write_json(args.score.join(MANIFEST), &manifest)?;
            store::write_json(args.score.join(COVERAGE), &graded.coverage)?;
            tell(args, &graded.sheet, &graded.differences, out)?;
            Ok(if graded.sheet.passes(args.strict) { Ending::Done } else { Ending::DidNotHold })
        }
        Err(error) => {
            let score = ScoreSheet::without_points(&rubric, &error.to_string());
            write_score_files(&args.score, &score, began.elapsed())?;
            // What was handed in is the student's, and all else the grader's.
            let Some(SubmissionError::Empty { folder }) = error.downcast_ref() else { return Err(error) };
            store::write_json(args.score.join(MANIFEST), &Manifest::of(folder)?)?;
            tell(args, &score, &[], out)?;
            Ok(Ending::DidNotHold)
        }
    }
}

/// Whatever happens from here on, no old score stands, and what is written in the end can be.
fn clear(score: &Path) -> Result<(), store::StoreError> {
    for name in [MANIFEST, COVERAGE] {
        let _ = std::fs::remove_file(score.join(name));
        store::check_writable(score.join(name))?;
    }
    Ok(())
}

/// Prints the sheet, the first differences, and where the score files are.
fn tell(
    args: &GradeArgs,
    score: &ScoreSheet,
    differences: &[Difference],
    out: &mut dyn Write,
) -> std::io::Result<()> {
    write!(out, "{}", sheet::text(score))?;
    for difference in differences.iter().take(SHOWN) {
        let told = if args.show { difference.with_values() } else { difference.to_string() };
        writeln!(out, "differs: {}", inert(&told, foreign::LONGEST))?;
    }
    writeln!(out, "score files in {}", args.score.display())
}

/// Grades this folder or a submission.
fn graded(
    args: &GradeArgs,
    all: &[Experiment],
    context: &Context,
    results: &Path,
    rubric: &Rubric,
) -> anyhow::Result<(Graded, Manifest)> {
    let root = std::env::current_dir()
        .context("the current folder cannot be found; change to the project's folder")?;
    let recomputed = emptied(args.score.join("recomputed"))?;
    let alone = emptied(args.score.join("recomputed-alone"))?;
    let bar = spinner(context)?;
    let say = |step: &str| {
        bar.set_message(step.to_owned());
        if !std::io::stderr().is_terminal() {
            crate::say(step);
        }
    };
    let grader = grader(args, all, context, (rubric, args.draw.number()))?;
    let (mut graded, manifest) = match &args.submission {
        None => {
            let cargo = Cargo { root: root.clone(), ..Cargo::default() };
            let (program, folder) = (std::env::current_exe()?, recomputed);
            let own = grader(Judged { program, walls: None, cargo, results, root: &root, folder });
            (own.grade(rubric, &say), Manifest::of(&root)?)
        }
        Some(folder) => {
            let data = &context.data_dir;
            strangers(args, (rubric, folder, &root), (&recomputed, &alone, data), &grader, &say)?
        }
    };
    graded.sheet = graded.sheet.settled();
    bar.finish_and_clear();
    Ok((graded, manifest))
}

/// Grades a submission in a tree of its own, within walls unless they are not wanted.
fn strangers(
    args: &GradeArgs,
    (rubric, folder, root): (&Rubric, &Path, &Path),
    (recomputed, alone, data): (&Path, &Path, &Path),
    grader: &dyn Fn(Judged) -> Grader,
    say: &dyn Fn(&str),
) -> anyhow::Result<(Graded, Manifest)> {
    let submission = Submission::open(folder, root)?;
    let helper = if args.confine { Some(std::env::current_exe()?) } else { None };
    let limits = rubric.limits(rubric.build_limit_s);
    let tree = Tree::new(root, &args.build, limits, helper.as_deref())?;
    let tree = if args.draw.leaves_studies_out() { tree } else { tree.with_studies() };
    grading::limits::adopt();
    let results = tree.root().join("results");
    let of = |program: PathBuf, part: Option<String>| {
        // Beside the first, into which a student's code wrote: below it there might be a link in the folder's place.
        let folder = part.map_or(recomputed.to_owned(), |part| alone.join(part));
        let walls = helper.as_deref().map(|helper| Walls::around_run(helper, &[&program, data], &folder));
        let (cargo, root) = (tree.cargo().clone(), tree.root());
        grader(Judged { program, walls, cargo, results: &results, root, folder })
    };
    let (mut graded, manifest) = submission::grade(&submission, &tree, rubric, &of, say)?;
    let none = "no walls were around its processes, as was asked for".to_owned();
    graded.sheet.notes.push(if args.confine { walls::sentence() } else { none });
    Ok((graded, manifest))
}

/// What is judged.
struct Judged<'a> {
    /// The program that recomputes, and the walls around it.
    program: PathBuf,
    walls: Option<Walls>,
    /// How its tests are built.
    cargo: Cargo,
    /// The submitted records.
    results: &'a Path,
    /// The folder at whose top lies what was done in the pages.
    root: &'a Path,
    /// The folder for what is recomputed.
    folder: PathBuf,
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

/// What makes a grader of what is judged. All of them compute the same draw.
fn grader(
    args: &GradeArgs,
    all: &[Experiment],
    context: &Context,
    (rubric, number): (&Rubric, u64),
) -> anyhow::Result<impl Fn(Judged) -> Grader> {
    let checker = std::env::current_exe()?;
    let graded: Vec<&Experiment> = all.iter().filter(|it| rubric.rests_on(it)).collect();
    let Wanted { plan, minutes, again } = match args.submission {
        Some(_) => args.draw.of_a_submission(number, &graded),
        None => args.draw.wanted(number, &graded),
    };
    let total = minutes.map(|minutes| rubric.total_limit_s + 60.0 * DRAW_LIMIT * minutes);
    let until = total.map(|seconds| Instant::now() + Duration::from_secs_f64(seconds.min(LONGEST)));
    Ok(move |Judged { program, walls, cargo, results, root, folder }: Judged| Grader {
        program,
        walls,
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
        draw: again.clone(),
        until,
        draw_limit_s: 60.0 * DRAW_LIMIT * minutes.unwrap_or(0.0),
    })
}

/// Writes the files that graders' tools read.
fn write_score_files(folder: &Path, score: &ScoreSheet, elapsed: Duration) -> anyhow::Result<()> {
    for file in export::files(score, elapsed.as_secs_f64())? {
        store::write_atomically(folder.join(file.name), file.content.as_bytes())?;
    }
    Ok(())
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
    let verdict =
        check_from((&args.from, &args.submitted), all, criterion, &folders.hand_in(&args.hand_in), &inputs)?;
    writeln!(out, "{}", serde_json::to_string(&verdict)?)?;
    Ok(Ending::Done)
}
