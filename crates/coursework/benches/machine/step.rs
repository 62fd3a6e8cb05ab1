//! The whole training step: with one thread, with all, and on one thread each in as many trainings side by side.

mod side;

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
use rayon::ThreadPool;
use side::SideBySide;
use std::time::Instant;

/// Steps of a measurement.
const STEPS: usize = 3;

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

    /// Seconds of one of `count` steps on a pool's threads, after one that is not timed: it fills the caches.
    pub fn seconds(&mut self, pool: &ThreadPool, count: usize) -> anyhow::Result<f64> {
        pool.install(|| {
            self.step()?;
            let start = Instant::now();
            for _ in 0..count {
                self.step()?;
            }
            Ok(start.elapsed().as_secs_f64() / count as f64)
        })
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
    /// For each pool.
    seconds: Vec<Samples>,
    side_by_side: Option<SideBySide>,
    /// A step of the trainings side by side.
    apart: Samples,
}

impl<'a> Step<'a> {
    /// Networks that have made no step.
    pub fn new(setup: &'a Setup) -> anyhow::Result<Self> {
        let trainer = Trainer::new(setup);
        let (operations, seconds) = (trainer.operations()?, vec![Samples::default(); setup.pools.len()]);
        let trainings = setup.all().current_num_threads();
        let side_by_side = (trainings > 1).then(|| SideBySide::new(setup, trainings)).transpose()?;
        Ok(Self { setup, trainer, operations, seconds, side_by_side, apart: Samples::default() })
    }

    /// A row of the table, and its metrics.
    fn row(
        &self,
        what: &str,
        seconds: &Samples,
        at_once: usize,
        peak: f64,
        report: &mut Report,
    ) -> Vec<String> {
        let seconds = seconds.summary();
        let rate = seconds.rate_of(at_once as f64 * self.operations);
        report.metric(format!("training step, {what}, time"), "s", seconds);
        report.metric(format!("training step, {what}"), "GFLOP/s", rate.times(1e-9));
        let share = percent(rate.median / peak);
        vec![what.to_owned(), seconds.times(1e3).to_string(), rate.times(1e-9).to_string(), share]
    }

    /// What more threads gain in one training, and in trainings of their own.
    fn ratios(&self, report: &mut Report) -> Vec<Vec<String>> {
        let (Some(side), [one, .., all]) = (&self.side_by_side, &self.seconds[..]) else { return Vec::new() };
        let faster = one.ratios(all).summary();
        let more = all.ratios(&self.apart).summary().times(side.trainings() as f64);
        report.metric("training step, 1 thread / all threads", "ratio", faster);
        report.metric("training steps per second, side by side / all threads", "ratio", more);
        let all = threads(self.setup.all());
        vec![
            vec![format!("1 thread / {all}"), faster.to_string()],
            vec![format!("steps per second, side by side / {all}"), more.to_string()],
        ]
    }
}

impl Object for Step<'_> {
    fn rounds(&self) -> usize {
        self.setup.either(25, 8)
    }

    fn round(&mut self) -> anyhow::Result<()> {
        for (pool, seconds) in self.setup.pools.iter().zip(&mut self.seconds) {
            seconds.push(self.trainer.seconds(pool, STEPS)?);
        }
        if let Some(side_by_side) = &mut self.side_by_side {
            self.apart.push(side_by_side.seconds(STEPS)?);
        }
        Ok(())
    }

    fn report(&self, peak: &Peak) -> Report {
        let mut report = Report::default();
        let mut rows = Vec::new();
        for (i, (pool, seconds)) in self.setup.pools.iter().zip(&self.seconds).enumerate() {
            rows.push(self.row(&threads(pool), seconds, 1, peak.on(i), &mut report));
        }
        if let Some(side) = &self.side_by_side {
            let what = format!("{} trainings side by side, 1 thread each", side.trainings());
            rows.push(self.row(&what, &self.apart, side.trainings(), peak.all(), &mut report));
        }
        rows.extend(self.ratios(&mut report));
        report.tables.push(Table {
            title: format!("Training step of the P1.2 network, batch {BATCH}"),
            note: "Forward, loss, backward, update. GFLOP/s are nominal, as above. Trainings side by side share memory \
                   and clock as the threads of one training do, but never wait for each other: how many more steps \
                   they make a second is about what one on all threads could gain without meetings and serial parts."
                .to_owned(),
            columns: vec!["threads", "ms", "GFLOP/s", "of peak"],
            left: 1,
            rows,
        });
        report
    }
}
