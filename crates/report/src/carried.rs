//! The files that widgets work on, for the pages: each in a script of its own, as the program is.
//!
//! A widget that needs one names it, and `book/theme/widgets.js` loads it when the widget comes into view.

use crate::compute::{ComputeError, packed, write_script};
use crate::recorded::recorded;
use data::images::MNIST;
use data::{excerpt, label_errors};
use reader::DigitReader;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The folder of the scripts, from the book's root: mdBook copies it beside the pages.
const FOLDER: &str = "src/widgets";
/// So many digits of the test part are carried as they come.
const FIRST: usize = 100;
/// So many digits of the training part, whose nearest are found. **Their file is loaded only when a reader asks for
/// it**; more would take longer to load than the network.
const SEARCHED: usize = 1000;

/// Writes the scripts that are not there yet or have changed, for the book in the folder `book` of a repository.
///
/// # Errors
/// [`ComputeError`].
pub fn prepare(book: &Path) -> Result<(), ComputeError> {
    let root = book.join("..");
    write(book, "mnist", &network(&root)?)?;
    write(book, "digits", &digits(&root)?)?;
    write(book, "training", &training(&root)?)?;
    write(book, "recorded", records::recorded::write(&recorded(&root)?).as_bytes())
}

/// The numbers of the registered network: what a page has to load to read a safetensors file is more than the digits.
fn network(root: &Path) -> Result<Vec<u8>, ComputeError> {
    let file = root.join("results/mnist.safetensors");
    let reader = DigitReader::new(&read(&file)?);
    reader.map(|reader| reader.numbers()).map_err(|source| ComputeError::Network { path: file, source })
}

/// The first digits of the test part, those that the registered network gets wrong (group 1), and those whose label
/// people found wrong (group 2).
fn digits(root: &Path) -> Result<Vec<u8>, ComputeError> {
    let folder = root.join("data");
    let test = MNIST.load_test(&folder)?;
    let errors = label_errors::load(&folder, &test.labels)?;
    let record: serde_json::Value = serde_json::from_slice(&read(&root.join("results/mnist.json"))?)
        .map_err(|error| ComputeError::Record(format!("results/mnist.json: {error}")))?;
    let mistakes = record["evaluation"]["mistakes"].as_array().into_iter().flatten();
    let mistakes: Vec<u64> = mistakes.filter_map(|mistake| mistake["index"].as_u64()).collect();
    if mistakes.is_empty() {
        return Err(ComputeError::Record("results/mnist.json names no mistake of the network".to_owned()));
    }
    let mut taken: BTreeSet<usize> = (0..FIRST).chain(errors.iter().map(|error| error.index)).collect();
    let mistakes: Vec<usize> = mistakes
        .into_iter()
        .filter_map(|index| usize::try_from(index).ok())
        .filter(|index| taken.insert(*index))
        .collect();
    let chosen = (0..FIRST).map(|index| (0, index)).chain(mistakes.into_iter().map(|index| (1, index)));
    let chosen: Vec<(u8, usize)> = chosen.chain(errors.iter().map(|error| (2, error.index))).collect();
    Ok(excerpt::write(&test, &errors, &chosen))
}

/// The first digits of the training part.
fn training(root: &Path) -> Result<Vec<u8>, ComputeError> {
    let chosen: Vec<(u8, usize)> = (0..SEARCHED).map(|index| (0, index)).collect();
    Ok(excerpt::write(&MNIST.load_training(root.join("data"))?, &[], &chosen))
}

fn read(path: &Path) -> Result<Vec<u8>, ComputeError> {
    fs::read(path).map_err(|source| ComputeError::File { path: path.to_owned(), source })
}

/// A script that hands on the bytes under a name.
fn write(book: &Path, name: &str, bytes: &[u8]) -> Result<(), ComputeError> {
    let file = book.join(FOLDER).join(format!("{name}.js"));
    let script =
        || Ok(format!("(globalThis.workedGradientsFiles ??= {{}}).{name} = \"{}\";\n", packed(bytes)?));
    write_script(&file, &format!("What widgets call `{name}`"), bytes, script)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    #[test]
    fn the_digits_are_the_first_those_read_wrongly_and_those_labelled_wrongly() {
        let digits = excerpt::parse("digits", &digits(&root()).unwrap()).unwrap();
        let of = |group: u8| digits.iter().filter(move |digit| digit.group == group).map(|digit| digit.index);
        assert_eq!(of(0).collect::<Vec<_>>(), (0..FIRST).collect::<Vec<_>>());
        assert!(of(1).any(|index| index == 445) && of(2).any(|index| index == 947));
        assert!(digits.iter().all(|digit| (digit.group == 2) == digit.error.is_some()));
        let once: BTreeSet<usize> = digits.iter().map(|digit| digit.index).collect();
        assert_eq!(once.len(), digits.len(), "a digit is carried twice");
    }

    #[test]
    fn the_training_digits_are_the_first_and_fewer_bytes_than_the_network() {
        let bytes = training(&root()).unwrap();
        let digits = excerpt::parse("training", &bytes).unwrap();
        assert!(digits.iter().map(|digit| digit.index).eq(0..SEARCHED));
        let network = network(&root()).unwrap();
        assert!(packed(&bytes).unwrap().len() < packed(&network).unwrap().len());
    }

    #[test]
    fn a_script_is_written_again_only_when_its_bytes_change() {
        let book = tempfile::tempdir().unwrap();
        let file = book.path().join(FOLDER).join("some.js");
        fs::create_dir_all(book.path().join(FOLDER)).unwrap();
        write(book.path(), "some", b"one").unwrap();
        fs::write(&file, fs::read_to_string(&file).unwrap() + "kept").unwrap();
        write(book.path(), "some", b"one").unwrap();
        assert!(fs::read_to_string(&file).unwrap().ends_with("kept"));
        write(book.path(), "some", b"two").unwrap();
        assert!(!fs::read_to_string(&file).unwrap().ends_with("kept"));
    }
}
