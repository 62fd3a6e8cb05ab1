//! The configurations of P1.1, P2.1 and P2.2 by name, and the pairs of them that are compared.

use crate::iris::{Activation, Implementation, Optimiser, Settings};

/// The name of P1.1's configuration with this activation.
pub fn framework_id(activation: Activation) -> String {
    format!("framework-{}", activation.name())
}

/// The configurations, by name.
pub fn variants() -> Vec<(String, Settings)> {
    let framework = |activation: Activation| (framework_id(activation), Settings::framework(activation));
    // The network of P2.1 with `cnn`'s layers and three optimisers: what differs is the optimiser alone.
    let same_as_scratch = |name: &str, optimiser, learning_rate| {
        let implementation = Implementation::Framework;
        (
            format!("{}-{name}", framework_id(Activation::Sigmoid)),
            Settings { implementation, optimiser, learning_rate, ..Settings::scratch() },
        )
    };
    let mut all: Vec<_> = Activation::ALL.into_iter().map(framework).collect();
    all.push(("scratch".to_owned(), Settings::scratch()));
    all.push(("scratch-as-in-the-original".to_owned(), Settings::scratch_as_in_the_original()));
    all.push(same_as_scratch("sgd", Optimiser::Sgd, 0.1));
    all.push(same_as_scratch("momentum", Optimiser::Momentum, 0.01));
    all.push(same_as_scratch("adam", Optimiser::Adam, 0.01));
    all
}

/// Pairs of the four activations that are compared, `first - second`.
pub const ACTIVATION_PAIRS: [(&str, &str); 4] = [
    ("framework-prelu", "framework-relu"),
    ("framework-sigmoid", "framework-relu"),
    ("framework-tanh", "framework-relu"),
    ("framework-tanh", "framework-sigmoid"),
];

/// The network by hand against others, and the original's recipe against it.
pub const BY_HAND_PAIRS: [(&str, &str); 5] = [
    ("scratch", "framework-sigmoid"),
    ("scratch", "framework-sigmoid-sgd"),
    ("scratch", "framework-sigmoid-momentum"),
    ("scratch", "framework-sigmoid-adam"),
    ("scratch-as-in-the-original", "scratch"),
];

/// All pairs, in the order of the record.
pub fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    ACTIVATION_PAIRS.into_iter().chain(BY_HAND_PAIRS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_among_the_variants() {
        let names: Vec<String> = variants().into_iter().map(|(name, _)| name).collect();
        for (first, second) in pairs() {
            assert!(names.iter().any(|name| name == first) && names.iter().any(|name| name == second));
        }
    }
}
