//! Dots by hand: every run is one dot above its whole number, such as an epoch, so that equal runs lie side by side and
//! in rows, and none is left out.

use crate::chart::{Words, colour, open};
use std::fmt::Write as _;

/// A row of dots.
pub struct Row {
    pub name: String,
    /// The number of each run; a run that never gets there has none.
    pub values: Vec<Option<usize>>,
    /// Lower quartile, median and upper quartile of these numbers; what falls on `never` has no number.
    pub quartiles: [Option<f64>; 3],
}

const WIDTH: f64 = 360.0;
const LEFT: f64 = 66.0;
const RIGHT: f64 = 6.0;
/// From the middle of a dot to that of the next.
const PITCH: f64 = 4.0;
const RADIUS: f64 = 1.7;
/// Below the dots of a row: the marks, and the space before the next one.
const BELOW: f64 = 26.0;
/// Below the last row: numbers and name of the axis.
const AXIS: f64 = 40.0;

/// The axis of the numbers: a column for each from the first to the last that occurs, then one for `never`, if that
/// occurs.
struct Scale {
    first: usize,
    last: usize,
    has_never: bool,
    /// The width of a column.
    step: f64,
}

impl Scale {
    fn of(rows: &[Row]) -> Self {
        let values = || rows.iter().flat_map(|row| row.values.iter());
        let reached = || values().flatten().copied();
        let (first, last) = (reached().min().unwrap_or(1), reached().max().unwrap_or(1));
        let has_never = values().any(Option::is_none);
        let columns = last - first + 1 + usize::from(has_never);
        Self { first, last, has_never, step: (WIDTH - LEFT - RIGHT) / columns as f64 }
    }

    /// The middle of a number's column.
    fn x(&self, value: Option<f64>) -> f64 {
        let value = value.unwrap_or((self.last + 1) as f64);
        LEFT + (value - self.first as f64 + 0.5) * self.step
    }

    /// How many dots lie side by side in a column.
    fn across(&self) -> usize {
        ((0.85 * self.step / PITCH) as usize).max(1)
    }

    /// The numbers that stand below the axis; one needs 26 pixels.
    fn ticks(&self) -> impl Iterator<Item = usize> {
        (self.first..=self.last).step_by((26.0 / self.step).ceil() as usize)
    }
}

/// A row of dots for each series, over one axis. Below each row a bar reaches from the lower to the upper
/// quartile, and a stroke marks the median.
pub fn dots(words: &Words, axis: &str, rows: &[Row]) -> String {
    let scale = Scale::of(rows);
    let heights: Vec<f64> = rows.iter().map(|row| height(row, &scale)).collect();
    let bottom = heights.iter().map(|height| height + BELOW).sum::<f64>();
    let mut out = open(words, WIDTH, bottom + AXIS);
    out += "<g font-size=\"13\" text-anchor=\"middle\">\n";
    let label = |out: &mut String, x: f64, text: &str| {
        let _ = writeln!(
            out,
            "<path d=\"M{x:.1} 4 V{bottom:.1}\" stroke=\"var(--figure-grid,#e2e4e8)\"/>\
             <text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\">{text}</text>",
            bottom + 14.0
        );
    };
    scale.ticks().for_each(|tick| label(&mut out, scale.x(Some(tick as f64)), &tick.to_string()));
    if scale.has_never {
        label(&mut out, scale.x(None), "never");
    }
    let middle = (LEFT + WIDTH - RIGHT) / 2.0;
    let _ = writeln!(out, "<text x=\"{middle:.1}\" y=\"{:.1}\">{axis}</text>\n</g>", bottom + 33.0);
    let mut base = 0.0;
    for (i, (row, height)) in rows.iter().zip(heights).enumerate() {
        base += height;
        draw(&mut out, row, &scale, base, &colour(i));
        base += BELOW;
    }
    out + "</svg>\n"
}

/// Each number that occurs, with how often; `never` last.
fn counts(row: &Row) -> Vec<(Option<usize>, usize)> {
    let mut sorted = row.values.clone();
    sorted.sort_unstable_by_key(|value| value.unwrap_or(usize::MAX));
    sorted.chunk_by(|a, b| a == b).map(|equal| (equal[0], equal.len())).collect()
}

/// The height of the dots of a row.
fn height(row: &Row, scale: &Scale) -> f64 {
    let most = counts(row).into_iter().map(|(_, count)| count.div_ceil(scale.across())).max().unwrap_or(0);
    (most as f64 * PITCH).max(14.0) + 6.0
}

fn draw(out: &mut String, row: &Row, scale: &Scale, base: f64, colour: &str) {
    let _ = writeln!(out, "<g class=\"row\" fill=\"{colour}\">");
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"13\" text-anchor=\"end\" fill=\"var(--fg,#1a1a1a)\">{}</text>",
        LEFT - 8.0,
        base,
        row.name
    );
    for (value, count) in counts(row) {
        let across = scale.across().min(count);
        let left = scale.x(value.map(|value| value as f64)) - (across - 1) as f64 * PITCH / 2.0;
        for dot in 0..count {
            let (x, y) = (left + (dot % across) as f64 * PITCH, base - 2.0 - (dot / across) as f64 * PITCH);
            let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{RADIUS}\"/>");
        }
        out.push('\n');
    }
    let [low, median, high] = row.quartiles.map(|value| scale.x(value));
    let y = base + 8.0;
    let _ = writeln!(
        out,
        "<line class=\"quartiles\" x1=\"{low:.1}\" x2=\"{high:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" \
         stroke=\"var(--figure-line,#6b6f76)\" stroke-width=\"4\"/>"
    );
    let _ = writeln!(
        out,
        "<line class=\"median\" x1=\"{median:.1}\" x2=\"{median:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" \
         stroke=\"var(--fg,#1a1a1a)\" stroke-width=\"2.5\"/>\n</g>",
        y - 5.0,
        y + 5.0
    );
}

#[cfg(test)]
pub(crate) mod tests;
