//! What the command prints of T1 and T2, and what it refuses.

use super::*;
use clap::Parser;
use rstest::rstest;
use std::{fs, io};

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: TheoryArgs,
}

fn call(arguments: &[&str]) -> anyhow::Result<String> {
    let command = Command::try_parse_from(["theory"].iter().chain(arguments))?;
    let mut out = Vec::new();
    run(&command.args, &mut out)?;
    Ok(String::from_utf8(out)?)
}

const OUTPUTS: &str = "0.65,0.43,0.11;0.05,0.51,0.18;0.33,0.21,0.72";

#[rstest]
#[case::by_default(&[], 0.4775438454427519)]
#[case::probabilities(&["--reading", "probabilities"], 0.4775438454427519)]
#[case::normalised(&["--reading", "normalised"], 0.5121971572103864)]
#[case::logits(&["--reading=logits"], 0.8489720134868742)]
fn the_question_has_the_reference_loss_as_json(#[case] reading: &[&str], #[case] mean: f64) {
    let call =
        call(&[&["cross-entropy", "--outputs", OUTPUTS, "--labels", "1,2,3", "--json"], reading].concat());
    let json: serde_json::Value = serde_json::from_str(&call.unwrap()).unwrap();
    assert!((json["mean"].as_f64().unwrap() - mean).abs() <= 1e-15);
    assert!((json["sum"].as_f64().unwrap() - 3.0 * mean).abs() <= 3e-15);
    assert_eq!(json["per_sample"].as_array().unwrap().len(), 3);
}

#[rstest]
#[case::with_a_blank(&["std-dev", "--inputs", "-1,3", "--json"])]
#[case::with_an_equals_sign(&["std-dev", "--inputs=-1, 3", "--ddof", "0", "--json"])]
fn the_question_has_the_reference_deviation_as_json(#[case] arguments: &[&str]) {
    let json: serde_json::Value = serde_json::from_str(&call(arguments).unwrap()).unwrap();
    assert_eq!(json["value"], 2.0);
    assert_eq!(json["gradient"], serde_json::json!([-0.5, 0.5]));
    assert_eq!((json["nodes"].as_array().unwrap().len(), json["edges"].as_array().unwrap().len()), (11, 13));
}

#[rstest]
#[case::the_worked_solutions(&[], "T2.2. At x1 = -1, x2 = 3: the sample standard deviation")]
#[case::a_table_of_losses(
    &["cross-entropy", "--outputs=-1,2", "--labels=2", "--reading=logits"],
    "Reading: logits"
)]
#[case::tables_of_a_deviation(&["std-dev", "--inputs=-1,3", "--ddof=1"], "value     2.8284271247461903")]
fn people_read(#[case] arguments: &[&str], #[case] line: &str) {
    assert!(call(arguments).unwrap().contains(line));
}

#[rstest]
#[case::a_letter(
    &["cross-entropy", "--outputs=1,2;3,x", "--labels=1,1"],
    "--outputs: row 2, column 2: \"x\" is not a number"
)]
#[case::an_empty_row(
    &["cross-entropy", "--outputs=1,2;", "--labels=1,1"],
    "--outputs: row 2, column 1: \"\" is not a number"
)]
#[case::class_zero(&["cross-entropy", "--outputs=1,2", "--labels=0"], "label 1: \"0\" is not a class")]
#[case::a_negative_class(&["cross-entropy", "--outputs=1,2", "--labels", "-1"], "label 1: \"-1\" is not a class")]
#[case::a_class_too_many(&["cross-entropy", "--outputs=0.5,0.5", "--labels=3"], "row 1 is labelled class 3")]
#[case::a_probability_of_zero(
    &["cross-entropy", "--outputs=1,0", "--labels=1"],
    "row 1, column 2: 0 is not above 0"
)]
#[case::no_input(&["std-dev", "--inputs="], "--inputs: row 1, column 1: \"\" is not a number")]
#[case::an_infinite_input(&["std-dev", "--inputs=1,inf"], "input 2: inf is not finite")]
#[case::equal_inputs(&["std-dev", "--inputs=2,2"], "all inputs equal 2")]
#[case::one_input(
    &["std-dev", "--inputs=5", "--ddof=0"],
    "the deviation is 0 and has no gradient: give at least two that differ"
)]
#[case::a_sample_of_one(
    &["std-dev", "--inputs=5", "--ddof=1"],
    "one input has no sample deviation: give at least two"
)]
#[case::another_ddof(&["std-dev", "--inputs=1,2", "--ddof=2"], "[possible values: 0, 1]")]
fn bad_input_gets_one_line_that_names_the_place(#[case] arguments: &[&str], #[case] message: &str) {
    let error = call(arguments).unwrap_err().to_string();
    assert!(error.contains(message), "{error}");
}

#[test]
fn a_drawing_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("graph.svg");
    let draw = |inputs| call(&["std-dev", "--inputs", inputs, "--svg", path.to_str().unwrap()]);
    draw("2,2").unwrap_err();
    assert!(!path.exists(), "an error leaves no file");
    draw("-1,3").unwrap();
    let drawing = fs::read_to_string(&path).unwrap();
    assert!(drawing.starts_with("<svg ") && drawing.ends_with("</svg>\n"));
    draw("1,x").unwrap_err();
    assert_eq!(fs::read_to_string(&path).unwrap(), drawing, "an error leaves the file as it was");
}

#[test]
fn an_upright_drawing_is_higher_than_it_is_wide() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("graph.svg");
    let size = |upright: &[&str]| {
        call(&[&["std-dev", "--inputs=-1,3", "--svg", path.to_str().unwrap()], upright].concat()).unwrap();
        let drawing = fs::read_to_string(&path).unwrap();
        let of =
            |name: &str| drawing.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?.parse::<f64>().ok();
        (of("width").unwrap(), of("height").unwrap())
    };
    let (wide, upright) = (size(&[]), size(&["--upright"]));
    assert!(wide.0 > wide.1 && upright.0 < upright.1, "{wide:?} {upright:?}");
    let error = call(&["std-dev", "--inputs=-1,3", "--upright"]).unwrap_err().to_string();
    assert!(error.contains("--svg"), "{error}");
}

/// A reader that has gone away, as `head` does.
struct ClosedPipe;

impl Write for ClosedPipe {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[rstest]
#[case::worked(&["theory"])]
#[case::table(&["theory", "std-dev", "--inputs=1,2"])]
fn a_closed_pipe_is_an_error_and_no_panic(#[case] arguments: &[&str]) {
    let command = Command::try_parse_from(arguments).unwrap();
    let error = run(&command.args, &mut ClosedPipe).unwrap_err();
    assert_eq!(error.downcast_ref::<io::Error>().map(io::Error::kind), Some(io::ErrorKind::BrokenPipe));
}
