//! What goes into the backward pass of a chunk of images, and what comes out.

/// The images of a chunk, and the loss's gradient by their outputs.
#[derive(Clone, Copy)]
pub struct Cotangents<'a> {
    pub x: &'a [f32],
    pub dy: &'a [f32],
}

/// The loss's gradients from a chunk; everything is written, nothing added to.
pub struct Gradients<'a> {
    /// `(KH, KW, CI, CO)`.
    pub kernel: &'a mut [f32],
    /// `(CO)`.
    pub bias: &'a mut [f32],
    /// By the images, if it is asked for.
    pub x: Option<&'a mut [f32]>,
}
