//! The faults: what is planted, and what it has to cost.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Whatever may fail here ends the run.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Stands for every file, and for every criterion.
const ALL: &str = "*";

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
    /// The criteria that lose their points.
    loses: Vec<String>,
    /// What every criterion rests on that loses its points.
    loses_all_on: Option<String>,
    says: BTreeMap<String, String>,
}

/// A criterion of the rubric: what it is worth, and what it rests on.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Worth {
    id: String,
    points: f64,
    evidence: Vec<String>,
    crates: Vec<String>,
}

#[derive(Deserialize)]
struct Worths {
    criterion: Vec<Worth>,
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

/// The criteria of a rubric.
pub fn worths(rubric: &Path) -> Result<Vec<Worth>> {
    Ok(toml::from_str::<Worths>(&fs::read_to_string(rubric)?)?.criterion)
}

impl Worth {
    fn rests_on(&self, what: &str) -> bool {
        what == ALL || self.evidence.iter().chain(&self.crates).any(|it| it == what || it == ALL)
    }
}

impl Fault {
    /// The points that each criterion has to lose.
    fn expected<'a>(&self, rubric: &'a [Worth]) -> BTreeMap<&'a String, f64> {
        let on_it = |it: &Worth| self.loses_all_on.as_ref().is_some_and(|what| it.rests_on(what));
        let is_lost = |it: &&Worth| it.points > 0.0 && (self.loses.contains(&it.id) || on_it(it));
        let lost = rubric.iter().filter(is_lost);
        lost.map(|it| (&it.id, it.points)).collect()
    }

    /// What it has to cost, in words.
    fn cost(&self) -> String {
        match self.loses_all_on.as_deref() {
            Some(ALL) => "every criterion".to_owned(),
            Some(what) => format!("every criterion on {what}"),
            None if self.loses.is_empty() => "nothing".to_owned(),
            None => self.loses.join(", "),
        }
    }

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

/// What was lost, if it is what the fault has to cost; otherwise what is not.
pub fn verdict(fault: &Fault, rubric: &[Worth], found: &Found) -> std::result::Result<String, String> {
    let lost: BTreeMap<&String, f64> =
        found.lost.iter().filter(|(_, lost)| **lost != 0.0).map(|(id, lost)| (id, *lost)).collect();
    let expected = fault.expected(rubric);
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
    Ok(fault.cost())
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

    /// What is edited stands there once, and what loses points is in the rubric.
    #[test]
    fn every_fault_can_be_planted_and_costs_what_there_is() {
        let rubric = worths(&root().join("rubric.toml")).unwrap();
        let faults = faults();
        assert!(faults.len() > 12);
        for fault in &faults {
            for Edit { file, from, to } in &fault.edit {
                let text = fs::read_to_string(root().join(file)).unwrap();
                assert_eq!(text.matches(from).count(), 1, "{}: {from}", fault.id);
                assert_ne!(from, to, "{}", fault.id);
            }
            let folders = fault.write.iter().filter_map(|write| write.file.parent());
            for file in fault.delete.iter().map(PathBuf::as_path).chain(folders) {
                assert!(root().join(file).exists(), "{}: {}", fault.id, file.display());
            }
            for id in &fault.loses {
                assert!(rubric.iter().any(|it| it.id == *id), "{}: {id}", fault.id);
            }
            let all_on = fault.loses_all_on.as_ref();
            assert!(all_on.is_none_or(|_| !fault.expected(&rubric).is_empty()), "{}: {all_on:?}", fault.id);
        }
    }

    /// The page for teaching assistants shows a run: every fault with what it costs.
    #[test]
    fn the_page_shows_every_fault_with_what_it_costs() {
        let page = fs::read_to_string(root().join("book/src/grading.md")).unwrap();
        for fault in faults() {
            let cost = fault.cost();
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
            loses: vec!["T2".to_owned()],
            says: [("T2".to_owned(), "fails".to_owned())].into(),
            ..Fault::default()
        };
        let evidence = ["T2", "R"].map(|id| (id.to_owned(), evidence.to_owned())).into();
        let found = Found { lost: [("T2".to_owned(), t2), ("R".to_owned(), r)].into(), evidence };
        assert_eq!(verdict(&fault, &RUBRIC.map(worth), &found).is_ok(), holds);
    }

    /// Id, points, evidence and crate of some criteria. What is worth nothing cannot be lost.
    const RUBRIC: [(&str, f64, &str, &str); 4] = [
        ("T2", 8.0, "a.json", "theory"),
        ("P1", 9.0, "b.json", "cnn"),
        ("R", 5.0, ALL, "cnn"),
        ("H", 0.0, ALL, "cnn"),
    ];

    fn worth((id, points, evidence, name): (&str, f64, &str, &str)) -> Worth {
        Worth {
            id: id.to_owned(),
            points,
            evidence: vec![evidence.to_owned()],
            crates: vec![name.to_owned()],
        }
    }

    #[rstest]
    #[case::a_record("a.json", &["R", "T2"])]
    #[case::a_crate("cnn", &["P1", "R"])]
    #[case::everything(ALL, &["P1", "R", "T2"])]
    fn a_fault_costs_every_criterion_that_rests_on(#[case] what: &str, #[case] ids: &[&str]) {
        let fault = Fault { loses_all_on: Some(what.to_owned()), ..Fault::default() };
        assert_eq!(fault.expected(&RUBRIC.map(worth)).into_keys().collect::<Vec<_>>(), ids);
    }
}
