//! How a pixel becomes the number that a network sees: `(pixel / 255 - mean) / std`.
//!
//! **It is computed in two ways, and the bits of both are kept**, because every recorded network was trained on them.
//! A pixel as it stands in the file has one of 256 values: they are computed in double precision and rounded once. A
//! distorted image has values between those, computed in single precision as the interpolation before them is, and
//! rounded at each step. A test bounds how far the two lie apart by these roundings.

use serde::{Deserialize, Serialize};

/// Mean and deviation of pixels on the scale 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Normalisation {
    /// The mean.
    pub mean: f64,
    /// The **population** standard deviation (divided by the number of pixels).
    pub std: f64,
}

/// What a network sees of a value between those of pixels, 0 to 255: computed in single precision, a rounding at each
/// step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interpolated {
    scale: f32,
    shift: f32,
}

impl Interpolated {
    /// What the network sees of `value`.
    #[inline]
    pub const fn of(self, value: f32) -> f32 {
        value * self.scale - self.shift
    }
}

impl Normalisation {
    /// What the network sees of a pixel: computed in double precision, rounded once.
    pub const fn of_byte(self, pixel: u8) -> f32 {
        (pixel as f64 * self.scale() - self.shift()) as f32
    }

    /// [`of_byte`](Self::of_byte) of each of the 256 values.
    pub const fn table(self) -> [f32; 256] {
        let mut table = [0.0; 256];
        let mut pixel = 0;
        while pixel < table.len() {
            table[pixel] = self.of_byte(pixel as u8);
            pixel += 1;
        }
        table
    }

    /// The same in single precision, for values between those of pixels.
    pub const fn interpolated(self) -> Interpolated {
        Interpolated { scale: self.scale() as f32, shift: self.shift() as f32 }
    }

    const fn scale(self) -> f64 {
        1.0 / (255.0 * self.std)
    }

    const fn shift(self) -> f64 {
        self.mean / self.std
    }
}

#[cfg(test)]
mod tests {
    use super::super::MNIST;
    use super::*;

    const NORMALISATION: Normalisation = MNIST.normalisation;

    /// The pixels at which a number is farther from [`Normalisation::of_byte`] than two ways to round can be.
    ///
    /// With `u = 2^-24`, the half ulp of 1: the exact `p s - m` is rounded once by `of_byte`, an error of `u |y|`. In
    /// single precision `s` and the product are rounded, `2 u p s`, and so are `m`, `u m`, and the difference, `u
    /// |y|`. The last factor is for products of roundings.
    fn apart(other: impl Fn(u8) -> f32) -> Vec<u8> {
        let (u, s, m) = (2.0_f64.powi(-24), NORMALISATION.scale(), NORMALISATION.shift());
        let is_apart = |&pixel: &u8| {
            let product = f64::from(pixel) * s;
            let bound = u * (2.0 * product + m + 2.0 * (product - m).abs()) * (1.0 + 4.0 * u);
            (f64::from(other(pixel)) - f64::from(NORMALISATION.of_byte(pixel))).abs() > bound
        };
        (0..=255).filter(is_apart).collect()
    }

    #[test]
    fn both_ways_agree_on_every_pixel_up_to_rounding() {
        assert_eq!(apart(|pixel| NORMALISATION.interpolated().of(f32::from(pixel))), [0; 0]);
        // They are two: if no pixel differed, one would do.
        let differs =
            |pixel: &u8| NORMALISATION.interpolated().of(f32::from(*pixel)) != NORMALISATION.of_byte(*pixel);
        assert!((0..=255).any(|pixel| differs(&pixel)));
    }

    /// The negative control: a mean and a deviation that are off by a millionth, or of four digits as PyTorch's
    /// examples have them.
    #[test]
    fn another_mean_or_deviation_is_seen() {
        let with = |mean, std| apart(|pixel| Normalisation { mean, std }.interpolated().of(f32::from(pixel)));
        let Normalisation { mean, std } = NORMALISATION;
        assert!(with(mean * (1.0 + 1e-6), std).contains(&0));
        assert!(with(mean, std * (1.0 + 1e-6)).contains(&255));
        assert_eq!(with(0.1307, 0.3081).len(), 256);
    }

    #[test]
    fn the_table_holds_every_pixel() {
        let table = NORMALISATION.table();
        assert!((0..=255).all(|pixel: u8| table[usize::from(pixel)] == NORMALISATION.of_byte(pixel)));
        let exact = |pixel: f64| (pixel / 255.0 - NORMALISATION.mean) / NORMALISATION.std;
        assert!(
            (f64::from(table[255]) - exact(255.0)).abs() < 1e-6
                && (f64::from(table[0]) - exact(0.0)).abs() < 1e-6
        );
    }
}
