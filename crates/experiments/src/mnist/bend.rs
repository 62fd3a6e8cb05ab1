//! A random bend of an image: every pixel is read a little beside its place, and neighbours are moved alike.
//!
//! ```text
//! offset(row, column) = Σ_ij B(row / 7 - i) B(column / 7 - j) knot_ij        for each axis
//! ```
//!
//! with the uniform cubic B-spline `B` and a knot every 7 pixels, drawn uniformly between minus and plus a range. The
//! offset has a standard deviation of 0.27 of the range in the middle of four knots, where it is least, and of 0.29 at
//! a knot, where it is largest. P. Simard et al. (2003) smooth a field of single pixels with a Gaussian of 4 pixels; a
//! spline through few knots is as smooth, and cheap. Source of the spline: C. de Boor, "A practical guide to splines",
//! 1978.

use data::images::SIDE;
use numerics::random::Stream;

/// Pixels from knot to knot.
const CELL: usize = 7;

/// Knots along an axis: those of the cells, one before and two behind.
const KNOTS: usize = SIDE / CELL + 3;

/// What the four knots around a pixel weigh, for each place in a cell; a pixel's middle counts.
const WEIGHTS: [[f32; 4]; CELL] = weights();

/// The knots of a bend: how far columns, and rows, are read beside their place, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bend([[[f32; KNOTS]; KNOTS]; 2]);

/// The offsets along a row: the knots around it, weighed by it.
pub(super) struct RowBend([[f32; KNOTS]; 2]);

impl Bend {
    /// Draws the knots, those of the columns first, row after row.
    pub(super) fn draw(range: f64, stream: &mut Stream) -> Self {
        let mut knots = [[[0.0; KNOTS]; KNOTS]; 2];
        let all = knots.as_flattened_mut().as_flattened_mut();
        all.iter_mut().for_each(|knot| *knot = stream.uniform(-range, range) as f32);
        Self(knots)
    }

    /// What the bend does along a row of pixels.
    pub(super) fn along(&self, row: usize) -> RowBend {
        let (cell, weights) = (row / CELL, WEIGHTS[row % CELL]);
        RowBend(
            self.0.map(|knots| std::array::from_fn(|column| weighed(weights, |i| knots[cell + i][column]))),
        )
    }
}

impl RowBend {
    /// How far beside its place a pixel of the row is read: columns, rows.
    pub(super) fn at(&self, column: usize) -> [f32; 2] {
        let (cell, weights) = (column / CELL, WEIGHTS[column % CELL]);
        self.0.map(|knots| weighed(weights, |i| knots[cell + i]))
    }
}

fn weighed(weights: [f32; 4], knot: impl Fn(usize) -> f32) -> f32 {
    weights[0] * knot(0) + weights[1] * knot(1) + weights[2] * knot(2) + weights[3] * knot(3)
}

const fn weights() -> [[f32; 4]; CELL] {
    let mut weights = [[0.0; 4]; CELL];
    let mut place = 0;
    while place < CELL {
        let t = (place as f64 + 0.5) / CELL as f64;
        let (square, cube, rest) = (t * t, t * t * t, 1.0 - t);
        weights[place] = [
            (rest * rest * rest / 6.0) as f32,
            ((3.0 * cube - 6.0 * square + 4.0) / 6.0) as f32,
            ((-3.0 * cube + 3.0 * square + 3.0 * t + 1.0) / 6.0) as f32,
            (cube / 6.0) as f32,
        ];
        place += 1;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use numerics::random::Purpose;

    /// The bend of knots that are a function of their place.
    fn offsets(knot: impl Fn(f32, f32) -> [f32; 2]) -> Vec<[f32; 2]> {
        let along = |axis: usize| {
            std::array::from_fn(|row| std::array::from_fn(|column| knot(row as f32, column as f32)[axis]))
        };
        let bend = Bend([along(0), along(1)]);
        (0..SIDE * SIDE).map(|i| bend.along(i / SIDE).at(i % SIDE)).collect()
    }

    /// A cubic spline reproduces constants and lines: knot `i` stands `7 (i - 1)` pixels after the image's edge.
    #[test]
    fn knots_on_a_plane_bend_to_that_plane() {
        let plane = offsets(|row, column| [row - 1.0, 2.0 * (column - 1.0) + 3.0]);
        for (i, [x, y]) in plane.into_iter().enumerate() {
            let place = |pixel: usize| (pixel as f32 + 0.5) / CELL as f32;
            let expected = [place(i / SIDE), 2.0 * place(i % SIDE) + 3.0];
            assert!((x - expected[0]).abs() < 1e-5 && (y - expected[1]).abs() < 1e-5, "{x} {y} {expected:?}");
        }
    }

    /// From pixel to pixel the slope of the spline is at most that of a jump between two knots.
    #[test]
    fn neighbours_are_moved_alike() {
        let bend = Bend::draw(3.0, &mut Stream::new(1, Purpose::Augment));
        let jumps = (0..SIDE).flat_map(|row| {
            let along = bend.along(row);
            (1..SIDE).map(move |column| (along.at(column)[0] - along.at(column - 1)[0]).abs())
        });
        let largest = jumps.fold(0.0, f32::max);
        assert!(largest > 0.05 && largest <= 2.0 * 3.0 / CELL as f32, "{largest}");
    }

    /// Over many draws: a uniform number between -1 and 1 has the variance 1/3, and the squares of the weights add up.
    #[test]
    fn the_deviation_is_the_one_described() {
        let mut stream = Stream::new(2, Purpose::Augment);
        let draws: Vec<Bend> = (0..4000).map(|_| Bend::draw(1.0, &mut stream)).collect();
        let deviation = |row: usize, column: usize| {
            let squares = draws.iter().map(|bend| f64::from(bend.along(row).at(column)[0]).powi(2));
            (squares.sum::<f64>() / draws.len() as f64).sqrt()
        };
        let of = |place: usize| WEIGHTS[place].iter().map(|&weight| f64::from(weight).powi(2)).sum::<f64>();
        let expected = |row: usize, column: usize| (of(row % CELL) * of(column % CELL) / 3.0).sqrt();
        for (row, column) in [(10, 10), (14, 14), (14, 10)] {
            // Four deviations of an estimated deviation.
            let tolerance = expected(row, column) * 4.0 / (2.0 * draws.len() as f64).sqrt();
            assert!((deviation(row, column) - expected(row, column)).abs() < tolerance);
        }
    }
}
