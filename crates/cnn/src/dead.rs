//! Layers of ReLUs that are 0 whatever the network is given.

use crate::examples::Source;
use crate::layer::{Layer, Mode, Operator, ShapeError};
use crate::network::{Network, Pass};
use kernels::Isa;

/// Examples that are asked at a time.
const BATCH: usize = 256;

/// A layer all of whose units are 0 on all examples: no gradient comes through it, so what lies before it has stopped
/// learning, and the network answers the same for every example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLayer {
    /// Its name.
    pub name: String,
    /// The examples on which it is 0.
    pub examples: usize,
}

/// The first layer of ReLUs that is dead on a source, if there is one. **Examples are asked until every layer has shown
/// a number other than 0**, which is after a batch in a network that is alive.
///
/// Of a ReLU with a pooling that are computed in the same pass, what leaves the pooling is looked at: a row or column
/// at the edge that belongs to no window counts for nothing.
///
/// # Errors
/// When the examples do not fit the network.
pub fn dead_layer(
    isa: Isa,
    network: &mut Network,
    source: &mut impl Source,
) -> Result<Option<DeadLayer>, ShapeError> {
    let mut silent = relus(network);
    let (mut pass, mut labels) = (Pass::default(), Vec::new());
    let rows: Vec<usize> = (0..source.len()).collect();
    for rows in rows.chunks(BATCH) {
        if silent.is_empty() {
            return Ok(None);
        }
        source.fill(0, rows, &mut pass, &mut labels);
        network.forward(isa, &mut pass, Mode::Infer)?;
        silent.retain(|(stage, _)| pass.activations()[stage + 1].data().iter().all(|&y| y == 0.0));
    }
    let dead = silent.into_iter().next().filter(|_| !rows.is_empty());
    Ok(dead.map(|(_, name)| DeadLayer { name, examples: rows.len() }))
}

/// The stages that compute a ReLU, with the ReLU's name.
fn relus(network: &Network) -> Vec<(usize, String)> {
    let is_relu = |layer: &dyn Layer| layer.operator() == Some(Operator::Relu);
    let of_stage = |(at, stage): (usize, Vec<(&str, &dyn Layer)>)| {
        let (name, _) = stage.into_iter().find(|(_, layer)| is_relu(*layer))?;
        Some((at, name.to_owned()))
    };
    network.stages().enumerate().filter_map(of_stage).collect()
}
