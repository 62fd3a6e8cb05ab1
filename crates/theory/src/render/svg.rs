//! The drawing of the standard deviation's graph as SVG.
//!
//! In the manner of Stanford's course CS231n: on every wire the value that goes forward stands above it, the
//! gradient that comes back below it. The two differ by place and shape (a gradient stands in a pill, in italics)
//! as well as by colour. The path through the mean is dashed.
//!
//! One file serves light and dark pages: colours are CSS variables of the page (`--fg`, `--bg`, `--graph-value`,
//! `--graph-gradient`), else they follow `prefers-color-scheme`; a renderer that knows no variables takes the
//! light ones from the attributes. The bytes depend on the inputs only.

use super::{
    layout::{GraphLayout, Point, RADIUS, Wire, label_width},
    marks::{MarkedGraph, WireMark},
    number::{short, short_total},
    table::{expression, symbol},
};
use crate::{
    graph::{Graph, NodeId, Op},
    std_dev::Ddof,
    std_dev_graph::StdDevGraph,
};
use std::fmt::Write as _;

const LEGEND: f64 = 40.0;
const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const STYLE: &str = "\
.wg{--wg-bg:#fff;--wg-fg:#1a1a1a;--wg-wire:#6b6f76;--wg-value:#0b6b3a;--wg-gradient:#b3261e;max-width:100%;height:auto}
@media(prefers-color-scheme:dark){.wg{--wg-bg:#17191c;--wg-fg:#e8e8e8;--wg-wire:#9aa0a6;--wg-value:#7bd88f;--wg-gradient:#ffb4a9}}
.wg .paper,.wg .node,.wg .pill{fill:var(--bg,var(--wg-bg))}
.wg .wire{stroke:var(--wg-wire)}
.wg .head{fill:var(--wg-wire)}
.wg .node{stroke:var(--fg,var(--wg-fg))}
.wg .ink{fill:var(--fg,var(--wg-fg))}
.wg .value{fill:var(--graph-value,var(--wg-value))}
.wg .gradient{fill:var(--graph-gradient,var(--wg-gradient))}
.wg .pill{stroke:var(--graph-gradient,var(--wg-gradient))}
";

/// The graph as a complete SVG document.
///
/// ```
/// use theory::{render::svg, std_dev::Ddof, std_dev_graph::StdDevGraph};
/// let graph = StdDevGraph::new(&[-1.0, 3.0], Ddof::Population)?;
/// let drawing = svg::std_dev_graph(&graph);
/// assert!(drawing.starts_with("<svg ") && drawing.ends_with("</svg>\n"));
/// assert_eq!(drawing, svg::std_dev_graph(&graph));
/// # Ok::<(), theory::std_dev::StdDevError>(())
/// ```
pub fn std_dev_graph(of: &StdDevGraph) -> String {
    marked_graph(&of.into(), &GraphCaption::of(of))
}

/// What a drawing says to a reader who does not see it, and the name that its arrow head has in the page.
#[derive(Clone, Debug)]
pub struct GraphCaption {
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// What stands below the wires.
    pub below: &'static str,
    /// The `id` of the arrow head, different for each drawing of a page that is shown and hidden by itself.
    pub arrow_head: String,
}

/// The graph as far as its marks are known, as a complete SVG document.
pub fn marked_graph(of: &MarkedGraph, caption: &GraphCaption) -> String {
    let layout = GraphLayout::new(of);
    let mut out = open(&layout, caption);
    out += "<g class=\"wire\" fill=\"none\" stroke=\"#6b6f76\" stroke-width=\"1.3\">\n";
    layout.wires.iter().for_each(|wire| out += &path(wire, &caption.arrow_head));
    out += "</g>\n<g text-anchor=\"middle\" font-size=\"13\">\n";
    layout.wires.iter().for_each(|wire| out += &label(wire.label, &wire.marks.value, &wire.marks.gradient));
    for (id, &at) in of.graph.ids().zip(&layout.nodes) {
        out += &node(of.graph, id, at, layout.captions_below[id.index()]);
    }
    out += "</g>\n";
    out += &legend(of.ddof, caption.below, layout.height);
    out += "</svg>\n";
    out
}

impl GraphCaption {
    fn of(of: &StdDevGraph) -> Self {
        let inputs: Vec<String> = of.parts.x.iter().map(|&x| short(of.graph.value(x))).collect();
        let gradient: Vec<String> = of.parts.x.iter().map(|&x| short_total(&of.backward, x)).collect();
        let (name, inputs, gradient) = (of.ddof.name(), inputs.join(", "), gradient.join(", "));
        let value = short(of.value());
        Self {
            title: format!("Computation graph of the {name} standard deviation of {inputs}"),
            description: format!(
                "Every elementary operation is a node. Above each wire stands its value, below it the gradient of the \
                 deviation by it. The deviation is {value}, its gradient by the inputs {gradient}; the gradients along \
                 the path through the mean add up to 0."
            ),
            below: "gradient of σ",
            arrow_head: "wg-head".to_owned(),
        }
    }
}

/// The head: size, title and description for a screen reader, style, arrow head, background.
fn open(layout: &GraphLayout, caption: &GraphCaption) -> String {
    let (width, height) = (layout.width, layout.height + LEGEND);
    let GraphCaption { title, description, arrow_head, .. } = caption;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"wg\" role=\"img\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" font-family=\"{FONT}\">\n\
         <title>{title}</title>\n\
         <desc>{description}</desc>\n\
         <style>\n{STYLE}</style>\n\
         <defs><marker id=\"{arrow_head}\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" \
         markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path class=\"head\" \
         fill=\"#6b6f76\" d=\"M0 0.5 L8 4 L0 7.5 Z\"/></marker></defs>\n\
         <rect class=\"paper\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    )
}

fn path(wire: &Wire, arrow_head: &str) -> String {
    let dash = if wire.by_mean { " stroke-dasharray=\"5 3\"" } else { "" };
    let current = if wire.marks.current { " class=\"current\"" } else { "" };
    format!("<path{current} d=\"{}\"{dash} marker-end=\"url(#{arrow_head})\"/>\n", wire.path)
}

/// A value above and a gradient below the point `at` of a wire, as far as they are known.
fn label(at: Point, value: &WireMark, gradient: &WireMark) -> String {
    let Point { x, y } = at;
    let value = match value {
        WireMark { text, known: true } => {
            format!("<text class=\"value\" fill=\"#0b6b3a\" x=\"{x:.1}\" y=\"{:.1}\">{text}</text>", y - 5.0)
        }
        WireMark { known: false, .. } => String::new(),
    };
    value + &pill(at, gradient)
}

/// A gradient in its pill; a dashed pill with a question mark for one that was not computed; nothing for an empty one.
fn pill(at: Point, gradient: &WireMark) -> String {
    if gradient.text.is_empty() {
        return String::new();
    }
    let Point { x, y } = at;
    let text = if gradient.known { &gradient.text } else { "?" };
    let unknown = if gradient.known { "" } else { " stroke-dasharray=\"2 2\" opacity=\"0.6\"" };
    let width = label_width(text);
    let left = x - width / 2.0;
    format!(
        "<rect class=\"pill\" fill=\"#fff\" stroke=\"#b3261e\"{unknown} x=\"{left:.1}\" y=\"{:.1}\" \
         width=\"{width:.1}\" height=\"17\" rx=\"8.5\"/>\
         <text class=\"gradient\" fill=\"#b3261e\" font-style=\"italic\" x=\"{x:.1}\" y=\"{:.1}\">{text}</text>\n",
        y + 4.0,
        y + 17.0,
    )
}

/// The circle with its operation, and what it computes beside it.
fn node(of: &Graph, id: NodeId, at: Point, caption_below: bool) -> String {
    let Point { x, y } = at;
    let mut out = format!(
        "<circle class=\"node\" fill=\"#fff\" stroke=\"#1a1a1a\" stroke-width=\"1.3\" cx=\"{x:.1}\" cy=\"{y:.1}\" \
         r=\"{RADIUS}\"/><text class=\"ink\" fill=\"#1a1a1a\" font-size=\"15\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
        y + 5.0,
        glyph(of, id)
    );
    let op = of.node(id).op;
    if op != Op::Input {
        // The wires into a sum come in steeply from the left.
        let x = if op == Op::Add { x + 14.0 } else { x };
        let y = if caption_below { y + RADIUS + 15.0 } else { y - RADIUS - 7.0 };
        let caption = caption(of, id);
        let _ = write!(
            out,
            "<text class=\"ink\" fill=\"#1a1a1a\" font-size=\"12\" x=\"{x:.1}\" y=\"{y:.1}\">{caption}</text>"
        );
    }
    out + "\n"
}

/// What stands in the circle.
fn glyph(of: &Graph, id: NodeId) -> String {
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

/// What stands beside the circle: the equation, with a sum of many terms in short.
fn caption(of: &Graph, id: NodeId) -> String {
    let node = of.node(id);
    let right = match (node.op, node.inputs.as_slice()) {
        (Op::Add, [first, _, _, ..]) => {
            let letter: String = of.node(*first).label.chars().take(1).collect();
            format!("Σ {letter}ᵢ")
        }
        _ => subscripts(&expression(of, id, symbol)).replace('-', "−"),
    };
    format!("{} = {right}", subscripts(&symbol(&node.label)))
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

fn legend(ddof: Ddof, below: &str, top: f64) -> String {
    let y = top + 10.0;
    let mark = |text: &str| WireMark { text: text.to_owned(), known: true };
    let sample = label(Point { x: 52.0, y }, &mark("value"), &mark(below.split(' ').next().unwrap_or(below)));
    let text = |x: f64, text: &str| {
        format!(
            "<text class=\"ink\" fill=\"#1a1a1a\" font-size=\"12\" x=\"{x:.1}\" y=\"{:.1}\">{text}</text>",
            y + 4.0
        )
    };
    let (name, divisor) = (ddof.name(), ["n", "(n − 1)"][ddof.get()]);
    format!(
        "<g class=\"wire\" fill=\"none\" stroke=\"#6b6f76\" stroke-width=\"1.3\"><path d=\"M24 {y:.1} H80\"/>\
         <path stroke-dasharray=\"5 3\" d=\"M344 {y:.1} H396\"/></g>\n\
         <g text-anchor=\"middle\" font-size=\"13\">{sample}</g>{}{}{}\n",
        text(96.0, &format!("forward above, {below} below")),
        text(406.0, "the path through the mean: adds up to 0"),
        text(704.0, &format!("{name}: ÷{divisor}")),
    )
}
