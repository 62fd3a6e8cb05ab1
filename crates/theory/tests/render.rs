//! What a person reads: snapshots of the worked solutions, the tables, the JSON and the drawing; and the rule that no
//! label of the drawing covers another.

use numerics::random::{Purpose, Stream};
use rstest::rstest;
use theory::{
    cross_entropy::{Reading, class_probabilities, cross_entropy},
    render::{
        json::StdDevRecord,
        layout::{GraphLayout, RADIUS, label_width},
        number::{full, short},
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
    insta::assert_snapshot!(name, svg::std_dev_graph(&graph(x, ddof)));
}

#[test]
fn a_mean_of_tenths_shows_zero_where_only_rounding_is_left() {
    let graph = graph(&[0.1, 0.2, 0.3], Ddof::Population);
    let record = StdDevRecord::from(&graph);
    assert!(record.nodes.iter().any(|node| node.value != 0.0 && node.value.abs() < 1e-15), "JSON keeps it");
    for text in [table::nodes(&graph), table::edges(&graph), table::paths(&graph), svg::std_dev_graph(&graph)]
    {
        assert!(!(0..10).any(|digit| text.contains(&format!("e-{digit}"))), "{text}");
    }
}

/// A rectangle: left, top, right, bottom.
type Rect = [f64; 4];

/// The labels of the wires and the circles of the nodes.
fn rectangles(layout: &GraphLayout) -> Vec<Rect> {
    let label = |wire: &theory::render::layout::Wire| {
        let half = label_width(&wire.marks.value.text).max(label_width(&wire.marks.gradient.text)) / 2.0;
        [wire.label.x - half, wire.label.y - 16.0, wire.label.x + half, wire.label.y + 21.0]
    };
    let circle =
        |at: &theory::render::layout::Point| [at.x - RADIUS, at.y - RADIUS, at.x + RADIUS, at.y + RADIUS];
    layout.wires.iter().map(label).chain(layout.nodes.iter().map(circle)).collect()
}

fn overlapping(rects: &[Rect]) -> Option<(Rect, Rect)> {
    let apart = |a: &Rect, b: &Rect| a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
    let pairs = rects.iter().enumerate().flat_map(|(i, a)| rects[i + 1..].iter().map(move |b| (a, b)));
    pairs.into_iter().find(|(a, b)| !apart(a, b)).map(|(a, b)| (*a, *b))
}

#[rstest]
fn no_label_covers_another_or_a_node(#[values(2, 3, 4, 5, 6, 9, 20)] n: usize, #[values(0, 1)] ddof: usize) {
    let mut stream = Stream::new(n as u64, Purpose::Check);
    for size in [1.0, 1e-9, 1e9] {
        let x: Vec<f64> = (0..n).map(|_| size * stream.normal()).collect();
        let layout = GraphLayout::new(&(&graph(&x, Ddof::ALL[ddof])).into());
        let rects = rectangles(&layout);
        assert_eq!(overlapping(&rects), None);
        let inside = |r: &Rect| r[0] >= 0.0 && r[1] >= 0.0 && r[2] <= layout.width && r[3] <= layout.height;
        assert!(rects.iter().all(inside));
    }
}

/// Negative control for the rule above.
#[test]
fn a_label_moved_onto_another_is_found() {
    let mut layout = GraphLayout::new(&(&graph(&worked::INPUTS, Ddof::Population)).into());
    layout.wires[3].label = layout.wires[4].label;
    assert!(overlapping(&rectangles(&layout)).is_some());
}

#[test]
fn the_drawing_holds_every_value_and_gradient_of_the_graph() {
    let graph = graph(&SIX, Ddof::Sample);
    let drawing = svg::std_dev_graph(&graph);
    assert_eq!(drawing.matches("class=\"node\"").count(), graph.graph.nodes().len());
    // One for each edge, for each input's and the output's open end, and for the legend.
    assert_eq!(drawing.matches("class=\"pill\"").count(), graph.backward.edges.len() + SIX.len() + 2);
    for gradient in graph.gradient() {
        assert!(drawing.contains(&format!(">{}</text>", short(gradient))));
    }
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
