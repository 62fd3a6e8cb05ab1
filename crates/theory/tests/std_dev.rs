//! T2: values, laws, gradients and errors of the standard deviation, in closed form and as a graph.

use approx::assert_relative_eq;
use numerics::random::{Purpose, Stream};
use proptest::prelude::*;
use rstest::rstest;
use theory::{
    graph::is_rounding,
    std_dev::{
        Ddof::{self, Population, Sample},
        StdDevError as E, gradient, std_dev,
    },
    std_dev_graph::StdDevGraph,
};

#[rstest]
#[case::population(Population, 2.0, [-0.5, 0.5])]
#[case::sample(Sample, 2.0 * 2f64.sqrt(), [-1.0 / 2f64.sqrt(), 1.0 / 2f64.sqrt()])]
fn the_questions_inputs_have_the_reference_value_and_gradient(
    #[case] ddof: Ddof,
    #[case] value: f64,
    #[case] slopes: [f64; 2],
) {
    let x = [-1.0, 3.0];
    let graph = StdDevGraph::new(&x, ddof).unwrap();
    for ours in [std_dev(&x, ddof).unwrap(), graph.value()] {
        assert_relative_eq!(ours, value, max_relative = 1e-15);
    }
    for ours in [gradient(&x, ddof).unwrap(), graph.gradient()] {
        assert_relative_eq!(ours[..], slopes[..], max_relative = 1e-15);
    }
}

/// The gradients of T2.2, every edge, in terms of the adjoint `g` of `t`: 1/8 and 1/(4 sqrt 2).
#[rstest]
#[case::population(Population, 1.0 / 8.0, 2.0)]
#[case::sample(Sample, 1.0 / (4.0 * 2f64.sqrt()), 1.0)]
fn every_edge_of_the_questions_graph_has_its_gradient(
    #[case] ddof: Ddof,
    #[case] g: f64,
    #[case] divisor: f64,
) {
    let graph = StdDevGraph::new(&[-1.0, 3.0], ddof).unwrap();
    let expected = [
        ("x1", "s", 0.0),
        ("x2", "s", 0.0),
        ("s", "mu", 0.0),
        ("x1", "d1", -4.0 * g),
        ("mu", "d1", 4.0 * g),
        ("x2", "d2", 4.0 * g),
        ("mu", "d2", -4.0 * g),
        ("d1", "q1", -4.0 * g),
        ("d2", "q2", 4.0 * g),
        ("q1", "t", g),
        ("q2", "t", g),
        ("t", "v", g),
        ("v", "sigma", divisor * g),
    ];
    assert_eq!(graph.backward.edges.len(), expected.len());
    for (edge, (from, to, gradient)) in graph.backward.edges.iter().zip(expected) {
        let label = |id| graph.graph.node(id).label.as_str();
        assert_eq!((label(edge.from), label(edge.to)), (from, to));
        assert_relative_eq!(edge.gradient, gradient, max_relative = 1e-15);
    }
}

/// `n` inputs of mean 3 and deviation 2.
fn inputs(n: usize, seed: u64) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Check);
    (0..n).map(|_| 3.0 + 2.0 * stream.normal()).collect()
}

#[rstest]
fn both_gradients_agree_with_central_differences(
    #[values(Population, Sample)] ddof: Ddof,
    #[values(2, 3, 6, 40)] n: usize,
) {
    let x = inputs(n, n as u64);
    let f = |x: &[f64]| std_dev(x, ddof).unwrap();
    gradcheck::check("closed form", f, &x, &gradient(&x, ddof).unwrap()).unwrap();
    gradcheck::check("graph", f, &x, &StdDevGraph::new(&x, ddof).unwrap().gradient()).unwrap();
}

/// Negative control: what the check above must refuse.
#[rstest]
#[case::of_the_other_convention(|x: &[f64]| gradient(x, Sample).unwrap())]
#[case::of_the_variance(|x: &[f64]| gradient(x, Population).unwrap().iter().map(|g| 2.0 * g).collect())]
#[case::without_subtracting_the_mean(|x: &[f64]| x.iter().map(|x| x / (6.0 * 2.0)).collect())]
#[case::of_wrong_sign(|x: &[f64]| gradient(x, Population).unwrap().iter().map(|g| -g).collect())]
#[case::of_the_path_through_the_mean_alone(|x: &[f64]| {
    StdDevGraph::new(x, Population).unwrap().paths().iter().map(|paths| paths.mean.gradient).collect()
})]
fn a_wrong_gradient_is_refused(#[case] claimed: fn(&[f64]) -> Vec<f64>) {
    let x = inputs(6, 1);
    gradcheck::check("std_dev", |x| std_dev(x, Population).unwrap(), &x, &claimed(&x)).unwrap_err();
}

#[rstest]
fn the_graph_has_the_nodes_and_edges_of_the_formula(#[values(2, 3, 6, 11)] n: usize) {
    let graph = StdDevGraph::new(&inputs(n, 4), Population).unwrap();
    assert_eq!(graph.graph.nodes().len(), 3 * n + 5);
    assert_eq!(graph.backward.edges.len(), 5 * n + 3);
    assert_eq!((graph.paths().len(), graph.by_mean().len()), (n, n));
}

proptest! {
    #[test]
    fn graph_and_closed_form_have_one_value(seed: u64, n in 2_usize..30, sample: bool) {
        let (x, ddof) = (inputs(n, seed), Ddof::ALL[usize::from(sample)]);
        let graph = StdDevGraph::new(&x, ddof).unwrap();
        prop_assert!((graph.value() / std_dev(&x, ddof).unwrap() - 1.0).abs() < 1e-14);
    }

    #[test]
    fn graph_and_closed_form_have_one_gradient(seed: u64, n in 2_usize..30, sample: bool) {
        let (x, ddof) = (inputs(n, seed), Ddof::ALL[usize::from(sample)]);
        let graph = StdDevGraph::new(&x, ddof).unwrap();
        for (a, b) in graph.gradient().iter().zip(gradient(&x, ddof).unwrap()) {
            prop_assert!((a - b).abs() < 1e-11, "{a} and {b}");
        }
    }

    #[test]
    fn the_path_through_the_mean_contributes_nothing(seed: u64, n in 2_usize..50, sample: bool) {
        let graph = StdDevGraph::new(&inputs(n, seed), Ddof::ALL[usize::from(sample)]).unwrap();
        let largest = graph.gradient().iter().fold(0.0, |a: f64, g| a.max(g.abs()));
        let mean = graph.parts.mu.index();
        prop_assert!(graph.mean_total().abs() < 1e-10 * largest);
        prop_assert!(is_rounding(graph.mean_total(), graph.backward.magnitudes[mean]));
        for paths in graph.paths() {
            prop_assert!(is_rounding(paths.mean.gradient, paths.mean.magnitude));
            prop_assert!((paths.total() - paths.deviation.gradient).abs() < 1e-10 * largest);
        }
        // Each deviation does send something: the zero is a sum, not an absence.
        prop_assert!(graph.by_mean().iter().all(|edge| edge.gradient != 0.0));
    }

    #[test]
    fn gradients_of_two_inputs_are_opposite(a in -1e3..1e3_f64, b in -1e3..1e3_f64) {
        prop_assume!((a - b).abs() > 1e-6);
        let slopes = gradient(&[a, b], Population).unwrap();
        prop_assert!((slopes[0] + slopes[1]).abs() < 1e-12);
        prop_assert!((slopes[0].abs() - 0.5).abs() < 1e-9, "half the distance has slopes of one half");
    }

    #[test]
    fn the_gradient_sums_to_zero_and_its_product_with_the_inputs_is_the_deviation(seed: u64, n in 2_usize..30) {
        let x = inputs(n, seed);
        let slopes = gradient(&x, Sample).unwrap();
        prop_assert!(numerics::reduce::sum(slopes.iter().copied()).abs() < 1e-11);
        let sigma = std_dev(&x, Sample).unwrap();
        prop_assert!((numerics::reduce::dot(&slopes, &x) - sigma).abs() < 1e-10, "Euler: homogeneous of degree 1");
    }

    #[test]
    fn adding_a_constant_changes_nothing(seed: u64, constant in -100.0..100.0_f64) {
        let x = inputs(7, seed);
        let moved: Vec<f64> = x.iter().map(|x| x + constant).collect();
        let difference = std_dev(&x, Population).unwrap() - std_dev(&moved, Population).unwrap();
        prop_assert!(difference.abs() < 1e-12);
    }

    #[test]
    fn scaling_by_a_power_of_two_scales_the_bits(seed: u64, exponent in -900..900_i32) {
        let x = inputs(7, seed);
        let factor = f64::from_bits(((1023 + exponent) as u64) << 52);
        let scaled: Vec<f64> = x.iter().map(|x| x * factor).collect();
        prop_assert_eq!(std_dev(&scaled, Sample).unwrap(), factor * std_dev(&x, Sample).unwrap());
        prop_assert_eq!(gradient(&scaled, Sample).unwrap(), gradient(&x, Sample).unwrap());
    }

    #[test]
    fn the_order_of_the_inputs_does_not_matter(seed: u64) {
        let mut x = inputs(9, seed);
        let sigma = std_dev(&x, Sample).unwrap();
        x.reverse();
        prop_assert!((std_dev(&x, Sample).unwrap() - sigma).abs() < 1e-14);
    }

    #[test]
    fn the_two_conventions_differ_by_a_known_factor(seed: u64, n in 2_usize..20) {
        let x = inputs(n, seed);
        let factor = (n as f64 / (n as f64 - 1.0)).sqrt();
        let (population, sample) = (std_dev(&x, Population).unwrap(), std_dev(&x, Sample).unwrap());
        prop_assert!((sample / population - factor).abs() < 1e-14);
    }
}

#[rstest]
#[case::no_input(&[], Population, E::TooFew { found: 0, needed: 1, ddof: Population })]
#[case::a_sample_of_one(&[1.0], Sample, E::TooFew { found: 1, needed: 2, ddof: Sample })]
#[case::an_infinite_input(&[1.0, f64::INFINITY], Population, E::NotFinite { index: 1, value: f64::INFINITY })]
fn bad_input_is_named(#[case] x: &[f64], #[case] ddof: Ddof, #[case] expected: E) {
    assert_eq!(std_dev(x, ddof), Err(expected.clone()));
    assert_eq!(gradient(x, ddof), Err(expected.clone()));
    assert_eq!(StdDevGraph::new(x, ddof), Err(expected));
}

#[rstest]
#[case::nothing(&[], Population, "without an input there is no population deviation: give at least one")]
#[case::a_sample_of_nothing(&[], Sample, "without an input there is no sample deviation: give at least two")]
#[case::a_sample_of_one(&[1.0], Sample, "one input has no sample deviation: give at least two")]
#[case::a_population_of_one(&[1.0], Population, "all inputs equal 1, so the deviation is 0 and has no gradient: give at least two that differ")]
fn a_message_counts_in_words_and_names_the_remedy(
    #[case] x: &[f64],
    #[case] ddof: Ddof,
    #[case] message: &str,
) {
    assert_eq!(gradient(x, ddof).unwrap_err().to_string(), message);
}

#[rstest]
#[case::two(&[2.0, 2.0])]
#[case::one(&[7.0])]
#[case::three_whose_rounded_mean_is_another_number(&[0.1, 0.1, 0.1])]
#[case::zeros_of_both_signs(&[0.0, -0.0])]
fn equal_inputs_have_deviation_zero_and_no_gradient(#[case] x: &[f64]) {
    assert_eq!(std_dev(x, Population), Ok(0.0));
    let refused = E::NoGradient { value: x[0] };
    assert_eq!(gradient(x, Population), Err(refused.clone()));
    assert_eq!(StdDevGraph::new(x, Population), Err(refused));
}

#[rstest]
#[case::too_large_to_square(1e200)]
#[case::too_small_to_square(1e-200)]
fn the_closed_form_holds_where_the_graph_must_give_up(#[case] size: f64) {
    let x = [-size, 3.0 * size];
    assert_relative_eq!(std_dev(&x, Population).unwrap(), 2.0 * size, max_relative = 1e-15);
    assert_relative_eq!(gradient(&x, Population).unwrap()[..], [-0.5, 0.5][..], max_relative = 1e-15);
    assert!(matches!(StdDevGraph::new(&x, Population), Err(E::Graph(_))));
}

#[test]
fn a_deviation_that_is_no_double_is_refused() {
    assert_eq!(std_dev(&[-1.7e308, 1.7e308], Sample), Err(E::Overflow));
    assert_eq!(std_dev(&[-1.7e308, 1.7e308], Population), Ok(1.7e308));
}
