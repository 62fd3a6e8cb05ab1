//! Images of cells and of pixels: the confusion matrix, digits, filters.

use super::chart::{Words, open};
use super::png::data_address;
use std::fmt::Write as _;
use std::io;

/// A confusion matrix: a row for each label, a column for each answer, darker where more errors fall.
pub fn confusion(words: &Words, counts: &[Vec<usize>]) -> String {
    const CELL: usize = 38;
    const MARGIN: usize = 44;
    let off_diagonal = |(row, answers): (usize, &Vec<usize>)| {
        answers.iter().enumerate().filter(|(column, _)| *column != row).map(|(_, count)| *count).max()
    };
    let most = counts.iter().enumerate().filter_map(off_diagonal).max().unwrap_or(0).max(1);
    let side = (MARGIN + 10 * CELL + 4) as f64;
    let mut out = open(words, side, side);
    out += "<g font-size=\"13\" text-anchor=\"middle\">\n";
    for (row, answers) in counts.iter().enumerate() {
        let y = MARGIN + row * CELL;
        let _ = writeln!(out, "<text x=\"{}\" y=\"{}\">{row}</text>", MARGIN - 12, y + 24);
        let _ =
            writeln!(out, "<text x=\"{}\" y=\"{}\">{row}</text>", MARGIN + row * CELL + CELL / 2, MARGIN - 8);
        for (column, count) in answers.iter().enumerate() {
            let x = MARGIN + column * CELL;
            let opacity = if row == column { 0.0 } else { *count as f64 / most as f64 * 0.8 };
            let _ = write!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{CELL}\" height=\"{CELL}\" fill=\"var(--series-2,#b3461e)\" \
                 fill-opacity=\"{opacity:.2}\" stroke=\"var(--figure-grid,#e2e4e8)\"/>"
            );
            if *count > 0 {
                let weight = if row == column { " font-weight=\"bold\"" } else { "" };
                let size = if *count > 999 { " font-size=\"12\"" } else { "" };
                let _ =
                    write!(out, "<text x=\"{}\" y=\"{}\"{weight}{size}>{count}</text>", x + CELL / 2, y + 24);
            }
            out.push('\n');
        }
    }
    let middle = MARGIN + 5 * CELL;
    let _ = writeln!(out, "<text x=\"{middle}\" y=\"14\">answer</text>");
    let _ = writeln!(out, "<text x=\"14\" y=\"{middle}\" transform=\"rotate(-90 14 {middle})\">label</text>");
    out + "</g>\n</svg>\n"
}

/// An image of a digit with what is written below it.
pub struct Digit<'a> {
    /// Its 28 x 28 pixels.
    pub pixels: &'a [u8],
    /// What is written below it.
    pub caption: String,
    /// Whether it stands in a frame.
    pub framed: bool,
}

/// Digits in rows of ten, in black on white.
///
/// # Errors
/// Only when writing into memory fails.
pub fn digits(words: &Words, digits: &[Digit]) -> io::Result<String> {
    const CELL: (usize, usize) = (60, 76);
    const ACROSS: usize = 10;
    let rows = digits.len().div_ceil(ACROSS).max(1);
    let mut out = open(words, (ACROSS * CELL.0) as f64, (rows * CELL.1) as f64);
    out += "<g font-size=\"13\" text-anchor=\"middle\">\n";
    for (i, digit) in digits.iter().enumerate() {
        let (x, y) = (i % ACROSS * CELL.0, i / ACROSS * CELL.1);
        let ink: Vec<u8> = digit.pixels.iter().map(|pixel| 255 - pixel).collect();
        let _ = writeln!(
            out,
            "<image x=\"{}\" y=\"{y}\" width=\"56\" height=\"56\" href=\"{}\"/><text x=\"{}\" y=\"{}\">{}</text>",
            x + 2,
            data_address(&ink, 28, 28)?,
            x + 30,
            y + 70,
            digit.caption
        );
        if digit.framed {
            // One colour in light and dark: it lies on the image, which is white in both.
            let _ = writeln!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"53\" height=\"53\" fill=\"none\" stroke=\"#b3461e\" \
                 stroke-width=\"3\"/>",
                x as f64 + 3.5,
                y as f64 + 1.5
            );
        }
    }
    Ok(out + "</g>\n</svg>\n")
}

/// Filters of 3 x 3 weights, eight in a row: one colour above 0, another with a dash below, the stronger the larger.
pub fn filters(words: &Words, filters: &[[f32; 9]]) -> String {
    const CELL: usize = 18;
    const STEP: usize = 3 * CELL + 14;
    let most =
        filters.iter().flatten().fold(0.0f32, |most, weight| most.max(weight.abs())).max(f32::MIN_POSITIVE);
    let rows = filters.len().div_ceil(8).max(1);
    let mut out = open(words, (8 * STEP) as f64, (rows * STEP) as f64);
    for (i, filter) in filters.iter().enumerate() {
        let (left, top) = (i % 8 * STEP + 2, i / 8 * STEP + 2);
        for (j, weight) in filter.iter().enumerate() {
            let (x, y) = (left + j % 3 * CELL, top + j / 3 * CELL);
            let fill = if *weight < 0.0 { "var(--series-2,#b3461e)" } else { "var(--series-1,#1f5fa8)" };
            let opacity = weight.abs() / most;
            let _ = write!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{CELL}\" height=\"{CELL}\" fill=\"{fill}\" \
                 fill-opacity=\"{opacity:.2}\" stroke=\"var(--figure-line,#6b6f76)\" stroke-width=\"0.5\"/>"
            );
            if *weight < 0.0 {
                let _ = write!(out, "<path d=\"M{} {} h8\" stroke=\"var(--fg,#1a1a1a)\"/>", x + 5, y + 9);
            }
            out.push('\n');
        }
    }
    out + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words = Words { id: "w", title: "Title", description: "Description" };

    #[test]
    fn filters_are_drawn_with_their_signs() {
        insta::assert_snapshot!(filters(&WORDS, &[[0.5, -0.25, 0.0, 0.1, 0.2, 0.3, -0.5, 0.4, 0.05]]));
    }

    #[test]
    fn a_digit_is_an_image_in_the_drawing() {
        let digit = |framed| Digit { pixels: &[0; 784], caption: "7 → 1".to_owned(), framed };
        let drawn = digits(&WORDS, &[digit(false), digit(true)]).unwrap();
        insta::assert_snapshot!(drawn);
    }

    #[test]
    fn a_confusion_shows_every_count_but_nought() {
        let mut counts = vec![vec![0; 10]; 10];
        (0..10).for_each(|digit| counts[digit][digit] = 90 + digit);
        counts[4][9] = 3;
        let drawn = confusion(&WORDS, &counts);
        assert_eq!(drawn.matches("<rect").count(), 100);
        assert!(drawn.contains(">3</text>") && drawn.contains("fill-opacity=\"0.80\""));
        assert_eq!(drawn.matches("</text>").count(), 10 + 1 + 20 + 2);
    }
}
