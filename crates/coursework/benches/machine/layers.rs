//! Where the time of a training step goes: every layer of the P1.2 network, forward and backward.
//!
//! A round is one step made layer by layer, each with its clock, and one undivided step, on one thread and then on all.
//! So every layer finds the caches as in training, and the sum of the parts can be held against the whole.

mod part;
mod roofline;
mod rows;

use crate::object::{Object, RATE, Report, Setup, optimiser};
use crate::peak::Peak;
use crate::summary::Samples;
use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::loss::softmax_cross_entropy;
use cnn::models::mnist_network;
use cnn::network::{Network, Pass};
use cnn::optimiser::Optimiser;
use cnn::tensor::{Shape, Tensor};
use cnn::train;
use data::images::SIDE;
use part::Part;
use rayon::ThreadPool;
use std::time::Instant;

/// What of a step is no layer's.
#[derive(Clone, Default)]
struct Rest {
    loss: Samples,
    update: Samples,
    /// The undivided step.
    whole: Samples,
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
    /// For each pool.
    rest: Vec<Rest>,
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
        let layers = network.layers().zip(kinds).enumerate();
        let parts = layers
            .map(|(i, ((name, layer), kinds))| {
                let name = format!("{name} {kinds}");
                Part::new(name, layer, [maps[i].shape(), maps[i + 1].shape()], i == 0, setup.pools.len())
            })
            .collect();
        let (dy, dx) = (Tensor::default(), Tensor::default());
        let (optimiser, rest) = (optimiser(), vec![Rest::default(); setup.pools.len()]);
        Ok(Self { setup, network, optimiser, pass, maps, dy, dx, labels, parts, rest })
    }

    /// One step, layer by layer, on the pool `index`.
    fn in_parts(&mut self, isa: Isa, index: usize) {
        let rest = &mut self.rest[index];
        let layers = self.network.layers_mut().zip(&mut self.parts);
        for (i, (layer, part)) in layers.enumerate() {
            let (before, after) = self.maps.split_at_mut(i + 1);
            let [forward, _] = &mut part.times[index];
            timed(forward, || layer.forward(isa, &before[i], &mut after[0], Mode::Train));
        }
        let logits = &self.maps[self.maps.len() - 1];
        timed(&mut rest.loss, || softmax_cross_entropy(isa, logits, &self.labels, Some(&mut self.dy)));
        let layers: Vec<_> = self.network.layers_mut().zip(&mut self.parts).enumerate().collect();
        for (i, (layer, part)) in layers.into_iter().rev() {
            let (x, y, dy) = (&self.maps[i], &self.maps[i + 1], &self.dy);
            self.dx.reshape_for_writing(x.shape());
            let dx = (i > 0).then_some(&mut self.dx);
            let [_, backward] = &mut part.times[index];
            timed(backward, || layer.backward(isa, x, y, dy, dx));
            std::mem::swap(&mut self.dy, &mut self.dx);
        }
        timed(&mut rest.update, || self.optimiser.step(isa, RATE, self.network.parameters_mut()));
    }

    /// One step as training makes it.
    fn undivided(&mut self, isa: Isa) -> anyhow::Result<()> {
        let Self { network, optimiser, pass, labels, maps, .. } = self;
        let input = pass.input();
        input.reshape_for_writing(maps[0].shape());
        input.data_mut().copy_from_slice(maps[0].data());
        train::step(isa, network, optimiser, RATE, pass, &*labels)?;
        Ok(())
    }

    /// One round on the pool `index`, after a step that is not timed: it fills the caches.
    fn on(&mut self, pool: &ThreadPool, index: usize) -> anyhow::Result<()> {
        let isa = self.setup.isa;
        pool.install(|| {
            self.undivided(isa)?;
            self.in_parts(isa, index);
            let mut whole = std::mem::take(&mut self.rest[index].whole);
            let made = timed(&mut whole, || self.undivided(isa));
            self.rest[index].whole = whole;
            made
        })
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
        setup.pools.iter().enumerate().try_for_each(|(index, pool)| self.on(pool, index))
    }

    fn report(&self, peak: &Peak) -> Report {
        let mut report = Report { tables: vec![self.table(peak), self.roofline(peak)], ..Report::default() };
        self.parts.iter().for_each(|part| part.metrics(&mut report));
        report.metric("loss, time", "s", self.rest[0].loss.summary());
        report.metric("update, time", "s", self.rest[0].update.summary());
        report.metric("undivided step, time", "s", self.rest[0].whole.summary());
        report
    }
}

/// Adds the seconds that `work` takes.
fn timed<R>(samples: &mut Samples, work: impl FnOnce() -> R) -> R {
    let start = Instant::now();
    let result = std::hint::black_box(work());
    samples.push(start.elapsed().as_secs_f64());
    result
}
