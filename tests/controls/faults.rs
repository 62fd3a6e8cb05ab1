//! The faults: what is planted, and what it has to cost.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Whatever may fail here ends the run.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The place of the score sheet's notes among what a fault says.
const NOTES: &str = "notes";

/// `faults.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faults {
    /// The faults.
    #[serde(rename = "fault")]
    pub faults: Vec<Fault>,
}

/// A fault.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fault {
    /// Its name.
    pub id: String,
    edit: Vec<Edit>,
    write: Vec<Write>,
    delete: Vec<PathBuf>,
    /// Whether the copy's data are used.
    pub data: bool,
    /// Whether the copy is the starter.
    pub starter: bool,
    /// The records that the faulty code made again.
    pub rerun: Vec<String>,
    /// The points that each criterion loses.
    pub loses: BTreeMap<String, f64>,
    says: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: PathBuf,
    from: String,
    to: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Write {
    file: PathBuf,
    text: String,
}

/// What a score sheet says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// What each criterion lost.
    pub lost: BTreeMap<String, f64>,
    /// Its evidence; the notes are there too.
    pub evidence: BTreeMap<String, String>,
}

impl Faults {
    /// Reads the file.
    pub fn load(path: &Path) -> Result<Self> {
        Ok(toml::from_str(&fs::read_to_string(path)?)?)
    }
}

impl Fault {
    /// Plants it into a copy.
    pub fn plant(&self, copy: &Path) -> Result<()> {
        for edit in &self.edit {
            let file = copy.join(&edit.file);
            let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            if text.matches(&edit.from).count() != 1 {
                return Err(
                    format!("{}: `{}` does not stand once in it", edit.file.display(), edit.from).into()
                );
            }
            fs::write(file, text.replacen(&edit.from, &edit.to, 1))?;
        }
        for write in &self.write {
            fs::write(copy.join(&write.file), &write.text)?;
        }
        for name in &self.delete {
            let path = copy.join(name);
            if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
        }
        Ok(())
    }
}

impl Found {
    /// Reads the score files in a folder.
    pub fn load(folder: &Path) -> Result<Self> {
        let mut found = Self::default();
        for row in csv::Reader::from_path(folder.join("grade.csv"))?.deserialize() {
            let row: BTreeMap<String, String> = row?;
            let of = |name: &str| row.get(name).ok_or_else(|| format!("grade.csv has no column {name}"));
            let lost = of("max_points")?.parse::<f64>()? - of("points")?.parse::<f64>()?;
            found.lost.insert(of("criterion")?.clone(), lost);
            found.evidence.insert(of("criterion")?.clone(), of("evidence")?.clone());
        }
        let results: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("results.json"))?)?;
        found.evidence.insert(NOTES.to_owned(), results["output"].as_str().unwrap_or_default().to_owned());
        Ok(found)
    }
}

/// What was lost, in a line.
fn shown(lost: &BTreeMap<&String, f64>) -> String {
    let shown: Vec<String> = lost.iter().map(|(id, lost)| format!("{id} -{lost}")).collect();
    if shown.is_empty() { "nothing".to_owned() } else { shown.join(", ") }
}

/// What was lost, if it is what the fault says; otherwise what is not.
pub fn verdict(fault: &Fault, found: &Found) -> std::result::Result<String, String> {
    let lost: BTreeMap<&String, f64> =
        found.lost.iter().filter(|(_, lost)| **lost != 0.0).map(|(id, lost)| (id, *lost)).collect();
    let expected: BTreeMap<&String, f64> = fault.loses.iter().map(|(id, lost)| (id, *lost)).collect();
    if lost != expected {
        let evidence = lost.keys().filter(|id| !expected.contains_key(*id)).map(|id| &found.evidence[*id]);
        let evidence: Vec<&str> = evidence.map(String::as_str).collect();
        return Err(format!("cost {} and not {}: {}", shown(&lost), shown(&expected), evidence.join("; ")));
    }
    for (id, words) in &fault.says {
        let said = found.evidence.get(id).map_or("", String::as_str);
        if !said.contains(words) {
            return Err(format!("{id} does not say `{words}` but `{said}`"));
        }
    }
    Ok(shown(&lost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn faults() -> Vec<Fault> {
        Faults::load(&root().join("tests/controls/faults.toml")).unwrap().faults
    }

    /// What is edited stands there once, and what costs points is a criterion that has them.
    #[test]
    fn every_fault_can_be_planted_and_costs_what_there_is() {
        let rubric: toml::Table = fs::read_to_string(root().join("rubric.toml")).unwrap().parse().unwrap();
        let points: BTreeMap<&str, i64> = rubric["criterion"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["id"].as_str().unwrap(), it["points"].as_integer().unwrap()))
            .collect();
        let faults = faults();
        assert!(faults.len() > 12);
        for fault in &faults {
            for Edit { file, from, to } in &fault.edit {
                let text = fs::read_to_string(root().join(file)).unwrap();
                assert_eq!(text.matches(from).count(), 1, "{}: {from}", fault.id);
                assert_ne!(from, to, "{}", fault.id);
            }
            for file in fault.delete.iter().chain(fault.write.iter().map(|write| &write.file)) {
                assert!(root().join(file).exists(), "{}: {}", fault.id, file.display());
            }
            for (id, lost) in &fault.loses {
                assert!((1.0..=points[&id[..]] as f64).contains(lost), "{}: {id}", fault.id);
            }
        }
    }

    /// The page for teaching assistants shows a run: every fault with what it costs.
    #[test]
    fn the_page_shows_every_fault_with_what_it_costs() {
        let page = fs::read_to_string(root().join("book/src/grading.md")).unwrap();
        for fault in faults() {
            let cost = shown(&fault.loses.iter().map(|(id, lost)| (id, *lost)).collect());
            let line = |line: &&str| {
                line.contains(&format!("s  {} ", fault.id)) && line.ends_with(&format!(" {cost}"))
            };
            assert!(page.lines().any(|it| line(&it)), "{} {cost}", fault.id);
        }
    }

    #[test]
    fn a_fault_is_planted() {
        let copy = tempfile::tempdir().unwrap();
        fs::write(copy.path().join("a"), "one two").unwrap();
        fs::write(copy.path().join("b"), "").unwrap();
        let edit = |from: &str| Edit { file: "a".into(), from: from.to_owned(), to: "three".to_owned() };
        let fault = Fault { edit: vec![edit("two")], delete: vec!["b".into()], ..Fault::default() };
        fault.plant(copy.path()).unwrap();
        assert_eq!(fs::read_to_string(copy.path().join("a")).unwrap(), "one three");
        assert!(!copy.path().join("b").exists());
        let again = Fault { edit: vec![edit("two")], ..Fault::default() };
        assert!(again.plant(copy.path()).unwrap_err().to_string().contains("does not stand once"));
    }

    /// The negative control of these controls.
    #[rstest]
    #[case::as_it_should(8.0, 0.0, "it fails: why", true)]
    #[case::it_costs_nothing(0.0, 0.0, "it fails: why", false)]
    #[case::it_costs_another_criterion_too(8.0, 1.0, "it fails: why", false)]
    #[case::it_costs_a_part(4.0, 0.0, "it fails: why", false)]
    #[case::it_does_not_say_why(8.0, 0.0, "it holds", false)]
    fn a_score_sheet_is_held_to_the_fault(
        #[case] t2: f64,
        #[case] r: f64,
        #[case] evidence: &str,
        #[case] holds: bool,
    ) {
        let fault = Fault {
            loses: [("T2".to_owned(), 8.0)].into(),
            says: [("T2".to_owned(), "fails".to_owned())].into(),
            ..Fault::default()
        };
        let evidence = ["T2", "R"].map(|id| (id.to_owned(), evidence.to_owned())).into();
        let found = Found { lost: [("T2".to_owned(), t2), ("R".to_owned(), r)].into(), evidence };
        assert_eq!(verdict(&fault, &found).is_ok(), holds);
    }
}
