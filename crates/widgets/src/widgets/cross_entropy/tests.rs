use super::*;
use rstest::rstest;
use theory::derivation::cross_entropy::{Batch, any_batch};
use theory::render::worked::{LABELS, OUTPUTS};

const QUESTION: &str =
    "y=0.65&y=0.43&y=0.11&y=0.05&y=0.51&y=0.18&y=0.33&y=0.21&y=0.72&label=1&label=2&label=3";

fn widget(state: &str) -> CrossEntropyWidget {
    CrossEntropyWidget::open(&State::parse(state))
}

fn shown(state: &str) -> String {
    widget(state).view().into_string()
}

/// The table of that class, its rows as the texts of their cells.
fn table(view: &str, class: &str) -> Vec<Vec<String>> {
    let rest = view.split_once(&format!("<table class=\"{class}\">")).unwrap().1;
    let rows = rest.split_once("</table>").unwrap().0.split("<tr").skip(1);
    let text = |cell: &str| {
        let words = cell.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text.trim());
        words.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let cells = |row: &str| {
        let row = row.replace("</th>", "</td>");
        row.split("</td>").map(text).filter(|text| !text.is_empty()).collect()
    };
    rows.map(cells).collect()
}

#[test]
fn a_reader_who_comes_first_finds_the_questions_batch() {
    assert_eq!(
        widget("").state().to_query(),
        format!("{QUESTION}&reading=probabilities&spoil=false&step=1e-3")
    );
}

#[rstest]
#[case::a_row_too_short("y=1&y=2&y=3&label=1&label=2")]
#[case::one_class("y=1&label=1")]
#[case::seven_samples("y=1&y=1&label=1&label=1&label=1&label=1&label=1&label=1&label=1")]
#[case::no_output("label=1")]
#[case::no_label("y=1&y=2")]
fn a_state_of_no_batch_is_the_questions(#[case] state: &str) {
    assert_eq!(widget(state).state(), widget("").state());
}

/// Each control by itself, on the question's batch; what stays is left out of the expectation.
#[rstest]
#[case::a_number("y2-3", "x", &[("y=0.18", "y=x")])]
#[case::a_label("label3", "1", &[("label=3", "label=1")])]
#[case::a_reading("reading", "logits", &[("=probabilities", "=logits")])]
#[case::no_reading("reading", "odds", &[])]
#[case::a_guess("guess", "3", &[("&spoil", "&guess=3&spoil")])]
#[case::a_guess_of_nobody("guess", "4", &[])]
#[case::without_a_guess("answer", "shown", &[("&spoil", "&guess=shown&spoil")])]
#[case::spoilt("spoil", "true", &[("spoil=false", "spoil=true")])]
#[case::a_step("step", "1e-5", &[("1e-3", "1e-5")])]
#[case::no_step("step", "1", &[])]
#[case::a_sample("samples", "add", &[("&label=1", "&y=0.5&y=0.5&y=0.5&label=1"), ("&reading", "&label=1&reading")])]
#[case::a_sample_less("samples", "remove", &[("&y=0.33&y=0.21&y=0.72", ""), ("&label=3", "")])]
#[case::a_class_more("classes", "add", &[("0.11", "0.11&y=0.5"), ("0.18", "0.18&y=0.5"), ("0.72", "0.72&y=0.5")])]
#[case::a_class_less("classes", "remove", &[("&y=0.11", ""), ("&y=0.18", ""), ("&y=0.72", "")])]
#[case::sample_zero("y0-1", "7", &[])]
#[case::class_four("y1-4", "7", &[])]
#[case::a_label_of_nobody("label4", "7", &[])]
#[case::an_unknown_control("z", "7", &[])]
fn a_control_changes_what_it_says(#[case] name: &str, #[case] value: &str, #[case] changes: &[(&str, &str)]) {
    let mut widget = widget("");
    let mut expected = widget.state().to_query();
    for (before, after) in changes {
        assert!(expected.contains(before));
        expected = expected.replace(before, after);
    }
    widget.receive(name, value);
    assert_eq!(widget.state().to_query(), expected);
    assert_eq!(CrossEntropyWidget::open(&widget.state()).state(), widget.state());
}

#[rstest]
#[case::samples("samples", 1, 6, "sample")]
#[case::classes("classes", 2, 6, "class")]
fn a_batch_keeps_between_its_smallest_and_its_largest_size(
    #[case] name: &str,
    #[case] fewest: usize,
    #[case] most: usize,
    #[case] word: &str,
) {
    let mut widget = widget("guess=shown");
    for (value, label, size) in
        [("add", format!("Add a {word}"), most), ("remove", format!("Remove the last {word}"), fewest)]
    {
        (0..9).for_each(|_| widget.receive(name, value));
        let view = widget.view().into_string();
        assert!(view.contains(&format!("value=\"{value}\" aria-disabled=\"true\">{label}")), "{view}");
        let (outputs, labels) = widget.grid.numbers().unwrap();
        assert_eq!(if name == "samples" { labels.len() } else { outputs[0].len() }, size);
    }
}

#[test]
fn every_control_has_its_own_name() {
    let view = shown("guess=1");
    let names = |kind: &str| -> Vec<String> {
        let tags = view.split('<').filter(|tag| tag.starts_with(kind) && !tag.contains("type=\"radio\""));
        tags.filter_map(|tag| Some(tag.split("name=\"").nth(1)?.split('"').next()?.to_owned())).collect()
    };
    let mut fields = [names("input"), names("select")].concat();
    assert_eq!(fields.len(), 9 + 3 + 2);
    fields.extend(names("button"));
    fields.dedup(); // two buttons, add and remove, share a name
    let count = fields.len();
    fields.sort();
    fields.dedup();
    assert_eq!(fields.len(), count);
}

#[test]
fn the_losses_of_the_samples_are_hidden_before_the_guess() {
    let hidden = shown("");
    let shown = shown("guess=shown");
    for secret in ["0.43078", "0.67334", "0.3285", "-0.51282", "bar"] {
        assert!(!hidden.contains(secret) && shown.contains(secret), "{secret}");
    }
    let rows = table(&hidden, "readings");
    assert_eq!(
        rows[1..4],
        [1, 2, 3].map(|b| vec![b.to_string(), "hidden".into(), "hidden".into(), "hidden".into()])
    );
    assert_eq!(rows[5], ["mean", "0.47754", "0.5122", "0.84897"]);
    assert!(shown.contains("value=\"shown\" aria-disabled"));
}

#[rstest]
#[case::right(
    "guess=2",
    "Right. Read as probabilities, sample 2 costs most. Read as normalised or as logits, sample 1 "
)]
#[case::wrong("guess=1", "Not sample 1. Read as probabilities, sample 2 costs most.")]
#[case::right_in_another_reading("guess=1&reading=logits", "Right. Read as logits, sample 1 costs most.")]
#[case::shown("guess=shown", ">Read as probabilities, sample 2")]
#[case::nothing("", "are hidden until you choose")]
#[case::equal(
    "y=0.5&y=0.5&y=0.5&y=0.5&label=1&label=2&guess=2",
    "Right. Read as probabilities, samples 1 and 2 cost most"
)]
#[case::one_sample("y=0.5&y=0.5&label=1", "nothing is to be guessed")]
#[case::refused("y=0.5&y=1.5&y=0.5&y=0.5&label=1&label=2&guess=2", "The chosen reading refuses this batch")]
fn the_guess_is_judged_in_the_chosen_reading(#[case] state: &str, #[case] verdict: &str) {
    let view = shown(state);
    assert!(view.contains(verdict), "{view}");
}

#[test]
fn a_guess_of_a_sample_that_was_taken_away_is_no_guess() {
    let mut widget = widget("guess=3");
    widget.receive("samples", "remove");
    assert_eq!(widget.guess, Guess::None);
}

#[rstest]
#[case::a_word("y1-1", "two", "sample 1, class 1 is &quot;two&quot;, which is no number")]
#[case::nothing("y3-2", "", "sample 3, class 2 is &quot;&quot;, which is no number")]
#[case::class_zero("label2", "0", "the label of sample 2 is &quot;0&quot;, which is no class")]
#[case::no_such_class("label2", "4", "row 2 is labelled class 4, but the classes are 1 to 3")]
#[case::infinite("y1-1", "inf", "row 1, column 1: the output inf is not finite")]
#[case::above_one("y1-1", "1.5", "row 1, column 1: the probability 1.5 is above 1")]
#[case::zero("y1-2", "0", "row 1, column 2: 0 is not above 0")]
#[case::a_row_of_negative_sum("y1-2", "-9", "row 1 sums to -8.24, so it cannot be normalised")]
fn what_is_refused_stays_as_it_was_typed(#[case] name: &str, #[case] value: &str, #[case] message: &str) {
    let mut widget = widget("guess=1");
    widget.receive(name, value);
    let view = widget.view().into_string();
    assert!(view.contains(message), "{view}");
    assert!(view.contains(&format!("value=\"{value}\"")));
    assert_eq!(CrossEntropyWidget::open(&widget.state()).grid, widget.grid);
}

#[test]
fn a_reading_that_refuses_leaves_the_others() {
    let view = shown("y=0.5&y=1.5&label=1");
    let rows = table(&view, "readings");
    assert_eq!(rows[1].len(), 4); // the sample, the refusal, two losses
    assert!(rows[1][1].starts_with("Refused: row 1, column 2: the probability 1.5 is above 1"));
    assert_eq!(rows[3].len(), 3); // the refusal reaches down to the mean
    assert!(!view.contains("sha256sum"));
    assert!(shown("y=0.5&y=1.5&label=1&reading=logits").contains("sha256sum"));
}

#[rstest]
#[case::probabilities("", 3)]
#[case::normalised("reading=normalised", 0)]
#[case::logits("reading=logits", 0)]
#[case::of_sum_one("y=0.1&y=0.2&y=0.7&label=1", 0)]
fn rows_of_probabilities_that_do_not_sum_to_one_are_marked(#[case] state: &str, #[case] marked: usize) {
    assert_eq!(shown(state).matches(" ≠ 1</td>").count(), marked);
}

#[rstest]
fn every_line_has_the_mean_of_the_chosen_reading(
    #[values("probabilities", "normalised", "logits")] reading: &str,
    #[values(QUESTION, "y=0.2&y=0.9&label=2", "y=0.9&y=0.8&y=0.7&y=0.6&label=1&label=2")] batch: &str,
) {
    let view = shown(&format!("{batch}&reading={reading}"));
    let readings = table(&view, "readings");
    let column = readings[0].iter().position(|head| head.starts_with(reading)).unwrap();
    let lines = table(&view, "lines");
    assert_eq!(lines.len(), 1 + 5);
    assert!(lines[1..].iter().all(|line| line[2] == readings.last().unwrap()[column]), "{lines:?}");
    assert!(view.contains("All 5 lines give"));
}

#[test]
fn the_spoilt_line_differs_and_the_check_refuses_it_in_its_own_words() {
    let view = shown("spoil=true");
    let lines = table(&view, "lines");
    let differ: Vec<usize> = (1..=5).filter(|&i| lines[i][2].contains("≠ line 1")).collect();
    assert_eq!(differ, [3]);
    assert!(view.contains("T1a.1: step 3 is wrong: &quot;-(1/B) Σ_{b=1}^B (ln y_{b c_b} + "), "{view}");
    assert!(!shown("").contains("is wrong"));
}

#[test]
fn a_spoilt_line_that_is_right_by_chance_is_refused_all_the_same() {
    let view = shown("y=0.5&y=1&label=1&spoil=true");
    assert!(view.contains("right by chance") && view.contains("step 3 is wrong"), "{view}");
}

#[test]
fn a_product_too_small_for_a_double_is_no_equal_line() {
    let view = shown("y=1e-200&y=1&y=1e-200&y=1&label=1&label=1");
    assert!(view.contains("Line 5 gives inf: a double cannot hold a product so small"), "{view}");
    assert!(!view.contains("All 5 lines"));
}

#[rstest]
#[case::the_question("guess=1", "The 9 entries agree")]
#[case::logits("guess=1&reading=logits", "The 9 entries agree")]
#[case::beyond_the_domain("y=1&y=0.5&label=1", "coordinate 0 is not finite")]
#[case::a_step_too_large("y=0.05&y=0.5&label=1&step=1e-2", "probabilities: coordinate 0 is claimed -2e1")]
#[case::a_smaller_step("y=0.05&y=0.5&label=1&step=1e-4", "The 2 entries agree")]
fn the_gradient_is_held_to_differences_by_the_check_of_the_crates(#[case] state: &str, #[case] words: &str) {
    let view = shown(state);
    assert!(view.contains(words), "{view}");
}

#[rstest]
fn the_receipt_is_of_what_the_command_prints(#[values(0, 1, 2)] place: usize) {
    let reading = Reading::ALL[place];
    let widget = widget(&format!("reading={}", reading.name()));
    let loss = theory::cross_entropy::cross_entropy(&OUTPUTS, &LABELS, reading).unwrap();
    let printed = serde_json::to_string(&loss).unwrap() + "\n";
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let expected = serde_json::json!({
        "per_sample": loss.per_sample, "sum": loss.sum, "mean": loss.mean, "reading": reading.name()
    });
    assert_eq!(printed, expected.to_string() + "\n");
    assert_eq!(json, expected);
    let view = widget.view().into_string();
    assert!(view.contains(&numerics::sha256_hex(printed.as_bytes())));
    let command = format!(
        "cargo coursework theory cross-entropy --outputs \"0.65,0.43,0.11;0.05,0.51,0.18;0.33,0.21,0.72\" \
         --labels 1,2,3 --reading {} --json",
        reading.name()
    );
    assert_eq!(widget.command(), command);
}

#[rstest]
#[case::the_questions("reading=logits", true)]
#[case::another_reading("reading=probabilities", false)]
#[case::another_number("reading=logits&y=1&y=0.5&label=1", false)]
fn only_the_questions_batch_is_held_to_the_record(#[case] state: &str, #[case] held: bool) {
    let mut widget = widget(state);
    widget.file(recorded::FILE, b"cross-entropy logits\t0\tresults/theory.json\tcross_entropy.logits\n");
    let view = widget.view().into_string();
    assert_eq!(view.contains("not equal to results/theory.json"), held, "{view}");
}

#[test]
fn a_formula_has_scripts_and_no_braces() {
    let runnable = any_batch().verify_to_run(1, 50).unwrap();
    assert_eq!(runnable.values(&Batch { y: vec![vec![1.0, 0.5]], c: vec![0] }).len(), 5);
    for step in runnable.verified().steps() {
        let text = formula::formula(&theory::render::plain::plain(step.tex())).into_string();
        assert!(!text.contains(['{', '}', '_', '^', '\\']), "{text}");
    }
    assert_eq!(formula::formula("-y_{b c_b} a-b").into_string(), "−y<sub>b c<sub>b</sub></sub> a-b");
}
