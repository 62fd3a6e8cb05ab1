//! Two paths side by side: the first step after which one of its tensors differs.

use super::path::OnPath;
use super::tensors::{self, TensorDifference};
use super::{Mark, StepPlace, Stepwise};
use crate::study::ExperimentError;

/// Where two paths part.
#[derive(Clone, Debug, PartialEq)]
pub struct Parting {
    /// The step; every tensor of the steps before it is equal.
    pub place: StepPlace,
    /// The first tensor of the step that differs.
    pub difference: TensorDifference,
}

/// What two paths gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Where they part, if they do.
    pub parting: Option<Parting>,
    /// Steps in which they agree.
    pub steps: usize,
    /// What a record keeps of the steps that the first path made.
    pub marks: Vec<Mark>,
}

/// Makes step after step on both paths to the end of epoch `last`, and compares the tensors of each; calls `done`
/// after each step.
///
/// # Errors
/// When the run diverges, or an epoch cannot be measured.
pub fn first_parting<R: Stepwise>(
    first: &mut OnPath<R>,
    second: &mut OnPath<R>,
    last: usize,
    done: &dyn Fn(),
) -> Result<Compared, ExperimentError> {
    let mut compared = Compared { parting: None, steps: 0, marks: Vec::new() };
    while let Some(place) = first.next_place().filter(|place| place.epoch <= last) {
        let made = [first.step(), second.step()];
        // Before the errors: a path that diverges alone is found by the tensor at which that begins.
        if let Some(difference) = tensors::first_difference(&first.run().tensors(), &second.run().tensors()) {
            compared.parting = Some(Parting { place, difference });
            return Ok(compared);
        }
        for result in made {
            result?;
        }
        compared.steps += 1;
        compared.marks.extend(first.marks()?);
        done();
    }
    Ok(compared)
}
