//! `coursework hand-in`: what was done in the pages.

use crate::{coursework, done, refused, root, stdout};
use std::path::Path;
use std::process::Output;

/// What a page saves in which T2 was computed and its guess made, and no other.
const SAVED: &str = r#"{
  "format": "worked-gradients-hand-in",
  "version": 1,
  "widgets": [
    {
      "widget": "std_dev",
      "page": "t2.html",
      "state": [
        ["x", "-1"],
        ["x", "3"],
        ["guess", "0"]
      ],
      "guess": "0",
      "receipts": [
        "RECEIPT"
      ]
    }
  ]
}
"#;

/// The hash of what the command prints for the same inputs.
fn receipt() -> String {
    let printed = done(&["theory", "std-dev", "--inputs=-1,3", "--ddof", "0", "--json"]);
    records::sha256_hex(printed.as_bytes())
}

fn hand_in(folder: &Path, receipt: &str) -> Output {
    let file = folder.join("hand-in.json");
    std::fs::write(&file, SAVED.replace("RECEIPT", receipt)).unwrap();
    coursework(&["hand-in", file.to_str().unwrap()])
}

#[test]
fn a_receipt_is_what_the_command_prints_and_another_is_refused() {
    let (folder, receipt) = (tempfile::tempdir().unwrap(), receipt());
    let right = hand_in(folder.path(), &receipt);
    let printed = stdout(&right);
    // What lacks are the guesses that the other pages ask for.
    assert_eq!(right.status.code(), Some(1), "{printed}");
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "\"std_dev\": guess \"0\"; receipts: 1");
    assert!(lines[1].starts_with("hand-in.json: cross_entropy: no guess"), "{printed}");
    assert!(!printed.contains("std_dev: the receipt"), "{printed}");
    let last = if receipt.ends_with('0') { "1" } else { "0" };
    let wrong = stdout(&hand_in(folder.path(), &format!("{}{last}", &receipt[..63])));
    assert!(wrong.contains("hand-in.json: std_dev: the receipt"), "{wrong}");
}

#[test]
fn the_check_of_its_criterion_reads_the_file() {
    let (folder, receipt) = (tempfile::tempdir().unwrap(), receipt());
    hand_in(folder.path(), &receipt);
    let [from, file] = ["", "hand-in.json"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    let verdict = done(&[
        "check",
        "H",
        "--from",
        &from,
        "--submitted",
        "results",
        "--rubric",
        "rubric.toml",
        "--hand-in",
        &file,
        "--inputs",
        "1",
    ]);
    assert!(verdict.starts_with("{\"met\":false,\"evidence\":{\"number\":4.0"), "{verdict}");
    assert!(verdict.contains("cross_entropy: no guess; answer its question on t1.html"), "{verdict}");
    assert!(verdict.contains("; and 1 more"), "{verdict}");
}

/// Nothing lies at the top of this repository.
#[test]
fn nothing_handed_in_is_said_on_the_sheet_and_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(root().join("rubric.toml")).unwrap();
    let mut rubric: toml::Table = text.parse().unwrap();
    rubric["criterion"].as_array_mut().unwrap().retain(|it| it["id"].as_str() == Some("H"));
    rubric.insert("pass".to_owned(), 0.into());
    let file = folder.path().join("rubric.toml");
    std::fs::write(&file, rubric.to_string()).unwrap();
    let [file, score] = [file, folder.path().join("score")].map(|path| path.to_str().unwrap().to_owned());
    let sheet = done(&["grade", "--strict", "--rubric", &file, "--score", &score]);
    assert!(sheet.contains("not met     0 / 0     H"), "{sheet}");
    assert!(sheet.contains("nothing was handed in: there is no hand-in.json"), "{sheet}");
}

#[test]
fn what_is_no_hand_in_is_refused() {
    let message = refused(&["hand-in", "no-such.json"]);
    assert!(message.contains("there is no no-such.json; save it under a widget of the book"), "{message}");
    let message = refused(&["hand-in", "rubric.toml"]);
    assert!(message.contains("rubric.toml is not what a page of the book saves"), "{message}");
}
