//! Runs of the framework's network side by side: what [`follow`](super::follow()) sees of each by itself, to the last
//! bit.

use super::check::check;
use super::end::End;
use super::framework::{Part, hyperparameters, in_epoch, initial, loss, norms, outputs, reduced};
use super::trace::{Followed, wrong_places};
use super::{Activation, Epoch, Follow, Implementation, IrisRunError, Prepared, Settings, Trace};
use cnn::LaneTrainer;
use cnn::kernels::Isa;
use cnn::loss::Score;
use cnn::network::Pass;
use records::Count;

/// Whether runs of these settings can be made side by side.
pub(super) fn fit(settings: &Settings) -> bool {
    settings.implementation == Implementation::Framework && settings.activation != Activation::Prelu
}

/// Trains and follows runs whose settings differ in their seeds alone. An error of one is no error of the others.
///
/// # Errors
/// What ends them all: settings that do not go together or that flowers were not prepared with.
pub(super) fn follow_lanes(
    isa: Isa,
    runs: &[(Prepared, Settings)],
    what: Follow,
) -> Result<Vec<Result<Trace, IrisRunError>>, IrisRunError> {
    let mut lanes = Lanes::begin(isa, runs)?;
    let mut followed: Vec<Option<Followed>> =
        runs.iter().map(|(of, settings)| Some(Followed::new(of, settings, what))).collect();
    let mut ended: Vec<Option<Result<Trace, IrisRunError>>> = runs.iter().map(|_| None).collect();
    let mut epoch = 0;
    while followed.iter().any(Option::is_some) {
        epoch += 1;
        lanes.trainer.epoch()?;
        for (at, (followed, ended)) in followed.iter_mut().zip(&mut ended).enumerate() {
            if let Some(error) = lanes.trainer.failed(at).filter(|_| followed.take().is_some()) {
                *ended = Some(Err(error.clone().into()));
            }
        }
        lanes.note(epoch, what, &mut followed)?;
        for (at, (followed, ended)) in followed.iter_mut().zip(&mut ended).enumerate() {
            if followed.is_some() {
                (what.done)();
            }
            if let Some(last) = followed.take_if(|followed| followed.is_last(epoch)) {
                *ended = Some(lanes.end(isa, epoch, at, &runs[at].0).map(|end| last.trace(end)));
            }
        }
    }
    Ok(ended.into_iter().flatten().collect())
}

/// Runs in progress.
struct Lanes {
    trainer: LaneTrainer<Part>,
    settings: Settings,
    train: Vec<Part>,
    test: Vec<Part>,
}

impl Lanes {
    fn begin(isa: Isa, runs: &[(Prepared, Settings)]) -> Result<Self, IrisRunError> {
        for (prepared, settings) in runs {
            check(settings)?;
            prepared.check(settings)?;
        }
        let none = || IrisRunError::Setting("there is no run".to_owned());
        let settings = runs.first().map(|(_, settings)| settings.clone()).ok_or_else(none)?;
        let of = |(prepared, settings): &(Prepared, Settings)| {
            (initial(settings), Part::train(prepared), settings.seed)
        };
        let trainer = LaneTrainer::new(isa, runs.iter().map(of).collect(), hyperparameters(&settings))?;
        let train = runs.iter().map(|(prepared, _)| Part::train(prepared)).collect();
        let test = runs.iter().map(|(prepared, _)| Part::test(prepared)).collect();
        Ok(Self { trainer, settings, train, test })
    }

    /// What is to be seen of each run after an epoch; nothing is measured that none of them asks for.
    fn note(
        &mut self,
        epoch: usize,
        what: Follow,
        followed: &mut [Option<Followed>],
    ) -> Result<(), IrisRunError> {
        if followed.iter().flatten().any(|followed| followed.learned.is_open()) {
            let right = self.trainer.count_correct(&mut self.train);
            let right = right.map_err(|source| in_epoch(epoch, source.into()))?;
            for (at, followed) in each(followed, |followed| followed.learned.is_open()) {
                let total = cnn::Source::len(&self.train[at]);
                followed.learned.note(epoch, Count { correct: right[at], total });
            }
        }
        if followed.iter().flatten().any(|followed| followed.is_measured(epoch)) {
            let measured = self.measure(epoch)?;
            for (at, followed) in each(followed, |followed| followed.is_measured(epoch)) {
                followed.history.push(measured[at].clone());
            }
        }
        if what.gradient_at.contains(&epoch) {
            self.trainer.gradient(&mut self.train).map_err(|source| in_epoch(epoch, source))?;
            for (at, followed) in each(followed, |_| true) {
                followed.gradient.push(norms(&self.trainer.network(at)));
            }
        }
        Ok(())
    }

    /// What is to be seen of a run at its end.
    fn end(&mut self, isa: Isa, epoch: usize, lane: usize, of: &Prepared) -> Result<End, IrisRunError> {
        let mut network = self.trainer.network(lane);
        let outputs = outputs(isa, &mut network, &mut Pass::default(), of.test_x.view());
        let outputs = outputs.map_err(|source| in_epoch(epoch, source))?; // (N, 3)
        let dead = cnn::dead_layer(isa, &mut network, &mut self.train[lane]);
        let dead = dead.map_err(|source| in_epoch(epoch, source.into()))?;
        let test_wrong = wrong_places(outputs.view(), &of.test_y);
        Ok(End { weights_sha256: network.sha256(), test_wrong, dead })
    }

    /// Both parts of each run.
    fn measure(&mut self, epoch: usize) -> Result<Vec<Epoch>, IrisRunError> {
        let failed = |source| in_epoch(epoch, source);
        let train = self.trainer.evaluate(&mut self.train).map_err(failed)?;
        let test = self.trainer.evaluate(&mut self.test).map_err(failed)?;
        let of_run = loss(self.settings.loss);
        let of =
            |score: &Score| (reduced(of_run, score), Count { correct: score.correct, total: score.total });
        let epochs = train.iter().zip(&test).map(|(train, test)| {
            let ((train_loss, train), (test_loss, test)) = (of(train), of(test));
            Epoch { epoch, train_loss, train, test_loss, test }
        });
        Ok(epochs.collect())
    }
}

/// The runs that go on and of which this holds, with their lanes.
fn each<'a, 'b>(
    followed: &'b mut [Option<Followed<'a>>],
    holds: impl Fn(&Followed<'a>) -> bool,
) -> impl Iterator<Item = (usize, &'b mut Followed<'a>)> {
    let going = followed.iter_mut().enumerate().filter_map(|(at, followed)| Some((at, followed.as_mut()?)));
    going.filter(move |(_, followed)| holds(followed))
}
