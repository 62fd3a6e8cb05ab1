use super::*;
use cnn::models::{Hidden, iris_network, mnist_network};
use cnn::weights::to_safetensors;
use data::images::MNIST;
use std::fmt::Write;

fn exported(seed: u64, normalisation: Normalisation) -> Vec<u8> {
    to_onnx(&mnist_network(seed), normalisation, &[("weights_sha256", mnist_network(seed).sha256())]).unwrap()
}

/// What a person would read of a file: everything but the numbers of the weights.
fn listing(bytes: &[u8]) -> String {
    let model = Model::decode(bytes).unwrap();
    let versions: Vec<i64> = model.opset_import.iter().map(|set| set.version).collect();
    let graph = model.graph.unwrap();
    let mut text = format!("format {}, operators {versions:?}\n{}", model.ir_version, model.doc_string);
    for Entry { key, value } in &model.metadata_props {
        writeln!(text, "metadata {key}: {value}").unwrap();
    }
    for (of, values) in [("input", &graph.input), ("output", &graph.output)] {
        for value in values {
            let tensor = value.kind.clone().unwrap().tensor.unwrap();
            let size = |size: messages::Size| size.dim_param.or(size.dim_value.map(|size| size.to_string()));
            let sizes: Vec<_> = tensor.shape.unwrap().dim.into_iter().filter_map(size).collect();
            writeln!(text, "{of} {}: type {}, ({})", value.name, tensor.elem_type, sizes.join(", ")).unwrap();
        }
    }
    for node in &graph.node {
        let attribute = |it: &messages::Attribute| {
            let values =
                format!("{:?} {:?} {:?}", it.f, it.i, it.ints).replace("None ", "").replace(" []", "");
            format!(" {}={values}", it.name)
        };
        let attributes: String = node.attribute.iter().map(attribute).collect();
        let (name, op_type) = (&node.name, &node.op_type);
        writeln!(text, "node {name}: {op_type}{attributes} {:?} -> {:?}", node.input, node.output).unwrap();
    }
    for tensor in &graph.initializer {
        let (name, bytes) = (&tensor.name, tensor.raw_data.len());
        writeln!(text, "numbers {name}: type {}, {:?}, {bytes} bytes", tensor.data_type, tensor.dims)
            .unwrap();
    }
    text
}

#[test]
fn the_graph_of_the_mnist_network() {
    insta::assert_snapshot!(listing(&exported(1, MNIST.normalisation)));
}

/// The numbers are those of the safetensors file, name by name: PyTorch's layouts.
#[test]
fn the_numbers_are_those_of_the_file_for_pytorch() {
    let graph = Model::decode(&exported(3, MNIST.normalisation)[..]).unwrap().graph.unwrap();
    let file = to_safetensors(&mnist_network(3)).unwrap();
    let holds = |bytes: &[u8]| file.windows(bytes.len()).any(|window| window == bytes);
    let weights: Vec<_> = graph.initializer.iter().filter(|it| !it.name.starts_with("input_")).collect();
    assert_eq!(weights.len(), 8 * 2 + 5 * 4);
    for tensor in &weights {
        assert!(holds(&tensor.raw_data), "{}", tensor.name);
    }
    // The control: another network's are not in it.
    let other = Model::decode(&exported(4, MNIST.normalisation)[..]).unwrap().graph.unwrap();
    let weight = other.initializer.iter().find(|it| it.name == "fc.0.weight").unwrap();
    assert!(!holds(&weight.raw_data));
}

#[test]
fn the_normalisation_is_in_the_graph() {
    let with = |mean, std| exported(1, Normalisation { mean, std });
    let graph = Model::decode(&with(0.25, 0.5)[..]).unwrap().graph.unwrap();
    let number = |name: &str| {
        let tensor = graph.initializer.iter().find(|it| it.name == name).unwrap();
        f32::from_le_bytes(tensor.raw_data[..].try_into().unwrap())
    };
    assert_eq!([number("input_max"), number("input_mean"), number("input_std")], [255.0, 0.25, 0.5]);
    assert_eq!(with(0.25, 0.5), with(0.25, 0.5));
    assert_ne!(with(0.25, 0.5), with(0.25, 0.25));
}

#[test]
fn a_network_that_is_not_for_images_and_a_layer_without_an_operator_are_refused() {
    let refused = |network: &Network| to_onnx(network, MNIST.normalisation, &[]).unwrap_err();
    let iris = refused(&iris_network(4, 40, 3, Hidden::Relu, 1));
    assert!(matches!(iris, OnnxError::Shape(_)), "{iris}");
    let sigmoid = mnist_network(1).with("end", cnn::Activation(cnn::ActivationKind::Sigmoid));
    assert!(matches!(refused(&sigmoid), OnnxError::Layer { name, kind: "Sigmoid" } if name == "end"));
}
