//! Results as text for a terminal, as JSON and as SVG. Strings only; writing them is the caller's.
//!
//! | module | makes |
//! |---|---|
//! | [`number`] | short numbers for tables and drawings |
//! | [`plain`] | plain text of the derivations' TeX |
//! | [`table`] | tables for a terminal: a loss, the nodes and the edges of a graph |
//! | [`json`] | what `--json` prints of a graph |
//! | [`marks`] | what stands on the wires of the graph of the standard deviation, as far as it was computed |
//! | [`node_text`] | what stands in a node of that graph, and beside it |
//! | [`layout`] | where nodes and wires stand, from left to right or from top to bottom |
//! | [`svg`] | the drawing of that graph |
//! | [`worked`] | the worked solutions of T1 and T2 |

pub mod json;
pub mod layout;
pub mod marks;
pub mod node_text;
pub mod number;
pub mod plain;
pub mod svg;
pub mod table;
pub mod worked;
