//! What goes into the backward pass of a chunk of images, and what comes out.

/// The images of a chunk, and the loss's gradient by their outputs.
#[derive(Clone, Copy)]
pub(crate) struct Cotangents<'a> {
    pub(crate) x: &'a [f32],
    pub(crate) dy: &'a [f32],
}

/// The loss's gradients from a chunk; everything is written, nothing added to.
pub(crate) struct Gradients<'a> {
    /// `(KH, KW, CI, CO)`.
    pub(crate) kernel: &'a mut [f32],
    /// `(CO)`.
    pub(crate) bias: &'a mut [f32],
    /// By the images, if it is asked for.
    pub(crate) x: Option<&'a mut [f32]>,
}
