//! Numbers into and out of a lane.

/// Puts numbers into a lane of `to`.
pub(super) fn put(from: &[f32], lane: usize, lanes: usize, to: &mut [f32]) {
    to.iter_mut().skip(lane).step_by(lanes).zip(from).for_each(|(to, &from)| *to = from);
}

/// Takes numbers out of a lane of `from`.
pub(super) fn take(from: &[f32], lane: usize, lanes: usize, to: &mut [f32]) {
    from.iter().skip(lane).step_by(lanes).zip(to).for_each(|(&from, to)| *to = from);
}
