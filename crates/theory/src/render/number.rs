//! Short numbers for tables and drawings.

use crate::graph::{Backward, Edge, Node, NodeId, is_rounding};

/// `value` to five significant digits, without trailing zeros and without a negative zero; with an exponent below
/// 1e-4 and from 1e6. **The full value is in the JSON**, which uses none of this.
///
/// ```
/// use theory::render::number::short;
/// assert_eq!(short(-0.5), "-0.5");
/// assert_eq!(short(8f64.sqrt()), "2.8284");
/// assert_eq!(short(-0.0), "0");
/// assert_eq!(short(123456.7), "123460");
/// assert_eq!(short(2.5e-7), "2.5e-7");
/// ```
pub fn short(value: f64) -> String {
    // Rounded to decimal digits by the formatter, which is exact, and read back to drop the trailing zeros.
    let rounded = format!("{value:.4e}").parse().unwrap_or(value);
    let size = rounded.abs();
    match rounded {
        0.0 => "0".to_owned(),
        _ if (1e-4..1e6).contains(&size) || !size.is_finite() => rounded.to_string(),
        _ => format!("{rounded:e}"),
    }
}

/// `value` with the fewest digits that read back to it, without a negative zero; with an exponent below 1e-5 and
/// from 1e16.
///
/// ```
/// use theory::render::number::full;
/// assert_eq!(full(2.0), "2");
/// assert_eq!(full(1.0 / 3.0), "0.3333333333333333");
/// assert_eq!(full(1e-17), "1e-17");
/// ```
pub fn full(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        _ if (1e-5..1e16).contains(&value.abs()) || !value.is_finite() => value.to_string(),
        _ => format!("{value:e}"),
    }
}

/// [`short`], with 0 for what is 0 [up to rounding](crate::graph::is_rounding).
pub fn short_or_zero(value: f64, magnitude: f64) -> String {
    if is_rounding(value, magnitude) { "0".to_owned() } else { short(value) }
}

/// The total gradient by a node, by [`short_or_zero`].
pub fn short_total(backward: &Backward, id: NodeId) -> String {
    short_or_zero(backward.adjoints[id.index()], backward.magnitudes[id.index()])
}

/// The gradient of an edge, by [`short_or_zero`].
pub fn short_gradient(edge: &Edge) -> String {
    short_or_zero(edge.gradient, edge.magnitude)
}

/// The value of a node, by [`short_or_zero`].
pub fn short_value(node: &Node) -> String {
    short_or_zero(node.value, node.magnitude)
}
