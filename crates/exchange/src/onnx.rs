//! A network for images as ONNX.
//!
//! **The normalisation is in the graph**: the input is pixels as they are in the file of an image, 0 to 255, so that
//! nobody can forget it or take another.
//!
//! | | name | type | shape |
//! |---|---|---|---|
//! | input | `pixels` | `f32` | `(N, 1, 28, 28)`, any `N` |
//! | output | `logits` | `f32` | `(N, 10)` |
//!
//! Nodes and numbers have the names of PyTorch's files: `layer1.0`, `layer1.0.weight`. The same network gives the same
//! bytes. Source: "Open Neural Network Exchange", `onnx.proto`; operators as of version 15 of the standard's set.

mod error;
mod graph;
mod messages;

pub use error::OnnxError;

use cnn::{Network, Shape};
use data::images::{Normalisation, SIDE};
use graph::Builder;
use messages::{Entry, Model, OperatorSet};
use prost::Message;

/// The version of the format: that of ONNX 1.10 to 1.12.
const FORMAT: i64 = 8;

/// The version of the set of operators.
const OPERATORS: i64 = 15;

/// The bytes of an ONNX file. Of `facts`, keys and what they say, the metadata is made; it holds the input, the output
/// and the normalisation besides.
///
/// # Errors
/// [`OnnxError`].
pub fn to_onnx(
    network: &Network,
    normalisation: Normalisation,
    facts: &[(&str, String)],
) -> Result<Vec<u8>, OnnxError> {
    let table = network.table(Shape::maps(1, SIDE, SIDE, 1))?;
    let classes = table.rows.last().map_or(SIDE * SIDE, |row| row.output.c);
    let Normalisation { mean, std } = normalisation;
    let said = [
        ("input", "pixels, float32 (N, 1, 28, 28): rows from the top, 0 background to 255 ink".to_owned()),
        ("normalisation", format!("in the graph: (pixels / 255 - {mean}) / {std}")),
        (
            "output",
            format!(
                "logits, float32 (N, {classes}): the largest is the answer's, softmax gives probabilities"
            ),
        ),
    ];
    let doc_string = said.iter().map(|(key, said)| format!("{key}: {said}\n")).collect();
    let mut builder = Builder::default();
    builder.normalise(normalisation);
    for (name, layer) in network.every_layer() {
        builder.layer(name, layer)?;
    }
    let entries = said.iter().chain(facts).map(|(key, said)| Entry::new(key, said));
    let model = Model {
        ir_version: FORMAT,
        producer_name: env!("CARGO_PKG_NAME").to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        doc_string,
        graph: Some(builder.finish(classes)),
        opset_import: vec![OperatorSet { domain: String::new(), version: OPERATORS }],
        metadata_props: entries.collect(),
    };
    Ok(model.encode_to_vec())
}

#[cfg(test)]
mod tests;
