//! Whether a trained network can be a result.

use crate::say;
use anyhow::ensure;
use cnn::DeadLayer;

/// Refuses a network whose loss has left the numbers with its last steps, which no batch after them could show.
pub(crate) fn check_loss(epoch: usize, loss: f64) -> anyhow::Result<()> {
    ensure!(
        loss.is_finite(),
        "epoch {epoch}: the run diverged in its last steps: the loss after them is {loss}; use a smaller rate"
    );
    Ok(())
}

/// Says that a layer is dead, if one is. It is no error: the run was made as it was asked for.
pub(crate) fn say_dead(dead: Option<&DeadLayer>, what: &str) {
    let Some(DeadLayer { name, examples }) = dead else { return };
    say(&format!(
        "warning: layer `{name}` (ReLU) is dead: all its units are 0 on all {examples} {what}, so every input gets the \
         same answer and the layers before it no longer learn; try a lower --learning-rate or another --seed"
    ));
}
