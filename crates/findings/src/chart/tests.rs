//! Charts as they are drawn.

use super::*;
use rstest::rstest;

const WORDS: Words = Words { id: "w", title: "Title", description: "Description" };
const AXES: Axes = Axes { x: "epoch", y: "loss", log: true, whole_x: true };

fn example() -> String {
    lines(
        &WORDS,
        AXES,
        &[("a".to_owned(), vec![(1.0, 0.5), (2.0, 0.25)]), ("b".to_owned(), vec![(1.0, 0.7), (2.0, 0.1)])],
    )
}

#[test]
fn numbers_are_shortened_and_words_are_not() {
    let svg = "<line x1=\"205.20000000000002\" y=\"3.00\"/><text>0.020</text> fill=\"#1a2b3c\"";
    assert_eq!(shorter(svg), "<line x1=\"205.2\" y=\"3\"/><text>0.020</text> fill=\"#1a2b3c\"");
}

#[test]
fn a_chart_takes_the_colours_of_the_page_and_is_drawn_the_same_twice() {
    insta::assert_snapshot!(example());
    assert_eq!(example(), example());
}

#[test]
fn a_point_has_its_interval_and_the_axis_short_numbers() {
    let axes = Axes { whole_x: false, ..AXES };
    let runs = [(1_000.0, 2.5), (1_000.0, 3.5), (250_000.0, 0.3)];
    let drawn = points(&WORDS, axes, &[(939.0, [2.0, 3.0, 4.0]), (235_066.0, [0.2, 0.3, 0.4])], &runs);
    assert_eq!(drawn.matches("<circle").count(), 2 + runs.len());
    for tick in [">100<", ">1k<", ">100k<", ">1M<"] {
        assert!(drawn.contains(tick), "{tick}");
    }
}

/// The lowest line of text lies within the drawing, whatever the number of series. As kuva leaves it, a third row would
/// not.
#[rstest]
#[case::two(2)]
#[case::four(4)]
#[case::five(5)]
#[case::six(6)]
fn the_legend_is_not_cut(#[case] count: usize) {
    let series = |i: usize| (format!("series {i}"), vec![(1.0, 0.5), (2.0, 0.1 * (i + 1) as f64)]);
    let drawn = lines(&WORDS, AXES, &(0..count).map(series).collect::<Vec<_>>());
    let after = |text: &str, name: &str| -> f64 {
        let (_, value) = text.split_once(&format!(" {name}=\"")).unwrap();
        value.split('"').next().unwrap().parse().unwrap()
    };
    let lowest = drawn.lines().filter(|line| line.starts_with("<text")).map(|line| after(line, "y"));
    let (lowest, height) = (lowest.fold(0.0, f64::max), after(&drawn, "height"));
    assert!(lowest + 4.0 < height, "{lowest} of {height}");
    assert_eq!(lowest + 4.0 < HEIGHT, count <= 2 * LEGEND_ROWS);
}

#[test]
fn no_colour_is_fixed_and_no_tool_is_named() {
    let outside_of_fallbacks = example().replace(",#", " fallback ");
    for word in ["kuva 0", "=\"white", "=\"black", "=\"#", "<!--"] {
        assert!(!outside_of_fallbacks.contains(word), "{word}");
    }
}
