//! The list of debts can only shrink.

use crate::complaint::Complaint;
use crate::debts::{Debts, as_toml};

fn complaints() -> Vec<Complaint> {
    vec![Complaint::new("a.rs: 3", "a.rs:1: long"), Complaint::new("b.rs: 1", "b.rs:7: long")]
}

#[test]
fn known_debts_pass() {
    let debts = Debts::parse("long_lines = [\"a.rs: 3\", \"b.rs: 1\"]");
    assert_eq!(debts.against("long_lines", &complaints()), [""; 0]);
    assert_eq!(debts.of_no_rule(&["long_lines"]), [""; 0]);
}

#[test]
fn a_new_complaint_is_red() {
    let debts = Debts::parse("long_lines = [\"a.rs: 3\"]");
    assert_eq!(debts.against("long_lines", &complaints()), ["long_lines: b.rs:7: long"]);
    assert_eq!(debts.against("long_files", &complaints()[..1]), ["long_files: a.rs:1: long"]);
}

#[test]
fn a_debt_that_is_paid_is_red() {
    let debts = Debts::parse("long_lines = [\"a.rs: 3\", \"b.rs: 1\"]");
    let wrong = debts.against("long_lines", &complaints()[..1]);
    let mended = "long_lines: mended: take it out of debts.toml, or lower its number: \"b.rs: 1\"";
    assert_eq!(wrong, [mended]);
}

#[test]
fn a_list_of_no_rule_is_red() {
    let wrong = Debts::parse("long_lnies = []").of_no_rule(&["long_lines"]);
    assert_eq!(wrong, ["long_lnies: no rule has this name: take it out of debts.toml"]);
}

#[test]
fn the_printed_list_is_the_one_that_passes() {
    let printed = as_toml(&[("long_lines", complaints()), ("long_files", Vec::new())]);
    assert_eq!(Debts::parse(&printed).against("long_lines", &complaints()), [""; 0]);
}
