//! Adam: gradient descent with a step size of its own for every parameter.
//!
//! ```text
//! g = gradient + decay w
//! m = b1 m + (1 - b1) g                   from m = 0: the mean of the gradients
//! s = b2 s + (1 - b2) g^2                 from s = 0: the mean of their squares
//! w = w - lr (m / (1 - b1^t)) / (sqrt(s / (1 - b2^t)) + eps)        in step t = 1, 2, ...
//! ```
//!
//! The divisors `1 - b^t` take out the bias towards the starting value 0. **`eps` is added outside the root.**
//! **Weight decay is L2: it enters `g` and is rescaled with it** (`torch.optim.Adam`, not `AdamW`).
//!
//! Shapes: `P` parameters in one flat list, in any order that stays the same.
//!
//! Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.

/// What a run fixes beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The decay `b1` of the mean, usually 0.9.
    pub beta1: f64,
    /// The decay `b2` of the mean square, usually 0.999.
    pub beta2: f64,
    /// What keeps the divisor from 0, usually 1e-8.
    pub eps: f64,
    /// The weight decay.
    pub weight_decay: f64,
}

/// The optimiser and its state.
///
/// ```
/// use cnn::reference::adam::{Adam, Settings};
/// let settings = Settings { beta1: 0.5, beta2: 0.75, eps: 0.0, weight_decay: 0.0 };
/// let (mut optimiser, mut w) = (Adam::new(settings, 2), [0.0, 0.0]);
/// optimiser.step(0.125, &mut w, &[64.0, -0.25]);
/// assert_eq!(w, [-0.125, 0.125]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adam {
    settings: Settings,
    first_moment: Vec<f64>,  //                                         (P), m
    second_moment: Vec<f64>, //                                         (P), s
    /// `b1^t` and `b2^t`, as running products: a power function need not have the same bits everywhere.
    beta_powers: (f64, f64),
}

impl Adam {
    /// The optimiser of `parameters` parameters, before its first step.
    pub fn new(settings: Settings, parameters: usize) -> Self {
        let zeros = vec![0.0; parameters];
        Self { settings, first_moment: zeros.clone(), second_moment: zeros, beta_powers: (1.0, 1.0) }
    }

    /// The mean `m` of the gradients, `(P)`, **before the correction of its bias**.
    pub fn first_moment(&self) -> &[f64] {
        &self.first_moment
    }

    /// The mean `s` of the squared gradients, `(P)`, **before the correction of its bias**.
    pub fn second_moment(&self) -> &[f64] {
        &self.second_moment
    }

    /// One step of the weights, `(P)`, along their gradient, `(P)`.
    ///
    /// # Panics
    /// When weights or gradient are not as many as the parameters of the optimiser.
    // ANCHOR: step
    pub fn step(&mut self, learning_rate: f64, weights: &mut [f64], gradient: &[f64]) {
        let (parameters, lengths) = (self.first_moment.len(), (weights.len(), gradient.len()));
        assert_eq!(lengths, (parameters, parameters), "weights and gradient of the optimiser");
        // SOLUTION: P1.1 one step of Adam
        let Settings { beta1, beta2, eps, weight_decay } = self.settings;
        self.beta_powers.0 *= beta1;
        self.beta_powers.1 *= beta2;
        let moments = self.first_moment.iter_mut().zip(&mut self.second_moment);
        for ((w, dw), (m, s)) in weights.iter_mut().zip(gradient).zip(moments) {
            let g = dw + weight_decay * *w;
            *m = beta1 * *m + (1.0 - beta1) * g;
            *s = beta2 * *s + (1.0 - beta2) * g * g;
            let mean = *m / (1.0 - self.beta_powers.0);
            let mean_square = *s / (1.0 - self.beta_powers.1);
            *w -= learning_rate * mean / (mean_square.sqrt() + eps);
        }
        // SOLUTION_END: P1.1
    }
    // ANCHOR_END: step
}
