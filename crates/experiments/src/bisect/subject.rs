//! The runs that can be bisected, by experiment and part.

use super::{BisectError, Finding, Mark, Opened, Path, Paths, Subject, bisect, iris, mnist, record};
use crate::context::Context;
use crate::iris::{Implementation, Keep, Training, run};
use crate::mnist::studies::{choice, final_recipe, original, selection, small, sprint};
use crate::mnist::training::Trainer;
use crate::registry::Experiment;
use crate::study::ExperimentError;

/// An experiment whose record keeps something of the epochs of its runs.
#[derive(Clone, Copy, Debug)]
pub struct Bisectable {
    pub experiment: &'static str,
    /// The ids of its runs; none for an experiment that is a single run.
    pub parts: fn() -> Vec<String>,
    /// The run `EXPERIMENT/PART`, with what its record keeps.
    pub open: for<'c> fn(&'c Context, &str) -> Result<Opened<'c>, BisectError>,
}

/// All of them.
pub const BISECTABLE: [Bisectable; 8] = [
    Bisectable { experiment: "iris", parts: iris::parts, open: iris::part },
    Bisectable { experiment: "mnist", parts: Vec::new, open: mnist::registered },
    of_study::<selection::Selection>("mnist-selection"),
    of_study::<choice::Choice>("mnist-choice"),
    of_study::<original::Original>("mnist-original"),
    of_study::<final_recipe::FinalRecipe>("mnist-recipe"),
    of_study::<small::Small>("mnist-small"),
    of_study::<sprint::Sprint>("mnist-sprint"),
];

/// The study of these runs.
pub(crate) const fn of_study<R: crate::mnist::studies::Runs>(experiment: &'static str) -> Bisectable {
    Bisectable { experiment, parts: mnist::parts_of::<R>, open: mnist::part_of::<R> }
}

impl Bisectable {
    /// Opens `EXPERIMENT` or `EXPERIMENT/PART`.
    ///
    /// # Errors
    /// When there is no such run, or its record or data cannot be read.
    pub fn select<'c>(
        table: &[Self],
        all: &[Experiment],
        id: &str,
        context: &'c Context,
    ) -> Result<Opened<'c>, BisectError> {
        let (name, part) = id.split_once('/').map_or((id, None), |(name, part)| (name, Some(part)));
        let Some(found) = table.iter().find(|it| it.experiment == name) else {
            let known = table.iter().map(Self::usage).collect::<Vec<_>>().join(", ");
            let name = name.to_owned();
            return Err(if all.iter().any(|experiment| experiment.id == name) {
                BisectError::NoHistory { experiment: name, known }
            } else {
                BisectError::Unknown { name, known }
            });
        };
        let (experiment, parts) = (name.to_owned(), (found.parts)());
        match part {
            Some(part) if parts.is_empty() => {
                Err(BisectError::SingleRun { experiment, part: part.to_owned() })
            }
            None if parts.is_empty() => (found.open)(context, id),
            Some(part) if parts.iter().any(|it| it == part) => (found.open)(context, id),
            _ => {
                let unknown = part.map_or(String::new(), |part| format!(": there is no part `{part}`"));
                Err(BisectError::Part { experiment, unknown, parts: listed(&parts) })
            }
        }
    }

    /// `mnist`, or `iris/PART`.
    fn usage(&self) -> String {
        let part = if (self.parts)().is_empty() { "" } else { "/PART" };
        format!("{}{part}", self.experiment)
    }
}

/// All names, or the first two and the last of many.
fn listed(names: &[String]) -> String {
    match names {
        [first, second, .., last] if names.len() > 12 => {
            format!("{first}, {second}, .., {last} ({} in all)", names.len())
        }
        names => names.join(", "),
    }
}

impl Opened<'_> {
    /// Compares the run with its record, and two paths: see [`bisect`](super::bisect()).
    ///
    /// # Errors
    /// Those of [`bisect`](super::bisect()).
    pub fn bisect(
        &self,
        paths: [Path; 2],
        compare_paths: bool,
        context: &Context,
    ) -> Result<Finding, BisectError> {
        match &self.subject {
            Subject::Mnist { settings, images } => {
                let run = Trainer::new(paths[0].isa, settings, images).map_err(ExperimentError::from)?;
                bisect(&run, paths, &self.recorded, compare_paths, context)
            }
            Subject::Iris { settings, prepared } if settings.implementation == Implementation::Framework => {
                let run = Training::new(paths[0].isa, prepared, settings);
                bisect(&run, paths, &self.recorded, compare_paths, context)
            }
            Subject::Iris { settings, prepared } => {
                let outcome =
                    run(paths[0].isa, prepared, settings, Keep::All).map_err(ExperimentError::from)?;
                let result = Mark::hash(settings.epochs, Mark::RESULT, &outcome.weights_sha256);
                let recomputed = outcome.history.iter().flat_map(iris::of_epoch).chain([result]);
                let mut comparison = record::Comparison::new(&self.recorded);
                let difference = comparison.first_unlike(recomputed).or_else(|| comparison.left_over());
                let epochs = difference.as_ref().map_or(settings.epochs, |difference| difference.epoch);
                Ok(Finding { epochs, record: difference, paths: Paths::OnlyOne })
            }
        }
    }
}
