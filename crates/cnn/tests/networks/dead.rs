//! A layer of ReLUs that is 0 whatever comes.

use crate::single::random;
use cnn::kernels::Isa;
use cnn::models::{Hidden, iris_network, mnist_network};
use cnn::{DeadLayer, Examples, Network, Shape, dead_layer};

fn examples(shape: Shape) -> Examples {
    Examples::new(shape, random(shape, 1).data().to_vec(), vec![0; shape.n], 3).unwrap()
}

fn fill(network: &mut Network, name: &str, value: f32) {
    let at = network.parameters().position(|(found, _)| found == name).unwrap();
    network.parameters_mut().nth(at).unwrap().value.fill(value);
}

#[test]
fn a_hidden_layer_far_below_0_is_dead_and_one_example_above_revives_it() {
    let (mut network, shape) = (iris_network(4, 40, 3, Hidden::Relu, 1), Shape::vectors(300, 4));
    let dead = |network: &mut Network, of: &mut Examples| dead_layer(Isa::detect(), network, of).unwrap();
    assert_eq!(dead(&mut network, &mut examples(shape)), None, "the control");
    fill(&mut network, "0.bias", -1e3);
    let named = DeadLayer { name: "1".to_owned(), examples: 300 };
    assert_eq!(dead(&mut network, &mut examples(shape)), Some(named));
    // The last example, which is in the second batch, is far above 0 in one unit.
    let mut x = random(shape, 1).data().to_vec();
    x[4 * 299..].fill(1e6);
    let mut revived = Examples::new(shape, x, vec![0; 300], 3).unwrap();
    assert_eq!(dead(&mut network, &mut revived), None);
}

/// A sigmoid that is as far below is small and not 0; it is not dead in this sense.
#[test]
fn other_activations_are_not_looked_at() {
    let mut network = iris_network(4, 40, 3, Hidden::Sigmoid, 1);
    fill(&mut network, "0.bias", -1e3);
    let found = dead_layer(Isa::detect(), &mut network, &mut examples(Shape::vectors(9, 4))).unwrap();
    assert_eq!(found, None);
}

/// Of a ReLU that batch-norm computes the ReLU's own name is said.
#[test]
fn a_dead_layer_behind_batch_norm_is_named_by_its_relu() {
    let (mut network, shape) = (mnist_network(1), Shape::maps(5, 28, 28, 1));
    let kinds: Vec<String> = network.kinds().collect();
    let at = kinds.iter().rposition(|kind| kind.starts_with("BatchNorm + ReLU")).unwrap();
    let norm = network.layers().nth(at).unwrap().0.to_owned();
    fill(&mut network, &format!("{norm}.weight"), 0.0);
    fill(&mut network, &format!("{norm}.bias"), -1.0);
    let every: Vec<(String, &str)> =
        network.every_layer().map(|(name, layer)| (name.to_owned(), layer.kind())).collect();
    let relu = every.iter().skip_while(|(name, _)| *name != norm).find(|(_, kind)| *kind == "ReLU").unwrap();
    let expected = DeadLayer { name: relu.0.clone(), examples: 5 };
    let found = dead_layer(Isa::detect(), &mut network, &mut examples(shape)).unwrap();
    assert_eq!(found, Some(expected));
}
