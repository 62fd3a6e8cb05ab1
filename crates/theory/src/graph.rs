//! A scalar computation graph: values forward, adjoints backward.
//!
//! A node holds one number and the elementary operation that made it from its inputs. Reverse accumulation walks
//! the nodes from the last to the first. For an output `f`, a node `v` and the node `u` that stands in place
//! `slot` among the inputs of `v`:
//!
//! ```text
//! adjoint(f) = 1
//! gradient of the edge u -> v = adjoint(v) * (dv/du by this slot)      "the gradient of f by this input of v"
//! adjoint(u) = sum of the gradients of all edges that leave u          "df/du"
//! ```
//!
//! Source: A. Griewank, A. Walther, "Evaluating Derivatives", 2nd edition, 2008, chapter 3.

mod op;

use numerics::reduce::sum;
pub use op::Op;

/// The name of a node in the [`Graph`] that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

impl NodeId {
    /// The node's place in the order of creation, from 0.
    pub fn index(self) -> usize {
        self.0
    }
}

/// Whether a number is 0 up to the rounding of what it was computed from: below `1e-15` of its magnitude. Tables
/// and drawings print such a number as 0; JSON holds it as computed.
///
/// A [`Node::magnitude`] is the running error bound of its value in units of the rounding error, first order; an
/// [`Edge::magnitude`] is that of its gradient.
///
/// ```
/// use theory::graph::{Graph, Op, is_rounding};
/// let mut graph = Graph::new();
/// let (a, b, c) = (graph.input("a", 0.1), graph.input("b", 0.2), graph.input("c", 0.3));
/// let sum = graph.apply("sum", Op::Sub, &[c, b]);
/// let rest = graph.apply("rest", Op::Sub, &[sum, a]);
/// assert_ne!(graph.value(rest), 0.0);
/// assert!(is_rounding(graph.value(rest), graph.node(rest).magnitude));
/// ```
pub fn is_rounding(value: f64, magnitude: f64) -> bool {
    value.abs() <= 1e-15 * magnitude
}

/// One node: its name, operation, inputs and value.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The name in tables and drawings.
    pub label: String,
    /// The operation that made the value.
    pub op: Op,
    /// The nodes it was made of, in order.
    pub inputs: Vec<NodeId>,
    /// The value.
    pub value: f64,
    /// `|value| + sum over inputs of |partial| * magnitude`; see [`is_rounding`].
    pub magnitude: f64,
}

/// An edge: one input of one node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The node that is the input.
    pub from: NodeId,
    /// The node that has it as input.
    pub to: NodeId,
    /// The place among the inputs of `to`, from 0.
    pub slot: usize,
    /// The derivative of `to`'s operation by this input.
    pub partial: f64,
    /// The derivative of the output by this input: the adjoint of `to` times `partial`.
    pub gradient: f64,
    /// The sum of absolute values over all paths from this input to the output; see [`is_rounding`].
    pub magnitude: f64,
}

/// What a backward pass leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Backward {
    /// `d output / d node` of every node, by [`NodeId::index`].
    pub adjoints: Vec<f64>,
    /// Every edge, by its end node and slot.
    pub edges: Vec<Edge>,
    /// For every node, the sum of absolute values over all paths to the output.
    pub magnitudes: Vec<f64>,
}

/// A node whose value or derivative is no finite number.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GraphError {
    /// The value left the range of doubles, or the operation is not defined there.
    #[error("node {label} has the value {value}, which is not finite")]
    Value {
        /// The node.
        label: String,
        /// Its value.
        value: f64,
    },
    /// The operation has no derivative at its input, as the square root at 0.
    #[error("node {label} has no finite derivative by its input {input} = {value}")]
    Derivative {
        /// The node.
        label: String,
        /// Its input's name.
        input: String,
        /// Its input's value.
        value: f64,
    },
}

/// A computation graph. Values are computed as nodes are added; the order of creation is a topological order.
///
/// ```
/// use theory::graph::{Graph, Op};
/// let mut graph = Graph::new();
/// let x = graph.input("x", 3.0);
/// let y = graph.apply("y", Op::Mul, &[x, x]);
/// assert_eq!(graph.value(y), 9.0);
/// let backward = graph.backward(y)?;
/// assert_eq!(backward.edges[0].gradient, 3.0); // by the first factor alone
/// assert_eq!(backward.adjoints[x.index()], 6.0); // by x, along both edges
/// # Ok::<(), theory::graph::GraphError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    nodes: Vec<Node>,
}

impl Graph {
    /// A graph without nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an independent variable.
    pub fn input(&mut self, label: impl Into<String>, value: f64) -> NodeId {
        let label = label.into();
        self.push(Node { label, op: Op::Input, inputs: Vec::new(), value, magnitude: value.abs() })
    }

    /// Adds the node `op(inputs..)` and computes its value.
    ///
    /// # Panics
    /// When the number of inputs is not the operation's, or an input is no node of this graph.
    pub fn apply(&mut self, label: impl Into<String>, op: Op, inputs: &[NodeId]) -> NodeId {
        let fits = op.arity().map_or(!inputs.is_empty(), |arity| arity == inputs.len() && arity > 0);
        assert!(fits, "{op:?} of {} inputs", inputs.len());
        let a = self.values(inputs);
        let value = op.forward(&a);
        let carried =
            inputs.iter().enumerate().map(|(slot, &id)| op.partial(&a, slot).abs() * self.node(id).magnitude);
        let magnitude = value.abs() + sum(carried);
        self.push(Node { label: label.into(), op, inputs: inputs.to_vec(), value, magnitude })
    }

    /// All nodes, by [`NodeId::index`].
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The names of all nodes, in order of creation.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId)
    }

    /// Both ends of every edge, from and to, by the end node and the place among its inputs.
    pub fn edges(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.ids().flat_map(|to| self.node(to).inputs.iter().map(move |&from| (from, to)))
    }

    /// One node.
    ///
    /// # Panics
    /// When it is of another, larger graph.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// The value of one node.
    ///
    /// # Panics
    /// When it is of another, larger graph.
    pub fn value(&self, id: NodeId) -> f64 {
        self.node(id).value
    }

    // ANCHOR: backward
    /// The derivative of the node `output` by every node and along every edge.
    ///
    /// # Errors
    /// [`GraphError::Value`] when a node's value is not finite, [`GraphError::Derivative`] when the derivative of
    /// an operation or of the output is not. Every node of the graph is held to this, on a path to `output` or not.
    pub fn backward(&self, output: NodeId) -> Result<Backward, GraphError> {
        // SOLUTION: T2.2 the gradient on every edge, last node first
        let (mut adjoints, mut magnitudes) = (vec![0.0; self.nodes.len()], vec![0.0; self.nodes.len()]);
        (adjoints[output.0], magnitudes[output.0]) = (1.0, 1.0);
        let mut edges = self.local_edges()?;
        // Edges are sorted by their end, so in reverse all edges that leave a node come before those that enter it.
        for edge in edges.iter_mut().rev() {
            // Adding 0 turns a negative zero into a positive one.
            edge.gradient = adjoints[edge.to.0] * edge.partial + 0.0;
            edge.magnitude = magnitudes[edge.to.0] * self.partial_magnitude(edge);
            if !edge.magnitude.is_finite() {
                return Err(self.no_derivative(edge));
            }
            adjoints[edge.from.0] += edge.gradient;
            magnitudes[edge.from.0] += edge.magnitude;
        }
        Ok(Backward { adjoints, edges, magnitudes })
        // SOLUTION_END: T2.2
    }
    // ANCHOR_END: backward

    /// Every edge with its local derivative; the rest is filled in by [`Graph::backward`].
    fn local_edges(&self) -> Result<Vec<Edge>, GraphError> {
        let mut edges = Vec::new();
        for to in self.ids() {
            let node = self.node(to);
            if !node.value.is_finite() {
                return Err(GraphError::Value { label: node.label.clone(), value: node.value });
            }
            let a = self.values(&node.inputs);
            for (slot, &from) in node.inputs.iter().enumerate() {
                let partial = node.op.partial(&a, slot);
                let edge = Edge { from, to, slot, partial, gradient: 0.0, magnitude: 0.0 };
                if !partial.is_finite() {
                    return Err(self.no_derivative(&edge));
                }
                edges.push(edge);
            }
        }
        Ok(edges)
    }

    /// The size of the numbers that an edge's local derivative was computed from.
    fn partial_magnitude(&self, edge: &Edge) -> f64 {
        let to = self.node(edge.to);
        match to.op {
            Op::Square => 2.0 * self.node(edge.from).magnitude,
            Op::Mul => self.node(to.inputs[1 - edge.slot]).magnitude,
            _ => edge.partial.abs(),
        }
    }

    fn no_derivative(&self, edge: &Edge) -> GraphError {
        let (from, to) = (self.node(edge.from), self.node(edge.to));
        GraphError::Derivative { label: to.label.clone(), input: from.label.clone(), value: from.value }
    }

    fn values(&self, ids: &[NodeId]) -> Vec<f64> {
        ids.iter().map(|&id| self.value(id)).collect()
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }
}
