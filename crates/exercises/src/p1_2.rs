//! Exercises of P1.2: `cargo test --package exercises exercise_p1_2`.

/// Exercise 1, what a unit sees: return the side of the square of input pixels on which one number behind the last
/// layer depends. Each layer is the side of its window and its stride: `(3, 1)` for a convolution of 3 x 3, `(2, 2)`
/// for a pooling of 2 x 2.
// ANCHOR: exercise_1
pub fn receptive_field(layers: &[(usize, usize)]) -> usize {
    // SOLUTION: exercise_p1_2_1 the side of the square
    let (mut side, mut apart) = (1, 1);
    for (window, stride) in layers {
        side += (window - 1) * apart;
        apart *= stride;
    }
    side
    // SOLUTION_END: exercise_p1_2_1
}
// ANCHOR_END: exercise_1

/// A convolution with square windows, stride 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// Channels that come in.
    pub inputs: usize,
    /// Channels that go out.
    pub outputs: usize,
    /// The side of the window.
    pub window: usize,
    /// Rows and columns of zeros on every side.
    pub padding: usize,
}

/// Exercise 2, what a convolution costs: return its multiply-adds on an image of `side` x `side` pixels, computed from
/// its formula. Multiplications by padded zeros count.
// ANCHOR: exercise_2
pub fn multiply_adds(layer: Convolution, side: usize) -> usize {
    // SOLUTION: exercise_p1_2_2 the number of multiply-adds
    let Convolution { inputs, outputs, window, padding } = layer;
    let side_out = side + 2 * padding - window + 1;
    side_out * side_out * outputs * window * window * inputs
    // SOLUTION_END: exercise_p1_2_2
}
// ANCHOR_END: exercise_2
