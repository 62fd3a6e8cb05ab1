//! What a pass over one example reads.

/// What follows the normalisation in the same pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Nothing.
    #[default]
    None,
    /// A ReLU.
    Relu,
    /// A ReLU, and the largest of each window of 2 x 2.
    ReluPool,
}

/// The constants of every channel.
#[derive(Clone, Copy)]
pub(crate) struct Constants<'a> {
    pub(crate) mean: &'a [f32],
    pub(crate) scale: &'a [f32],
    pub(crate) beta: &'a [f32],
}

/// One example in the backward pass.
#[derive(Clone, Copy)]
pub(crate) struct Example<'a> {
    /// Columns `W` of the map.
    pub(crate) width: usize,
    pub(crate) x: &'a [f32],
    pub(crate) y: &'a [f32],
    pub(crate) dy: &'a [f32],
}
