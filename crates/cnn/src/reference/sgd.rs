//! Gradient descent with momentum, Nesterov's look-ahead and weight decay.
//!
//! ```text
//! g = gradient + decay w          weight decay is the gradient of (decay / 2) |w|^2
//! v = mu v + g                    from v = 0
//! w = w - lr (g + mu v)           with Nesterov's look-ahead
//! w = w - lr v                    without
//! ```
//!
//! **The velocity does not contain the learning rate** (PyTorch's formulation): when a schedule lowers the rate, the
//! momentum gathered so far is slowed down with it. In the older formulation `v = mu v - lr g` it is not.
//!
//! Shapes: `P` parameters in one flat list, in any order that stays the same.
//!
//! Source: I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and momentum in deep
//! learning", 2013, with the deviation above.

/// What a run fixes beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The momentum `mu`; 0 is plain gradient descent.
    pub momentum: f64,
    /// The weight decay; **its gradient is `decay w`, added before the momentum**.
    pub weight_decay: f64,
    /// Whether to use Nesterov's look-ahead.
    pub nesterov: bool,
}

/// The optimiser and its state.
///
/// ```
/// use cnn::reference::sgd::{Settings, Sgd};
/// let settings = Settings { momentum: 0.5, weight_decay: 0.0, nesterov: false };
/// let (mut optimiser, mut w) = (Sgd::new(settings, 1), [0.0]);
/// optimiser.step(1.0, &mut w, &[1.0]);
/// optimiser.step(1.0, &mut w, &[1.0]);
/// assert_eq!(w, [-1.0 - 1.5]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd {
    settings: Settings,
    velocity: Vec<f64>, //                                              (P)
}

impl Sgd {
    /// The optimiser of `parameters` parameters, at rest.
    pub fn new(settings: Settings, parameters: usize) -> Self {
        Self { settings, velocity: vec![0.0; parameters] }
    }

    /// The velocity `v`, `(P)`.
    pub fn velocity(&self) -> &[f64] {
        &self.velocity
    }

    /// One step of the weights, `(P)`, along their gradient, `(P)`.
    ///
    /// # Panics
    /// When weights or gradient are not as many as the parameters of the optimiser.
    // ANCHOR: step
    pub fn step(&mut self, learning_rate: f64, weights: &mut [f64], gradient: &[f64]) {
        let lengths = (weights.len(), gradient.len());
        assert_eq!(
            lengths,
            (self.velocity.len(), self.velocity.len()),
            "weights and gradient of the optimiser"
        );
        // SOLUTION: P1.1 one step of gradient descent with momentum and decay
        let Settings { momentum, weight_decay, nesterov } = self.settings;
        for ((w, dw), v) in weights.iter_mut().zip(gradient).zip(&mut self.velocity) {
            let g = dw + weight_decay * *w;
            *v = momentum * *v + g;
            *w -= learning_rate * if nesterov { g + momentum * *v } else { *v };
        }
        // SOLUTION_END: P1.1
    }
    // ANCHOR_END: step
}
