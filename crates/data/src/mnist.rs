//! MNIST: pictures of handwritten digits, 60,000 to train on and 10,000 to test on.
//!
//! Shapes: `N` pictures of 28 x 28 pixels, one byte each, row by row, 0 background to 255 ink. The order is that
//! of the files, which the homework asks for: first 60,000 train, last 10,000 test.
//!
//! Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition",
//! Proceedings of the IEEE 86, 1998.

mod normalisation;

pub use normalisation::{NORMALISATION, Normalisation};

use crate::checksum::{KnownFile, TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS};
use crate::{DataError, idx};
use std::path::Path;

/// The side of a picture in pixels.
pub const SIDE: usize = 28;

/// The pixels of a picture.
pub const PIXELS: usize = SIDE * SIDE;

/// The pictures of the training part.
pub const TRAINING_PICTURES: usize = 60_000;

/// Training and test part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mnist {
    /// The first 60,000 pictures.
    pub train: Images,
    /// The last 10,000 pictures.
    pub test: Images,
}

/// Pictures with their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// The pixels: `(N, 28, 28)`.
    pub pixels: Vec<u8>,
    /// The digits 0 to 9: `(N)`.
    pub labels: Vec<u8>,
}

impl Mnist {
    /// Reads the four files from `mnist/` in the folder `data_dir` and checks the SHA-256 of each.
    ///
    /// # Errors
    /// Those of [`KnownFile::load`].
    pub fn load(data_dir: impl AsRef<Path>) -> Result<Self, DataError> {
        let data_dir = data_dir.as_ref();
        Ok(Self {
            train: Images::load_training(data_dir)?,
            test: Images::load(data_dir, TEST_IMAGES, TEST_LABELS)?,
        })
    }
}

impl Images {
    /// Reads the training part alone: the files of the test part need not exist.
    ///
    /// # Errors
    /// Those of [`KnownFile::load`].
    pub fn load_training(data_dir: impl AsRef<Path>) -> Result<Self, DataError> {
        Self::load(data_dir.as_ref(), TRAIN_IMAGES, TRAIN_LABELS)
    }

    fn load(data_dir: &Path, images: KnownFile, labels: KnownFile) -> Result<Self, DataError> {
        Self::parse(images.path, images.load(data_dir)?, labels.path, &labels.load(data_dir)?)
    }

    /// Parses a file of pictures and its file of labels without checking hashes; the names are what messages call
    /// them. The pictures are taken by value, so that their 47 MB are not copied.
    ///
    /// # Errors
    /// [`DataError::PictureSize`] unless they are 28 x 28, [`DataError::Count`] unless there are as many labels,
    /// and those of [`idx`].
    pub fn parse(
        images_name: &str,
        mut images: Vec<u8>,
        labels_name: &str,
        labels: &[u8],
    ) -> Result<Self, DataError> {
        let idx::Pictures { count, rows, columns, .. } = idx::parse_images(images_name, &images)?;
        if (rows, columns) != (SIDE as u32, SIDE as u32) {
            return Err(DataError::PictureSize { name: images_name.to_owned(), rows, columns });
        }
        let labels = idx::parse_labels(labels_name, labels)?;
        if count != labels.len() {
            return Err(DataError::Count {
                images: images_name.to_owned(),
                pictures: count,
                labels: labels_name.to_owned(),
                digits: labels.len(),
            });
        }
        images.drain(..idx::IMAGES_HEADER);
        Ok(Self { pixels: images, labels: labels.to_vec() })
    }

    /// The number of pictures.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of picture `i`: `(28, 28)`.
    ///
    /// # Panics
    /// When `i` is not below [`len`](Self::len).
    pub fn image(&self, i: usize) -> &[u8] {
        &self.pixels[i * PIXELS..(i + 1) * PIXELS]
    }

    /// The first `n` pictures, and the others.
    ///
    /// # Panics
    /// When there are fewer.
    pub fn split_at(&self, n: usize) -> (Self, Self) {
        let (pixels, other_pixels) = self.pixels.split_at(n * PIXELS);
        let (labels, other_labels) = self.labels.split_at(n);
        let images = |pixels: &[u8], labels: &[u8]| Self { pixels: pixels.to_vec(), labels: labels.to_vec() };
        (images(pixels, labels), images(other_pixels, other_labels))
    }

    /// The first `n` pictures; all of them when there are fewer.
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
    /// [`DataError::Empty`] when there is no picture.
    pub fn pixel_statistics(&self) -> Result<Normalisation, DataError> {
        if self.pixels.is_empty() {
            return Err(DataError::Empty { name: "MNIST".to_owned() });
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
mod tests {
    use super::*;
    use crate::repository_data;
    use rstest::{fixture, rstest};

    #[fixture]
    #[once]
    fn mnist() -> Mnist {
        Mnist::load(repository_data()).unwrap()
    }

    fn file(words: &[u32], payload: &[u8]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).chain(payload.iter().copied()).collect()
    }

    /// `n` pictures of 28 x 28 whose pixels are `value`, labelled 0, 1, 2, ...
    fn files(n: u32, value: u8) -> (Vec<u8>, Vec<u8>) {
        let labels: Vec<u8> = (0..n as u8).collect();
        let pixels = vec![value; n as usize * PIXELS];
        (file(&[idx::IMAGES_MAGIC, n, 28, 28], &pixels), file(&[idx::LABELS_MAGIC, n], &labels))
    }

    fn parse((images, labels): (Vec<u8>, Vec<u8>)) -> Result<Images, DataError> {
        Images::parse("images", images, "labels", &labels)
    }

    #[rstest]
    fn there_are_sixty_thousand_and_ten_thousand_pictures(mnist: &Mnist) {
        assert_eq!((mnist.train.len(), mnist.test.len()), (60_000, 10_000));
        assert_eq!(mnist.train.pixels.len(), 60_000 * PIXELS);
        assert_eq!(mnist.train.labels[..5], [5, 0, 4, 1, 9], "the first digits of the published file");
        assert_eq!(mnist.test.labels[..5], [7, 2, 1, 0, 4]);
    }

    #[rstest]
    fn every_digit_is_there_as_often_as_published(mnist: &Mnist) {
        let counts = |images: &Images| {
            images.labels.iter().fold([0; 10], |mut counts, &label| {
                counts[usize::from(label)] += 1;
                counts
            })
        };
        assert_eq!(counts(&mnist.train), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
        assert_eq!(counts(&mnist.test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    }

    #[rstest]
    fn the_training_pixels_have_the_well_known_mean_and_deviation(mnist: &Mnist) {
        let Normalisation { mean, std } = mnist.train.pixel_statistics().unwrap();
        assert!((mean - 0.1307).abs() < 5e-5 && (std - 0.3081).abs() < 5e-5, "{mean} {std}");
        assert_eq!(Normalisation { mean, std }, NORMALISATION);
    }

    #[rstest]
    fn a_limit_keeps_the_first_pictures(mnist: &Mnist) {
        let first = mnist.test.clone().limit(3);
        assert_eq!((first.len(), first.pixels.len()), (3, 3 * PIXELS));
        assert_eq!((first.image(2), first.labels[2]), (mnist.test.image(2), mnist.test.labels[2]));
        assert_eq!(first.clone().limit(4), first, "there are only three");
        assert!(first.limit(0).is_empty());
    }

    #[test]
    fn half_white_half_black_has_mean_and_deviation_one_half() {
        let mut images = parse(files(2, 255)).unwrap();
        images.pixels[..PIXELS].fill(0);
        assert_eq!(images.pixel_statistics().unwrap(), Normalisation { mean: 0.5, std: 0.5 });
    }

    #[test]
    fn one_value_everywhere_has_no_deviation_and_no_picture_no_statistics() {
        let images = parse(files(3, 51)).unwrap();
        assert_eq!(images.pixel_statistics().unwrap(), Normalisation { mean: 0.2, std: 0.0 });
        assert!(matches!(images.limit(0).pixel_statistics(), Err(DataError::Empty { .. })));
    }

    #[test]
    fn pictures_of_another_size_are_refused() {
        let images = file(&[idx::IMAGES_MAGIC, 1, 14, 56], &[0; PIXELS]);
        let error = parse((images, file(&[idx::LABELS_MAGIC, 1], &[0]))).unwrap_err();
        assert!(matches!(error, DataError::PictureSize { rows: 14, columns: 56, .. }), "{error}");
    }

    #[test]
    fn a_label_more_than_pictures_is_refused() {
        let error = parse((files(2, 0).0, files(3, 0).1)).unwrap_err();
        assert!(matches!(error, DataError::Count { pictures: 2, digits: 3, .. }), "{error}");
    }

    #[test]
    fn swapped_files_are_refused() {
        let (images, labels) = files(1, 0);
        assert!(matches!(parse((labels, images)), Err(DataError::Magic { .. })));
    }

    #[test]
    fn an_altered_picture_is_refused_at_the_load() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("mnist")).unwrap();
        for known in [TRAIN_LABELS, TEST_LABELS, TRAIN_IMAGES] {
            // The test pictures stand in for the training pictures: the right format, the wrong content.
            let source = if known == TRAIN_IMAGES { TEST_IMAGES } else { known };
            std::fs::copy(repository_data().join(source.path), folder.path().join(known.path)).unwrap();
        }
        let error = Mnist::load(folder.path()).unwrap_err();
        assert!(
            matches!(&error, DataError::Changed { path, .. } if path.ends_with(TRAIN_IMAGES.path)),
            "{error}"
        );
    }
}
