//! A tensor of a training step, and the first tensor in which two steps differ.

use std::fmt;

/// What a tensor is in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Input,
    /// A running statistic after the forward pass.
    Statistic,
    /// What a layer gives forward.
    Output,
    /// The sum of the losses of the batch.
    Loss,
    /// The gradient of a parameter.
    Gradient,
    /// What the optimiser keeps first of a parameter: velocity or first moment.
    FirstMoment,
    /// What it keeps second: Adam's second moment.
    SecondMoment,
    /// A parameter after the update.
    Updated,
    /// A parameter, or a running statistic, in the average of the weights along the way.
    Averaged,
}

/// The name of a tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub role: Role,
    /// The layer's name; empty for input and loss.
    pub layer: String,
    /// The layer's kind, and those of the layers that it computes too.
    pub kind: String,
    /// The parameter's or statistic's name, where it is one.
    pub part: &'static str,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role, layer, kind, part } = self;
        match role {
            Role::Input => write!(f, "the input of the batch"),
            Role::Statistic => write!(f, "{part} of {layer} ({kind}), forward"),
            Role::Output => write!(f, "the output of {layer} ({kind}), forward"),
            Role::Loss => write!(f, "the sum of the losses"),
            Role::Gradient => write!(f, "the gradient of {layer}.{part} ({kind}), backward"),
            Role::FirstMoment => write!(f, "the velocity or first moment of {layer}.{part} ({kind})"),
            Role::SecondMoment => write!(f, "the second moment of {layer}.{part} ({kind})"),
            Role::Updated => write!(f, "{layer}.{part} ({kind}) after the update"),
            Role::Averaged => write!(f, "the average of {layer}.{part} ({kind})"),
        }
    }
}

/// The numbers of a tensor.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// In single precision.
    Single(&'a [f32]),
    /// One number in double precision.
    Double(f64),
}

/// A tensor of a step.
#[derive(Clone, Debug)]
pub struct Tensor<'a> {
    pub name: Name,
    /// Its sizes, `(N, H, W, C)` for maps.
    pub shape: Vec<usize>,
    pub values: Values<'a>,
}

/// A number with its bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// In single precision.
    Single(f32),
    /// In double precision.
    Double(f64),
}

impl fmt::Display for Number {
    /// `0.25 (0x3e800000)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(value) => write!(f, "{value:?} (0x{:08x})", value.to_bits()),
            Self::Double(value) => write!(f, "{value:?} (0x{:016x})", value.to_bits()),
        }
    }
}

/// The first tensor that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorDifference {
    pub name: Name,
    pub shape: Vec<usize>,
    /// Its first number that differs, from 0.
    pub index: usize,
    /// How many of its numbers differ.
    pub differing: usize,
    /// That number on both paths.
    pub values: [Number; 2],
}

/// The first tensor that differs in its bits.
pub fn first_difference(first: &[Tensor], second: &[Tensor]) -> Option<TensorDifference> {
    first.iter().zip(second).find_map(|(a, b)| {
        let (index, differing, values) = match (a.values, b.values) {
            (Values::Single(x), Values::Single(y)) => first_number(x, y)?,
            (Values::Double(x), Values::Double(y)) if x.to_bits() != y.to_bits() => {
                (0, 1, [x, y].map(Number::Double))
            }
            _ => return None,
        };
        Some(TensorDifference { name: a.name.clone(), shape: a.shape.clone(), index, differing, values })
    })
}

/// The first number that differs, and how many do.
fn first_number(x: &[f32], y: &[f32]) -> Option<(usize, usize, [Number; 2])> {
    let differs = |&(_, (x, y)): &(usize, (&f32, &f32))| x.to_bits() != y.to_bits();
    let mut differing = x.iter().zip(y).enumerate().filter(differs);
    let (index, (&x, &y)) = differing.next()?;
    Some((index, 1 + differing.count(), [x, y].map(Number::Single)))
}
