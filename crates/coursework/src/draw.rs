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
    /// About how long the parts that are drawn may take on two cores, in minutes
    #[arg(long, value_name = "M", default_value_t = MINUTES, value_parser = minutes)]
    minutes: f64,
}

fn minutes(text: &str) -> Result<f64, String> {
    let minutes = text.parse::<f64>().ok().filter(|it| it.is_finite() && *it >= 0.0);
    minutes.ok_or_else(|| "give a number of minutes, 0 or more".to_owned())
}

impl DrawArgs {
    /// These options but the number, as words of a call.
    pub(super) fn of_one(&self) -> Vec<String> {
        if self.full {
            vec!["--full".to_owned()]
        } else {
            vec!["--minutes".to_owned(), self.minutes.to_string()]
        }
    }

    /// The number that draws. **Each call draws another one, if none was given.**
    pub(super) fn number(&self) -> u64 {
        self.spot_check.unwrap_or_else(|| RandomState::new().hash_one(0) % NUMBERS)
    }

    /// What this number draws; none where all is computed.
    pub(super) fn draw(&self, number: u64) -> Option<Draw> {
        (!self.full).then_some(Draw { number, minutes: self.minutes })
    }

    /// What is computed of these experiments.
    pub(super) fn plan(draw: Option<&Draw>, experiments: &[&Experiment]) -> Plan {
        let studies = experiments.iter().filter_map(|experiment| experiment.study());
        draw.map_or_else(Plan::full, |draw| draw.plan(studies))
    }

    /// The options that repeat a draw.
    pub(super) fn again(draw: &Draw) -> String {
        format!("--spot-check {} --minutes {}", draw.number, draw.minutes)
    }
}
