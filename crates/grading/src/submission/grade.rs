//! A submission graded, and where it is not whole, crate by crate.

use super::parts::CRATES;
use super::{Submission, SubmissionError, Tree};
use crate::isolated::{Graded, Grader};
use crate::manifest::Manifest;
use crate::rubric::{Criterion, Rubric};
use crate::{ScoreSheet, Scored};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Grades a submission in `tree`, and says what was graded. `grader` takes the command that recomputes, and where not
/// the whole submission is in it a name for its part.
///
/// # Errors
/// [`SubmissionError`] when not even the assignment can be built, or files cannot be written.
pub fn grade(
    submission: &Submission,
    tree: &Tree,
    rubric: &Rubric,
    grader: &dyn Fn(PathBuf, Option<String>) -> Grader,
    say: &dyn Fn(&str),
) -> Result<(Graded, Manifest), SubmissionError> {
    let mut faults: BTreeMap<&str, String> =
        CRATES.iter().filter_map(|name| Some((*name, submission.fault(name)?))).collect();
    say("building the submission");
    let program = loop {
        let sound: Vec<&str> = CRATES.into_iter().filter(|name| !faults.contains_key(name)).collect();
        match tree.build(submission, &sound)? {
            Ok(program) => break program,
            Err(found) => faults.extend(found),
        }
    };
    let is_sound =
        |criterion: &&Criterion| criterion.crates.iter().all(|name| !faults.contains_key(name.as_str()));
    let sound =
        Rubric { criteria: rubric.criteria.iter().filter(is_sound).cloned().collect(), ..rubric.clone() };
    let failed = |source| SubmissionError::File { path: tree.root().to_owned(), source };
    let manifest = Manifest::of(tree.root()).map_err(failed)?;
    let mut graded = grader(program, None).grade(&sound, say);

    let others_changed = |own: &[&str]| {
        submission.changed.iter().any(|name| !own.contains(name) && !faults.contains_key(name))
    };
    // What rests on no crate of it is judged alike without the others, and so is what its own crates answer.
    let missed = graded.sheet.rows.iter().filter(|row| can_gain(row, &graded.lost)).map(own_crates);
    let alone: BTreeSet<Vec<&str>> = missed.filter(|own| !own.is_empty() && others_changed(own)).collect();
    for crates in alone {
        say(&format!("building with {} of the submission alone", crates.join(" and ")));
        if let Ok(program) = tree.build(submission, &crates)? {
            let grader = grader(program, Some(crates.join("-")));
            judge_again(&mut graded, &crates, rubric, &grader, say);
        }
    }

    let row = |criterion: &Criterion| {
        let found = graded.sheet.rows.iter().find(|row| row.criterion.id == criterion.id);
        found.cloned().unwrap_or_else(|| {
            let whys = criterion.crates.iter().filter_map(|name| faults.get(name.as_str()));
            Scored::not_judged(criterion, whys.cloned().collect::<Vec<_>>().join("; "))
        })
    };
    let rows = rubric.criteria.iter().map(row).collect();
    let notes =
        [submission.notes.clone(), graded.sheet.notes.clone(), faults.into_values().collect()].concat();
    graded.sheet = ScoreSheet { rows, notes, ..graded.sheet };
    Ok((graded, manifest))
}

/// Whether a criterion that is not met can earn more with its own crates alone.
fn can_gain(row: &Scored, lost: &BTreeSet<String>) -> bool {
    !row.met() && !lost.contains(&row.criterion.id)
}

/// The crates of a submission that a criterion rests on.
fn own_crates(row: &Scored) -> Vec<&'static str> {
    CRATES.into_iter().filter(|name| row.criterion.crates.iter().any(|own| own == name)).collect()
}

/// Judges the criteria that are not met and rest on just these crates once more, by a grader that has no other of the
/// submission. What earns more than before takes the row.
fn judge_again(
    Graded { sheet: ScoreSheet { rows, .. }, lost, .. }: &mut Graded,
    crates: &[&'static str],
    rubric: &Rubric,
    grader: &Grader,
    say: &dyn Fn(&str),
) {
    let again = rows.iter().filter(|row| can_gain(row, lost) && own_crates(row) == crates);
    let criteria = again.map(|row| row.criterion.clone()).collect();
    for mut row in grader.grade(&Rubric { criteria, ..rubric.clone() }, say).sheet.rows {
        let first = rows.iter_mut().find(|first| first.criterion.id == row.criterion.id);
        let Some(first) = first.filter(|first| row.points() > first.points()) else { continue };
        row.verdict.evidence.text += &format!(
            "; judged with {} of the submission alone, because it was not met with all of its crates",
            crates.join(" and ")
        );
        row.seconds += first.seconds;
        *first = row;
    }
}
