//! What a pass over one example reads.

/// What follows the normalisation in the same pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tail {
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
pub struct Constants<'a> {
    pub mean: &'a [f32],
    pub scale: &'a [f32],
    pub beta: &'a [f32],
}

/// One example in the backward pass.
#[derive(Clone, Copy)]
pub struct Example<'a> {
    /// Columns `W` of the map.
    pub width: usize,
    pub x: &'a [f32],
    pub y: &'a [f32],
    pub dy: &'a [f32],
}
