//! What the records hold, beside what was computed here.

use maud::{Markup, html};
use records::recorded::{RecordedHash, parse};

/// The file of the records' hashes, as an entry names it.
pub const FILE: &str = "recorded";

/// The hashes of the records; none before their file is there.
#[derive(Clone, Debug, Default)]
pub struct Recorded(Vec<RecordedHash>);

impl Recorded {
    /// Takes the file, if it is that.
    pub fn take(&mut self, name: &str, bytes: &[u8]) {
        if name == FILE {
            self.0 = parse(bytes);
        }
    }

    /// Whether a record holds this very hash of a result; nothing where no record holds one.
    pub fn compared(&self, of: &str, sha256: &str) -> Markup {
        let Some(hash) = self.0.iter().find(|hash| hash.of == of) else { return html! {} };
        html! {
            @if hash.sha256 == sha256 {
                span.recorded.equal { "✓ equal to " (hash.record) ", " code { (hash.place) } }
            } @else {
                span.recorded.differs {
                    "✗ not equal to " (hash.record) ", " code { (hash.place) } ", whose SHA-256 is "
                    code.hash-there { (hash.sha256) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::equal("a", "1", "✓ equal to results/r.json, <code>x.0</code>")]
    #[case::different("a", "2", "✗ not equal to results/r.json")]
    fn a_hash_is_held_to_that_of_its_record(#[case] of: &str, #[case] sha256: &str, #[case] says: &str) {
        let mut recorded = Recorded::default();
        recorded.take(FILE, b"a\t1\tresults/r.json\tx.0\nb\t2\tresults/r.json\tx.1\n");
        let said = recorded.compared(of, sha256).into_string();
        assert!(said.contains(says), "{said}");
    }

    #[rstest]
    #[case::another_result("c", FILE)]
    #[case::another_file("a", "digits")]
    fn what_no_record_holds_is_not_compared(#[case] of: &str, #[case] file: &str) {
        let mut recorded = Recorded::default();
        recorded.take(file, b"a\t1\tresults/r.json\tx.0\nc\t2\n");
        assert_eq!(recorded.compared(of, "1").into_string(), "");
    }
}
