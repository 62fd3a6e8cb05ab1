use super::*;
use cnn::{models::mnist_network, weights::to_safetensors};
use data::drawing::InkMap;
use data::excerpt;
use data::images::{Images, MNIST};
use data::label_errors;
use rstest::rstest;
use std::path::{Path, PathBuf};

/// A seven in the corner.
const SEVEN: &str = "stroke=40.30.110.30.70.130";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn test_part() -> Images {
    MNIST.load_test(root().join("data")).unwrap()
}

/// The submitted network.
fn submitted() -> DigitReader {
    DigitReader::new(&std::fs::read(root().join("results/mnist.safetensors")).unwrap()).unwrap()
}

/// The numbers of a network that has learned nothing.
fn untrained() -> Vec<u8> {
    DigitReader::new(&to_safetensors(&mnist_network(1)).unwrap()).unwrap().numbers()
}

/// A widget with the submitted network and a few digits.
fn widget(state: &str) -> DigitWidget {
    let test = test_part();
    let errors = label_errors::load(root().join("data"), &test.labels).unwrap();
    let first = (0..100).map(|index| (0, index));
    let chosen: Vec<(u8, usize)> = first.chain([(1, 445), (2, 947)]).collect();
    let mut widget = DigitWidget::open(&State::parse(state));
    widget.file("mnist", &submitted().numbers());
    widget.file("digits", &excerpt::write(&test, &errors, &chosen));
    widget
}

fn hash(view: &str) -> Option<&str> {
    view.split_once("class=\"hash\">")?.1.split('<').next()
}

#[test]
fn a_small_seven_in_the_corner_is_read_with_the_preparation_and_not_without() {
    let mut widget = widget(SEVEN);
    let said = |widget: &DigitWidget| {
        let input = widget.input(widget.is_prepared).unwrap();
        widget.oracle.borrow_mut().answer(&input).unwrap().verdict()
    };
    assert_eq!(said(&widget), Some(7));
    widget.receive("prepared", "false");
    assert_ne!(said(&widget), Some(7));
}

#[test]
fn the_first_hundred_test_digits_have_the_bits_of_the_reader() {
    let (mut widget, test) = (widget(""), test_part());
    let mut reader = submitted();
    for index in 0..100 {
        widget.receive("place", &index.to_string());
        let expected = reader.read(test.image(index)).unwrap().logits_sha256();
        assert_eq!(hash(&widget.view().into_string()), Some(&expected[..]), "digit {index}");
    }
}

#[test]
fn until_the_network_is_there_it_says_that_it_loads_and_a_broken_file_is_named() {
    let mut widget = DigitWidget::open(&State::parse(SEVEN));
    assert!(widget.view().into_string().contains("is being loaded"));
    widget.file("mnist", b"");
    assert!(widget.view().into_string().contains("There is no network: 0 bytes are not the numbers"));
}

#[test]
fn an_empty_pad_has_no_digit_and_no_receipt() {
    let mut widget = widget(SEVEN);
    assert!(hash(&widget.view().into_string()).is_some());
    widget.receive("clear", "");
    let view = widget.view().into_string();
    assert!(view.contains("I see no digit: there is no ink") && hash(&view).is_none(), "{view}");
    assert_eq!(widget.state(), State::default());
}

#[test]
fn below_one_half_there_is_no_digit() {
    // An untrained network holds no digit for likely.
    let mut widget = widget(SEVEN);
    widget.file("mnist", &untrained());
    assert!(widget.view().into_string().contains("<strong>I see no digit</strong>: the likeliest"));
}

#[test]
fn a_pointer_and_the_keyboard_draw_the_same_line() {
    let mut widgets = [DigitWidget::open(&State::default()), DigitWidget::open(&State::default())];
    for said in ["down 140 140", "move 150 140", "move 160 140", "up", "move 200 200"] {
        widgets[0].receive("pen", said);
    }
    for said in ["key Space", "key ArrowRight", "key ArrowRight", "key Space", "key ArrowDown"] {
        widgets[1].receive("pen", said);
    }
    let [pointer, keyboard] = widgets.map(|widget| widget.state().to_query());
    assert_eq!((&pointer[..], &keyboard[..]), ("stroke=140.140.150.140.160.140", &pointer[..]));
}

#[rstest]
#[case::a_word("down left top")]
#[case::one_number("down 3")]
#[case::nothing("")]
#[case::a_key_that_does_not_draw("key Enter")]
fn what_is_no_move_draws_nothing(#[case] said: &str) {
    let mut widget = DigitWidget::open(&State::default());
    widget.receive("pen", said);
    assert_eq!(widget.state(), State::default());
}

#[test]
fn a_pad_holds_so_many_points_and_no_more() {
    let mut widget = DigitWidget::open(&State::default());
    widget.receive("pen", "down 0 0");
    for i in 0..2 * strokes::MOST_POINTS {
        widget.receive("pen", &format!("move {} 9", 10 * (i % 20)));
    }
    let text = widget.state().to_query();
    assert_eq!(text.matches('.').count() + 1, 2 * strokes::MOST_POINTS);
    assert!(widget.view().into_string().contains("The pad is full"));
    assert_eq!(DigitWidget::open(&State::parse(&text)).state().to_query(), text);
}

#[test]
fn a_moving_pointer_is_followed_at_once_and_answered_every_few_moves() {
    let mut widget = widget("");
    widget.receive("pen", "down 20 20");
    let first = hash(&widget.view().into_string()).map(str::to_owned);
    widget.receive("pen", "move 90 20");
    let view = widget.view().into_string();
    assert!(view.contains("20,20 90,20") && hash(&view) == first.as_deref());
    widget.receive("pen", "up");
    assert_ne!(hash(&widget.view().into_string()).map(str::to_owned), first);
}

#[test]
fn a_digit_that_people_say_is_labelled_wrong_comes_with_their_votes() {
    let mut widget = widget("sample=947");
    let view = widget.view().into_string();
    assert!(view.contains("counted as an error") && view.contains("0 chose 8, 5 chose 9"), "{view}");
    widget.receive("sample", "5000");
    assert_eq!(widget.sample, Some(947), "a digit that is not among the samples");
    widget.receive("pen", "down 20 20");
    assert_eq!((widget.sample, widget.state().to_query()), (None, "stroke=20.20".to_owned()));
}

/// Dark ink on white, four bytes a pixel.
fn rgba_of(ink: &InkMap) -> Vec<u8> {
    let grey =
        (0..ink.height()).flat_map(|row| ink.row(row).iter().map(|ink| 255 - (255.0 * ink).round() as u8));
    grey.flat_map(|grey| [grey, grey, grey, 255]).collect()
}

#[test]
fn what_the_network_sees_of_a_given_image_is_kept() {
    let mut given = widget(SEVEN);
    let ink = given.pad.strokes.ink().unwrap();
    given.image("image", ink.width(), ink.height(), &rgba_of(&ink));
    let state = given.state();
    assert!(state.to_query().len() < 2500, "an address holds {}", state.to_query().len());
    let mut again = widget(&state.to_query());
    assert_eq!(again.state(), state);
    for is_prepared in ["true", "false"] {
        given.receive("prepared", is_prepared);
        again.receive("prepared", is_prepared);
        let views = [&given, &again].map(|widget| widget.view().into_string());
        assert!(hash(&views[0]).is_some() && hash(&views[0]) == hash(&views[1]), "prepared: {is_prepared}");
    }
    again.receive("prepared", "true");
    assert!(again.view().into_string().contains("The image itself is not kept"));
    again.receive("pen", "down 20 20");
    assert_eq!(again.state().to_query(), "stroke=20.20", "a drawing takes its place");
}

#[rstest]
#[case::nothing("image=")]
#[case::one_image("image=AAAA")]
#[case::too_few_pixels("image=AAAA.AAAA")]
#[case::no_base64("image=!!!!.!!!!")]
fn what_is_no_image_is_not_opened(#[case] state: &str) {
    assert_eq!(DigitWidget::open(&State::parse(state)).state(), State::default());
}

#[test]
fn a_given_image_is_the_one_that_is_drawn() {
    let mut drawn = widget(SEVEN);
    let ink = drawn.pad.strokes.ink().unwrap();
    let rgba = rgba_of(&ink);
    let expected = drawn.input(true).unwrap().pixels;
    drawn.image("image", ink.width(), ink.height(), &rgba);
    let found = drawn.input(true).unwrap().pixels;
    assert!(found.iter().zip(&expected).all(|(a, b)| a.abs_diff(*b) <= 1));
    drawn.image("image", 0, 0, &[]);
    assert!(drawn.view().into_string().contains("no image that the browser can read"));
}

/// Held to the distances of all images, computed in another way.
#[test]
fn the_nearest_training_digits_are_those_of_the_whole_part_that_is_searched() {
    let training = MNIST.load_training(root().join("data")).unwrap();
    let places: Vec<(u8, usize)> = (0..300).map(|index| (0, index)).collect();
    let mut widget = widget("sample=3");
    assert_eq!(widget.wants(), [recorded::FILE]);
    widget.receive("nearest", "true");
    assert_eq!(widget.wants(), [recorded::FILE, nearest::FILE]);
    widget.file(nearest::FILE, &excerpt::write(&training, &[], &places));
    let test = test_part();
    let square = |i: usize| {
        let pairs = training.image(i).iter().zip(test.image(3));
        pairs.map(|(&a, &b)| (f64::from(a) - f64::from(b)) * (f64::from(a) - f64::from(b))).sum::<f64>()
    };
    let mut expected: Vec<usize> = (0..300).collect();
    expected.sort_by(|&a, &b| square(a).total_cmp(&square(b)));
    let view = widget.view().into_string();
    let found = view
        .split("alt=\"Training digit ")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap());
    assert_eq!(found.collect::<Vec<usize>>(), expected[..5]);
    assert_eq!(widget.state().to_query(), "nearest=true&sample=3");
}

#[test]
fn every_layer_is_shown_when_it_is_asked_for() {
    let mut widget = widget(SEVEN);
    assert!(!widget.view().into_string().contains("figcaption"));
    widget.receive("layers", "true");
    widget.receive("guess", "with"); // so that the network is asked twice, and the layers are of the answer shown
    let view = widget.view().into_string();
    assert_eq!(view.matches("<figcaption>").count(), 7, "five convolutions, two linear layers");
    assert!(view.contains("64 maps of 10 x 10") && view.contains("128 units"));
    widget.receive("prepared", "false");
    widget.receive("prepared", "true");
    assert_eq!(widget.view().into_string(), view);
}

/// The record of the network holds the hash of its weights, and another network is not it.
#[test]
fn the_network_is_held_to_its_record() {
    let record = std::fs::read(root().join("results/mnist.json")).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    let sha256 = record["weights_sha256"].as_str().unwrap();
    let mut widget = widget(SEVEN);
    widget.file(recorded::FILE, format!("mnist\t{sha256}\tresults/mnist.json\tweights_sha256\n").as_bytes());
    assert!(widget.view().into_string().contains("✓ equal to results/mnist.json"));
    widget.file("mnist", &untrained());
    assert!(widget.view().into_string().contains("✗ not equal to results/mnist.json"));
}

#[rstest]
#[case("prepared", "false", "prepared=false&stroke=40.30.110.30.70.130")]
#[case("nearest", "true", "nearest=true&stroke=40.30.110.30.70.130")]
#[case("layers", "true", "layers=true&stroke=40.30.110.30.70.130")]
#[case("guess", "both", "guess=both&stroke=40.30.110.30.70.130")]
#[case("guess", "perhaps", SEVEN)]
#[case("undo", "", "")]
#[case("clear", "", "")]
#[case("place", "9", "sample=9")]
#[case("place", "x", SEVEN)]
#[case("unknown", "1", SEVEN)]
fn a_control_changes_what_it_says(#[case] name: &str, #[case] value: &str, #[case] state: &str) {
    let mut widget = widget(SEVEN);
    widget.receive(name, value);
    assert_eq!(widget.state().to_query(), state);
    assert_eq!(DigitWidget::open(&widget.state()).state().to_query(), state);
}
