//! What stands in a node of the drawing, and beside it.

use super::number::short;
use super::table::{expression, symbol};
use crate::graph::{Graph, NodeId, Op};

/// About the width of a line of a caption.
pub fn line_width(line: &str) -> f64 {
    6.0 * line.chars().count() as f64
}

/// What stands in the circle.
pub fn glyph(of: &Graph, id: NodeId) -> String {
    let node = of.node(id);
    match node.op {
        Op::Input => subscripts(&node.label),
        Op::Add if node.inputs.len() > 2 => "Σ".to_owned(),
        Op::Add => "+".to_owned(),
        Op::Sub => "−".to_owned(),
        Op::Mul => "×".to_owned(),
        Op::Div => "÷".to_owned(),
        Op::DivideBy(c) => format!("÷{}", short(c)),
        Op::Square => "( )²".to_owned(),
        Op::Sqrt => "√".to_owned(),
        Op::Exp => "exp".to_owned(),
        Op::Ln => "ln".to_owned(),
    }
}

/// What stands beside the circle: the node's name and what it computes, with a sum of many terms in short. Nothing
/// beside an input.
pub fn caption(of: &Graph, id: NodeId) -> Option<(String, String)> {
    let node = of.node(id);
    let computes = match (node.op, node.inputs.as_slice()) {
        (Op::Input, _) => return None,
        (Op::Add, [first, _, _, ..]) => {
            let letter: String = of.node(*first).label.chars().take(1).collect();
            format!("Σ {letter}ᵢ")
        }
        _ => subscripts(&expression(of, id, symbol)).replace('-', "−"),
    };
    Some((subscripts(&symbol(&node.label)), computes))
}

/// Digits that follow a letter, as subscripts: `x1` is x₁, while the 2 of `s / 2` stays.
fn subscripts(text: &str) -> String {
    let mut in_name = false;
    let lower = |c: char| {
        let digit = c.to_digit(10).filter(|_| in_name);
        in_name = c.is_alphabetic() || digit.is_some();
        digit.and_then(|digit| char::from_u32('₀' as u32 + digit)).unwrap_or(c)
    };
    text.chars().map(lower).collect()
}
