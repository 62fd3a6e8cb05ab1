//! What the processor could do at most: its rate of fused multiply-adds and that of its memory, on one thread and on
//! all.

use crate::object::{Report, Setup, threads};
use crate::stream::Stream;
use crate::summary::Samples;
use crate::table::Table;
use cnn::kernels::peak::multiply_adds;
use std::hint::black_box;
use std::time::Instant;

/// Steps of one measurement: some ten milliseconds.
const STEPS: usize = 2_000_000;

/// The peak, measured beside everything else, because a processor's clock and its other users change.
pub struct Peak<'a> {
    setup: &'a Setup,
    stream: Stream,
    /// For each pool.
    rates: Vec<Rates>,
}

/// Of one pool.
#[derive(Clone, Default)]
struct Rates {
    /// Operations per second.
    operations: Samples,
    /// Bytes per second, read and written.
    bytes: Samples,
}

impl<'a> Peak<'a> {
    /// Nothing measured yet.
    pub fn new(setup: &'a Setup) -> Self {
        Self { setup, stream: Stream::default(), rates: vec![Rates::default(); setup.pools.len()] }
    }

    /// Measures it once. **The caches hold nothing of use afterwards.**
    pub fn round(&mut self) {
        for (pool, rates) in self.setup.pools.iter().zip(&mut self.rates) {
            let start = Instant::now();
            let counts =
                pool.broadcast(|_| black_box(multiply_adds(self.setup.isa, STEPS, black_box(0.5))).0);
            let count: usize = counts.iter().sum();
            rates.operations.push(2.0 * count as f64 / start.elapsed().as_secs_f64());
            rates.bytes.push(self.stream.rate(pool));
        }
    }

    /// Operations per second on one thread.
    pub fn one(&self) -> f64 {
        self.on(0)
    }

    /// Operations per second on all threads.
    pub fn all(&self) -> f64 {
        self.on(self.rates.len() - 1)
    }

    /// Operations per second on the pool `index`.
    pub fn on(&self, index: usize) -> f64 {
        self.rates[index].operations.summary().median
    }

    /// Bytes per second between memory and one thread.
    pub fn memory(&self) -> f64 {
        self.rates[0].bytes.summary().median
    }

    /// What was found.
    pub fn report(&self) -> Report {
        let mut report = Report::default();
        let mut row = |(pool, rates): (_, &Rates)| {
            let [gflops, gigabytes] =
                [&rates.operations, &rates.bytes].map(|samples| samples.summary().times(1e-9));
            report.metric(format!("peak, {}", threads(pool)), "GFLOP/s", gflops);
            report.metric(format!("memory, {}", threads(pool)), "GB/s", gigabytes);
            vec![threads(pool), gflops.to_string(), gigabytes.to_string()]
        };
        let rows = self.setup.pools.iter().zip(&self.rates).map(&mut row).collect();
        report.tables.push(Table {
            title: "Peak".to_owned(),
            note: "GFLOP/s: independent chains of fused multiply-adds in registers; one multiply-add is two \
                   operations. GB/s: one array scaled into another, 134 MB each, read and written."
                .to_owned(),
            columns: vec!["threads", "GFLOP/s", "GB/s"],
            left: 1,
            rows,
        });
        report
    }
}
