//! What is computed: blocks of splits, and the settings among which is chosen on each.

use crate::iris::protocol::{SEEDS, blocks};
use crate::iris::{Activation, Features, Loss, Settings};
use std::ops::RangeInclusive;

/// The id of the part with the sorted split.
pub(super) const SORTED: &str = "sorted";

/// The settings among which is chosen: tanh, all training flowers in one batch, and a penalty that leaves a smooth
/// boundary, on features that are standardised or whitened. **The strongest penalties stand first**, because of equals
/// the first is taken.
pub(super) fn grid() -> Vec<Settings> {
    let base = Settings {
        hidden: 8,
        batch_size: 120,
        learning_rate: 0.03,
        epochs: 300,
        ..Settings::framework(Activation::Tanh)
    };
    // The sum over a batch of 120 is 120 means, and so is the penalty beside it.
    let losses = [(Loss::HalfSquaredErrorSum, [3.6, 1.2, 0.36]), (Loss::CrossEntropy, [0.03, 0.01, 0.003])];
    let of = |features: Features| {
        losses.into_iter().flat_map(move |(loss, decays)| decays.map(|decay| (features, loss, decay)))
    };
    let settings = |(features, loss, weight_decay)| Settings { features, loss, weight_decay, ..base.clone() };
    [Features::Whitened, Features::Standardised].into_iter().flat_map(of).map(settings).collect()
}

/// Splits of these seeds, or the sorted split.
pub(super) struct Block(pub(super) Option<RangeInclusive<u64>>);

impl Block {
    pub(super) fn id(&self) -> String {
        self.0.as_ref().map_or(SORTED.to_owned(), |seeds| format!("{}-{}", seeds.start(), seeds.end()))
    }
}

pub(super) fn all_blocks() -> Vec<Block> {
    std::iter::once(Block(None)).chain(blocks(SEEDS).map(|seeds| Block(Some(seeds)))).collect()
}
