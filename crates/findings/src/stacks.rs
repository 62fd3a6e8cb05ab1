//! Stacks by hand: a mark for every item above a whole number, so that none is left out. Items of one kind are squares,
//! so that the two differ without colour.

use crate::chart::{Words, colour, open};
use std::fmt::Write as _;

/// The items above one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// Drawn as squares, at the bottom.
    pub squares: usize,
    /// Drawn as dots.
    pub dots: usize,
}

const WIDTH: f64 = 360.0;
const SIDE: f64 = 12.0;
/// From the middle of a mark to that of the next.
const PITCH: f64 = 12.0;
const RADIUS: f64 = 4.5;
/// Above the highest stack: its number.
const ABOVE: f64 = 22.0;
/// Below the stacks: numbers and name of the axis, and the two names.
const BELOW: f64 = 84.0;

/// A stack for each number from 1 on. `names` are those of squares and dots.
pub fn stacks(words: &Words, axis: &str, names: [&str; 2], stacks: &[Stack]) -> String {
    let step = (WIDTH - 2.0 * SIDE) / stacks.len().max(1) as f64;
    // Marks that lie side by side in a stack.
    let across = ((step - 4.0) / PITCH).max(1.0) as usize;
    let rows = |stack: &Stack| (stack.squares + stack.dots).div_ceil(across);
    let most = stacks.iter().map(rows).max().unwrap_or(0);
    let base = ABOVE + most as f64 * PITCH;
    let mut out = open(words, WIDTH, base + BELOW);
    out += "<g font-size=\"13\" text-anchor=\"middle\">\n";
    let _ = writeln!(
        out,
        "<path d=\"M{SIDE} {base:.1} H{:.1}\" stroke=\"var(--figure-line,#6b6f76)\"/>",
        WIDTH - SIDE
    );
    for (place, stack) in stacks.iter().enumerate() {
        let x = SIDE + (place as f64 + 0.5) * step;
        let count = stack.squares + stack.dots;
        let top = base - rows(stack) as f64 * PITCH - 5.0;
        let _ = writeln!(
            out,
            "<text class=\"count\" x=\"{x:.1}\" y=\"{top:.1}\">{count}</text>\
             <text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
            base + 16.0,
            place + 1
        );
        out += &marks(stack, across, (x, base));
        out.push('\n');
    }
    let _ = writeln!(out, "<text x=\"{}\" y=\"{:.1}\">{axis}</text>\n</g>", WIDTH / 2.0, base + 36.0);
    for (row, name) in names.into_iter().enumerate() {
        let y = base + 56.0 + 18.0 * row as f64;
        out += &mark((SIDE + 6.0, y - 4.5), row == 0);
        let _ = writeln!(out, "<text x=\"{}\" y=\"{y:.1}\" font-size=\"13\">{name}</text>", SIDE + 18.0);
    }
    out + "</svg>\n"
}

/// The marks of a stack, so many side by side, above the middle of its foot.
fn marks(stack: &Stack, across: usize, (x, base): (f64, f64)) -> String {
    let count = stack.squares + stack.dots;
    let left = x - (across.min(count).max(1) - 1) as f64 * PITCH / 2.0;
    let place = |item: usize| {
        (left + (item % across) as f64 * PITCH, base - (item / across) as f64 * PITCH - PITCH / 2.0)
    };
    (0..count).map(|item| mark(place(item), item < stack.squares)).collect()
}

fn mark((x, y): (f64, f64), is_square: bool) -> String {
    if is_square {
        let (left, top, side) = (x - RADIUS, y - RADIUS, 2.0 * RADIUS);
        return format!(
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{side}\" height=\"{side}\" fill=\"{}\"/>",
            colour(1)
        );
    }
    format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{RADIUS}\" fill=\"{}\"/>", colour(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_one_mark_above_its_number() {
        let words = Words { id: "w", title: "Title", description: "Description" };
        let drawn = stacks(
            &words,
            "runs",
            ["square", "dot"],
            &[Stack { squares: 1, dots: 4 }, Stack::default(), Stack { squares: 0, dots: 3 }],
        );
        // One more of each, which says what it is.
        assert_eq!((drawn.matches("<rect").count(), drawn.matches("<circle").count()), (1 + 1, 7 + 1));
        let counts: Vec<&str> = drawn
            .split("class=\"count\"")
            .skip(1)
            .filter_map(|after| after.split(['>', '<']).nth(1))
            .collect();
        assert_eq!(counts, ["5", "0", "3"]);
    }
}
