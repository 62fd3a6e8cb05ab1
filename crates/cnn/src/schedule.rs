//! Learning-rate schedules: the rate as a function of how many steps were made.

use numerics::elementary::cos;

/// In one cycle, the peak divided by this is the first rate.
const FIRST_DIVISOR: f64 = 25.0;

/// In one cycle, the first rate divided by this is the last one.
const LAST_DIVISOR: f64 = 1e4;

/// A learning rate that may change from step to step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// The same rate always.
    Constant {
        /// The rate.
        rate: f64,
    },
    /// `rate factor^(step / every)`, rounded down: PyTorch's `StepLR`.
    Step {
        /// The first rate.
        rate: f64,
        /// Steps between two changes.
        every: usize,
        /// What the rate is multiplied with.
        factor: f64,
    },
    /// Half a cosine from `rate` down to `last` at `steps`: PyTorch's `CosineAnnealingLR`.
    Cosine {
        /// The first rate.
        rate: f64,
        /// The rate after all steps.
        last: f64,
        /// Steps in all.
        steps: usize,
    },
    /// Up from `peak / 25` along half a cosine, then down to `peak / 250 000`: PyTorch's `OneCycleLR` **with its
    /// default divisors** (L. Smith and N. Topin, "Super-convergence", 2018).
    OneCycle {
        /// The largest rate.
        peak: f64,
        /// Steps in all.
        steps: usize,
        /// Share of the steps in which the rate rises; PyTorch's default is 0.3.
        warm_up: f64,
    },
}

impl Schedule {
    /// The rate of step `step`, the first being 0.
    ///
    /// ```
    /// use cnn::schedule::Schedule;
    /// let rate = Schedule::OneCycle { peak: 0.05, steps: 100, warm_up: 0.2 };
    /// assert!((rate.at(0) - 0.05 / 25.0).abs() < 1e-15);
    /// assert!((rate.at(19) - 0.05).abs() < 1e-15);
    /// ```
    pub fn at(&self, step: usize) -> f64 {
        match *self {
            Self::Constant { rate } => rate,
            Self::Step { rate, every, factor } => {
                (0..step / every.max(1)).fold(rate, |rate, _| rate * factor)
            }
            Self::Cosine { rate, last, steps } => anneal(rate, last, step as f64 / steps.max(1) as f64),
            Self::OneCycle { peak, steps, warm_up } => {
                let first = peak / FIRST_DIVISOR;
                let last = first / LAST_DIVISOR;
                let top = (warm_up * steps as f64 - 1.0).max(0.0);
                let end = (steps as f64 - 1.0).max(top + 1.0);
                let step = step as f64;
                if step <= top {
                    anneal(first, peak, if top > 0.0 { step / top } else { 1.0 })
                } else {
                    anneal(peak, last, ((step - top) / (end - top)).min(1.0))
                }
            }
        }
    }
}

/// Half a cosine from `from` at 0 to `to` at 1.
fn anneal(from: f64, to: f64, share: f64) -> f64 {
    to + (from - to) / 2.0 * (1.0 + cos(std::f64::consts::PI * share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_rate_is_constant() {
        assert_eq!(Schedule::Constant { rate: 0.1 }.at(1000), 0.1);
    }

    #[test]
    fn a_step_is_taken_after_the_given_number() {
        let schedule = Schedule::Step { rate: 1.0, every: 3, factor: 0.5 };
        assert_eq!((0..7).map(|s| schedule.at(s)).collect::<Vec<_>>(), [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]);
    }

    #[test]
    fn one_cycle_rises_to_its_peak_and_falls_to_nearly_nothing() {
        let schedule = Schedule::OneCycle { peak: 1.0, steps: 50, warm_up: 0.3 };
        let rates: Vec<f64> = (0..50).map(|step| schedule.at(step)).collect();
        let top = (0..50).max_by(|&a, &b| rates[a].total_cmp(&rates[b])).unwrap();
        assert_eq!(top, 14);
        assert!(rates[..=top].is_sorted() && rates[top..].is_sorted_by(|a, b| a >= b));
        assert!((rates[49] - 1.0 / 25.0 / 1e4).abs() < 1e-15);
    }
}
