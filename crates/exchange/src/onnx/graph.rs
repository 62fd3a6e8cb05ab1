//! The graph of a network: a chain of nodes, each with its numbers.

use super::error::OnnxError;
use super::messages::{Attribute, Graph, Node, Numbers, Value};
use cnn::weights::in_file_layout;
use cnn::{Layer, Operator};
use data::images::{Normalisation, SIDE};

/// The name of the input.
const INPUT: &str = "pixels";

/// The name of the output.
const OUTPUT: &str = "logits";

/// A graph that is being built.
pub(super) struct Builder {
    graph: Graph,
    /// What the last node gives.
    last: String,
}

impl Default for Builder {
    fn default() -> Self {
        let graph = Graph { name: "digits".to_owned(), ..Graph::default() };
        Self { graph, last: INPUT.to_owned() }
    }
}

impl Builder {
    /// `(pixels / 255 - mean) / std`
    pub(super) fn normalise(&mut self, Normalisation { mean, std }: Normalisation) {
        let steps = [
            ("Div", "scaled", "input_max", 255.0),
            ("Sub", "centred", "input_mean", mean),
            ("Div", "normalised", "input_std", std),
        ];
        for (op_type, name, number, value) in steps {
            self.numbers(number.to_owned(), &[], &[value as f32]);
            self.node(op_type, name, vec![number.to_owned()], Vec::new());
        }
    }

    /// A layer of the network.
    pub(super) fn layer(&mut self, name: &str, layer: &dyn Layer) -> Result<(), OnnxError> {
        let unknown = || OnnxError::Layer { name: name.to_owned(), kind: layer.kind() };
        let numbers = self.numbers_of(name, layer);
        let (op_type, attributes) = match layer.operator().ok_or_else(unknown)? {
            Operator::Convolution { padding } => ("Conv", vec![Attribute::ints("pads", &[padding; 4])]),
            Operator::BatchNorm { eps } => ("BatchNormalization", vec![Attribute::float("epsilon", eps)]),
            Operator::Relu => ("Relu", Vec::new()),
            Operator::MaxPool { window } => {
                let windows = ["kernel_shape", "strides"].map(|name| Attribute::ints(name, &[window; 2]));
                ("MaxPool", windows.to_vec())
            }
            Operator::Flatten => ("Flatten", vec![Attribute::int("axis", 1)]),
            Operator::Linear => ("Gemm", vec![Attribute::int("transB", 1)]),
        };
        self.node(op_type, name, numbers, attributes);
        Ok(())
    }

    /// The graph, whose last node gives one number for each class.
    pub(super) fn finish(mut self, classes: usize) -> Graph {
        if let Some(node) = self.graph.node.last_mut() {
            node.output = vec![OUTPUT.to_owned()];
        }
        self.graph.input = vec![Value::of_examples(INPUT, &[1, SIDE, SIDE])];
        self.graph.output = vec![Value::of_examples(OUTPUT, &[classes])];
        self.graph
    }

    /// Adds the parameters and statistics of a layer, and gives their names.
    fn numbers_of(&mut self, layer_name: &str, layer: &dyn Layer) -> Vec<String> {
        let full = |name: &str| format!("{layer_name}.{name}");
        let parameters = layer.parameters().into_iter().map(|parameter| {
            let (shape, values) = in_file_layout(&parameter.shape, &parameter.value);
            (full(parameter.name), shape, values)
        });
        let buffers = layer.buffers().into_iter();
        let buffers = buffers.map(|(name, values)| (full(name), vec![values.len()], values.to_vec()));
        let all: Vec<_> = parameters.chain(buffers).collect();
        let add = |(name, shape, values): (String, Vec<usize>, Vec<f32>)| {
            self.numbers(name.clone(), &shape, &values);
            name
        };
        all.into_iter().map(add).collect()
    }

    fn numbers(&mut self, name: String, shape: &[usize], values: &[f32]) {
        self.graph.initializer.push(Numbers::new(name, shape, values));
    }

    /// Adds a node behind the last one.
    fn node(&mut self, op_type: &str, name: &str, numbers: Vec<String>, attribute: Vec<Attribute>) {
        let input = [vec![std::mem::replace(&mut self.last, name.to_owned())], numbers].concat();
        let (name, op_type) = (name.to_owned(), op_type.to_owned());
        self.graph.node.push(Node { input, output: vec![name.clone()], name, op_type, attribute });
    }
}
