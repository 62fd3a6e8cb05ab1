//! Every layer, loss and optimiser of the reference in `cnn`, held to PyTorch in double precision.

#[path = "layers_golden/reference.rs"]
mod reference;

use acceptance::golden::{Case, Golden, GoldenError, load};
use ndarray::{Array4, ArrayD};
use reference::reference;
use rstest::rstest;
use std::collections::{BTreeMap, BTreeSet};

/// Relative to the largest entry of each tensor. Sums of at most some hundred products differ by less than that many
/// times the unit roundoff, 1e-16, whatever their order.
const TOLERANCE: f64 = 1e-12;

fn golden() -> Golden {
    load().expect("the committed golden vectors can be read")
}

/// All cases that have something to compute in `cnn::reference`; the schedules have none.
fn computable() -> Vec<Case> {
    let Golden { layers, losses, optimisers, .. } = golden();
    [layers, losses, optimisers].concat()
}

fn first_of(kind: &str) -> Case {
    computable().into_iter().find(|case| case.kind == kind).expect("a case of every kind")
}

#[rstest]
#[case::linear("linear")]
#[case::conv2d("conv2d")]
#[case::batch_norm("batch_norm")]
#[case::max_pool("max_pool")]
#[case::relu("relu")]
#[case::sigmoid("sigmoid")]
#[case::tanh("tanh")]
#[case::prelu("prelu")]
#[case::flatten_before_a_linear_layer("flatten_linear")]
#[case::softmax_cross_entropy("softmax_cross_entropy")]
#[case::sgd("sgd")]
#[case::adam("adam")]
fn the_reference_agrees_with_pytorch(#[case] kind: &str) -> Result<(), GoldenError> {
    let cases: Vec<Case> = computable().into_iter().filter(|case| case.kind == kind).collect();
    assert!(cases.len() >= 2, "{} cases of {kind}", cases.len());
    for case in cases {
        case.hold(&reference(&case)?, TOLERANCE)?;
    }
    Ok(())
}

/// So that a kind added to the file cannot stay out of the table above.
#[test]
fn every_case_of_the_file_is_computed() -> Result<(), GoldenError> {
    for case in computable() {
        case.hold(&reference(&case)?, TOLERANCE)?;
    }
    Ok(())
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

/// Negative control: one part in a million in one entry, in every expected tensor of the file in turn.
#[test]
fn a_golden_vector_with_one_perturbed_entry_is_refused() -> Result<(), GoldenError> {
    let mut tried = 0;
    for case in computable() {
        let computed = reference(&case)?;
        for name in case.expected.keys() {
            let mut spoilt = case.clone();
            let data = &mut spoilt.expected.get_mut(name).expect("it is there").data;
            let (place, _) =
                data.iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).expect("not empty");
            data[place] *= 1.0 + 1e-6;
            let verdict = spoilt.hold(&computed, TOLERANCE);
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

/// Negative controls: mistakes an implementation can make. The first batch-norm case has 12 values a channel, the first
/// batch of the loss 4 rows.
#[rstest]
#[case::a_gradient_of_zeros("conv2d", "dweight", |dw: &ArrayD<f64>| 0.0 * dw)]
#[case::a_gradient_of_nan("conv2d", "dweight", |dw: &ArrayD<f64>| f64::NAN * dw)]
#[case::a_transposed_gradient("linear", "dweight", |dw: &ArrayD<f64>| dw.t().to_owned())]
#[case::the_biased_running_variance("batch_norm", "running_var_first", |var: &ArrayD<f64>| 11.0 / 12.0 * var)]
#[case::the_sum_for_the_mean("softmax_cross_entropy", "mean_nats", |mean: &ArrayD<f64>| 4.0 * mean)]
fn a_wrong_tensor_is_refused(
    #[case] kind: &str,
    #[case] name: &'static str,
    #[case] spoil: fn(&ArrayD<f64>) -> ArrayD<f64>,
) -> Result<(), GoldenError> {
    let case = first_of(kind);
    let mut computed = reference(&case)?;
    case.hold(&computed, TOLERANCE)?;
    computed.insert(name, spoil(&computed[name]));
    assert!(case.hold(&computed, TOLERANCE).is_err());
    Ok(())
}

/// Negative control: what is not computed cannot be right.
#[test]
fn a_tensor_left_out_is_refused() -> Result<(), GoldenError> {
    let case = first_of("conv2d");
    let mut computed = reference(&case)?;
    computed.remove("dbias");
    assert!(matches!(case.hold(&computed, TOLERANCE), Err(GoldenError::OtherTensors { .. })));
    Ok(())
}

/// Negative control: PyTorch's weights taken over without changing their layout.
#[test]
fn kernels_in_pytorchs_layout_are_refused() -> Result<(), GoldenError> {
    let case =
        golden().layers.into_iter().find(|case| case.name == "conv2d_3x3_padding_1").expect("it is there");
    let weight: Array4<f64> = case.array("weight")?; //        (KH, KW, CI, CO)
    let mut spoilt = case.clone();
    let data = &mut spoilt.given.get_mut("weight").expect("it is there").data;
    *data = weight.permuted_axes([3, 2, 0, 1]).iter().copied().collect(); // (CO, CI, KH, KW) under the old shape
    assert!(matches!(spoilt.hold(&reference(&spoilt)?, TOLERANCE), Err(GoldenError::OtherValue { .. })));
    Ok(())
}

#[test]
fn a_kind_that_nothing_computes_is_named() {
    let mut case = golden().layers.swap_remove(0);
    case.kind = "dropout".to_owned();
    let error = reference(&case).expect_err("nothing computes it");
    assert_eq!(error.to_string(), "linear_2x3x4: nothing computes \"dropout\"");
}
