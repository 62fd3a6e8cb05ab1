//! `predict`: images that a program drew, of every kind.

use crate::{done, refused, root};
use png::{BitDepth, ColorType, Encoder};
use rstest::rstest;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const WIDTH: usize = 120;
const HEIGHT: usize = 160;

/// How far a pixel lies from a seven, as the share of its line's half width: below 1 is ink.
fn is_ink(i: usize) -> bool {
    let (x, y) = ((i % WIDTH) as f64, (i / WIDTH) as f64);
    let near = |(x0, y0): (f64, f64), (x1, y1): (f64, f64)| {
        let (dx, dy) = (x1 - x0, y1 - y0);
        let share = (((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        (x - x0 - share * dx).hypot(y - y0 - share * dy) < 7.0
    };
    near((20.0, 20.0), (80.0, 20.0)) || near((80.0, 20.0), (45.0, 120.0))
}

fn write(path: &Path, colour: ColorType, depth: BitDepth, bytes: &[u8]) {
    let file = std::fs::File::create(path).unwrap();
    let mut encoder = Encoder::new(file, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.write_header().unwrap().write_image_data(bytes).unwrap();
}

/// A file with a seven of that kind.
fn seven(folder: &Path, colour: ColorType, depth: BitDepth, ink: &[u8], paper: &[u8]) -> String {
    let path = folder.join("seven.png");
    let bytes: Vec<u8> =
        (0..WIDTH * HEIGHT).flat_map(|i| if is_ink(i) { ink } else { paper }.iter().copied()).collect();
    write(&path, colour, depth, &bytes);
    path.to_str().unwrap().to_owned()
}

fn predicted(args: &[&str]) -> Vec<Value> {
    let printed = done(&[&["predict", "--json"], args].concat());
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[rstest]
#[case::dark_on_light(ColorType::Grayscale, BitDepth::Eight, &[0], &[255])]
#[case::light_on_dark(ColorType::Grayscale, BitDepth::Eight, &[255], &[0])]
#[case::sixteen_bits(ColorType::Grayscale, BitDepth::Sixteen, &[0, 0], &[255, 255])]
#[case::in_colour(ColorType::Rgb, BitDepth::Eight, &[0, 0, 0], &[255, 255, 255])]
#[case::on_nothing(ColorType::Rgba, BitDepth::Eight, &[0, 0, 0, 255], &[90, 0, 0, 0])]
#[case::grey_on_nothing(ColorType::GrayscaleAlpha, BitDepth::Eight, &[0, 255], &[0, 0])]
fn a_seven_of_any_kind_is_read_with_the_same_bits(
    #[case] colour: ColorType,
    #[case] depth: BitDepth,
    #[case] ink: &[u8],
    #[case] paper: &[u8],
) {
    let folder = tempfile::tempdir().unwrap();
    let of =
        |colour, depth, ink, paper| predicted(&[&seven(folder.path(), colour, depth, ink, paper)]).remove(0);
    let plain = of(ColorType::Grayscale, BitDepth::Eight, &[0], &[255]);
    assert_eq!((plain["digit"].as_u64(), plain["probabilities"].as_array().unwrap().len()), (Some(7), 10));
    assert_eq!(of(colour, depth, ink, paper), plain);
}

#[test]
fn an_empty_image_has_no_digit_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let full = seven(folder.path(), ColorType::Grayscale, BitDepth::Eight, &[0], &[255]);
    let empty = folder.path().join("empty.png");
    write(&empty, ColorType::Grayscale, BitDepth::Eight, &[255; WIDTH * HEIGHT]);
    let both = predicted(&[empty.to_str().unwrap(), &full]);
    assert_eq!(both[0]["digit"], Value::Null);
    assert_eq!(
        (both[0]["reason"].as_str(), both[1]["digit"].as_u64()),
        (Some("I see no digit: there is no ink"), Some(7))
    );
    assert!(done(&["predict", &full]).contains("seven.png: 7, probability "));
}

#[test]
fn an_image_comes_from_standard_input_and_a_prepared_one_is_taken_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let full = seven(folder.path(), ColorType::Grayscale, BitDepth::Eight, &[0], &[255]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_coursework"))
        .current_dir(root())
        .args(["predict", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(&full).unwrap()).unwrap();
    let given: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(given["logits_sha256"], predicted(&[&full])[0]["logits_sha256"]);

    let test = data::images::MNIST.load_test(root().join("data")).unwrap();
    let path = folder.path().join("digit.png");
    let mut encoder = Encoder::new(std::fs::File::create(&path).unwrap(), 28, 28);
    encoder.set_color(ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(test.image(0)).unwrap();
    let digit = &predicted(&["--prepared", path.to_str().unwrap()])[0];
    assert_eq!(digit["digit"].as_u64(), Some(7));
    assert!(refused(&["predict", "--prepared", &full]).contains("120 x 160 pixels, grey; a prepared digit"));
}

#[test]
fn what_is_no_image_or_no_network_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let full = seven(folder.path(), ColorType::Grayscale, BitDepth::Eight, &[0], &[255]);
    let bytes = std::fs::read(&full).unwrap();
    std::fs::write(&full, &bytes[..bytes.len() / 2]).unwrap();
    assert!(refused(&["predict", &full]).contains("no whole PNG file"));
    let mut huge = bytes;
    huge[16..24].copy_from_slice(&[0, 0, 255, 255, 0, 0, 255, 255]); // width and height; the sum is then wrong as well
    std::fs::write(&full, &huge).unwrap();
    assert!(refused(&["predict", &full]).contains("seven.png: "));
    assert!(refused(&["predict", "no-such.png"]).contains("no-such.png: cannot be read"));
    assert!(refused(&["predict", &full, "--model", "Cargo.toml"]).contains("not a whole safetensors file"));
    assert!(refused(&["predict", &full, "--model", "no-such"]).contains("--model FILE"));
}
