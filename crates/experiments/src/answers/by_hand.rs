//! P2 on drawn inputs: the network by hand.

use super::answer::AnswerList;
use super::draw::{array, between, labels};
use crate::study::ExperimentError;
use mlp_scratch::{Examples, Hyperparameters, Loss, Network, Objective, one_hot, train};
use numerics::random::Stream;

/// The losses, by name.
const LOSSES: [(&str, Loss); 3] = [
    ("mean squared error", Loss::MeanSquaredError),
    ("half the sum of squared errors", Loss::HalfSquaredErrorSum),
    ("softmax and cross-entropy", Loss::SoftmaxCrossEntropy),
];

fn network(draw: &mut Stream, [inputs, units, outputs]: [usize; 3]) -> Result<Network, ExperimentError> {
    let [w1, w2] = [(inputs, units), (units, outputs)].map(|shape| array(draw, shape, 0.8));
    let [b1, b2] = [units, outputs].map(|count| array(draw, count, 0.8));
    Network::new(w1, b1, w2, b2).map_err(ExperimentError::failed)
}

pub(super) fn objectives(draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    for (name, loss) in LOSSES {
        for i in 1..=3 {
            let sizes @ [inputs, _, outputs] =
                [between(draw, 2, 5), between(draw, 2, 9), between(draw, 2, 5)];
            let network = network(draw, sizes)?;
            let examples = between(draw, 2, 9);
            let x = array(draw, (examples, inputs), 1.5);
            let labels = labels(draw, examples, outputs);
            let targets = one_hot(&labels, outputs).map_err(ExperimentError::failed)?;
            let objective = Objective { loss, l2: if i == 1 { 0.0 } else { draw.uniform(0.01, 0.5) } };
            let name = format!("{name}, network {i} of {sizes:?}");
            let (outputs, _) = network.forward(x.view()).map_err(ExperimentError::failed)?;
            asked.add(format!("{name}: outputs"), outputs);
            let found = objective.value_and_gradients(&network, x.view(), targets.view());
            let (value, gradients) = found.map_err(ExperimentError::failed)?;
            asked.add(format!("{name}: value"), [value]);
            asked.add(format!("{name}: gradient by W1"), gradients.dw1);
            asked.add(format!("{name}: gradient by b1"), gradients.db1);
            asked.add(format!("{name}: gradient by W2"), gradients.dw2);
            asked.add(format!("{name}: gradient by b2"), gradients.db2);
            asked.add(format!("{name}: gradient by the inputs"), gradients.dx);
        }
    }
    Ok(())
}

pub(super) fn descent(draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    for (name, loss) in LOSSES {
        let network = network(draw, [4, 6, 3])?;
        let x = array(draw, (20, 4), 1.0);
        let examples = Examples::new(x, labels(draw, 20, 3), 3).map_err(ExperimentError::failed)?;
        let hyperparameters = Hyperparameters {
            objective: Objective { loss, l2: draw.uniform(0.001, 0.05) },
            learning_rate: draw.uniform(0.01, 0.05),
            batch_size: 6,
            epochs: 3,
            seed: draw.below(1 << 32),
        };
        let trained = train::train(network, examples, hyperparameters);
        let (network, history) = trained.map_err(ExperimentError::failed)?;
        asked.add(format!("{name}: parameters after three epochs"), network.to_vec());
        asked.add(format!("{name}: loss of each epoch"), history.iter().map(|epoch| epoch.loss));
        let right = history.iter().map(|epoch| epoch.accuracy.correct as f64);
        asked.add(format!("{name}: right answers of each epoch"), right);
    }
    Ok(())
}
