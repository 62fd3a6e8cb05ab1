//! A course: many submissions, each graded by a process of its own, and what they make together.
//!
//! | file | holds |
//! |---|---|
//! | `course.csv` | a line for each submission: points of each criterion, and in all |
//! | `overlaps.csv` | pairs of submissions whose sources have much in common, with the share |
//!
//! **An overlap is a place to look at, never a verdict.**

mod overlap;

pub use overlap::{Overlap, overlaps};

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The tables of a course.
pub const TABLES: [&str; 2] = ["course.csv", "overlaps.csv"];

/// A submission of a course, as its score files say.
#[derive(Clone, Debug, PartialEq)]
pub struct Graduate {
    /// The name of its folder.
    pub name: String,
    /// The points of each criterion, in the rubric's order; nothing where grading has not ended, which is **no 0**.
    pub points: Option<Vec<(String, f64)>>,
}

/// A line of `grade.csv`.
#[derive(Debug, Deserialize)]
struct Line {
    criterion: String,
    points: f64,
}

/// The folders of a course, by name: **each is a submission**, also one that a link leads to, and files beside them
/// are none.
///
/// # Errors
/// When the folder cannot be read, or a name is not to be written in a table, or is one of the tables'.
pub fn submissions(folder: &Path) -> std::io::Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.path().is_dir() || name.starts_with('.') {
            continue;
        }
        if crate::foreign::inert(&name, usize::MAX) != name
            || name.contains('\u{fffd}')
            || TABLES.contains(&&*name)
        {
            let why = format!("the submission {:?} needs another name: rename its folder", entry.file_name());
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, why));
        }
        found.insert(name, entry.path());
    }
    Ok(found)
}

/// Whether the score files in a folder are those of a grading that has ended.
pub fn has_ended(scores: &Path) -> bool {
    scores.join("manifest.json").is_file() && scores.join("grade.csv").is_file()
}

/// What the score files in a folder say.
pub fn graduate(name: &str, scores: &Path) -> Graduate {
    let read = || -> Result<Vec<(String, f64)>, csv::Error> {
        let lines = csv::Reader::from_path(scores.join("grade.csv"))?.into_deserialize::<Line>();
        lines.map(|line| line.map(|line| (line.criterion, line.points))).collect()
    };
    let points = if has_ended(scores) { read().ok() } else { None };
    Graduate { name: name.to_owned(), points }
}

impl Graduate {
    /// All its points, if it has any score.
    pub fn total(&self) -> Option<f64> {
        let points = self.points.as_ref()?.iter().map(|(_, points)| *points);
        Some(crate::rubric::sum_of_points(points))
    }
}

/// `course.csv`.
///
/// # Errors
/// When the table cannot be written as CSV.
pub fn table(graduates: &[Graduate]) -> Result<String, csv::Error> {
    let criteria: Vec<&String> =
        graduates.iter().find_map(|it| it.points.as_ref()).into_iter().flatten().map(|(id, _)| id).collect();
    let mut table = csv::Writer::from_writer(Vec::new());
    let heads = ["submission", "points"].into_iter().chain(criteria.iter().map(|id| id.as_str()));
    table.write_record(heads)?;
    for graduate in graduates {
        let of = |id: &String| {
            let found = graduate.points.iter().flatten().find(|(criterion, _)| criterion == id);
            found.map_or(String::new(), |(_, points)| points.to_string())
        };
        let total = graduate.total().map_or(String::new(), |points| points.to_string());
        let cells = [crate::foreign::cell(&graduate.name), total];
        table.write_record(cells.into_iter().chain(criteria.iter().map(|id| of(id))))?;
    }
    text(table)
}

/// `overlaps.csv`.
///
/// # Errors
/// When the table cannot be written as CSV.
pub fn overlap_table(overlaps: &[Overlap]) -> Result<String, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["one", "other", "share", "places"])?;
    for Overlap { one, other, share, places } in overlaps {
        let [one, other] = [one, other].map(|name| crate::foreign::cell(name));
        table.write_record([one, other, format!("{share:.2}"), places.to_string()])?;
    }
    text(table)
}

fn text(table: csv::Writer<Vec<u8>>) -> Result<String, csv::Error> {
    let bytes = table.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_is_a_table_of_its_score_files() {
        let folder = tempfile::tempdir().unwrap();
        let scores = folder.path().join("ada");
        std::fs::create_dir(&scores).unwrap();
        let grade = "criterion,question,points,max_points,met,number,bar,evidence,seconds\n\
                     T1a,T1a,8,8,true,0,1,x,1\nT1b,T1b,2.5,8,false,0,1,x,1\n";
        std::fs::write(scores.join("grade.csv"), grade).unwrap();
        assert!(!has_ended(&scores), "a sheet from before the end");
        assert_eq!(graduate("ada", &scores).total(), None);
        std::fs::write(scores.join("manifest.json"), "{}").unwrap();
        assert!(has_ended(&scores));
        let graduates = [graduate("ada", &scores), graduate("=bob", &folder.path().join("bob"))];
        let table = table(&graduates).unwrap();
        assert_eq!(table, "submission,points,T1a,T1b\nada,10.5,8,2.5\n'=bob,,,\n");
    }

    #[test]
    fn folders_are_submissions_and_files_are_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("-x y")).unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        std::fs::write(folder.path().join("list.csv"), "").unwrap();
        assert_eq!(submissions(folder.path()).unwrap().into_keys().collect::<Vec<_>>(), ["-x y"]);
        assert!(submissions(&folder.path().join("none")).is_err());
        for strange in ["a\u{1b}[2Jb", "course.csv"] {
            std::fs::create_dir(folder.path().join(strange)).unwrap();
            let why = submissions(folder.path()).unwrap_err().to_string();
            assert!(why.contains("needs another name"), "{why}");
            std::fs::remove_dir(folder.path().join(strange)).unwrap();
        }
    }
}
