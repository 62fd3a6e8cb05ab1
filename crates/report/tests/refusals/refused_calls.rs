//! The table of what the command refuses.

use crate::refusals;
use crate::support::{Repository, SOUND, page};
use report::build::build;
use report::refusal::Reason;

const TABLE: &str = "crates/coursework/tests/refused-calls.toml";

#[test]
fn a_refused_call_stands_in_the_table_with_what_it_says_and_what_it_is_about_once() {
    let row = |wrong: &str| {
        format!("[[call]]\nof = \"files\"\nwrong = \"{wrong}\"\ncall = \"a --b\"\nsays = \"<no>\"\n")
    };
    let repository = Repository::new("<< refused_calls() >>\n\n<< claim(\"good\") >>\n");
    repository.write(TABLE, &(row("first") + &row("second")));
    std::fs::write(repository.book().join("../crates/a/src/lib.rs"), "").unwrap();
    let shown = page(&build(&repository.book(), None).unwrap().folder);
    let call = "<code><span class=\"unbroken\">a</span> <span class=\"unbroken\">--b</span></code>";
    for expected in ["<td>first<br", "<td>second<br", call, "&lt;no&gt;"] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    assert_eq!(shown.matches("colspan=\"2\">files</th>").count(), 1);
}

#[test]
fn without_its_file_the_table_is_refused() {
    let repository = Repository::new(&format!("{SOUND}\n<< refused_calls() >>\n"));
    let reasons: Vec<Reason> = refusals(&repository).into_iter().map(|refusal| refusal.reason).collect();
    assert_eq!(reasons, [Reason::MissingFile(TABLE.to_owned())]);
}
