//! What a verification finds, and what it says that it did not look at.
//!
//! The submitted records stand in for what is computed: a study that only reads them again finds the same differences
//! as one that trains for an hour, because what was computed is equal to them.

use super::*;
use crate::registry::EXPERIMENTS;
use crate::study::Progress;
use crate::study::draw::{Draw, MINUTES};
use records::store;
use rstest::rstest;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The place of a number in a record: its path, and the number.
type Leaf = (String, Value);

/// What is replayed stands in the folder that the context names as that of the rubric.
fn replayed(context: &Context, file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(context.rubric.join(file)).unwrap()).unwrap()
}

/// In place of training: the part of the submitted record with this id.
fn replay_part(context: &Context, part: &Part, _: Progress) -> Result<Value, ExperimentError> {
    let has_it = |it: &&Experiment| it.study().is_some_and(|(_, study)| (study.parts)().contains(part));
    let experiment = EXPERIMENTS.iter().find(has_it).unwrap();
    let mut records = Records::default();
    experiment.read(&context.rubric, &mut records).unwrap();
    let parts = experiment.parts_in(&records)?;
    Ok(parts.into_iter().find(|(id, _)| *id == part.id).unwrap().1)
}

fn replay(experiment: &Experiment) -> Experiment {
    let study = experiment.study().unwrap().1;
    Experiment { kind: Computed::Parts(Study { compute: replay_part, ..*study }), ..*experiment }
}

fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)
}

/// One for all tests, so that MNIST is loaded once.
static CONTEXT: LazyLock<Context> =
    LazyLock::new(|| Context { rubric: repository("results"), ..Context::for_tests(repository("data")) });

fn context() -> Context {
    CONTEXT.clone()
}

/// What a verification gives of a record that was altered.
fn verified(experiment: &Experiment, plan: &Plan, record: &Value) -> Recomputed {
    let folder = tempfile::tempdir().unwrap();
    for file in experiment.files {
        std::fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
        std::fs::copy(repository("results").join(file), folder.path().join(file)).unwrap();
    }
    store::write_json(folder.path().join(experiment.files[0]), record).unwrap();
    recompute(&context(), folder.path(), &[&replay(experiment)], plan)
}

/// Every number of a record, in order, with its pointer.
fn numbers(value: &Value, at: String, found: &mut Vec<Leaf>) {
    match value {
        Value::Number(_) => found.push((at, value.clone())),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| numbers(item, format!("{at}/{i}"), found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| numbers(field, format!("{at}/{name}"), found))
        }
        _ => {}
    }
}

/// A number a little larger.
fn edited(number: &Value) -> Value {
    number
        .as_u64()
        .map_or_else(|| Value::from(number.as_f64().unwrap() + 0.001), |count| Value::from(count + 1))
}

fn of(id: &str) -> &'static Experiment {
    EXPERIMENTS.iter().find(|experiment| experiment.id == id).unwrap()
}

fn draw(number: u64, minutes: f64, experiment: &Experiment) -> Plan {
    Draw { number, minutes }.plan(experiment.study())
}

fn ids() -> Vec<&'static str> {
    EXPERIMENTS.iter().map(|experiment| experiment.id).collect()
}

/// A number at the beginning, in the middle and at the end of every record.
#[test]
fn an_edited_number_is_found_or_was_said_not_to_be_computed() {
    for experiment in &EXPERIMENTS {
        let record = replayed(&context(), experiment.files[0]);
        let mut all = Vec::new();
        numbers(&record, String::new(), &mut all);
        for (i, place) in [0, all.len() / 2, all.len() - 1].into_iter().enumerate() {
            let (pointer, number) = &all[place];
            let mut altered = record.clone();
            *altered.pointer_mut(pointer).unwrap() = edited(number);
            let full = verified(experiment, &Plan::full(), &altered);
            assert!(!full.differences.is_empty(), "{pointer} of {} in full", experiment.id);
            let short = verified(experiment, &draw(i as u64, 4.0, experiment), &altered);
            let lines: Vec<String> = short.coverage.iter().map(Coverage::line).collect();
            assert!(
                !short.differences.is_empty() || said_not_computed(&short.coverage[0], pointer),
                "{pointer} of {}: {lines:?}",
                experiment.id
            );
            let sampled = matches!(short.coverage[0].extent, Extent::Sampled { .. });
            assert!(!sampled || experiment.id.starts_with("mnist-"), "{}", experiment.id);
        }
    }
}

/// Whether the coverage says that nothing was computed of the part in which a number stands.
fn said_not_computed(coverage: &Coverage, pointer: &str) -> bool {
    let place =
        pointer.strip_prefix("/parts/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
    match (&coverage.extent, place) {
        (Extent::Sampled { computed, parts, .. }, Some(place)) => !computed.contains(&parts[place]),
        _ => false,
    }
}

#[test]
fn the_submitted_records_are_verified_in_full_and_by_a_draw() {
    for id in ids() {
        let (experiment, record) = (of(id), replayed(&context(), of(id).files[0]));
        for plan in [Plan::full(), draw(1, 5.0, experiment)] {
            let recomputed = verified(experiment, &plan, &record);
            assert!(
                recomputed.failures.is_empty() && recomputed.differences.is_empty(),
                "{id}: {recomputed:?}"
            );
        }
    }
}

/// The headline forged: fifteen more right digits in every run of the recipe.
#[test]
fn the_forged_headline_is_found_in_any_draw() {
    let experiment = of("mnist-recipe");
    let mut record = replayed(&context(), experiment.files[0]);
    for part in record["parts"].as_array_mut().unwrap() {
        part["held_out"]["correct"] = (part["held_out"]["correct"].as_u64().unwrap() + 15).into();
    }
    let nothing_computed = verified(experiment, &draw(1, 0.0, experiment), &record);
    let found: BTreeSet<&str> = nothing_computed.differences.iter().map(|it| &it.key[..]).collect();
    assert!((0..10).all(|i| found.contains(&format!("parts[{i}].held_out.correct")[..])), "{found:?}");
    // The conclusions do not follow either.
    assert!(found.contains("conclusions.recipe.accuracy.estimate"));
}

/// A forger who is careful: counts, errors, bins (also those at the temperature) and conclusions agree with each other.
fn carefully_forged(places: impl Iterator<Item = usize>) -> Value {
    let experiment = of("mnist-recipe");
    let mut record = replayed(&context(), experiment.files[0]);
    for place in places {
        let part = &mut record["parts"][place];
        part["mistakes"].as_array_mut().unwrap().pop();
        part["held_out"]["correct"] = (part["held_out"]["correct"].as_u64().unwrap() + 1).into();
        for pointer in ["/reliability", "/tempered/reliability"] {
            let bins = part.pointer_mut(pointer).unwrap().as_array_mut().unwrap();
            let bin = bins.iter_mut().find(|bin| bin[0].as_u64() > bin[1].as_u64()).unwrap();
            bin[1] = (bin[1].as_u64().unwrap() + 1).into();
        }
    }
    let study = experiment.study().unwrap().1;
    let parts = record["parts"].as_array().unwrap().clone();
    serde_json::from_slice(&study.files(experiment.header(), parts).unwrap()[0]).unwrap()
}

#[test]
fn a_careful_forgery_is_found_where_a_part_of_it_is_drawn_and_is_said_not_to_be_looked_at_elsewhere() {
    let experiment = of("mnist-recipe");
    let everywhere = carefully_forged(0..10);
    let unseen = verified(experiment, &draw(1, 0.0, experiment), &everywhere);
    assert_eq!(unseen.differences, []);
    assert!(
        unseen.coverage[0]
            .line()
            .contains("0 of 10 parts computed in full; no number computed of recipe-301 .. recipe-310")
    );
    for number in 0..5 {
        let seen = verified(experiment, &draw(number, 10.0, experiment), &everywhere);
        assert!(seen.differences.iter().any(|it| it.key.ends_with("held_out.correct")), "{number}");
    }
    // In one part it is found as often as the coverage says.
    let (once, mut found) = (carefully_forged(3..4), 0);
    for number in 0..60 {
        let seen = verified(experiment, &draw(number, 10.0, experiment), &once);
        assert!((seen.coverage[0].extent.found(1) - 0.1).abs() < 1e-12);
        let drawn = !said_not_computed(&seen.coverage[0], "/parts/3/seed");
        assert_eq!(drawn, !seen.differences.is_empty());
        found += usize::from(drawn);
    }
    // 60 draws with probability 0.1: 6, with a standard deviation of 2.3.
    assert!((1..=15).contains(&found), "{found}");
}

#[rstest]
#[case::a_dropped_part(|parts: &mut Vec<Value>| { parts.pop(); }, "parts: submitted 9 parts: the study has 10")]
#[case::an_invented_part(
    |parts: &mut Vec<Value>| parts.push(parts[0].clone()),
    "parts: submitted 11 parts: the study has 10"
)]
#[case::a_part_twice(
    |parts: &mut Vec<Value>| parts[4] = parts[3].clone(),
    "parts[4].id: submitted recipe-304: the study's part 5 is recipe-305"
)]
#[case::a_swapped_pair(
    |parts: &mut Vec<Value>| parts.swap(2, 7),
    "parts[2].id: submitted recipe-308: the study's part 3 is recipe-303"
)]
#[case::a_part_without_an_id(
    |parts: &mut Vec<Value>| drop(parts[0].as_object_mut().unwrap().remove("id")),
    "parts[0].id: submitted none"
)]
fn parts_that_are_not_the_studys_are_named(#[case] alter: fn(&mut Vec<Value>), #[case] message: &str) {
    let experiment = of("mnist-recipe");
    let mut record = replayed(&context(), experiment.files[0]);
    alter(record["parts"].as_array_mut().unwrap());
    let recomputed = verified(experiment, &draw(1, 10.0, experiment), &record);
    let found = recomputed.differences[0].to_string();
    assert!(found.contains(message), "{found}");
    assert_eq!(recomputed.compared, 0);
}

/// A request may name parts. One that is not there is not passed over.
#[rstest]
#[case::no_part_of_the_study("mnist-recipe", "recipe-1", "mnist-recipe has no part `recipe-1`")]
#[case::no_part_of_theory("theory", "recipe-1", "theory has no part `recipe-1`")]
fn a_part_that_cannot_be_drawn_is_refused(#[case] id: &str, #[case] part: &str, #[case] why: &str) {
    let plan = Plan::of_parts(id, vec![part.to_owned()]);
    let recomputed = verified(of(id), &plan, &replayed(&context(), of(id).files[0]));
    assert!(recomputed.failures[id].contains(why), "{:?}", recomputed.failures);
    assert_eq!(recomputed.compared, 0);
}

/// What is no record of the study is a difference, also where nothing is computed; the control is the record itself.
#[rstest]
#[case::of_parts("iris-efron")]
#[case::of_its_own_layout("iris")]
#[case::with_weights("mnist")]
fn a_record_that_is_something_else_is_a_difference(#[case] id: &str) {
    let nothing = Plan::of_parts(id, Vec::new());
    let record = replayed(&context(), of(id).files[0]);
    assert_eq!(verified(of(id), &nothing, &record).differences, []);
    let recomputed = verified(of(id), &nothing, &Value::from(1));
    assert!(recomputed.differences[0].to_string().contains("not what"), "{:?}", recomputed.differences);
    assert!(recomputed.failures.is_empty(), "{:?}", recomputed.failures);
}

#[test]
fn a_draw_of_all_parts_is_a_verification_in_full() {
    let (experiment, record) = (of("mnist-original"), replayed(&context(), "mnist-original.json"));
    let all = verified(experiment, &draw(1, 1000.0, experiment), &record);
    assert_eq!(all.coverage[0].extent, Extent::Full);
}

/// What a draw finds outside of the parts, whatever it draws.
#[rstest]
#[case::a_conclusion("/conclusions/recipe/correct/0", "conclusions.recipe.correct[0]")]
#[case::the_question("/question", "question")]
#[case::a_hash_of_the_data(
    "/data_sha256/mnist~1t10k-labels-idx1-ubyte.gz",
    "data_sha256.mnist/t10k-labels-idx1-ubyte.gz"
)]
fn what_stands_beside_the_parts_is_always_compared(#[case] pointer: &str, #[case] key: &str) {
    let experiment = of("mnist-recipe");
    let mut record = replayed(&context(), experiment.files[0]);
    *record.pointer_mut(pointer).unwrap() = "x".into();
    let recomputed = verified(experiment, &draw(1, 0.0, experiment), &record);
    assert!(recomputed.differences.iter().any(|it| it.key == key), "{:?}", recomputed.differences);
}

#[test]
fn a_budget_of_minutes_draws_runs_of_the_studies_that_the_report_says() {
    let studies = || EXPERIMENTS.iter().filter_map(Experiment::study);
    let plans = [MINUTES, 2.0, 4.0, 10.0, 20.0].map(|minutes| Draw { number: 1, minutes }.plan(studies()));
    let is_drawn = |id: &str| plans.each_ref().map(|plan| !plan.parts(id).unwrap().is_empty());
    assert_eq!(is_drawn("mnist-sprint"), [true, true, true, true, true]);
    assert_eq!(is_drawn("mnist-small"), [false, true, true, true, true]);
    assert_eq!(is_drawn("mnist-selection"), [false, true, true, true, true]);
    assert_eq!(is_drawn("mnist-choice"), [false, false, true, true, true]);
    assert_eq!(is_drawn("mnist-original"), [false, false, false, true, true]);
    assert_eq!(is_drawn("mnist-recipe"), [false, false, false, false, true]);
}
