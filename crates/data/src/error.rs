//! Why a data set could not be loaded or parsed.

use std::{io, path::PathBuf};

/// Why a data set could not be loaded or parsed. The message names the file, the place and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file cannot be read: it is missing, or its permissions forbid it.
    #[error(
        "cannot read {path}: {source} (its SHA-256 should be {expected}); \
         restore it (`git checkout -- {path}`, or unpack it again where there is no git)",
        path = path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The SHA-256 of its content in the repository.
        expected: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The content is not the repository's: the file was cut, altered or replaced.
    #[error(
        "{path}: the SHA-256 of the content is {found}, it should be {expected}; \
         restore the file (`git checkout -- {path}`, or unpack it again where there is no git)",
        path = path.display()
    )]
    Changed {
        /// The file.
        path: PathBuf,
        /// The SHA-256 of the content in the repository, after decompression.
        expected: &'static str,
        /// The SHA-256 of the content found; of its first bytes only when it is longer than it should be.
        found: String,
    },
    /// The file cannot be decompressed: it was cut or altered.
    #[error(
        "{path} cannot be decompressed: {source}; the file's SHA-256 is {found}, it should be {expected}; \
         restore the file (`git checkout -- {path}`, or unpack it again where there is no git)",
        path = path.display()
    )]
    Gzip {
        /// The file.
        path: PathBuf,
        /// The SHA-256 of the compressed file in the repository.
        expected: &'static str,
        /// The SHA-256 of the compressed file found.
        found: String,
        /// What the decompressor said.
        source: io::Error,
    },
    /// The text cannot be read as CSV at all, for example because it is no UTF-8; the source names the line.
    #[error("{name}: {source}; save it as comma-separated UTF-8 text")]
    Csv {
        /// The file's name.
        name: String,
        /// What the CSV reader said.
        source: csv::Error,
    },
    /// The first line names other columns.
    #[error("{name}: line 1 is `{}`, it should be `{expected}`; name these columns in it", .found.escape_debug())]
    Header {
        /// The file's name.
        name: String,
        /// The first line.
        found: String,
        /// The columns that it should name.
        expected: String,
    },
    /// A row has too few or too many columns.
    #[error(
        "{name}: row {row} after the header has {found} columns, it should have {expected}; give it one cell for each"
    )]
    Columns {
        /// The file's name.
        name: String,
        /// **The row, counted from 1 without the header and without empty lines.**
        row: usize,
        /// How many columns it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A cell holds what its column cannot.
    #[error("{name}: row {row} after the header, column {column}: `{}` {problem}; correct it", .value.escape_debug())]
    Cell {
        /// The file's name.
        name: String,
        /// **The row, counted from 1 without the header and without empty lines.**
        row: usize,
        /// The column's name.
        column: &'static str,
        /// What the cell holds.
        value: String,
        /// What is wrong with it.
        problem: CellProblem,
    },
    /// There is nothing to work on.
    #[error("{name}: there are no examples in it; give at least one row")]
    Empty {
        /// The file's or data set's name.
        name: String,
    },
    /// An IDX file begins with another magic number: it is of another kind, or no IDX file.
    #[error(
        "{name}: bytes 0 to 3 are {found:#010x}, they should be {expected:#010x}; are the files swapped?"
    )]
    Magic {
        /// The file's name.
        name: String,
        /// The magic number of this kind of file.
        expected: u32,
        /// The first four bytes, big-endian.
        found: u32,
    },
    /// An IDX file has another length than its header promises.
    #[error("{name}: {found} bytes, its header asks for {expected}; it was cut or is damaged; get it anew")]
    Length {
        /// The file's name.
        name: String,
        /// Header and payload as the header gives them; the header's own length when even that is cut.
        expected: u128,
        /// The length found.
        found: usize,
    },
    /// The images are not 28 x 28.
    #[error(
        "{name}: bytes 8 to 15 give images of {rows} x {columns} pixels, they should be 28 x 28; name a file of \
         such images"
    )]
    ImageSize {
        /// The file's name.
        name: String,
        /// The rows of an image.
        rows: u32,
        /// The columns of an image.
        columns: u32,
    },
    /// A label is no digit.
    #[error("{name}: label {index} (byte {byte}) is {value}, it should be 0 to 9; get it anew")]
    Label {
        /// The file's name.
        name: String,
        /// Which label, counted from 0.
        index: usize,
        /// Where it stands in the file, counted from 0.
        byte: usize,
        /// The label.
        value: u8,
    },
    /// Images and labels differ in number.
    #[error(
        "{images} has {image_count} images, {labels} has {label_count} labels; take two files that belong together"
    )]
    Count {
        /// The name of the file of images.
        images: String,
        /// How many it holds.
        image_count: usize,
        /// The name of the file of labels.
        labels: String,
        /// How many it holds.
        label_count: usize,
    },
}

/// What is wrong with a cell of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CellProblem {
    /// It holds a letter, say, or nothing.
    #[error("is not a number")]
    NotANumber,
    /// It is zero, negative, infinite or NaN.
    #[error("is not a positive, finite length in centimetres")]
    NotALength,
    /// It names none of the three species.
    #[error("is none of the species {}", crate::species::SPECIES.join(", "))]
    UnknownSpecies,
    /// No image stands at this place.
    #[error("is not the place of a test image; places are counted from 0")]
    NoSuchImage,
    /// The rows are not in order, or an image comes twice.
    #[error("is not above the place in the row before")]
    OutOfOrder,
    /// The image is labelled with another digit.
    #[error("is not the label that the image has")]
    AnotherLabel,
    /// It is more than 9.
    #[error("is not a digit from 0 to 9")]
    NotADigit,
    /// The label is no error.
    #[error("is a majority of the raters, so the label is no error; leave the row out")]
    LabelConfirmed,
    /// The votes do not add up.
    #[error("does not make {} with the votes before it", crate::raters::RATERS)]
    NotFiveRaters,
}
