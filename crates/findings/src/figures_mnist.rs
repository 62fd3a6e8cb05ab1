//! The figures of P1.2.

use super::cells::number;
use super::chart::{Axes, Words, curves, lines};
use super::drawing::{Digit, confusion, digits, filters};
use super::tables_mnist as tables;
use super::{ReportError, Sources};
use crate::figure::Figure;
use cnn::network::Network;
use data::images::Images;
use records::findings::Cells;

pub(super) fn mnist_curves(of: &Sources) -> [Figure; 2] {
    let names = ["training".to_owned(), "test".to_owned()];
    let figure = |id: &'static str,
                  title: &str,
                  y: &str,
                  value: [fn(&experiments::mnist::studies::registered::Epoch) -> f64; 2]| {
        let values = value.map(|value| of.mnist.history.iter().map(value).collect::<Vec<f64>>());
        let words = Words {
            id,
            title,
            description: "Two curves over the epochs, training and test part, by powers of ten.",
        };
        let svg = lines(
            &words,
            Axes { x: "epoch", y, log: true, whole_x: of.mnist.history.len() <= 12 },
            &curves(&names, &values),
        );
        Figure { id, caption: format!("{title}."), record: "mnist", svg, data: tables::mnist_epochs(of) }
    };
    [
        figure(
            "mnist-curves",
            "Loss of the network of P1.2",
            "loss, nats",
            [|epoch| epoch.train_loss, |epoch| epoch.test_loss],
        ),
        figure(
            "mnist-errors",
            "Share of wrong answers of the network of P1.2",
            "wrong, %",
            [|epoch| 100.0 * epoch.train.error_rate(), |epoch| 100.0 * epoch.test.error_rate()],
        ),
    ]
}

pub(super) fn mnist_confusion(of: &Sources) -> Figure {
    let id = "mnist-confusion";
    let title = "Confusion matrix of the network of P1.2 on the test part";
    let words = Words {
        id,
        title,
        description: "A row for each label, a column for each answer; darker where more errors fall.",
    };
    let svg = confusion(&words, &of.mnist.evaluation.confusion);
    Figure { id, caption: format!("{title}."), record: "mnist", svg, data: tables::mnist_confusion(of) }
}

pub(super) fn mnist_mistakes(of: &Sources, test: &Images) -> Result<Figure, ReportError> {
    let id = "mnist-mistakes";
    let drawn: Vec<Digit> = of
        .mnist
        .evaluation
        .mistakes
        .iter()
        .filter(|mistake| mistake.index < test.len())
        .map(|it| Digit {
            pixels: test.image(it.index),
            caption: format!("{} → {}", it.label, it.predicted),
            framed: of.label_error(it.index).is_some(),
        })
        .collect();
    let title =
        "Every test digit that the network gets wrong: label → answer. Framed: people found the label wrong";
    let words = Words {
        id,
        title,
        description: "Small pictures of the digits, each with its label and the network's answer.",
    };
    let svg = digits(&words, &drawn).map_err(|source| ReportError::Picture { figure: id, source })?;
    Ok(Figure { id, caption: format!("{title}."), record: "mnist", svg, data: tables::mnist_mistakes(of) })
}

pub(super) fn mnist_filters(network: &Network) -> Figure {
    let id = "mnist-filters";
    // (KH, KW, CI, CO) with one input channel: the channel of the output goes fastest.
    let first =
        network.layers().next().and_then(|(_, layer)| layer.parameters().first().map(|p| p.value.clone()));
    let weights = first.unwrap_or_default();
    let channels = weights.len() / 9;
    let filter = |channel: usize| std::array::from_fn(|cell| weights[cell * channels + channel]);
    let learned: Vec<[f32; 9]> = (0..channels).map(filter).collect();
    let title = "The filters that the first convolution learned";
    let words = Words {
        id,
        title,
        description: "Each filter is three by three weights; negative ones carry a dash.",
    };
    let cells = |(i, filter): (usize, &[f32; 9])| {
        std::iter::once((i + 1).to_string())
            .chain(filter.iter().map(|weight| number(f64::from(*weight), 3)))
            .collect()
    };
    let heads = ["#filter", "#1, 1", "#1, 2", "#1, 3", "#2, 1", "#2, 2", "#2, 3", "#3, 1", "#3, 2", "#3, 3"];
    let data = Cells::new(&heads, learned.iter().enumerate().map(cells).collect());
    Figure { id, caption: format!("{title}."), record: "mnist", svg: filters(&words, &learned), data }
}
