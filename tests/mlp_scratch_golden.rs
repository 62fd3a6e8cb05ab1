//! The network of P2.1 against PyTorch in double precision: outputs, losses, all gradients, five descent steps.
//!
//! The vectors in `golden/mlp_scratch.json` were made by `golden/mlp_scratch.py`; the file names the versions.

use mlp_scratch::{Examples, Loss, Network, Objective};
use ndarray::{Array1, Array2};
use rstest::rstest;
use serde::Deserialize;

/// Every difference, relative to the largest entry of its array: a few hundred roundings of 1.1e-16.
const TOLERANCE: f64 = 1e-12;

#[derive(Deserialize)]
struct Golden {
    networks: Vec<GoldenNetwork>,
}

#[derive(Deserialize)]
struct GoldenNetwork {
    inputs: Vec<Vec<f64>>, // (N, D)
    labels: Vec<usize>,    // (N)
    parameters: Parameters,
    outputs: Vec<Vec<f64>>, // (N, C)
    objectives: Vec<GoldenObjective>,
}

#[derive(Deserialize)]
struct Parameters {
    w1: Vec<Vec<f64>>, // (D, H)
    b1: Vec<f64>,      // (H)
    w2: Vec<Vec<f64>>, // (H, C)
    b2: Vec<f64>,      // (C)
}

#[derive(Deserialize)]
struct GoldenObjective {
    loss: String,
    l2: f64,
    loss_value: f64,
    objective: f64,
    dw1: Vec<Vec<f64>>, // (D, H)
    db1: Vec<f64>,      // (H)
    dw2: Vec<Vec<f64>>, // (H, C)
    db2: Vec<f64>,      // (C)
    dx: Vec<Vec<f64>>,  // (N, D)
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    learning_rate: f64,
    losses: Vec<f64>, // (5), each before its step
    after: Parameters,
}

impl Parameters {
    fn network(&self) -> Network {
        let (b1, b2) = (Array1::from_vec(self.b1.clone()), Array1::from_vec(self.b2.clone()));
        Network::new(matrix(&self.w1), b1, matrix(&self.w2), b2).unwrap()
    }
}

impl GoldenNetwork {
    fn examples(&self) -> Examples {
        Examples::new(matrix(&self.inputs), self.labels.clone(), self.outputs[0].len()).unwrap()
    }
}

impl GoldenObjective {
    fn of(&self) -> Objective {
        let loss = match self.loss.as_str() {
            "mean_squared_error" => Loss::MeanSquaredError,
            "half_squared_error_sum" => Loss::HalfSquaredErrorSum,
            "softmax_cross_entropy" => Loss::SoftmaxCrossEntropy,
            other => panic!("no loss is called {other}"),
        };
        Objective { loss, l2: self.l2 }
    }
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/mlp_scratch.json")).unwrap()
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap()
}

/// Refuses values that differ from the golden ones by more than the tolerance, or that are NaN.
fn compare<'a>(what: &str, ours: impl IntoIterator<Item = &'a f64>, golden: &[f64]) -> Result<(), String> {
    let ours: Vec<f64> = ours.into_iter().copied().collect();
    if ours.len() != golden.len() {
        return Err(format!("{what}: {} values for {}", ours.len(), golden.len()));
    }
    let largest = golden.iter().map(|g| g.abs()).fold(0.0, f64::max);
    let agree = |(ours, golden): (&f64, &f64)| (ours - golden).abs() <= TOLERANCE * largest;
    match ours.iter().zip(golden).position(|pair| !agree(pair)) {
        None => Ok(()),
        Some(at) => Err(format!("{what}[{at}]: {} for {}", ours[at], golden[at])),
    }
}

fn compare_networks(ours: &Network, golden: &Parameters) -> Result<(), String> {
    compare("W1", ours.w1(), &golden.w1.concat())?;
    compare("b1", ours.b1(), &golden.b1)?;
    compare("W2", ours.w2(), &golden.w2.concat())?;
    compare("b2", ours.b2(), &golden.b2)
}

#[test]
fn the_vectors_cover_each_loss_at_two_strengths_two_rates_and_two_sizes() {
    let golden = golden();
    let mut hidden: Vec<usize> = golden.networks.iter().map(|net| net.parameters.b1.len()).collect();
    hidden.dedup();
    assert_eq!(hidden.len(), 2);
    assert!(golden.networks.iter().any(|net| net.outputs[0].len() > net.labels.len()), "C > N");
    for network in &golden.networks {
        let mut settings = Vec::new();
        for objective in &network.objectives {
            assert!(objective.l2 > 0.0 && objective.l2 < 1.0);
            settings
                .extend(objective.runs.iter().map(|run| (&objective.loss, objective.l2, run.learning_rate)));
            assert!(objective.runs.iter().all(|run| run.losses.len() == 5));
        }
        settings.sort_by(|a, b| a.partial_cmp(b).unwrap());
        settings.dedup();
        assert_eq!(settings.len(), 3 * 2 * 2, "{settings:?}");
    }
}

#[test]
fn outputs_agree_with_pytorch() {
    for golden in golden().networks {
        let (network, examples) = (golden.parameters.network(), golden.examples());
        let (z2, _) = network.forward(examples.inputs()).unwrap(); // (N, C)
        compare("outputs", &z2, &golden.outputs.concat()).unwrap();
    }
}

#[test]
fn losses_and_all_gradients_agree_with_pytorch() {
    for golden in golden().networks {
        let (network, examples) = (golden.parameters.network(), golden.examples());
        for expected in &golden.objectives {
            let objective = expected.of();
            let (x, targets) = (examples.inputs(), examples.targets()); // (N, D), (N, C)
            let (value, g) = objective.value_and_gradients(&network, x, targets).unwrap();
            let (loss, _) =
                Objective { l2: 0.0, ..objective }.value_and_gradients(&network, x, targets).unwrap();
            let name = |part: &str| format!("{part} of {} with l2 {}", expected.loss, expected.l2);
            compare(&name("loss"), &[loss], &[expected.loss_value]).unwrap();
            compare(&name("objective"), &[value], &[expected.objective]).unwrap();
            compare(&name("dW1"), &g.dw1, &expected.dw1.concat()).unwrap();
            compare(&name("db1"), &g.db1, &expected.db1).unwrap();
            compare(&name("dW2"), &g.dw2, &expected.dw2.concat()).unwrap();
            compare(&name("db2"), &g.db2, &expected.db2).unwrap();
            compare(&name("dx"), &g.dx, &expected.dx.concat()).unwrap();
        }
    }
}

/// Descends as the golden run did, with `learning_rate` in place of the run's own.
fn replay(golden: &GoldenNetwork, objective: Objective, run: &Run, learning_rate: f64) -> Result<(), String> {
    let (mut network, examples) = (golden.parameters.network(), golden.examples());
    let without_penalty = Objective { l2: 0.0, ..objective };
    let mut losses = Vec::new();
    for _ in &run.losses {
        let (x, targets) = (examples.inputs(), examples.targets()); // (N, D), (N, C)
        losses.push(without_penalty.value_and_gradients(&network, x, targets).unwrap().0);
        let (_, gradients) = objective.value_and_gradients(&network, x, targets).unwrap();
        network.descend(&gradients, learning_rate).unwrap();
    }
    compare("losses", &losses, &run.losses)?;
    compare_networks(&network, &run.after)
}

#[test]
fn five_steps_of_gradient_descent_agree_with_pytorch() {
    for golden in golden().networks {
        for expected in &golden.objectives {
            for run in &expected.runs {
                replay(&golden, expected.of(), run, run.learning_rate).unwrap();
            }
        }
    }
}

/// The negative control: a billionth in any hyper-parameter is seen.
#[test]
fn a_billionth_more_of_learning_rate_or_penalty_is_refused() {
    for golden in golden().networks {
        for expected in &golden.objectives {
            for run in &expected.runs {
                let objective = expected.of();
                let stronger = Objective { l2: objective.l2 * (1.0 + 1e-9), ..objective };
                assert!(replay(&golden, objective, run, run.learning_rate * (1.0 + 1e-9)).is_err());
                assert!(replay(&golden, stronger, run, run.learning_rate).is_err());
            }
        }
    }
}

#[rstest]
#[case::a_digit(|outputs: &mut Vec<f64>| outputs[3] += 1e-10)]
#[case::a_sign(|outputs: &mut Vec<f64>| outputs[0] *= -1.0)]
#[case::a_nan(|outputs: &mut Vec<f64>| outputs[2] = f64::NAN)]
#[case::a_value_less(|outputs: &mut Vec<f64>| outputs.truncate(3))]
fn a_result_that_differs_is_refused_in(#[case] spoil: fn(&mut Vec<f64>)) {
    let golden = golden().networks[0].outputs.concat();
    let mut outputs = golden.clone();
    compare("outputs", &outputs, &golden).unwrap();
    spoil(&mut outputs);
    assert!(compare("outputs", &outputs, &golden).is_err());
    assert!(compare("outputs", &golden, &outputs).is_err());
}
