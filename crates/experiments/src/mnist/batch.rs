//! Pictures as the network sees them.

use super::augment::Distortion;
use cnn::network::Pass;
use cnn::tensor::Shape;
use data::mnist::{Images, NORMALISATION, PIXELS, SIDE};
use rayon::prelude::*;

/// Puts pictures into the pass, [normalised](NORMALISATION), and their digits into `labels`.
pub(super) fn fill(pass: &mut Pass, labels: &mut Vec<usize>, images: &Images, pictures: &[usize]) {
    write(pass, labels, images, pictures, |i, to| {
        for (to, &pixel) in to.iter_mut().zip(images.image(pictures[i])) {
            *to = INTENSITIES[usize::from(pixel)];
        }
    });
}

/// The same of distorted pictures, each by its own distortion.
pub(super) fn fill_distorted(
    pass: &mut Pass,
    labels: &mut Vec<usize>,
    images: &Images,
    pictures: &[usize],
    distortions: &[Distortion],
) {
    assert_eq!(pictures.len(), distortions.len(), "a distortion for every picture");
    write(pass, labels, images, pictures, |i, to| distortions[i].apply(images.image(pictures[i]), to));
}

fn write(
    pass: &mut Pass,
    labels: &mut Vec<usize>,
    images: &Images,
    pictures: &[usize],
    picture: impl Fn(usize, &mut [f32]) + Sync,
) {
    let input = pass.input();
    input.reshape_for_writing(Shape::maps(pictures.len(), SIDE, SIDE, 1));
    let all = input.data_mut().par_chunks_exact_mut(PIXELS).with_min_len(8).enumerate();
    all.for_each(|(i, to)| picture(i, to));
    labels.clear();
    labels.extend(pictures.iter().map(|&picture| usize::from(images.labels[picture])));
}

/// What the network sees of each of the 256 values of a pixel.
const INTENSITIES: [f32; 256] = NORMALISATION.table();
