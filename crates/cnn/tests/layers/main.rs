//! The layers, losses and optimisers of `cnn`, a file each. A file holds all that is asked of its layer:
//!
//! - its **gradients** in the reference are central differences, and wrong ones are refused;
//! - its **laws** hold, whatever the numbers;
//! - the **golden vectors** from PyTorch are what reference and f32 layer compute;
//! - the **f32 layer** computes what the reference does, on random shapes and with every instruction set.
//!
//! What is asked of all at once stands here: no golden vector stays without a file that computes it.

mod absorbed;
mod activation;
mod batch_norm;
mod conv2d;
mod flatten;
mod linear;
mod max_pool;
mod optimiser;
mod schedule;
mod softmax_cross_entropy;
mod support;
mod winograd;

use cnn::kernels::Isa;
use std::collections::{BTreeMap, BTreeSet};
use support::golden::{Case, Computed, GoldenError};
use support::kind::{DOUBLE, Kind, computable, golden};
use support::single;

/// What the files compute of the golden vectors.
const KINDS: &[&[Kind]] = &[
    &activation::GOLDEN,
    &batch_norm::GOLDEN,
    &conv2d::GOLDEN,
    &flatten::GOLDEN,
    &linear::GOLDEN,
    &max_pool::GOLDEN,
    &optimiser::GOLDEN,
    &softmax_cross_entropy::GOLDEN,
];

/// The kind of a case.
fn kind(case: &Case) -> Result<Kind, GoldenError> {
    let unknown = || GoldenError::UnknownKind { case: case.name.clone(), kind: case.kind.clone() };
    KINDS.iter().copied().flatten().find(|kind| kind.name == case.kind).copied().ok_or_else(unknown)
}

fn reference(case: &Case) -> Result<Computed, GoldenError> {
    (kind(case)?.reference)(case)
}

fn f32_side(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    (kind(case)?.f32_side)(isa, case)
}

fn tolerance(case: &Case) -> Result<f64, GoldenError> {
    Ok((kind(case)?.tolerance)(case))
}

/// The cases that the f32 side offers; a test below names the one that it does not.
fn offered() -> Vec<Case> {
    computable().into_iter().filter(|case| case.name != OBLONG).collect()
}

const OBLONG: &str = "conv2d_2x3_padding_2";

/// So that a kind added to the file cannot stay out of the files here.
#[test]
fn every_case_of_the_file_is_computed() -> Result<(), GoldenError> {
    for case in computable() {
        case.hold(&reference(&case)?, DOUBLE)?;
    }
    Ok(())
}

#[test]
fn every_kind_has_two_cases_and_is_computed_in_one_file() {
    let cases = computable();
    for kind in KINDS.iter().copied().flatten() {
        assert!(cases.iter().filter(|case| case.kind == kind.name).count() >= 2, "{}", kind.name);
        let files = KINDS.iter().copied().flatten().filter(|other| other.name == kind.name).count();
        assert_eq!(files, 1, "{}", kind.name);
    }
}

/// A formula that is wrong can be right at 0 or 1.
#[test]
fn every_hyper_parameter_has_two_settings_that_are_neither_0_nor_1() {
    let mut values: BTreeMap<(String, String), BTreeSet<u64>> = BTreeMap::new();
    for case in [computable(), golden().schedules].concat() {
        for (name, value) in case.settings {
            values.entry((case.kind.clone(), name)).or_default().insert(value.to_bits());
        }
    }
    for ((kind, name), values) in values {
        let telling = values.iter().filter(|&&bits| ![0.0, 1.0].contains(&f64::from_bits(bits))).count();
        // A flag has no other values; of paddings, 0 and 1 are those that the network uses.
        let enough =
            if ["nesterov", "padding"].contains(&name.as_str()) { values.len() >= 2 } else { telling >= 2 };
        assert!(enough, "{kind}: {name} is tested at {:?}", values.into_iter().map(f64::from_bits));
    }
}

/// Moves the largest entry of every expected tensor in turn by so much of itself: each has to be refused. How many.
#[track_caller]
fn every_tensor_off_is_refused(case: &Case, computed: &Computed, by: f64, tolerance: f64) -> usize {
    for name in case.expected.keys() {
        let mut spoilt = case.clone();
        let data = &mut spoilt.expected.get_mut(name).expect("it is there").data;
        let largest = data.iter_mut().max_by(|a, b| a.abs().total_cmp(&b.abs())).expect("not empty");
        *largest *= 1.0 + by;
        let verdict = spoilt.hold(computed, tolerance);
        let is_refused = matches!(verdict, Err(GoldenError::OtherValue { .. }));
        assert!(is_refused, "{}: {name}: {verdict:?}", case.name);
    }
    case.expected.len()
}

/// Negative control: one part in a million in one entry, in every expected tensor of the file in turn.
#[test]
fn a_golden_vector_with_one_perturbed_entry_is_refused() -> Result<(), GoldenError> {
    let mut tried = 0;
    for case in computable() {
        let computed = reference(&case)?;
        tried += every_tensor_off_is_refused(&case, &computed, 1e-6, DOUBLE);
    }
    assert!(tried > 150, "only {tried} tensors were perturbed");
    Ok(())
}

/// Negative control: what is not computed cannot be right.
#[test]
fn a_tensor_left_out_is_refused() -> Result<(), GoldenError> {
    let case = computable().into_iter().find(|case| case.kind == "conv2d").expect("a convolution");
    let mut computed = reference(&case)?;
    computed.remove("dbias");
    assert!(matches!(case.hold(&computed, DOUBLE), Err(GoldenError::OtherTensors { .. })));
    Ok(())
}

#[test]
fn a_kind_that_nothing_computes_is_named() {
    let mut case = golden().layers.swap_remove(0);
    case.kind = "dropout".to_owned();
    let error = reference(&case).expect_err("nothing computes it");
    assert_eq!(error.to_string(), "linear_2x3x4: nothing computes \"dropout\"");
}

/// The networks of the homework have square kernels, and so has the f32 layer; the reference computes this case.
#[test]
fn the_oblong_kernel_is_the_only_golden_case_that_the_f32_layers_do_not_offer() -> Result<(), GoldenError> {
    for case in computable() {
        match f32_side(Isa::detect(), &case) {
            Err(GoldenError::Refused { case, reason }) => {
                assert_eq!((&*case, &*reason), (OBLONG, "the f32 convolution has square kernels only"));
            }
            computed => assert!(computed.is_ok() && case.name != OBLONG, "{}: {computed:?}", case.name),
        }
    }
    Ok(())
}

/// So that a kind added to the file cannot stay out here too; and all instruction sets give the same bits.
#[test]
fn every_offered_case_agrees_and_has_the_same_bits_with_every_instruction_set() -> Result<(), GoldenError> {
    for case in offered() {
        let computed = f32_side(Isa::Scalar, &case)?;
        case.hold(&computed, tolerance(&case)?)?;
        for isa in Isa::available() {
            assert_eq!(f32_side(isa, &case)?, computed, "{}: {isa}", case.name);
        }
    }
    Ok(())
}

/// Negative control: one part in a thousand in one entry, in every expected tensor of the file in turn.
#[test]
fn a_golden_vector_with_one_entry_off_by_one_per_mille_is_refused() -> Result<(), GoldenError> {
    let mut tried = 0;
    for case in offered() {
        let computed = f32_side(Isa::detect(), &case)?;
        tried += every_tensor_off_is_refused(&case, &computed, 1e-3, tolerance(&case)?);
    }
    assert!(tried > 150, "only {tried} tensors were perturbed");
    Ok(())
}

#[test]
#[should_panic(expected = "y[3]")]
fn the_comparison_sees_a_single_wrong_entry() {
    let reference: Vec<f64> = (1..=9).map(f64::from).collect();
    let mut ours = reference.clone();
    ours[3] *= 1.0 + 1e-4;
    single::assert_close("y", &ours, &reference, 9);
}
