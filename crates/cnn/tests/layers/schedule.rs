//! The schedules of the learning rate, in double precision, against PyTorch.

use crate::support::golden::{Case, Computed, GoldenError, computed};
use crate::support::kind::{DOUBLE, golden};
use cnn::schedule::Schedule;
use ndarray::Array1;
use rstest::rstest;

/// Our schedule of a case; `None` for divisors of one cycle that we do not offer.
fn schedule(case: &Case) -> Result<Option<Schedule>, GoldenError> {
    let schedule = match case.kind.as_str() {
        "step" => Schedule::Step {
            rate: case.setting("learning_rate")?,
            every: case.count("step_size")?,
            factor: case.setting("gamma")?,
        },
        "cosine" => Schedule::Cosine {
            rate: case.setting("learning_rate")?,
            last: case.setting("eta_min")?,
            steps: case.count("t_max")?,
        },
        "one_cycle" if (case.setting("div_factor")?, case.setting("final_div_factor")?) != (25.0, 1e4) => {
            return Ok(None);
        }
        "one_cycle" => Schedule::OneCycle {
            peak: case.setting("max_lr")?,
            steps: case.count("total_steps")?,
            warm_up: case.setting("pct_start")?,
        },
        kind => return Err(GoldenError::UnknownKind { case: case.name.clone(), kind: kind.to_owned() }),
    };
    Ok(Some(schedule))
}

/// The schedule's rates, as many as the case expects.
fn rates(case: &Case, schedule: Schedule) -> Computed {
    let steps = case.expected["learning_rates"].data.len();
    let rates: Array1<f64> = (0..steps).map(|step| schedule.at(step)).collect();
    computed([("learning_rates", rates.into_dyn())])
}

#[rstest]
#[case::step("step", 2)]
#[case::cosine("cosine", 3)]
#[case::one_cycle("one_cycle", 2)]
fn schedules_agree_with_pytorch(#[case] kind: &str, #[case] count: usize) -> Result<(), GoldenError> {
    let mut compared = 0;
    for case in golden().schedules.into_iter().filter(|case| case.kind == kind) {
        let Some(schedule) = schedule(&case)? else { continue };
        case.hold(&rates(&case, schedule), DOUBLE)?;
        compared += 1;
    }
    assert_eq!(compared, count, "schedules of {kind}");
    Ok(())
}

/// PyTorch's defaults are the only divisors that [`Schedule::OneCycle`] has.
#[test]
fn one_cycle_with_other_divisors_is_the_only_golden_schedule_that_is_not_offered() -> Result<(), GoldenError>
{
    let mut left_out = Vec::new();
    for case in golden().schedules {
        if schedule(&case)?.is_none() {
            left_out.push(case.name);
        }
    }
    assert_eq!(left_out, ["one_cycle_15"]);
    Ok(())
}

/// Negative control: a schedule that begins with its second rate.
#[test]
fn a_schedule_one_step_ahead_is_refused() -> Result<(), GoldenError> {
    for case in golden().schedules {
        let Some(schedule) = schedule(&case)? else { continue };
        let mut ahead = rates(&case, schedule);
        let steps = ahead["learning_rates"].len();
        let rates: Array1<f64> = (1..=steps).map(|step| schedule.at(step)).collect();
        ahead.insert("learning_rates".to_owned(), rates.into_dyn());
        assert!(case.hold(&ahead, DOUBLE).is_err(), "{}", case.name);
    }
    Ok(())
}
