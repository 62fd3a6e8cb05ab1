//! Recomputed files against the submitted ones, key by key.

use super::difference::{Difference, Reference};
use numerics::sha256_hex;
use records::Artifact;
use records::store;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Compares one file of an experiment, as it was computed again, with the one in `results`. `reference` says whether it
/// was recomputed, or follows from submitted parts.
///
/// JSON is compared key by key and number by number, so that a difference has a place, and then byte by byte: **a key
/// that stands twice, or a number in another form, would not be seen in the values.**
pub fn compare(
    results: &Path,
    experiment: &str,
    artifact: &Artifact,
    reference: fn(String) -> Reference,
) -> Vec<Difference> {
    let file = artifact.name.as_str();
    let mut walk = Walk { experiment, file, part: None, reference, differences: Vec::new() };
    let whole = |submitted: String, expected: String| {
        let (experiment, file, key) = (experiment.to_owned(), file.to_owned(), String::new());
        let reference = reference(expected);
        vec![Difference { experiment, file, key, part: None, epoch: None, submitted, reference }]
    };
    let bytes = match store::read(results.join(&artifact.name)) {
        Ok(bytes) => bytes,
        Err(error) => return whole(format!("no readable file ({error})"), "one".to_owned()),
    };
    if bytes == artifact.bytes {
        return Vec::new();
    }
    if !file.ends_with(".json") {
        let hash = |bytes: &[u8]| format!("sha256 {}", sha256_hex(bytes));
        return whole(hash(&bytes), hash(&artifact.bytes));
    }
    let parse = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes);
    match (parse(&bytes), parse(&artifact.bytes)) {
        (Ok(submitted), Ok(recomputed)) => {
            walk.compare(String::new(), None, &submitted, &recomputed);
            if walk.differences.is_empty() {
                walk.differences.push(other_form(experiment, file));
            }
            walk.differences
        }
        (Err(error), _) | (_, Err(error)) => whole(format!("no JSON ({error})"), "a record".to_owned()),
    }
}

/// Read as JSON there is no difference, and yet the bytes are others. **An edited number in a form that
/// `coursework run` does not write ends here as well**, so nothing is said of the values.
fn other_form(experiment: &str, file: &str) -> Difference {
    let why =
        "a key stands twice, or a number, the layout or a line end is not as `coursework run` writes it";
    Difference {
        experiment: experiment.to_owned(),
        file: file.to_owned(),
        key: String::new(),
        part: None,
        epoch: None,
        submitted: "a record in another form".to_owned(),
        reference: Reference::Contradiction(why.to_owned()),
    }
}

/// Compares a recomputed part of a study with the submitted one, which stands at `place` in its record.
pub fn compare_part(
    (experiment, file): (&str, &str),
    (place, id): (usize, &str),
    submitted: &Value,
    recomputed: &Value,
) -> Vec<Difference> {
    let (part, reference) = (Some(id), Reference::Recomputed as fn(String) -> Reference);
    let mut walk = Walk { experiment, file, part, reference, differences: Vec::new() };
    walk.compare(format!("parts[{place}]"), None, submitted, recomputed);
    walk.differences
}

/// A walk through two versions of one file.
struct Walk<'a> {
    experiment: &'a str,
    file: &'a str,
    part: Option<&'a str>,
    reference: fn(String) -> Reference,
    differences: Vec<Difference>,
}

impl Walk<'_> {
    /// Compares two values key by key.
    fn compare(&mut self, key: String, epoch: Option<u64>, submitted: &Value, expected: &Value) {
        let missing = Value::String("nothing".to_owned());
        match (submitted, expected) {
            (Value::Object(a), Value::Object(b)) => {
                let epoch = b.get("epoch").and_then(Value::as_u64).or(epoch);
                let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
                for name in names {
                    let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                    let (a, b) = (a.get(name).unwrap_or(&missing), b.get(name).unwrap_or(&missing));
                    self.compare(key, epoch, a, b);
                }
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                let by_epoch = ["chain", "epochs", "by_epoch"].iter().any(|end| key.ends_with(end));
                for (i, (a, b)) in a.iter().zip(b).enumerate() {
                    let epoch = if by_epoch { Some(i as u64 + 1) } else { epoch };
                    self.compare(format!("{key}[{i}]"), epoch, a, b);
                }
            }
            (a, b) => {
                // As written, because 0.0 and -0.0 are equal as numbers.
                let (submitted, expected) = (a.to_string(), b.to_string());
                if submitted != expected {
                    self.differences.push(Difference {
                        experiment: self.experiment.to_owned(),
                        file: self.file.to_owned(),
                        key,
                        part: self.part.map(str::to_owned),
                        epoch,
                        submitted: short(submitted),
                        reference: (self.reference)(short(expected)),
                    });
                }
            }
        }
    }
}

/// A text in at most 60 characters.
pub(crate) fn short(text: String) -> String {
    if text.chars().count() <= 60 { text } else { text.chars().take(57).chain("...".chars()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const RECORD: &str = r#"{"name": "x", "rates": [0.1, 0.25], "count": {"correct": 29, "total": 30}}"#;

    fn differences(submitted: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.json"), submitted).unwrap();
        let artifact = Artifact { name: "x.json".to_owned(), bytes: RECORD.as_bytes().to_vec() };
        compare(folder.path(), "study", &artifact, Reference::Recomputed)
            .iter()
            .map(Difference::with_values)
            .collect()
    }

    #[test]
    fn the_same_record_has_no_difference() {
        assert_eq!(differences(RECORD), [""; 0]);
    }

    #[test]
    fn what_follows_from_submitted_parts_is_not_called_recomputed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.json"), RECORD.replacen("0.25", "0.26", 1)).unwrap();
        let artifact = Artifact { name: "x.json".to_owned(), bytes: RECORD.as_bytes().to_vec() };
        let found = compare(folder.path(), "study", &artifact, Reference::Followed);
        let place = "study: x.json: rates[1]: submitted 0.26";
        assert_eq!(found[0].to_string(), format!("{place}, which does not follow from the submitted parts"));
        assert_eq!(found[0].with_values(), format!("{place}, from the submitted parts follows 0.25"));
    }

    /// A parser keeps the last of two keys, and the nearest of numbers: a reader would see the other.
    #[rstest]
    #[case::a_key_twice("{\"name\"", "{\"name\": \"forged\", \"name\"")]
    #[case::a_key_twice_within("{\"correct\"", "{\"correct\": 30, \"correct\"")]
    #[case::a_number_in_another_form("0.1,", "0.1000000000000000000001,")]
    #[case::a_letter_in_another_form("\"name\"", "\"n\\u0061me\"")]
    #[case::another_layout(", ", ",\n  ")]
    #[case::another_systems_line_end("}}", "}}\r\n")]
    fn a_record_in_another_form_is_named(#[case] from: &str, #[case] to: &str) {
        let found = differences(&RECORD.replacen(from, to, 1));
        assert!(found.len() == 1 && found[0].contains("a key stands twice"), "{found:?}");
    }

    #[rstest]
    #[case::a_digit("0.25", "0.26", "study: x.json: rates[1]: submitted 0.26, recomputed 0.25")]
    #[case::the_last_bit(
        "0.1,",
        "0.10000000000000002,",
        "study: x.json: rates[0]: submitted 0.10000000000000002, recomputed 0.1"
    )]
    #[case::a_count("29", "30", "study: x.json: count.correct: submitted 30, recomputed 29")]
    #[case::a_left_out_key(
        r#""total": 30"#,
        r#""sum": 30"#,
        "study: x.json: count.sum: submitted 30, recomputed \"nothing\""
    )]
    #[case::a_shorter_list(
        "[0.1, 0.25]",
        "[0.1]",
        "study: x.json: rates: submitted [0.1], recomputed [0.1,0.25]"
    )]
    fn an_edited_record_is_found_and_named(#[case] from: &str, #[case] to: &str, #[case] message: &str) {
        assert_eq!(differences(&RECORD.replacen(from, to, 1))[0], message);
    }

    #[test]
    fn a_part_is_compared_as_a_whole_and_named() {
        let part = serde_json::json!({"seed": 1, "chain": ["a", "b", "c"], "test": 29});
        let found = |key: &str, value: Value| -> Vec<String> {
            let mut submitted = part.clone();
            submitted[key] = value;
            let found = compare_part(("study", "x.json"), (4, "seed-1"), &submitted, &part);
            found.iter().map(Difference::with_values).collect()
        };
        assert_eq!(found("test", 29.into()), [""; 0]);
        let chain = serde_json::json!(["a", "x", "c"]);
        let place = "study: x.json: parts[4].chain[1] (part seed-1) (epoch 2)";
        assert_eq!(found("chain", chain), [format!(r#"{place}: submitted "x", recomputed "b""#)]);
        assert_eq!(found("rest", 7.into()).len(), 1);
    }

    #[test]
    fn a_difference_tells_the_recomputed_value_only_where_it_is_asked_for() {
        let found = compare_part(("study", "x.json"), (0, "a"), &30.into(), &29.into());
        assert_eq!(
            found[0].to_string(),
            "study: x.json: parts[0] (part a): submitted 30, which is not what was recomputed"
        );
        assert!(found[0].with_values().ends_with("submitted 30, recomputed 29"));
    }

    #[rstest]
    #[case::an_entry_that_says_its_epoch("11", "12", "runs[1].history[1].test.correct (epoch 5)")]
    #[case::an_entry_of_a_chain("\"c\"", "\"d\"", "runs[1].chain[2] (epoch 3)")]
    #[case::a_list_by_epoch("0.25", "0.5", "loss_by_epoch[0] (epoch 1)")]
    #[case::a_row_of_epochs("[7, 8]", "[7, 9]", "epochs[1][1] (epoch 2)")]
    #[case::what_belongs_to_no_epoch("\"seed\": 2", "\"seed\": 3", "runs[1].seed")]
    fn a_difference_is_located_by_experiment_key_and_epoch(
        #[case] from: &str,
        #[case] to: &str,
        #[case] place: &str,
    ) {
        let record = r#"{"runs": [{"seed": 1}, {"seed": 2, "chain": ["a", "b", "c"], "history":
            [{"epoch": 4, "test": {"correct": 10}}, {"epoch": 5, "test": {"correct": 11}}]}],
            "loss_by_epoch": [0.25, 0.75], "epochs": [[5, 6], [7, 8]]}"#;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.json"), record.replacen(from, to, 1)).unwrap();
        let artifact = Artifact { name: "x.json".to_owned(), bytes: record.as_bytes().to_vec() };
        let found = compare(folder.path(), "study", &artifact, Reference::Recomputed);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].to_string().starts_with(&format!("study: x.json: {place}: submitted ")),
            "{}",
            found[0]
        );
    }

    #[test]
    fn a_missing_or_broken_file_is_named() {
        assert!(differences("{").concat().contains("no JSON"));
        let artifact = Artifact { name: "y.json".to_owned(), bytes: Vec::new() };
        assert!(
            compare(Path::new("/nowhere"), "study", &artifact, Reference::Recomputed)[0]
                .to_string()
                .contains("no readable file")
        );
    }

    #[test]
    fn other_files_are_compared_by_their_bytes() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("w.safetensors"), b"abc").unwrap();
        let artifact = |bytes: &[u8]| Artifact { name: "w.safetensors".to_owned(), bytes: bytes.to_vec() };
        assert!(compare(folder.path(), "study", &artifact(b"abc"), Reference::Recomputed).is_empty());
        assert!(
            compare(folder.path(), "study", &artifact(b"abd"), Reference::Recomputed)[0]
                .submitted
                .contains(&sha256_hex(b"abc"))
        );
    }
}
