//! The species of iris.

/// The species; a label is an index into this list.
pub const SPECIES: [&str; 3] = ["setosa", "versicolor", "virginica"];
