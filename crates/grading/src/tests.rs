use super::*;
use crate::score::read_again;
use experiments::context::Context;
use experiments::iris::Agreement;
use experiments::iris::studies::seeds::{self, Variant};
use experiments::mnist::studies::registered::{REGISTERED, RecordedRun};
use experiments::registry::{EXPERIMENTS, Experiment, Kind};
use experiments::study::draw::Plan;
use experiments::study::{Part, Progress, Study};
use experiments::verify::{Coverage, Extent, Recomputed, Reference, compare, recompute};
use experiments::worked::{Derivation, Loss, T1A, T1B, T2};
use records::{Artifact, Records};
use rubric::Rubric;
use serde::{Deserialize, Serialize};
use std::path::Path;
use theory::render::json::StdDevRecord;

pub(super) fn rubric() -> Rubric {
    Rubric::parse(include_str!("../../../rubric.toml")).unwrap()
}

fn context(data_dir: &str) -> Context {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    Context { data_dir: data_dir.into(), ..Context::of_repository(root) }
}

/// Stands in for the report, which is derived from the others' records.
const DERIVED: Experiment = Experiment {
    id: "report",
    files: &["report.json"],
    kind: Kind::Derived(|_, _, _| Ok(Vec::new())),
    ..EXPERIMENTS[0]
};

/// The submitted records, as if they had just been recomputed.
pub(super) fn submitted() -> Recomputed {
    let results = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results");
    let mut records = Records::default();
    for experiment in EXPERIMENTS.iter().filter(|it| ["theory", "iris", "mnist"].contains(&it.id)) {
        experiment.read(&results, &mut records).unwrap();
    }
    let all = || EXPERIMENTS.iter().chain([&DERIVED]);
    let files = all().map(|experiment| experiment.files.len()).sum();
    let coverage = all().map(covered).collect();
    let draw = Some("--spot-check 7 --minutes 1".to_owned());
    Recomputed { files, compared: files, coverage, draw, ..read_again(&records) }
}

/// What a draw covers that takes the second part of each long study.
fn covered(experiment: &Experiment) -> Coverage {
    let extent = match &experiment.kind {
        Kind::Derived(_) => Extent::Derived,
        Kind::Parts(study) if study.sample.is_some() => {
            let parts: Vec<String> = (study.parts)().into_iter().map(|part| part.id).collect();
            Extent::Sampled { computed: vec![parts[1].clone()], parts }
        }
        Kind::Parts(_) => Extent::Full,
    };
    Coverage { experiment: experiment.id.to_owned(), files: experiment.files.len(), extent }
}

/// The ids of the criteria that are not met.
fn not_met(recomputed: &Recomputed) -> Vec<String> {
    let sheet = score(&rubric(), recomputed);
    sheet.rows.into_iter().filter(|row| !row.met()).map(|row| row.criterion.id).collect()
}

/// Alters the value of a part, of its own type.
fn alter<T>(recomputed: &mut Recomputed, experiment: &str, part: &str, alter: impl FnOnce(&mut T))
where
    T: Serialize + for<'a> Deserialize<'a>,
{
    let mut value: T = recomputed.part(experiment, part).unwrap();
    alter(&mut value);
    let key = (experiment.to_owned(), part.to_owned());
    recomputed.parts.insert(key, serde_json::to_value(value).unwrap());
}

pub(super) fn mnist(recomputed: &mut Recomputed, change: impl FnOnce(&mut RecordedRun)) {
    alter(recomputed, "mnist", REGISTERED, change);
}

fn variant(recomputed: &mut Recomputed, id: &str, change: impl FnOnce(&mut Variant)) {
    alter(recomputed, "iris", id, change);
}

fn theory<T>(recomputed: &mut Recomputed, part: &str, change: impl FnOnce(&mut Vec<T>))
where
    T: Serialize + for<'a> Deserialize<'a>,
{
    alter(recomputed, "theory", part, change);
}

#[test]
fn the_submitted_records_meet_every_criterion() {
    let sheet = score(&rubric(), &submitted());
    assert_eq!(not_met(&submitted()), [""; 0]);
    assert_eq!((sheet.points(), sheet.possible()), (100.0, 100.0));
    assert!(sheet.passes(true) && sheet.passes(false));
}

#[test]
fn the_score_sheet_reads_well() {
    insta::assert_snapshot!(sheet::text(&scored_tests::with_tests(score(&rubric(), &submitted()))));
}

#[test]
fn too_few_right_digits_cost_p1_2() {
    let mut wrong = submitted();
    mnist(&mut wrong, |run| run.evaluation.test.correct = 9_899);
    assert_eq!(not_met(&wrong), ["P1.2"]);
}

#[test]
fn a_smaller_training_or_test_set_costs_p1_2() {
    let mut wrong = submitted();
    mnist(&mut wrong, |run| run.training_images = 59_999);
    assert_eq!(not_met(&wrong), ["P1.2"]);
    let mut wrong = submitted();
    mnist(&mut wrong, |run| run.evaluation.test.total = 9_999);
    assert_eq!(not_met(&wrong), ["P1.2"]);
}

fn two_wrong(variant: &mut Variant) {
    variant.registered.history.last_mut().unwrap().test.correct = 28;
}

#[test]
fn two_wrong_flowers_cost_the_activation_its_points() {
    for activation in experiments::iris::Activation::ALL {
        let mut wrong = submitted();
        variant(&mut wrong, &seeds::framework_id(activation), two_wrong);
        assert_eq!(not_met(&wrong), [format!("P1.1-{}", activation.name())]);
    }
}

#[test]
fn too_few_seeds_cost_the_analysis() {
    let mut wrong = submitted();
    variant(&mut wrong, "framework-tanh", |variant| variant.others.truncate(99));
    assert_eq!(not_met(&wrong), ["P1.1-analysis"]);
}

#[test]
fn a_wrong_gradient_by_hand_costs_p2_1() {
    let mut wrong = submitted();
    let far: fn(&mut Agreement) = |agreement| agreement.worst_relative_difference = 1e-3;
    alter(&mut wrong, "iris", seeds::GRADIENTS, far);
    assert_eq!(not_met(&wrong), ["P2.1"]);
}

#[test]
fn two_wrong_flowers_of_the_network_by_hand_cost_p2_2() {
    let mut wrong = submitted();
    variant(&mut wrong, "scratch", two_wrong);
    assert_eq!(not_met(&wrong), ["P2.2"]);
}

#[test]
fn a_wrong_loss_derivation_or_gradient_costs_its_question() {
    let mut wrong = submitted();
    theory(&mut wrong, T1B, |losses: &mut Vec<Loss>| losses[0].loss.mean += 1e-14);
    assert_eq!(not_met(&wrong), ["T1b"]);
    let mut wrong = submitted();
    theory(&mut wrong, T1A, |derivations: &mut Vec<Derivation>| derivations[0].worst_difference = 1e-3);
    assert_eq!(not_met(&wrong), ["T1a"]);
    let mut wrong = submitted();
    theory(&mut wrong, T2, |graphs: &mut Vec<StdDevRecord>| graphs[0].value = 2.5);
    assert_eq!(not_met(&wrong), ["T2.1"]);
    let mut wrong = submitted();
    theory(&mut wrong, T2, |graphs: &mut Vec<StdDevRecord>| graphs[1].edges[0].gradient += 0.25);
    assert_eq!(not_met(&wrong), ["T2.2"]);
}

#[test]
fn a_difference_costs_the_reproduction_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.json"), "{\"correct\": 30}").unwrap();
    let mut wrong = submitted();
    let recomputed = Artifact { name: "x.json".to_owned(), bytes: b"{\"correct\": 29}".to_vec() };
    wrong.differences = compare(folder.path(), "x", &recomputed, Reference::Recomputed);
    assert_eq!(not_met(&wrong), ["R"]);
    // The sheet breaks its lines.
    let sheet = sheet::text(&score(&rubric(), &wrong)).split_whitespace().collect::<Vec<_>>().join(" ");
    let first = "the first: x: x.json: correct: submitted 30, which is not what was recomputed";
    assert!(sheet.contains(first), "{sheet}");
}

#[test]
fn one_broken_part_does_not_sink_another() {
    let results = tempfile::tempdir().unwrap();
    let experiments: Vec<&Experiment> =
        EXPERIMENTS.iter().filter(|experiment| ["theory", "iris"].contains(&experiment.id)).collect();
    let recomputed = recompute(&context("no/such/folder"), results.path(), &experiments, &Plan::full());
    assert!(recomputed.failures["iris"].contains("iris.csv"), "{:?}", recomputed.failures);
    let met: Vec<String> = score(&rubric(), &recomputed)
        .rows
        .into_iter()
        .filter(|row| row.met())
        .map(|row| row.criterion.id)
        .collect();
    assert_eq!(met, ["T1a", "T1b", "T2.1", "T2.2"]);
}

/// An answer that is not written yet.
#[test]
fn a_panic_is_told_in_its_own_words() {
    let theory = EXPERIMENTS.iter().find(|experiment| experiment.id == "theory").unwrap();
    let compute = |_: &Context, _: &Part, _: Progress| panic!("not yet implemented: {}", "T2.2");
    let unwritten = Study { compute, ..*theory.study().unwrap().1 };
    let unwritten = Experiment { kind: Kind::Parts(unwritten), ..*theory };
    let recomputed = recompute(&context("data"), Path::new("nowhere"), &[&unwritten], &Plan::full());
    assert_eq!(recomputed.failures["theory"], "it panicked: not yet implemented: T2.2");
}

#[test]
fn the_pass_mark_decides_but_not_strictly() {
    let mut wrong = submitted();
    mnist(&mut wrong, |run| run.evaluation.test.correct = 0);
    let lenient = Rubric { pass: 60.0, ..rubric() };
    let sheet = score(&lenient, &wrong);
    assert_eq!(sheet.points(), 85.0);
    assert!(sheet.passes(false) && !sheet.passes(true));
    assert!(!score(&rubric(), &wrong).passes(false));
}

#[test]
fn the_score_files_say_what_the_sheet_says() {
    let mut wrong = submitted();
    mnist(&mut wrong, |run| run.evaluation.test.correct = 9_899);
    let score = score(&rubric(), &wrong);
    let files = export::files(&score, 1.5).unwrap();
    let content = |name: &str| files.iter().find(|file| file.name == name).unwrap().content.clone();
    let gradescope: serde_json::Value = serde_json::from_str(&content("results.json")).unwrap();
    let total: f64 =
        gradescope["tests"].as_array().unwrap().iter().map(|test| test["score"].as_f64().unwrap()).sum();
    assert_eq!(total, score.points());
    assert_eq!(gradescope["execution_time"], 2);
    let classroom: serde_json::Value = serde_json::from_str(&content("classroom.json")).unwrap();
    assert_eq!(classroom["status"], "fail");
    assert_eq!(content("junit.xml").matches("<failure").count(), 1);
    assert!(content("report.md").contains("| P1.2 "));
    let lost: Vec<String> =
        content("grade.csv").lines().filter(|line| line.contains(",false,")).map(str::to_owned).collect();
    assert!(lost.len() == 1 && lost[0].starts_with("P1.2,P1.2,0,15,false,9899,9900,"), "{lost:?}");
}
