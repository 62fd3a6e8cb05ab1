//! Trainings side by side, on one thread each.

use super::Trainer;
use crate::object::Setup;
use anyhow::bail;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::Barrier;
use std::time::Instant;

/// Networks of their own, in pools of one thread.
pub struct SideBySide {
    trainings: Vec<(ThreadPool, Trainer)>,
}

impl SideBySide {
    /// So many, which have made no step.
    pub fn new(setup: &Setup, count: usize) -> anyhow::Result<Self> {
        let pool = || ThreadPoolBuilder::new().num_threads(1).build();
        let trainings =
            (0..count).map(|_| Ok((pool()?, Trainer::new(setup)))).collect::<anyhow::Result<_>>()?;
        Ok(Self { trainings })
    }

    /// How many there are.
    pub fn trainings(&self) -> usize {
        self.trainings.len()
    }

    /// Seconds of a step while all others make as many: the harmonic mean of the trainings, so that their steps per
    /// second are as many as there are trainings, divided by it. Each makes one more before, and they begin together.
    pub fn seconds(&mut self, count: usize) -> anyhow::Result<f64> {
        let together = &Barrier::new(self.trainings.len());
        let train = |trainer: &mut Trainer| {
            // Whoever fails has to come to the barrier too: the others wait there.
            let first = trainer.step();
            together.wait();
            first?;
            let start = Instant::now();
            for _ in 0..count {
                trainer.step()?;
            }
            anyhow::Ok(count as f64 / start.elapsed().as_secs_f64())
        };
        let rates = std::thread::scope(|scope| {
            let running: Vec<_> = self
                .trainings
                .iter_mut()
                .map(|(pool, trainer)| scope.spawn(move || pool.install(|| train(trainer))))
                .collect();
            running.into_iter().map(|training| training.join()).collect::<Vec<_>>()
        });
        let mut steps_per_second = 0.0;
        for rate in rates {
            let Ok(rate) = rate else { bail!("a training side by side panicked") };
            steps_per_second += rate?;
        }
        Ok(self.trainings.len() as f64 / steps_per_second)
    }
}
