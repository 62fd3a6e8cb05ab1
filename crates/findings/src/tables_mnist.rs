//! The tables of P1.2.

use super::Sources;
use super::cells::{count, grouped, number};
use records::findings::{Cells, Table};

/// The tables of P1.2 on the registered seed.
pub(super) fn tables(of: &Sources) -> Vec<Table> {
    let table = Table::new;
    vec![
        table(
            "mnist-layers",
            "The network, layer by layer, computed from the network itself; shapes are of one picture.",
            "mnist",
            mnist_layers(of),
        ),
        table("mnist-epochs", "Every epoch.", "mnist", mnist_epochs(of)),
        table(
            "mnist-confusion",
            "Answers on the test part: a row for each label, a column for each answer.",
            "mnist",
            mnist_confusion(of),
        ),
        table(
            "mnist-mistakes",
            "Every test picture that the network gets wrong.",
            "mnist",
            mnist_mistakes(of),
        ),
    ]
}

pub(super) fn mnist_layers(of: &Sources) -> Cells {
    let row = |layer: &experiments::mnist::studies::registered::LayerRow| {
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

pub(super) fn mnist_epochs(of: &Sources) -> Cells {
    let row = |epoch: &experiments::mnist::studies::registered::Epoch| {
        let (train, test) = (count(epoch.train), count(epoch.test));
        vec![epoch.epoch.to_string(), number(epoch.train_loss, 5), train, number(epoch.test_loss, 5), test]
    };
    let heads = ["#epoch", "#training loss", "#training part, right", "#test loss", "#test part, right"];
    Cells::new(&heads, of.mnist.history.iter().map(row).collect())
}

pub(super) fn mnist_confusion(of: &Sources) -> Cells {
    let heads: Vec<String> =
        std::iter::once("label".to_owned()).chain((0..10).map(|digit| format!("#{digit}"))).collect();
    let row = |(label, answers): (usize, &Vec<usize>)| {
        let cells = answers.iter().map(|answer| grouped(*answer));
        std::iter::once(label.to_string()).chain(cells).collect()
    };
    let rows = of.mnist.evaluation.confusion.iter().enumerate().map(row).collect();
    Cells::new(&heads.iter().map(String::as_str).collect::<Vec<_>>(), rows)
}

pub(super) fn mnist_mistakes(of: &Sources) -> Cells {
    let row = |it: &experiments::mnist::Misclassified| {
        vec![it.index.to_string(), it.label.to_string(), it.predicted.to_string()]
    };
    let rows = of.mnist.evaluation.mistakes.iter().map(row).collect();
    Cells::new(&["#place in the test part, from 0", "#label", "#answer"], rows)
}
