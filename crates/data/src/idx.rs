//! The IDX format of the MNIST files: a magic number, the sizes, the bytes.
//!
//! | bytes | images | labels |
//! |---|---|---|
//! | 0 to 3 | `0x00000803` (unsigned bytes, three sizes) | `0x00000801` (unsigned bytes, one size) |
//! | 4 to 7 | number of images | number of labels |
//! | 8 to 11, 12 to 15 | rows, columns | |
//! | from 16, from 8 | pixels, row by row, 0 background to 255 ink | labels |
//!
//! **All integers are big-endian.** Nothing is copied: the payload is a slice of the file.
//!
//! Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", 1998.

use crate::DataError;

/// The magic number of a file of images.
pub const IMAGES_MAGIC: u32 = 0x0000_0803;

/// The magic number of a file of labels.
pub const LABELS_MAGIC: u32 = 0x0000_0801;

/// Where the pixels of a file of images begin.
pub const IMAGES_HEADER: usize = 16;

/// Where the labels of a file of labels begin.
pub const LABELS_HEADER: usize = 8;

/// A file of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageFile<'a> {
    /// How many images there are.
    pub count: usize,
    /// The rows of an image.
    pub rows: u32,
    /// The columns of an image.
    pub columns: u32,
    /// The pixels: `(count, rows, columns)`.
    pub pixels: &'a [u8],
}

/// Parses a file of images; `name` is what messages call it.
///
/// # Errors
/// [`DataError::Magic`], or [`DataError::Length`] when it is shorter or longer than its header says.
pub fn parse_images<'a>(name: &str, bytes: &'a [u8]) -> Result<ImageFile<'a>, DataError> {
    let [count, rows, columns] = header(name, bytes, IMAGES_MAGIC)?;
    let size = u128::from(rows) * u128::from(columns);
    let pixels = payload(name, bytes, IMAGES_HEADER, u128::from(count) * size)?;
    Ok(ImageFile { count: count as usize, rows, columns, pixels })
}

/// Parses a file of labels, which must be the digits 0 to 9; `name` is what messages call it.
///
/// # Errors
/// [`DataError::Magic`], [`DataError::Length`], or [`DataError::Label`] with the first label above 9.
pub fn parse_labels<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a [u8], DataError> {
    let [count] = header(name, bytes, LABELS_MAGIC)?;
    let labels = payload(name, bytes, LABELS_HEADER, u128::from(count))?;
    match labels.iter().position(|&label| label > 9) {
        None => Ok(labels),
        Some(index) => Err(DataError::Label {
            name: name.to_owned(),
            index,
            byte: LABELS_HEADER + index,
            value: labels[index],
        }),
    }
}

/// Checks the magic number and reads the `D` sizes after it.
fn header<const D: usize>(name: &str, bytes: &[u8], expected: u32) -> Result<[u32; D], DataError> {
    let word = |index: usize| {
        let word = bytes.get(4 * index..)?.first_chunk()?;
        Some(u32::from_be_bytes(*word))
    };
    let cut = || DataError::Length { name: name.to_owned(), expected: 4 + 4 * D as u128, found: bytes.len() };
    let found = word(0).ok_or_else(cut)?;
    if found != expected {
        return Err(DataError::Magic { name: name.to_owned(), expected, found });
    }
    let mut sizes = [0; D];
    for (index, size) in sizes.iter_mut().enumerate() {
        *size = word(1 + index).ok_or_else(cut)?;
    }
    Ok(sizes)
}

/// The bytes after the header, which must be exactly `len`. The length is a `u128` because three sizes of 32 bits
/// can promise up to `2^96` bytes.
fn payload<'a>(name: &str, bytes: &'a [u8], start: usize, len: u128) -> Result<&'a [u8], DataError> {
    let payload = bytes.get(start..).unwrap_or_default();
    if payload.len() as u128 == len {
        Ok(payload)
    } else {
        Err(DataError::Length { name: name.to_owned(), expected: start as u128 + len, found: bytes.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn file(words: &[u32], payload: &[u8]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).chain(payload.iter().copied()).collect()
    }

    #[test]
    fn images_come_back_as_they_were_written() {
        let bytes = file(&[IMAGES_MAGIC, 2, 1, 3], &[1, 2, 3, 4, 5, 6]);
        let images = parse_images("f", &bytes).unwrap();
        assert_eq!(images, ImageFile { count: 2, rows: 1, columns: 3, pixels: &[1, 2, 3, 4, 5, 6] });
    }

    #[test]
    fn labels_come_back_as_they_were_written() {
        assert_eq!(parse_labels("f", &file(&[LABELS_MAGIC, 3], &[0, 9, 5])).unwrap(), [0, 9, 5]);
    }

    #[rstest]
    #[case::labels_for_images(&[LABELS_MAGIC, 0, 0, 0], LABELS_MAGIC)]
    #[case::little_endian(&[IMAGES_MAGIC.swap_bytes(), 0, 0, 0], 0x0308_0000)]
    #[case::of_floats(&[0x0000_0d03, 0, 0, 0], 0x0000_0d03)]
    fn a_file_of_another_kind_is_refused(#[case] words: &[u32], #[case] magic: u32) {
        let error = parse_images("f", &file(words, &[])).unwrap_err();
        assert!(
            matches!(error, DataError::Magic { found, expected: IMAGES_MAGIC, .. } if found == magic),
            "{error}"
        );
    }

    #[rstest]
    #[case::nothing(&[], &[], 16)]
    #[case::half_a_magic_number(&[], &[0, 0], 16)]
    #[case::a_header_without_columns(&[IMAGES_MAGIC, 1, 1], &[], 16)]
    #[case::a_pixel_too_few(&[IMAGES_MAGIC, 1, 2, 2], &[0; 3], 20)]
    #[case::a_pixel_too_many(&[IMAGES_MAGIC, 1, 2, 2], &[0; 5], 20)]
    #[case::sizes_beyond_any_memory(
        &[IMAGES_MAGIC, u32::MAX, u32::MAX, u32::MAX], &[0; 4], 16 + (u32::MAX as u128).pow(3)
    )]
    fn images_are_refused_with(#[case] words: &[u32], #[case] payload: &[u8], #[case] promised: u128) {
        let bytes = file(words, payload);
        let error = parse_images("f", &bytes).unwrap_err();
        assert!(
            matches!(error, DataError::Length { expected, found, .. } if expected == promised && found == bytes.len()),
            "{error}"
        );
    }

    #[rstest]
    #[case::a_label_too_few(3, &[1, 2])]
    #[case::a_label_too_many(1, &[1, 2])]
    fn labels_are_refused_with(#[case] count: u32, #[case] labels: &[u8]) {
        let error = parse_labels("f", &file(&[LABELS_MAGIC, count], labels)).unwrap_err();
        assert!(matches!(error, DataError::Length { .. }), "{error}");
    }

    #[test]
    fn a_label_above_nine_is_named_by_its_byte() {
        let error = parse_labels("f", &file(&[LABELS_MAGIC, 4], &[1, 9, 10, 11])).unwrap_err();
        assert_eq!(error.to_string(), "f: label 2 (byte 10) is 10, it should be 0 to 9; get it anew");
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>, sizes: [u8; 3]) {
            let _ = (parse_images("f", &bytes), parse_labels("f", &bytes));
            let sizes = sizes.map(u32::from);
            let _ = parse_images("f", &file(&[IMAGES_MAGIC, sizes[0], sizes[1], sizes[2]], &bytes));
            let _ = parse_labels("f", &file(&[LABELS_MAGIC, bytes.len() as u32], &bytes));
        }

        #[test]
        fn every_cut_of_a_file_is_refused(cut in 0_usize..28) {
            let bytes = file(&[IMAGES_MAGIC, 3, 2, 2], &[7; 12]);
            prop_assert!(parse_images("f", &bytes).is_ok());
            prop_assert!(parse_images("f", &bytes[..cut]).is_err());
        }
    }
}
