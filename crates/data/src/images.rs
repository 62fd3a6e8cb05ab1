//! Sets of small grey images: MNIST, handwritten digits, 60,000 to train on and 10,000 to test on.
//!
//! Shapes: `N` images of 28 x 28 pixels, one byte each, row by row, 0 background to 255 ink. The order is that
//! of the files, which the homework asks for: first 60,000 train, last 10,000 test.
//!
//! A further set of the same shape and as many classes is one more const in [`SETS`].

mod normalisation;

pub use normalisation::{Interpolated, Normalisation};

use crate::checksum::KnownFile;
use crate::{DataError, idx};
use std::path::Path;

/// The side of an image in pixels.
pub const SIDE: usize = 28;

/// The pixels of an image.
pub const PIXELS: usize = SIDE * SIDE;

/// The images of a training part.
pub const TRAINING_IMAGES: usize = 60_000;

/// A set of grey images of 28 x 28 pixels in ten classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageSet {
    /// Its name.
    pub name: &'static str,
    /// Training images, their labels, test images, their labels.
    pub files: &'static [KnownFile; 4],
    /// What a network sees of a pixel: [`Images::pixel_statistics`] of **all** training images, even when fewer are
    /// trained on, so that a model means the same wherever it is used.
    pub normalisation: Normalisation,
}

/// Every set of images in `data/`.
pub const SETS: [ImageSet; 1] = [MNIST];

/// MNIST: handwritten digits.
///
/// Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition",
/// Proceedings of the IEEE 86, 1998.
pub const MNIST: ImageSet = ImageSet {
    name: "mnist",
    files: &[
        KnownFile {
            path: "mnist/train-images-idx3-ubyte.gz",
            sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            bytes: 16 + 60_000 * 28 * 28,
            gzip_sha256: Some("0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971"),
        },
        KnownFile {
            path: "mnist/train-labels-idx1-ubyte.gz",
            sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            bytes: 8 + 60_000,
            gzip_sha256: Some("1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203"),
        },
        KnownFile {
            path: "mnist/t10k-images-idx3-ubyte.gz",
            sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            bytes: 16 + 10_000 * 28 * 28,
            gzip_sha256: Some("1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be"),
        },
        KnownFile {
            path: "mnist/t10k-labels-idx1-ubyte.gz",
            sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            bytes: 8 + 10_000,
            gzip_sha256: Some("b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b"),
        },
    ],
    normalisation: Normalisation { mean: 0.13066047627384286, std: 0.3081078038564627 },
};

/// Images with their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Images {
    /// The pixels: `(N, 28, 28)`.
    pub pixels: Vec<u8>,
    /// The classes 0 to 9: `(N)`.
    pub labels: Vec<u8>,
    /// What a network sees of a pixel: the set's.
    pub normalisation: Normalisation,
}

impl ImageSet {
    /// The files of the training part: images and labels.
    pub const fn training_files(&self) -> &'static [KnownFile] {
        self.files.split_at(2).0
    }

    /// The files of the test part: images and labels.
    pub const fn test_files(&self) -> &'static [KnownFile] {
        self.files.split_at(2).1
    }

    /// Reads the training part from the folder `data_dir` and checks its files: those of the test part need not exist.
    ///
    /// # Errors
    /// Those of [`KnownFile::load`].
    pub fn load_training(&self, data_dir: impl AsRef<Path>) -> Result<Images, DataError> {
        let [images, labels, ..] = self.files;
        self.load(data_dir.as_ref(), images, labels)
    }

    /// Reads the test part from the folder `data_dir` and checks its files: those of the training part need not exist.
    ///
    /// # Errors
    /// Those of [`KnownFile::load`].
    pub fn load_test(&self, data_dir: impl AsRef<Path>) -> Result<Images, DataError> {
        let [.., images, labels] = self.files;
        self.load(data_dir.as_ref(), images, labels)
    }

    fn load(&self, data_dir: &Path, images: &KnownFile, labels: &KnownFile) -> Result<Images, DataError> {
        self.parse(images.path, images.load(data_dir)?, labels.path, &labels.load(data_dir)?)
    }

    /// Parses a file of images and its file of labels without checking hashes; the names are what messages call
    /// them. The images are taken by value, so that their 47 MB are not copied.
    ///
    /// # Errors
    /// [`DataError::ImageSize`] unless they are 28 x 28, [`DataError::Count`] unless there are as many labels,
    /// and those of [`idx`].
    pub fn parse(
        &self,
        images_name: &str,
        mut images: Vec<u8>,
        labels_name: &str,
        labels: &[u8],
    ) -> Result<Images, DataError> {
        let idx::ImageFile { count, rows, columns, .. } = idx::parse_images(images_name, &images)?;
        if (rows, columns) != (SIDE as u32, SIDE as u32) {
            return Err(DataError::ImageSize { name: images_name.to_owned(), rows, columns });
        }
        let labels = idx::parse_labels(labels_name, labels)?;
        if count != labels.len() {
            return Err(DataError::Count {
                images: images_name.to_owned(),
                image_count: count,
                labels: labels_name.to_owned(),
                label_count: labels.len(),
            });
        }
        images.drain(..idx::IMAGES_HEADER);
        Ok(Images { pixels: images, labels: labels.to_vec(), normalisation: self.normalisation })
    }
}

impl Images {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of image `i`: `(28, 28)`.
    ///
    /// # Panics
    /// When `i` is not below [`len`](Self::len).
    pub fn image(&self, i: usize) -> &[u8] {
        &self.pixels[i * PIXELS..(i + 1) * PIXELS]
    }

    /// The first `n` images, and the others.
    ///
    /// # Panics
    /// When there are fewer.
    pub fn split_at(&self, n: usize) -> (Self, Self) {
        let (pixels, other_pixels) = self.pixels.split_at(n * PIXELS);
        let (labels, other_labels) = self.labels.split_at(n);
        let normalisation = self.normalisation;
        let images = |pixels: &[u8], labels: &[u8]| Self {
            pixels: pixels.to_vec(),
            labels: labels.to_vec(),
            normalisation,
        };
        (images(pixels, labels), images(other_pixels, other_labels))
    }

    /// The first `n` images; all of them when there are fewer.
    #[must_use]
    pub fn limit(mut self, n: usize) -> Self {
        self.labels.truncate(n);
        self.pixels.truncate(self.labels.len() * PIXELS);
        self
    }

    /// Mean and standard deviation of the pixels on the scale 0 to 1, with `P = 784 N` pixels `p`:
    ///
    /// ```text
    /// mean = sum p / (255 P)        std = sqrt(P sum p^2 - (sum p)^2) / (255 P)
    /// ```
    ///
    /// Both sums and the difference are exact integers; only the last division and the root are rounded.
    ///
    /// # Errors
    /// [`DataError::Empty`] when there is no image.
    pub fn pixel_statistics(&self) -> Result<Normalisation, DataError> {
        if self.pixels.is_empty() {
            return Err(DataError::Empty { name: "the set of images".to_owned() });
        }
        let sum: u64 = self.pixels.iter().map(|&p| u64::from(p)).sum();
        let squares: u64 = self.pixels.iter().map(|&p| u64::from(p) * u64::from(p)).sum();
        let count = self.pixels.len() as u128;
        let spread = count * u128::from(squares) - u128::from(sum) * u128::from(sum);
        let scale = 255.0 * count as f64;
        Ok(Normalisation { mean: sum as f64 / scale, std: (spread as f64).sqrt() / scale })
    }
}

#[cfg(test)]
mod tests;
