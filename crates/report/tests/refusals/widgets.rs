//! Widgets: refused where there is none of that name, two of one, or one on no page; and pages that do not compute.

use crate::support::{Repository, SOUND, page};
use crate::{LINE, refusals, with_line};
use report::build::build;
use report::compute::FILE;
use report::refusal::{Reason, Refusal};

const SOURCE: &str = "crates/widgets/src/widgets/slide.rs";
const ONE: &str = "<< widget(\"slide\", \"<p>still</p>\") >>";

/// The repository with the source of a widget.
fn with_source(repository: Repository) -> Repository {
    repository.write(SOURCE, "");
    repository
}

#[test]
fn a_widget_without_a_source_is_refused() {
    let reason = Reason::MissingFile(SOURCE.into());
    assert_eq!(refusals(&with_line(ONE)), [Refusal { file: "book/src/page.md".into(), line: LINE, reason }]);
}

#[test]
fn a_widget_that_stands_in_the_book_twice_is_refused() {
    let first = format!("page.md:{LINE}");
    let reason = Reason::WidgetTwice { name: "slide".into(), first };
    let twice = with_source(with_line(&format!("{ONE}\n\n{ONE}")));
    assert_eq!(refusals(&twice), [Refusal { file: "book/src/page.md".into(), line: LINE + 2, reason }]);
}

#[test]
fn a_widget_that_is_on_no_page_is_refused() {
    let reason = Reason::UnusedWidget("slide".into());
    let unused = with_source(Repository::new(SOUND));
    assert_eq!(refusals(&unused), [Refusal { file: SOURCE.into(), line: 1, reason }]);
}

/// Only where the program was built has a page a place in which it computes; what stands there without is in both.
#[test]
fn a_page_computes_only_where_the_program_is() {
    let repository = with_source(with_line(ONE));
    let html = || page(&build(&repository.book(), None).unwrap().folder);
    let without = html();
    assert!(without.contains("<p>still</p>") && !without.contains("data-widget="), "{without}");
    repository.write(&format!("book/{FILE}"), "// a program");
    let with = html();
    assert!(with.contains("<p>still</p>") && with.contains("data-widget=\"slide\""), "{with}");
}
