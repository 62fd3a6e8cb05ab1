//! P1.1: what the four activations look like, and their slopes. No run can change these: they are computed here.

use crate::cells::number;
use crate::chart::{Axes, Series, Words, lines};
use crate::{Drawing, FigureRow, Section};
use cnn::reference::activation::Activation;
use records::findings::Cells;

pub(super) const SECTION: Section = Section { figures: FIGURES, ..Section::EMPTY };

const FIGURES: &[FigureRow] = &[
    FigureRow {
        id: "activation-values",
        record: "report",
        draw: |id, _| {
            let title = "The four activations, with PReLU's slope as it begins";
            let description =
                "Four curves from -4 to 4: ReLU and PReLU rise without bound, tanh and sigmoid level off.";
            Ok(curves(&Words { id, title, description }, "f(z)", |activation, z| activation.value(z)))
        },
    },
    FigureRow {
        id: "activation-slopes",
        record: "report",
        draw: |id, _| {
            let title = "Their slopes, which the backward pass multiplies by";
            let description = "Four curves from -4 to 4: those of ReLU and PReLU are steps, those of tanh and sigmoid \
                               are bells, four times as high for tanh.";
            Ok(curves(&Words { id, title, description }, "f′(z)", |activation, z| activation.derivative(z)))
        },
    },
];

/// The activations in the order of P1.1's figures, so that each keeps its colour; the slope is the one that PReLU
/// begins with.
const SHAPES: [(&str, Activation); 4] = [
    ("relu", Activation::Relu),
    ("sigmoid", Activation::Sigmoid),
    ("tanh", Activation::Tanh),
    ("prelu", Activation::PRelu { slope: 0.25 }),
];

/// How far a curve reaches to both sides of 0, and its points for a unit.
const REACH: i32 = 4;
const POINTS: i32 = 16;

fn curves(words: &Words, y: &str, of: fn(&Activation, f64) -> f64) -> Drawing {
    let zs = (-REACH * POINTS..=REACH * POINTS).map(|i| f64::from(i) / f64::from(POINTS));
    let series: Vec<Series> = SHAPES
        .iter()
        .map(|(name, shape)| ((*name).to_owned(), zs.clone().map(|z| (z, of(shape, z))).collect()))
        .collect();
    let svg = lines(words, Axes { x: "z", y, log: false, whole_x: true }, &series);
    let row = |z: i32| {
        let values = SHAPES.iter().map(|(_, shape)| number(of(shape, f64::from(z)), 4));
        std::iter::once(z.to_string()).chain(values).collect()
    };
    let heads = ["#z", "#relu", "#sigmoid", "#tanh", "#prelu"];
    let data = Cells::new(&heads, (-REACH..=REACH).map(row).collect());
    Drawing { caption: format!("{}.", words.title), svg, data }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cnn::layers::PRelu;
    use experiments::iris::studies::activations::ACTIVATIONS;

    #[test]
    fn the_shapes_are_those_of_the_layers_in_the_order_of_the_runs() {
        let names: Vec<&str> = ACTIVATIONS.iter().take(4).map(|activation| activation.name()).collect();
        assert_eq!(SHAPES.map(|(name, _)| name)[..], names[..]);
        let slope = f64::from(PRelu::INITIAL_SLOPE);
        assert_eq!(SHAPES[3].1, Activation::PRelu { slope });
    }
}
