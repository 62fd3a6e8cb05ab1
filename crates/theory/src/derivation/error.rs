//! Why a derivation is refused.

/// Why a derivation was refused. Steps count from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DerivationError {
    /// A step differs from its predecessor.
    #[error(
        "{id}: step {step} is wrong: \"{plain}\" is {found:e} where step {} is {previous:e} (input {trial})",
        .step - 1
    )]
    WrongStep {
        /// The derivation.
        id: &'static str,
        /// The first wrong step.
        step: usize,
        /// Its expression.
        plain: String,
        /// The value of the step before.
        previous: f64,
        /// Its value.
        found: f64,
        /// Which random input showed it, from 1.
        trial: usize,
    },
    /// A step has no finite value on one of the inputs.
    #[error("{id}: step {step} is {found} on input {trial}")]
    NotFinite {
        /// The derivation.
        id: &'static str,
        /// The step.
        step: usize,
        /// Its value.
        found: f64,
        /// Which random input, from 1.
        trial: usize,
    },
    /// The check cannot fail, so it proves nothing: fewer than two steps, fewer than two inputs, or an expression
    /// with one and the same value on all of them.
    #[error("{id}: {steps} steps on {trials} inputs, whose value never changes: this proves nothing")]
    ProvesNothing {
        /// The derivation.
        id: &'static str,
        /// The number of steps.
        steps: usize,
        /// The number of random inputs.
        trials: usize,
    },
}
