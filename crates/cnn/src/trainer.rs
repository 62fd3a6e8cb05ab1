//! A training run: epochs of steps.

use crate::average::Average;
use crate::batches::{Batches, Place};
use crate::examples::Source;
use crate::loss::{Loss, Score};
use crate::network::{Network, Pass};
use crate::optimiser::{Decayed, Optimiser, Rule};
use crate::schedule::Schedule;
use crate::train::{TrainError, evaluate_by, step_by};
use kernels::Isa;

/// Examples in a batch when nothing is learned.
const EVALUATION_BATCH: usize = 256;

/// How a run is made. With the network and the source it fixes every bit of the result.
#[derive(Clone, Copy, Debug)]
pub struct Hyperparameters {
    /// The update rule.
    pub rule: Rule,
    /// Which parameters its weight decay is taken of.
    pub decayed: Decayed,
    /// The learning rate of each step, finite and above 0.
    pub rates: Schedule,
    /// What is minimised.
    pub loss: Loss,
    /// The examples of a batch, at least 1; **the last batch of an epoch is smaller** when it does not divide their
    /// number.
    pub batch_size: usize,
    /// The seed of the order of the examples.
    pub seed: u64,
    /// The result is the average of the weights along the way, which keeps at most this share of itself in a step: see
    /// [`Average`].
    pub averaging: Option<f64>,
}

impl Default for Hyperparameters {
    /// Adam at a rate of 0.001, cross-entropy, batches of 32, no average, seed 1.
    fn default() -> Self {
        Self {
            rule: Rule::ADAM,
            decayed: Decayed::All,
            rates: Schedule::Constant { rate: 1e-3 },
            loss: Loss::CROSS_ENTROPY,
            batch_size: 32,
            seed: 1,
            averaging: None,
        }
    }
}

/// Why a step was not made, and where.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("epoch {}, batch {}: {source}", .place.epoch, .place.batch)]
pub struct StepError {
    /// The step that was to be made.
    pub place: Place,
    /// Why it was not.
    pub source: TrainError,
}

/// What an epoch scored on its own batches, **each before its own step**.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// The epoch, **from 1**.
    pub number: usize,
    /// The score of its batches.
    pub score: Score,
}

/// Where a run stands between two steps: with its hyperparameters, its network, its average and what its source
/// remembers all that is needed to go on with the same bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The steps that were made.
    pub steps: usize,
    /// The epoch that was begun last; 0 before the first.
    pub epoch: usize,
    /// The examples of it that were learned from.
    pub done: usize,
    /// Where the stream of the orders stood before it drew the epoch's.
    pub orders: u128,
    /// The score of the epoch so far.
    pub score: Score,
    /// The score of the last step.
    pub last: Score,
    /// What the optimiser remembers of each parameter.
    pub moments: Vec<(Vec<f32>, Vec<f32>)>,
}

/// A standing that this run cannot have: it is of other examples or of another network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is where another run stands: its examples, its batches or its network are others")]
pub struct OtherRun;

/// A run in progress: the network and all that changes it.
///
/// Between two steps or epochs the caller may look at everything and measure what they like;
/// [`evaluate`](Self::evaluate) changes nothing of the run. The fields are open so that a run can be examined tensor by
/// tensor; whoever exchanges the network gets an error from the optimiser, which remembers the old one.
#[derive(Clone, Debug)]
pub struct Trainer<S> {
    /// The instruction set; all give the same bits.
    pub isa: Isa,
    /// The network in training.
    pub network: Network,
    /// The optimiser with its memory.
    pub optimiser: Optimiser,
    /// The average of the weights, if there is one.
    pub average: Option<Average>,
    /// The memory of the last pass.
    pub pass: Pass,
    /// What is learned from.
    pub source: S,
    /// The score of the last step.
    pub last: Score,
    rates: Schedule,
    loss: Loss,
    batches: Batches,
    labels: Vec<usize>, // (B)
    steps: usize,
    /// Of the epoch so far.
    score: Score,
}

impl<S: Source> Trainer<S> {
    /// A run that has not begun, with the fastest instruction set of this machine. **The first step refuses what cannot
    /// be**, such as a source without examples or images that do not fit the network.
    pub fn new(network: Network, source: S, hyperparameters: Hyperparameters) -> Self {
        let Hyperparameters { rule, decayed, rates, loss, batch_size, seed, averaging } = hyperparameters;
        Self {
            isa: Isa::detect(),
            average: averaging.map(|most| Average::new(&network, most)),
            network,
            optimiser: Optimiser::new(rule).decaying(decayed),
            pass: Pass::default(),
            source,
            last: Score::default(),
            rates,
            loss,
            batches: Batches::new(batch_size, seed),
            labels: Vec::new(),
            steps: 0,
            score: Score::default(),
        }
    }

    /// Where the run stands, between two steps.
    pub fn standing(&self) -> Standing {
        let (epoch, done, orders) = self.batches.position();
        let moments = self.optimiser.state().map(|(first, second)| (first.to_vec(), second.to_vec()));
        let (score, last) = (self.score, self.last);
        Standing { steps: self.steps, epoch, done, orders, score, last, moments: moments.collect() }
    }

    /// The run that stood there, with the network and the average that it had, and a source that remembers what its own
    /// did. **A run that has not begun is given**, of the same hyperparameters.
    ///
    /// # Errors
    /// [`OtherRun`].
    pub fn resumed(
        self,
        network: Network,
        average: Option<Network>,
        standing: Standing,
    ) -> Result<Self, OtherRun> {
        let Standing { steps, epoch, done, orders, score, last, moments } = standing;
        let mut batches = self.batches;
        let sizes: Vec<usize> = network.parameters().map(|(_, parameter)| parameter.value.len()).collect();
        let fit = steps == 0 || moments.iter().map(|(first, _)| first.len()).eq(sizes);
        if !fit || self.average.is_some() != average.is_some() {
            return Err(OtherRun);
        }
        let examples = self.source.len();
        if !batches.seek((epoch, done, orders), examples) || batches.steps(examples) != Some(steps) {
            return Err(OtherRun);
        }
        let average = self
            .average
            .zip(average)
            .map(|(ours, network)| Average::resumed(network, ours.most(), steps as u64));
        let optimiser = self.optimiser.resumed(i32::try_from(steps).map_err(|_| OtherRun)?, moments);
        Ok(Self { network, average, optimiser, batches, steps, score, last, ..self })
    }

    /// The same run with another instruction set: slower or faster, with the same bits.
    #[must_use]
    pub fn with_isa(self, isa: Isa) -> Self {
        Self { isa, ..self }
    }

    /// Makes one step, on the next batch: forward, loss, backward, update, and the average follows. Returns the batch's
    /// score **before** the update.
    ///
    /// # Errors
    /// [`StepError`]: the batch is empty or does not fit the network, a label is no class, the rate cannot be, or the
    /// loss is not finite. Network, optimiser and average are then as they were, and the batch is still the next one.
    pub fn step(&mut self) -> Result<Score, StepError> {
        let place = self.next_place();
        self.try_step(place).map_err(|source| StepError { place, source })
    }

    fn try_step(&mut self, Place { epoch, batch }: Place) -> Result<Score, TrainError> {
        let Self { isa, network, optimiser, average, pass, source, rates, loss, batches, labels, .. } = self;
        source.fill(epoch, batches.next(source.len()), pass, labels);
        let rate = rates.at(self.steps);
        let score = step_by(*isa, network, optimiser, rate, pass, |outputs, doutputs| {
            loss.score(*isa, outputs, labels, Some(doutputs))
        })?;
        if let Some(average) = average {
            average.follow(network)?;
        }
        batches.take();
        self.steps += 1;
        self.last = score;
        self.score = if batch == 1 { score } else { self.score.and(score) };
        Ok(score)
    }

    /// Makes the steps that are left of the epoch, or those of a new one.
    ///
    /// # Errors
    /// That of the first [`step`](Self::step) that was not made.
    pub fn epoch(&mut self) -> Result<Epoch, StepError> {
        loop {
            self.step()?;
            if let Some(epoch) = self.ended_epoch() {
                return Ok(epoch);
            }
        }
    }

    /// So many epochs, one for each item that is asked for. **After an error, stop.**
    ///
    /// ```
    /// use cnn::models::{Hidden, iris_network};
    /// use cnn::{Examples, Hyperparameters, Shape, Trainer};
    /// let exclusive_or = vec![0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0]; // (N, D) = (4, 2)
    /// let examples = Examples::new(Shape::vectors(4, 2), exclusive_or, vec![0, 1, 1, 0], 2)?;
    /// let mut trainer =
    ///     Trainer::new(iris_network(2, 8, 2, Hidden::Tanh, 1), examples, Hyperparameters::default());
    /// let history = trainer.epochs(2000).collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!(history.last().map(|epoch| epoch.score.accuracy()), Some(1.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn epochs(&mut self, count: usize) -> impl Iterator<Item = Result<Epoch, StepError>> {
        (0..count).map(|_| self.epoch())
    }

    /// The score of a source under the [`result`](Self::result), with running statistics and the loss of the run. It
    /// changes nothing of the run but the memory of the last pass.
    ///
    /// # Errors
    /// When the examples do not fit the network, or a label is no class.
    pub fn evaluate(&mut self, source: &mut impl Source) -> Result<Score, TrainError> {
        let Self { isa, network, average, pass, loss, labels, .. } = self;
        let network = average.as_mut().map_or(network, Average::network_mut);
        let rows: Vec<usize> = (0..source.len()).collect();
        rows.chunks(EVALUATION_BATCH).try_fold(Score::default(), |score, rows| {
            source.fill(0, rows, pass, labels);
            Ok(score.and(evaluate_by(*isa, network, pass, labels, *loss)?))
        })
    }

    /// What would be the result now: the average, or without one the network in training.
    pub fn result(&self) -> &Network {
        self.average.as_ref().map_or(&self.network, Average::network)
    }

    /// The [`result`](Self::result), ending the run.
    pub fn into_result(self) -> Network {
        self.average.map_or(self.network, Average::into_network)
    }

    /// What is minimised.
    pub fn loss(&self) -> Loss {
        self.loss
    }

    /// The place of the next step.
    pub fn next_place(&self) -> Place {
        self.batches.next_place()
    }

    /// The steps that were made.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The steps of an epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.batches.per_epoch(self.source.len())
    }

    /// The epoch of the last step, if that was its last.
    pub fn ended_epoch(&self) -> Option<Epoch> {
        let ended = self.steps > 0 && self.batches.ends_epoch();
        ended.then(|| Epoch { number: self.batches.epoch(), score: self.score })
    }
}
