use super::*;
use crate::widgets::{WIDGETS, find};
use data::excerpt;
use data::images::MNIST;
use reader::DigitReader;
use rstest::rstest;
use std::convert::Infallible;
use std::path::{Path, PathBuf};

/// A state of every widget in which a reader has guessed, where there is a question, and sees receipts: the name, the
/// state, the guess and the number of receipts.
const USED: [(&str, &str, Option<&str>, usize); 5] = [
    ("cross_entropy", "guess=2", Some("sample 2"), 1),
    ("std_dev", "x=1&x=2&guess=inputs", Some("it depends on the inputs"), 1),
    ("iris", "epochs=5&change=seed&to=2&guess=50&epoch=5", Some("11 to 50"), 2),
    // The training digits that are shown are no receipt, and are not loaded for it.
    ("digit", "guess=with&nearest=true&stroke=40.30.110.30.70.130", Some("only with MNIST’s preparation"), 1),
    (
        "wrong_gradient",
        "predicted=dW1&predicted=dW2&lines=00000000&first=00000000&checked=00000000&attempts=1",
        Some("dW1 and dW2"),
        1,
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn file(name: &str) -> Result<Vec<u8>, Infallible> {
    Ok(match name {
        "mnist" => {
            let file = std::fs::read(root().join("results/mnist.safetensors")).unwrap();
            DigitReader::new(&file).unwrap().numbers()
        }
        "digits" => excerpt::write(&MNIST.load_test(root().join("data")).unwrap(), &[], &[(0, 0)]),
        other => panic!("no test hands on the file {other}"),
    })
}

fn opened(name: &str, state: &str) -> HandedWidget {
    let Ok(handed) = reopened(find(name).unwrap(), &State::parse(state), &file);
    handed
}

fn used() -> HandIn {
    // The other way round, to be put in order.
    HandIn::of(&USED.iter().rev().map(|(name, state, ..)| opened(name, state)).collect::<Vec<_>>())
}

/// The hashes on the receipts of a widget's view.
fn shown_hashes(entry: &Entry, state: &str) -> Vec<String> {
    let mut widget = (entry.open)(&State::parse(state));
    for name in entry.files {
        let Ok(bytes) = file(name);
        widget.file(name, &bytes);
    }
    while widget.tick() != Tick::Idle {}
    let view = widget.view().into_string();
    view.split("class=\"hash\">").skip(1).map(|rest| rest[..64].to_owned()).collect()
}

#[test]
fn every_widget_hands_in_its_guess_and_the_receipts_that_it_shows() {
    assert_eq!(USED.map(|(name, ..)| name).as_slice(), WIDGETS.iter().map(|it| it.name).collect::<Vec<_>>());
    for (entry, (name, state, guess, receipts)) in WIDGETS.iter().zip(USED) {
        let handed = opened(name, state);
        assert_eq!((handed.guess.as_deref(), handed.receipts.len()), (guess, receipts), "{name}");
        assert_eq!(handed.receipts, shown_hashes(entry, state), "{name}");
        assert_eq!((&handed.page[..], guess.is_some()), (entry.page, entry.asks), "{name}");
        // Where the reader did nothing, there is no guess.
        assert_eq!(opened(name, "").guess, None, "{name}");
        // What is handed in opens the same widget.
        let again = State::from(handed.state.clone()).to_query();
        assert_eq!(opened(name, &again), handed, "{name}");
    }
}

#[test]
fn every_widget_stands_on_the_page_that_it_names() {
    for entry in WIDGETS {
        let page = root().join("book/src").join(entry.page.replace(".html", ".md"));
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(text.contains(&format!("<< widget(\"{}\"", entry.name)), "{}", page.display());
    }
}

#[test]
fn the_file_reads_as_it_was_written_in_the_order_of_the_book() {
    let written = used();
    assert_eq!(written.widgets.iter().map(|it| &it.widget[..]).collect::<Vec<_>>(), USED.map(|it| it.0));
    let read: HandIn = serde_json::from_str(&written.text()).unwrap();
    assert_eq!(read, written);
}

#[test]
fn the_file_reads_well() {
    let std_dev = HandedWidget { receipts: vec!["0123".to_owned()], ..opened("std_dev", "x=\"1\"&x=3") };
    let untouched = HandedWidget { state: Vec::new(), ..opened("wrong_gradient", "") };
    insta::assert_snapshot!(HandIn::of(&[std_dev, untouched]).text());
    assert!(serde_json::from_str::<HandIn>(&HandIn::of(&[]).text()).unwrap().widgets.is_empty());
}

#[rstest]
#[case::an_unknown_field("\"version\": 1", "\"version\": 1, \"author\": \"me\"", "unknown field `author`")]
#[case::a_key_twice("\"version\": 1", "\"version\": 1, \"version\": 1", "duplicate field `version`")]
#[case::a_text_for_a_number("\"version\": 1", "\"version\": \"1\"", "invalid type")]
#[case::a_pair_of_three("[\"guess\", \"2\"]", "[\"guess\", \"2\", \"3\"]", "trailing characters")]
#[case::a_number_for_a_text("[\"guess\", \"2\"]", "[\"guess\", 2]", "invalid type")]
fn a_file_of_another_form_is_refused(#[case] from: &str, #[case] to: &str, #[case] message: &str) {
    let text = HandIn::of(&[opened("cross_entropy", "guess=2")]).text();
    assert_eq!(text.matches(from).count(), 1, "{text}");
    let error = serde_json::from_str::<HandIn>(&text.replace(from, to)).unwrap_err();
    assert!(error.to_string().contains(message), "{error}");
}

#[test]
fn the_panel_shows_the_whole_file_before_it_is_saved() {
    let hand_in = used();
    let page = panel(&hand_in, "../").into_string();
    let address =
        page.split("href=\"data:application/json;base64,").nth(1).unwrap().split('"').next().unwrap();
    let escaped = hand_in.text().replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    assert!(page.contains(&escaped), "{page}");
    let saved = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, address).unwrap();
    assert_eq!(String::from_utf8(saved).unwrap(), hand_in.text());
    for HandedWidget { guess, receipts, page: of, .. } in &hand_in.widgets {
        assert!(guess.iter().chain(receipts).all(|said| page.contains(said.as_str())));
        assert!(page.contains(&format!("href=\"../{of}\"")));
    }
    let nothing = panel(&HandIn::of(&[]), "").into_string();
    assert!(nothing.contains("nothing to hand in") && !nothing.contains("download"), "{nothing}");
}
