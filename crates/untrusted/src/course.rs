//! What a course reads: the rubric, the questions, and what students hand in.

use crate::message::message;
use cnn::Isa;
use experiments::answers::{Answer, AnswersOutcome, compare, topic};
use experiments::verify::Recomputed;
use grading::hand_in::OpenedHandIn;
use grading::rubric::Rubric;
use grading::starter::cut::cut;
use grading::starter::questions_in;
use grading::submission::forbidden;
use std::sync::OnceLock;
use widgets::hand_in::{HandIn, HandedWidget};
use widgets::widget::{State, Tick};
use widgets::widgets::find;

/// So many ticks of a widget are made.
const TICKS: usize = 8;

/// A rubric, and the score of somebody who did nothing.
pub fn rubric(bytes: &[u8]) -> Result<(), String> {
    let rubric = Rubric::parse(&text(bytes)?).map_err(message)?;
    let possible = rubric.possible();
    assert!(possible.is_finite() && (0.0..=possible).contains(&rubric.pass));
    let sheet = grading::score(&rubric, &Recomputed::default());
    assert_eq!(sheet.rows.len(), rubric.criteria.len());
    assert!(sheet.rows.iter().all(|row| row.criterion.points.is_finite() && row.criterion.points >= 0.0));
    Ok(())
}

/// The questions of the assignment.
pub fn given(bytes: &[u8]) -> Result<(), String> {
    questions_in(&text(bytes)?).map(drop).map_err(message)
}

/// What was done in the pages, each state opened again, and what is amiss with it.
pub fn hand_in(bytes: &[u8]) -> Result<(), String> {
    let submitted: HandIn = serde_json::from_slice(bytes).map_err(message)?;
    let again: HandIn = serde_json::from_str(&submitted.text()).map_err(message)?;
    assert_eq!(again, submitted);
    // No more are opened than there are widgets.
    let recomputed = submitted.widgets.iter().take(widgets::widgets::WIDGETS.len()).map(reopened).collect();
    let opened = OpenedHandIn { submitted, recomputed };
    let faults = opened.faults();
    opened.counts();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}

fn reopened(handed: &HandedWidget) -> Option<HandedWidget> {
    let entry = find(&handed.widget)?;
    let mut widget = (entry.open)(&State::from(handed.state.clone()));
    let ticks = (0..TICKS).take_while(|_| widget.tick() != Tick::Idle).count();
    let shown = HandedWidget::of(entry, widget.as_ref());
    let _ = widget.view();
    let kept = (entry.open)(&widget.state());
    // One that is still computing has other receipts when it has gone on.
    if ticks == 0 {
        assert_eq!(HandedWidget::of(entry, kept.as_ref()).guess, shown.guess, "{}", entry.name);
    }
    assert_eq!(kept.state(), widget.state(), "{}", entry.name);
    Some(shown)
}

/// The answers that a student's program wrote down, held to those of two topics.
pub fn answers(bytes: &[u8]) -> Result<(), String> {
    static OURS: OnceLock<Vec<Vec<Answer>>> = OnceLock::new();
    let ours = OURS.get_or_init(|| {
        let of = |id| topic(id).and_then(|topic| topic.answers(Isa::Scalar, 1).ok()).unwrap_or_default();
        vec![of("relu"), of("cross-entropy")]
    });
    let theirs = serde_json::from_slice::<AnswersOutcome>(bytes).map_err(message)??;
    for ours in ours {
        let found = compare(&theirs, ours, 1e-6);
        if found.other.is_none() {
            assert_eq!(theirs.len(), ours.len());
        }
    }
    let itself = compare(&theirs, &theirs, 1e-6);
    assert_eq!(itself.numbers, theirs.iter().map(|answer| answer.values.len()).sum::<usize>());
    Ok(())
}

/// A source of a student's.
pub fn source(bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    if let Ok((text, blanks)) = cut(&text) {
        assert!(
            blanks
                .iter()
                .all(|blank| text.lines().nth(blank.line - 1).is_some_and(|line| line.contains("todo!(")))
        );
    }
    let Some(found) = forbidden(&text) else { return Ok(()) };
    // Under a fuzzer the library that cuts tokens knows no lines, and says 0.
    assert!(found.line <= text.lines().count() + 1, "{found:?}");
    Err(format!("line {}: {} ({})", found.line, found.words, found.to))
}

fn text(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(message)
}
