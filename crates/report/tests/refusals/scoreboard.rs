//! The scoreboard: what stands beside a criterion, and what of it is refused.

use crate::support::{Repository, SOUND, page};
use crate::{missing, refusals};
use report::build::build;
use report::refusal::Reason;
use rstest::rstest;

#[test]
fn a_criterion_shows_what_the_original_reported_of_its_question_or_what_is_named_for_itself() {
    let repository = Repository::new("<< scoreboard() >>\n\n<< claim(\"good\") >>\n");
    repository.edit(
        "book/given.toml",
        "best = {",
        "none = { text = \"nobody tried\", meaning = \"why\" }\nbest = {",
    );
    std::fs::write(repository.book().join("../crates/a/src/lib.rs"), "").unwrap();
    let of_question = page(&build(&repository.book(), None).unwrap().folder);
    assert!(of_question.contains("0.99399") && of_question.contains("page.html\">Q</a>"), "{of_question}");
    repository.edit(
        "book/given.toml",
        "best = {",
        "best = { text = \"-\", meaning = \"-\" }\n[scoreboard]\nQ = \"none\"\n#",
    );
    let of_itself = page(&build(&repository.book(), None).unwrap().folder);
    assert!(of_itself.contains("nobody tried"), "{of_itself}");
}

#[rstest]
#[case::what_the_original_did_not_report(
    "original = \"best\"", "original = \"worst\"", Reason::MissingGiven { kind: "original", id: "worst".into() }
)]
#[case::a_criterion_that_there_is_not(
    "[given]",
    "[scoreboard]\nR = \"best\"\n[given]",
    missing("criterion", "R", "Q")
)]
fn a_scoreboard_is_refused_with(#[case] from: &str, #[case] to: &str, #[case] reason: Reason) {
    let repository = Repository::new(SOUND);
    repository.edit("book/given.toml", from, to);
    let reasons: Vec<Reason> = refusals(&repository).into_iter().map(|refusal| refusal.reason).collect();
    assert_eq!(reasons, [reason]);
}
