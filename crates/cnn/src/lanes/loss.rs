//! The loss side by side.
//!
//! Shapes: `N` examples, `C` classes, `L` lanes.

use super::interleave::{put, take};
use crate::loss::{Loss, Score, TargetError, Targets};
use crate::tensor::{Shape, Tensor};
use kernels::Isa;
use kernels::elementary::exponentials;
use kernels::lanes::{Differences, Shifted};

/// The loss of all lanes, and its memory.
#[derive(Clone, Debug, Default)]
pub(super) struct LaneLoss {
    powers: Vec<f64>,     // (N, C, L)
    targets: Vec<f64>,    // (N, C, L)
    largest: Vec<f32>,    // (L)
    normaliser: Vec<f64>, // (L)
    outputs: Tensor,      // (N, C), of one lane
    doutputs: Tensor,     // (N, C), of one lane
}

impl LaneLoss {
    /// The gradient of each lane's loss by its outputs; `outputs` and `doutputs` are `(N, 1, C, L)`, `labels` `(N)` of
    /// each lane. Returns whether each lane's loss is finite.
    ///
    /// # Errors
    /// [`TargetError`] of the first lane whose labels do not fit.
    pub(super) fn gradient(
        &mut self,
        isa: Isa,
        loss: Loss,
        outputs: &Tensor,
        labels: &[Vec<usize>],
        doutputs: &mut Tensor,
    ) -> Result<Vec<bool>, TargetError> {
        let shape = outputs.shape();
        let smoothing = if let Loss::CrossEntropy { smoothing } = loss { smoothing } else { 0.0 };
        for labels in labels {
            Targets { labels, smoothing }.check(Shape::vectors(shape.n, shape.w))?;
        }
        doutputs.reshape_for_writing(shape);
        match loss {
            Loss::CrossEntropy { .. } => Ok(self.cross_entropy(isa, outputs, labels, smoothing, doutputs)),
            Loss::Other(_) => (0..labels.len())
                .map(|lane| {
                    self.one_lane(isa, loss, outputs, (lane, &labels[lane]), Some(doutputs))
                        .map(|score| score.loss_sum_nats.is_finite())
                })
                .collect(),
        }
    }

    /// The score of one lane by itself and, if asked for, its gradient.
    pub(super) fn one_lane(
        &mut self,
        isa: Isa,
        loss: Loss,
        outputs: &Tensor,
        (lane, labels): (usize, &[usize]),
        doutputs: Option<&mut Tensor>,
    ) -> Result<Score, TargetError> {
        let Shape { n, w: classes, c: lanes, .. } = outputs.shape();
        self.outputs.reshape_for_writing(Shape::vectors(n, classes)); // (N, C)
        take(outputs.data(), lane, lanes, self.outputs.data_mut());
        let own = doutputs.is_some().then_some(&mut self.doutputs);
        let score = loss.score(isa, &self.outputs, labels, own)?;
        if let Some(doutputs) = doutputs {
            put(self.doutputs.data(), lane, lanes, doutputs.data_mut());
        }
        Ok(score)
    }

    /// [`softmax_cross_entropy`](crate::loss::softmax_cross_entropy) in every lane, to the same bits.
    fn cross_entropy(
        &mut self,
        isa: Isa,
        outputs: &Tensor,
        labels: &[Vec<usize>],
        smoothing: f64,
        doutputs: &mut Tensor,
    ) -> Vec<bool> {
        let Shape { n, w: classes, c: lanes, .. } = outputs.shape();
        let Self { powers, targets, largest, normaliser, .. } = self;
        powers.resize(outputs.shape().len(), 0.0);
        largest.resize(lanes, 0.0);
        normaliser.resize(lanes, 0.0);
        Shifted { logits: outputs.data(), classes, largest, shifted: powers }.write(isa);
        targets.clear();
        targets.resize(powers.len(), 0.0);
        let mut finite = vec![true; lanes];
        for (lane, labels) in labels.iter().enumerate() {
            for (row, &label) in labels.iter().enumerate() {
                let at = (row * classes + label) * lanes + lane;
                targets[at] = 1.0 - smoothing;
                finite[lane] &= powers[at].is_finite();
            }
        }
        exponentials(isa, powers);
        let everyone = smoothing / classes as f64;
        let examples = n as f64;
        let doutputs = doutputs.data_mut();
        Differences { powers, targets, classes, everyone, examples, normaliser, to: doutputs }.write(isa);
        // A number that is not finite spreads to all classes of its example.
        for entry in doutputs.chunks_exact(lanes) {
            finite.iter_mut().zip(entry).for_each(|(finite, difference)| *finite &= difference.is_finite());
        }
        finite
    }
}
