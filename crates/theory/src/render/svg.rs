//! The drawing of the standard deviation's graph as SVG.
//!
//! In the manner of Stanford's course CS231n: on every wire the value that goes forward stands above, the
//! gradient that comes back below. The two differ by place and shape (a gradient stands in a pill, in italics)
//! as well as by colour. The path through the mean is dashed.
//!
//! One file serves light and dark pages: colours are CSS variables of the page (`--fg`, `--bg`, `--graph-value`,
//! `--graph-gradient`), else they follow `prefers-color-scheme`; a renderer that knows no variables takes the
//! light ones from the attributes. The bytes depend on the inputs only.

use super::{
    layout::{Anchor, GraphLayout, LINE, NodeCaption, Orientation, Point, RADIUS, Wire, label_width},
    marks::{MarkedGraph, WireMark},
    node_text::glyph,
    number::{short, short_total},
};
use crate::{
    graph::{Graph, NodeId},
    std_dev_graph::StdDevGraph,
};
use std::fmt::Write as _;

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
/// use theory::{render::layout::Orientation, render::svg, std_dev::Ddof, std_dev_graph::StdDevGraph};
/// let graph = StdDevGraph::new(&[-1.0, 3.0], Ddof::Population)?;
/// let drawing = svg::std_dev_graph(&graph, Orientation::Wide);
/// assert!(drawing.starts_with("<svg ") && drawing.ends_with("</svg>\n"));
/// assert_eq!(drawing, svg::std_dev_graph(&graph, Orientation::Wide));
/// # Ok::<(), theory::std_dev::StdDevError>(())
/// ```
pub fn std_dev_graph(of: &StdDevGraph, orientation: Orientation) -> String {
    marked_graph(&of.into(), orientation, &GraphCaption::of(of, orientation))
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
pub fn marked_graph(of: &MarkedGraph, orientation: Orientation, words: &GraphCaption) -> String {
    let layout = GraphLayout::new(of, orientation);
    let mut out = open(&layout, words);
    out += "<g class=\"wire\" fill=\"none\" stroke=\"#6b6f76\" stroke-width=\"1.3\">\n";
    layout.wires.iter().for_each(|wire| out += &path(wire, &words.arrow_head));
    out += "</g>\n<g text-anchor=\"middle\" font-size=\"13\">\n";
    layout.wires.iter().for_each(|wire| out += &label(wire.label, &wire.marks.value, &wire.marks.gradient));
    for (id, &at) in of.graph.ids().zip(&layout.nodes) {
        out += &node(of.graph, id, at);
        out += &layout.captions[id.index()].as_ref().map(caption).unwrap_or_default();
        out.push('\n');
    }
    out += "</g>\n";
    out += &legend(of, orientation, words.below, layout.height);
    out += "</svg>\n";
    out
}

impl GraphCaption {
    fn of(of: &StdDevGraph, orientation: Orientation) -> Self {
        let inputs: Vec<String> = of.parts.x.iter().map(|&x| short(of.graph.value(x))).collect();
        let gradient: Vec<String> = of.parts.x.iter().map(|&x| short_total(&of.backward, x)).collect();
        let (name, inputs, gradient) = (of.ddof.name(), inputs.join(", "), gradient.join(", "));
        let value = short(of.value());
        let place = match orientation {
            Orientation::Wide => "Above each wire stands its value, below it",
            Orientation::Upright => "Beside each wire stands its value, below that",
        };
        Self {
            title: format!("Computation graph of the {name} standard deviation of {inputs}"),
            description: format!(
                "Every elementary operation is a node. {place} the gradient of the deviation by it. The deviation is \
                 {value}, its gradient by the inputs {gradient}; the gradients along the path through the mean add up \
                 to 0."
            ),
            below: "gradient of σ",
            arrow_head: "wg-head".to_owned(),
        }
    }
}

/// The head: size, title and description for a screen reader, style, arrow head, background.
fn open(layout: &GraphLayout, caption: &GraphCaption) -> String {
    let (width, height) = (layout.width, layout.height + legend_height(layout.orientation));
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

/// The circle with its operation.
fn node(of: &Graph, id: NodeId, at: Point) -> String {
    let Point { x, y } = at;
    format!(
        "<circle class=\"node\" fill=\"#fff\" stroke=\"#1a1a1a\" stroke-width=\"1.3\" cx=\"{x:.1}\" cy=\"{y:.1}\" \
         r=\"{RADIUS}\"/><text class=\"ink\" fill=\"#1a1a1a\" font-size=\"15\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
        y + 5.0,
        glyph(of, id)
    )
}

/// What a node computes, beside it.
fn caption(of: &NodeCaption) -> String {
    let anchor = match of.anchor {
        Anchor::Start => " text-anchor=\"start\"",
        Anchor::Middle => "",
        Anchor::End => " text-anchor=\"end\"",
    };
    let (Point { x, mut y }, mut out) = (of.at, String::new());
    for line in &of.lines {
        let _ = write!(
            out,
            "<text class=\"ink\" fill=\"#1a1a1a\" font-size=\"12\"{anchor} x=\"{x:.1}\" y=\"{y:.1}\">{line}</text>"
        );
        y += LINE;
    }
    out
}

fn legend_height(orientation: Orientation) -> f64 {
    match orientation {
        Orientation::Wide => 40.0,
        Orientation::Upright => 96.0,
    }
}

/// What the marks mean: in one line, or one below the other where the drawing is upright.
fn legend(of: &MarkedGraph, orientation: Orientation, below: &str, top: f64) -> String {
    let mark = |text: &str| WireMark { text: text.to_owned(), known: true };
    let below_mark = mark(below.split(' ').next().unwrap_or(below));
    let text = |x: f64, y: f64, text: &str| {
        format!(
            "<text class=\"ink\" fill=\"#1a1a1a\" font-size=\"12\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"
        )
    };
    let by_mean = "the path through the mean: adds up to 0";
    let divisor = format!("{}: ÷{}", of.ddof.name(), ["n", "(n − 1)"][of.ddof.get()]);
    let (wires, sample, texts) = match orientation {
        Orientation::Wide => {
            let (y, base) = (top + 10.0, top + 14.0);
            let texts = text(96.0, base, &format!("forward above, {below} below"))
                + &text(406.0, base, by_mean)
                + &text(704.0, base, &divisor);
            ([format!("M24 {y:.1} H80"), format!("M344 {y:.1} H396")], Point { x: 52.0, y }, texts)
        }
        Orientation::Upright => {
            let y = top + 16.0;
            let texts = text(104.0, y - 5.0, "forward")
                + &text(104.0, y + 17.0, below)
                + &text(60.0, y + 44.0, by_mean)
                + &text(60.0, y + 66.0, &divisor);
            let wires =
                [format!("M14 {:.1} V{:.1}", y - 16.0, y + 22.0), format!("M14 {0:.1} H52", y + 40.0)];
            (wires, Point { x: 58.0, y }, texts)
        }
    };
    let [solid, dashed] = wires;
    let sample = label(sample, &mark("value"), &below_mark);
    format!(
        "<g class=\"wire\" fill=\"none\" stroke=\"#6b6f76\" stroke-width=\"1.3\"><path d=\"{solid}\"/>\
         <path stroke-dasharray=\"5 3\" d=\"{dashed}\"/></g>\n\
         <g text-anchor=\"middle\" font-size=\"13\">{sample}</g>{texts}\n"
    )
}
