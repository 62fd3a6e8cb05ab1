//! How much work a layer is.

/// How many multiply-adds a layer's kernels make for one example, in the products of each direction.
///
/// **Only what a sum consists of counts**: no transform of Winograd's, no lane of a vector that lies beyond the last
/// column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MultiplyAddsMade {
    /// The forward pass.
    pub forward: usize,
    /// The gradient by the input, where it is asked for.
    pub by_input: usize,
    /// The gradient by the parameters.
    pub by_parameters: usize,
}
