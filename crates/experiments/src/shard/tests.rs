use super::*;
use crate::context::Context;
use crate::registry::{Computed, Experiment};
use crate::study;
use crate::study::ExperimentError;
use crate::study::{FileLayout, Part, Study};
use cnn::kernels::Isa;
use records::{Artifact, Records, store};
use rstest::rstest;
use serde_json::Value;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Seven parts, whose values are hard on a text: neighbours of 0.1, tiny and negative-zero numbers, long lists.
fn parts() -> Vec<Part> {
    (0..7).map(|seed| Part { id: format!("seed-{seed}"), work: 1 }).collect()
}

/// One of another configuration.
fn eight_parts() -> Vec<Part> {
    let mut parts = parts();
    parts.push(Part { id: "seed-7".to_owned(), work: 1 });
    parts
}

/// Ten epochs.
fn compute_part(_: &Context, part: &Part, progress: study::Progress) -> Result<Value, ExperimentError> {
    let seed: u32 = part.id.trim_start_matches("seed-").parse().unwrap();
    let row =
        |epoch: u32| json!({ "epoch": epoch, "loss": 0.1_f64.powi(epoch as i32) * f64::from(seed + 1) });
    let history: Vec<Value> = (1..=10).map(row).collect();
    progress(part.work);
    Ok(
        json!({ "seed": seed, "rate": f64::from(seed) / 3.0, "zero": -0.0, "history": history, "right": 90 + seed }),
    )
}

fn conclude(parts: &[Value]) -> Result<Value, ExperimentError> {
    let rates: Vec<f64> = parts.iter().filter_map(|part| part["rate"].as_f64()).collect();
    let right: u64 = parts.iter().filter_map(|part| part["right"].as_u64()).sum();
    Ok(
        json!({ "mean_rate": numerics::reduce::sum(rates.iter().copied()) / rates.len() as f64, "right": right }),
    )
}

const STUDY: Study = Study::in_full(parts, compute_part, FileLayout::Parts(conclude));

const EXPERIMENT: Experiment = Experiment {
    id: "squares",
    question: "what do seven seeds give?",
    hypothesis: "numbers",
    refuted_by: "no numbers",
    chosen_on: "nothing was chosen",
    data: &[],
    files: &["squares.json"],
    kind: Computed::Parts(STUDY),
};

const DERIVED: Experiment =
    Experiment { id: "whole", kind: Computed::Derived(|_, _, _| Ok(Vec::new())), ..EXPERIMENT };

fn context(results: &Path) -> Context {
    Context { results_dir: results.to_owned(), isa: Isa::Scalar, ..Context::for_tests("data") }
}

fn single_run() -> Vec<Artifact> {
    EXPERIMENT.run(&context(Path::new("results")), &mut Records::default()).unwrap()
}

/// A folder of records with these shards of a division, as `run --shard` writes them.
fn folder_with(shards: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for shard in shards {
        write(folder.path(), &EXPERIMENT, shard);
    }
    folder
}

fn write(results: &Path, experiment: &Experiment, shard: &str) -> PathBuf {
    let study = study(experiment, &[]).unwrap();
    let artifact = compute(experiment, study, shard.parse().unwrap(), &context(results)).unwrap();
    let path = results.join(&artifact.name);
    store::write_atomically(&path, &artifact.bytes).unwrap();
    path
}

fn merged(results: &Path) -> Result<Vec<Artifact>, String> {
    let study = study(&EXPERIMENT, &[]).unwrap();
    find(results, "squares")
        .and_then(|shards| merge(&EXPERIMENT, study, &shards))
        .map_err(|error| error.to_string())
}

#[rstest]
#[case::one(&["1/1"])]
#[case::three_computed_backwards(&["3/3", "2/3", "1/3"])]
#[case::as_many_as_parts(&["1/7", "2/7", "3/7", "4/7", "5/7", "6/7", "7/7"])]
#[case::more_than_parts(&["9/9", "1/9", "2/9", "3/9", "4/9", "5/9", "6/9", "7/9", "8/9"])]
fn merged_shards_are_the_file_of_a_single_run(#[case] shards: &[&str]) {
    let folder = folder_with(shards);
    assert_eq!(merged(folder.path()).unwrap(), single_run());
}

#[test]
fn the_order_in_which_shards_are_given_does_not_matter() {
    let folder = folder_with(&["1/3", "2/3", "3/3"]);
    let mut shards = find(folder.path(), "squares").unwrap();
    for _ in 0..3 {
        shards.rotate_left(1);
        let study = study(&EXPERIMENT, &[]).unwrap();
        let merged = merge(&EXPERIMENT, study, &shards).unwrap();
        assert_eq!(merged, single_run());
    }
}

#[test]
fn every_part_falls_to_one_shard() {
    let all = parts();
    let of = |index| Shard::new(index, 3).unwrap().of(&all);
    assert_eq!(of(2).iter().map(|part| part.id.as_str()).collect::<Vec<_>>(), ["seed-1", "seed-4"]);
    assert_eq!((1..=3).map(|index| of(index).len()).sum::<usize>(), all.len());
}

#[test]
fn the_shards_of_another_experiment_are_left_alone() {
    let folder = folder_with(&["1/1"]);
    write(folder.path(), &Experiment { id: "squares-again", ..EXPERIMENT }, "1/2");
    assert_eq!(merged(folder.path()).unwrap(), single_run());
}

#[rstest]
#[case::one(&["1/3", "3/3"], "missing 2/3;")]
#[case::two(&["2/3"], "missing 1/3, 3/3;")]
fn a_missing_shard_is_named(#[case] shards: &[&str], #[case] message: &str) {
    let error = merged(folder_with(shards).path()).unwrap_err();
    assert!(error.contains(message), "{error}");
}

#[test]
fn a_doubled_shard_is_named_with_both_files() {
    let folder = folder_with(&["1/2", "2/2"]);
    let file = |name: &str| folder.path().join(FOLDER).join(name);
    std::fs::copy(file("squares.2-of-2.json"), file("squares.copy.json")).unwrap();
    let error = merged(folder.path()).unwrap_err();
    assert!(error.starts_with("shard 2/2 stands in"), "{error}");
    assert!(error.contains("squares.2-of-2.json") && error.contains("squares.copy.json"), "{error}");
}

#[test]
fn shards_of_two_divisions_are_refused() {
    let error = merged(folder_with(&["1/2", "2/2", "3/3"]).path()).unwrap_err();
    assert!(error.contains("remove those of one division"), "{error}");
}

#[rstest]
#[case::of_other_parts(Experiment { kind: Computed::Parts(Study { parts: eight_parts, ..STUDY }), ..EXPERIMENT })]
#[case::of_another_question(Experiment { question: "what else?", ..EXPERIMENT })]
#[case::of_other_data(Experiment { data: &[data::iris::FILE], ..EXPERIMENT })]
fn a_shard_of_another_configuration_is_refused(#[case] other: Experiment) {
    let folder = folder_with(&["1/2"]);
    write(folder.path(), &other, "2/2");
    let error = merged(folder.path()).unwrap_err();
    assert!(error.contains("2-of-2.json is of another configuration"), "{error}");
}

#[rstest]
#[case::a_digit("\"right\": 91", "\"right\": 97", "SHA-256")]
#[case::the_last_digit_of_a_number("0.3333333333333333,", "0.3333333333333334,", "SHA-256")]
#[case::a_part_of_another_name("\"seed-3\"", "\"seed-4\"", "not those of this shard")]
#[case::another_shard("\"shard\": \"2/2\"", "\"shard\": \"1/2\"", "not those of this shard")]
#[case::no_shard("\"shard\": \"2/2\"", "\"shard\": \"3/2\"", "`3/2` is no shard")]
#[case::another_experiment(
    "\"experiment\": \"squares\"",
    "\"experiment\": \"cubes\"",
    "another configuration"
)]
#[case::an_unknown_key("\"id\"", "\"name\"", "not what was expected")]
#[case::no_json("{", "", "not what was expected")]
fn an_altered_shard_is_refused(#[case] from: &str, #[case] to: &str, #[case] message: &str) {
    let folder = folder_with(&["1/2", "2/2"]);
    let path = folder.path().join(FOLDER).join("squares.2-of-2.json");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let error = merged(folder.path()).unwrap_err();
    assert!(error.contains(message) && error.contains("2-of-2.json"), "{error}");
}

#[test]
fn a_shard_without_one_of_its_parts_is_refused() {
    let folder = folder_with(&["1/2", "2/2"]);
    let mut shards = find(folder.path(), "squares").unwrap();
    shards[1].1.parts.pop();
    let error = merge(&EXPERIMENT, study(&EXPERIMENT, &[]).unwrap(), &shards);
    assert!(error.unwrap_err().to_string().contains("not those of this shard"));
}

#[test]
fn a_derived_experiment_has_no_shards() {
    let error = study(&DERIVED, &[DERIVED, EXPERIMENT]).unwrap_err().to_string();
    assert!(
        error.contains("whole is derived from other records") && error.contains("there are: squares"),
        "{error}"
    );
}

#[rstest]
fn what_is_no_shard_is_refused(
    #[values("", "1", "0/3", "4/3", "1/0", "-1/3", "a/b", "1/3/3", "1 of 3")] text: &str,
) {
    let error = text.parse::<Shard>().unwrap_err().to_string();
    assert!(error.contains(&format!("`{text}`")) && error.contains("2/8"), "{error}");
}
