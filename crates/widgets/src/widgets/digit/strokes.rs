//! What was drawn: strokes of a pen, and their ink.

use data::drawing::{DrawingError, InkMap};

/// The side of the pad, in units of its drawing and in pixels of its ink.
pub const PAD: usize = 280;
/// Half the width of the pen. A digit that fills the pad then has lines about as wide as MNIST's, two to three pixels
/// of 28.
const PEN_RADIUS: f32 = 11.0;
/// A point nearer to the one before is left out.
const LEAST_STEP: f32 = 3.0;
/// More make an address that programs cut.
pub const MOST_POINTS: usize = 1000;

/// A place on the pad.
pub type Spot = (u16, u16);

/// Strokes, each a list of places that are joined by lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strokes(Vec<Vec<Spot>>);

impl Strokes {
    /// Strokes as [`texts`](Self::texts) writes them; what is no stroke is left out.
    pub fn read<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut strokes = Self::default();
        for text in texts {
            let numbers: Option<Vec<u16>> = text.split('.').map(|number| number.parse().ok()).collect();
            for (i, &[x, y]) in numbers.unwrap_or_default().as_chunks::<2>().0.iter().enumerate() {
                if i == 0 { strokes.begin((x, y)) } else { strokes.add((x, y)) }
            }
        }
        strokes
    }

    /// A text for each stroke, `x.y.x.y`.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|stroke| {
            let places: Vec<String> = stroke.iter().map(|(x, y)| format!("{x}.{y}")).collect();
            places.join(".")
        })
    }

    /// The strokes.
    pub fn all(&self) -> &[Vec<Spot>] {
        &self.0
    }

    /// Whether nothing was drawn.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether no more can be drawn.
    pub fn is_full(&self) -> bool {
        self.0.iter().map(Vec::len).sum::<usize>() >= MOST_POINTS
    }

    /// The pen comes down.
    pub fn begin(&mut self, at: Spot) {
        if !self.is_full() {
            self.0.push(vec![within(at)]);
        }
    }

    /// The pen moves.
    pub fn add(&mut self, at: Spot) {
        let (at, full) = (within(at), self.is_full());
        let Some(stroke) = self.0.last_mut().filter(|_| !full) else { return };
        if stroke.last().is_none_or(|&last| distance(centre(last), centre(at), centre(at)) >= LEAST_STEP) {
            stroke.push(at);
        }
    }

    /// Takes the last stroke away.
    pub fn undo(&mut self) {
        self.0.pop();
    }

    /// The ink, a pixel for each unit of the pad: in a line it is 1, and over the last pixel of its edge it falls to 0.
    ///
    /// # Errors
    /// [`DrawingError::NoInk`] when nothing was drawn.
    pub fn ink(&self) -> Result<InkMap, DrawingError> {
        let mut ink = vec![0.0_f32; PAD * PAD];
        for stroke in &self.0 {
            let ends = stroke.iter().skip(1).chain(stroke.last());
            stroke.iter().zip(ends).for_each(|(&from, &to)| line(&mut ink, centre(from), centre(to)));
        }
        InkMap::from_ink(PAD, PAD, ink)
    }
}

fn within((x, y): Spot) -> Spot {
    (x.min(PAD as u16), y.min(PAD as u16))
}

fn centre((x, y): Spot) -> (f32, f32) {
    (f32::from(x), f32::from(y))
}

/// Adds the ink of one line.
fn line(ink: &mut [f32], from: (f32, f32), to: (f32, f32)) {
    let reach = PEN_RADIUS + 1.0;
    let bounds = |a: f32, b: f32| {
        let (first, last) = ((a.min(b) - reach).max(0.0), (a.max(b) + reach).min(PAD as f32));
        first as usize..last as usize
    };
    for row in bounds(from.1, to.1) {
        for column in bounds(from.0, to.0) {
            let away = distance((column as f32 + 0.5, row as f32 + 0.5), from, to);
            let here = &mut ink[row * PAD + column];
            *here = here.max((PEN_RADIUS + 0.5 - away).clamp(0.0, 1.0));
        }
    }
}

/// How far a point lies from the line between two others.
fn distance(point: (f32, f32), from: (f32, f32), to: (f32, f32)) -> f32 {
    let (along, off) = ((to.0 - from.0, to.1 - from.1), (point.0 - from.0, point.1 - from.1));
    let length = along.0 * along.0 + along.1 * along.1;
    let share = if length > 0.0 { (off.0 * along.0 + off.1 * along.1) / length } else { 0.0 };
    let share = share.clamp(0.0, 1.0);
    let (x, y) = (off.0 - share * along.0, off.1 - share * along.1);
    (x * x + y * y).sqrt()
}
