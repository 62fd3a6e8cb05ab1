//! A drawing of a digit, prepared as the digits of MNIST were.
//!
//! > The original black and white images from NIST were size normalized to fit in a 20x20 pixel box while preserving
//! > their aspect ratio. The resulting images contain grey levels as a result of the anti-aliasing technique used by
//! > the normalization algorithm. The images were centered in a 28x28 image by computing the center of mass of the
//! > pixels, and translating the image so as to position this point at the center of the 28x28 field.
//!
//! Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
//!
//! | step | gives |
//! |---|---|
//! | [`InkMap`] | how much ink is where: dark on light or light on dark, transparency on white |
//! | [`InkBox`] | the smallest box around the ink |
//! | [`Fitted`] | that box, scaled to 20 x 20 with its proportions kept, each pixel the average of what it covers |
//! | [`Centred`] | 28 x 28 pixels with the centre of mass in the middle |
//!
//! **The shift is by whole pixels**, so the centre of mass lies within half a pixel of the middle, and no ink is pushed
//! over the edge: such a drawing stops there. A drawing without ink is refused.
//!
//! ```
//! use data::drawing::{InkMap, PreparedDigit};
//! let mut grey = vec![255; 100 * 60]; // white paper, 100 wide and 60 high
//! (10..50).for_each(|row| grey[row * 100 + 7..row * 100 + 11].fill(0)); // a bar, black, 4 wide and 40 high
//! let digit = PreparedDigit::new(&InkMap::from_grey(100, 60, &grey)?)?;
//! assert_eq!((digit.fitted.columns, digit.fitted.rows), (2, 20));
//! assert_eq!((digit.centred.left, digit.centred.top), (14, 5));
//! assert!(InkMap::from_grey(100, 60, &[255; 100 * 60]).is_err());
//! # Ok::<(), data::drawing::DrawingError>(())
//! ```

mod centred;
mod fitted;
mod ink;

pub use centred::{Centred, MIDDLE};
pub use fitted::{BOX_SIDE, Fitted, shrunk};
pub use ink::{DrawingError, InkBox, InkMap, LEAST_CONTRAST};

/// A drawing after each step of MNIST's preparation.
#[derive(Clone, Debug, PartialEq)]
pub struct PreparedDigit {
    /// The box around the ink, in pixels of the drawing.
    pub ink_box: InkBox,
    /// The box scaled.
    pub fitted: Fitted,
    /// The digit as MNIST has them.
    pub centred: Centred,
}

impl PreparedDigit {
    /// Takes all steps.
    ///
    /// # Errors
    /// [`DrawingError::NoInk`].
    pub fn new(map: &InkMap) -> Result<Self, DrawingError> {
        let ink_box = map.ink_box()?;
        let fitted = Fitted::new(map, ink_box);
        let centred = Centred::new(&fitted);
        Ok(Self { ink_box, fitted, centred })
    }
}

#[cfg(test)]
mod tests;
