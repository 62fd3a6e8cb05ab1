//! The gradient check of a small batch, parameter by parameter: `gradcheck`, as the tests of `mlp-scratch` use it.
//!
//! Shapes: `N = H = C = 3`, `D = 4`.

use crate::puzzle::Chosen;
use crate::way_back::WayBack;
use gradcheck::{GradientError, Report, Settings, central_differences};
use mlp_scratch::{Error, Gradients, Loss, Network, Objective, Sizes, one_hot};
use ndarray::{Array1, Array2};
use numerics::random::{Purpose, Stream};
use std::ops::Range;

/// A network for which the wrong formulas fit: as many hidden units as classes, and batches of as many examples.
pub const SIZES: Sizes = Sizes { inputs: 4, hidden: 3, outputs: 3 };
/// The examples of a batch.
pub const BATCH: usize = SIZES.hidden;
/// The derivatives by the parameters, in the order of [`Network::to_vec`].
pub const NAMES: [&str; 4] = ["dW1", "db1", "dW2", "db2"];
/// What [`SmallBatch::fixed`] is drawn from.
const SEED: u64 = 21;
/// Strong enough that a wrong penalty is no matter of rounding.
const OBJECTIVE: Objective = Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.1 };

/// A network and a batch.
#[derive(Clone, Debug)]
pub struct SmallBatch {
    network: Network,
    x: Array2<f64>,       // (N, D)
    targets: Array2<f64>, // (N, C)
}

/// What the check says of a parameter.
#[derive(Clone, Debug)]
pub struct CheckedParameter {
    /// One of [`NAMES`].
    pub name: &'static str,
    /// What the lines claim, entry by entry.
    pub claims: Vec<f64>,
    /// The central differences.
    pub differences: Vec<f64>,
    /// Where the two are farthest apart.
    pub worst: usize,
    /// The same as an index of the parameter, `[1, 2]`.
    pub place: String,
    /// The checker's verdict.
    pub verdict: Result<Report, GradientError>,
}

impl CheckedParameter {
    /// The largest error relative to the largest entry, if there is one.
    pub fn worst_relative_error(&self) -> Option<f64> {
        match &self.verdict {
            Ok(report) => Some(report.worst_relative_error),
            Err(GradientError::Mismatch { relative_error, .. }) => Some(*relative_error),
            Err(_) => None,
        }
    }
}

/// Of each of [`NAMES`] its place in [`Network::to_vec`], and the columns of a matrix.
fn blocks() -> [(Range<usize>, Option<usize>); 4] {
    let Sizes { inputs: d, hidden: h, outputs: c } = SIZES;
    let ends = [d * h, d * h + h, d * h + h + h * c, SIZES.parameter_count()];
    [(0..ends[0], Some(h)), (ends[0]..ends[1], None), (ends[1]..ends[2], Some(c)), (ends[2]..ends[3], None)]
}

/// The network whose [`Network::to_vec`] is `parameters`.
fn network_of(parameters: &[f64]) -> Result<Network, Error> {
    let Sizes { inputs: d, hidden: h, outputs: c } = SIZES;
    let [w1, b1, w2, b2] = blocks().map(|(range, _)| &parameters[range]);
    Network::new(
        Array2::from_shape_fn((d, h), |(i, j)| w1[i * h + j]),
        Array1::from(b1.to_vec()),
        Array2::from_shape_fn((h, c), |(i, j)| w2[i * c + j]),
        Array1::from(b2.to_vec()),
    )
}

impl SmallBatch {
    /// The batch of the page: always the same.
    ///
    /// # Errors
    /// None for these sizes.
    pub fn fixed() -> Result<Self, Error> {
        Self::random(SEED)
    }

    /// Standard normal inputs, and one example of each class.
    ///
    /// # Errors
    /// None for these sizes.
    pub fn random(seed: u64) -> Result<Self, Error> {
        let mut stream = Stream::new(seed, Purpose::Check);
        let x = Array2::from_shape_simple_fn((BATCH, SIZES.inputs), || stream.normal()); // (N, D)
        let targets = one_hot(&stream.permutation(BATCH), SIZES.outputs)?; //               (N, C)
        Ok(Self { network: Network::init(SIZES, seed)?, x, targets })
    }

    /// What the lines claim.
    ///
    /// # Errors
    /// None for these sizes.
    pub fn claimed(&self, lines: Chosen) -> Result<Gradients, Error> {
        let mut batch = WayBack::begin(&self.network, OBJECTIVE.l2, self.x.view(), self.targets.view())?;
        lines.compute(&mut batch);
        Ok(batch.gradients())
    }

    /// What `mlp-scratch` says.
    ///
    /// # Errors
    /// None for these sizes.
    pub fn of_the_crate(&self) -> Result<Gradients, Error> {
        Ok(OBJECTIVE.value_and_gradients(&self.network, self.x.view(), self.targets.view())?.1)
    }

    /// The objective with other parameters; NaN, which the checker refuses, where there is none.
    fn objective(&self, parameters: &[f64]) -> f64 {
        let value =
            |network: Network| OBJECTIVE.value_and_gradients(&network, self.x.view(), self.targets.view());
        network_of(parameters).and_then(|network| Ok(value(network)?.0)).unwrap_or(f64::NAN)
    }

    /// Checks what the lines claim, in the order of [`NAMES`]. **Each parameter by itself**, so that a small one cannot
    /// hide behind the largest entry of another.
    ///
    /// # Errors
    /// None for these sizes.
    pub fn check(&self, lines: Chosen) -> Result<[CheckedParameter; 4], Error> {
        let claimed = self.claimed(lines)?.to_vec();
        let parameters = self.network.to_vec();
        let checked = |i: usize| {
            let (range, columns) = blocks()[i].clone();
            let mut value = |block: &[f64]| {
                let mut moved = parameters.clone();
                moved[range.clone()].copy_from_slice(block);
                self.objective(&moved)
            };
            let (name, at, claims) = (NAMES[i], &parameters[range.clone()], claimed[range.clone()].to_vec());
            let verdict = gradcheck::check(name, &mut value, at, &claims);
            let differences = central_differences(Settings::default().step, &mut value, at);
            let worst = farthest_apart(&claims, &differences);
            let place = match columns {
                Some(columns) => format!("[{}, {}]", worst / columns, worst % columns),
                None => format!("[{worst}]"),
            };
            CheckedParameter { name, claims, differences, worst, place, verdict }
        };
        Ok([0, 1, 2, 3].map(checked))
    }
}

/// The place at which two lists differ most.
fn farthest_apart(a: &[f64], b: &[f64]) -> usize {
    let apart = |&i: &usize| (a[i] - b[i]).abs();
    (0..a.len()).max_by(|i, j| apart(i).total_cmp(&apart(j))).unwrap_or_default()
}
