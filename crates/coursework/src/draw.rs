//! The options that say how much of the long studies is computed again.

use clap::Args;
use experiments::registry::Experiment;
use experiments::study::draw::{Draw, MINUTES, Plan};
use std::hash::{BuildHasher, RandomState};

/// Draws are numbered below this: short enough to be typed.
const NUMBERS: u64 = 1_000_000_000;

#[derive(Clone, Debug, Args)]
pub(super) struct DrawArgs {
    /// Compute the long studies in full, not only parts that are drawn
    #[arg(long, conflicts_with = "minutes")]
    full: bool,
    /// Draw the parts, and with `grade` the inputs, that this number drew before [default: another number each time]
    #[arg(long, value_name = "N")]
    spot_check: Option<u64>,
    /// About how long the parts that are drawn may take on two cores, in minutes [default: 0.5; of a submission no long
    /// study is computed unless this or --full is said]
    #[arg(long, value_name = "M", value_parser = minutes)]
    minutes: Option<f64>,
}

/// What is to be computed.
pub(super) struct Wanted {
    pub(super) plan: Plan,
    /// How long what is drawn may take; none where all is computed.
    pub(super) minutes: Option<f64>,
    /// The options that repeat the draw, if there is one.
    pub(super) again: Option<String>,
}

fn minutes(text: &str) -> Result<f64, String> {
    let minutes = text.parse::<f64>().ok().filter(|it| it.is_finite() && *it >= 0.0);
    minutes.ok_or_else(|| "give a number of minutes, 0 or more".to_owned())
}

impl DrawArgs {
    /// These options but the number, as words of a call.
    pub(super) fn of_one(&self) -> Vec<String> {
        let minutes = self.minutes.map(|minutes| ["--minutes".to_owned(), minutes.to_string()]);
        let full = self.full.then(|| "--full".to_owned());
        full.into_iter().chain(minutes.into_iter().flatten()).collect()
    }

    /// The number that draws. **Each call draws another one, if none was given.**
    pub(super) fn number(&self) -> u64 {
        self.spot_check.unwrap_or_else(|| RandomState::new().hash_one(0) % NUMBERS)
    }

    /// Whether nothing was said of the long studies, which are not computed of a submission then.
    pub(super) fn leaves_studies_out(&self) -> bool {
        !self.full && self.minutes.is_none()
    }

    /// What is computed of these experiments of a submission.
    pub(super) fn of_a_submission(&self, number: u64, experiments: &[&Experiment]) -> Wanted {
        if !self.leaves_studies_out() {
            return self.wanted(number, experiments);
        }
        let studies = experiments.iter().filter_map(|experiment| experiment.study());
        Wanted {
            plan: Plan::of_a_submission(number, studies),
            minutes: Some(0.0),
            again: Some(format!("--spot-check {number}")),
        }
    }

    /// What is computed of these experiments.
    pub(super) fn wanted(&self, number: u64, experiments: &[&Experiment]) -> Wanted {
        if self.full {
            return Wanted { plan: Plan::full(), minutes: None, again: None };
        }
        let minutes = self.minutes.unwrap_or(MINUTES);
        let studies = experiments.iter().filter_map(|experiment| experiment.study());
        Wanted {
            plan: Draw { number, minutes }.plan(studies),
            minutes: Some(minutes),
            again: Some(format!("--spot-check {number} --minutes {minutes}")),
        }
    }
}
