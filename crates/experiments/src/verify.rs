//! Recomputed files against the submitted ones, exactly.

use crate::data::checksum::sha256_hex;
use crate::registry::Artifact;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

/// A place at which a recomputed file is not the submitted one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The file.
    pub file: String,
    /// Where in it, such as `variants[0].sorted.correct`; empty for a whole file.
    pub key: String,
    /// What was submitted.
    pub submitted: String,
    /// What was recomputed.
    pub recomputed: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, key, submitted, recomputed } = self;
        let at = if key.is_empty() { "" } else { ": " };
        write!(f, "{file}{at}{key}: submitted {submitted}, recomputed {recomputed}")
    }
}

/// Compares one recomputed file with the one in `results`.
///
/// JSON is compared key by key and number by number, as written: `0.1` and `0.10` are the same number, `0.0` and
/// `-0.0` are not. Anything else is compared byte by byte.
pub fn compare(results: &Path, recomputed: &Artifact) -> Vec<Difference> {
    let file = recomputed.name.clone();
    let whole = |submitted: String, recomputed: String| {
        vec![Difference { file: file.clone(), key: String::new(), submitted, recomputed }]
    };
    let submitted = match std::fs::read(results.join(&recomputed.name)) {
        Ok(bytes) => bytes,
        Err(error) => return whole(format!("no readable file ({error})"), "one".to_owned()),
    };
    if submitted == recomputed.bytes {
        return Vec::new();
    }
    if !file.ends_with(".json") {
        let hash = |bytes: &[u8]| format!("sha256 {}", sha256_hex(bytes));
        return whole(hash(&submitted), hash(&recomputed.bytes));
    }
    let parse = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes);
    match (parse(&submitted), parse(&recomputed.bytes)) {
        (Ok(submitted), Ok(recomputed)) => {
            let mut differences = Vec::new();
            walk(&file, String::new(), &submitted, &recomputed, &mut differences);
            differences
        }
        (Err(error), _) | (_, Err(error)) => whole(format!("no JSON ({error})"), "a record".to_owned()),
    }
}

/// Compares the beginning of a study's part with the submitted part: every key and every element of an array that the
/// beginning has.
pub fn compare_beginning(file: &str, key: &str, submitted: &Value, beginning: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    walk(file, key.to_owned(), &cut(submitted, beginning), beginning, &mut differences);
    differences
}

/// What stays of `value` at the places that `like` has.
fn cut(value: &Value, like: &Value) -> Value {
    match (value, like) {
        (Value::Object(value), Value::Object(like)) => {
            let shared = |(name, like): (&String, &Value)| {
                value.get(name).map(|value| (name.clone(), cut(value, like)))
            };
            Value::Object(like.iter().filter_map(shared).collect())
        }
        (Value::Array(value), Value::Array(like)) => {
            Value::Array(value.iter().zip(like).map(|(value, like)| cut(value, like)).collect())
        }
        _ => value.clone(),
    }
}

/// Compares two values key by key.
fn walk(file: &str, key: String, submitted: &Value, recomputed: &Value, differences: &mut Vec<Difference>) {
    let missing = Value::String("nothing".to_owned());
    match (submitted, recomputed) {
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                let (a, b) = (a.get(name).unwrap_or(&missing), b.get(name).unwrap_or(&missing));
                walk(file, key, a, b, differences);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                walk(file, format!("{key}[{i}]"), a, b, differences);
            }
        }
        (a, b) => {
            // As written, because 0.0 and -0.0 are equal as numbers.
            let (written_a, written_b) = (a.to_string(), b.to_string());
            if written_a != written_b {
                let (file, submitted, recomputed) = (file.to_owned(), short(written_a), short(written_b));
                differences.push(Difference { file, key, submitted, recomputed });
            }
        }
    }
}

/// A text in at most 60 characters.
fn short(text: String) -> String {
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
        compare(folder.path(), &artifact).iter().map(Difference::to_string).collect()
    }

    #[test]
    fn the_same_record_has_no_difference_however_it_is_laid_out() {
        assert_eq!(differences(RECORD), [""; 0]);
        assert_eq!(differences(&RECORD.replace(", ", ",\n  ")), [""; 0]);
    }

    #[rstest]
    #[case::a_digit("0.25", "0.26", "x.json: rates[1]: submitted 0.26, recomputed 0.25")]
    #[case::the_last_bit(
        "0.1,",
        "0.10000000000000002,",
        "x.json: rates[0]: submitted 0.10000000000000002, recomputed 0.1"
    )]
    #[case::a_count("29", "30", "x.json: count.correct: submitted 30, recomputed 29")]
    #[case::a_left_out_key(
        r#""total": 30"#,
        r#""sum": 30"#,
        "x.json: count.sum: submitted 30, recomputed \"nothing\""
    )]
    #[case::a_shorter_list("[0.1, 0.25]", "[0.1]", "x.json: rates: submitted [0.1], recomputed [0.1,0.25]")]
    fn an_edited_record_is_found_and_named(#[case] from: &str, #[case] to: &str, #[case] message: &str) {
        assert_eq!(differences(&RECORD.replacen(from, to, 1))[0], message);
    }

    #[test]
    fn a_beginning_is_compared_where_it_is_and_nowhere_else() {
        let submitted = serde_json::json!({"seed": 1, "chain": ["a", "b", "c"], "test": 29});
        let of = |beginning: Value| -> Vec<String> {
            let differences = compare_beginning("x.json", "parts[0]", &submitted, &beginning);
            differences.iter().map(Difference::to_string).collect()
        };
        assert_eq!(of(serde_json::json!({"seed": 1, "chain": ["a", "b"]})), [""; 0]);
        let found = of(serde_json::json!({"seed": 1, "chain": ["a", "x"]}));
        assert_eq!(found, [r#"x.json: parts[0].chain[1]: submitted "b", recomputed "x""#]);
        assert_eq!(of(serde_json::json!({"chain": ["a", "b", "c", "d"]})).len(), 1);
        assert_eq!(
            of(serde_json::json!({"sed": 1})),
            [r#"x.json: parts[0].sed: submitted "nothing", recomputed 1"#]
        );
    }

    #[test]
    fn a_missing_or_broken_file_is_named() {
        assert!(differences("{").concat().contains("no JSON"));
        let artifact = Artifact { name: "y.json".to_owned(), bytes: Vec::new() };
        assert!(compare(Path::new("/nowhere"), &artifact)[0].to_string().contains("no readable file"));
    }

    #[test]
    fn other_files_are_compared_by_their_bytes() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("w.safetensors"), b"abc").unwrap();
        let artifact = |bytes: &[u8]| Artifact { name: "w.safetensors".to_owned(), bytes: bytes.to_vec() };
        assert!(compare(folder.path(), &artifact(b"abc")).is_empty());
        assert!(compare(folder.path(), &artifact(b"abd"))[0].submitted.contains(&sha256_hex(b"abc")));
    }
}
