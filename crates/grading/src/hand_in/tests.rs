use super::*;
use rstest::rstest;
use std::convert::Infallible;
use widgets::hand_in::VERSION;

/// Every widget as a reader leaves it who has answered and computed: its name and its state.
const DONE: [(&str, &str); 5] = [
    ("cross_entropy", "guess=2"),
    ("std_dev", "x=1&x=2&guess=0"),
    ("iris", "epochs=5&change=seed&to=2&guess=50&epoch=5"),
    ("digit", "guess=with&nearest=true&sample=3"),
    ("wrong_gradient", "predicted=dW2&lines=00000000&first=00000000&checked=00000000&attempts=1"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A hand-in in a folder of its own, beside the repository's data and records.
fn source(text: &str) -> (tempfile::TempDir, HandInSource) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    fs::write(&file, text).unwrap();
    (folder, HandInSource { file, data: root().join("data"), results: root().join("results") })
}

fn open(text: &str) -> Result<OpenedHandIn, HandInError> {
    let (_folder, source) = source(text);
    source.open().map(Option::unwrap)
}

/// What a page saves of these states, which carries the first digits only.
fn saved(states: &[(&str, &str)]) -> HandIn {
    let file = |name: &str| -> Result<Vec<u8>, Infallible> {
        Ok(match name {
            "mnist" => {
                let file = fs::read(root().join("results/mnist.safetensors")).unwrap();
                DigitReader::new(&file).unwrap().numbers()
            }
            _ => every_digit(&MNIST.load_test(root().join("data")).unwrap().limit(10)),
        })
    };
    let opened = |(name, state): &(&str, &str)| {
        let Ok(handed) = reopened(find(name).unwrap(), &State::parse(state), &file);
        handed
    };
    HandIn::of(&states.iter().map(opened).collect::<Vec<_>>())
}

/// A hand-in in which everything holds.
pub fn whole() -> OpenedHandIn {
    open(&saved(&DONE).text()).unwrap()
}

#[test]
fn what_a_page_saves_holds() {
    let opened = whole();
    assert_eq!((opened.faults(), opened.counts()), (Vec::new(), [5, 6]));
}

#[test]
fn one_digit_of_any_receipt_is_seen() {
    let text = saved(&DONE).text();
    for (i, handed) in saved(&DONE).widgets.iter().enumerate() {
        for receipt in &handed.receipts {
            let last = if receipt.ends_with('0') { "1" } else { "0" };
            let other = format!("{}{last}", &receipt[..63]);
            let faults = open(&text.replace(receipt, &other)).unwrap().faults();
            assert_eq!(faults.len(), 1, "{i}: {faults:?}");
            assert!(
                faults[0].starts_with(&format!("hand-in.json: {}: the receipt", handed.widget)),
                "{faults:?}"
            );
        }
    }
}

/// What was not guessed yet, and receipts that were not reached yet, are no forgery: the sheet says what is left to do.
#[test]
fn a_question_without_a_guess_is_named_with_its_page() {
    let faults = open(&saved(&DONE[..2]).text()).unwrap().faults();
    let lacking = ["iris", "digit", "wrong_gradient"];
    assert_eq!(faults.len(), lacking.len());
    for (fault, name) in faults.iter().zip(lacking) {
        let page = find(name).unwrap().page;
        let expected =
            format!("hand-in.json: {name}: no guess; answer its question on {page}, and save it anew");
        assert_eq!(*fault, expected);
    }
    let shown = saved(&[&[("cross_entropy", "guess=shown")], &DONE[1..]].concat());
    assert_eq!(open(&shown.text()).unwrap().faults().len(), 1, "to look is no guess");
    let early = saved(&[&DONE[..2], &[("iris", "epochs=5&guess=50&epoch=1")], &DONE[3..]].concat());
    assert_eq!(open(&early.text()).unwrap().faults(), Vec::<String>::new());
}

#[rstest]
#[case::another_format(
    "worked-gradients-hand-in",
    "homework",
    "the format is \"homework\", version 1, and not"
)]
#[case::another_version("\"version\": 1", "\"version\": 2", "version 2, and not")]
#[case::an_unknown_widget("\"std_dev\"", "\"std_div\"", "there is no widget \"std_div\"")]
#[case::a_widget_twice("\"std_dev\"", "\"iris\"", "\"iris\" stands in it twice")]
#[case::another_page("t2.html", "t3.html", "std_dev: its page is t2.html and not \"t3.html\"")]
#[case::another_guess("\"dW2\",\n", "\"dW1\",\n", "the guess is \"dW1\", and in its state it is \"dW2\"")]
#[case::a_guess_that_its_state_lacks(
    "[\"guess\", \"0\"]",
    "[\"guessed\", \"0\"]",
    "the guess is \"0\", and in its state it is none"
)]
#[case::another_state("[\"x\", \"2\"]", "[\"x\", \"5\"]", "std_dev: the receipt")]
#[case::a_run_that_no_page_makes("[\"epochs\", \"5\"]", "[\"epochs\", \"999999999\"]", "iris: the receipt")]
#[case::a_long_name("std_dev", &"n".repeat(1000), "nnnn\" ..")]
fn a_hand_in_is_not_met_with(#[case] from: &str, #[case] to: &str, #[case] says: &str) {
    let text = saved(&DONE).text();
    assert_eq!(text.matches(from).count(), 1, "{text}");
    let faults = open(&text.replace(from, to)).unwrap().faults();
    let said = faults.iter().find(|fault| fault.contains(says));
    let said = said.unwrap_or_else(|| panic!("{faults:?}"));
    assert!(said.starts_with(FILE) && said.contains("; save it anew") && said.len() < 300, "{said}");
}

#[rstest]
#[case::no_json("{", "is not what a page of the book saves: EOF while parsing an object at line 1 column 1")]
#[case::a_wrong_type("{\"format\": 1}", "invalid type: integer `1`, expected a string at line 1")]
#[case::a_key_twice("{\"version\": 1, \"version\": 1}", "duplicate field `version`")]
#[case::deep_lists(&"[".repeat(100_000), "is not what a page of the book saves")]
#[case::too_large(&" ".repeat(1 + (1 << 20)), "is no file of at most 1024 KiB")]
fn a_file_is_refused_with(#[case] text: &str, #[case] says: &str) {
    let error = open(text).unwrap_err().to_string();
    assert!(error.contains(says) && error.contains("save it anew"), "{error}");
}

#[test]
fn more_widgets_than_there_are_are_not_opened() {
    let one = saved(&DONE[1..2]).widgets.remove(0);
    let many = HandIn { widgets: vec![one; 1000], ..saved(&[]) };
    assert_eq!(many.version, VERSION);
    let error = open(&many.text()).unwrap_err().to_string();
    assert!(error.contains("holds 1000 widgets, and the book has 5"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_and_no_file_is_no_error() {
    let (folder, there) = source(&saved(&DONE[1..2]).text());
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink(&there.file, &link).unwrap();
    let linked = HandInSource { file: link, ..there.clone() }.open().unwrap_err();
    assert!(matches!(linked, HandInError::NotRead { .. }), "{linked}");
    let absent = HandInSource { file: folder.path().join("none.json"), ..there };
    assert_eq!(absent.open().unwrap(), None);
}

#[test]
fn a_network_that_cannot_be_used_is_named() {
    let (folder, source) = source(&saved(&DONE).text());
    fs::write(folder.path().join("mnist.safetensors"), b"no network").unwrap();
    let error = HandInSource { results: folder.path().to_owned(), ..source }.open().unwrap_err();
    assert!(error.to_string().contains("mnist.safetensors: not a whole safetensors file"), "{error}");
}

#[test]
fn a_network_that_is_not_there_is_no_fault_of_the_student() {
    let (_folder, source) = source(&saved(&DONE).text());
    let error = HandInSource { results: "no/such/folder".into(), ..source }.open().unwrap_err();
    assert!(error.to_string().contains("no/such/folder/mnist.safetensors"), "{error}");
}
