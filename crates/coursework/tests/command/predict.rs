//! `predict`: images that a program drew, of every kind.

use crate::drawn::{
    COLOUR, COLOUR_WITH_OPACITY, GREY, GREY_WITH_OPACITY, HEIGHT, Kind, PALETTE, PLAIN, WIDTH, chunk, is_ink,
    png, seven,
};
use crate::{coursework, done, refused, root, stderr, stdout};
use cnn::models::mnist_network;
use cnn::weights::to_safetensors;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Black, then white.
const BLACK_WHITE: (&str, &[u8]) = ("PLTE", &[0, 0, 0, 255, 255, 255]);

const fn kind(colour: u8, bits: u8, ink: &'static [u16], paper: &'static [u16]) -> Kind {
    Kind { colour, bits, ink, paper, chunks: &[] }
}

const fn with(chunks: &'static [(&'static str, &'static [u8])], kind: Kind) -> Kind {
    Kind { chunks, ..kind }
}

/// Every colour type with every depth that it may have, dark on light and light on dark, with and without paper.
const KINDS: [(&str, Kind); 21] = [
    ("dark on light", PLAIN),
    ("light on dark", kind(GREY, 8, &[255], &[0])),
    ("1 bit", kind(GREY, 1, &[0], &[1])),
    ("1 bit, light on dark", kind(GREY, 1, &[1], &[0])),
    ("2 bits", kind(GREY, 2, &[0], &[3])),
    ("4 bits", kind(GREY, 4, &[0], &[15])),
    ("16 bits", kind(GREY, 16, &[0], &[0xffff])),
    ("grey on one that is no colour", with(&[("tRNS", &[0, 90])], kind(GREY, 8, &[0], &[90]))),
    ("colour", kind(COLOUR, 8, &[0; 3], &[255; 3])),
    ("colour, 16 bits", kind(COLOUR, 16, &[0; 3], &[0xffff; 3])),
    (
        "colour on one that is none",
        with(&[("tRNS", &[0, 9, 0, 8, 0, 7])], kind(COLOUR, 8, &[0; 3], &[9, 8, 7])),
    ),
    ("palette, 1 bit", with(&[BLACK_WHITE], kind(PALETTE, 1, &[0], &[1]))),
    ("palette, 2 bits", with(&[BLACK_WHITE], kind(PALETTE, 2, &[0], &[1]))),
    ("palette, 4 bits", with(&[BLACK_WHITE], kind(PALETTE, 4, &[0], &[1]))),
    ("palette, 8 bits", with(&[BLACK_WHITE], kind(PALETTE, 8, &[0], &[1]))),
    ("palette, light on dark", with(&[BLACK_WHITE], kind(PALETTE, 8, &[1], &[0]))),
    ("palette, on nothing", with(&[("PLTE", &[0; 6]), ("tRNS", &[255, 0])], kind(PALETTE, 8, &[0], &[1]))),
    ("grey on nothing", kind(GREY_WITH_OPACITY, 8, &[0, 255], &[0, 0])),
    ("grey on nothing, 16 bits", kind(GREY_WITH_OPACITY, 16, &[0, 0xffff], &[0, 0])),
    ("colour on nothing", kind(COLOUR_WITH_OPACITY, 8, &[0, 0, 0, 255], &[90, 0, 0, 0])),
    ("colour on nothing, 16 bits", kind(COLOUR_WITH_OPACITY, 16, &[0, 0, 0, 0xffff], &[0x5a00, 0, 0, 0])),
];

/// A file in the folder.
fn file(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A file with a seven, black on white.
fn plain(folder: &Path) -> String {
    file(folder, "seven.png", &seven(PLAIN, false))
}

fn answers(printed: &str) -> Vec<Value> {
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn predicted(args: &[&str]) -> Vec<Value> {
    answers(&done(&[&["predict", "--json"], args].concat()))
}

#[test]
fn a_seven_of_any_kind_is_read_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let both = KINDS.into_iter().flat_map(|(name, kind)| [(name, kind, false), (name, kind, true)]);
    let files = both.map(|(name, kind, interlaced)| {
        let name = if interlaced { format!("{name}, interlaced.png") } else { format!("{name}.png") };
        file(folder.path(), &name, &seven(kind, interlaced))
    });
    let files: Vec<String> = files.collect();
    let mut found = predicted(&files.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(found.len(), 2 * KINDS.len());
    for (answer, file) in found.iter_mut().zip(&files) {
        assert_eq!(answer["file"].take(), **file);
    }
    assert_eq!(
        (found[0]["digit"].as_u64(), found[0]["probabilities"].as_array().unwrap().len()),
        (Some(7), 10)
    );
    for (answer, file) in found.iter().zip(&files) {
        assert_eq!(*answer, found[0], "{file}");
    }
    // The control: another drawing has other bits.
    let other = png(PLAIN, false, [WIDTH, HEIGHT], |x, y| is_ink(x, y) && y > 15);
    let other = predicted(&[&file(folder.path(), "other.png", &other)]).remove(0);
    assert_ne!(other["logits_sha256"], found[0]["logits_sha256"]);
}

#[test]
fn an_image_without_ink_has_no_digit_and_this_is_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let empty = |name: &str, kind, size| file(folder.path(), name, &png(kind, false, size, |_, _| false));
    let files = [
        empty("white.png", PLAIN, [WIDTH, HEIGHT]),
        empty("nothing.png", kind(COLOUR_WITH_OPACITY, 8, &[0], &[0; 4]), [WIDTH, HEIGHT]),
        empty("one pixel.png", PLAIN, [1, 1]),
        file(folder.path(), "one black pixel.png", &png(PLAIN, true, [1, 1], |_, _| true)),
        plain(folder.path()),
    ];
    let found = predicted(&files.each_ref().map(String::as_str));
    let (last, without) = found.split_last().unwrap();
    for answer in without {
        let reason = answer["reason"].as_str();
        assert_eq!((&answer["digit"], reason), (&Value::Null, Some("I see no digit: there is no ink")));
    }
    assert_eq!(last["digit"].as_u64(), Some(7));
    assert!(done(&["predict", &files[4]]).contains("seven.png: 7, probability "));
    assert!(done(&["predict", &files[0]]).ends_with("white.png: I see no digit: there is no ink\n"));
}

/// Twelve million pixels, 25 times as many columns as the drawing has; and more than there is memory for.
#[test]
fn a_large_image_is_read_and_one_that_is_too_large_is_refused_by_its_header() {
    let folder = tempfile::tempdir().unwrap();
    let large = png(kind(GREY, 1, &[0], &[1]), false, [3000, 4000], |x, y| is_ink(x / 25, y / 25));
    assert_eq!(predicted(&[&file(folder.path(), "large.png", &large)])[0]["digit"].as_u64(), Some(7));
    let header = [&[0, 0, 255, 255, 0, 0, 255, 255][..], &[8, GREY, 0, 0, 0]].concat();
    let (begin, rest) = (&large[..8], &large[8 + 25..]);
    let huge = file(folder.path(), "huge.png", &[begin, &chunk("IHDR", &header), rest].concat());
    assert!(refused(&["predict", &huge]).contains("huge.png: 65535 x 65535 pixels are too many"));
}

/// What `predict -` says of what it is given.
fn piped(bytes: &[u8], args: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_coursework"))
        .current_dir(root())
        .arg("predict")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn an_image_comes_from_standard_input_beside_files() {
    let folder = tempfile::tempdir().unwrap();
    let full = plain(folder.path());
    let given = answers(&stdout(&piped(&seven(PLAIN, true), &["--json", &full, "-"])));
    assert_eq!(given.len(), 2);
    assert_eq!(given[1]["logits_sha256"], given[0]["logits_sha256"]);
    // The control: nothing is no image, and the file is answered all the same.
    let nothing = piped(b"", &["--json", "-", &full]);
    assert_eq!((nothing.status.code(), answers(&stdout(&nothing)).len()), (Some(2), 1));
    assert!(stderr(&nothing).contains("-: no whole PNG file"), "{}", stderr(&nothing));
}

#[test]
fn a_prepared_image_is_taken_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let full = plain(folder.path());
    let test = data::images::MNIST.load_test(root().join("data")).unwrap();
    let path = folder.path().join("digit.png");
    let mut encoder = ::png::Encoder::new(std::fs::File::create(&path).unwrap(), 28, 28);
    encoder.set_color(::png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(test.image(0)).unwrap();
    let digit = &predicted(&["--prepared", path.to_str().unwrap()])[0];
    assert_eq!(digit["digit"].as_u64(), Some(7));
    assert!(refused(&["predict", "--prepared", &full]).contains("120 x 160 pixels, grey; a prepared digit"));
}

#[test]
fn what_is_no_image_or_no_network_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let full = plain(folder.path());
    let bytes = seven(PLAIN, false);
    let cut = file(folder.path(), "cut.png", &bytes[..bytes.len() / 2]);
    assert!(refused(&["predict", &cut]).contains("cut.png: no whole PNG file"));
    let mut altered = bytes.clone();
    altered[16] ^= 1; // a width that the header's sum is not of
    let altered = file(folder.path(), "altered.png", &altered);
    assert!(refused(&["predict", &altered]).contains("altered.png: no whole PNG file"));
    assert!(refused(&["predict", "no-such.png"]).contains("no-such.png: cannot be read"));
    assert!(refused(&["predict", "book"]).contains("book: cannot be read"));
    assert!(refused(&["predict", &full, "--model", "Cargo.toml"]).contains("not a whole safetensors file"));
    assert!(refused(&["predict", &full, "--model", "no-such"]).contains("--model FILE"));
}

#[test]
fn of_several_files_those_that_can_be_read_are_answered_and_the_exit_code_tells_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let full = plain(folder.path());
    let broken = file(folder.path(), "broken.png", b"\x89PNG\r\n\x1a\n");
    let output = coursework(&["predict", "--json", &full, &broken, "no-such.png", &full]);
    assert_eq!(output.status.code(), Some(2));
    let found = answers(&stdout(&output));
    assert_eq!(found.iter().map(|it| it["digit"].as_u64()).collect::<Vec<_>>(), [Some(7), Some(7)]);
    let said = stderr(&output);
    assert_eq!(said.lines().count(), 3, "{said}");
    assert!(said.contains("broken.png: no whole") && said.contains("no-such.png: cannot be read"), "{said}");
    assert!(said.ends_with("error: 2 of 4 images could not be read\n"), "{said}");
}

/// As PyTorch saves it, a network does not say its normalisation: what is assumed is said, beside the answers.
#[test]
fn what_is_assumed_of_a_network_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let full = plain(folder.path());
    let model = file(folder.path(), "model.safetensors", &to_safetensors(&mnist_network(1)).unwrap());
    let output = coursework(&["predict", "--json", "--model", &model, &full]);
    assert_eq!((output.status.code(), answers(&stdout(&output)).len()), (Some(0), 1));
    assert!(stderr(&output).contains("normalisation (pixel / 255 - 0.13066"), "{}", stderr(&output));
    assert_eq!(stderr(&coursework(&["predict", &full])), "");
}

/// A reader that goes away, as `head` does, is no error; an image that cannot be read still is one.
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let (full, command) = (plain(folder.path()), env!("CARGO_BIN_EXE_coursework"));
    let closed = |files: &str| {
        let line = format!("set -o pipefail; (sleep 0.3; '{command}' predict {files}) | true");
        Command::new("bash").arg("-c").arg(line).current_dir(root()).output().unwrap()
    };
    let output = closed(&format!("'{full}' '{full}'"));
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
    assert_eq!(closed("no-such.png").status.code(), Some(2));
}
