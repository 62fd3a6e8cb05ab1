//! What the network says of the 10,000 test images, on all threads.

use crate::object::{Object, Report, Setup, threads};
use crate::peak::Peak;
use crate::summary::{Samples, percent, short};
use crate::table::Table;
use cnn::models::mnist_network;
use cnn::network::Network;
use cnn::tensor::Shape;
use experiments::mnist::evaluate;
use std::time::Instant;

/// A network that is asked again and again.
pub struct Evaluation<'a> {
    setup: &'a Setup,
    network: Network,
    /// Nominal operations for all images.
    operations: f64,
    seconds: Samples,
}

impl<'a> Evaluation<'a> {
    /// An untrained network: right and wrong answers take the same time.
    pub fn new(setup: &'a Setup) -> anyhow::Result<Self> {
        let network = mnist_network(1);
        let of_one = 2 * network.table(Shape::maps(1, 28, 28, 1))?.multiply_adds();
        let operations = (of_one * setup.test.len()) as f64;
        Ok(Self { setup, network, operations, seconds: Samples::default() })
    }

    /// Asks about all images; returns the seconds it took.
    pub fn evaluate(&self) -> f64 {
        let Self { setup, network, .. } = self;
        setup.all().install(|| {
            let start = Instant::now();
            std::hint::black_box(evaluate(setup.isa, network, &setup.test));
            start.elapsed().as_secs_f64()
        })
    }
}

impl Object for Evaluation<'_> {
    fn rounds(&self) -> usize {
        self.setup.either(7, 2)
    }

    fn round(&mut self) -> anyhow::Result<()> {
        let seconds = self.evaluate();
        self.seconds.push(seconds);
        Ok(())
    }

    fn report(&self, peak: &Peak) -> Report {
        let mut report = Report::default();
        let seconds = self.seconds.summary();
        let rate = self.operations / seconds.median;
        report.metric("evaluation of the test images, time", "s", seconds);
        report.tables.push(Table {
            title: format!("Evaluation of the {} test images", self.setup.test.len()),
            note: "With the running statistics; GFLOP/s are nominal, as above.".to_owned(),
            columns: vec!["threads", "ms", "images/s", "GFLOP/s", "of peak"],
            left: 1,
            rows: vec![vec![
                threads(self.setup.all()),
                seconds.times(1e3).to_string(),
                short(self.setup.test.len() as f64 / seconds.median),
                short(1e-9 * rate),
                percent(rate / peak.all()),
            ]],
        });
        report
    }
}
