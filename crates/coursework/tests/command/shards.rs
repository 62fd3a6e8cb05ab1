//! Shards as scripts compute them: the lines of the book, with a study that takes no time.

use clap::Parser;
use coursework::Cli;
use experiments::context::Context;
use experiments::registry::{Computed, Experiment};
use experiments::study::ExperimentError;
use experiments::study::{FileLayout, Part, Progress, Study};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

fn parts() -> Vec<Part> {
    (0..21).map(|seed| Part { id: format!("seed-{seed}"), work: 1 }).collect()
}

fn compute(_: &Context, part: &Part, progress: Progress) -> Result<Value, ExperimentError> {
    progress(part.work);
    Ok(json!({ "id": part.id, "share": 0.1_f64.powi(part.id.len() as i32) }))
}

fn conclude(parts: &[Value]) -> Result<Value, ExperimentError> {
    Ok(json!({ "count": parts.len() }))
}

const STUDY: Experiment = Experiment {
    id: "lengths",
    question: "how long is an id?",
    hypothesis: "longer than five letters",
    refuted_by: "a shorter one",
    chosen_on: "nothing was chosen",
    data: &[],
    files: &["lengths.json"],
    kind: Computed::Parts(Study::in_full(parts, compute, FileLayout::Parts(conclude))),
};

const DERIVED: Experiment =
    Experiment { id: "whole", kind: Computed::Derived(|_, _, _| Ok(Vec::new())), ..STUDY };

const EXPERIMENTS: [Experiment; 2] = [STUDY, DERIVED];

/// The command's arguments, one a line: set when the program that [`folder`] writes calls this one.
const ARGUMENTS: &str = "COURSEWORK_ARGUMENTS";

/// The program that the other tests call; by itself it is called without anything to merge.
#[test]
fn the_command() {
    let set = std::env::var(ARGUMENTS);
    let arguments = set.as_deref().unwrap_or("merge\n--results\nno-such-folder");
    let ending = Cli::parse_from(["coursework"].into_iter().chain(arguments.lines()))
        .run_with(&EXPERIMENTS, &mut std::io::sink());
    if let Err(error) = &ending {
        // On one core the test harness has an open line of its own.
        eprintln!("\nerror: {error}");
    }
    if set.is_ok() {
        std::process::exit(if ending.is_ok() { 0 } else { 2 });
    }
    assert!(ending.unwrap_err().to_string().starts_with("no shard of any experiment"));
}

/// A folder with `target/debug/coursework`, the command that knows the study above, and nothing else.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("target/debug/coursework");
    std::fs::create_dir_all(program.parent().unwrap()).unwrap();
    let this = std::env::current_exe().unwrap();
    let script = format!(
        "#!/bin/sh\n{ARGUMENTS}=$(printf '%s\\n' \"$@\") exec '{}' --exact shards::the_command --nocapture >&2\n",
        this.display()
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn sh(folder: &Path, script: &str) -> Output {
    Command::new("sh").args(["-e", "-c", script]).current_dir(folder).output().unwrap()
}

#[track_caller]
fn done(folder: &Path, script: &str) {
    let output = sh(folder, script);
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[track_caller]
fn refused(folder: &Path, script: &str, message: &str) {
    let output = sh(folder, script);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.lines().any(|line| line.starts_with("error: ") && line.contains(message)), "{said}");
}

/// The `n`th block of shell lines below a heading of the book's page, for the study above.
fn block(heading: &str, n: usize) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src/recompute.md");
    let page = std::fs::read_to_string(file).unwrap();
    let (_, below) = page.split_once(&format!("\n{heading}\n")).expect("the page has this heading");
    let block = below.split("```sh\n").nth(n + 1).and_then(|it| it.split_once("```")).expect("a block");
    block.0.replace("EXPERIMENT", "lengths")
}

const RUN: &str = "target/debug/coursework run lengths";

/// What a single run writes.
fn single_run() -> Vec<u8> {
    let folder = folder();
    done(folder.path(), RUN);
    std::fs::read(folder.path().join("results/lengths.json")).unwrap()
}

#[track_caller]
fn gives_the_single_run(script: &str) {
    let folder = folder();
    done(folder.path(), script);
    let merged = std::fs::read(folder.path().join("results/lengths.json")).unwrap();
    assert!(merged == single_run(), "{script}");
    let shards = std::fs::read_dir(folder.path().join("results/shards")).unwrap().count();
    assert_eq!(shards, 8, "{script}");
}

const HEADING: &str = "## On many machines";

/// With GNU parallel where it is installed; `.ci/run` installs it.
#[test]
fn the_books_lines_for_gnu_parallel_give_the_single_run() {
    let script = block(HEADING, 1);
    assert!(script.starts_with("parallel ") && script.contains("coursework merge"), "{script}");
    let installed = sh(Path::new("."), "command -v parallel").status.success();
    // xargs in parallel's place: the same shards, the same merge.
    let (call, merge) = script.split_once(" ::: ").unwrap();
    let rest = merge.split_once('\n').unwrap().1;
    let xargs = format!("seq 8 | xargs -P 4 -I{{}} {}\n{rest}", call.trim_start_matches("parallel "));
    gives_the_single_run(if installed { &script } else { &xargs });
}

#[test]
fn the_books_lines_for_xargs_give_the_single_run() {
    let script = block(HEADING, 2);
    assert!(script.contains("xargs -P"), "{script}");
    gives_the_single_run(&script);
}

#[test]
fn the_books_job_of_a_slurm_array_gives_the_single_run() {
    let job = block(HEADING, 3);
    assert!(job.contains("#SBATCH --array=1-8"), "{job}");
    let array = format!("for SLURM_ARRAY_TASK_ID in $(seq 8); do\n{job}\ndone\n");
    gives_the_single_run(&format!("{array}target/debug/coursework merge lengths"));
}

#[test]
fn what_cannot_be_merged_is_refused_in_a_line_and_nothing_is_overwritten() {
    let folder = folder();
    let results = folder.path().join("results");
    done(folder.path(), RUN);
    std::fs::write(results.join("lengths.json"), "the old one").unwrap();
    let merge = "target/debug/coursework merge lengths";
    refused(folder.path(), merge, "no shard of lengths lies in results/shards");
    done(folder.path(), &format!("{RUN} --shard 2/3"));
    refused(folder.path(), merge, "missing 1/3, 3/3");
    refused(folder.path(), "target/debug/coursework merge", "missing 1/3, 3/3");
    assert_eq!(std::fs::read(results.join("lengths.json")).unwrap(), b"the old one");
}

#[test]
fn a_derived_experiment_is_refused_by_name_and_passed_over_otherwise() {
    let folder = folder();
    let whole = "target/debug/coursework run whole --shard 1/2";
    refused(folder.path(), whole, "whole is derived from other records");
    refused(folder.path(), "target/debug/coursework merge whole", "whole is derived from other records");
    done(folder.path(), "target/debug/coursework run --shard 1/1\ntarget/debug/coursework merge");
    assert!(std::fs::read(folder.path().join("results/lengths.json")).unwrap() == single_run());
}

#[test]
fn an_impossible_shard_is_refused() {
    let output = sh(folder().path(), &format!("{RUN} --shard 4/3"));
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("`4/3` is no shard"));
}
