//! Every f32 layer, the loss, the optimisers and the schedules of `cnn`, held to PyTorch in double precision, with every
//! instruction set of this machine.
//!
//! # How far single precision may be off
//!
//! With `u = eps / 2 = 2^-24`, an output is a sum of `K` products; each input, product and addition is rounded by at most a
//! share `u` of the running sum. Roundings have no preferred sign, so their sum walks at random: its standard deviation is
//! about `u sqrt(K)` of the sum's own size. Four of these, `2 eps sqrt(K)` of the largest entry of the tensor, are allowed,
//! and `K` is written beside each kind in [`tolerance`]. At the longest sums here that is 4e-6; the negative control is
//! refused at 1e-3.

#[path = "layers_golden/single.rs"]
mod single;

use acceptance::golden::{Case, Computed, Golden, GoldenError, load};
use cnn::kernels::Isa;
use cnn::schedule::Schedule;
use ndarray::{Array1, ArrayD};
use rstest::rstest;
use single::single;
use std::collections::BTreeMap;

/// Relative to the largest entry of each tensor; the module's documentation has the model.
fn tolerance(case: &Case) -> f64 {
    let eps = f64::from(f32::EPSILON);
    let of_sums = |terms: usize| 2.0 * eps * (terms.max(1) as f64).sqrt();
    let shape = |name: &str| &case.given[name].shape[..];
    let len = |name: &str| case.given[name].data.len();
    match case.kind.as_str() {
        // y sums over the inputs, dx over the outputs, dweight over the examples.
        "linear" | "flatten_linear" => of_sums(shape("weight")[0].max(shape("weight")[1]).max(shape("x")[0])),
        // y sums over the kernel's places and input channels, dx over them and output channels, dweight over all pixels.
        "conv2d" => {
            let [kh, kw, ci, co] = [0, 1, 2, 3].map(|axis| shape("weight")[axis]);
            of_sums((kh * kw * ci.max(co)).max(len("dy") / co))
        }
        // Mean, variance, and two sums backward over the values of a channel, each entering the next: four times the error of
        // one.
        "batch_norm" => of_sums(16 * len("x_first") / len("gamma")),
        // Only the slope of PReLU has a sum, over all entries.
        "relu" | "sigmoid" | "tanh" | "max_pool" => of_sums(1),
        "prelu" => of_sums(len("z")),
        // The sums are made in double precision. Rounding two logits of size z moves their difference by up to eps z, and
        // the loss and, relatively, the probabilities as much; twice that is allowed.
        "softmax_cross_entropy" => {
            let largest = case.given["logits"].data.iter().fold(1.0, |largest: f64, z| largest.max(z.abs()));
            2.0 * eps * largest
        }
        // Some ten roundings a step.
        "sgd" => of_sums(10 * shape("gradients")[0]),
        // Besides, 1 - beta is taken of the rounded beta, which is off by up to eps / 2: at beta = 0.999 a share of 6e-5.
        "adam" => {
            let beta = case.settings["beta1"].max(case.settings["beta2"]);
            of_sums(10 * shape("gradients")[0]) + eps / 2.0 / (1.0 - beta)
        }
        kind => panic!("no error model for {kind}"),
    }
}

fn golden() -> Golden {
    load().expect("the committed golden vectors can be read")
}

/// Layers, losses and optimisers.
fn cases() -> Vec<Case> {
    let Golden { layers, losses, optimisers, .. } = golden();
    [layers, losses, optimisers].concat()
}

/// The cases that the f32 side offers; the test below names the one that it does not.
fn offered() -> Vec<Case> {
    cases().into_iter().filter(|case| case.name != OBLONG).collect()
}

const OBLONG: &str = "conv2d_2x3_padding_2";

/// The networks of the homework have square kernels, and so has the f32 layer; the reference computes this case.
#[test]
fn the_oblong_kernel_is_the_only_golden_case_that_the_f32_layers_do_not_offer() -> Result<(), GoldenError> {
    for case in cases() {
        match single(Isa::detect(), &case) {
            Err(GoldenError::Refused { case, reason }) => {
                assert_eq!((&*case, &*reason), (OBLONG, "the f32 convolution has square kernels only"));
            }
            computed => assert!(computed.is_ok() && case.name != OBLONG, "{}: {computed:?}", case.name),
        }
    }
    Ok(())
}

#[rstest]
#[case::linear("linear", 3)]
#[case::conv2d("conv2d", 4)]
#[case::batch_norm("batch_norm", 5)]
#[case::max_pool("max_pool", 5)]
#[case::relu("relu", 2)]
#[case::sigmoid("sigmoid", 2)]
#[case::tanh("tanh", 2)]
#[case::prelu("prelu", 2)]
#[case::flatten_before_a_linear_layer("flatten_linear", 2)]
#[case::softmax_cross_entropy_also_of_logits_up_to_1000("softmax_cross_entropy", 3)]
#[case::sgd("sgd", 6)]
#[case::adam("adam", 4)]
fn the_f32_side_agrees_with_pytorch(#[case] kind: &str, #[case] count: usize) -> Result<(), GoldenError> {
    let cases: Vec<Case> = offered().into_iter().filter(|case| case.kind == kind).collect();
    assert_eq!(cases.len(), count, "cases of {kind}");
    for isa in Isa::available() {
        for case in &cases {
            case.hold(&single(isa, case)?, tolerance(case))?;
        }
    }
    Ok(())
}

/// So that a kind added to the file cannot stay out of the table above; and all instruction sets give the same bits.
#[test]
fn every_offered_case_agrees_and_has_the_same_bits_with_every_instruction_set() -> Result<(), GoldenError> {
    for case in offered() {
        let computed = single(Isa::Scalar, &case)?;
        case.hold(&computed, tolerance(&case))?;
        for isa in Isa::available() {
            assert_eq!(single(isa, &case)?, computed, "{}: {isa}", case.name);
        }
    }
    Ok(())
}

/// Negative control: one part in a thousand in one entry, in every expected tensor of the file in turn.
#[test]
fn a_golden_vector_with_one_entry_off_by_one_per_mille_is_refused() -> Result<(), GoldenError> {
    let mut tried = 0;
    for case in offered() {
        let computed = single(Isa::detect(), &case)?;
        for name in case.expected.keys() {
            let mut spoilt = case.clone();
            let data = &mut spoilt.expected.get_mut(name).expect("it is there").data;
            let largest = data.iter_mut().max_by(|a, b| a.abs().total_cmp(&b.abs())).expect("not empty");
            *largest *= 1.0 + 1e-3;
            let verdict = spoilt.hold(&computed, tolerance(&case));
            assert!(
                matches!(verdict, Err(GoldenError::OtherValue { .. })),
                "{}: {name}: {verdict:?}",
                case.name
            );
            tried += 1;
        }
    }
    assert!(tried > 150, "only {tried} tensors were perturbed");
    Ok(())
}

/// Negative controls: mistakes that an implementation can make.
#[rstest]
#[case::a_gradient_of_zeros("conv2d", "dweight", |dw: &ArrayD<f64>| 0.0 * dw)]
#[case::a_transposed_gradient("linear", "dweight", |dw: &ArrayD<f64>| dw.t().to_owned())]
#[case::the_biased_running_variance("batch_norm", "running_var_first", |var: &ArrayD<f64>| 11.0 / 12.0 * var)]
#[case::the_sum_for_the_mean("softmax_cross_entropy", "dlogits", |d: &ArrayD<f64>| 4.0 * d)]
fn a_wrong_tensor_is_refused(
    #[case] kind: &str,
    #[case] name: &'static str,
    #[case] spoil: fn(&ArrayD<f64>) -> ArrayD<f64>,
) -> Result<(), GoldenError> {
    let case = offered().into_iter().find(|case| case.kind == kind).expect("a case of every kind");
    let mut computed = single(Isa::detect(), &case)?;
    case.hold(&computed, tolerance(&case))?;
    computed.insert(name, spoil(&computed[name]));
    assert!(case.hold(&computed, tolerance(&case)).is_err());
    Ok(())
}

// Schedules, in double precision.

const SCHEDULE_TOLERANCE: f64 = 1e-12;

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
    BTreeMap::from([("learning_rates", rates.into_dyn())])
}

#[rstest]
#[case::step("step", 2)]
#[case::cosine("cosine", 3)]
#[case::one_cycle("one_cycle", 2)]
fn schedules_agree_with_pytorch(#[case] kind: &str, #[case] count: usize) -> Result<(), GoldenError> {
    let mut compared = 0;
    for case in golden().schedules.into_iter().filter(|case| case.kind == kind) {
        let Some(schedule) = schedule(&case)? else { continue };
        case.hold(&rates(&case, schedule), SCHEDULE_TOLERANCE)?;
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
        ahead.insert(
            "learning_rates",
            (1..=steps).map(|step| schedule.at(step)).collect::<Array1<_>>().into_dyn(),
        );
        assert!(case.hold(&ahead, SCHEDULE_TOLERANCE).is_err(), "{}", case.name);
    }
    Ok(())
}
