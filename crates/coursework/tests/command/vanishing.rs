//! Files and folders that vanish while a run goes on, and a disk that fills.

use crate::put_down::{RUN, WHOLE, begun, ended, kept};
use crate::{hash, root, stderr, stdout};
use clap::Parser;
use coursework::Cli;
use experiments::context::Context;
use experiments::registry::{Computed, Experiment};
use experiments::study::{ExperimentError, FileLayout, Part, Progress, Study};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

/// A run whose checkpoints, and the folder that they lie in, are removed again and again.
#[test]
fn checkpoints_that_vanish_are_written_again_and_the_run_ends_as_it_would() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("below/model.safetensors");
    let mut run = begun(&file);
    for _ in 0..3 {
        kept(&file);
        // The next checkpoint may just be written there: then the folder is not empty, and some of it stays.
        let _ = std::fs::remove_dir_all(file.parent().unwrap());
    }
    assert!(run.wait().unwrap().success());
    let asked = crate::coursework(&["mnist", "--model", file.to_str().unwrap(), "--test-limit", "50"]);
    assert_eq!(hash(&stdout(&asked)), *WHOLE, "{}", stderr(&asked));
}

/// A data folder of its own, removed after the first checkpoint: what is in memory is enough to the end. To go on
/// later the data are needed, and it is said which.
#[test]
fn data_that_vanish_do_not_end_a_run_and_are_asked_for_by_name_when_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("model.safetensors"));
    std::fs::create_dir_all(data.join("mnist")).unwrap();
    for known in data::files() {
        std::fs::copy(root().join("data").join(known.path), data.join(known.path)).unwrap();
    }
    let with_data = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coursework"));
        command.current_dir(root()).args(args).args(["--data", data.to_str().unwrap()]);
        command
    };
    let path = file.to_str().unwrap();
    let mut run = with_data(&[&RUN[..], &["--save", path]].concat()).spawn().unwrap();
    kept(&file);
    std::fs::remove_dir_all(&data).unwrap();
    let checkpoint = std::fs::read(&file).unwrap();
    assert!(run.wait().unwrap().success());
    std::fs::write(&file, checkpoint).unwrap();
    let refused = with_data(&["mnist", "--resume", path]).output().unwrap();
    let said = stderr(&refused);
    assert_eq!((refused.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    assert!(said.contains("train-images-idx3-ubyte.gz") && said.contains("restore it"), "{said}");
    assert_eq!(ended(&file), *WHOLE, "the checkpoint is as it was");
}

/// Goes on with a run whose files may have so many blocks of 1,024 bytes. Beyond, a write fails as on a full disk,
/// since the signal that would end the process is not listened to.
fn resumed_within(blocks: usize, file: &Path) -> Output {
    let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" mnist --resume \"$1\"");
    let mut bash = Command::new("bash");
    bash.args(["-c", &line, env!("CARGO_BIN_EXE_coursework"), file.to_str().unwrap()]).current_dir(root());
    bash.output().unwrap()
}

#[test]
fn a_disk_that_fills_leaves_the_last_checkpoint_whole_and_the_run_goes_on_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    let run = begun(&file);
    kept(&file);
    crate::put_down::signal(&run, "-INT");
    run.wait_with_output().unwrap();
    let names = || {
        let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        entries.collect::<std::collections::BTreeSet<_>>()
    };
    let (checkpoint, beside) = (std::fs::read(&file).unwrap(), names());
    // A tenth of a checkpoint.
    let full = resumed_within(checkpoint.len() / 10_240, &file);
    let said = stderr(&full);
    assert_eq!((full.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    for word in ["cannot write", "model.safetensors", "nothing was changed", "has room", "--resume"] {
        assert!(said.contains(word), "{said}");
    }
    assert!(std::fs::read(&file).unwrap() == checkpoint, "the checkpoint is as it was");
    assert_eq!(names(), beside, "nothing half-written is left");
    // The control: with room enough the same call goes on.
    let roomy = resumed_within(1 << 20, &file);
    assert_eq!(roomy.status.code(), Some(0), "{}", stderr(&roomy));
    assert_eq!(hash(&stdout(&roomy)), *WHOLE);
}

fn parts() -> Vec<Part> {
    (0..9).map(|seed| Part { id: format!("seed-{seed}"), work: 1 }).collect()
}

/// The fifth part removes the folder of the records, with all that is kept there.
fn compute(context: &Context, part: &Part, progress: Progress) -> Result<Value, ExperimentError> {
    if let Some(kept) = context.unfinished.as_ref().filter(|_| part.id == "seed-4") {
        let _ = std::fs::remove_dir_all(kept.parent().unwrap());
    }
    progress(part.work);
    Ok(json!({ "id": part.id }))
}

fn conclude(parts: &[Value]) -> Result<Value, ExperimentError> {
    Ok(json!({ "count": parts.len() }))
}

const STUDY: Experiment = Experiment {
    id: "vanishing",
    question: "is anything lost?",
    hypothesis: "no",
    refuted_by: "a part that is not there",
    chosen_on: "nothing was chosen",
    data: &[],
    files: &["vanishing.json"],
    kind: Computed::Parts(Study::in_full(parts, compute, FileLayout::Parts(conclude))),
};

fn run(results: &Path, out: &mut Vec<u8>) -> anyhow::Result<()> {
    let arguments = ["coursework", "run", "vanishing", "--results", results.to_str().unwrap()];
    Cli::parse_from(arguments).run_with(&[STUDY], out).map(drop)
}

#[test]
fn a_folder_of_records_that_vanishes_is_made_again_with_all_parts() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    run(&results, &mut Vec::new()).unwrap();
    let record: Value = records::store::read_json(results.join("vanishing.json")).unwrap();
    assert_eq!(record["conclusions"]["count"], 9);
    assert_eq!(std::fs::read_dir(&results).unwrap().count(), 1);
}

/// The last file of an experiment is asked for before its first part: its place is taken by a folder.
#[test]
fn a_record_that_cannot_be_written_is_refused_before_anything_is_computed() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("vanishing.json");
    std::fs::create_dir(&taken).unwrap();
    let said = run(folder.path(), &mut Vec::new()).unwrap_err().to_string();
    assert!(said.contains("vanishing.json is not a regular file"), "{said}");
    // Had a part been computed, the folder would be gone.
    assert!(taken.is_dir());
}
