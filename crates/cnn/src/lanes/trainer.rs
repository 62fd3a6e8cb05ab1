//! Training runs side by side.

use super::interleave::{put, take};
use super::loss::LaneLoss;
use crate::batches::Batches;
use crate::examples::Source;
use crate::layer::{Mode, ShapeError};
use crate::loss::{Loss, Score};
use crate::network::{Network, Pass};
use crate::optimiser::Optimiser;
use crate::origin::Origin;
use crate::schedule::Schedule;
use crate::tensor::{Shape, Tensor};
use crate::train::TrainError;
use crate::trainer::{Hyperparameters, StepError};
use kernels::Isa;

/// Why runs cannot be made side by side. **Make them one by one.**
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LanesError {
    /// There is none.
    #[error("there is no run: give at least one")]
    None,
    /// A layer that is not computed side by side.
    #[error("{layer} is not computed side by side: make the runs one by one")]
    Layer {
        /// The layer's kind.
        layer: &'static str,
    },
    /// The networks or the numbers of examples differ.
    #[error(
        "the runs differ in their networks' layers or in the number of their examples: make them one by one"
    )]
    Different,
    /// A run with an average of its weights.
    #[error("an average of the weights is not kept side by side: make the runs one by one")]
    Averaging,
}

/// One of the runs.
#[derive(Clone, Debug)]
struct Lane<S> {
    /// For the names and shapes of the layers.
    network: Network,
    source: S,
    batches: Batches,
    /// Why the run has ended.
    failed: Option<StepError>,
}

/// Runs in progress, a lane each: **each has the bits of a [`Trainer`](crate::Trainer) by itself**, and one that fails
/// does not change the others.
#[derive(Clone, Debug)]
pub struct LaneTrainer<S> {
    isa: Isa,
    lanes: Vec<Lane<S>>,
    network: Network,
    optimiser: Optimiser,
    pass: Pass,
    rates: Schedule,
    loss: Loss,
    steps: usize,
    lane_loss: LaneLoss,
    /// A batch of one lane.
    batch: Pass,
    labels: Vec<Vec<usize>>, // (N) of each lane
}

impl<S: Source> LaneTrainer<S> {
    /// Runs that have not begun: of each its network, its source, and the seed of its orders, which takes the place of
    /// [`Hyperparameters::seed`].
    ///
    /// # Errors
    /// [`LanesError`].
    pub fn new(
        isa: Isa,
        runs: Vec<(Network, S, u64)>,
        hyperparameters: Hyperparameters,
    ) -> Result<Self, LanesError> {
        let Hyperparameters { rule, decayed, rates, loss, batch_size, averaging, .. } = hyperparameters;
        if averaging.is_some() {
            return Err(LanesError::Averaging);
        }
        let network = joined(&runs)?;
        let labels = vec![Vec::new(); runs.len()];
        let lane = |(network, source, seed)| Lane {
            network,
            source,
            batches: Batches::new(batch_size, seed),
            failed: None,
        };
        Ok(Self {
            isa,
            lanes: runs.into_iter().map(lane).collect(),
            network,
            optimiser: Optimiser::new(rule).decaying(decayed),
            pass: Pass::default(),
            rates,
            loss,
            steps: 0,
            lane_loss: LaneLoss::default(),
            batch: Pass::default(),
            labels,
        })
    }

    /// Makes the steps of an epoch in every lane.
    ///
    /// # Errors
    /// What ends all runs at once: a batch that does not fit, labels that are no classes. **A run that diverged ends by
    /// itself**, see [`failed`](Self::failed).
    pub fn epoch(&mut self) -> Result<(), StepError> {
        let steps = self.lanes.first().map_or(0, |lane| lane.batches.per_epoch(lane.source.len()));
        (0..steps).try_for_each(|_| self.step())
    }

    fn step(&mut self) -> Result<(), StepError> {
        let place = self.lanes[0].batches.next_place();
        self.try_step().map_err(|source| StepError { place, source })
    }

    fn try_step(&mut self) -> Result<(), TrainError> {
        let rate = self.rates.at(self.steps);
        if !(rate.is_finite() && rate > 0.0) {
            return Err(TrainError::Rate { rate });
        }
        self.fill_batches();
        if self.pass.input().shape().n == 0 {
            return Err(TrainError::EmptyBatch);
        }
        let Self { isa, network, pass, loss, lane_loss, labels, .. } = self;
        network.forward(*isa, pass, Mode::Train)?;
        let (outputs, doutputs) = pass.logits_and_gradient(); // (N, 1, C, L), twice
        let finite = lane_loss.gradient(*isa, *loss, outputs, labels, doutputs)?;
        self.note_diverged(&finite, rate)?;
        self.network.try_backward(self.isa, &mut self.pass)?;
        self.optimiser.try_step(self.isa, rate, self.network.parameters_mut())?;
        self.lanes.iter_mut().for_each(|lane| lane.batches.take());
        self.steps += 1;
        Ok(())
    }

    /// Every lane's next batch into its lane.
    fn fill_batches(&mut self) {
        let Self { lanes, pass, batch, labels, .. } = self;
        let count = lanes.len();
        for (at, (lane, labels)) in lanes.iter_mut().zip(labels).enumerate() {
            let epoch = lane.batches.next_place().epoch;
            lane.source.fill(epoch, lane.batches.next(lane.source.len()), batch, labels);
            fill_lane(pass, batch, at, count);
        }
    }

    /// Ends the runs whose loss is not finite, and says with what loss.
    fn note_diverged(&mut self, finite: &[bool], rate: f64) -> Result<(), TrainError> {
        for at in (0..self.lanes.len()).filter(|&at| !finite[at]) {
            if self.lanes[at].failed.is_some() {
                continue;
            }
            let (outputs, _) = self.pass.logits_and_gradient(); // (N, 1, C, L)
            let score =
                self.lane_loss.one_lane(self.isa, self.loss, outputs, (at, &self.labels[at]), None)?;
            let place = self.lanes[at].batches.next_place();
            let origin = Origin::of_step(&self.network(at), &self.activations(at));
            let source = TrainError::Diverged { loss: score.loss_mean_nats(), rate, origin };
            self.lanes[at].failed = Some(StepError { place, source });
        }
        Ok(())
    }

    /// The input of a lane, and what each of its layers gave in the last forward pass.
    fn activations(&self, lane: usize) -> Vec<Tensor> {
        let of_lane = |joined: &Tensor| {
            let Shape { n, w, c: lanes, .. } = joined.shape(); // (N, 1, C, L)
            let mut activation = Tensor::zeros(Shape::vectors(n, w)); // (N, C)
            take(joined.data(), lane, lanes, activation.data_mut());
            activation
        };
        self.pass.activations().iter().map(of_lane).collect()
    }

    /// Why a run ended, if it did: **its network is no result then**.
    pub fn failed(&self, lane: usize) -> Option<&StepError> {
        self.lanes[lane].failed.as_ref()
    }

    /// The network of a lane as it is now, its gradients those of the last backward pass.
    pub fn network(&self, lane: usize) -> Network {
        let mut network = self.lanes[lane].network.clone();
        let joined = self.network.parameters();
        for (to, (_, from)) in network.parameters_mut().zip(joined) {
            take(&from.value, lane, self.lanes.len(), &mut to.value);
            take(&from.gradient, lane, self.lanes.len(), &mut to.gradient);
        }
        network
    }

    /// The score of each lane's network on a source of its own, all of the same length.
    ///
    /// # Errors
    /// When the examples do not fit the networks, or a label is no class.
    pub fn evaluate(&mut self, sources: &mut [S]) -> Result<Vec<Score>, TrainError> {
        self.fill_all(sources);
        let Self { isa, network, pass, loss, lane_loss, labels, .. } = self;
        let outputs = network.forward(*isa, pass, Mode::Infer)?; // (N, 1, C, L)
        let score = |at: usize| lane_loss.one_lane(*isa, *loss, outputs, (at, &labels[at]), None);
        Ok((0..labels.len()).map(score).collect::<Result<_, _>>()?)
    }

    /// How many examples each lane's network puts into their class, as [`evaluate`](Self::evaluate) counts them; the
    /// loss is not computed.
    ///
    /// # Errors
    /// When the examples do not fit the networks.
    pub fn count_correct(&mut self, sources: &mut [S]) -> Result<Vec<usize>, ShapeError> {
        self.fill_all(sources);
        let Self { isa, network, pass, labels, .. } = self;
        let outputs = network.forward(*isa, pass, Mode::Infer)?; // (N, 1, C, L)
        let (lanes, row) = (labels.len(), outputs.shape().example_len());
        let is_right = |z: &[f32], lane: usize, label: usize| {
            let of = |class: usize| z[class * lanes + lane];
            let classes = z.len() / lanes;
            (1..classes).fold(0, |best, class| if of(class) > of(best) { class } else { best }) == label
        };
        let count = |(lane, labels): (usize, &Vec<usize>)| {
            let rows = outputs.data().chunks_exact(row).zip(labels);
            rows.filter(|&(z, &label)| is_right(z, lane, label)).count()
        };
        Ok(labels.iter().enumerate().map(count).collect())
    }

    /// Computes the gradient of each lane's loss over all of a source of its own, for [`network`](Self::network); no
    /// step is made.
    ///
    /// # Errors
    /// When the examples do not fit the networks, or a label is no class.
    pub fn gradient(&mut self, sources: &mut [S]) -> Result<(), TrainError> {
        self.fill_all(sources);
        let Self { isa, network, pass, loss, lane_loss, labels, .. } = self;
        network.forward(*isa, pass, Mode::Train)?;
        let (outputs, doutputs) = pass.logits_and_gradient(); // (N, 1, C, L), twice
        lane_loss.gradient(*isa, *loss, outputs, labels, doutputs)?;
        Ok(network.try_backward(*isa, pass)?)
    }

    /// All examples of each source into its lane.
    fn fill_all(&mut self, sources: &mut [S]) {
        let Self { pass, batch, labels, .. } = self;
        let (count, rows) = (labels.len(), (0..sources.first().map_or(0, Source::len)).collect::<Vec<_>>());
        for (at, (source, labels)) in sources.iter_mut().zip(labels).enumerate() {
            source.fill(0, &rows, batch, labels);
            fill_lane(pass, batch, at, count);
        }
    }
}

/// The network of all lanes.
fn joined<S: Source>(runs: &[(Network, S, u64)]) -> Result<Network, LanesError> {
    let (first, source, _) = runs.first().ok_or(LanesError::None)?;
    let sizes = |network: &Network| {
        network.parameters().map(|(name, parameter)| (name, parameter.shape.clone())).collect::<Vec<_>>()
    };
    let (kinds, expected) = (first.kinds().collect::<Vec<_>>(), sizes(first));
    let same = |(network, other, _): &(Network, S, u64)| {
        other.len() == source.len() && network.kinds().eq(kinds.iter().cloned()) && sizes(network) == expected
    };
    if !runs.iter().all(same) {
        return Err(LanesError::Different);
    }
    let networks: Vec<&Network> = runs.iter().map(|(network, ..)| network).collect();
    first.side_by_side(&networks).map_err(|layer| LanesError::Layer { layer })
}

/// A batch into a lane.
fn fill_lane(pass: &mut Pass, batch: &mut Pass, lane: usize, lanes: usize) {
    let input = batch.input();
    let Shape { n, c, .. } = input.shape();
    put(input.data(), lane, lanes, pass.write(Shape::maps(n, 1, c, lanes)));
}
