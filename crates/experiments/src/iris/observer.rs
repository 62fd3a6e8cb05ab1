//! What is measured after an epoch: no more than somebody reads. Measuring changes nothing of the run.

use super::{Epoch, Outcome, Settings, is_at_95_percent};
use records::Count;

/// What is kept of the epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Every epoch.
    All,
    /// The last one.
    Last,
}

/// What is to be measured after an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Loss and right answers on both parts.
    Epoch,
    /// The right answers on the training part.
    TrainCount,
    /// Nothing.
    Nothing,
}

/// Takes what was measured.
pub(super) struct Observer<'w> {
    epochs: usize,
    keep: Keep,
    watch: Option<&'w mut dyn FnMut(&Epoch)>,
    history: Vec<Epoch>,
    first_epoch_at_95_percent: Option<usize>,
}

impl<'w> Observer<'w> {
    /// An observer of a run of so many epochs.
    pub(super) fn new(epochs: usize, keep: Keep, watch: Option<&'w mut dyn FnMut(&Epoch)>) -> Self {
        Self { epochs, keep, watch, history: Vec::new(), first_epoch_at_95_percent: None }
    }

    /// What it needs to know after `epoch`.
    pub(super) fn wants(&self, epoch: usize) -> Wanted {
        if self.keep == Keep::All || self.watch.is_some() || epoch == self.epochs {
            Wanted::Epoch
        } else if self.first_epoch_at_95_percent.is_none() {
            Wanted::TrainCount
        } else {
            Wanted::Nothing
        }
    }

    /// Takes the right answers on the training part.
    pub(super) fn train_count(&mut self, epoch: usize, train: Count) {
        if is_at_95_percent(train) {
            self.first_epoch_at_95_percent.get_or_insert(epoch);
        }
    }

    /// Takes an epoch.
    pub(super) fn epoch(&mut self, epoch: Epoch) {
        if let Some(watch) = &mut self.watch {
            watch(&epoch);
        }
        self.train_count(epoch.epoch, epoch.train);
        if self.keep == Keep::Last {
            self.history.clear();
        }
        self.history.push(epoch);
    }

    /// What the run gave.
    pub(super) fn outcome(self, settings: Settings, weights_sha256: String) -> Outcome {
        let Self { history, first_epoch_at_95_percent, .. } = self;
        Outcome { settings, history, first_epoch_at_95_percent, weights_sha256 }
    }
}
