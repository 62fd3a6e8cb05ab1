//! What a record holds of a network's answers at another temperature.

use super::reliability::Bin;
use serde::{Deserialize, Serialize};

/// A network's answers to the held-out images at a temperature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tempered {
    pub temperature: f64,
    /// Mean loss in nats.
    pub held_out_loss: f64,
    /// How its confidence compares with how often it is right.
    pub reliability: Vec<Bin>,
}
