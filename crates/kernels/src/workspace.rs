//! Memory that a thread keeps for the kernels it runs, so that a training step allocates nothing after the first.

use std::cell::RefCell;

/// The buffers; each is as long as its longest use so far.
#[derive(Default)]
pub(super) struct Workspace {
    /// Transformed inputs.
    pub(super) v: Vec<f32>,
    /// Transformed outputs.
    pub(super) m: Vec<f32>,
    /// Gradient of the transformed kernel.
    pub(super) du: Vec<f32>,
    /// A framed input.
    pub(super) x: Vec<f32>,
    /// A framed output.
    pub(super) y: Vec<f32>,
}

thread_local! {
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
    /// The loss's.
    static POWERS: RefCell<Vec<f64>> = RefCell::default();
}

/// Lends this thread's numbers in double precision.
pub fn with_powers<R>(work: impl FnOnce(&mut Vec<f64>) -> R) -> R {
    POWERS.with_borrow_mut(work)
}

/// Lends this thread's workspace to a kernel. Kernels do not start parallel work, so they never meet a lent one.
pub(super) fn with<R>(kernel: impl FnOnce(&mut Workspace) -> R) -> R {
    WORKSPACE.with_borrow_mut(kernel)
}

/// The first `len` numbers of a buffer, of which whoever asks writes all that it reads.
pub(super) fn take(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    &mut buffer[..len]
}
