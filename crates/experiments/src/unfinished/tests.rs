use super::*;
use crate::registry::{Computed, Experiment};
use crate::study::{FileLayout, Progress, Study};
use records::Records;
use serde_json::json;
use std::sync::Mutex;

/// Which parts were computed, in any order, and the one that fails.
static COMPUTED: Mutex<(Vec<String>, Option<&str>)> = Mutex::new((Vec::new(), None));

/// The tests share [`COMPUTED`].
static ALONE: Mutex<()> = Mutex::new(());

fn parts() -> Vec<Part> {
    ["a:1", "a:2", "b=0.5", "c"].map(|id| Part { id: id.to_owned(), work: 1 }).to_vec()
}

fn compute(_: &Context, part: &Part, _: Progress) -> Result<Value, ExperimentError> {
    let mut computed = COMPUTED.lock().unwrap();
    if computed.1 == Some(&*part.id) {
        return Err(ExperimentError::Parts(format!("{} fails", part.id)));
    }
    computed.0.push(part.id.clone());
    Ok(json!({ "id": part.id, "share": 0.1 + 0.2 }))
}

const EXPERIMENT: Experiment = Experiment {
    id: "letters",
    question: "which letters?",
    hypothesis: "three",
    refuted_by: "four",
    chosen_on: "nothing was chosen",
    data: &[],
    files: &["letters.json"],
    kind: Computed::Parts(Study::in_full(parts, compute, FileLayout::Parts(|parts| Ok(json!(parts.len()))))),
};

fn keeping(folder: &Path) -> Context {
    Context { unfinished: Some(folder.to_owned()), ..Context::for_tests("data") }
}

/// Runs an experiment in which a part fails, if one is named: its file, and what was computed for it.
fn run(
    experiment: &Experiment,
    context: &Context,
    fails: Option<&'static str>,
) -> (Option<Vec<u8>>, Vec<String>) {
    *COMPUTED.lock().unwrap() = (Vec::new(), fails);
    let artifacts = experiment.run(context, &mut Records::default());
    let mut computed = std::mem::take(&mut COMPUTED.lock().unwrap().0);
    computed.sort();
    (artifacts.ok().map(|mut artifacts| artifacts.remove(0).bytes), computed)
}

#[test]
fn a_run_goes_on_where_another_has_failed_and_leaves_the_same_bytes() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let folder = tempfile::tempdir().unwrap();
    let context = keeping(folder.path());
    let (whole, _) = run(&EXPERIMENT, &Context::for_tests("data"), None);
    let (none, before) = run(&EXPERIMENT, &context, Some("c"));
    assert!(none.is_none() && !before.is_empty() && !before.contains(&"c".to_owned()), "{before:?}");
    let (resumed, after) = run(&EXPERIMENT, &context, None);
    assert_eq!(resumed, whole);
    assert!(after.contains(&"c".to_owned()) && after.iter().all(|id| !before.contains(id)), "{after:?}");
    // Once its files are written, nothing is left.
    forget(&context, EXPERIMENT.id);
    assert!(!folder.path().exists());
    assert_eq!(run(&EXPERIMENT, &context, None).1.len(), parts().len());
}

#[test]
fn what_is_not_whole_or_of_another_experiment_is_computed_again() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let folder = tempfile::tempdir().unwrap();
    let context = keeping(folder.path());
    run(&EXPERIMENT, &context, None);
    assert_eq!(run(&EXPERIMENT, &context, None).1, [""; 0], "the control: all is there");
    let path = folder.path().join("letters/b_0.5.json");
    let text = fs::read_to_string(&path).unwrap();
    for altered in [text.replace("0.30000000000000004", "0.3"), text[..text.len() / 2].to_owned()] {
        assert_ne!(altered, text);
        fs::write(&path, altered).unwrap();
        assert_eq!(run(&EXPERIMENT, &context, None).1, ["b=0.5"]);
    }
    let other = Experiment { hypothesis: "five", ..EXPERIMENT };
    assert_eq!(run(&other, &context, None).1.len(), parts().len());
}

#[test]
fn nothing_is_kept_or_taken_where_the_context_says_so() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let folder = tempfile::tempdir().unwrap();
    run(&EXPERIMENT, &keeping(folder.path()), None);
    let context = Context { results_dir: folder.path().to_owned(), ..Context::for_tests("data") };
    assert_eq!(run(&EXPERIMENT, &context, None).1.len(), parts().len());
}

#[test]
fn a_second_process_is_refused_with_the_number_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let context = keeping(folder.path());
    let first = Unfinished::of(&context, "letters 1/2", "f").unwrap();
    assert!(Unfinished::of(&context, "letters 2/2", "f").is_ok(), "another shard");
    let error = Unfinished::of(&context, "letters 1/2", "f").unwrap_err().to_string();
    assert!(error.contains(&format!("by process {}", std::process::id())), "{error}");
    drop(first);
    assert!(Unfinished::of(&context, "letters 1/2", "f").is_ok());
}
