//! What a person reads: snapshots of the worked solutions, the tables, the JSON and the drawing; and the rule that no
//! label of the drawing covers another.

use numerics::random::{Purpose, Stream};
use rstest::rstest;
use theory::{
    cross_entropy::{Reading, class_probabilities, cross_entropy},
    render::{
        json::StdDevRecord,
        layout::{
            Anchor, GAP, GraphLayout, LABEL_HEIGHT, LABEL_TOP, LINE, NodeCaption, Orientation, Point, RADIUS,
        },
        layout::{Wire, label_width},
        node_text::line_width,
        number::{full, short, short_gradient, short_value},
        svg, table, worked,
    },
    std_dev::Ddof,
    std_dev_graph::StdDevGraph,
};

fn graph(x: &[f64], ddof: Ddof) -> StdDevGraph {
    StdDevGraph::new(x, ddof).unwrap()
}

/// Six inputs of unequal length in print.
const SIX: [f64; 6] = [5.1, 4.9, -4.75, 12.25, 0.001, 3.0];

#[test]
fn the_worked_solutions_of_t1_and_t2() {
    insta::assert_snapshot!(worked::solutions(1, 200).unwrap());
}

#[test]
fn the_derivations_as_json() {
    insta::assert_json_snapshot!(worked::derivations(1, 200).unwrap());
}

#[test]
fn the_table_of_a_loss() {
    let (outputs, labels) = ([[2.0, -1.0, 0.5, 30.0], [0.0, 0.0, 0.0, 0.0]], [0, 3]);
    let loss = cross_entropy(&outputs, &labels, Reading::Logits).unwrap();
    let q = class_probabilities(&outputs, Reading::Logits).unwrap();
    insta::assert_snapshot!(table::cross_entropy(&loss, &q, &labels));
}

#[test]
fn the_tables_of_six_inputs() {
    let graph = graph(&SIX, Ddof::Sample);
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        table::nodes(&graph),
        table::edges(&graph),
        table::paths(&graph)
    ));
}

#[test]
fn the_json_of_the_questions_graph() {
    insta::assert_json_snapshot!(StdDevRecord::from(&graph(&worked::INPUTS, Ddof::Population)));
}

#[rstest]
#[case::of_the_question_population("two_inputs_population", &worked::INPUTS, Ddof::Population)]
#[case::of_the_question_sample("two_inputs_sample", &worked::INPUTS, Ddof::Sample)]
#[case::of_six_inputs("six_inputs_sample", &SIX, Ddof::Sample)]
fn the_drawing(#[case] name: &str, #[case] x: &[f64], #[case] ddof: Ddof) {
    let graph = graph(x, ddof);
    insta::assert_snapshot!(name, svg::std_dev_graph(&graph, Orientation::Wide));
    insta::assert_snapshot!(format!("{name}_upright"), svg::std_dev_graph(&graph, Orientation::Upright));
}

#[test]
fn a_mean_of_tenths_shows_zero_where_only_rounding_is_left() {
    let graph = graph(&[0.1, 0.2, 0.3], Ddof::Population);
    let record = StdDevRecord::from(&graph);
    assert!(record.nodes.iter().any(|node| node.value != 0.0 && node.value.abs() < 1e-15), "JSON keeps it");
    let drawings = Orientation::ALL.map(|orientation| svg::std_dev_graph(&graph, orientation));
    for text in [table::nodes(&graph), table::edges(&graph), table::paths(&graph)].iter().chain(&drawings) {
        assert!(!(0..10).any(|digit| text.contains(&format!("e-{digit}"))), "{text}");
    }
}

/// A rectangle: left, top, right, bottom.
type Rect = [f64; 4];

/// The labels of the wires, the circles of the nodes, and the captions beside these.
fn rectangles(layout: &GraphLayout) -> Vec<Rect> {
    let circle = |at: &Point| [at.x - RADIUS, at.y - RADIUS, at.x + RADIUS, at.y + RADIUS];
    let captions = layout.captions.iter().flatten().map(caption);
    layout.wires.iter().map(label).chain(layout.nodes.iter().map(circle)).chain(captions).collect()
}

fn label(wire: &Wire) -> Rect {
    let half = label_width(&wire.marks.value.text).max(label_width(&wire.marks.gradient.text)) / 2.0;
    let top = wire.label.y - LABEL_TOP;
    [wire.label.x - half, top, wire.label.x + half, top + LABEL_HEIGHT]
}

fn caption(of: &NodeCaption) -> Rect {
    let width = of.lines.iter().map(|line| line_width(line)).fold(0.0, f64::max);
    let left = match of.anchor {
        Anchor::Start => of.at.x,
        Anchor::Middle => of.at.x - width / 2.0,
        Anchor::End => of.at.x - width,
    };
    [left, of.at.y - 9.0, left + width, of.at.y + LINE * (of.lines.len() as f64 - 1.0)]
}

fn overlapping(rects: &[Rect]) -> Option<(Rect, Rect)> {
    let apart = |a: &Rect, b: &Rect| a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
    let pairs = rects.iter().enumerate().flat_map(|(i, a)| rects[i + 1..].iter().map(move |b| (a, b)));
    pairs.into_iter().find(|(a, b)| !apart(a, b)).map(|(a, b)| (*a, *b))
}

#[rstest]
fn no_label_covers_another_or_a_node(
    #[values(2, 3, 4, 5, 6, 9, 20)] n: usize,
    #[values(0, 1)] ddof: usize,
    #[values(Orientation::Wide, Orientation::Upright)] orientation: Orientation,
) {
    let mut stream = Stream::new(n as u64, Purpose::Check);
    for size in [1.0, 1e-9, 1e9] {
        let x: Vec<f64> = (0..n).map(|_| size * stream.normal()).collect();
        let layout = GraphLayout::new(&(&graph(&x, Ddof::ALL[ddof])).into(), orientation);
        let rects = rectangles(&layout);
        assert_eq!(overlapping(&rects), None);
        let inside = |r: &Rect| r[0] >= 0.0 && r[1] >= 0.0 && r[2] <= layout.width && r[3] <= layout.height;
        assert!(rects.iter().all(inside));
        assert_eq!(crossed(&layout), None);
    }
}

/// Negative control for the rule above.
#[rstest]
fn a_label_moved_onto_another_is_found(
    #[values(Orientation::Wide, Orientation::Upright)] orientation: Orientation,
) {
    let mut layout = GraphLayout::new(&(&graph(&worked::INPUTS, Ddof::Population)).into(), orientation);
    layout.wires[3].label = layout.wires[4].label;
    assert!(overlapping(&rectangles(&layout)).is_some());
}

/// The numbers of a path, as points.
fn points(path: &str) -> Vec<Point> {
    let mut points = Vec::new();
    let mut at = Point { x: 0.0, y: 0.0 };
    let mut pending = None;
    let mut command = 'M';
    for word in path.split(' ') {
        let letter = word.chars().next().filter(char::is_ascii_alphabetic);
        command = letter.unwrap_or(command);
        let number: f64 = word.trim_start_matches(char::is_alphabetic).parse().unwrap();
        let point = match (command, pending.take()) {
            ('H', _) => Point { x: number, ..at },
            ('V', _) => Point { y: number, ..at },
            (_, None) => {
                pending = Some(number);
                continue;
            }
            (_, Some(x)) => Point { x, y: number },
        };
        points.push(point);
        at = point;
    }
    points
}

/// The first label of an upright drawing that a level stretch of a wire runs through. In a wide one, a label stands on
/// its own wire.
fn crossed(layout: &GraphLayout) -> Option<(Rect, String)> {
    if layout.orientation == Orientation::Wide {
        return None;
    }
    let captions = layout.captions.iter().flatten().map(caption);
    let texts: Vec<Rect> = layout.wires.iter().map(label).chain(captions).collect();
    let runs_through = |text: &Rect, path: &str| {
        points(path).windows(2).any(|ends| {
            let (top, bottom) = (ends[0].y.min(ends[1].y), ends[0].y.max(ends[1].y));
            ends[0].x == ends[1].x
                && (text[0]..text[2]).contains(&ends[0].x)
                && top < text[3]
                && text[1] < bottom
        })
    };
    let mut pairs = texts.iter().flat_map(|text| layout.wires.iter().map(move |wire| (text, wire)));
    pairs.find(|(text, wire)| runs_through(text, &wire.path)).map(|(text, wire)| (*text, wire.path.clone()))
}

#[test]
fn a_label_moved_onto_an_upright_wire_is_found() {
    let mut layout =
        GraphLayout::new(&(&graph(&worked::INPUTS, Ddof::Population)).into(), Orientation::Upright);
    assert_eq!(crossed(&layout), None);
    layout.wires[0].label.x += 2.0 * GAP;
    assert!(crossed(&layout).is_some());
}

/// What a phone of 360 pixels has beside its margins.
#[rstest]
fn an_upright_drawing_of_two_inputs_fits_a_phone(#[values(0, 1)] ddof: usize) {
    let graph = graph(&worked::INPUTS, Ddof::ALL[ddof]);
    let [wide, upright] =
        Orientation::ALL.map(|orientation| GraphLayout::new(&(&graph).into(), orientation).width);
    assert!(upright <= 340.0 && wide > 900.0, "{upright} {wide}");
}

#[rstest]
fn the_drawing_holds_every_value_and_gradient_of_the_graph(
    #[values(Orientation::Wide, Orientation::Upright)] orientation: Orientation,
) {
    let graph = graph(&SIX, Ddof::Sample);
    let drawing = svg::std_dev_graph(&graph, orientation);
    assert_eq!(drawing.matches("class=\"node\"").count(), graph.graph.nodes().len());
    // One for each edge, for each input's and the output's open end, and for the legend.
    assert_eq!(drawing.matches("class=\"pill\"").count(), graph.backward.edges.len() + SIX.len() + 2);
    let shown = |class: &str, text: &str| {
        let class = format!("class=\"{class}\"");
        drawing.split(&class).skip(1).filter(|rest| rest.split(['>', '<']).nth(1) == Some(text)).count()
    };
    for edge in &graph.backward.edges {
        assert!(shown("value", &short_value(graph.graph.node(edge.from))) > 0, "{edge:?}");
        assert!(shown("gradient", &short_gradient(edge)) > 0, "{edge:?}");
    }
    for gradient in graph.gradient() {
        assert!(shown("gradient", &short(gradient)) > 0);
    }
    // From each input to the sum, from there to the mean, from there to each deviation; and the legend.
    assert_eq!(drawing.matches("stroke-dasharray=\"5 3\"").count(), 2 * SIX.len() + 2);
    assert!(drawing.contains("role=\"img\"") && drawing.contains("<title>") && drawing.contains("<desc>"));
}

#[rstest]
#[case::half(-0.5, "-0.5", "-0.5")]
#[case::whole(2.0, "2", "2")]
#[case::root(8f64.sqrt(), "2.8284", "2.8284271247461903")]
#[case::negative_zero(-0.0, "0", "0")]
#[case::rounded_up_to_a_power(999_999.9, "1e6", "999999.9")]
#[case::tiny(-1.5e-9, "-1.5e-9", "-1.5e-9")]
#[case::not_a_number(f64::NAN, "NaN", "NaN")]
#[case::infinite(f64::NEG_INFINITY, "-inf", "-inf")]
fn numbers_print(#[case] value: f64, #[case] in_short: &str, #[case] in_full: &str) {
    assert_eq!((short(value).as_str(), full(value).as_str()), (in_short, in_full));
}
