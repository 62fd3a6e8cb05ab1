//! What a student handed in of the pages: the file, and what its states give here.
//!
//! The pages compute by the crate `widgets`, and so does this: each state is opened again, natively, and has to give
//! the receipts that the file holds. **Widgets are the grader's own**, whatever a submission's crates do.

mod error;
mod opened;

pub use error::HandInError;
pub use opened::OpenedHandIn;
pub use widgets::hand_in::FILE;

use data::excerpt;
use data::images::{Images, MNIST};
use reader::DigitReader;
use std::fs;
use std::path::{Path, PathBuf};
use widgets::hand_in::{HandIn, HandedWidget, reopened};
use widgets::widget::State;
use widgets::widgets::{WIDGETS, find};

/// A larger file is not read.
const LARGEST: u64 = 1 << 20;

/// Where a hand-in lies, and what its widgets work on.
#[derive(Clone, Debug)]
pub struct HandInSource {
    /// The file, which need not be there.
    pub file: PathBuf,
    /// The folder of the data sets.
    pub data: PathBuf,
    /// The folder of the course's own records: the pages carry its trained network.
    pub results: PathBuf,
}

impl HandInSource {
    /// Reads the file and opens its states; nothing where there is no file.
    ///
    /// # Errors
    /// [`HandInError`].
    pub fn open(&self) -> Result<Option<OpenedHandIn>, HandInError> {
        let Some(text) = read(&self.file)? else { return Ok(None) };
        let submitted: HandIn = serde_json::from_str(&text)
            .map_err(|source| HandInError::Form { file: self.file.clone(), source })?;
        let (found, most) = (submitted.widgets.len(), WIDGETS.len());
        if found > most {
            return Err(HandInError::TooMany { file: self.file.clone(), found, most });
        }
        let recomputed =
            submitted.widgets.iter().map(|handed| self.recomputed(handed)).collect::<Result<_, _>>()?;
        Ok(Some(OpenedHandIn { submitted, recomputed }))
    }

    fn recomputed(&self, handed: &HandedWidget) -> Result<Option<HandedWidget>, HandInError> {
        let Some(entry) = find(&handed.widget) else { return Ok(None) };
        let state = State::from(handed.state.clone());
        reopened(entry, &state, &|name| self.carried(name)).map(Some)
    }

    /// A file that the pages carry for their widgets.
    fn carried(&self, name: &str) -> Result<Vec<u8>, HandInError> {
        match name {
            "mnist" => {
                let path = self.results.join("mnist.safetensors");
                let read = fs::read(&path);
                let file = read.map_err(|source| HandInError::Read { file: path.clone(), source })?;
                let reader = DigitReader::new(&file);
                let reader = reader.map_err(|source| HandInError::Network { file: path, source })?;
                Ok(reader.numbers())
            }
            "digits" => Ok(every_digit(&MNIST.load_test(&self.data)?)),
            _ => Err(HandInError::NotCarried { name: name.to_owned() }),
        }
    }
}

/// The whole test part. The pages carry some of its digits, each under the same number.
fn every_digit(test: &Images) -> Vec<u8> {
    let chosen: Vec<(u8, usize)> = (0..test.len()).map(|index| (0, index)).collect();
    excerpt::write(test, &[], &chosen)
}

/// The text of a file that is there, is no link and is not too large.
fn read(file: &Path) -> Result<Option<String>, HandInError> {
    let cannot = |source| HandInError::Read { file: file.to_owned(), source };
    let found = match fs::symlink_metadata(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        found => found.map_err(cannot)?,
    };
    if !found.is_file() || found.len() > LARGEST {
        return Err(HandInError::NotRead { file: file.to_owned(), largest_kib: LARGEST >> 10 });
    }
    fs::read_to_string(file).map(Some).map_err(cannot)
}

#[cfg(test)]
pub(crate) mod tests;
