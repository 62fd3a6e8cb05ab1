//! The report of the submitted records. What claims are decided on altered ones stands beside the claims.

use super::*;
use experiments::context::Context;
use records::Records;
use std::path::Path;

fn context() -> Context {
    Context::of_repository(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")))
}

/// The submitted records.
fn submitted() -> Records {
    let mut records = Records::default();
    complete(&context(), &mut records).unwrap();
    records
}

/// The report, without what only the rubric can tell.
fn derived(records: &mut Records) -> serde_json::Value {
    let report =
        experiment(|this, context, records| Ok(derive(this, context, records, Verdicts::default())?));
    let artifacts = report.run(&context(), records).unwrap();
    assert_eq!(artifacts.iter().map(|artifact| artifact.name.as_str()).collect::<Vec<_>>(), files());
    serde_json::from_slice(&artifacts[0].bytes).unwrap()
}

/// A figure that is renamed or taken away leaves its old drawing behind.
#[test]
fn the_folder_of_figures_holds_what_the_sections_draw_and_nothing_else() {
    let folder = context().results_dir.join("figures");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut found: Vec<String> = std::fs::read_dir(folder).unwrap().map(name).collect();
    let mut drawn: Vec<&str> = files().iter().filter_map(|file| file.strip_prefix("figures/")).collect();
    found.sort_unstable();
    drawn.sort_unstable();
    assert_eq!(found, drawn);
}

/// The activations that a drawing names, in its order.
fn activations_in(svg: &str) -> Vec<&str> {
    let texts = svg.split("<text").filter_map(|text| text.split_once('>')?.1.split('<').next());
    texts.filter(|text| ACTIVATIONS.contains(text)).collect()
}

const ACTIVATIONS: [&str; 5] = ["relu", "sigmoid", "tanh", "prelu", "identity"];

/// The colour of a series is that of its place. So an activation has one colour in the whole book when all figures name
/// them in one order.
#[test]
fn an_activation_has_the_same_colour_in_every_figure() {
    let mut figures = 0;
    for file in files().iter().filter(|file| file.starts_with("figures/")) {
        let svg = std::fs::read_to_string(context().results_dir.join(file)).unwrap();
        let named = activations_in(&svg);
        assert_eq!(named, ACTIVATIONS[..named.len()], "{file}");
        figures += usize::from(!named.is_empty());
    }
    assert!(figures > 6, "{figures}");
    // The control: another order is seen.
    assert_eq!(activations_in("<text x=\"1\">tanh</text><text>relu</text><text>cm</text>"), ["tanh", "relu"]);
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
