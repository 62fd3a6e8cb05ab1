//! The whole training step, with one thread and with all.

use crate::object::{BATCH, Object, RATE, Report, Setup, optimiser, threads};
use crate::peak::Peak;
use crate::summary::{Samples, percent};
use crate::table::Table;
use cnn::kernels::Isa;
use cnn::models::mnist_network;
use cnn::network::{Network, Pass};
use cnn::optimiser::Optimiser;
use cnn::tensor::{Shape, Tensor};
use cnn::train;
use std::time::Instant;

/// A network in training on the same few batches.
pub struct Trainer {
    isa: Isa,
    network: Network,
    optimiser: Optimiser,
    pass: Pass,
    batches: Vec<(Tensor, Vec<usize>)>,
    steps: usize,
}

impl Trainer {
    /// A network that has made no step.
    pub fn new(setup: &Setup) -> Self {
        let batches = (0..10).map(|number| setup.batch(number)).collect();
        let (network, pass) = (mnist_network(1), Pass::default());
        Self { isa: setup.isa, network, optimiser: optimiser(), pass, batches, steps: 0 }
    }

    /// One step; returns the mean loss of the batch before it.
    pub fn step(&mut self) -> anyhow::Result<f64> {
        let (x, labels) = &self.batches[self.steps % self.batches.len()];
        self.steps += 1;
        let input = self.pass.input();
        input.reshape_for_writing(x.shape());
        input.data_mut().copy_from_slice(x.data());
        let score =
            train::step(self.isa, &mut self.network, &mut self.optimiser, RATE, &mut self.pass, labels)?;
        Ok(score.loss_mean_nats())
    }

    /// Nominal operations of a step: forward once, backward twice, but for the first layer, whose input has no
    /// gradient.
    pub fn operations(&self) -> anyhow::Result<f64> {
        let forward = self.network.table(Shape::maps(1, 28, 28, 1))?;
        let first = forward.rows.first().map_or(0, |row| row.multiply_adds);
        Ok(2.0 * (BATCH * (3 * forward.multiply_adds() - first)) as f64)
    }
}

/// The step on each number of threads.
pub struct Step<'a> {
    setup: &'a Setup,
    trainer: Trainer,
    operations: f64,
    seconds: Vec<Samples>,
}

impl<'a> Step<'a> {
    /// A network that has made one step on each number of threads, so that all memory is there.
    pub fn new(setup: &'a Setup) -> anyhow::Result<Self> {
        let mut trainer = Trainer::new(setup);
        for pool in &setup.pools {
            pool.install(|| trainer.step())?;
        }
        let operations = trainer.operations()?;
        Ok(Self { setup, trainer, operations, seconds: vec![Samples::default(); setup.pools.len()] })
    }
}

impl Object for Step<'_> {
    fn rounds(&self) -> usize {
        self.setup.either(25, 10)
    }

    /// Two steps with each number of threads, in turn.
    fn round(&mut self) -> anyhow::Result<()> {
        for _ in 0..2 {
            for (pool, seconds) in self.setup.pools.iter().zip(&mut self.seconds) {
                let elapsed = pool.install(|| {
                    let start = Instant::now();
                    self.trainer.step().map(|_| start.elapsed())
                })?;
                seconds.push(elapsed.as_secs_f64());
            }
        }
        Ok(())
    }

    fn report(&self, peak: &Peak) -> Report {
        let mut report = Report::default();
        let mut rows = Vec::new();
        for (i, (pool, seconds)) in self.setup.pools.iter().zip(&self.seconds).enumerate() {
            let (threads, seconds) = (threads(pool), seconds.summary());
            let rate = seconds.rate_of(self.operations);
            rows.push(vec![
                threads.clone(),
                seconds.times(1e3).to_string(),
                rate.times(1e-9).to_string(),
                percent(rate.median / peak.on(i)),
            ]);
            report.metric(format!("training step, {threads}, time"), "s", seconds);
            report.metric(format!("training step, {threads}"), "GFLOP/s", rate.times(1e-9));
        }
        if let [one, .., all] = &self.seconds[..] {
            let speed_up = one.ratios(all).summary();
            rows.push(vec![format!("1 thread / {}", threads(self.setup.all())), speed_up.to_string()]);
            report.metric("training step, 1 thread / all threads", "ratio", speed_up);
        }
        report.tables.push(Table {
            title: format!("Training step of the P1.2 network, batch {BATCH}"),
            note: "Forward, loss, backward, update. GFLOP/s are nominal, as above.".to_owned(),
            columns: vec!["threads", "ms", "GFLOP/s", "of peak"],
            left: 1,
            rows,
        });
        report
    }
}
