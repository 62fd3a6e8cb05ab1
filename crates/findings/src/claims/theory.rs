//! The claims on T1 and T2.

use super::alter;
use super::claim::Claim;
use crate::ReportError;
use records::findings::Decision;
use theory::render::json::StdDevRecord;

/// By how many nats two readings differ at least.
const APART: f64 = 0.01;

/// The node of the sum, through which the mean sends its gradient to the inputs.
const SUM: &str = "s";

/// The claims.
pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "t1-readings-differ",
        says: "The three readings of the outputs give three different losses",
        within: Some("the three readings of the outputs give three different losses"),
        record: "theory",
        decide: |of| {
            let means: Vec<f64> = of.theory.cross_entropy.iter().map(|loss| loss.loss.mean).collect();
            let apart = |i: usize| means[i + 1..].iter().all(|other| (means[i] - other).abs() > APART);
            Ok(Decision::new((0..means.len()).all(apart) && means.len() == 3, format!("{means:?}")))
        },
        controls: &[
            |of| alter::theory(of, |it| it.cross_entropy[1].loss.mean = it.cross_entropy[0].loss.mean),
            |of| alter::theory(of, |it| it.cross_entropy.truncate(2)),
        ],
    },
    Claim {
        id: "t2-mean-road-cancels",
        says: "The road through the mean contributes nothing in total",
        within: Some("the road through the mean contributes nothing in total"),
        record: "theory",
        decide: |of| {
            let gradients = of.theory.std_dev.iter().map(gradient_by_the_sum);
            let gradients: Vec<f64> = gradients.collect::<Result<_, ReportError>>()?;
            let cancels = gradients.iter().all(|gradient| gradient.abs() < 1e-15);
            Ok(Decision::new(cancels, format!("gradients by the sum: {gradients:?}")))
        },
        controls: &[|of| {
            alter::theory(of, |it| {
                let nodes = it.std_dev.iter_mut().flat_map(|deviation| &mut deviation.nodes);
                nodes.filter(|node| node.id == SUM).take(1).for_each(|node| node.gradient = 1e-15);
            });
        }],
    },
];

fn gradient_by_the_sum(deviation: &StdDevRecord) -> Result<f64, ReportError> {
    let node = deviation.nodes.iter().find(|node| node.id == SUM);
    node.map(|node| node.gradient).ok_or_else(|| ReportError::missing(format!("theory.json: the node {SUM}")))
}
