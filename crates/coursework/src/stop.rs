//! Ctrl-C as a question: work that can be put down ends by itself; a second Ctrl-C, or one during other work, ends the
//! process.

use std::sync::atomic::{AtomicBool, Ordering};

static LISTENS: AtomicBool = AtomicBool::new(false);
static ASKED: AtomicBool = AtomicBool::new(false);

/// Says that the work that now begins asks [`is_asked`] after every step.
pub(crate) fn listen() {
    LISTENS.store(true, Ordering::SeqCst);
}

/// Asks the work to end. False when nobody listens, or it was asked before: then the process is to end.
pub fn ask() -> bool {
    LISTENS.load(Ordering::SeqCst) && !ASKED.swap(true, Ordering::SeqCst)
}

/// Whether the work is to end.
pub(crate) fn is_asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
