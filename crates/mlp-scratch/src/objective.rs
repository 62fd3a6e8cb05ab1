//! The objective: the loss plus the L2 penalty on the weights.
//!
//! ```text
//! J = L(z2, targets) + l2/2 (Σ W1² + Σ W2²)        dJ/dW = dL/dW + l2 W        dJ/db = dL/db
//! ```

use crate::error::Error;
use crate::loss::{Loss, sum_of_squares};
use crate::network::{Gradients, Network};
use ndarray::ArrayView2;

// ANCHOR: objective
/// What gradient descent minimises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// The loss of the outputs.
    pub loss: Loss,
    /// The strength `l2 >= 0` of the penalty **`l2/2 Σ W²`, whose gradient is `l2 W`**. It holds for the weights
    /// only, **not for the biases**, and **does not depend on the batch**.
    pub l2: f64,
}

impl Objective {
    /// The objective `J` of the examples `x`, `(N, D)`, with targets `(N, C)`, and its gradients.
    ///
    /// # Errors
    /// Those of [`Network::forward`] and [`Loss::value_and_gradient`].
    pub fn value_and_gradients(
        &self,
        network: &Network,
        x: ArrayView2<f64>,
        targets: ArrayView2<f64>,
    ) -> Result<(f64, Gradients), Error> {
        // SOLUTION: P2.1 the loss with its penalty, and the gradients of both
        let (z2, cache) = network.forward(x)?; //                               (N, C)
        let (loss, dz2) = self.loss.value_and_gradient(z2.view(), targets)?; // (N, C)
        let mut gradients = cache.backward(dz2.view())?;
        gradients.dw1.scaled_add(self.l2, network.w1()); //                     (D, H) += l2 (D, H)
        gradients.dw2.scaled_add(self.l2, network.w2()); //                     (H, C) += l2 (H, C)
        let penalty = self.l2 / 2.0 * (sum_of_squares(network.w1()) + sum_of_squares(network.w2()));
        Ok((loss + penalty, gradients))
        // SOLUTION_END: P2.1
    }
}
// ANCHOR_END: objective
