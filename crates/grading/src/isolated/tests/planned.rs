//! What is judged where only some parts were planned.

use super::*;
use experiments::answers::{AnswersOutcome, answers_file, topic};
use experiments::study::draw::Plan;
use experiments::verify::Reference;

/// P1.2 from the submitted weights where no training was asked for, and from nothing where it was and failed.
#[test]
fn what_was_not_asked_for_is_judged_as_submitted_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let hand_in = HandInSource { data: root.join("data"), ..grader(folder.path(), "").hand_in };
    let rubric = rubric(&[("P1.2", "mnist.json", "mnist")]);
    let judged = |outcome: &RecomputeOutcome, results: &Path| {
        store::write_json(outcome_file(folder.path(), "mnist"), outcome).unwrap();
        let inputs = DrawnInputs { isa: Isa::detect(), ..INPUTS };
        check_from((folder.path(), results), &EXPERIMENTS, &rubric.criteria[0], &hand_in, &inputs).unwrap()
    };
    let not_asked = vec!["registered".to_owned()];
    let left_out = RecomputeOutcome { not_asked, ..RecomputeOutcome::default() };
    let verdict = judged(&left_out, &root.join("results"));
    let said = "as submitted and not trained again";
    assert!(verdict.met && verdict.evidence.text.contains(said), "{}", verdict.evidence.text);
    assert!(verdict.evidence.text.ends_with("/10000 with the submitted weights"));
    assert!(!judged(&left_out, folder.path()).met, "nothing was submitted");
    let mnist = EXPERIMENTS.iter().find(|experiment| experiment.id == "mnist").unwrap();
    let parts = mnist.parts_in_folder(&root.join("results")).unwrap();
    store::write_json(part_file(folder.path(), "mnist", "registered"), &parts[0].1).unwrap();
    assert!(!judged(&left_out, folder.path()).met, "a part that nobody asked for");
    std::fs::remove_file(part_file(folder.path(), "mnist", "registered")).unwrap();
    let failed = RecomputeOutcome { failure: Some("it hangs".to_owned()), ..RecomputeOutcome::default() };
    let verdict = judged(&failed, &root.join("results"));
    assert!(!verdict.met && verdict.evidence.text.contains("it hangs"), "{}", verdict.evidence.text);
}

/// What becomes of iris where one part is planned and this is what the comparison finds, or computing it crashes: the
/// calls, and the outcome.
fn planned(check: &str, first: Option<&RecomputeOutcome>) -> (Vec<String>, RecomputeOutcome) {
    planned_of(&rubric(&[("it", "iris.json", check)]), first, None)
}

/// The same with a rubric, and with what was answered about `by-hand`.
fn planned_of(
    rubric: &Rubric,
    first: Option<&RecomputeOutcome>,
    answered: Option<AnswersOutcome>,
) -> (Vec<String>, RecomputeOutcome) {
    let folder = tempfile::tempdir().unwrap();
    if first.is_none() {
        std::fs::write(folder.path().join("crashes"), "").unwrap();
    }
    store::write_json(folder.path().join("drawn.json"), &first).unwrap();
    store::write_json(folder.path().join("all.json"), &RecomputeOutcome::default()).unwrap();
    let script = r#"
        here="${0%/*}"
        echo "$2" >>"$here/calls"
        case "$2" in
          *'"compute"'*'"drawn"'*) [ ! -e "$here/crashes" ] || exit 3;;
          *'"compare"'*'"drawn"'*) cp "$here/drawn.json" "$here/recomputed/iris.outcome.json";;
          *'"compare"'*) cp "$here/all.json" "$here/recomputed/iris.outcome.json";;
        esac"#;
    let plan = Plan::of_parts("iris", vec!["scratch".to_owned()]);
    let grader = Grader { plan, ..grader(folder.path(), script) };
    std::fs::create_dir(&grader.folder).unwrap();
    if let Some(answered) = answered {
        store::write_json(answers_file(&grader.folder, "by-hand"), &answered).unwrap();
    }
    let iris = EXPERIMENTS.iter().find(|experiment| experiment.id == "iris").unwrap();
    let outcome = grader.experiment(rubric, iris);
    let calls = std::fs::read_to_string(folder.path().join("calls")).unwrap();
    let kind = |call: &str| if call.contains("drawn") { "drawn" } else { "all" }.to_owned();
    (calls.lines().map(kind).collect(), outcome)
}

/// One number of iris is not as submitted.
fn differing() -> RecomputeOutcome {
    let differences = vec![Difference {
        experiment: "iris".to_owned(),
        file: "iris.json".to_owned(),
        key: "x".to_owned(),
        part: None,
        epoch: None,
        submitted: "1".to_owned(),
        reference: Reference::Recomputed("2".to_owned()),
    }];
    RecomputeOutcome { differences, ..RecomputeOutcome::default() }
}

#[test]
fn where_a_planned_part_is_not_as_submitted_all_that_is_judged_is_computed() {
    let (equal, differs) = (RecomputeOutcome::default(), differing());
    let (calls, outcome) = planned("scratch-gradients", Some(&equal));
    assert_eq!(calls, ["drawn", "drawn"]);
    assert!(outcome.not_asked.contains(&"framework-relu".to_owned()));
    let (calls, outcome) = planned("scratch-gradients", Some(&differs));
    assert_eq!(
        (calls, outcome.not_asked),
        (["drawn", "drawn", "all", "all"].map(str::to_owned).to_vec(), vec![])
    );
    assert_eq!(planned("reproduced", Some(&differs)).0, ["drawn", "drawn"], "no criterion judges it");
}

/// What crashes was compared with nothing: no block of seeds is taken as submitted, each part is computed by itself.
#[test]
fn where_the_planned_parts_crash_every_part_is_computed_by_itself() {
    let (calls, outcome) = planned("scratch-gradients", None);
    let iris = EXPERIMENTS.iter().find(|experiment| experiment.id == "iris").unwrap();
    assert_eq!(calls.len(), 1 + iris.part_ids().len());
    assert!(outcome.failure.unwrap().contains("ended with 3") && outcome.not_asked.is_empty());
    assert_eq!(outcome.parts.len(), iris.part_ids().len(), "the script leaves no part");
    assert_eq!(planned("reproduced", None).0, ["drawn"], "no criterion judges it");
}

/// What is lost by its answers is not won by its records, and another criterion may be.
#[test]
fn for_criteria_that_are_lost_by_their_answers_no_other_part_is_computed() {
    let mut rubric = rubric(&[("it", "iris.json", "scratch-gradients")]);
    rubric.criteria[0].answers = vec!["by-hand".to_owned()];
    let right = || AnswersOutcome::Ok(topic("by-hand").unwrap().answers(INPUTS.isa, INPUTS.seed).unwrap());
    let differs = differing();
    let (calls, outcome) = planned_of(&rubric, Some(&differs), None);
    assert_eq!(calls, ["drawn", "drawn"]);
    assert!(outcome.failure.unwrap().contains("lost by answers") && outcome.not_asked.is_empty());
    assert_eq!(planned_of(&rubric, None, None).0, ["drawn"], "where they crash");
    assert_eq!(planned_of(&rubric, Some(&differs), Some(right())).0.len(), 4);
    assert!(planned_of(&rubric, None, Some(right())).0.len() > 4);
    let other = Criterion { answers: Vec::new(), ..rubric.criteria[0].clone() };
    rubric.criteria.push(other);
    assert_eq!(planned_of(&rubric, Some(&differs), None).0.len(), 4);
}
