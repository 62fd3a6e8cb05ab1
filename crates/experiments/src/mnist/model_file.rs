//! The trained network as a file for strangers: safetensors, with what its input has to be like.
//!
//! | key of the metadata | says |
//! |---|---|
//! | `format` | `pt`: tensors are named and laid out as PyTorch's |
//! | `input_layout` | the shape of the input and the order of its pixels |
//! | `input_formula`, `input_mean`, `input_std` | what the network sees of a pixel from 0 to 255 |
//! | `classes` | the digit of each logit, in order |
//! | `experiment`, `seed`, `weights_sha256` | which run it is of |
//! | `data_sha256` | the SHA-256 of each data file's content, as JSON |
//!
//! The crate safetensors writes metadata in the order of a hash map, which is another in every process. **Here the keys
//! stand in the order in which they are given**, so that the same run gives the same bytes.

use cnn::network::Network;
use cnn::weights::{WeightsError, to_safetensors};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The keys that say what the input is, and which weights these are.
pub(super) const LAYOUT: &str = "input_layout";
pub(super) const FORMULA: &str = "input_formula";
pub(super) const MEAN: &str = "input_mean";
pub(super) const STD: &str = "input_std";
pub(super) const CLASSES: &str = "classes";
pub(super) const HASH: &str = "weights_sha256";

/// The layout that is computed here.
pub(super) const INPUT_LAYOUT: &str = "N, 1, 28, 28: rows from the top, 0 background to 255 ink";

/// The formula that is computed here.
pub(super) const INPUT_FORMULA: &str = "(pixel / 255 - input_mean) / input_std";

/// The digit of each logit, in order.
pub fn classes() -> String {
    (0..10).map(|digit| digit.to_string()).collect::<Vec<_>>().join(",")
}

/// The key of the metadata in the header of a safetensors file.
const METADATA: &str = "__metadata__";

/// The header's length stands in so many bytes before it; the header ends at a multiple of as many.
const WORD: usize = 8;

/// Which run a network is of, and what it eats.
#[derive(Clone, Debug, PartialEq)]
pub struct Description<'a> {
    pub experiment: &'a str,
    pub seed: u64,
    /// The mean of a pixel on the scale 0 to 1, which is subtracted.
    pub mean: f64,
    /// Its standard deviation, by which is divided.
    pub std: f64,
    /// The SHA-256 of each data file's content.
    pub data_sha256: &'a BTreeMap<String, String>,
}

/// The file of a network of P1.2.
///
/// # Errors
/// Those of [`to_safetensors`].
pub fn model_file(network: &Network, description: &Description) -> Result<Vec<u8>, WeightsError> {
    let Description { experiment, seed, mean, std, data_sha256 } = description;
    let entries = [
        ("format", "pt".to_owned()),
        ("experiment", (*experiment).to_owned()),
        ("seed", seed.to_string()),
        (LAYOUT, INPUT_LAYOUT.to_owned()),
        (FORMULA, INPUT_FORMULA.to_owned()),
        (MEAN, mean.to_string()),
        (STD, std.to_string()),
        (CLASSES, classes()),
        (HASH, network.sha256()),
        ("data_sha256", serde_json::json!(data_sha256).to_string()),
    ];
    with_metadata(&to_safetensors(network)?, &entries)
}

/// A safetensors file with these entries as its metadata.
fn with_metadata(file: &[u8], entries: &[(&str, String)]) -> Result<Vec<u8>, WeightsError> {
    let damaged = || WeightsError::Format(safetensors::SafeTensorError::HeaderTooSmall);
    let (length, rest) = file.split_first_chunk::<WORD>().ok_or_else(damaged)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| damaged())?;
    let (header, tensors) = rest.split_at_checked(length).ok_or_else(damaged)?;
    let header: Map<String, Value> = serde_json::from_slice(header).map_err(|_| damaged())?;
    let metadata: Map<String, Value> =
        entries.iter().map(|(key, value)| ((*key).to_owned(), value.as_str().into())).collect();
    let mut all = Map::from_iter([(METADATA.to_owned(), Value::Object(metadata))]);
    all.extend(header);
    let mut header = Value::Object(all).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(WORD), b' ');
    Ok([&(header.len() as u64).to_le_bytes()[..], &header, tensors].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cnn::models::mnist_network;
    use cnn::weights::from_safetensors;
    use safetensors::SafeTensors;

    fn described(seed: u64) -> Vec<u8> {
        let data_sha256 = [("b".to_owned(), "2".to_owned()), ("a".to_owned(), "1".to_owned())].into();
        let description =
            Description { experiment: "mnist", seed, mean: 0.25, std: 0.5, data_sha256: &data_sha256 };
        model_file(&mnist_network(seed), &description).unwrap()
    }

    #[test]
    fn the_file_says_what_its_input_is_and_holds_the_same_tensors() {
        let bytes = described(3);
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
        let metadata = header.metadata().as_ref().unwrap();
        assert_eq!((&metadata["input_mean"][..], &metadata["input_std"][..]), ("0.25", "0.5"));
        assert_eq!((&metadata["seed"][..], &metadata["classes"][..]), ("3", "0,1,2,3,4,5,6,7,8,9"));
        assert_eq!(metadata["data_sha256"], r#"{"a":"1","b":"2"}"#);
        let mut network = mnist_network(9);
        from_safetensors(&mut network, &bytes).unwrap();
        assert_eq!(network.sha256(), mnist_network(3).sha256());
        assert_eq!(metadata["weights_sha256"], network.sha256());
    }

    #[test]
    fn the_same_run_gives_the_same_bytes_and_another_seed_others() {
        assert_eq!(described(3), described(3));
        assert_ne!(described(3), described(4));
    }

    #[test]
    fn what_is_no_safetensors_file_is_refused() {
        for bytes in [&b""[..], b"1234", &[255; 16], &[4, 0, 0, 0, 0, 0, 0, 0, b'x', b'x', b'x', b'x']] {
            assert!(with_metadata(bytes, &[]).is_err(), "{bytes:?}");
        }
    }
}
