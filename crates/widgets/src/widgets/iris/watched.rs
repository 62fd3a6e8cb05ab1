//! A run that can be looked at after any epoch, forward and back.
//!
//! **A run is fixed by its settings**, so to go back is to take the last copy before, and to run from there again.

use cnn::kernels::Isa;
use data::iris::Iris;
use experiments::iris::{
    Epoch, GradientNorms, InProgress, IrisRunError, Prepared, Settings, begin, is_at_95_percent,
};

/// A copy of the run is kept so often.
const COPY_EVERY: usize = 25;

/// What is seen after an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Losses and right answers.
    pub epoch: Epoch,
    /// The size of the gradient.
    pub gradient: GradientNorms,
}

/// A run with all that was seen of it.
pub struct WatchedRun {
    /// How it is made.
    pub settings: Settings,
    /// What it is made with.
    pub prepared: Prepared,
    /// What was seen, from epoch 0 on; **it is kept when the run goes back**.
    pub seen: Vec<Seen>,
    /// Why it does not go on.
    pub ended: Option<IrisRunError>,
    now: Box<dyn InProgress>,
    at: usize,
    copies: Vec<Box<dyn InProgress>>,
}

impl WatchedRun {
    /// A run that has not begun.
    ///
    /// # Errors
    /// Those of [`begin`] and of the preparation.
    pub fn new(iris: &Iris, settings: Settings) -> Result<Self, IrisRunError> {
        let prepared = Prepared::new(iris, &settings)?;
        let mut now = begin(Isa::detect(), &prepared, &settings, settings.epochs)?;
        let seen = vec![Seen { epoch: now.measure()?, gradient: now.gradient()? }];
        let copies = vec![now.fork()];
        Ok(Self { settings, prepared, seen, ended: None, now, at: 0, copies })
    }

    /// The epoch that the weights are of.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What is seen there.
    pub fn here(&self) -> &Seen {
        &self.seen[self.at.min(self.seen.len() - 1)]
    }

    /// The weights there, as a run of its own.
    pub fn fork(&self) -> Box<dyn InProgress> {
        self.now.fork()
    }

    /// Goes one epoch towards `target`, or back to the last copy before it; returns whether it went.
    pub fn approach(&mut self, target: usize) -> bool {
        let target = target.min(self.settings.epochs);
        if target < self.at {
            let copy = (target / COPY_EVERY).min(self.copies.len() - 1);
            (self.now, self.at) = (self.copies[copy].fork(), copy * COPY_EVERY);
            return true;
        }
        let blocked = self.ended.is_some() && self.at + 1 == self.seen.len();
        if self.at == target || blocked {
            return false;
        }
        self.ended = self.next().err().or(self.ended.take());
        true
    }

    fn next(&mut self) -> Result<(), IrisRunError> {
        self.now.next_epoch()?;
        self.at += 1;
        if self.at == self.seen.len() {
            self.seen.push(Seen { epoch: self.now.measure()?, gradient: self.now.gradient()? });
        }
        if self.at == self.copies.len() * COPY_EVERY {
            self.copies.push(self.now.fork());
        }
        Ok(())
    }

    /// The first epoch seen after which 95 % of the training flowers are right.
    pub fn first_at_95_percent(&self) -> Option<usize> {
        let at_95 = |seen: &&Seen| seen.epoch.epoch > 0 && is_at_95_percent(seen.epoch.train);
        self.seen.iter().find(at_95).map(|seen| seen.epoch.epoch)
    }

    /// Whether all of it was seen.
    pub fn is_complete(&self) -> bool {
        self.seen.len() > self.settings.epochs || self.ended.is_some()
    }
}
