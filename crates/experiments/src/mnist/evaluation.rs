//! What a trained network says of images that it did not learn from.

use super::batch::fill;
use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::loss::{Score, argmax, softmax_cross_entropy};
use cnn::network::{Network, Pass};
use cnn::tensor::Tensor;
use data::images::Images;
use numerics::elementary::exp;
use rayon::prelude::*;
use records::Count;
use serde::{Deserialize, Serialize};

/// Images in a batch when nothing is learned: few enough for the caches. Any number gives the same predictions; the
/// last bits of the loss are those of its sums batch by batch.
const EVALUATION_BATCH: usize = 8;

/// An image that the network got wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misclassified {
    /// Its place in the test part, from 0.
    pub index: usize,
    /// The digit it is labelled with.
    pub label: usize,
    /// The digit the network says.
    pub predicted: usize,
}

/// What the trained network says of the test part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Right predictions.
    pub test: Count,
    /// Mean loss in nats.
    pub test_loss: f64,
    /// `confusion[label][predicted]`.
    pub confusion: Vec<Vec<usize>>,
    /// Everything it got wrong.
    pub mistakes: Vec<Misclassified>,
}

/// What a network says of one image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// The digit with the largest logit.
    pub digit: usize,
    /// The probability it gives that digit.
    pub confidence: f64,
}

/// Asks a network about every image; the loss is the mean in nats.
pub fn predict(isa: Isa, network: &Network, images: &Images) -> (Score, Vec<Prediction>) {
    let scored: Vec<(Score, Vec<Prediction>)> = ask(
        isa,
        network,
        images.len(),
        |pass, labels, rows| fill(pass, labels, images, rows),
        |logits, labels| {
            let predictions = (0..labels.len()).map(|i| prediction(logits.example(i))).collect();
            (softmax_cross_entropy(isa, logits, labels, None), predictions)
        },
    );
    let score = scored.iter().fold(Score::default(), |total, (score, _)| total.and(*score));
    (score, scored.into_iter().flat_map(|(_, predictions)| predictions).collect())
}

/// The logits of every image: `(N, 10)`.
pub fn ask_logits(isa: Isa, network: &Network, images: &Images) -> Vec<Vec<f32>> {
    let of_batches: Vec<Vec<Vec<f32>>> = ask(
        isa,
        network,
        images.len(),
        |pass, labels, rows| fill(pass, labels, images, rows),
        |logits, labels| (0..labels.len()).map(|i| logits.example(i).to_vec()).collect(),
    );
    of_batches.concat()
}

/// What `answer` makes of the logits of each batch, in order: `fill` puts images into the pass, and their labels beside
/// it.
///
/// Every thread takes its share of the batches through its own copy of the network, so that what one layer writes is
/// still in the thread's cache when the next reads it.
pub(super) fn ask<T: Send>(
    isa: Isa,
    network: &Network,
    images: usize,
    fill: impl Fn(&mut Pass, &mut Vec<usize>, &[usize]) + Sync,
    answer: impl Fn(&Tensor, &[usize]) -> T + Sync,
) -> Vec<T> {
    let batches = images.div_ceil(EVALUATION_BATCH);
    let share = batches.div_ceil(rayon::current_num_threads()).max(1);
    let mut answers: Vec<Option<T>> = (0..batches).map(|_| None).collect();
    answers.par_chunks_mut(share).enumerate().for_each(|(thread, answers)| {
        let (mut network, mut pass, mut labels) = (network.clone(), Pass::default(), Vec::new());
        for (batch, to) in answers.iter_mut().enumerate() {
            let first = (thread * share + batch) * EVALUATION_BATCH;
            let rows: Vec<usize> = (first..(first + EVALUATION_BATCH).min(images)).collect();
            fill(&mut pass, &mut labels, &rows);
            let logits = network
                .forward(isa, &mut pass, Mode::Infer)
                .expect("images of 28 x 28 fit the network, whose shapes a test computes");
            *to = Some(answer(logits, &labels));
        }
    });
    answers.into_iter().flatten().collect()
}

/// The largest logit's digit, and its share `1 / Σ_c e^{z[c] - z[digit]}`.
fn prediction(logits: &[f32]) -> Prediction {
    let digit = argmax(logits);
    let normaliser = logits.iter().fold(0.0, |sum, &z| sum + exp(f64::from(z) - f64::from(logits[digit])));
    Prediction { digit, confidence: 1.0 / normaliser }
}

/// Asks a network about every test image.
pub fn evaluate(isa: Isa, network: &Network, test: &Images) -> Evaluation {
    let (score, predictions) = predict(isa, network, test);
    let mut confusion = vec![vec![0; 10]; 10];
    let mut mistakes = Vec::new();
    for (index, Prediction { digit: predicted, .. }) in predictions.into_iter().enumerate() {
        let label = usize::from(test.labels[index]);
        confusion[label][predicted] += 1;
        if predicted != label {
            mistakes.push(Misclassified { index, label, predicted });
        }
    }
    let test = Count { correct: score.correct, total: score.total };
    Evaluation { test, test_loss: score.loss_mean_nats(), confusion, mistakes }
}
