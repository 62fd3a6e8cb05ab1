use super::*;
use crate::cargo::Cargo;
use crate::criteria::Verdict;
use crate::drawn::DrawnInputs;
use crate::hand_in::HandInSource;
use cnn::kernels::Isa;
use experiments::registry::EXPERIMENTS;
use records::store::StoreError;
use std::os::unix::fs::PermissionsExt;

const RUBRIC: &str = r#"
pass = 1
experiment_limit_s = 2
full_experiment_limit_s = 20
build_limit_s = 60
answers_limit_s = 5
total_limit_s = 100
memory_limit_gib = 4
"#;

fn criterion(id: &str, evidence: &str, check: &str) -> String {
    format!(
        "[[criterion]]\nid = \"{id}\"\nquestion = \"Q\"\ntitle = \"A title\"\npoints = 5\n\
         evidence = [\"{evidence}\"]\ncrates = [\"theory\"]\n\
         check = \"{check}\"\nbar = 1e-12\npartial = \"all-or-nothing\"\ntime_limit_s = 2\nvisibility = \"visible\"\n\
         reproduce = \"true\"\n"
    )
}

fn rubric(criteria: &[(&str, &str, &str)]) -> Rubric {
    let criteria = criteria.iter().map(|(id, evidence, check)| criterion(id, evidence, check));
    Rubric::parse(&format!("{RUBRIC}{}", criteria.collect::<String>())).unwrap()
}

/// A grader whose program is a script.
fn grader(folder: &Path, script: &str) -> Grader {
    let program = folder.join("coursework");
    std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let cargo = Cargo { root: folder.to_owned(), ..Cargo::default() };
    Grader::for_tests(program.clone(), program, cargo, folder.join("recomputed"))
}

const INPUTS: DrawnInputs = DrawnInputs { seed: 1, isa: Isa::Scalar };

const FAULTS: &str = r#"
case "$1 $2" in
  "check right") echo '{"met":true,"evidence":{"number":1.0,"text":"it holds"}}';;
  "check wrong") echo '{"met":false,"evidence":{"number":null,"text":"it does not"}}';;
  "check silent") ;;
  "check panics") echo "thread 'main' (7) panicked at src/x.rs:1:2:" >&2; echo oh >&2; exit 101;;
  "check hangs") while :; do :; done;;
  "check greedy") echo "memory allocation of 32212254720 bytes failed" >&2; kill -s ABRT $$;;
  'recompute {"experiment":"theory","task":{"compare":'*) ;;
  'recompute {"experiment":"theory"'*'"part":"T1b"'*) while :; do :; done;;
  'recompute {"experiment":"theory"'*'"part":"T2"'*)
    mkdir -p "${0%/*}/recomputed"
    echo '[]' >"${0%/*}/recomputed/theory.T2.part.json";;
  'recompute {"experiment":"theory"'*'"part":"'*) exit 3;;
  'recompute {"experiment":"theory"'*) ;;
  'recompute {"experiment":"iris"'*) while :; do :; done;;
  'recompute {"experiment":"mnist"'*) echo "error: data/mnist is not there" >&2; exit 2;;
esac
"#;

#[test]
fn a_check_that_panics_hangs_or_asks_for_too_much_scores_0_and_the_rest_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let checks = ["silent", "panics", "hangs", "greedy", "wrong", "right"];
    let rubric = rubric(&checks.map(|id| (id, "theory.json", "derivations")));
    let graded = grader(folder.path(), FAULTS).grade(&rubric, &|_| {});
    let of = |id: &str| graded.sheet.rows.iter().find(|row| row.criterion.id == id).unwrap();
    for (id, why) in [
        ("silent", "its check gave no verdict: EOF"),
        ("panics", "src/x.rs:1:2: oh"),
        ("hangs", "stopped at its limit of 2 s"),
        ("greedy", "more than 4 GiB of memory"),
        ("wrong", "it does not"),
    ] {
        assert_eq!(of(id).points(), 0.0, "{id}");
        assert!(of(id).evidence().contains(why), "{id}: {}", of(id).evidence());
    }
    assert_eq!((of("right").points(), graded.sheet.points()), (5.0, 5.0));
    assert!(of("hangs").seconds >= 2.0);
}

#[test]
fn an_experiment_that_crashes_or_hangs_leaves_an_outcome_that_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let grader = grader(folder.path(), FAULTS);
    let files = [("theory", "theory.json"), ("iris", "iris.json"), ("mnist", "mnist.json")];
    let rubric = rubric(&files.map(|(id, file)| (id, file, "derivations")));
    let graded = grader.grade(&rubric, &|_| {});
    assert_eq!(
        graded.sheet.ran.iter().map(|ran| ran.experiment.as_str()).collect::<Vec<_>>(),
        ["theory", "iris", "mnist"]
    );
    for (id, why) in [
        ("theory", "theory.outcome.json"),
        ("iris", "its limit of 2 s"),
        ("mnist", "data/mnist is not there"),
    ] {
        let outcome: RecomputeOutcome = store::read_json(outcome_file(&grader.folder, id)).unwrap();
        assert!(outcome.failure.as_ref().unwrap().contains(why), "{id}: {outcome:?}");
    }
}

#[test]
fn an_experiment_that_fails_as_a_whole_is_recomputed_part_by_part() {
    let folder = tempfile::tempdir().unwrap();
    let grader = grader(folder.path(), FAULTS);
    let rubric =
        rubric(&[("right", "theory.json", "derivations"), ("wrong", "mnist-sprint.json", "reproduced")]);
    grader.grade(&rubric, &|_| {});
    let outcome = |id: &str| store::read_json::<RecomputeOutcome>(outcome_file(&grader.folder, id)).unwrap();
    let parts = outcome("theory").parts;
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["T1a", "T1b", "T2-derivations"]);
    assert!(
        parts["T1b"].contains("its limit of 0.2 s") && parts["T1a"].contains("ended with 3"),
        "{parts:?}"
    );
    let skipped = outcome("mnist-sprint").failure.unwrap();
    assert_eq!(skipped, "it was not recomputed, because theory failed");
}

#[test]
fn a_check_judges_the_parts_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let parts = [("T1b".to_owned(), "not yet implemented".to_owned())].into();
    let failed =
        RecomputeOutcome { failure: Some("it panicked".to_owned()), parts, ..RecomputeOutcome::default() };
    store::write_json(outcome_file(folder.path(), "theory"), &failed).unwrap();
    for name in ["T1a", "T2"] {
        let scope = Scope::Part(name.to_owned());
        Request { scope, ..of_theory(folder.path(), Task::Compute) }.run(&EXPERIMENTS).unwrap();
    }
    for (check, met) in
        [("derivations", true), ("graph", true), ("gradients", true), ("cross-entropy", false)]
    {
        let verdict = verdict(folder.path(), check).unwrap();
        assert_eq!(verdict.met, met, "{check}: {}", verdict.evidence.text);
    }
    let why = verdict(folder.path(), "cross-entropy").unwrap().evidence.text;
    assert_eq!(why, "theory gave no part T1b: not yet implemented");
    let why = verdict(folder.path(), "reproduced").unwrap().evidence.text;
    assert!(why.contains("it panicked"), "{why}");
}

/// A task on the parts of `theory` in a folder.
fn of_theory(into: &Path, task: Task) -> Request {
    let grader = Grader { folder: into.to_owned(), ..grader(into, "") };
    let theory = EXPERIMENTS.iter().find(|experiment| experiment.id == "theory").unwrap();
    grader.request(theory, task, Scope::All)
}

/// A folder in which `theory` was recomputed and compared with `alter` of itself.
fn recomputed_against(alter: impl FnOnce(String) -> String) -> tempfile::TempDir {
    let (folder, submitted) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let compare = |results: &Path| of_theory(folder.path(), Task::Compare(results.to_owned()));
    of_theory(folder.path(), Task::Compute).run(&EXPERIMENTS).unwrap();
    compare(submitted.path()).run(&EXPERIMENTS).unwrap();
    let text = std::fs::read_to_string(folder.path().join("theory.json")).unwrap();
    std::fs::write(submitted.path().join("theory.json"), alter(text)).unwrap();
    compare(submitted.path()).run(&EXPERIMENTS).unwrap();
    folder
}

/// What compares never computes: a part that a student's process did not leave is missing, and not the assignment's.
#[test]
fn a_part_that_was_not_computed_is_not_computed_by_the_comparison() {
    let folder = recomputed_against(|record| record);
    std::fs::remove_file(part_file(folder.path(), "theory", "T2")).unwrap();
    of_theory(folder.path(), Task::Compare("results".into())).run(&EXPERIMENTS).unwrap();
    let outcome: RecomputeOutcome = store::read_json(outcome_file(folder.path(), "theory")).unwrap();
    assert!(outcome.failure.unwrap().contains("theory.T2.part.json"));
    assert!(!part_file(folder.path(), "theory", "T2").exists());
}

fn verdict(folder: &Path, check: &str) -> Result<Verdict, StoreError> {
    let rubric = rubric(&[("it", "theory.json", check)]);
    let hand_in = grader(folder, "").hand_in;
    check_from((folder, folder), &EXPERIMENTS, &rubric.criteria[0], &hand_in, &INPUTS)
}

/// The check of a hand-in is told where the file lies, and with what its widgets compute; no other check is.
#[test]
fn the_check_of_a_hand_in_is_told_where_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"echo "{\"met\":true,\"evidence\":{\"number\":0,\"text\":\"$*\"}}""#;
    let rubric = rubric(&[("H", "hand-in.json", "hand-in"), ("T", "theory.json", "derivations")]);
    let grader = grader(folder.path(), script);
    let hand_in =
        HandInSource { file: "handed/hand-in.json".into(), results: "ours".into(), ..grader.hand_in };
    let rows = Grader { hand_in, ..grader }.grade(&rubric, &|_| {}).sheet.rows;
    let arguments = "--data data --hand-in handed/hand-in.json --results ours";
    assert!(rows[0].evidence().ends_with(arguments), "{}", rows[0].evidence());
    assert!(
        rows[1].evidence().ends_with("--rubric rubric.toml --inputs 1 --isa scalar --data data"),
        "{}",
        rows[1].evidence()
    );
}

/// What was done in the pages is read by the check itself, where it lies.
#[test]
fn a_hand_in_is_opened_by_its_check_and_by_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let rubric = rubric(&[("H", "hand-in.json", "hand-in"), ("T", "theory.json", "derivations")]);
    let source =
        HandInSource { file: folder.path().join("hand-in.json"), ..grader(folder.path(), "").hand_in };
    let said = |criterion: &Criterion| {
        check_from((folder.path(), folder.path()), &EXPERIMENTS, criterion, &source, &INPUTS)
            .map(|verdict| verdict.evidence.text)
    };
    assert!(said(&rubric.criteria[0]).unwrap().starts_with("nothing was handed in"));
    std::fs::write(&source.file, "{").unwrap();
    let refused = said(&rubric.criteria[0]).unwrap();
    assert!(refused.contains("hand-in.json is not what a page of the book saves"), "{refused}");
    assert!(said(&rubric.criteria[1]).unwrap_err().to_string().contains("theory.outcome.json"));
}

#[test]
fn a_check_judges_the_recomputed_files_and_not_the_submitted_ones() {
    let folder = recomputed_against(|record| record.replacen("[-0.5,0.5]", "[-0.5,0.25]", 1));
    assert!(verdict(folder.path(), "gradients").unwrap().met);
    let reproduced = verdict(folder.path(), "reproduced").unwrap();
    assert!(!reproduced.met);
    let place =
        "theory: theory.json: std_dev[0].gradient[1]: submitted 0.25, which is not what was recomputed";
    assert!(reproduced.evidence.text.contains(place), "{}", reproduced.evidence.text);
    let folder = recomputed_against(|record| record);
    assert!(
        verdict(folder.path(), "reproduced").unwrap().evidence.text.contains("1 of 1 file computed in full")
    );
}

#[test]
fn a_check_without_its_files_says_which_and_one_of_a_failed_experiment_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let error = verdict(folder.path(), "gradients").unwrap_err().to_string();
    assert!(error.contains("theory.outcome.json"), "{error}");
    let done = RecomputeOutcome::default();
    store::write_json(outcome_file(folder.path(), "theory"), &done).unwrap();
    let error = verdict(folder.path(), "gradients").unwrap_err().to_string();
    assert!(error.contains("theory.T1a.part.json"), "{error}");
    let said = |outcome: &RecomputeOutcome| {
        store::write_json(outcome_file(folder.path(), "theory"), outcome).unwrap();
        let verdict = verdict(folder.path(), "gradients").unwrap();
        assert!(!verdict.met);
        verdict.evidence.text
    };
    let failed = RecomputeOutcome { failure: Some("it panicked".to_owned()), ..RecomputeOutcome::default() };
    assert_eq!(said(&failed), "theory gave no part T2: it panicked");
    let parts = [("T2".to_owned(), "it hangs".to_owned())].into();
    assert_eq!(said(&RecomputeOutcome { parts, ..failed }), "theory gave no part T2: it hangs");
}

mod planned;
