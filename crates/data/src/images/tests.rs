use super::*;
use crate::repository_data;
use rstest::{fixture, rstest};

/// The training part and the test part.
struct Both {
    train: Images,
    test: Images,
}

#[fixture]
#[once]
fn mnist() -> Both {
    let data = repository_data();
    Both { train: MNIST.load_training(&data).unwrap(), test: MNIST.load_test(&data).unwrap() }
}

fn file(words: &[u32], payload: &[u8]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).chain(payload.iter().copied()).collect()
}

/// `n` images of 28 x 28 whose pixels are `value`, labelled 0, 1, 2, ...
fn files(n: u32, value: u8) -> (Vec<u8>, Vec<u8>) {
    let labels: Vec<u8> = (0..n as u8).collect();
    let pixels = vec![value; n as usize * PIXELS];
    (file(&[idx::IMAGES_MAGIC, n, 28, 28], &pixels), file(&[idx::LABELS_MAGIC, n], &labels))
}

fn parse((images, labels): (Vec<u8>, Vec<u8>)) -> Result<Images, DataError> {
    MNIST.parse("images", images, "labels", &labels)
}

#[rstest]
fn there_are_sixty_thousand_and_ten_thousand_images(mnist: &Both) {
    assert_eq!((mnist.train.len(), mnist.test.len()), (60_000, 10_000));
    assert_eq!(mnist.train.pixels.len(), 60_000 * PIXELS);
    assert_eq!(mnist.train.labels[..5], [5, 0, 4, 1, 9], "the first digits of the published file");
    assert_eq!(mnist.test.labels[..5], [7, 2, 1, 0, 4]);
}

#[rstest]
fn every_digit_is_there_as_often_as_published(mnist: &Both) {
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
fn the_training_pixels_have_the_well_known_mean_and_deviation(mnist: &Both) {
    let Normalisation { mean, std } = mnist.train.pixel_statistics().unwrap();
    assert!((mean - 0.1307).abs() < 5e-5 && (std - 0.3081).abs() < 5e-5, "{mean} {std}");
    assert_eq!(Normalisation { mean, std }, MNIST.normalisation);
}

#[rstest]
fn a_limit_keeps_the_first_images(mnist: &Both) {
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
fn one_value_everywhere_has_no_deviation_and_no_image_no_statistics() {
    let images = parse(files(3, 51)).unwrap();
    assert_eq!(images.pixel_statistics().unwrap(), Normalisation { mean: 0.2, std: 0.0 });
    assert!(matches!(images.limit(0).pixel_statistics(), Err(DataError::Empty { .. })));
}

#[test]
fn images_of_another_size_are_refused() {
    let images = file(&[idx::IMAGES_MAGIC, 1, 14, 56], &[0; PIXELS]);
    let error = parse((images, file(&[idx::LABELS_MAGIC, 1], &[0]))).unwrap_err();
    assert!(matches!(error, DataError::ImageSize { rows: 14, columns: 56, .. }), "{error}");
}

#[test]
fn a_label_more_than_images_is_refused() {
    let error = parse((files(2, 0).0, files(3, 0).1)).unwrap_err();
    assert!(matches!(error, DataError::Count { image_count: 2, label_count: 3, .. }), "{error}");
}

#[test]
fn swapped_files_are_refused() {
    let (images, labels) = files(1, 0);
    assert!(matches!(parse((labels, images)), Err(DataError::Magic { .. })));
}

#[test]
fn an_altered_image_is_refused_at_the_load() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mnist")).unwrap();
    let [training, training_labels, test, _] = *MNIST.files;
    for known in [training, training_labels] {
        // The test images stand in for the training images: the right format, the wrong content.
        let source = if known == training { test } else { known };
        std::fs::copy(repository_data().join(source.path), folder.path().join(known.path)).unwrap();
    }
    let error = MNIST.load_training(folder.path()).unwrap_err();
    assert!(matches!(&error, DataError::Changed { path, .. } if path.ends_with(training.path)), "{error}");
}
