//! What the report says, on the submitted records and on altered ones.

use super::*;
use cnn::kernels::Isa;
use std::path::Path;

fn context() -> Context {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Context {
        data_dir: root.join("data"),
        results_dir: root.join("results"),
        rubric: root.join("rubric.toml"),
        isa: Isa::detect(),
        show_progress: false,
    }
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

fn holds(record: &serde_json::Value, id: &str) -> bool {
    let claims = record["claims"].as_array().unwrap();
    claims.iter().find(|claim| claim["id"] == id).unwrap()["holds"].as_bool().unwrap()
}

#[test]
fn the_submitted_report_is_derived_from_the_submitted_records() {
    let recomputed = crate::grade::recompute(
        &context(),
        &context().results_dir,
        &EXPERIMENTS.iter().filter(|experiment| experiment.id == "report").collect::<Vec<_>>(),
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
    for (file, sha256) in record["derived_from"].as_object().unwrap() {
        let bytes = std::fs::read(context().results_dir.join(file)).unwrap();
        assert_eq!(sha256.as_str().unwrap(), sha256_hex(&bytes), "{file}");
    }
}

#[test]
fn a_claim_turns_false_when_its_number_does() {
    let mut records = submitted();
    assert!(holds(&derived(&mut records), "mnist-bar-is-reached"));
    records.mnist.as_mut().unwrap().examination.test.correct = 9_899;
    assert!(!holds(&derived(&mut records), "mnist-bar-is-reached"));
    assert!(!holds(&derived(&mut records), "mnist-counts-the-last-epoch"));
    records.iris.as_mut().unwrap().activations_by_speed.p_value = 0.06;
    assert!(!holds(&derived(&mut records), "activations-differ-in-speed"));
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

#[test]
fn what_the_report_claims_reads_well() {
    let record = derived(&mut submitted());
    let line = |claim: &serde_json::Value| {
        let (id, says, evidence) = (&claim["id"], &claim["says"], &claim["evidence"]);
        let holds = if claim["holds"] == true { "holds" } else { "DOES NOT HOLD" };
        format!(
            "{holds}: {}: {}\n    {}\n",
            id.as_str().unwrap(),
            says.as_str().unwrap(),
            evidence.as_str().unwrap()
        )
    };
    insta::assert_snapshot!(record["claims"].as_array().unwrap().iter().map(line).collect::<String>());
}
