//! The hashes of what the records hold, for the receipts of the pages. **They are taken from the records when the book
//! is built**: what a widget computed is equal to them or is not.
//!
//! | record | what has a hash there |
//! |---|---|
//! | `theory.json` | T1b in each reading and T2 in each convention, as the command prints them |
//! | `iris.json` | the weights of each registered run |
//! | `mnist.json` | the weights of the network that the pages carry |

use crate::compute::ComputeError;
use records::recorded::RecordedHash;
use records::sha256_hex;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The hashes of the records in the folder `results` of the repository at `root`.
///
/// # Errors
/// [`ComputeError::File`], and [`ComputeError::Record`] when a record is not of that form.
pub fn recorded(root: &Path) -> Result<Vec<RecordedHash>, ComputeError> {
    let theory = Source::read(root, "results/theory.json")?;
    let iris = Source::read(root, "results/iris.json")?;
    let mnist = Source::read(root, "results/mnist.json")?;
    let mut hashes = Vec::new();
    for loss in theory.list("cross_entropy")? {
        let reading = theory.text(loss, "reading")?;
        // The command prints the loss, and the record holds its gradient as well.
        let mut printed = loss.clone();
        printed.as_object_mut().and_then(|fields| fields.shift_remove("gradient_of_mean"));
        let place = format!("cross_entropy.{reading}");
        hashes.push(theory.hash(format!("cross-entropy {reading}"), printed_sha256(&printed), place));
    }
    for (i, graph) in theory.list("std_dev")?.iter().enumerate() {
        let of = format!("std-dev {} {}", graph["inputs"], graph["ddof"]);
        hashes.push(theory.hash(of, printed_sha256(graph), format!("std_dev.{i}")));
    }
    for variant in iris.list("variants")? {
        let (run, id) = (&variant["registered"], iris.text(variant, "id")?);
        let (of, place) = (format!("iris {}", run["settings"]), format!("variants.{id}.registered"));
        hashes.push(iris.hash(of, iris.text(run, "weights_sha256")?.to_owned(), place));
    }
    let weights = mnist.text(&mnist.content, "weights_sha256")?.to_owned();
    hashes.push(mnist.hash("mnist".to_owned(), weights, "weights_sha256".to_owned()));
    Ok(hashes)
}

/// The hash of a value as a command prints it: JSON, and the end of a line.
fn printed_sha256(value: &Value) -> String {
    sha256_hex(format!("{value}\n").as_bytes())
}

/// A record and its name.
struct Source {
    name: &'static str,
    content: Value,
}

impl Source {
    fn read(root: &Path, name: &'static str) -> Result<Self, ComputeError> {
        let path = root.join(name);
        let bytes = fs::read(&path).map_err(|source| ComputeError::File { path, source })?;
        let content = serde_json::from_slice(&bytes);
        let content = content.map_err(|error| ComputeError::Record(format!("{name}: {error}")))?;
        Ok(Self { name, content })
    }

    fn list(&self, key: &str) -> Result<&[Value], ComputeError> {
        let list = self.content[key].as_array().filter(|list| !list.is_empty());
        list.map(Vec::as_slice)
            .ok_or_else(|| ComputeError::Record(format!("{} has no list `{key}`", self.name)))
    }

    fn text<'a>(&self, of: &'a Value, key: &str) -> Result<&'a str, ComputeError> {
        let text = of[key].as_str();
        text.ok_or_else(|| ComputeError::Record(format!("{} has no text `{key}` in its place", self.name)))
    }

    fn hash(&self, of: String, sha256: String, place: String) -> RecordedHash {
        RecordedHash { of, sha256, record: self.name.to_owned(), place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn repository() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// The repository's records with one text for another.
    fn altered(record: &str, from: &str, to: &str) -> Result<Vec<RecordedHash>, ComputeError> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("results")).unwrap();
        for name in ["theory.json", "iris.json", "mnist.json"] {
            let mut text = fs::read_to_string(repository().join("results").join(name)).unwrap();
            if name == record {
                assert!(text.contains(from), "{from}");
                text = text.replace(from, to);
            }
            fs::write(folder.path().join("results").join(name), text).unwrap();
        }
        recorded(folder.path())
    }

    #[test]
    fn every_result_has_a_hash_of_its_own() {
        let hashes = recorded(&repository()).unwrap();
        let mut names: Vec<&str> = hashes.iter().map(|hash| &hash.of[..]).collect();
        names.sort_unstable();
        names.dedup();
        // Three readings, two conventions, nine runs, one network.
        assert_eq!((hashes.len(), names.len()), (3 + 2 + 9 + 1, 15));
        assert!(hashes.iter().all(|hash| hash.sha256.len() == 64));
        assert!(names.contains(&"std-dev [-1.0,3.0] 0") && names.contains(&"cross-entropy logits"));
    }

    #[rstest]
    #[case::a_loss("theory.json", "\"sum\": 1.432631536328256", "\"sum\": 1.432631536328257", 1)]
    #[case::a_gradient_of_the_loss("theory.json", "-0.5128205128205128", "-0.5", 0)]
    #[case::a_node(
        "theory.json",
        "\"id\":\"mu\",\"expression\":\"s / 2\",\"value\":1.0",
        "\"id\":\"mu\",\"expression\":\"s / 2\",\"value\":1.5",
        2
    )]
    #[case::a_weight("iris.json", "4d0ee12b22735cc3", "1d0ee12b22735cc3", 1)]
    fn a_changed_digit_changes_its_hash_and_no_other(
        #[case] record: &str,
        #[case] from: &str,
        #[case] to: &str,
        #[case] changed: usize,
    ) {
        let (before, after) = (recorded(&repository()).unwrap(), altered(record, from, to).unwrap());
        assert_eq!(before.iter().zip(&after).filter(|(before, after)| before != after).count(), changed);
    }

    #[rstest]
    #[case::no_losses("theory.json", "\"cross_entropy\":", "\"losses\":", "no list `cross_entropy`")]
    #[case::no_hash("mnist.json", "\"weights_sha256\":", "\"hash\":", "no text `weights_sha256`")]
    #[case::no_json("iris.json", "{", "[", "results/iris.json: ")]
    fn a_record_of_another_form_is_refused(
        #[case] record: &str,
        #[case] from: &str,
        #[case] to: &str,
        #[case] message: &str,
    ) {
        let error = altered(record, from, to).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
