use super::*;
use crate::mnist::model_file::{Description, model_file};
use cnn::models::mnist_network;
use cnn::weights::to_safetensors;
use rstest::rstest;

/// The file of a network with these entries as its only metadata.
fn saying(entries: &[(&str, &str)]) -> Vec<u8> {
    let bytes = to_safetensors(&mnist_network(1)).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let metadata = entries.iter().map(|(key, said)| ((*key).to_owned(), (*said).to_owned())).collect();
    safetensors::serialize(file.tensors(), Some(metadata)).unwrap()
}

fn read(file: &[u8]) -> Result<GivenNetwork, GivenError> {
    GivenNetwork::read(mnist_network(2), file)
}

#[test]
fn our_own_file_says_its_normalisation_and_no_other_is_taken() {
    let data_sha256 = Default::default();
    let description =
        Description { experiment: "mnist", seed: 1, mean: 0.25, std: 0.5, data_sha256: &data_sha256 };
    let given = read(&model_file(&mnist_network(1), &description).unwrap()).unwrap();
    assert_eq!(given.network.sha256(), mnist_network(1).sha256());
    assert_eq!(
        (given.normalisation, given.source),
        (Normalisation { mean: 0.25, std: 0.5 }, NormalisationSource::File)
    );
    assert_eq!(given.input_in_words(), "(pixel / 255 - 0.25) / 0.5, as the file says");
}

#[test]
fn a_file_that_says_nothing_is_taken_as_of_mnist_and_this_is_said() {
    for file in [to_safetensors(&mnist_network(1)).unwrap(), saying(&[("format", "pt"), ("author", "me")])] {
        let given = read(&file).unwrap();
        assert_eq!(given.network.sha256(), mnist_network(1).sha256());
        assert_eq!((given.normalisation, given.source), (MNIST.normalisation, NormalisationSource::Assumed));
        assert!(given.input_in_words().contains("assumed"), "{}", given.input_in_words());
    }
}

#[rstest]
#[case::half_of_it(&[("input_mean", "0.1307")], "no input_std")]
#[case::the_other_half(&[("input_std", "0.3081")], "no input_mean")]
#[case::no_number(&[("input_mean", "0,13"), ("input_std", "0.3")], "input_mean \"0,13\"")]
#[case::not_a_number(&[("input_mean", "NaN"), ("input_std", "0.3")], "input_mean \"NaN\"")]
#[case::no_deviation(&[("input_mean", "0.1"), ("input_std", "0")], "input_std 0e0: the deviation must be above 0")]
#[case::a_deviation_below_zero(&[("input_mean", "0.1"), ("input_std", "-0.3")], "input_std -3e-1")]
#[case::a_mean_beyond_single_precision(&[("input_mean", "1e300"), ("input_std", "0.3")], "input_mean 1e300")]
#[case::a_deviation_that_nothing_can_be_divided_by(&[("input_mean", "0.1"), ("input_std", "1e-320")], "input_std")]
#[case::another_formula(&[("input_formula", "1 - pixel / 255")], "input_formula \"1 - pixel / 255\"")]
#[case::another_layout(&[("input_layout", "N, 28, 28, 1")], "input_layout \"N, 28, 28, 1\"")]
#[case::another_order_of_classes(&[("classes", "9,8,7,6,5,4,3,2,1,0")], "classes \"9,8,7,6,5,4,3,2,1,0\"")]
#[case::other_weights(&[("weights_sha256", "00")], "weights_sha256")]
#[case::a_run_that_was_put_down(&[("checkpoint", "{}")], "--resume")]
fn what_is_said_and_cannot_be_is_refused_with_its_reason(
    #[case] entries: &[(&str, &str)],
    #[case] reason: &str,
) {
    let error = read(&saying(entries)).unwrap_err().to_string();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn a_file_of_torch_save_is_refused_with_the_way_to_save_another() {
    let error = read(b"PK\x03\x04 and so on").unwrap_err();
    assert!(matches!(error, GivenError::Pickle) && error.to_string().contains("save_file"), "{error}");
}

#[test]
fn the_weights_of_another_network_are_refused() {
    let file = saying(&[]);
    let other = crate::mnist::Architecture::Sprint.network(1);
    assert!(matches!(GivenNetwork::read(other, &file), Err(GivenError::Weights(WeightsError::Missing(_)))));
}
