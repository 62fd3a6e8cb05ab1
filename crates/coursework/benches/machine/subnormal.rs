//! The training step on numbers that are below the smallest normal one: a processor may be slower with them.
//!
//! Biases are 0 and batch-norm's scales undo its division, so that a batch of subnormal images stays subnormal through
//! all layers to the logits, and with it the gradients of all weights; the loss's gradient is as usual. The parameters
//! are put back before each step, because the first step would make the biases normal.

use crate::object::{BATCH, Object, RATE, Report, Setup, optimiser, threads};
use crate::peak::Peak;
use crate::summary::{Samples, percent};
use crate::table::Table;
use cnn::layer::Mode;
use cnn::models::mnist_network;
use cnn::network::{Network, Pass};
use cnn::optimiser::{Optimiser, Rule};
use cnn::tensor::Tensor;
use cnn::train;
use rayon::ThreadPool;
use std::time::Instant;

/// What a pixel is multiplied by: the largest, about 3, is then below the smallest normal number, 1.2e-38.
const TINY: f32 = 1e-39;

/// What batch-norm adds to the variance, which is 0 in a batch so small.
const EPS: f32 = 1e-5;

/// A training on one batch that stays where it is.
struct Standing {
    network: Network,
    optimiser: Optimiser,
    pass: Pass,
    batch: (Tensor, Vec<usize>),
    /// For each pool.
    seconds: Vec<Samples>,
}

/// Both trainings, by each rule.
pub struct Subnormal<'a> {
    setup: &'a Setup,
    /// The values of all parameters before every step.
    parameters: Vec<Vec<f32>>,
    rules: [(&'static str, [Standing; 2]); 2],
    /// The share of subnormal numbers among the activations of the subnormal step, without its input.
    share: f64,
}

impl<'a> Subnormal<'a> {
    /// Trainings that have made no step.
    pub fn new(setup: &'a Setup) -> anyhow::Result<Self> {
        let mut network = mnist_network(1);
        network.parameters_mut().filter(|it| it.name == "bias").for_each(|bias| bias.value.fill(0.0));
        let norms = network.layers_mut().filter(|layer| layer.kind() == "BatchNorm");
        norms.for_each(|norm| norm.parameters_mut()[0].value.fill(EPS.sqrt()));
        let parameters = network.parameters().map(|(_, parameter)| parameter.value.clone()).collect();
        let of = |optimiser: Optimiser| {
            [1.0, TINY].map(|factor| {
                let mut batch = setup.batch(0);
                batch.0.data_mut().iter_mut().for_each(|pixel| *pixel *= factor);
                let (network, seconds) = (network.clone(), vec![Samples::default(); setup.pools.len()]);
                Standing { network, optimiser: optimiser.clone(), pass: Pass::default(), batch, seconds }
            })
        };
        let mut rules = [("SGD", of(optimiser())), ("Adam", of(Optimiser::new(Rule::ADAM)))];
        let share = rules[0].1[1].share(setup)?;
        Ok(Self { setup, parameters, rules, share })
    }
}

impl Standing {
    /// The share of subnormal numbers among what the layers give.
    fn share(&mut self, setup: &Setup) -> anyhow::Result<f64> {
        let mut network = self.network.clone();
        self.pass.write(self.batch.0.shape()).copy_from_slice(self.batch.0.data());
        network.forward(setup.isa, &mut self.pass, Mode::Train)?;
        let outputs = || self.pass.activations()[1..].iter().flat_map(Tensor::data);
        Ok(outputs().filter(|y| y.is_subnormal()).count() as f64 / outputs().count() as f64)
    }

    /// A step from the given parameters, after one that is not timed: it fills the caches.
    fn time(&mut self, setup: &Setup, pool: (usize, &ThreadPool), values: &[Vec<f32>]) -> anyhow::Result<()> {
        let Self { network, optimiser, pass, batch: (x, labels), seconds } = self;
        pool.1.install(|| {
            for is_timed in [false, true] {
                network.parameters_mut().zip(values).for_each(|(to, from)| to.value.copy_from_slice(from));
                pass.write(x.shape()).copy_from_slice(x.data());
                let start = Instant::now();
                train::step(setup.isa, network, optimiser, RATE, pass, &*labels)?;
                if is_timed {
                    seconds[pool.0].push(start.elapsed().as_secs_f64());
                }
            }
            Ok(())
        })
    }
}

impl Object for Subnormal<'_> {
    fn rounds(&self) -> usize {
        self.setup.either(25, 8)
    }

    fn round(&mut self) -> anyhow::Result<()> {
        let Self { setup, parameters, rules, .. } = self;
        for pool in setup.pools.iter().enumerate() {
            for (_, trainings) in rules.iter_mut() {
                trainings.iter_mut().try_for_each(|training| training.time(setup, pool, parameters))?;
            }
        }
        Ok(())
    }

    fn report(&self, _: &Peak) -> Report {
        let mut report = Report::default();
        let mut rows = Vec::new();
        for (i, pool) in self.setup.pools.iter().enumerate() {
            for (rule, [ordinary, tiny]) in &self.rules {
                let (usual, slow) = (&ordinary.seconds[i], &tiny.seconds[i]);
                let ratio = slow.ratios(usual).summary();
                let what = format!("{rule}, {}", threads(pool));
                report.metric(format!("training step, subnormal / ordinary, {what}"), "ratio", ratio);
                let milliseconds = [usual, slow].map(|it| it.summary().times(1e3).to_string());
                rows.push([&[what][..], &milliseconds, &[ratio.to_string()]].concat());
            }
        }
        report.tables.push(Table {
            title: format!("Training step on subnormal images, batch {BATCH}"),
            note: format!(
                "Pixels times {TINY:e}, biases of 0: {} of the activations are subnormal, and nearly all others are 0. \
                 Beside it the same step on the images as they are, in the same round.",
                percent(self.share)
            ),
            columns: vec!["rule, threads", "ordinary, ms", "subnormal, ms", "subnormal / ordinary"],
            left: 1,
            rows,
        });
        report
    }
}
