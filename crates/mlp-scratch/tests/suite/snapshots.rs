//! What a person would read: shapes and counts, one example worked through, the first epochs of a run.

use crate::LOSSES;
use crate::training::{SETTINGS, clusters, network};
use mlp_scratch::train::train;
use mlp_scratch::{Hyperparameters, Network, Objective, Sizes, one_hot};
use ndarray::array;
use std::fmt::Display;

#[test]
fn the_shapes_and_counts_of_the_iris_network() {
    insta::assert_snapshot!(Sizes { inputs: 4, hidden: 40, outputs: 3 });
}

/// An array with its name; the rows of a matrix stand below each other.
fn shown<A: Display>(name: &str, array: A) -> String {
    format!("{name:<3} = {}", format!("{array:.6}").replace("\n ", "\n       "))
}

/// One example, two inputs, two hidden units, three classes.
#[test]
fn one_example_forward_and_backward() {
    let network = Network::new(
        array![[0.5, -1.0], [0.25, 0.5]],            // (D, H)
        array![0.0, 0.5],                            // (H)
        array![[1.0, 0.0, -1.0], [0.5, -0.5, 0.25]], // (H, C)
        array![0.0, 0.25, 0.0],                      // (C)
    )
    .unwrap();
    let x = array![[1.0, -2.0]]; //                     (N, D)
    let targets = one_hot(&[1], 3).unwrap(); //         (N, C)
    let mut lines = vec![shown("x", &x), shown("t", &targets)];
    for loss in LOSSES {
        let (z2, cache) = network.forward(x.view()).unwrap();
        let (value, dz2) = loss.value_and_gradient(z2.view(), targets.view()).unwrap();
        lines.extend([
            format!("\n{loss:?}"),
            shown("a", cache.hidden()),
            shown("z2", &z2),
            shown("L", value),
        ]);
        let g = cache.backward(dz2.view()).unwrap();
        lines.extend([shown("dz2", &dz2), shown("dW2", g.dw2), shown("db2", g.db2)]);
        lines.extend([shown("dW1", g.dw1), shown("db1", g.db1), shown("dx", g.dx)]);
        let objective = Objective { loss, l2: 0.1 };
        let (value, g) = objective.value_and_gradients(&network, x.view(), targets.view()).unwrap();
        lines.extend(["with l2 = 0.1".into(), shown("J", value), shown("dW2", g.dw2), shown("dW1", g.dw1)]);
    }
    insta::assert_snapshot!(lines.join("\n"));
}

/// Full digits: a change of any bit of the arithmetic or of the random streams is seen here.
#[test]
fn the_first_epochs_of_a_run() {
    let mut lines = Vec::new();
    for (loss, learning_rate) in LOSSES.into_iter().zip([0.3, 0.03, 0.3]) {
        let objective = Objective { loss, l2: 0.01 };
        let settings = Hyperparameters { objective, learning_rate, ..SETTINGS };
        let (_, history) = train(network(1), clusters(30), settings).unwrap();
        lines.push(format!("{loss:?}, learning rate {learning_rate}"));
        lines.extend(history.iter().map(|e| format!("{:>2}  {:<22?}  {}", e.number, e.loss, e.accuracy)));
    }
    insta::assert_snapshot!(lines.join("\n"));
}
