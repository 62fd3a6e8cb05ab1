//! The raters of the label errors.

/// How many raters saw a picture.
pub const RATERS: usize = 5;
