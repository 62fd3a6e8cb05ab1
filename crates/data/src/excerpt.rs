//! A few images out of a set, as one file: what the pages of the book carry in place of a whole part.
//!
//! A record an image, each of the same length, numbers big-endian as in [`idx`](crate::idx):
//!
//! | bytes | hold |
//! |---|---|
//! | 0 | the group that the image was chosen for |
//! | 1 to 2 | its place in the part, from 0 |
//! | 3 | its label |
//! | 4 to 7 | where people found the label wrong, the other digit and the raters for label, digit, neither; else 0 |
//! | 8 to 791 | its pixels |

use crate::DataError;
use crate::images::{Images, PIXELS};
use crate::label_errors::LabelError;

const HEAD: usize = 8;
const RECORD: usize = HEAD + PIXELS;

/// An image of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcerptImage {
    /// For which group it was chosen: a number that its writer gives a meaning.
    pub group: u8,
    /// Its place in the part, from 0.
    pub index: usize,
    /// Its label, as published.
    pub label: u8,
    /// What people said, if they found the label wrong.
    pub error: Option<LabelError>,
    /// Its pixels, `(28, 28)`.
    pub pixels: Vec<u8>,
}

/// The file of the images at some places of a part, each with its group; places that the part does not have, or that
/// two bytes cannot hold, are left out.
pub fn write(images: &Images, errors: &[LabelError], chosen: &[(u8, usize)]) -> Vec<u8> {
    let mut file = Vec::with_capacity(chosen.len() * RECORD);
    for &(group, index) in chosen.iter().filter(|(_, index)| *index < images.len()) {
        let Ok(place) = u16::try_from(index) else { continue };
        let error = errors.iter().find(|error| error.index == index);
        let votes = error.map_or([0; 4], |error| {
            [error.guess, error.for_label, error.for_guess, error.for_neither].map(|count| count as u8)
        });
        file.push(group);
        file.extend(place.to_be_bytes());
        file.push(images.labels[index]);
        file.extend(votes);
        file.extend(images.image(index));
    }
    file
}

/// Reads such a file.
///
/// # Errors
/// [`DataError::Length`] when the last record is cut, [`DataError::Label`].
pub fn parse(name: &str, file: &[u8]) -> Result<Vec<ExcerptImage>, DataError> {
    let (records, rest) = file.as_chunks::<RECORD>();
    if !rest.is_empty() {
        let expected = ((records.len() + 1) * RECORD) as u128;
        return Err(DataError::Length { name: name.to_owned(), expected, found: file.len() });
    }
    records.iter().enumerate().map(|(i, record)| image(name, i, record)).collect()
}

fn image(name: &str, i: usize, record: &[u8; RECORD]) -> Result<ExcerptImage, DataError> {
    let [group, high, low, label, votes @ ..] = *record;
    if label > 9 {
        return Err(DataError::Label { name: name.to_owned(), index: i, byte: i * RECORD + 3, value: label });
    }
    let index = usize::from(u16::from_be_bytes([high, low]));
    let [guess, for_label, for_guess, for_neither] =
        [votes[0], votes[1], votes[2], votes[3]].map(usize::from);
    let error = LabelError { index, label: usize::from(label), guess, for_label, for_guess, for_neither };
    let is_error = for_label + for_guess + for_neither > 0;
    Ok(ExcerptImage {
        group,
        index,
        label,
        error: is_error.then_some(error),
        pixels: record[HEAD..].to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::MNIST;
    use crate::{label_errors, repository_data};
    use proptest::prelude::*;

    #[test]
    fn what_was_written_is_read() {
        let test = MNIST.load_test(repository_data()).unwrap();
        let errors = label_errors::load(repository_data(), &test.labels).unwrap();
        let chosen = [(0, 0), (0, 1), (2, errors[3].index), (1, 445), (1, 10_000), (1, 70_000)];
        let read = parse("excerpt", &write(&test, &errors, &chosen)).unwrap();
        assert_eq!(read.iter().map(|it| (it.group, it.index)).collect::<Vec<_>>(), chosen[..4]);
        for it in &read {
            assert_eq!((&it.pixels[..], it.label), (test.image(it.index), test.labels[it.index]));
        }
        assert_eq!(read[2].error, Some(errors[3]));
        assert_eq!(read.iter().filter(|it| it.error.is_some()).count(), 1);
    }

    #[test]
    fn a_cut_file_and_a_label_that_is_no_digit_are_refused() {
        let test = MNIST.load_test(repository_data()).unwrap().limit(2);
        let mut file = write(&test, &[], &[(0, 0), (0, 1)]);
        let cut = parse("excerpt", &file[..file.len() - 1]).unwrap_err();
        assert!(matches!(cut, DataError::Length { expected: 1584, found: 1583, .. }), "{cut}");
        file[RECORD + 3] = 10;
        let label = parse("excerpt", &file).unwrap_err();
        assert!(matches!(label, DataError::Label { index: 1, byte: 795, value: 10, .. }), "{label}");
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            let _ = parse("excerpt", &bytes);
        }
    }
}
