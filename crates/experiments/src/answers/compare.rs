//! Two lists of answers, held against each other.

use super::answer::Answer;

/// How a student's answers compare with the assignment's.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswersComparison {
    /// How many numbers were compared.
    pub numbers: usize,
    /// The first answer that is another, with the reason; nothing when all are the same.
    pub other: Option<String>,
}

/// Compares answers with those of the assignment: each has the same words and as many numbers, and no number lies
/// further from the assignment's than `tolerance` times the largest of that answer, or of those with which it is
/// measured together. What a student's answers say of their own size counts for nothing.
///
/// **A number that is not finite equals none.** The message tells what was asked and how far the answer is off, and
/// nothing of the right one.
pub fn compare(theirs: &[Answer], ours: &[Answer], tolerance: f64) -> AnswersComparison {
    let numbers = ours.iter().map(|answer| answer.values.len()).sum();
    let missing = || {
        (theirs.len() != ours.len()).then(|| "there are more or fewer answers than were asked for".to_owned())
    };
    let other = ours.iter().zip(theirs).find_map(|(ours, theirs)| differs(theirs, ours, tolerance));
    AnswersComparison { numbers, other: other.or_else(missing) }
}

/// Why an answer is another.
fn differs(theirs: &Answer, ours: &Answer, tolerance: f64) -> Option<String> {
    let what = &ours.what;
    if theirs.what != *what || theirs.values.len() != ours.values.len() {
        return Some(format!("{what}: {} numbers instead of {}", theirs.values.len(), ours.values.len()));
    }
    let values = ours.values.iter().flatten();
    let largest = ours.size.unwrap_or_else(|| values.fold(0.0, |largest, value| largest.max(value.abs())));
    // Answers that are all 0 have no size of their own.
    let size = if largest > 0.0 { largest } else { 1.0 };
    let far = |(theirs, ours): (&Option<f64>, &Option<f64>)| match (theirs, ours) {
        (Some(theirs), Some(ours)) => (theirs - ours).abs() / size,
        _ => f64::INFINITY,
    };
    let furthest = theirs.values.iter().zip(&ours.values).map(far).fold(0.0, f64::max);
    if furthest <= tolerance {
        return None;
    }
    Some(if furthest.is_finite() {
        format!("{what}: off by {furthest:.1e} of the largest number, where {tolerance:.0e} is allowed")
    } else {
        format!("{what}: a number that is not finite")
    })
}
