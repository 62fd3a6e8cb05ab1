//! A layer: what it has to do, and the time that it takes.

use crate::object::{BATCH, Report};
use crate::summary::Samples;
use cnn::layer::Layer;
use cnn::tensor::Shape;

/// The passes, in the order of every pair below.
const PASSES: [&str; 2] = ["forward", "backward"];

/// A layer's sizes and times; pairs are forward and backward, of the whole batch.
pub(super) struct Part {
    /// Its name and its kind, with those of the layers that it computes in its own passes.
    pub(super) name: String,
    /// Operations of the direct formula.
    pub(super) nominal: [f64; 2],
    /// Operations that the kernels make.
    pub(super) made: [f64; 2],
    /// Bytes of the maps that a pass needs, each once: forward input and output, backward input, cotangent and result.
    pub(super) bytes: [f64; 2],
    /// For each pool.
    pub(super) times: Vec<[Samples; 2]>,
}

impl Part {
    /// A layer whose input and output have these shapes. The first one's input has no gradient.
    pub(super) fn new(
        name: String,
        layer: &dyn Layer,
        [input, output]: [Shape; 2],
        first: bool,
        pools: usize,
    ) -> Self {
        let asked = usize::from(!first);
        let (nominal, made) = (layer.multiply_adds(input), layer.multiply_adds_made(input));
        let operations = |multiply_adds: usize| 2.0 * (BATCH * multiply_adds) as f64;
        let bytes = |numbers: usize| (size_of::<f32>() * numbers) as f64;
        let maps = input.len() + output.len();
        Self {
            name,
            nominal: [nominal, nominal + asked * nominal].map(operations),
            made: [made.forward, made.by_parameters + asked * made.by_input].map(operations),
            bytes: [maps, maps + asked * input.len()].map(bytes),
            times: vec![Default::default(); pools],
        }
    }

    /// Seconds of both passes on the pool `index`.
    pub(super) fn seconds(&self, index: usize) -> Samples {
        let [forward, backward] = &self.times[index];
        forward.plus(backward)
    }

    /// Whether it multiplies at all.
    pub(super) fn multiplies(&self) -> bool {
        self.nominal[0] > 0.0
    }

    /// Everything for a program. What does not say another number of threads is of one.
    pub(super) fn metrics(&self, report: &mut Report) {
        let (one, all) = (&self.times[0], &self.times[self.times.len() - 1]);
        for (i, pass) in PASSES.into_iter().enumerate() {
            let (name, seconds) = (format!("{}, {pass}", self.name), one[i].summary());
            report.metric(format!("{name}, time"), "s", seconds);
            report.metric(format!("{name}, all threads, time"), "s", all[i].summary());
            if self.multiplies() {
                report.metric(format!("{name}, made"), "GFLOP/s", seconds.rate_of(1e-9 * self.made[i]));
                report.metric(name, "GFLOP/s", seconds.rate_of(1e-9 * self.nominal[i]));
            }
        }
        let ratio = self.seconds(0).ratios(&self.seconds(self.times.len() - 1)).summary();
        report.metric(format!("{}, 1 thread / all threads", self.name), "ratio", ratio);
    }
}
