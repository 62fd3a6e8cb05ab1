//! Optimisers: stochastic gradient descent with momentum, and Adam, in PyTorch's formulation.
//!
//! Every number is updated by itself, so nothing here has an order that could matter. Rates and coefficients are
//! kept in double precision and rounded to single once a step.

use crate::layer::Parameter;
use kernels::parallel;
use kernels::{Isa, update};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Numbers of a parameter that are updated together.
const PIECE: usize = 1 << 13;

/// The parameters of a step, on the stack where there are few.
type Parameters<'a> = SmallVec<[&'a mut Parameter; 32]>;

/// Which optimiser, with its coefficients; the learning rate is given at each step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Stochastic gradient descent: `g = dw + decay w; v = momentum v + g; w -= rate v`, or, with Nesterov's
    /// momentum, `w -= rate (g + momentum v)`. Without momentum `w -= rate g`.
    Sgd {
        /// Share of the last step that is kept, 0 for plain gradient descent.
        momentum: f64,
        /// Coefficient of the L2 term `decay/2 |w|²`; of which parameters, [`Decayed`] says.
        weight_decay: f64,
        /// Whether the step looks ahead.
        nesterov: bool,
    },
    /// Adam: `m = b1 m + (1-b1) g; v = b2 v + (1-b2) g²; w -= rate m' / (sqrt(v') + eps)`, where `m'` and `v'` are
    /// divided by `1 - b^t`. **eps stands outside of the root, and weight decay is added to the gradient** (L2, not
    /// decoupled). **`1 - b` is taken in double precision and then rounded**, as PyTorch does: of `b` rounded to single
    /// precision it would be off by a share of 1.3e-5 at `b2 = 0.999`. Source: D. Kingma and J. Ba, 2015.
    Adam {
        /// Decay of the first moment.
        beta1: f64,
        /// Decay of the second moment.
        beta2: f64,
        /// Added to the root of the second moment.
        eps: f64,
        /// Coefficient of the L2 term.
        weight_decay: f64,
    },
}

impl Rule {
    /// Adam with the coefficients of its paper.
    pub const ADAM: Self = Self::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 };
    /// Plain gradient descent.
    pub const PLAIN_SGD: Self = Self::Sgd { momentum: 0.0, weight_decay: 0.0, nesterov: false };
}

/// Which parameters weight decay is taken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decayed {
    /// All of them, as PyTorch does with one group of parameters.
    #[default]
    All,
    /// Weights alone: kernels and matrices, which have two dimensions or more. **Biases, batch-norm's scale and shift
    /// and PReLU's slope, which have one, are left alone**: they say where a boundary lies, not how steep it is.
    /// Source: T. He et al., "Bag of tricks for image classification with convolutional neural networks", 2019,
    /// section 3.1.
    Weights,
}

impl Decayed {
    /// Whether decay is taken of this parameter.
    fn includes(self, parameter: &Parameter) -> bool {
        self == Self::All || parameter.is_weight
    }
}

/// The parameters are not those of the optimiser's last step: usually another network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OtherParameters {
    /// There are more or fewer.
    #[error("the number of parameters changed between two steps: take a new optimiser for another network")]
    Number,
    /// One of them has another size.
    #[error(
        "parameter {parameter} had {expected} numbers in the last step and has {found}: take a new optimiser for \
         another network"
    )]
    Size {
        /// Which one, from 0.
        parameter: usize,
        /// Its numbers in the last step.
        expected: usize,
        /// Its numbers now.
        found: usize,
    },
}

/// An optimiser and its memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimiser {
    rule: Rule,
    decayed: Decayed,
    steps: i32,
    /// Velocity or first moment, and second moment, of each parameter.
    state: Vec<(Vec<f32>, Vec<f32>)>,
}

impl Optimiser {
    /// An optimiser that has made no step. Weight decay is taken of all parameters.
    pub fn new(rule: Rule) -> Self {
        Self { rule, decayed: Decayed::default(), steps: 0, state: Vec::new() }
    }

    /// The same with weight decay of these parameters.
    #[must_use]
    pub fn decaying(self, decayed: Decayed) -> Self {
        Self { decayed, ..self }
    }

    /// What it remembers of each parameter, in their order: velocity or first moment, and second moment (0 for
    /// gradient descent). Empty before the first step.
    pub fn state(&self) -> impl Iterator<Item = (&[f32], &[f32])> {
        self.state.iter().map(|(first, second)| (&first[..], &second[..]))
    }

    /// The steps that it has made.
    pub fn steps(&self) -> i32 {
        self.steps
    }

    /// Takes up what an optimiser of the same rule [remembered](Self::state) after so many steps. **That it fits the
    /// network shows in the next step**, which refuses what does not.
    #[must_use]
    pub fn resumed(self, steps: i32, state: Vec<(Vec<f32>, Vec<f32>)>) -> Self {
        Self { steps, state, ..self }
    }

    /// Changes every parameter by its gradient.
    ///
    /// # Errors
    /// [`OtherParameters`]: they are not those of the last step. Nothing is changed then.
    pub fn try_step<'a>(
        &mut self,
        isa: Isa,
        rate: f64,
        parameters: impl IntoIterator<Item = &'a mut Parameter>,
    ) -> Result<(), OtherParameters> {
        let parameters: Parameters = parameters.into_iter().collect();
        self.remember(&parameters)?;
        self.change_all(isa, rate, parameters);
        Ok(())
    }

    /// Changes every parameter by the rule. **Not generic, so that it is compiled here, with this crate's
    /// optimisations**, and not by whoever calls it.
    fn change_all(&mut self, isa: Isa, rate: f64, parameters: Parameters) {
        match self.rule {
            Rule::Sgd { momentum, weight_decay, nesterov } => {
                let rule = sgd(rate as f32, momentum as f32, nesterov);
                self.change(isa, parameters, weight_decay as f32, rule);
            }
            Rule::Adam { beta1, beta2, eps, weight_decay } => {
                let rate1 = (rate / (1.0 - power(beta1, self.steps))) as f32;
                let root2 = (1.0 / (1.0 - power(beta2, self.steps)).sqrt()) as f32;
                let rule = adam((rate1, root2), [beta1, beta2].map(kept), eps as f32);
                self.change(isa, parameters, weight_decay as f32, rule);
            }
        }
    }

    /// [`try_step`](Self::try_step) for parameters that are known to be those of the last step.
    ///
    /// # Panics
    /// When they are not.
    pub fn step<'a>(&mut self, isa: Isa, rate: f64, parameters: impl IntoIterator<Item = &'a mut Parameter>) {
        self.try_step(isa, rate, parameters).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Counts a step; in the first one the state of every parameter begins at 0, in another the parameters must be
    /// those of the last.
    fn remember(&mut self, parameters: &[&mut Parameter]) -> Result<(), OtherParameters> {
        if self.steps == 0 {
            let zeros = |p: &&mut Parameter| (vec![0.0; p.value.len()], vec![0.0; p.value.len()]);
            self.state = parameters.iter().map(zeros).collect();
        }
        if parameters.len() != self.state.len() {
            return Err(OtherParameters::Number);
        }
        for (parameter, (ours, state)) in parameters.iter().zip(&self.state).enumerate() {
            let (expected, found) = (state.0.len(), ours.value.len());
            if expected != found {
                return Err(OtherParameters::Size { parameter, expected, found });
            }
        }
        self.steps += 1;
        Ok(())
    }

    /// Changes every number by `rule(decay, w, dw, m, v)`, on all threads; the decay of a parameter that has none is 0.
    fn change<F>(&mut self, isa: Isa, parameters: Parameters, decay: f32, rule: F)
    where
        F: Fn(f32, &mut f32, f32, &mut f32, &mut f32) + Sync,
    {
        let (numbers, decayed) =
            (parameters.iter().map(|parameter| parameter.value.len()).sum(), self.decayed);
        let pieces = parameters.into_iter().zip(&mut self.state).flat_map(|(parameter, (m, v))| {
            let decay = if decayed.includes(parameter) { decay } else { 0.0 };
            let weights = parameter.value.chunks_mut(PIECE).zip(parameter.gradient.chunks(PIECE));
            weights.zip(m.chunks_mut(PIECE).zip(v.chunks_mut(PIECE))).map(move |piece| (decay, piece))
        });
        parallel::for_each(numbers, pieces, |(decay, ((w, dw), (m, v)))| {
            update::each(isa, w, dw, m, v, |w, dw, m, v| rule(decay, w, dw, m, v));
        });
    }
}

/// Gradient descent; `m` is the velocity.
fn sgd(rate: f32, momentum: f32, nesterov: bool) -> impl Fn(f32, &mut f32, f32, &mut f32, &mut f32) {
    move |decay, w, dw, m, _| {
        // SOLUTION: P1.1 one step of gradient descent for one number
        let g = dw + decay * *w;
        *m = momentum * *m + g;
        *w -= rate * if nesterov { g + momentum * *m } else { *m };
        // SOLUTION_END: P1.1
    }
}

/// The share of a moment that a step keeps, and the share of what is new.
fn kept(beta: f64) -> (f32, f32) {
    (beta as f32, (1.0 - beta) as f32)
}

/// Adam; `m` and `v` are the moments. Of each, `beta` is the share that is kept and `fresh` is `1 - beta`.
fn adam(
    (rate1, root2): (f32, f32),
    [(beta1, fresh1), (beta2, fresh2)]: [(f32, f32); 2],
    eps: f32,
) -> impl Fn(f32, &mut f32, f32, &mut f32, &mut f32) {
    move |decay, w, dw, m, v| {
        // SOLUTION: P1.1 one step of Adam for one number
        let g = dw + decay * *w;
        *m = beta1 * *m + fresh1 * g;
        *v = beta2 * *v + fresh2 * g * g;
        *w -= rate1 * *m / (v.sqrt() * root2 + eps);
        // SOLUTION_END: P1.1
    }
}

/// `base^exponent` by repeated multiplication: the same bits everywhere, unlike `powi`.
fn power(base: f64, exponent: i32) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, base, exponent);
    while rest > 0 {
        if rest % 2 == 1 {
            result *= square;
        }
        square *= square;
        rest /= 2;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_products() {
        assert_eq!(power(0.5, 10), 1.0 / 1024.0);
        assert_eq!(power(0.9, 0), 1.0);
        // e^-1 to the order of 1/2000: (1 - 1/1000)^1000 = e^(-1 - 1/2000 - ...).
        assert!((power(0.999, 1000) - (-1.0 - 0.5e-3_f64).exp()).abs() < 1e-6);
    }

    #[test]
    fn the_first_step_of_adam_is_the_rate_in_the_direction_of_the_sign() {
        let mut p = Parameter::new("weight", &[2], vec![1.0, 1.0]);
        p.gradient = vec![3.0, -0.01];
        Optimiser::new(Rule::ADAM).step(Isa::detect(), 0.125, vec![&mut p]);
        assert!((p.value[0] - 0.875).abs() < 1e-6 && (p.value[1] - 1.125).abs() < 1e-6, "{:?}", p.value);
    }

    #[test]
    fn plain_descent_subtracts_the_gradient_times_the_rate() {
        let mut p = Parameter::new("weight", &[1], vec![1.0]);
        p.gradient = vec![0.5];
        Optimiser::new(Rule::PLAIN_SGD).step(Isa::detect(), 0.5, vec![&mut p]);
        assert_eq!(p.value, [0.75]);
    }
}
