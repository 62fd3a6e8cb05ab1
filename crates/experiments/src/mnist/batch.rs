//! Images as the network sees them.

use super::augment::Distortion;
use cnn::network::Pass;
use cnn::tensor::Shape;
use data::images::{Images, PIXELS, SIDE};
use rayon::prelude::*;

/// Puts images into the pass, normalised as their set is, and their labels into `labels`.
pub(super) fn fill(pass: &mut Pass, labels: &mut Vec<usize>, images: &Images, rows: &[usize]) {
    let intensities = images.normalisation.table(); // (256)
    write(pass, labels, images, rows, |i, to| {
        for (to, &pixel) in to.iter_mut().zip(images.image(rows[i])) {
            *to = intensities[usize::from(pixel)];
        }
    });
}

/// [`fill`] with distorted images: `distortions[i]` is that of `rows[i]`.
pub(super) fn fill_distorted(
    pass: &mut Pass,
    labels: &mut Vec<usize>,
    images: &Images,
    rows: &[usize],
    distortions: &[Distortion],
) {
    assert_eq!(rows.len(), distortions.len(), "a distortion for every image");
    let seen = images.normalisation.interpolated();
    write(pass, labels, images, rows, |i, to| distortions[i].apply(images.image(rows[i]), seen, to));
}

fn write(
    pass: &mut Pass,
    labels: &mut Vec<usize>,
    images: &Images,
    rows: &[usize],
    write_image: impl Fn(usize, &mut [f32]) + Sync,
) {
    let input = pass.input();
    input.reshape_for_writing(Shape::maps(rows.len(), SIDE, SIDE, 1)); // (B, 28, 28, 1)
    let all = input.data_mut().par_chunks_exact_mut(PIXELS).with_min_len(8).enumerate();
    all.for_each(|(i, to)| write_image(i, to));
    labels.clear();
    labels.extend(rows.iter().map(|&row| usize::from(images.labels[row]))); // (B)
}
