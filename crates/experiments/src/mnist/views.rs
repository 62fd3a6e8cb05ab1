//! An image in several views: the network is shown it as it is and a little distorted, always in the same ways, and its
//! answer is that of the mean logarithm of the probabilities.
//!
//! ```text
//! m_k = 1/V Σ_v ln softmax(z_v)_k        p = softmax(m)
//! ```
//!
//! The loss is `-ln p` of the label. **The views were written down before any test digit was seen in them.** Source: A.
//! Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep convolutional neural networks", 2012,
//! section 4.1, with crops and mirror images in the place of ours, and a mean of probabilities.

use super::augment::Distortion;
use super::batch::fill_distorted;
use super::evaluation::ask;
use cnn::kernels::Isa;
use cnn::network::Network;
use data::images::Images;
use numerics::elementary::{exp, ln};
use records::Count;
use serde::{Deserialize, Serialize};

/// How many views there are.
pub const VIEWS: usize = 9;

/// The classes.
const DIGITS: usize = 10;

/// What a network says of images in all views.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewsScore {
    /// Right answers.
    pub held_out: Count,
    /// Mean loss in nats.
    pub held_out_loss: f64,
    /// What it gets wrong: place, label, answer.
    pub mistakes: Vec<(usize, usize, usize)>,
}

/// The views: as it is, turned both ways, narrower and wider, lower and higher, sheared both ways.
pub fn views() -> [Distortion; VIEWS] {
    let view = |degrees, zoom, shear| Distortion::new(degrees, zoom, shear, [0.0, 0.0]);
    [
        view(0.0, [1.0, 1.0], 0.0),
        view(-6.0, [1.0, 1.0], 0.0),
        view(6.0, [1.0, 1.0], 0.0),
        view(0.0, [0.94, 1.0], 0.0),
        view(0.0, [1.06, 1.0], 0.0),
        view(0.0, [1.0, 0.94], 0.0),
        view(0.0, [1.0, 1.06], 0.0),
        view(0.0, [1.0, 1.0], -0.08),
        view(0.0, [1.0, 1.0], 0.08),
    ]
}

/// Asks a network about every image in all views.
pub fn evaluate_views(isa: Isa, network: &Network, images: &Images) -> ViewsScore {
    let mut means = vec![[0.0; DIGITS]; images.len()];
    for view in views() {
        let of_batches: Vec<Vec<_>> = ask(
            isa,
            network,
            images.len(),
            |pass, labels, rows| fill_distorted(pass, labels, images, rows, &vec![view; rows.len()]),
            |logits, labels| {
                (0..labels.len())
                    .map(|i| log_softmax(logits.example(i).iter().map(|&z| f64::from(z))))
                    .collect()
            },
        );
        for (mean, of_view) in means.iter_mut().zip(of_batches.into_iter().flatten()) {
            mean.iter_mut().zip(of_view).for_each(|(mean, of_view)| *mean += of_view / VIEWS as f64);
        }
    }
    score(&means, &images.labels)
}

/// The logarithms of the probabilities, `z_k - ln Σ_j e^{z_j}`.
fn log_softmax(logits: impl Iterator<Item = f64> + Clone) -> [f64; DIGITS] {
    let largest = logits.clone().fold(f64::NEG_INFINITY, f64::max);
    let normaliser = largest + ln(logits.clone().fold(0.0, |sum, z| sum + exp(z - largest)));
    let mut logarithms = [0.0; DIGITS];
    logarithms.iter_mut().zip(logits).for_each(|(to, z)| *to = z - normaliser);
    logarithms
}

/// The score of mean logarithms; of equally large ones the first digit is the answer.
fn score(means: &[[f64; DIGITS]], labels: &[u8]) -> ViewsScore {
    let (mut loss, mut mistakes) = (0.0, Vec::new());
    for (place, (mean, &label)) in means.iter().zip(labels).enumerate() {
        let label = usize::from(label);
        let answer = (1..DIGITS).fold(0, |best, digit| if mean[digit] > mean[best] { digit } else { best });
        loss -= log_softmax(mean.iter().copied())[label];
        if answer != label {
            mistakes.push((place, label, answer));
        }
    }
    let (correct, total) = (means.len() - mistakes.len(), means.len());
    ViewsScore { held_out: Count { correct, total }, held_out_loss: loss / total.max(1) as f64, mistakes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mnist::{Recipe, predict};
    use data::images::{MNIST, PIXELS};
    use numerics::random::{Purpose, Stream};

    fn images() -> Images {
        let mut stream = Stream::new(1, Purpose::Check);
        let pixels = (0..20 * PIXELS).map(|_| stream.below(256) as u8).collect();
        Images { pixels, labels: (0..20).map(|i| i % 10).collect(), normalisation: MNIST.normalisation }
    }

    #[test]
    fn the_first_view_is_the_image_and_no_two_are_alike() {
        let views = views();
        assert_eq!(views[0], Distortion::new(0.0, [1.0, 1.0], 0.0, [0.0, 0.0]));
        assert!((0..VIEWS).all(|i| (0..i).all(|j| views[i] != views[j])));
    }

    #[test]
    fn the_mean_of_logarithms_decides() {
        let row = |first: f64, second: f64| {
            let mut row = [-20.0; DIGITS];
            (row[0], row[1]) = (first, second);
            row
        };
        // Of equals the first; the constant in a row changes nothing.
        let found = score(&[row(-1.0, -1.0), row(-1.0, -0.5), row(4.0, 4.5)], &[0, 1, 0]);
        assert_eq!((found.held_out.correct, &found.mistakes[..]), (2, &[(2, 0, 1)][..]));
        let expected = [0.5_f64, 1.0 / (1.0 + (-0.5_f64).exp()), 1.0 / (1.0 + 0.5_f64.exp())];
        let expected = -expected.map(f64::ln).iter().sum::<f64>() / 3.0;
        // Eight further digits with e^-20 beside them.
        assert!((found.held_out_loss - expected).abs() < 1e-7, "{found:?}");
    }

    /// Views that are all the image itself would answer as the image does; the nine do not.
    #[test]
    fn every_view_has_its_say() {
        let (network, images) = (Recipe::registered().network.network(3), images());
        let isa = Isa::detect();
        let viewed = evaluate_views(isa, &network, &images);
        let (alone, _) = predict(isa, &network, &images);
        assert_eq!(viewed.held_out.total, 20);
        assert_eq!(viewed.held_out.correct + viewed.mistakes.len(), 20);
        assert!((viewed.held_out_loss - alone.loss_mean_nats()).abs() > 1e-6);
        // The same as one view after the other by hand.
        let mut loss = 0.0;
        for (i, &label) in images.labels.iter().enumerate() {
            let mut mean = [0.0; DIGITS];
            for view in views() {
                let mut image = Images { labels: vec![label], ..images.clone() };
                image.pixels = images.image(i).to_vec();
                let fill = |pass: &mut _, labels: &mut _, rows: &[usize]| {
                    fill_distorted(pass, labels, &image, rows, &[view]);
                };
                let rows: Vec<Vec<f32>> = ask(isa, &network, 1, fill, |z, _| z.example(0).to_vec());
                let logarithms = log_softmax(rows[0].iter().map(|&z| f64::from(z)));
                mean.iter_mut().zip(logarithms).for_each(|(mean, of)| *mean += of / VIEWS as f64);
            }
            loss -= log_softmax(mean.into_iter())[usize::from(label)] / 20.0;
        }
        assert!((viewed.held_out_loss - loss).abs() < 1e-9, "{} {loss}", viewed.held_out_loss);
    }
}
