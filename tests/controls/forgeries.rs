//! The forged records: what is edited, and whether a verification has to find it.

use serde::Deserialize;
use serde_json::{Number, Value};
use std::fs;
use std::path::Path;

/// Whatever may fail here ends the run.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// `forgeries.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forgeries {
    /// The forgeries.
    #[serde(rename = "forgery")]
    pub forgeries: Vec<Forgery>,
}

/// A forgery.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Forgery {
    /// Its name.
    pub id: String,
    /// The experiment.
    pub record: String,
    change: Vec<Change>,
    /// Whether the forger pastes the conclusions.
    pub paste: bool,
    /// How it is verified.
    pub options: Vec<String>,
    found: bool,
    says: String,
}

/// One edit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Change {
    at: String,
    add: Option<f64>,
    to: Option<Value>,
    drop_last: bool,
    repeat_first: bool,
    swap: Option<[usize; 2]>,
    one_more_right: bool,
}

impl Forgeries {
    /// Reads the file.
    pub fn load(path: &Path) -> Result<Self> {
        Ok(toml::from_str(&fs::read_to_string(path)?)?)
    }
}

impl Forgery {
    /// Edits the record.
    pub fn forge(&self, record: &mut Value) -> Result<()> {
        for change in &self.change {
            let mut places = Vec::new();
            expand(record, String::new(), &change.at, &mut places);
            if places.is_empty() {
                return Err(format!("{}: there is no {}", self.id, change.at).into());
            }
            for place in places {
                let value = record.pointer_mut(&place).ok_or("no such place")?;
                let before = value.clone();
                change.apply(value).ok_or_else(|| format!("{}: {place} cannot be edited so", self.id))?;
                if *value == before {
                    return Err(format!("{}: {place} is the same as before", self.id).into());
                }
            }
        }
        Ok(())
    }

    /// What is wrong with the verification's verdict, if anything is.
    pub fn verdict(
        &self,
        exit_code: Option<i32>,
        printed: &str,
    ) -> std::result::Result<&'static str, String> {
        let expected = i32::from(self.found);
        if exit_code != Some(expected) {
            return Err(format!("verify ended with {exit_code:?} and not {expected}: {printed}"));
        }
        if !printed.contains(&self.says) {
            return Err(format!("verify does not say `{}` but {printed}", self.says));
        }
        Ok(if self.found { "found" } else { "said not to be computed" })
    }
}

impl Change {
    /// Edits one value; nothing if it is of another kind.
    fn apply(&self, value: &mut Value) -> Option<()> {
        if let Some(add) = self.add {
            let sum = value.as_f64()? + add;
            let whole = value.is_u64() && sum.fract() == 0.0 && sum >= 0.0;
            *value = if whole { (sum as u64).into() } else { Number::from_f64(sum)?.into() };
        }
        if let Some(to) = &self.to {
            *value = to.clone();
        }
        if self.drop_last {
            value.as_array_mut()?.pop()?;
        }
        if self.repeat_first {
            let items = value.as_array_mut()?;
            items.push(items.first()?.clone());
        }
        if let Some([a, b]) = self.swap {
            let items = value.as_array_mut()?;
            (a.max(b) < items.len()).then(|| items.swap(a, b))?;
        }
        if self.one_more_right {
            let bin = value.as_array_mut()?.iter_mut().find(|bin| bin[0].as_u64() > bin[1].as_u64())?;
            bin[1] = (bin[1].as_u64()? + 1).into();
        }
        Some(())
    }
}

/// The pointers that `pattern` stands for, below `at`.
fn expand(value: &Value, at: String, pattern: &str, found: &mut Vec<String>) {
    let Some(rest) = pattern.strip_prefix('/') else {
        return found.push(at);
    };
    let (name, rest) = rest.find('/').map_or((rest, ""), |end| rest.split_at(end));
    let names: Vec<String> = match (name, value) {
        ("*", Value::Array(items)) => (0..items.len()).map(|i| i.to_string()).collect(),
        _ => vec![name.to_owned()],
    };
    for name in names {
        if let Some(below) = value.pointer(&format!("/{name}")) {
            expand(below, format!("{at}/{name}"), rest, found);
        }
    }
}

/// Pastes the conclusions that `verify --show` prints, and counts them:
/// `RECORD: FILE: conclusions.KEY: submitted A, from the submitted parts follows B`.
pub fn paste(record: &mut Value, shown: &str) -> usize {
    let value = |line: &str| -> Option<(String, Value)> {
        let key = line.split(": ").nth(2).filter(|key| key.starts_with("conclusions"))?;
        let (_, followed) = line.rsplit_once(", from the submitted parts follows ")?;
        let pointer = format!("/{}", key.replace(['.', '['], "/").replace(']', ""));
        Some((pointer, serde_json::from_str(followed).ok()?))
    };
    let mut pasted = 0;
    for (pointer, value) in shown.lines().filter_map(value) {
        if let Some(place) = record.pointer_mut(&pointer) {
            *place = value;
            pasted += 1;
        }
    }
    pasted
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn forgeries() -> Vec<Forgery> {
        Forgeries::load(&root().join("tests/controls/forgeries.toml")).unwrap().forgeries
    }

    #[test]
    fn every_forgery_can_be_made() {
        let forgeries = forgeries();
        assert!(forgeries.len() > 12);
        for forgery in &forgeries {
            let file = root().join("results").join(format!("{}.json", forgery.record));
            let mut record: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
            forgery.forge(&mut record).unwrap();
        }
    }

    /// The page for teaching assistants shows a run: every forgery with what became of it.
    #[test]
    fn the_page_shows_every_forgery_with_what_became_of_it() {
        let page = fs::read_to_string(root().join("book/src/grading.md")).unwrap();
        for forgery in forgeries() {
            let became = if forgery.found { "found" } else { "said not to be computed" };
            let line = |line: &&str| line.contains(&format!("s  {} ", forgery.id)) && line.ends_with(became);
            assert!(page.lines().any(|it| line(&it)), "{} {became}", forgery.id);
        }
    }

    fn change(text: &str) -> Forgery {
        let text = format!("id = \"x\"\nrecord = \"r\"\nchange = [{text}]\nsays = \"\"\n");
        toml::from_str(&text).unwrap()
    }

    #[rstest]
    #[case::add(r#"{ at = "/a/*/n", add = 2 }"#, json!({"a": [{"n": 3}, {"n": 7}]}))]
    #[case::a_fraction(r#"{ at = "/a/0/n", add = 0.5 }"#, json!({"a": [{"n": 1.5}, {"n": 5}]}))]
    #[case::to(r#"{ at = "/a", to = 1 }"#, json!({"a": 1}))]
    #[case::drop_last(r#"{ at = "/a", drop_last = true }"#, json!({"a": [{"n": 1}]}))]
    #[case::repeat_first(r#"{ at = "/a", repeat_first = true }"#, json!({"a": [{"n": 1}, {"n": 5}, {"n": 1}]}))]
    #[case::swap(r#"{ at = "/a", swap = [0, 1] }"#, json!({"a": [{"n": 5}, {"n": 1}]}))]
    fn a_record_is_edited(#[case] text: &str, #[case] expected: Value) {
        let mut record = json!({"a": [{"n": 1}, {"n": 5}]});
        change(text).forge(&mut record).unwrap();
        assert_eq!(record, expected);
    }

    #[rstest]
    #[case::of_no_place(r#"{ at = "/b", add = 2 }"#)]
    #[case::of_another_kind(r#"{ at = "/a", add = 2 }"#)]
    #[case::that_changes_nothing(r#"{ at = "/a/0/n", add = 0 }"#)]
    fn an_edit_is_refused(#[case] text: &str) {
        assert!(change(text).forge(&mut json!({"a": [{"n": 1}]})).is_err());
    }

    #[test]
    fn what_is_shown_can_be_pasted() {
        let mut record = json!({"parts": [1], "conclusions": {"all": [{"mean": 0.5}]}});
        let shown = "r: r.json: parts[0]: submitted 1, recomputed 2\n\
                     r: r.json: conclusions.all[0].mean: submitted 0.5, \
                     from the submitted parts follows 0.75\n1 differences";
        assert_eq!(paste(&mut record, shown), 1);
        assert_eq!(record, json!({"parts": [1], "conclusions": {"all": [{"mean": 0.75}]}}));
    }

    /// The negative control of these controls.
    #[rstest]
    #[case::found(true, Some(1), "here it is", true)]
    #[case::not_found(true, Some(0), "here it is", false)]
    #[case::found_elsewhere(true, Some(1), "there", false)]
    #[case::said_not_to_be_computed(false, Some(0), "it is not computed", true)]
    #[case::not_said(false, Some(0), "all computed", false)]
    #[case::an_error(true, Some(2), "here it is", false)]
    fn a_verification_is_held_to_the_forgery(
        #[case] found: bool,
        #[case] code: Option<i32>,
        #[case] printed: &str,
        #[case] holds: bool,
    ) {
        let forgery = Forgery { found, says: "it is".to_owned(), ..Forgery::default() };
        assert_eq!(forgery.verdict(code, printed).is_ok(), holds);
    }
}
