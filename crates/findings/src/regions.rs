//! Regions by hand: a plane in the colours of what is answered where, and points on it, some of them ringed.

use crate::chart::colour;
use std::fmt::Write as _;

/// Width and height of a panel with its name and its numbers.
pub(crate) const PANEL: [f64; 2] = [180.0, 148.0];

/// Where the plane lies in its panel, and how large it is.
const CORNER: [f64; 2] = [30.0, 22.0];
const SIZE: [f64; 2] = [140.0, 104.0];

/// What is answered where.
pub(crate) struct Plane<'a> {
    pub name: &'a str,
    /// A line for each height, the lowest first: a digit for each place along.
    pub answers: &'a [String],
    /// How far the plane reaches, along and up.
    pub reach: [f64; 2],
}

/// A point of a kind.
pub(crate) struct Placed {
    /// Along and up, as far as the panel reaches.
    pub at: [f64; 2],
    /// Its form and colour.
    pub kind: usize,
    pub ring: Ring,
}

/// What is around a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ring {
    None,
    Full,
    Dashed,
}

impl Ring {
    pub fn drawn(self, (x, y): (f64, f64)) -> String {
        let dashes = match self {
            Self::None => return String::new(),
            Self::Full => "",
            Self::Dashed => " stroke-dasharray=\"2 1.5\"",
        };
        format!(
            "<circle class=\"ring\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"none\" \
             stroke=\"var(--fg,#1a1a1a)\" stroke-width=\"1.4\"{dashes}/>\n"
        )
    }
}

/// A panel whose upper left corner is here.
pub(crate) fn panel(of: &Plane, [left, top]: [f64; 2], points: &[Placed]) -> String {
    let mut out = format!("<g transform=\"translate({left} {top})\">\n");
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"15\" font-size=\"13\" text-anchor=\"middle\">{}</text>",
        CORNER[0] + SIZE[0] / 2.0,
        of.name
    );
    (0..3).for_each(|kind| out += &region(of.answers, kind));
    axes(&mut out, of.reach);
    let place = |at: [f64; 2]| {
        (CORNER[0] + at[0] / of.reach[0] * SIZE[0], CORNER[1] + SIZE[1] - at[1] / of.reach[1] * SIZE[1])
    };
    (0..3).for_each(|kind| {
        out += &marks(kind, points.iter().filter(|it| it.kind == kind).map(|it| place(it.at)))
    });
    points.iter().for_each(|point| out += &point.ring.drawn(place(point.at)));
    out + "</g>\n"
}

/// All places with this answer, as one path of a rectangle for each run of them in a line.
fn region(answers: &[String], kind: usize) -> String {
    let digit = char::from_digit(kind as u32, 10).unwrap_or('0');
    let along = answers.first().map_or(1, String::len).max(1);
    let (width, height) = (SIZE[0] / along as f64, SIZE[1] / answers.len().max(1) as f64);
    let mut path = String::new();
    for (line, text) in answers.iter().enumerate() {
        let y = CORNER[1] + SIZE[1] - (line + 1) as f64 * height;
        for (first, last) in runs(text, digit) {
            let (x, length) = (CORNER[0] + first as f64 * width, (last - first) as f64 * width);
            let [x, y, length, height] = [x, y, length, height].map(short);
            let _ = write!(path, "M{x} {y}h{length}v{height}h-{length}z");
        }
    }
    format!(
        "<path class=\"region\" shape-rendering=\"crispEdges\" fill=\"{}\" fill-opacity=\"0.25\" d=\"{path}\"/>\n",
        colour(kind)
    )
}

/// Where a digit begins and ends in a line, each time that it comes.
fn runs(line: &str, digit: char) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (place, _) in line.char_indices().filter(|(_, other)| *other == digit) {
        match runs.last_mut() {
            Some((_, end)) if *end == place => *end += 1,
            _ => runs.push((place, place + 1)),
        }
    }
    runs
}

/// The frame, and a number for every second unit along and for each one up.
fn axes(out: &mut String, reach: [f64; 2]) {
    let ([left, top], bottom) = (CORNER, CORNER[1] + SIZE[1]);
    let _ = writeln!(
        out,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\" fill=\"none\" \
         stroke=\"var(--figure-line,#6b6f76)\"/>\n<g font-size=\"12\" text-anchor=\"middle\">",
        SIZE[0], SIZE[1]
    );
    for tick in (0..=reach[0] as usize).step_by(2) {
        let x = left + tick as f64 / reach[0] * SIZE[0];
        let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{:.1}\">{tick}</text>", bottom + 14.0);
    }
    for tick in 0..=reach[1] as usize {
        let y = bottom - tick as f64 / reach[1] * SIZE[1] + 4.0;
        let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{y:.1}\">{tick}</text>", left - 9.0);
    }
    *out += "</g>\n";
}

/// A number with up to two digits after the point.
fn short(value: f64) -> String {
    format!("{value:.2}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Points of one kind as one path, in the form and colour that [`mark`] gives them.
fn marks(kind: usize, places: impl Iterator<Item = (f64, f64)>) -> String {
    let colour = colour(kind);
    let one = |(x, y): (f64, f64)| match kind {
        2 => format!("M{x:.1} {:.1}l2.3 4.1h-4.6z", y - 2.5),
        _ => format!("M{x:.1} {y:.1}h.01"),
    };
    let path: String = places.map(one).collect();
    let ink = match kind {
        0 => format!("stroke=\"{colour}\" stroke-width=\"3.6\" stroke-linecap=\"round\""),
        1 => format!("stroke=\"{colour}\" stroke-width=\"3.4\" stroke-linecap=\"square\""),
        _ => format!("fill=\"{colour}\""),
    };
    format!("<path class=\"flowers\" {ink} d=\"{path}\"/>\n")
}

/// A point: each kind has a form and a colour of its own.
pub(crate) fn mark(kind: usize, (x, y): (f64, f64), size: f64) -> String {
    let colour = colour(kind);
    match kind {
        0 => {
            format!("<circle class=\"flower\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{size}\" fill=\"{colour}\"/>\n")
        }
        1 => format!(
            "<path class=\"flower\" d=\"M{:.1} {:.1} h{side} v{side} h-{side} z\" fill=\"{colour}\"/>\n",
            x - size,
            y - size,
            side = 2.0 * size
        ),
        _ => format!(
            "<path class=\"flower\" d=\"M{x:.1} {:.1} l{:.1} {:.1} h-{:.1} z\" fill=\"{colour}\"/>\n",
            y - 1.4 * size,
            1.3 * size,
            2.3 * size,
            2.6 * size
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths of a class, cut where a new piece begins.
    fn pieces<'a>(drawn: &'a str, class: &str) -> Vec<&'a str> {
        let paths = drawn.split("<path ").filter(|path| path.contains(&format!("class=\"{class}\"")));
        paths
            .flat_map(|path| {
                path.split(" d=\"").nth(1).unwrap().split('"').next().unwrap().split('M').skip(1)
            })
            .collect()
    }

    #[test]
    fn each_place_is_in_one_region_and_each_point_is_drawn() {
        let answers: Vec<String> = ["0011", "0212"].map(str::to_owned).into();
        let of = Plane { name: "net", answers: &answers, reach: [7.0, 2.0] };
        let point = |kind, ring| Placed { at: [3.5, 1.0], kind, ring };
        let points =
            [point(0, Ring::None), point(1, Ring::Full), point(2, Ring::Dashed), point(2, Ring::None)];
        let drawn = panel(&of, [0.0, 0.0], &points);
        assert_eq!(pieces(&drawn, "flowers").len(), points.len());
        assert_eq!((drawn.matches("class=\"ring\"").count(), drawn.matches("dasharray").count()), (2, 1));
        // Runs: 00, 11 in the first line; 0, 2, 1, 2 in the second. Together they fill both lines.
        let regions = pieces(&drawn, "region");
        let width = |piece: &&str| piece.split(['h', 'v']).nth(1).unwrap().parse::<f64>().unwrap();
        assert_eq!((regions.len(), regions.iter().map(width).sum::<f64>()), (2 + 4, 2.0 * SIZE[0]));
        // The control: a place that has no answer is missed.
        let answers: Vec<String> = ["0011", "02 2"].map(str::to_owned).into();
        let drawn = panel(&Plane { answers: &answers, ..of }, [0.0, 0.0], &points);
        assert!(pieces(&drawn, "region").iter().map(width).sum::<f64>() < 2.0 * SIZE[0]);
    }

    #[test]
    fn a_run_ends_where_another_digit_comes() {
        assert_eq!(runs("0010110", '0'), [(0, 2), (3, 4), (6, 7)]);
        assert_eq!(runs("0010110", '1'), [(2, 3), (4, 6)]);
        assert!(runs("0010110", '2').is_empty());
    }
}
