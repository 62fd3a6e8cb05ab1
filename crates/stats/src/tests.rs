//! Every statistic against SciPy: `tests/golden/stats.json`, made by `tests/golden/stats.py`.

use super::*;
use approx::relative_eq;
use rstest::{fixture, rstest};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    wilson: Vec<Wilson>,
    samples: Vec<Sample>,
    points: Vec<Point>,
    chi_squared: Vec<Tail>,
    t: Vec<Tail>,
    binomial: Vec<Binomial>,
    friedman: Vec<Blocks>,
    bootstrap: Vec<Bootstrap>,
    holm: Vec<Family>,
    medians: Vec<Median>,
    corrected: Vec<Corrected>,
    ratios: Vec<Ratio>,
}

#[derive(Deserialize)]
struct Wilson {
    correct: u64,
    total: u64,
    confidence: f64,
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
struct Sample {
    xs: Vec<f64>,
    mean: f64,
    standard_deviation: f64,
    standard_error: f64,
    confidence: f64,
    t_interval: [f64; 2],
    quantiles: Vec<[f64; 2]>,
}

#[derive(Deserialize)]
struct Point {
    confidence: f64,
    df: Option<u32>,
    point: f64,
}

#[derive(Deserialize)]
struct Tail {
    x: f64,
    df: u32,
    p: f64,
}

#[derive(Deserialize)]
struct Binomial {
    b: u64,
    c: u64,
    p: f64,
}

#[derive(Deserialize)]
struct Blocks {
    rows: Vec<Vec<f64>>,
    statistic: f64,
    p: f64,
}

#[derive(Deserialize)]
struct Bootstrap {
    a: Vec<f64>,
    b: Vec<f64>,
    resamples: usize,
    confidence: f64,
    seed: u64,
    estimate: f64,
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
struct Family {
    p_values: Vec<f64>,
    adjusted: Vec<f64>,
}

#[derive(Deserialize)]
struct Median {
    xs: Vec<f64>,
    confidence: f64,
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
struct Corrected {
    xs: Vec<f64>,
    train: usize,
    test: usize,
    confidence: f64,
    standard_error: f64,
    interval: [f64; 2],
    p: f64,
    power: f64,
    detectable: f64,
}

#[derive(Deserialize)]
struct Ratio {
    wrong: Vec<f64>,
    asked: Vec<f64>,
    resamples: usize,
    confidence: f64,
    seed: u64,
    estimate: f64,
    low: f64,
    high: f64,
}

#[fixture]
#[once]
fn golden() -> Golden {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/stats.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[track_caller]
fn assert_close(ours: f64, golden: f64, what: &str) {
    assert!(
        relative_eq!(ours, golden, max_relative = 1e-12, epsilon = 1e-300),
        "{what}: {ours:e}, {golden:e}"
    );
}

#[track_caller]
fn assert_interval(ours: Interval, [estimate, low, high]: [f64; 3]) {
    assert_close(ours.estimate, estimate, "estimate");
    assert_close(ours.low, low, "low");
    assert_close(ours.high, high, "high");
}

#[rstest]
fn wilson_intervals_agree_with_scipy(golden: &Golden) {
    assert!(golden.wilson.len() >= 10);
    for Wilson { correct, total, confidence, low, high } in &golden.wilson {
        let interval = wilson_interval(*correct, *total, *confidence).unwrap();
        let what = format!("{correct} of {total} at {confidence}");
        // SciPy leaves a rounding error where the end is exactly 0.
        assert!((interval.low - low).abs() <= 1e-11 * low.max(1e-5), "{what}: {} {low}", interval.low);
        assert_close(interval.high, *high, &what);
    }
}

#[rstest]
fn means_and_their_intervals_agree_with_scipy(golden: &Golden) {
    assert!(golden.samples.len() >= 4);
    for sample in &golden.samples {
        let summary = mean_and_standard_error(&sample.xs).unwrap();
        assert_close(summary.mean, sample.mean, "mean");
        assert_close(summary.standard_deviation, sample.standard_deviation, "standard deviation");
        assert_close(summary.standard_error, sample.standard_error, "standard error");
        let interval = t_interval(&sample.xs, sample.confidence).unwrap();
        assert_close(interval.low, sample.t_interval[0], "low");
        assert_close(interval.high, sample.t_interval[1], "high");
    }
}

#[rstest]
fn quantiles_agree_with_numpy(golden: &Golden) {
    for sample in &golden.samples {
        for [level, expected] in &sample.quantiles {
            assert_close(quantile(&sample.xs, *level).unwrap(), *expected, "quantile");
        }
    }
}

#[rstest]
fn the_points_of_normal_and_t_agree_with_scipy(golden: &Golden) {
    assert!(golden.points.len() >= 20);
    for Point { confidence, df, point } in &golden.points {
        let ours = match df {
            Some(df) => distribution::t_point(*confidence, *df),
            None => distribution::normal_point(*confidence),
        };
        assert_close(ours, *point, &format!("{confidence} {df:?}"));
    }
}

#[rstest]
fn the_tails_of_chi_squared_and_t_agree_with_mpmath(golden: &Golden) {
    assert!(golden.chi_squared.len() >= 20 && golden.t.len() >= 20);
    for Tail { x, df, p } in &golden.chi_squared {
        assert_close(distribution::chi_squared_upper_tail(*x, *df), *p, &format!("chi-squared {x} {df}"));
    }
    for Tail { x, df, p } in &golden.t {
        assert_close(distribution::t_two_sided_tail(*x, *df), *p, &format!("t {x} {df}"));
    }
}

#[rstest]
fn exact_binomial_p_values_agree_with_scipy(golden: &Golden) {
    assert!(golden.binomial.len() >= 10);
    for Binomial { b, c, p } in &golden.binomial {
        assert_close(mcnemar_exact(*b, *c).unwrap(), *p, &format!("{b} {c}"));
    }
}

#[rstest]
fn friedman_agrees_with_scipy_with_and_without_ties(golden: &Golden) {
    assert!(golden.friedman.len() >= 3);
    for Blocks { rows, statistic, p } in &golden.friedman {
        let outcome = friedman(rows).unwrap();
        assert_close(outcome.statistic, *statistic, "statistic");
        assert_close(outcome.p_value, *p, "p");
    }
}

/// The same draws made by a second ChaCha8 in Python.
#[rstest]
fn the_bootstrap_agrees_with_a_second_implementation(golden: &Golden) {
    assert!(golden.bootstrap.len() >= 2);
    for g in &golden.bootstrap {
        let ours = paired_bootstrap(&g.a, &g.b, g.resamples, g.confidence, g.seed).unwrap();
        assert_interval(ours, [g.estimate, g.low, g.high]);
    }
}

#[rstest]
fn holms_correction_agrees_with_statsmodels(golden: &Golden) {
    assert!(golden.holm.len() >= 4);
    for Family { p_values, adjusted } in &golden.holm {
        let ours = holm(p_values).unwrap();
        ours.iter().zip(adjusted).for_each(|(ours, theirs)| assert_close(*ours, *theirs, "adjusted"));
    }
}

#[rstest]
fn the_intervals_of_medians_agree_with_scipy(golden: &Golden) {
    assert!(golden.medians.len() >= 4);
    for Median { xs, confidence, low, high } in &golden.medians {
        let ours = median_interval(xs, *confidence).unwrap();
        assert_eq!((ours.low, ours.high), (*low, *high), "{} values at {confidence}", xs.len());
    }
}

/// The control of this comparison: a golden value off by a part in a billion is seen.
#[test]
#[should_panic(expected = "control")]
fn a_golden_value_that_is_off_is_seen() {
    assert_close(mcnemar_exact(1, 9).unwrap(), 22.0 / 1024.0 * (1.0 + 1e-9), "control");
}

#[rstest]
fn corrected_tests_and_their_power_agree_with_scipys_distributions(golden: &Golden) {
    assert!(golden.corrected.len() >= 3);
    for of in &golden.corrected {
        let sizes = SplitSizes { train: of.train, test: of.test };
        let test = corrected_t_test(&of.xs, sizes, of.confidence).unwrap();
        assert_close(test.standard_error, of.standard_error, "standard error");
        assert_close(test.difference.low, of.interval[0], "low");
        assert_close(test.difference.high, of.interval[1], "high");
        assert_close(test.p_value, of.p, "p");
        let detectable = detectable(of.standard_error, of.confidence, of.power).unwrap();
        assert_close(detectable, of.detectable, "detectable");
    }
}

#[rstest]
fn resampled_ratios_agree_with_those_of_numpy_on_the_same_draws(golden: &Golden) {
    assert!(golden.ratios.len() >= 2);
    for of in &golden.ratios {
        let found = ratio_bootstrap(&of.wrong, &of.asked, of.resamples, of.confidence, of.seed).unwrap();
        assert_interval(found, [of.estimate, of.low, of.high]);
    }
}
