//! The processor's rate of fused multiply-adds, on one thread and on all.

use crate::object::{Report, Setup, threads};
use crate::summary::{Samples, Summary};
use crate::table::Table;
use cnn::kernels::peak::multiply_adds;
use std::hint::black_box;
use std::time::Instant;

/// Steps of one measurement: some ten milliseconds.
const STEPS: usize = 2_000_000;

/// The peak, measured beside everything else, because a processor's clock and its other users change.
pub struct Peak<'a> {
    setup: &'a Setup,
    /// Operations per second, for each pool.
    rates: Vec<Samples>,
}

impl<'a> Peak<'a> {
    /// Nothing measured yet.
    pub fn new(setup: &'a Setup) -> Self {
        Self { setup, rates: vec![Samples::default(); setup.pools.len()] }
    }

    /// Measures it once.
    pub fn round(&mut self) {
        for (pool, rates) in self.setup.pools.iter().zip(&mut self.rates) {
            let start = Instant::now();
            let counts =
                pool.broadcast(|_| black_box(multiply_adds(self.setup.isa, STEPS, black_box(0.5))).0);
            let count: usize = counts.iter().sum();
            rates.push(2.0 * count as f64 / start.elapsed().as_secs_f64());
        }
    }

    /// Operations per second on one thread.
    pub fn one(&self) -> f64 {
        self.rates[0].summary().median
    }

    /// Operations per second on all threads.
    pub fn all(&self) -> f64 {
        self.rates[self.rates.len() - 1].summary().median
    }

    /// Operations per second on the pool `index`.
    pub fn on(&self, index: usize) -> f64 {
        self.rates[index].summary().median
    }

    /// What was found.
    pub fn report(&self) -> Report {
        let mut report = Report::default();
        let mut row = |(pool, rates): (_, &Samples)| {
            let gflops: Summary = rates.summary().times(1e-9);
            report.metric(format!("peak, {}", threads(pool)), "GFLOP/s", gflops);
            vec![threads(pool), gflops.to_string()]
        };
        let rows = self.setup.pools.iter().zip(&self.rates).map(&mut row).collect();
        report.tables.push(Table {
            title: "Peak".to_owned(),
            note:
                "Independent chains of fused multiply-adds in registers; one multiply-add is two operations."
                    .to_owned(),
            columns: vec!["threads", "GFLOP/s"],
            left: 1,
            rows,
        });
        report
    }
}
