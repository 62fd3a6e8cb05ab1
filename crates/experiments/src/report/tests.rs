//! The report of the submitted records. What claims are decided on altered ones stands beside the claims.

use super::*;
use std::path::Path;

fn context() -> Context {
    Context::for_tests(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data"))
}

/// The submitted records.
fn submitted() -> Records {
    let mut records = Records::default();
    complete(&context(), &mut records).unwrap();
    records
}

fn derived(records: &mut Records) -> serde_json::Value {
    let report = EXPERIMENTS.iter().find(|experiment| experiment.id == "report").unwrap();
    let artifacts = report.run(&context(), records).unwrap();
    assert_eq!(artifacts.iter().map(|artifact| artifact.name.as_str()).collect::<Vec<_>>(), FILES);
    serde_json::from_slice(&artifacts[0].bytes).unwrap()
}

#[test]
fn the_submitted_report_is_derived_from_the_submitted_records() {
    let recomputed = crate::grade::recompute(
        &context(),
        &context().results_dir,
        &EXPERIMENTS.iter().filter(|experiment| experiment.id == "report").collect::<Vec<_>>(),
        &crate::study::draw::Plan::full(),
    );
    assert!(
        recomputed.failures.is_empty() && recomputed.compared == FILES.len(),
        "{:?}",
        recomputed.failures
    );
    assert_eq!(recomputed.differences, []);
}

#[test]
fn the_hashes_are_those_of_the_submitted_files() {
    let mut records = submitted();
    let record = derived(&mut records);
    let derived_from = record["derived_from"].as_object().unwrap();
    for (file, sha256) in derived_from.iter().filter(|(file, _)| *file != "../rubric.toml") {
        let bytes = std::fs::read(context().results_dir.join(file)).unwrap();
        assert_eq!(sha256.as_str().unwrap(), sha256_hex(&bytes), "{file}");
    }
    let of_others =
        EXPERIMENTS.iter().filter(|it| !matches!(it.kind, Kind::Derived(_))).flat_map(|it| it.files);
    let mut expected: Vec<&str> = of_others.copied().chain(["../rubric.toml"]).collect();
    expected.sort_unstable();
    assert_eq!(derived_from.keys().map(String::as_str).collect::<Vec<_>>(), expected);
}

/// The network's weights and the rubric's bars are quoted; points are not.
#[test]
fn what_is_derived_is_derived_from_the_network_and_the_bars_too() {
    let rubric = std::fs::read_to_string(context().rubric).unwrap();
    let altered = |from: &str, to: &str| {
        assert!(rubric.contains(from), "{from}");
        judged(&rubric.replacen(from, to, 1))
    };
    assert_eq!(altered("points = 8", "points = 9"), judged(&rubric));
    for (from, to) in [
        ("bar = 1e-12", "bar = 1e-11"),
        ("check = \"graph\"", "check = \"mnist\""),
        ("id = \"T1a\"", "id = \"T1\""),
    ] {
        assert_ne!(altered(from, to), judged(&rubric), "{to}");
    }
}

/// The table of parameters is that of the code, and no run can change it.
#[test]
fn the_parameters_by_hand_are_those_of_a_network_of_4_40_3() {
    let record = derived(&mut submitted());
    let tables = record["tables"].as_array().unwrap();
    let table = tables.iter().find(|table| table["id"] == "p2-parameters").unwrap();
    let counts: Vec<&str> =
        table["rows"].as_array().unwrap().iter().map(|row| row[3].as_str().unwrap()).collect();
    assert_eq!(counts, ["160", "40", "120", "3", "323"]);
}

#[test]
fn every_claim_table_and_figure_has_an_id_of_its_own() {
    let record = derived(&mut submitted());
    for kind in ["claims", "tables", "figures"] {
        let mut ids: Vec<&str> =
            record[kind].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{kind}");
    }
}

#[test]
fn every_row_is_as_wide_as_its_head() {
    let record = derived(&mut submitted());
    let tables = record["tables"].as_array().unwrap().iter();
    let data = record["figures"].as_array().unwrap().iter().map(|figure| &figure["data"]);
    for table in tables.chain(data) {
        let width = table["columns"].as_array().unwrap().len();
        let rows = table["rows"].as_array().unwrap();
        assert!(
            !rows.is_empty() && rows.iter().all(|row| row.as_array().unwrap().len() == width),
            "{}",
            table["id"]
        );
    }
}
