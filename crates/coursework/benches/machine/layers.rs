//! Where the time of a training step goes: every layer of the P1.2 network, forward and backward, on one thread.
//!
//! A round is one step made layer by layer, each with its clock, and one undivided step. So every layer finds the
//! caches as in training, and the sum of the parts can be held against the whole.

use crate::object::{BATCH, Object, RATE, Report, Setup, optimiser};
use crate::peak::Peak;
use crate::summary::{Samples, percent, short};
use crate::table::Table;
use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode};
use cnn::loss::softmax_cross_entropy;
use cnn::models::mnist_network;
use cnn::network::{Network, Pass};
use cnn::optimiser::Optimiser;
use cnn::tensor::{Shape, Tensor};
use cnn::train;
use data::images::SIDE;
use std::time::Instant;

/// The columns of the table.
const COLUMNS: [&str; 9] =
    ["layer", "kind", "forward ms", "rate", "of peak", "backward ms", "rate", "of peak", "of step"];

/// A layer's name, sizes and times.
struct Part {
    name: String,
    /// Its kind, and those of the layers that it computes in its own passes.
    kinds: String,
    /// Multiply-adds of the batch forward; backward twice as many, but for the first layer.
    multiply_adds: f64,
    /// Numbers of the batch that go in and come out.
    numbers: f64,
    forward: Samples,
    backward: Samples,
}

/// The network, taken apart.
pub struct Layers<'a> {
    setup: &'a Setup,
    network: Network,
    optimiser: Optimiser,
    pass: Pass,
    /// The input, then every layer's output.
    maps: Vec<Tensor>,
    dy: Tensor,
    dx: Tensor,
    labels: Vec<usize>,
    parts: Vec<Part>,
    loss: Samples,
    update: Samples,
    whole: Samples,
}

impl<'a> Layers<'a> {
    /// A network that has made one forward pass, which tells the shapes.
    pub fn new(setup: &'a Setup) -> anyhow::Result<Self> {
        let (mut network, mut pass) = (mnist_network(1), Pass::default());
        let (input, labels) = setup.batch(0);
        *pass.input() = input.clone();
        setup.one().install(|| network.forward(setup.isa, &mut pass, Mode::Train).map(|_| ()))?;
        let mut maps: Vec<Tensor> = pass.activations().iter().map(|map| Tensor::zeros(map.shape())).collect();
        maps[0] = input;
        let kinds = kinds(&network)?;
        let part = |(i, (name, layer)): (usize, (&str, &dyn Layer))| Part {
            name: name.to_owned(),
            kinds: kinds[i].clone(),
            multiply_adds: (BATCH * layer.multiply_adds(maps[i].shape())) as f64,
            numbers: (maps[i].shape().len() + maps[i + 1].shape().len()) as f64,
            forward: Samples::default(),
            backward: Samples::default(),
        };
        let parts = network.layers().enumerate().map(part).collect();
        let (dy, dx) = (Tensor::default(), Tensor::default());
        let (loss, update, whole) = Default::default();
        let optimiser = optimiser();
        Ok(Self { setup, network, optimiser, pass, maps, dy, dx, labels, parts, loss, update, whole })
    }

    /// One step, layer by layer.
    fn in_parts(&mut self, isa: Isa) {
        let layers = self.network.layers_mut().zip(&mut self.parts);
        for (i, (layer, part)) in layers.enumerate() {
            let (before, after) = self.maps.split_at_mut(i + 1);
            timed(&mut part.forward, || layer.forward(isa, &before[i], &mut after[0], Mode::Train));
        }
        let logits = &self.maps[self.maps.len() - 1];
        timed(&mut self.loss, || softmax_cross_entropy(isa, logits, &self.labels, Some(&mut self.dy)));
        let layers: Vec<_> = self.network.layers_mut().zip(&mut self.parts).enumerate().collect();
        for (i, (layer, part)) in layers.into_iter().rev() {
            let (x, y, dy) = (&self.maps[i], &self.maps[i + 1], &self.dy);
            self.dx.reshape_for_writing(x.shape());
            let dx = (i > 0).then_some(&mut self.dx);
            timed(&mut part.backward, || layer.backward(isa, x, y, dy, dx));
            std::mem::swap(&mut self.dy, &mut self.dx);
        }
        timed(&mut self.update, || self.optimiser.step(isa, RATE, self.network.parameters_mut()));
    }

    /// One step as training makes it.
    fn undivided(&mut self, isa: Isa) -> anyhow::Result<()> {
        let Self { network, optimiser, pass, labels, whole, maps, .. } = self;
        timed(whole, || {
            let input = pass.input();
            input.reshape_for_writing(maps[0].shape());
            input.data_mut().copy_from_slice(maps[0].data());
            train::step(isa, network, optimiser, RATE, pass, &*labels)
        })?;
        Ok(())
    }

    /// The sum of all parts, in seconds.
    fn sum(&self) -> f64 {
        let of_layer = |part: &Part| part.forward.summary().median + part.backward.summary().median;
        let layers: f64 = self.parts.iter().map(of_layer).sum();
        layers + self.loss.summary().median + self.update.summary().median
    }

    fn table(&self, peak: &Peak) -> Table {
        let sum = self.sum();
        let mut rows: Vec<Vec<String>> =
            (0..self.parts.len()).map(|i| self.parts[i].row(i == 0, sum, peak)).collect();
        for (name, samples) in [("loss", &self.loss), ("update", &self.update)] {
            rows.push(one_time(
                name,
                samples.summary().times(1e3).to_string(),
                samples.summary().median / sum,
            ));
        }
        rows.push(one_time("sum", short(1e3 * sum), 1.0));
        let whole = self.whole.summary();
        rows.push(one_time("undivided step", whole.times(1e3).to_string(), whole.median / sum));
        Table {
            title: format!("Layers of the P1.2 network, batch {BATCH}, 1 thread"),
            note: "GFLOP/s are nominal: two operations for each multiply-add of the direct formula. Winograd's way \
                   needs fewer, so shares of the peak can exceed 100 %. GB/s count each array once: forward input and \
                   output, backward input, cotangent and result."
                .to_owned(),
            columns: COLUMNS.to_vec(),
            left: 2,
            rows,
        }
    }
}

/// For each layer that computes, the kinds of all layers from it to the next one that does.
fn kinds(network: &Network) -> anyhow::Result<Vec<String>> {
    let names: Vec<&str> = network.layers().map(|(name, _)| name).collect();
    let mut kinds: Vec<Vec<&str>> = Vec::new();
    for row in network.table(Shape::maps(1, SIDE, SIDE, 1))? {
        match kinds.last_mut() {
            Some(last) if !names.contains(&row.name.as_str()) => last.push(row.kind),
            _ => kinds.push(vec![row.kind]),
        }
    }
    Ok(kinds.iter().map(|kinds| kinds.join(" + ")).collect())
}

impl Object for Layers<'_> {
    fn rounds(&self) -> usize {
        self.setup.either(25, 7)
    }

    fn round(&mut self) -> anyhow::Result<()> {
        let setup = self.setup;
        setup.one().install(|| {
            self.in_parts(setup.isa);
            self.undivided(setup.isa)
        })
    }

    fn report(&self, peak: &Peak) -> Report {
        let mut report = Report { tables: vec![self.table(peak)], ..Report::default() };
        for (i, part) in self.parts.iter().enumerate() {
            for (pass, samples) in [("forward", &part.forward), ("backward", &part.backward)] {
                let name = format!("{} {}, {pass}", part.name, part.kinds);
                report.metric(format!("{name}, time"), "s", samples.summary());
                if part.multiply_adds > 0.0 {
                    let operations = part.operations(pass == "backward", i == 0);
                    report.metric(name, "GFLOP/s", samples.summary().rate_of(1e-9 * operations));
                }
            }
        }
        report.metric("loss, time", "s", self.loss.summary());
        report.metric("update, time", "s", self.update.summary());
        report.metric("undivided step, time", "s", self.whole.summary());
        report
    }
}

impl Part {
    fn operations(&self, backward: bool, is_first: bool) -> f64 {
        2.0 * self.multiply_adds * if backward && !is_first { 2.0 } else { 1.0 }
    }

    fn row(&self, is_first: bool, sum: f64, peak: &Peak) -> Vec<String> {
        let mut row = vec![self.name.clone(), self.kinds.clone()];
        for (samples, backward) in [(&self.forward, false), (&self.backward, true)] {
            let seconds = samples.summary();
            row.push(seconds.times(1e3).to_string());
            if self.multiply_adds > 0.0 {
                let rate = self.operations(backward, is_first) / seconds.median;
                row.extend([format!("{} GFLOP/s", short(1e-9 * rate)), percent(rate / peak.one())]);
            } else {
                let arrays = if backward { 1.5 } else { 1.0 };
                let bytes = 4.0 * arrays * self.numbers;
                row.extend([format!("{} GB/s", short(1e-9 * bytes / seconds.median)), String::new()]);
            }
        }
        row.push(share(self.forward.summary().median + self.backward.summary().median, sum));
        row
    }
}

/// A row with a time and a share only.
fn one_time(name: &str, milliseconds: String, of_step: f64) -> Vec<String> {
    let mut row = vec![String::new(); 9];
    (row[0], row[2], row[8]) = (name.to_owned(), milliseconds, share(of_step, 1.0));
    row
}

/// A share of the step with one digit after the point.
fn share(part: f64, of: f64) -> String {
    format!("{:.1} %", 100.0 * part / of)
}

/// Adds the seconds that `work` takes.
fn timed<R>(samples: &mut Samples, work: impl FnOnce() -> R) -> R {
    let start = Instant::now();
    let result = std::hint::black_box(work());
    samples.push(start.elapsed().as_secs_f64());
    result
}
