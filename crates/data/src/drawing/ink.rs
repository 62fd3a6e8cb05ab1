//! Ink and paper.

/// How far ink and paper must lie apart, of 255 grey levels: less is taken for the noise of an empty page.
pub const LEAST_CONTRAST: u8 = 32;

/// What is fainter than this share of the strongest ink does not stretch the box: dust, and the noise of a photograph.
const FAINT: f32 = 1.0 / 16.0;

/// Why a drawing has no digit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrawingError {
    /// Nothing stands on the page.
    #[error("I see no digit: there is no ink")]
    NoInk,
    /// There are more or fewer bytes than an image of that size has.
    #[error("{found} bytes are no image of {width} x {height} pixels: give {expected}")]
    Size {
        /// The columns.
        width: usize,
        /// The rows.
        height: usize,
        /// The bytes that such an image has.
        expected: u128,
        /// The bytes given.
        found: usize,
    },
}

/// How much ink is where: 0 the paper, 1 the strongest ink.
#[derive(Clone, Debug, PartialEq)]
pub struct InkMap {
    width: usize,
    height: usize,
    ink: Vec<f32>,
}

/// A box of pixels that holds the ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InkBox {
    /// The first column.
    pub left: usize,
    /// The first row.
    pub top: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl InkMap {
    /// From a grey image, one byte a pixel, row by row: `(height, width)`. **The paper is the median of the pixels
    /// along the edge; ink is what lies on the side of it that reaches farther.** So dark on light and light on dark
    /// are read alike, and the strongest ink is 1.
    ///
    /// # Errors
    /// [`DrawingError::NoInk`] when nothing is [`LEAST_CONTRAST`] from the paper, [`DrawingError::Size`].
    pub fn from_grey(width: usize, height: usize, grey: &[u8]) -> Result<Self, DrawingError> {
        check(width, height, 1, grey.len())?;
        let paper = paper(width, height, grey).ok_or(DrawingError::NoInk)?;
        let (darkest, lightest) =
            grey.iter().fold((255, 0), |(low, high): (u8, u8), &pixel| (low.min(pixel), high.max(pixel)));
        let (below, above) = (paper.saturating_sub(darkest), lightest.saturating_sub(paper));
        let contrast = below.max(above);
        if contrast < LEAST_CONTRAST {
            return Err(DrawingError::NoInk);
        }
        let distance = |pixel: u8| {
            if below >= above { paper.saturating_sub(pixel) } else { pixel.saturating_sub(paper) }
        };
        let ink = grey.iter().map(|&pixel| f32::from(distance(pixel)) / f32::from(contrast)).collect();
        Ok(Self { width, height, ink })
    }

    /// From an image with red, green, blue and opacity, four bytes a pixel, row by row: `(height, width, 4)`. It is
    /// laid on white, and its grey is Rec. 601's, `0.299 R + 0.587 G + 0.114 B`.
    ///
    /// # Errors
    /// Those of [`from_grey`](Self::from_grey).
    pub fn from_rgba(width: usize, height: usize, rgba: &[u8]) -> Result<Self, DrawingError> {
        check(width, height, 4, rgba.len())?;
        let (pixels, _) = rgba.as_chunks::<4>();
        let grey: Vec<u8> = pixels.iter().map(grey).collect();
        Self::from_grey(width, height, &grey)
    }

    /// From ink that is known as such, `(height, width)`, each from 0 to 1; what lies outside is cut off.
    ///
    /// # Errors
    /// [`DrawingError::NoInk`], [`DrawingError::Size`].
    pub fn from_ink(width: usize, height: usize, ink: Vec<f32>) -> Result<Self, DrawingError> {
        check(width, height, 1, ink.len())?;
        let ink: Vec<f32> = ink.into_iter().map(|ink| ink.clamp(0.0, 1.0)).collect();
        if ink.iter().any(|&ink| ink > 0.0) {
            Ok(Self { width, height, ink })
        } else {
            Err(DrawingError::NoInk)
        }
    }

    /// The columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The ink of a row: `(width)`.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.ink[row * self.width..][..self.width]
    }

    /// The box around everything but the faintest ink.
    ///
    /// # Errors
    /// [`DrawingError::NoInk`].
    pub fn ink_box(&self) -> Result<InkBox, DrawingError> {
        let strongest = self.ink.iter().fold(0.0, |most: f32, &ink| most.max(ink));
        let is_ink = |&ink: &f32| ink > 0.0 && ink >= FAINT * strongest;
        let rows: Vec<usize> = (0..self.height).filter(|&row| self.row(row).iter().any(is_ink)).collect();
        let first = rows.iter().filter_map(|&row| self.row(row).iter().position(is_ink)).min();
        let last = rows.iter().filter_map(|&row| self.row(row).iter().rposition(is_ink)).max();
        let (Some(&top), Some(&bottom), Some(left), Some(right)) = (rows.first(), rows.last(), first, last)
        else {
            return Err(DrawingError::NoInk);
        };
        Ok(InkBox { left, top, width: right - left + 1, height: bottom - top + 1 })
    }
}

/// Refuses another number of bytes than so many for each pixel.
fn check(width: usize, height: usize, channels: u128, found: usize) -> Result<(), DrawingError> {
    let expected = (width as u128).saturating_mul(height as u128).saturating_mul(channels);
    if expected == found as u128 {
        Ok(())
    } else {
        Err(DrawingError::Size { width, height, expected, found })
    }
}

/// The median of the pixels along the edge; nothing where there is no pixel.
fn paper(width: usize, height: usize, grey: &[u8]) -> Option<u8> {
    if width == 0 || height == 0 {
        return None;
    }
    let (first, last) = (&grey[..width], &grey[(height - 1) * width..]);
    let sides = grey.chunks_exact(width).flat_map(|row| [row[0], row[width - 1]]);
    let mut edge: Vec<u8> = first.iter().chain(last).copied().chain(sides).collect();
    let middle = edge.len() / 2;
    Some(*edge.select_nth_unstable(middle).1)
}

/// The grey of a pixel on white, rounded once.
fn grey(&[red, green, blue, opacity]: &[u8; 4]) -> u8 {
    let light = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue); // of 255,000
    let (opacity, clear) = (u32::from(opacity), 255 - u32::from(opacity));
    let sum = light * opacity + 255_000 * clear; // of 255,000 * 255
    ((sum + 127_500) / 255_000) as u8
}
