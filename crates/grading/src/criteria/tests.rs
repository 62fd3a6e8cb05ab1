//! Every check can be met and can fail.

use super::*;
use crate::tests::{not_met, rubric, submitted};
use experiments::verify::Recomputed;
use rstest::rstest;

/// What is wrong with a check. It has to be met by the submitted records, and each of its controls has to make just
/// those criteria not met that use it.
fn faults(check: &Check) -> Vec<String> {
    let (rubric, submitted, name) = (rubric(), submitted(), check.name);
    let uses = || rubric.criteria.iter().filter(|criterion| criterion.check == check);
    let Some(bar) = uses().map(|criterion| criterion.bar).next() else {
        return vec![format!("no criterion uses `{name}`")];
    };
    if !(check.judge)(&submitted, bar).is_ok_and(|verdict| verdict.met) {
        return vec![format!("the submitted records do not meet `{name}`")];
    }
    if check.controls.is_empty() {
        return vec![format!("`{name}` has no control: nothing shows that it can fail")];
    }
    let expected: Vec<&str> = uses().map(|criterion| &criterion.id[..]).collect();
    let mut faults = Vec::new();
    for (i, control) in check.controls.iter().enumerate() {
        let (mut altered, which) = (submitted.clone(), format!("control {} of `{name}`", i + 1));
        control(&mut altered, bar);
        let lost = not_met(&altered);
        if lost != expected {
            faults.push(format!("{which} costs {lost:?} and not {expected:?}"));
        } else if let Err(why) = (check.judge)(&altered, bar) {
            faults.push(format!("{which} leaves nothing to judge: {why}"));
        }
    }
    faults
}

#[test]
fn every_check_is_met_by_the_submitted_records_and_costs_its_own_criteria_after_each_control() {
    let faults: Vec<String> = all().flat_map(faults).collect();
    assert_eq!(faults, [""; 0], "{}", faults.join("\n"));
}

#[test]
fn no_two_checks_have_one_name() {
    let names: std::collections::BTreeSet<&str> = all().map(|check| check.name).collect();
    assert_eq!(names.len(), all().count());
}

const THE_SECOND_COSTS_R: &[fn(&mut Recomputed, f64)] =
    &[|of, bar| alter::too_many_wrong(of, "framework-relu", bar), |of, _| of.compared -= 1];

/// A check that is sound, to be spoilt.
fn sound() -> Check {
    let found = all().find(|check| check.name == "iris-relu").unwrap();
    Check { ..*found }
}

#[rstest]
#[case::no_control(
    Check { controls: &[], ..sound() },
    "`iris-relu` has no control: nothing shows that it can fail"
)]
#[case::a_control_that_alters_nothing(
    Check { controls: &[|_, _| ()], ..sound() },
    "control 1 of `iris-relu` costs [] and not [\"P1.1-relu\"]"
)]
#[case::a_control_that_costs_another_criterion(
    Check { controls: THE_SECOND_COSTS_R, ..sound() },
    "control 2 of `iris-relu` costs [\"R\"] and not [\"P1.1-relu\"]"
)]
#[case::a_control_that_takes_the_part_away(
    Check { controls: &[|of, _| of.parts.retain(|(_, part), _| part != "framework-relu")], ..sound() },
    "control 1 of `iris-relu` leaves nothing to judge: iris gave no part framework-relu: it was not computed"
)]
#[case::one_that_the_records_do_not_meet(
    Check { judge: |_, bar| Ok(Verdict::when(false, bar, String::new())), ..sound() },
    "the submitted records do not meet `iris-relu`"
)]
#[case::one_that_no_criterion_uses(Check { name: "magic", ..sound() }, "no criterion uses `magic`")]
fn a_check_is_refused_with(#[case] check: Check, #[case] fault: &str) {
    assert_eq!(faults(&sound()), [""; 0]);
    assert_eq!(faults(&check), [fault]);
}
