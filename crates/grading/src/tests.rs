use super::*;
use crate::score::read_again;
use experiments::context::Context;
use experiments::registry::{Computed, EXPERIMENTS, Experiment};
use experiments::study::draw::Plan;
use experiments::study::{Part, Progress, Study};
use experiments::verify::{Coverage, Extent, Recomputed, Reference, compare, recompute};
use records::{Artifact, Records};
use rubric::{Criterion, Rubric};
use std::path::Path;
use std::sync::LazyLock;

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
    kind: Computed::Derived(|_, _, _| Ok(Vec::new())),
    ..EXPERIMENTS[0]
};

/// The submitted records, as if they had just been recomputed.
pub(super) fn submitted() -> Recomputed {
    static READ: LazyLock<Recomputed> = LazyLock::new(read);
    READ.clone()
}

fn read() -> Recomputed {
    let records = records_of(&["theory", "iris", "mnist"]);
    let all = || EXPERIMENTS.iter().chain([&DERIVED]);
    let files = all().map(|experiment| experiment.files.len()).sum();
    let coverage = all().map(covered).collect();
    let draw = Some("--spot-check 7 --minutes 1".to_owned());
    let mut read = Recomputed { files, compared: files, coverage, draw, ..read_again(&rubric(), &records) };
    criteria::put(&mut read, Ok(hand_in::tests::whole()));
    read
}

/// The submitted records of these experiments.
fn records_of(ids: &[&str]) -> Records {
    let results = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results");
    let mut records = Records::default();
    for experiment in EXPERIMENTS.iter().filter(|it| ids.contains(&it.id)) {
        experiment.read(&results, &mut records).unwrap();
    }
    records
}

/// What a draw covers that takes the second part of each long study.
fn covered(experiment: &Experiment) -> Coverage {
    let extent = match &experiment.kind {
        Computed::Derived(_) => Extent::Derived,
        Computed::Parts(study) if study.seconds.is_some() => {
            let parts: Vec<String> = (study.parts)().into_iter().map(|part| part.id).collect();
            Extent::Sampled { computed: vec![parts[1].clone()], parts, always: 0 }
        }
        Computed::Parts(_) => Extent::Full,
    };
    Coverage { experiment: experiment.id.to_owned(), files: experiment.files.len(), extent }
}

/// The ids of the criteria that are not met.
pub(super) fn not_met(recomputed: &Recomputed) -> Vec<String> {
    let sheet = score(&rubric(), recomputed);
    sheet.rows.into_iter().filter(|row| !row.met()).map(|row| row.criterion.id).collect()
}

/// The submitted records after the first control of a criterion's check, which costs this criterion alone.
pub(super) fn losing(id: &str) -> Recomputed {
    let rubric = rubric();
    let criterion = rubric.criteria.iter().find(|criterion| criterion.id == id).unwrap();
    let mut wrong = submitted();
    criterion.check.controls[0](&mut wrong, criterion.bar);
    wrong
}

#[test]
fn the_submitted_records_meet_every_criterion() {
    let sheet = score(&rubric(), &submitted());
    assert_eq!(not_met(&submitted()), [""; 0]);
    assert_eq!(sheet.points(), sheet.possible());
    assert!(sheet.passes(true) && sheet.passes(false));
}

#[test]
fn a_record_that_no_check_looks_into_is_not_read() {
    let records = records_of(&["theory", "iris", "iris-factors"]);
    let read = read_again(&rubric(), &records);
    let experiments: std::collections::BTreeSet<&str> = read.parts.keys().map(|(id, _)| &id[..]).collect();
    assert_eq!(experiments.into_iter().collect::<Vec<_>>(), ["iris", "theory"]);
    // The control: it would be, if a criterion named its file.
    let mut rubric = rubric();
    rubric.criteria[0].evidence.push("iris-factors.json".to_owned());
    assert!(read_again(&rubric, &records).parts.keys().any(|(id, _)| id == "iris-factors"));
}

#[test]
fn the_score_sheet_reads_well() {
    insta::assert_snapshot!(sheet::text(&scored_tests::with_tests(score(&rubric(), &submitted()))));
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
    let on_theory = |criterion: &Criterion| criterion.evidence == ["theory.json"];
    let expected = rubric().criteria.into_iter().filter(on_theory).map(|criterion| criterion.id);
    assert_eq!(met, expected.collect::<Vec<_>>());
}

/// An answer that is not written yet.
#[test]
fn a_panic_is_told_in_its_own_words() {
    let theory = EXPERIMENTS.iter().find(|experiment| experiment.id == "theory").unwrap();
    let compute = |_: &Context, _: &Part, _: Progress| panic!("not yet implemented: {}", "T2.2");
    let unwritten = Study { compute, ..*theory.study().unwrap().1 };
    let unwritten = Experiment { kind: Computed::Parts(unwritten), ..*theory };
    let recomputed = recompute(&context("data"), Path::new("nowhere"), &[&unwritten], &Plan::full());
    assert_eq!(recomputed.failures["theory"], "it panicked: not yet implemented: T2.2");
}

#[test]
fn the_pass_mark_decides_but_not_strictly() {
    let wrong = losing("P1.2");
    let lenient = Rubric { pass: 0.6 * rubric().possible(), ..rubric() };
    let sheet = score(&lenient, &wrong);
    assert!(sheet.points() < sheet.possible());
    assert!(sheet.passes(false) && !sheet.passes(true));
    assert!(!score(&rubric(), &wrong).passes(false));
}

/// The sheet where what was done in the pages is worth these points, and nothing of it was handed in.
fn without_hand_in(points: f64) -> ScoreSheet {
    let mut rubric = rubric();
    let criterion = rubric.criteria.iter_mut().find(|it| it.rests_on_hand_in()).unwrap();
    criterion.points = points;
    let nothing = losing(&criterion.id);
    score(&rubric, &nothing)
}

#[test]
fn nothing_handed_in_costs_nothing_unless_the_course_gives_it_points() {
    let sheet = without_hand_in(0.0);
    let row = sheet.rows.iter().find(|row| !row.met()).unwrap();
    assert_eq!((row.criterion.id.as_str(), row.costs()), ("H", false));
    assert!(row.evidence().starts_with("nothing was handed in"), "{}", row.evidence());
    assert_eq!(
        (sheet.points(), sheet.possible(), sheet.passes(false), sheet.passes(true)),
        (100.0, 100.0, true, true)
    );
    let [junit, classroom] = ["junit.xml", "classroom.json"].map(|name| {
        export::files(&sheet, 1.5).unwrap().into_iter().find(|file| file.name == name).unwrap().content
    });
    assert!(junit.contains("failures=\"0\"") && junit.matches("<skipped").count() == 1, "{junit}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&classroom).unwrap()["status"], "pass");
    let with_points = without_hand_in(4.0);
    assert_eq!((with_points.points(), with_points.possible()), (100.0, 104.0));
    assert!(with_points.passes(false) && !with_points.passes(true));
    let junit = export::files(&with_points, 1.5).unwrap().into_iter().find(|file| file.name == "junit.xml");
    assert!(junit.unwrap().content.contains("failures=\"1\""));
}

#[test]
fn the_score_files_say_what_the_sheet_says() {
    let score = score(&rubric(), &losing("P1.2"));
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
