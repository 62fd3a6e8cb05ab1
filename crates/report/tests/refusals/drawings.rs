//! Drawings: refused when they are not as they were recorded, or when a second one is of other numbers; and both in the
//! page.

use crate::support::{Repository, SOUND, page};
use crate::{LINE, missing, refusals, with_line};
use report::build::build;
use report::refusal::{Reason, Refusal};

const TWO: &str = "<< figure(\"f\", narrow=\"f-upright\") >>";

#[test]
fn a_changed_drawing_is_refused() {
    let repository = Repository::new(SOUND);
    repository.edit("results/figures/f.svg", "M0 0", "M0 1");
    assert_eq!(refusals(&repository)[0].reason, Reason::Stale("figures/f.svg".into()));
}

#[test]
fn both_drawings_of_a_figure_are_in_the_page_and_have_one_caption() {
    let captions = |page: &str| page.matches("<figcaption>").count();
    let one = page(&build(&Repository::new(SOUND).book(), None).unwrap().folder);
    let two = page(&build(&with_line(TWO).book(), None).unwrap().folder);
    let upright = "<path d=\"M0 0 V1\"";
    assert!(!one.contains("for-wide") && !one.contains(upright));
    assert!(two.contains("frame for-wide") && two.contains("frame for-narrow") && two.contains(upright));
    assert_eq!(captions(&two), captions(&one) + 1);
}

#[test]
fn a_second_drawing_that_is_missing_or_was_changed_is_refused() {
    let other = with_line("<< figure(\"f\", narrow=\"g\") >>");
    assert_eq!(refusals(&other)[0].reason, missing("figure", "g", "f, f-upright"));
    let repository = with_line(TWO);
    repository.edit("results/figures/f-upright.svg", "V1", "V2");
    assert_eq!(refusals(&repository)[0].reason, Reason::Stale("figures/f-upright.svg".into()));
}

#[test]
fn a_second_drawing_of_other_numbers_is_refused() {
    let repository = with_line(TWO);
    let entry = "\"caption\": \"Upright\",\n                  \"record\": \"r\",";
    let upright = format!("{entry} \"data\": {{\"columns\": [{{\"name\": \"");
    repository.edit("results/report.json", &format!("{upright}n"), &format!("{upright}m"));
    let reason = Reason::OtherNumbers { id: "f".to_owned(), other: "f-upright".to_owned() };
    assert_eq!(refusals(&repository), [Refusal { file: "book/src/page.md".into(), line: LINE, reason }]);
}
