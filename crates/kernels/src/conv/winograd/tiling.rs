//! The tiles of a convolution.

use crate::conv::frame::Frame;
use crate::conv::geometry::Geometry;

/// Rows and columns of a tile of outputs.
pub(super) const TILE: usize = 4;

/// Rows and columns of the window of pixels below a tile.
pub(super) const WINDOW: usize = TILE + 2;

/// Places of a tile's transform.
pub(super) const PLACES: usize = WINDOW * WINDOW;

/// Tiles of a group of images, at the least, where a chunk has as many: enough for the products to be worth reading
/// `U` for, few enough for `V` and `M` to stay in the second-level cache. It decides no sum.
const GROUP_TILES: usize = 32;

/// The sizes that follow from a convolution's.
#[derive(Clone, Copy)]
pub(super) struct Tiling {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// What a tile's windows are read from: the input with its padding, and with zeros where the last tiles reach
    /// beyond it.
    pub(super) input: Frame,
    /// What the tiles cover: the output, and more rows or columns where its sides are no multiples of [`TILE`].
    pub(super) output: Frame,
}

impl Tiling {
    pub(super) fn new(g: &Geometry) -> Self {
        let (rows, columns) = (g.out_height().div_ceil(TILE), g.out_width().div_ceil(TILE));
        let input = Frame {
            image: (g.height, g.width),
            whole: (TILE * rows + 2, TILE * columns + 2),
            top: g.padding,
            left: g.padding,
            channels: g.inputs,
        };
        let output = Frame {
            image: (g.out_height(), g.out_width()),
            whole: (TILE * rows, TILE * columns),
            top: 0,
            left: 0,
            channels: g.outputs,
        };
        Self { rows, columns, input, output }
    }

    pub(super) fn tiles(&self) -> usize {
        self.rows * self.columns
    }

    /// Images of a group.
    pub(super) fn group(&self) -> usize {
        GROUP_TILES.div_ceil(self.tiles())
    }

    /// The pixel at which a tile begins in a frame that is `width` pixels wide.
    pub(super) fn origin(&self, tile: usize, width: usize) -> usize {
        TILE * (tile / self.columns * width + tile % self.columns)
    }

    /// The rows at the top and the columns at the left of a tile's window that lie in the windows of tiles before it.
    pub(super) fn shared(&self, tile: usize) -> (usize, usize) {
        let overlap = WINDOW - TILE;
        let (row, column) = (tile / self.columns, tile % self.columns);
        (if row > 0 { overlap } else { 0 }, if column > 0 { overlap } else { 0 })
    }
}
