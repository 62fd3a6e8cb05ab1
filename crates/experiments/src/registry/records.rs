//! The records of all experiments.

use crate::iris::studies::{seeds, tuning};
use crate::mnist::studies::registered;
use crate::worked;
use records::Record;
use std::collections::BTreeMap;

/// Everything the experiments computed, each present once it was run.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// T1 and T2.
    pub theory: Option<worked::Record>,
    /// The choice of the weight decay of P1.1.
    pub tuning: Option<tuning::Record>,
    /// P1.1, P2.1, P2.2.
    pub iris: Option<seeds::Record>,
    /// P1.2.
    pub mnist: Option<registered::Record>,
    /// The network that P1.2 trained, as a file.
    pub mnist_weights: Option<Vec<u8>>,
    /// The studies, by the experiment's id.
    pub studies: BTreeMap<&'static str, Record>,
}
