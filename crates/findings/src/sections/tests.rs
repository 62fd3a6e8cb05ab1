//! Every claim on the submitted records, and on records that its controls alter.

use super::*;
use crate::{Control, ReportError, Sources, alter};
use data::images::MNIST;
use data::label_errors;
use experiments::context::Context;
use experiments::iris::studies::seeds::IrisRecord;
use experiments::iris::studies::{activations, factors, plateau};
use experiments::mnist::studies::{final_recipe, selection, small};
use records::Records;
use records::findings::{DecidedClaim, Decision};
use rstest::{fixture, rstest};
use std::path::Path;

struct Submitted {
    sources: Sources,
}

#[fixture]
#[once]
fn submitted() -> Submitted {
    let context = Context::of_repository(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")));
    let mut records = Records::default();
    crate::complete(&context, &mut records).unwrap();
    let label_errors = label_errors::load(&context.data_dir, &context.test(&MNIST).unwrap().labels).unwrap();
    Submitted { sources: Sources::new(&records, label_errors).unwrap() }
}

impl Submitted {
    /// What is wrong with the controls of a claim.
    fn faults(&self, claim: &ClaimRow) -> Vec<String> {
        if claim.controls.is_empty() {
            return vec![format!(
                "`{}` has no control: nothing shows that it can be decided otherwise",
                claim.id
            )];
        }
        let before = claim.decided(&self.sources).unwrap().decision.holds;
        let fault = |(place, control): (usize, &Control)| {
            let mut altered = self.sources.clone();
            control(&mut altered);
            let fault = match claim.decided(&altered) {
                _ if altered == self.sources => "alters nothing".to_owned(),
                Err(error) => format!("leaves records that decide nothing: {error}"),
                Ok(after) if after.decision.holds == before => format!("leaves the verdict at {before}"),
                Ok(_) => return None,
            };
            Some(format!("control {} of `{}` {fault}", place + 1, claim.id))
        };
        claim.controls.iter().enumerate().filter_map(fault).collect()
    }
}

#[rstest]
fn every_claim_is_decided_otherwise_after_each_of_its_controls(submitted: &Submitted) {
    let faults: Vec<String> = claims().flat_map(|claim| submitted.faults(claim)).collect();
    assert_eq!(faults, Vec::<String>::new(), "{}", faults.join("\n"));
}

/// A claim that is sound, to be spoilt.
const SOUND: ClaimRow = ClaimRow {
    id: "a-claim",
    says: "The gradients agree",
    within: None,
    record: "iris",
    decide: |of| Ok(Decision::new(of.iris.scratch_gradients.worst_relative_difference < 1e-12, "")),
    controls: &[|of| alter::iris(of, |it| it.scratch_gradients.worst_relative_difference = 1e-12)],
};

const NOTHING: &[Control] = &[|_| {}];
const MISSPELT: &[Control] = &[|of| alter::variant(of, "framework-rleu", |it| it.others.clear())];
const SOMETHING_ELSE: &[Control] =
    &[SOUND.controls[0], |of| alter::iris(of, |it| it.scratch_gradients.derivatives += 1)];

#[rstest]
#[case::no_control(&[], "`a-claim` has no control: nothing shows that it can be decided otherwise")]
#[case::one_that_alters_nothing(NOTHING, "control 1 of `a-claim` alters nothing")]
#[case::one_that_names_what_is_not_there(MISSPELT, "control 1 of `a-claim` alters nothing")]
#[case::one_that_alters_something_else(SOMETHING_ELSE, "control 2 of `a-claim` leaves the verdict at true")]
fn a_claim_is_refused_with(submitted: &Submitted, #[case] controls: &'static [Control], #[case] fault: &str) {
    assert_eq!(submitted.faults(&SOUND), Vec::<String>::new());
    assert_eq!(submitted.faults(&ClaimRow { controls, ..SOUND }), [fault]);
}

#[rstest]
fn a_control_that_takes_away_what_the_claim_speaks_of_is_refused(submitted: &Submitted) {
    let claim = *claims().find(|claim| claim.id == "prelu-errs-as-relu").unwrap();
    let controls: &[Control] = &[|of| alter::iris(of, |it| it.comparisons.clear())];
    let faults = submitted.faults(&ClaimRow { controls, ..claim });
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].contains("control 1 of `prelu-errs-as-relu` leaves records that decide nothing"),
        "{faults:?}"
    );
}

/// A claim that is false can be shown to depend on its number as well as one that holds.
#[rstest]
fn a_control_may_also_make_a_false_claim_hold(submitted: &Submitted) {
    let says = "The gradients do not agree";
    let decide: fn(&Sources) -> Result<Decision, ReportError> = |of| {
        let decision = (SOUND.decide)(of)?;
        Ok(Decision { holds: !decision.holds, ..decision })
    };
    assert_eq!(submitted.faults(&ClaimRow { says, decide, ..SOUND }), Vec::<String>::new());
}

/// The ids of the claims that are not in the report as they are decided.
fn not_reported(decided: &[DecidedClaim], report: &serde_json::Value) -> Vec<String> {
    let reported = report["claims"].as_array().unwrap();
    let differs =
        |claim: &&DecidedClaim| !reported.iter().any(|it| *it == serde_json::to_value(claim).unwrap());
    decided.iter().filter(differs).map(|claim| claim.id.clone()).collect()
}

#[rstest]
fn every_claim_is_in_the_submitted_report_as_it_is_decided(submitted: &Submitted) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/report.json");
    let mut report: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let decided = claims().map(|claim| claim.decided(&submitted.sources).unwrap()).collect::<Vec<_>>();
    assert_eq!(not_reported(&decided, &report), Vec::<String>::new());
    assert_eq!(report["claims"].as_array().unwrap().len(), decided.len());
    // The control: another verdict is noticed.
    let holds = decided[1].decision.holds;
    report["claims"][1]["holds"] = (!holds).into();
    assert_eq!(not_reported(&decided, &report), [decided[1].id.clone()]);
}

/// What is renamed or left out is an error that names it, and not a false claim.
#[rstest]
#[case::a_node("t2-mean-path-cancels", |of: &mut Sources| alter::theory(of, |it| it.std_dev[0].nodes.clear()))]
#[case::a_configuration("iris-bar-mean", |of: &mut Sources| alter::variant(of, "framework-tanh", |it| it.id.push('x')))]
#[case::a_comparison("adam-ends-lower", |of: &mut Sources| {
    alter::iris(of, |it: &mut IrisRecord| it.comparisons.clear());
})]
#[case::a_rank("tanh-is-fastest", |of: &mut Sources| {
    alter::iris(of, |it| it.activations_by_speed.mean_ranks.truncate(3));
})]
#[case::epochs("descent-still-falls-slowly", |of: &mut Sources| {
    alter::variant(of, "scratch", |it| drop(it.registered.history.drain(..1)));
    alter::variant(of, "scratch", |it| it.registered.history.truncate(100));
})]
#[case::a_study("mnist-sprints-arrive", |of: &mut Sources| drop(of.studies.remove("mnist-sprint")))]
#[case::a_test_of_the_control("identity-errs-less-than-sigmoid", |of: &mut Sources| {
    alter::conclusions(of, "iris-activations", |it: &mut activations::ActivationsConclusions| {
        it.control.clear();
    });
})]
#[case::a_level("four-factors-help-the-original", |of: &mut Sources| {
    alter::conclusions(of, "iris-factors", |it: &mut factors::FactorsConclusions| it.levels.clear());
})]
#[case::a_scale("the-gradient-does-not-vanish", |of: &mut Sources| {
    alter::conclusions(of, "iris-plateau", |it: &mut plateau::PlateauConclusions| it.scales.clear());
})]
#[case::a_candidate("mnist-distortions-help", |of: &mut Sources| {
    alter::conclusions(of, "mnist-selection", |it: &mut selection::SelectionConclusions| {
        it.candidates.truncate(1);
    });
})]
#[case::runs("mnist-recipe-beats-the-original", |of: &mut Sources| {
    alter::conclusions(of, "mnist-recipe", |it: &mut final_recipe::RecipeConclusions| {
        it.recipe.correct.clear();
    });
})]
#[case::a_size("mnist-small-grows", |of: &mut Sources| {
    alter::conclusions(of, "mnist-small", |it: &mut small::SmallConclusions| it.sizes.truncate(4));
})]
fn a_claim_without_its_numbers_is_an_error(submitted: &Submitted, #[case] id: &str, #[case] spoil: Control) {
    let claim = claims().find(|claim| claim.id == id).unwrap();
    assert!(claim.decided(&submitted.sources).is_ok());
    let mut altered = submitted.sources.clone();
    spoil(&mut altered);
    let decided = claim.decided(&altered);
    assert!(matches!(decided, Err(ReportError::Missing(_))), "{decided:?}");
}

#[rstest]
fn seeds_that_cannot_be_compared_are_named(submitted: &Submitted) {
    let claim = claims().find(|claim| claim.id == "tanh-is-sooner-than-prelu").unwrap();
    let mut altered = submitted.sources.clone();
    alter::variant(&mut altered, "framework-prelu", |it| it.others.truncate(99));
    let error = claim.decided(&altered).unwrap_err().to_string();
    assert!(
        error.contains("`framework-tanh` and `framework-prelu` were not run on the same seeds"),
        "{error}"
    );
}

#[rstest]
fn what_the_report_claims_reads_well(submitted: &Submitted) {
    let line = |claim: &ClaimRow| {
        let DecidedClaim { id, says, within, decision, .. } = claim.decided(&submitted.sources).unwrap();
        let holds = if decision.holds { "holds" } else { "DOES NOT HOLD" };
        let within = within.map_or(String::new(), |within| format!("    within a sentence: {within}\n"));
        format!("{holds}: {id}: {says}\n{within}    {}\n", decision.evidence)
    };
    insta::assert_snapshot!(claims().map(line).collect::<String>());
}
