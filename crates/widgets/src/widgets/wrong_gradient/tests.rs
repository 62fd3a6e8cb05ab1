use super::*;
use faults::puzzle::{PlantedFault, faults};
use gradcheck::GradientError;
use rstest::rstest;
use std::collections::{BTreeMap, BTreeSet};

fn widget(state: &str) -> WrongGradient {
    WrongGradient::open(&State::parse(state))
}

fn shown(widget: &WrongGradient) -> String {
    widget.view().into_string()
}

/// Chooses a formula as a reader does: by the place where it is shown.
fn choose(widget: &mut WrongGradient, line: usize, formula: usize) {
    let place = widget.puzzle.order(line).iter().position(|&of| of == formula).unwrap();
    widget.receive(&format!("line{}", line + 1), &place.to_string());
}

fn mend(widget: &mut WrongGradient) {
    choose(widget, widget.puzzle.fault.line, 0);
}

#[test]
fn the_right_lines_give_the_bits_of_the_crate() {
    for seed in 0..1000 {
        let batch = SmallBatch::random(seed).unwrap();
        let [claimed, expected] = [batch.claimed(Chosen::RIGHT).unwrap(), batch.of_the_crate().unwrap()];
        let bits = |all: Vec<f64>| all.into_iter().map(f64::to_bits).collect::<Vec<u64>>();
        assert_eq!(bits(claimed.to_vec()), bits(expected.to_vec()), "seed {seed}");
        assert_eq!(claimed.dx, expected.dx, "seed {seed}");
    }
}

#[test]
fn the_check_refuses_every_fault_where_it_is_wrong_and_nowhere_else() {
    let expected = [
        ("dz2 =", "softmax(z2) − t", "dW1, db1, dW2 and db2"),
        ("dz2 =", "(z2 − t) / N", "dW1, db1, dW2 and db2"),
        ("dz2 =", "(softmax(z2) + t) / N", "dW1, db1, dW2 and db2"),
        ("dz2 =", "(t − softmax(z2)) / N", "dW1, db1, dW2 and db2"),
        ("dW2 =", "a dz2", "dW2"),
        ("dW2 =", "z1ᵀ dz2", "dW2"),
        ("dW2 =", "aᵀ dz2 / N", "dW2"),
        ("db2 =", "mean of dz2 over N", "db2"),
        ("db2 =", "sum of dz2 over C", "db2"),
        ("db2 =", "first row of dz2", "db2"),
        ("da =", "dz2 W2", "dW1 and db1"),
        ("da =", "z2 W2ᵀ", "dW1 and db1"),
        ("da =", "dz2 W2ᵀ / N", "dW1 and db1"),
        ("dz1 =", "da (a ⊙ (1 − a))", "dW1 and db1"), // the original's
        ("dz1 =", "da ⊙ (z1 ⊙ (1 − z1))", "dW1 and db1"),
        ("dz1 =", "da ⊙ (a ⊙ (1 + a))", "dW1 and db1"),
        ("dz1 =", "da", "dW1 and db1"),
        ("dW1 =", "xᵀ dz1ᵀ", "dW1"),
        ("dW1 =", "xᵀ da", "dW1"),
        ("dW1 =", "xᵀ dz1 / N", "dW1"),
        ("db1 =", "mean of dz1 over N", "db1"),
        ("db1 =", "sum of dz1 over H", "db1"),
        ("db1 =", "sum of da over N", "db1"),
        ("dW +=", "l2 dW", "dW1 and dW2"), // the original's
        ("dW +=", "2 l2 W", "dW1 and dW2"),
        ("dW +=", "l2 W / N", "dW1 and dW2"),
        ("dW +=", "l2 W, db += l2 b", "db1 and db2"),
    ];
    let refused = faults().into_iter().map(refused_of).collect::<Vec<_>>();
    let expected = expected.map(|(line, formula, names)| (line, formula, names.to_owned()));
    assert_eq!(refused, expected);
}

/// The line of a fault, its formula, and what the page's check says of it.
fn refused_of(fault: PlantedFault) -> (&'static str, &'static str, String) {
    let line = LINES[fault.line];
    let lines = Chosen::RIGHT.with(fault.line, fault.formula);
    let checked = SmallBatch::fixed().unwrap().check(lines).unwrap();
    (line.left, line.formulas[fault.formula].code, listed(&refused(&checked)))
}

#[test]
fn no_fault_owes_its_refusal_to_the_pages_batch() {
    for seed in 0..20 {
        let batch = SmallBatch::random(seed).unwrap();
        assert!(refused(&batch.check(Chosen::RIGHT).unwrap()).is_empty(), "seed {seed}");
        for fault in faults() {
            let checked = batch.check(Chosen::RIGHT.with(fault.line, fault.formula)).unwrap();
            assert!(!refused(&checked).is_empty(), "seed {seed}: {fault:?}");
        }
    }
}

#[test]
fn what_is_shown_of_a_refusal_is_what_the_checker_says() {
    let checked = SmallBatch::fixed().unwrap().check(widget("").lines).unwrap();
    let [dw1, _, dw2, _] = &checked;
    let Err(GradientError::Mismatch { index, claimed, numeric, .. }) = dw2.verdict else { panic!("{dw2:?}") };
    let place = format!("[{}, {}]", index / 3, index % 3); // (H, C) = (3, 3)
    assert_eq!((dw2.worst, &dw2.place), (index, &place));
    assert_eq!((dw2.claims[index], dw2.differences[index]), (claimed, numeric));
    assert_eq!(dw1.worst_relative_error(), Some(dw1.verdict.clone().unwrap().worst_relative_error));
}

#[test]
fn every_fault_comes_once_before_one_comes_again() {
    let all = faults().len() as u64;
    for round in 0..3 {
        let seeds = round * all..(round + 1) * all;
        let planted: BTreeSet<String> =
            seeds.map(|seed| format!("{:?}", Puzzle::of_seed(seed).fault)).collect();
        assert_eq!(planted.len() as u64, all);
    }
}

/// The right formula among others: in each line as often at one place as at another, but for chance.
#[test]
fn the_place_of_a_formula_tells_nothing() {
    let seeds = 0..1000;
    for (i, line) in LINES.iter().enumerate() {
        let mut places = BTreeMap::new();
        for seed in seeds.clone() {
            *places.entry(Puzzle::of_seed(seed).position(Chosen::RIGHT, i)).or_insert(0) += 1;
        }
        let expected = 1000 / line.formulas.len() as i32;
        assert_eq!(places.len(), line.formulas.len());
        // Five standard deviations of a count of about 250.
        assert!(
            places.values().all(|&count: &i32| (count - expected).abs() < 70),
            "{}: {places:?}",
            line.left
        );
    }
}

#[test]
fn nothing_is_judged_before_the_check_nor_after_a_change() {
    let mut widget = widget("");
    assert!(!shown(&widget).contains("verdict"));
    widget.receive("check", "");
    let judged = shown(&widget);
    assert!(judged.contains("✗ refused") && judged.contains("✓ passes"), "{judged}");
    assert!(judged.contains("Attempt 1: dW2 is refused"), "{judged}");
    mend(&mut widget);
    let changed = shown(&widget);
    assert!(!changed.contains("verdict") && changed.contains("changed since attempt 1"), "{changed}");
}

#[test]
fn every_fault_can_be_found_and_mended() {
    for seed in 0..faults().len() {
        let mut widget = widget(&format!("seed={seed}"));
        widget.receive("check", "");
        assert!(shown(&widget).contains("✗ refused"), "seed {seed}");
        mend(&mut widget);
        widget.receive("check", "");
        let view = shown(&widget);
        assert!(view.contains("Mended at attempt 2") && view.contains("Every bit"), "seed {seed}: {view}");
        assert!(!view.contains("✗"), "seed {seed}");
    }
}

#[test]
fn one_fault_can_make_up_for_another_and_only_the_check_decides() {
    let mut widget = widget("");
    for (line, formula) in [(0, 1), (1, 3), (2, 1), (3, 3)] {
        choose(&mut widget, line, formula); // no 1/N at the beginning, and one in each line that takes dz2
    }
    widget.receive("check", "");
    let view = shown(&widget);
    assert!(view.contains("Mended at attempt 1") && view.contains("made up for"), "{view}");
}

#[rstest]
#[case::right(&["dW2"], "Your prediction, dW2, was right.")]
#[case::too_much(&["dW1", "dW2"], "Your prediction was dW1 and dW2; the first check refused dW2.")]
#[case::too_little(&["db1"], "Your prediction was db1; the first check refused dW2.")]
#[case::none(&[], "You made no prediction.")]
fn a_prediction_is_held_to_the_first_check(#[case] predicted: &[&str], #[case] said: &str) {
    let mut widget = widget("");
    for name in predicted {
        widget.receive(name, "true");
    }
    widget.receive("check", "");
    widget.receive("db2", "true"); // too late
    mend(&mut widget);
    widget.receive("check", "");
    let view = shown(&widget);
    assert!(view.contains(said), "{view}");
    assert_eq!(view.matches(" disabled").count(), NAMES.len());
}

#[test]
fn the_right_lines_train_as_the_crate_does() {
    let trained = TrainedTwice::with(Chosen::RIGHT).unwrap();
    assert_eq!(trained.as_they_stand, trained.right);
    assert_eq!(trained.right.len(), HYPERPARAMETERS.epochs);
}

#[test]
fn most_wrong_gradients_still_learn() {
    let reached = |fault: PlantedFault| {
        let lines = Chosen::RIGHT.with(fault.line, fault.formula);
        TrainedTwice::with(lines).unwrap().as_they_stand.last().map(|epoch| epoch.accuracy.rate())
    };
    let learned = faults().into_iter().filter_map(reached).filter(|rate| *rate > 0.9).count();
    assert!(2 * learned > faults().len(), "{learned}");
}

/// The hash on the receipt, if there is one.
fn receipt(widget: &WrongGradient) -> Option<String> {
    Some(shown(widget).split_once("class=\"hash\">")?.1.split('<').next()?.to_owned())
}

#[test]
fn the_receipt_is_of_the_lines_that_were_checked() {
    let mut hashes = BTreeSet::new();
    for seed in 0..faults().len() {
        let mut widget = widget(&format!("seed={seed}"));
        assert_eq!(receipt(&widget), None, "nothing was checked yet");
        widget.receive("check", "");
        let printed = serde_json::to_string(&CheckRecord::of(widget.lines).unwrap()).unwrap() + "\n";
        assert_eq!(receipt(&widget), Some(numerics::sha256_hex(printed.as_bytes())));
        hashes.extend(receipt(&widget));
        // The command has the lines as the state has them.
        let lines = widget.state().get("lines").unwrap().to_owned();
        let command = format!("cargo coursework backward --seed {seed} --lines {lines} --json | sha256sum");
        assert!(shown(&widget).contains(&command), "{command}");
        mend(&mut widget);
        assert_eq!(receipt(&widget), None, "other lines are not checked yet");
    }
    assert_eq!(hashes.len(), faults().len(), "control: each fault has a hash of its own");
}

#[test]
fn training_is_shown_for_the_lines_it_was_made_with() {
    let mut widget = widget("");
    assert!(!shown(&widget).contains("after epoch"));
    widget.receive("train", "");
    assert!(shown(&widget).contains("after epoch"));
    assert!(shown(&WrongGradient::open(&widget.state())).contains("after epoch"));
    mend(&mut widget);
    assert!(!shown(&widget).contains("after epoch"));
}

#[test]
fn the_state_opens_the_same_widget() {
    let mut widget = widget("seed=5");
    for (name, value) in [("dW1", "true"), ("db2", "true"), ("check", ""), ("line3", "0"), ("train", "")] {
        widget.receive(name, value);
    }
    let again = WrongGradient::open(&widget.state());
    assert_eq!(shown(&again), shown(&widget));
    assert_eq!(again.state(), widget.state());
    widget.receive("another", "");
    assert_eq!(widget.state(), WrongGradient::planted(6).state());
}

#[rstest]
#[case::no_seed("seed=first")]
#[case::too_few_lines("lines=000")]
#[case::too_many_lines("lines=000000000")]
#[case::a_formula_that_is_not_there("lines=00000009")]
#[case::words("lines=dW2")]
#[case::attempts_at_nothing("attempts=7")]
#[case::a_check_that_never_was("checked=00000000&attempts=1")]
fn what_is_no_state_is_as_if_it_were_not_there(#[case] state: &str) {
    assert_eq!(widget(state).state(), widget("").state());
}

#[rstest]
#[case("line0", "1")]
#[case("line9", "1")]
#[case("line1", "5")]
#[case("line1", "-1")]
#[case("line1", "")]
#[case("dx", "true")]
fn what_is_no_control_changes_nothing(#[case] name: &str, #[case] value: &str) {
    let mut widget = widget("");
    widget.receive(name, value);
    assert_eq!(widget.state(), super::tests::widget("").state());
}

#[test]
fn every_control_has_a_name_of_its_own() {
    let view = shown(&widget(""));
    let names: Vec<&str> = view.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(names.len(), LINES.len() + NAMES.len() + 3); // selects, boxes, buttons
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}
