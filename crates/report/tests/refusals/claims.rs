//! Claims that are refused: false ones, ones that no page makes, and words that nobody registered.

use crate::support::{Repository, SOUND, page};
use crate::{LINE, refusals, with_line};
use report::build::build;
use report::refusal::{Reason, Refusal};
use rstest::rstest;

/// A sound book whose one claim was altered in `results/report.json`.
fn with_claim(from: &str, to: &str) -> Repository {
    let repository = with_line("And << claim(\"good\", within=true) >>.");
    repository.edit("results/report.json", from, to);
    repository
}

#[rstest]
#[case::does_not_hold(
    "\"holds\": true",
    "\"holds\": false",
    Reason::FalseClaim { id: "good".into(), says: "It is good".into(), evidence: "0.9949".into() }
)]
#[case::has_no_wording_within_a_sentence("\"within\": \"it is good\", ", "", Reason::NoWordingWithin("good".into()))]
#[case::has_a_number_in_its_wording("it is good", "it reaches 99 %", Reason::TypedNumber("99".into()))]
fn a_claim_is_refused_that(#[case] from: &str, #[case] to: &str, #[case] reason: Reason) {
    let refused = refusals(&with_claim(from, to));
    assert_eq!(refused.last(), Some(&Refusal { file: "book/src/page.md".into(), line: LINE, reason }));
}

#[test]
fn a_claim_stands_in_a_sentence_in_the_words_that_are_registered_for_it() {
    let repository = with_claim("it is good", "it was good");
    let html = page(&build(&repository.book(), None).unwrap().folder);
    assert!(html.contains("<p>And it was good\u{a0}<"), "{html}");
    assert!(html.contains("It is good\u{a0}<"), "{html}");
}

#[test]
fn a_claim_that_no_page_makes_is_refused() {
    let repository = Repository::new(SOUND);
    let spare = r#"{"id": "spare", "says": "It is", "holds": true, "evidence": "1", "record": "r"},"#;
    repository.edit("results/report.json", "\"claims\": [", &format!("\"claims\": [{spare}"));
    let reason = Reason::UnusedClaim("spare".into());
    assert_eq!(refusals(&repository), [Refusal { file: "results/report.json".into(), line: 1, reason }]);
}
