//! P1.2: the run on the registered seed.

use crate::cells::{count, grouped, number};
use crate::chart::{Axes, Words, curves, lines};
use crate::drawing::{Digit, confusion, digits, filters};
use crate::mnist_runs::ORIGINAL_ACCURACY;
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use cnn::network::Network;
use data::images::Images;
use experiments::mnist::Misclassified;
use experiments::mnist::studies::registered::{LayerRow, RecordedEpoch};
use records::findings::{Cells, Decision};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "mnist-bar-is-reached",
        says: "At least ninety-nine in a hundred test digits are right after the last epoch",
        within: None,
        record: "mnist",
        decide: |of| {
            let test = of.mnist.evaluation.test;
            let evidence = format!("{} of {}", test.correct, test.total);
            Ok(Decision::new(100 * test.correct >= 99 * test.total, evidence))
        },
        controls: &[|of| alter::mnist(of, |it| it.evaluation.test.correct = 9_899)],
    },
    ClaimRow {
        id: "mnist-beats-the-original",
        says: "More test digits are right after the last epoch than in the original's best epoch",
        within: None,
        record: "mnist",
        decide: |of| {
            let rate = 1.0 - of.mnist.evaluation.test.error_rate();
            let evidence = format!("{rate} against {ORIGINAL_ACCURACY}");
            Ok(Decision::new(rate > ORIGINAL_ACCURACY, evidence))
        },
        controls: &[|of| alter::mnist(of, |it| it.evaluation.test.correct = 9_939)],
    },
    ClaimRow {
        id: "mnist-counts-the-last-epoch",
        says: "The reported network is that of the last epoch",
        within: Some("the reported network is that of the last epoch"),
        record: "mnist",
        decide: |of| {
            let history = &of.mnist.history;
            let planned = of.mnist.settings.recipe.epochs == history.len();
            let counted = history.last().is_some_and(|epoch| epoch.test == of.mnist.evaluation.test);
            Ok(Decision::new(planned && counted, format!("{} epochs", history.len())))
        },
        controls: &[
            |of| alter::mnist(of, |it| it.evaluation.test.correct += 1),
            |of| alter::mnist(of, |it| it.settings.recipe.epochs += 1),
        ],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "mnist-layers",
        record: "mnist",
        caption: Caption::Fixed(
            "The network, layer by layer, computed from the network itself; shapes are of one image.",
        ),
        cells: |of| Ok(layers(of)),
    },
    TableRow {
        id: "mnist-epochs",
        record: "mnist",
        caption: Caption::Fixed("Every epoch."),
        cells: |of| Ok(epochs(of)),
    },
    TableRow {
        id: "mnist-confusion",
        record: "mnist",
        caption: Caption::Fixed("Answers on the test part: a row for each label, a column for each answer."),
        cells: |of| Ok(answers(of)),
    },
    TableRow {
        id: "mnist-mistakes",
        record: "mnist",
        caption: Caption::Fixed("Every test image that the network gets wrong."),
        cells: |of| Ok(mistakes(of)),
    },
];

const FIGURES: &[FigureRow] = &[
    FigureRow {
        id: "mnist-curves",
        record: "mnist",
        draw: |id, from| {
            let words = Words { id, title: "Loss of the network of P1.2", description: CURVES };
            let value: [fn(&RecordedEpoch) -> f64; 2] = [|epoch| epoch.train_loss, |epoch| epoch.test_loss];
            Ok(by_part(&words, "loss, nats", from.records, value))
        },
    },
    FigureRow {
        id: "mnist-errors",
        record: "mnist",
        draw: |id, from| {
            let title = "Share of wrong answers of the network of P1.2";
            let words = Words { id, title, description: CURVES };
            let value: [fn(&RecordedEpoch) -> f64; 2] =
                [|epoch| 100.0 * epoch.train.error_rate(), |epoch| 100.0 * epoch.test.error_rate()];
            Ok(by_part(&words, "wrong, %", from.records, value))
        },
    },
    FigureRow {
        id: "mnist-confusion",
        record: "mnist",
        draw: |id, from| Ok(confusion_matrix(id, from.records)),
    },
    FigureRow {
        id: "mnist-mistakes",
        record: "mnist",
        draw: |id, from| mistaken_digits(id, from.records, from.images),
    },
    FigureRow { id: "mnist-filters", record: "mnist", draw: |id, from| Ok(first_filters(id, from.network)) },
];

/// The description of both figures of curves.
const CURVES: &str = "Two curves over the epochs, training and test part, by powers of ten.";

fn layers(of: &Sources) -> Cells {
    let row = |layer: &LayerRow| {
        let shape = layer.output.map(|size| size.to_string()).join(" × ");
        vec![
            layer.name.clone(),
            layer.kind.clone(),
            shape,
            grouped(layer.parameters),
            grouped(layer.multiply_adds),
        ]
    };
    let mut rows: Vec<Vec<String>> = of.mnist.layers.iter().map(row).collect();
    let all: usize = of.mnist.layers.iter().map(|layer| layer.multiply_adds).sum();
    rows.push(vec![
        "all".to_owned(),
        String::new(),
        String::new(),
        grouped(of.mnist.parameters),
        grouped(all),
    ]);
    Cells::new(&["layer", "kind", "#rows × columns × channels", "#parameters", "#multiply-adds"], rows)
}

fn epochs(of: &Sources) -> Cells {
    let row = |epoch: &RecordedEpoch| {
        let (train, test) = (count(epoch.train), count(epoch.test));
        vec![epoch.epoch.to_string(), number(epoch.train_loss, 5), train, number(epoch.test_loss, 5), test]
    };
    let heads = ["#epoch", "#training loss", "#training part, right", "#test loss", "#test part, right"];
    Cells::new(&heads, of.mnist.history.iter().map(row).collect())
}

fn answers(of: &Sources) -> Cells {
    let heads: Vec<String> =
        std::iter::once("label".to_owned()).chain((0..10).map(|digit| format!("#{digit}"))).collect();
    let row = |(label, answers): (usize, &Vec<usize>)| {
        let cells = answers.iter().map(|answer| grouped(*answer));
        std::iter::once(label.to_string()).chain(cells).collect()
    };
    let rows = of.mnist.evaluation.confusion.iter().enumerate().map(row).collect();
    Cells::new(&heads.iter().map(String::as_str).collect::<Vec<_>>(), rows)
}

fn mistakes(of: &Sources) -> Cells {
    let row = |it: &Misclassified| vec![it.index.to_string(), it.label.to_string(), it.predicted.to_string()];
    let rows = of.mnist.evaluation.mistakes.iter().map(row).collect();
    Cells::new(&["#place in the test part, from 0", "#label", "#answer"], rows)
}

/// Two curves over the epochs, of the training and of the test part.
fn by_part(words: &Words, y: &str, of: &Sources, value: [fn(&RecordedEpoch) -> f64; 2]) -> Drawing {
    let names = ["training".to_owned(), "test".to_owned()];
    let values = value.map(|value| of.mnist.history.iter().map(value).collect::<Vec<f64>>());
    let axes = Axes { x: "epoch", y, log: true, whole_x: of.mnist.history.len() <= 12 };
    let svg = lines(words, axes, &curves(&names, &values));
    Drawing { caption: format!("{}.", words.title), svg, data: epochs(of) }
}

fn confusion_matrix(id: &str, of: &Sources) -> Drawing {
    let title = "Confusion matrix of the network of P1.2 on the test part";
    let words = Words {
        id,
        title,
        description: "A row for each label, a column for each answer; darker where more errors fall.",
    };
    let svg = confusion(&words, &of.mnist.evaluation.confusion);
    Drawing { caption: format!("{title}."), svg, data: answers(of) }
}

fn mistaken_digits(id: &'static str, of: &Sources, test: &Images) -> Result<Drawing, ReportError> {
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
        description: "Small images of the digits, each with its label and the network's answer.",
    };
    let svg = digits(&words, &drawn).map_err(|source| ReportError::Image { figure: id, source })?;
    Ok(Drawing { caption: format!("{title}."), svg, data: mistakes(of) })
}

fn first_filters(id: &str, network: &Network) -> Drawing {
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
    Drawing { caption: format!("{title}."), svg: filters(&words, &learned), data }
}
