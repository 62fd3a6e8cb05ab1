//! Light random distortions of training images: turn, zoom, shear and shift, about the middle.
//!
//! The pixel `(row, column)` of the distorted image is read at `A (column - c, row - c) + (c + dx, c + dy)` of the
//! original, `c = 13.5`, by bilinear interpolation, and zero outside of it. `A` turns by an angle, shears along the
//! rows and zooms both axes, each by its own draw. **Every draw is uniform, and all six are made for every image**, so
//! that the stream of random numbers does not depend on the ranges. A bend reads each pixel a little beside that
//! place; its draws follow the six, and are made only where there is one.
//!
//! Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks", 2003, section 2.

use super::bend::Bend;
use data::images::{Interpolated, PIXELS, SIDE};
use numerics::elementary::cos;
use numerics::random::Stream;
use serde::{Deserialize, Serialize};

/// The ranges of the distortions; a draw is uniform between minus and plus its range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AugmentRanges {
    /// In degrees.
    pub rotation: f64,
    /// Of each axis, about 1: an image is read so much more widely.
    pub zoom: f64,
    /// Columns a row, about the middle.
    pub shear: f64,
    /// In pixels, along each axis.
    pub shift: f64,
    /// Of the knots of a bend, in pixels; none in records that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bend: Option<f64>,
}

/// One distortion: where the distorted image reads the original.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distortion {
    /// `A`, by rows: the column read, the row read.
    matrix: [[f32; 2]; 2],
    /// What is read for the middle: column, row.
    middle: [f32; 2],
    bend: Option<Bend>,
}

/// The middle of an image.
const MIDDLE: f64 = (SIDE - 1) as f64 / 2.0;

/// The side of an image with a pixel of zeros before it and two behind it.
const FRAMED: usize = SIDE + 3;

impl AugmentRanges {
    /// Draws a distortion.
    pub fn draw(&self, stream: &mut Stream) -> Distortion {
        let mut draw = |range: f64| stream.uniform(-range, range);
        let (degrees, zoom, shear) =
            (draw(self.rotation), [1.0 + draw(self.zoom), 1.0 + draw(self.zoom)], draw(self.shear));
        let shift = [draw(self.shift), draw(self.shift)];
        let bend = self.bend.map(|range| Bend::draw(range, stream));
        Distortion { bend, ..Distortion::new(degrees, zoom, shear, shift) }
    }
}

impl Distortion {
    /// A turn by an angle in degrees, after shearing, after zooming both axes (columns, rows), and a shift in pixels
    /// (columns, rows); no bend.
    pub fn new(degrees: f64, [zoom_x, zoom_y]: [f64; 2], shear: f64, [shift_x, shift_y]: [f64; 2]) -> Self {
        let angle = degrees * (std::f64::consts::PI / 180.0);
        let (cosine, sine) = (cos(angle), cos(angle - std::f64::consts::FRAC_PI_2));
        let matrix = [
            [cosine * zoom_x, (cosine * shear - sine) * zoom_y],
            [sine * zoom_x, (sine * shear + cosine) * zoom_y],
        ];
        Self {
            matrix: matrix.map(|row| row.map(|a| a as f32)),
            middle: [(MIDDLE + shift_x) as f32, (MIDDLE + shift_y) as f32],
            bend: None,
        }
    }

    /// Writes the distorted image, normalised.
    ///
    /// # Panics
    /// When an image has not 28 x 28 pixels.
    pub fn apply(&self, image: &[u8], seen: Interpolated, to: &mut [f32]) {
        assert_eq!((image.len(), to.len()), (PIXELS, PIXELS), "an image of 28 x 28 pixels");
        let mut framed = [0.0_f32; FRAMED * FRAMED];
        for (to, from) in framed.chunks_exact_mut(FRAMED).skip(1).zip(image.chunks_exact(SIDE)) {
            to[1..=SIDE].iter_mut().zip(from).for_each(|(to, &pixel)| *to = f32::from(pixel));
        }
        // From the frame's corner; what lies farther out is read where the frame is 0.
        let place = |at: f32| {
            let at = (at + 1.0).clamp(0.0, (FRAMED - 2) as f32);
            let whole = at as usize;
            (whole, at - whole as f32)
        };
        let [[xx, xy], [yx, yy]] = self.matrix;
        let [middle_x, middle_y] = self.middle;
        for (row, to) in to.chunks_exact_mut(SIDE).enumerate() {
            let y = row as f32 - MIDDLE as f32;
            let bend = self.bend.as_ref().map(|bend| bend.along(row));
            for (column, to) in to.iter_mut().enumerate() {
                let x = column as f32 - MIDDLE as f32;
                let [mut from_x, mut from_y] = [xx * x + xy * y + middle_x, yx * x + yy * y + middle_y];
                if let Some(bend) = &bend {
                    let [beside_x, beside_y] = bend.at(column);
                    (from_x, from_y) = (from_x + beside_x, from_y + beside_y);
                }
                let (left, right_share) = place(from_x);
                let (top, bottom_share) = place(from_y);
                let at = top * FRAMED + left;
                let upper = framed[at] + right_share * (framed[at + 1] - framed[at]);
                let below = at + FRAMED;
                let lower = framed[below] + right_share * (framed[below + 1] - framed[below]);
                *to = seen.of(upper + bottom_share * (lower - upper));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::images::{MNIST, Normalisation};
    use numerics::random::Purpose;

    const NONE: AugmentRanges =
        AugmentRanges { rotation: 0.0, zoom: 0.0, shear: 0.0, shift: 0.0, bend: None };

    fn image() -> Vec<u8> {
        let mut stream = Stream::new(1, Purpose::Check);
        (0..PIXELS).map(|_| stream.below(256) as u8).collect()
    }

    /// The pixel values of a distorted image.
    fn distorted(distortion: Distortion, image: &[u8]) -> Vec<f64> {
        let mut to = vec![f32::NAN; PIXELS];
        distortion.apply(image, MNIST.normalisation.interpolated(), &mut to);
        let Normalisation { mean, std } = MNIST.normalisation;
        to.iter().map(|&x| (f64::from(x) * std + mean) * 255.0).collect()
    }

    fn close(a: &[f64], b: impl Fn(usize, usize) -> f64) -> bool {
        (0..PIXELS).all(|i| (a[i] - b(i / SIDE, i % SIDE)).abs() < 1e-2)
    }

    /// To the last bit what an undistorted pixel is in single precision; how far that is from the pixel of a clean
    /// image, the tests of [`Normalisation`] bound.
    #[test]
    fn ranges_of_zero_leave_an_image_as_it_is() {
        let image = image();
        let is_same = |distortion: Distortion| {
            let mut to = vec![f32::NAN; PIXELS];
            distortion.apply(&image, MNIST.normalisation.interpolated(), &mut to);
            to.iter()
                .zip(&image)
                .all(|(x, &pixel)| *x == MNIST.normalisation.interpolated().of(f32::from(pixel)))
        };
        let none = NONE.draw(&mut Stream::new(1, Purpose::Augment));
        assert!(is_same(none));
        // Knots that are all 0 bend nothing.
        assert!(is_same(
            AugmentRanges { bend: Some(0.0), ..NONE }.draw(&mut Stream::new(1, Purpose::Augment))
        ));
        // The controls: a shift by a thousandth of a pixel is seen, and a bend by a hundredth of one.
        assert!(!is_same(
            AugmentRanges { bend: Some(0.01), ..NONE }.draw(&mut Stream::new(1, Purpose::Augment))
        ));
        assert!(!is_same(Distortion { middle: [none.middle[0] + 1e-3, none.middle[1]], ..none }));
    }

    #[test]
    fn a_shift_moves_an_image_and_brings_in_zeros() {
        let image = image();
        let shift = Distortion {
            matrix: [[1.0, 0.0], [0.0, 1.0]],
            middle: [MIDDLE as f32 + 2.0, MIDDLE as f32 - 3.0],
            bend: None,
        };
        let moved = |row: usize, column: usize| {
            let inside = row >= 3 && column + 2 < SIDE;
            if inside { f64::from(image[(row - 3) * SIDE + column + 2]) } else { 0.0 }
        };
        assert!(close(&distorted(shift, &image), moved));
    }

    #[test]
    fn a_quarter_turn_turns_an_image() {
        let image = image();
        let ranges = AugmentRanges { rotation: 90.0, ..NONE };
        // Of the first draws one that is close to the end of the range, made exact.
        let turn = Distortion {
            matrix: [[0.0, -1.0], [1.0, 0.0]],
            ..ranges.draw(&mut Stream::new(1, Purpose::Augment))
        };
        let turned = |row: usize, column: usize| f64::from(image[column * SIDE + (SIDE - 1 - row)]);
        assert!(close(&distorted(turn, &image), turned));
    }

    #[test]
    fn an_angle_shear_and_zoom_stand_where_they_belong() {
        let of = |ranges: AugmentRanges| {
            let [[xx, xy], [yx, yy]] =
                ranges.draw(&mut Stream::new(3, Purpose::Augment)).matrix.map(|row| row.map(f64::from));
            (xx, xy, yx, yy)
        };
        let (xx, xy, yx, yy) = of(AugmentRanges { rotation: 30.0, ..NONE });
        assert!(((xx * xx + yx * yx) - 1.0).abs() < 1e-6 && (xx - yy).abs() < 1e-6 && (xy + yx).abs() < 1e-6);
        assert!(yx != 0.0 && xx > 0.86);
        let (xx, xy, yx, yy) = of(AugmentRanges { shear: 0.5, ..NONE });
        assert!(xx == 1.0 && yy == 1.0 && yx.abs() < 1e-7 && xy != 0.0 && xy.abs() <= 0.5);
        let (xx, xy, yx, yy) = of(AugmentRanges { zoom: 0.25, ..NONE });
        assert!((0.75..=1.25).contains(&xx) && (0.75..=1.25).contains(&yy) && xx != yy);
        assert!(xy.abs() < 1e-7 && yx.abs() < 1e-7);
    }

    #[test]
    fn every_image_takes_six_numbers_of_the_stream() {
        let position = |ranges: AugmentRanges| {
            let mut stream = Stream::new(1, Purpose::Augment);
            ranges.draw(&mut stream);
            stream.position()
        };
        let some = AugmentRanges { rotation: 10.0, zoom: 0.1, shear: 0.1, shift: 2.0, bend: None };
        assert_eq!(position(NONE), position(some));
        // Two words of 32 bits each.
        assert_eq!(position(NONE), 12);
        // And a bend for each of its knots, along both axes.
        assert_eq!(position(AugmentRanges { bend: Some(0.0), ..some }), 12 + 2 * 2 * 7 * 7);
    }
}
