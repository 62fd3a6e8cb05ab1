//! Tables of P1.1 and P2.1 beside those of [`super::tables`].

use super::cells::{count, grouped, percent};
use super::predicates::activations;
use super::{ReportError, Sources};
use data::iris::{FEATURES, SPECIES};
use experiments::iris::HIDDEN;
use mlp_scratch::{Network, Sizes};
use records::findings::Cells;

/// The split to the letter beside the shuffled ones.
pub(super) fn iris_splits(of: &Sources) -> Result<Cells, ReportError> {
    let row = |(activation, variant): (
        experiments::iris::Activation,
        &experiments::iris::studies::seeds::Variant,
    )| {
        vec![
            activation.name().to_owned(),
            count(variant.sorted),
            percent(variant.sorted.error_rate(), 1),
            count(variant.registered.last().test),
            percent(variant.mean_test_error.estimate, 1),
        ]
    };
    let heads = [
        "activation",
        "#as the file stands, right",
        "#wrong",
        "#shuffled, registered seed, right",
        "#shuffled, mean of 100 other seeds, wrong",
    ];
    Ok(Cells::new(&heads, activations(of)?.into_iter().map(row).collect()))
}

/// Shapes and counts, taken from a network and not from its documentation.
pub(super) fn p2_parameters() -> Result<Cells, ReportError> {
    let sizes = Sizes { inputs: FEATURES, hidden: HIDDEN, outputs: SPECIES.len() };
    let network = Network::init(sizes, experiments::REGISTERED_SEED)?;
    let (w1, b1, w2, b2) = (network.w1(), network.b1(), network.w2(), network.b2());
    let parameters = [
        ("W1", "(D, H)", w1.shape()),
        ("b1", "(H)", b1.shape()),
        ("W2", "(H, C)", w2.shape()),
        ("b2", "(C)", b2.shape()),
    ];
    let row = |(name, letters, shape): (&str, &str, &[usize])| {
        let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
        vec![name.to_owned(), letters.to_owned(), sides.join(" × "), grouped(shape.iter().product())]
    };
    let mut rows: Vec<Vec<String>> = parameters.into_iter().map(row).collect();
    rows.push(vec!["all".to_owned(), String::new(), String::new(), grouped(network.to_vec().len())]);
    Ok(Cells::new(&["parameter", "shape", "#on iris", "#numbers"], rows))
}
