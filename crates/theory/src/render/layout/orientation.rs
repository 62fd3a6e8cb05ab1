//! Which way a drawing goes, and where that puts a place of the graph.

/// The radius of a node.
pub const RADIUS: f64 = 19.0;

/// How high a label stands: the value, and the gradient in its pill.
pub const LABEL_HEIGHT: f64 = 37.0;

/// From the middle of a label to its top.
pub const LABEL_TOP: f64 = 16.0;

/// Between a wire and what stands beside it.
pub const GAP: f64 = 4.0;

/// A point; `y` grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A place of the graph, whichever way it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    /// From the inputs' open ends towards the output.
    pub along: f64,
    /// From the first input's side towards the last one's.
    pub across: f64,
}

/// Which way a drawing goes from the inputs to the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// From left to right: about 1,000 wide for two inputs.
    Wide,
    /// From top to bottom: at most 340 wide for two inputs with numbers of up to eight characters.
    Upright,
}

/// The width of a label of `text` with its pill.
pub fn label_width(text: &str) -> f64 {
    7.4 * text.chars().count() as f64 + 12.0
}

impl Orientation {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Wide, Self::Upright];

    /// Where a place stands in the drawing.
    pub(super) fn point(self, Location { along, across }: Location) -> Point {
        match self {
            Self::Wide => Point { x: along, y: across },
            Self::Upright => Point { x: across, y: along },
        }
    }

    /// How much of a wire a label of `text` takes.
    pub(super) fn label_length(self, text: &str) -> f64 {
        match self {
            Self::Wide => label_width(text),
            Self::Upright => LABEL_HEIGHT,
        }
    }

    /// A path that goes on level, which is along the way, to `along`.
    pub(super) fn level(self, along: f64) -> String {
        let command = match self {
            Self::Wide => 'H',
            Self::Upright => 'V',
        };
        format!("{command}{along:.1}")
    }
}
