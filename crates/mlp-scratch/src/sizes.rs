//! The three sizes of a network and the shapes they give its parameters.

use crate::error::{Error, Shape};
use std::fmt;

// ANCHOR: sizes
/// `D`, `H` and `C`: how many inputs, hidden units and outputs a network has.
///
/// Printed, it is the table of the parameters' shapes and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sizes {
    /// `D`, the length of an example.
    pub inputs: usize,
    /// `H`, the number of sigmoid units.
    pub hidden: usize,
    /// `C`, the number of outputs: one for each class.
    pub outputs: usize,
}
// ANCHOR_END: sizes

impl Sizes {
    // ANCHOR: sizes_methods
    /// The number of parameters, `D H + H + H C + C`.
    ///
    /// ```
    /// let iris = mlp_scratch::Sizes { inputs: 4, hidden: 40, outputs: 3 };
    /// assert_eq!(iris.parameter_count(), 4 * 40 + 40 + 40 * 3 + 3);
    /// ```
    pub fn parameter_count(self) -> usize {
        let Self { inputs: d, hidden: h, outputs: c } = self;
        d * h + h + h * c + c
    }

    /// Refuses a size of 0.
    pub(crate) fn check(self) -> Result<(), Error> {
        for (name, size) in [("inputs", self.inputs), ("hidden", self.hidden), ("outputs", self.outputs)] {
            if size == 0 {
                return Err(Error::InvalidSetting { name, value: 0.0, allowed: "at least 1" });
            }
        }
        Ok(())
    }
    // ANCHOR_END: sizes_methods
}

// ANCHOR: sizes_table
impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let &Self { inputs: d, hidden: h, outputs: c } = self;
        writeln!(f, "{:<9}  {:<10}  {:>8}", "parameter", "shape", "count")?;
        let parameters: [(&str, &[usize]); 4] =
            [("W1", &[d, h]), ("b1", &[h]), ("W2", &[h, c]), ("b2", &[c])];
        for (name, shape) in parameters {
            writeln!(f, "{name:<9}  {:<10}  {:>8}", Shape(shape), shape.iter().product::<usize>())?;
        }
        write!(f, "{:<9}  {:<10}  {:>8}", "total", "", self.parameter_count())
    }
}
// ANCHOR_END: sizes_table
