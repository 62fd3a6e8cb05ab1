//! The pad: pointer, touch and keyboard make strokes.

use super::strokes::{PAD, Spot, Strokes};
use maud::{Markup, html};

/// How far a key moves the pen.
const KEY_STEP: i32 = 10;

/// The pad and its pen.
#[derive(Clone, Debug, Default)]
pub struct PenPad {
    /// What was drawn.
    pub strokes: Strokes,
    /// Whether a pointer or the keyboard draws now.
    pub is_down: bool,
    /// Where the keyboard's pen is, once a key was pressed.
    cursor: Option<Spot>,
    /// The moves since somebody looked.
    pub moves: usize,
}

impl PenPad {
    /// A pad with strokes on it.
    pub fn with(strokes: Strokes) -> Self {
        Self { strokes, ..Self::default() }
    }

    /// Takes what the page says of pointer and keys: `down x y`, `move x y`, `up`, `key NAME`.
    pub fn receive(&mut self, said: &str) {
        let mut words = said.split(' ');
        let number =
            |text: Option<&str>| text?.parse().ok().map(|number: i32| number.clamp(0, PAD as i32) as u16);
        match (words.next(), words.next()) {
            (Some("key"), Some(key)) => self.key(key),
            (Some(verb @ ("down" | "move")), x) => {
                if let (Some(x), Some(y)) = (number(x), number(words.next())) {
                    self.point(verb == "down", (x, y));
                }
            }
            _ => self.is_down = false,
        }
        self.moves += 1;
    }

    fn point(&mut self, begins: bool, at: Spot) {
        if begins {
            (self.is_down, self.cursor) = (true, None);
            self.strokes.begin(at);
        } else if self.is_down {
            self.strokes.add(at);
        }
    }

    fn key(&mut self, key: &str) {
        let middle = (PAD / 2) as u16;
        let (x, y) = self.cursor.unwrap_or((middle, middle));
        let (right, down) = match key {
            "ArrowLeft" => (-KEY_STEP, 0),
            "ArrowRight" => (KEY_STEP, 0),
            "ArrowUp" => (0, -KEY_STEP),
            "ArrowDown" => (0, KEY_STEP),
            _ => (0, 0),
        };
        let moved = |at: u16, by: i32| (i32::from(at) + by).clamp(0, PAD as i32) as u16;
        let at = (moved(x, right), moved(y, down));
        self.cursor = Some(at);
        if key == "Space" {
            self.is_down = !self.is_down;
        }
        match (self.is_down, key) {
            (true, "Space") => self.strokes.begin(at),
            (true, _) => self.strokes.add(at),
            _ => {}
        }
    }

    /// Whether a pointer draws now.
    pub fn is_drawing(&self) -> bool {
        self.is_down && self.cursor.is_none()
    }

    /// Takes everything away but the keyboard's pen, which is lifted.
    pub fn clear(&mut self) {
        *self = Self { cursor: self.cursor, moves: self.moves, ..Self::default() };
    }

    /// The pad. `below` is what lies under the pen: an image that was given.
    pub fn view(&self, below: &Markup) -> Markup {
        html! {
            svg.pad data-pad="pen" viewBox={ "0 0 " (PAD) " " (PAD) } tabindex="0" role="application"
                aria-label="Pad to draw a digit on" aria-describedby="digit-keys" {
                (below)
                @for stroke in self.strokes.all() {
                    @let places: Vec<String> = stroke.iter().map(|(x, y)| format!("{x},{y}")).collect();
                    @let last = places.last().cloned().unwrap_or_default();
                    // A point alone is a line of no length, which round ends make a dot.
                    polyline points={ (places.join(" ")) " " (last) } {}
                }
                @if let Some((x, y)) = self.cursor {
                    g.pen-cursor.down[self.is_down] transform={ "translate(" (x) " " (y) ")" } {
                        circle r="9" {}
                        path d="M-16 0H16M0 -16V16" {}
                    }
                }
            }
            p.hint #digit-keys {
                "Draw with mouse, finger or pen. By keyboard: the arrow keys move a pen, Space puts it down "
                "and lifts it. "
                span aria-live="polite" {
                    @if let Some((x, y)) = self.cursor {
                        "The pen is " (if self.is_down { "down" } else { "up" }) " at " (x) ", " (y) "."
                    }
                }
                @if self.strokes.is_full() { strong { " The pad is full: clear it, or take a stroke back." } }
            }
        }
    }
}
