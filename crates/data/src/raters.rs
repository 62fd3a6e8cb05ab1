//! The raters of the label errors.

/// How many raters saw an image.
pub const RATERS: usize = 5;
