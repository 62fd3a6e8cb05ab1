//! What a rule says when it is broken.

/// One breach of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What stands in `debts.toml` for it. It has no line numbers, so it stays the same while the file grows.
    pub debt: String,
    /// File, line and remedy, for the reader.
    pub says: String,
}

impl Complaint {
    /// A complaint that is known as `debt` and reads `says`.
    pub fn new(debt: impl Into<String>, says: impl Into<String>) -> Self {
        Self { debt: debt.into(), says: says.into() }
    }
}
