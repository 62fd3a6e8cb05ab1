//! The computation graph: every operation's derivative, parallel edges, fan-out, errors.

use proptest::prelude::*;
use rstest::rstest;
use theory::graph::{Graph, GraphError, NodeId, Op, is_rounding};

/// Builds `op(inputs)` and returns its value and the adjoints of the inputs.
fn value_and_gradient(op: Op, x: &[f64]) -> (f64, Vec<f64>) {
    let mut graph = Graph::new();
    let inputs: Vec<NodeId> = x.iter().map(|&x| graph.input("x", x)).collect();
    let output = graph.apply("y", op, &inputs);
    let backward = graph.backward(output).unwrap();
    (graph.value(output), inputs.iter().map(|id| backward.adjoints[id.index()]).collect())
}

#[rstest]
#[case::add(Op::Add, &[1.3, -0.4, 2.2])]
#[case::sub(Op::Sub, &[1.3, -0.4])]
#[case::mul(Op::Mul, &[1.3, -0.4])]
#[case::div(Op::Div, &[1.3, -0.4])]
#[case::divide_by(Op::DivideBy(3.0), &[1.3])]
#[case::square(Op::Square, &[-1.3])]
#[case::sqrt(Op::Sqrt, &[1.3])]
#[case::exp(Op::Exp, &[-1.3])]
#[case::ln(Op::Ln, &[1.3])]
fn the_derivative_of_each_operation_agrees_with_central_differences(#[case] op: Op, #[case] x: &[f64]) {
    let (_, claimed) = value_and_gradient(op, x);
    gradcheck::check(&format!("{op:?}"), |x| value_and_gradient(op, x).0, x, &claimed).unwrap();
}

/// Negative control for the table above: each operation's derivative, off by one per mille.
#[rstest]
#[case::add(Op::Add, &[1.3, -0.4, 2.2])]
#[case::sub(Op::Sub, &[1.3, -0.4])]
#[case::mul(Op::Mul, &[1.3, -0.4])]
#[case::div(Op::Div, &[1.3, -0.4])]
#[case::divide_by(Op::DivideBy(3.0), &[1.3])]
#[case::square(Op::Square, &[-1.3])]
#[case::sqrt(Op::Sqrt, &[1.3])]
#[case::exp(Op::Exp, &[-1.3])]
#[case::ln(Op::Ln, &[1.3])]
fn a_derivative_off_by_one_per_mille_is_refused(#[case] op: Op, #[case] x: &[f64]) {
    let (_, mut claimed) = value_and_gradient(op, x);
    claimed[0] *= 1.001;
    gradcheck::check(&format!("{op:?}"), |x| value_and_gradient(op, x).0, x, &claimed).unwrap_err();
}

/// `f(x, y) = ln(x y + e^x) sqrt(x + y^2) - y / x`: `x` and `y` leave along many edges, and the logarithm twice.
fn tangled(x: &[f64]) -> (Graph, NodeId, [NodeId; 2]) {
    let mut graph = Graph::new();
    let [x, y] = [graph.input("x", x[0]), graph.input("y", x[1])];
    let product = graph.apply("xy", Op::Mul, &[x, y]);
    let e = graph.apply("e", Op::Exp, &[x]);
    let sum = graph.apply("sum", Op::Add, &[product, e]);
    let log = graph.apply("log", Op::Ln, &[sum]);
    let square = graph.apply("square", Op::Square, &[y]);
    let inner = graph.apply("inner", Op::Add, &[x, square]);
    let root = graph.apply("root", Op::Sqrt, &[inner]);
    let left = graph.apply("left", Op::Mul, &[log, root]);
    let right = graph.apply("right", Op::Div, &[y, x]);
    let output = graph.apply("f", Op::Sub, &[left, right]);
    (graph, output, [x, y])
}

#[test]
fn adjoints_add_up_over_all_paths() {
    let at = [1.7, 0.6];
    let (graph, output, inputs) = tangled(&at);
    let backward = graph.backward(output).unwrap();
    let claimed = inputs.map(|id| backward.adjoints[id.index()]);
    let f = |x: &[f64]| {
        let (graph, output, _) = tangled(x);
        graph.value(output)
    };
    gradcheck::check("tangled", f, &at, &claimed).unwrap();
}

#[test]
fn an_adjoint_is_the_sum_of_the_gradients_of_the_edges_that_leave_the_node() {
    let (graph, output, _) = tangled(&[1.7, 0.6]);
    let backward = graph.backward(output).unwrap();
    for id in graph.ids().filter(|&id| id != output) {
        let leaving = backward.edges.iter().filter(|edge| edge.from == id).map(|edge| edge.gradient);
        assert!((numerics::reduce::sum(leaving) - backward.adjoints[id.index()]).abs() < 1e-15);
    }
    assert_eq!(backward.adjoints[output.index()], 1.0);
}

#[test]
fn an_edges_gradient_is_the_adjoint_of_its_end_times_the_local_derivative() {
    let (graph, output, _) = tangled(&[1.7, 0.6]);
    let backward = graph.backward(output).unwrap();
    for edge in &backward.edges {
        assert_eq!(edge.gradient, backward.adjoints[edge.to.index()] * edge.partial);
        assert_eq!(graph.node(edge.to).inputs[edge.slot], edge.from);
    }
}

#[test]
fn what_the_output_does_not_depend_on_has_gradient_zero() {
    let mut graph = Graph::new();
    let (x, y) = (graph.input("x", 2.0), graph.input("y", 3.0));
    let used = graph.apply("used", Op::Square, &[x]);
    graph.apply("unused", Op::Square, &[y]);
    assert_eq!(graph.backward(used).unwrap().adjoints, [4.0, 0.0, 1.0, 0.0]);
}

proptest! {
    #[test]
    fn a_square_is_a_product_with_itself_along_two_edges(x in -1e3..1e3_f64) {
        let mut graph = Graph::new();
        let x = graph.input("x", x);
        let (square, product) = (graph.apply("square", Op::Square, &[x]), graph.apply("product", Op::Mul, &[x, x]));
        prop_assert_eq!(graph.value(square), graph.value(product));
        let by = |output| graph.backward(output).unwrap().adjoints[x.index()];
        prop_assert_eq!(by(square), by(product));
    }

    #[test]
    fn a_sum_of_many_is_a_chain_of_sums_of_two(terms in prop::collection::vec(-1e3..1e3_f64, 2..9)) {
        let mut graph = Graph::new();
        let x: Vec<NodeId> = terms.iter().map(|&x| graph.input("x", x)).collect();
        let at_once = graph.apply("at once", Op::Add, &x);
        let chain = x[1..].iter().fold(x[0], |sum, &x| graph.apply("sum", Op::Add, &[sum, x]));
        prop_assert!((graph.value(at_once) - graph.value(chain)).abs() < 1e-11);
        for x in x {
            let by = |output| graph.backward(output).unwrap().adjoints[x.index()];
            prop_assert_eq!(by(at_once), by(chain));
        }
    }
}

#[test]
fn only_what_is_smaller_than_its_rounding_error_counts_as_zero() {
    let mut graph = Graph::new();
    let (a, b) = (graph.input("a", 1e9 + 1.0), graph.input("b", 1e9));
    let small = graph.apply("small", Op::Sub, &[a, b]);
    let square = graph.apply("square", Op::Square, &[small]);
    for node in [small, square].map(|id| graph.node(id).clone()) {
        assert!(!is_rounding(node.value, node.magnitude), "{node:?} has nine good digits");
    }
}

#[rstest]
#[case::sqrt_at_zero(Op::Sqrt, 0.0, "node y has no finite derivative by its input x = 0")]
#[case::sqrt_below_zero(Op::Sqrt, -1.0, "node y has the value NaN, which is not finite")]
#[case::ln_of_zero(Op::Ln, 0.0, "node y has the value -inf, which is not finite")]
#[case::exp_of_a_thousand(Op::Exp, 1e3, "node y has the value inf, which is not finite")]
#[case::division_by_the_constant_zero(
    Op::DivideBy(0.0),
    1.0,
    "node y has the value inf, which is not finite"
)]
fn a_node_without_value_or_derivative_is_named(#[case] op: Op, #[case] x: f64, #[case] message: &str) {
    let mut graph = Graph::new();
    let x = graph.input("x", x);
    let y = graph.apply("y", op, &[x]);
    assert_eq!(graph.backward(y).unwrap_err().to_string(), message);
}

#[test]
fn a_gradient_that_overflows_on_the_way_is_named() {
    let mut graph = Graph::new();
    let x = graph.input("x", 1e-300);
    let small = graph.apply("small", Op::DivideBy(1e-200), &[x]);
    let large = graph.apply("large", Op::DivideBy(1e-200), &[small]);
    let error = graph.backward(large).unwrap_err();
    assert!(matches!(error, GraphError::Derivative { .. }), "{error}");
}

#[rstest]
#[case::a_difference_of_three(Op::Sub, 3)]
#[case::a_sum_of_nothing(Op::Add, 0)]
#[case::an_input_by_apply(Op::Input, 0)]
#[should_panic(expected = "inputs")]
fn the_wrong_number_of_inputs_is_a_programming_error(#[case] op: Op, #[case] inputs: usize) {
    let mut graph = Graph::new();
    let x = graph.input("x", 1.0);
    graph.apply("y", op, &vec![x; inputs]);
}
