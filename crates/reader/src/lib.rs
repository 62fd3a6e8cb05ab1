//! One image of a digit through the trained network of P1.2: what it says, and with which bits.
//!
//! The page that one can draw on and the command `coursework predict` both ask here, so that they cannot differ.
//!
//! ```no_run
//! use data::drawing::{InkMap, PreparedDigit};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (width, height, grey) = (280, 280, vec![0; 280 * 280]);
//! let mut reader = reader::DigitReader::new(&std::fs::read("results/mnist.safetensors")?)?;
//! let digit = PreparedDigit::new(&InkMap::from_grey(width, height, &grey)?)?;
//! let answer = reader.read(&digit.centred.pixels)?;
//! println!("{} with probability {}", answer.digit, answer.probability());
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]

use cnn::models::mnist_network;
use cnn::weights::{WeightsError, from_safetensors};
use cnn::{Isa, Mode, Network, Pass, Shape, ShapeError, Tensor, loss::argmax};
use data::images::{MNIST, Normalisation, PIXELS, SIDE};
use numerics::{elementary::exp, sha256_hex};

/// **Below this probability of the likeliest digit, the image is taken for none.** Fixed before the first image was
/// drawn, and not tuned on the test part: below one half, the network itself holds "another digit" for likelier.
pub const LEAST_PROBABILITY: f64 = 0.5;

/// Why an image was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file of the network cannot be used.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// What a page carries is not all the numbers of the network, or more.
    #[error("{0} bytes are not the numbers of the network: build the book again")]
    Numbers(usize),
    /// The network cannot take the image.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// An image has another number of pixels.
    #[error("{0} pixels are no image of 28 x 28: prepare it first")]
    Pixels(usize),
}

/// The trained network, made once for many images.
#[derive(Debug)]
pub struct DigitReader {
    network: Network,
    pass: Pass,
    intensities: [f32; 256],
}

/// What the network says of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct DigitAnswer {
    /// The digit with the largest logit.
    pub digit: usize,
    /// The probability of each digit, `(10)`.
    pub probabilities: Vec<f64>,
    /// The numbers that they come from, `(10)`.
    pub logits: Vec<f32>,
}

impl DigitReader {
    /// The network of a safetensors file, which takes images as those of MNIST are.
    ///
    /// # Errors
    /// [`ReadError::Weights`].
    pub fn new(file: &[u8]) -> Result<Self, ReadError> {
        let mut network = mnist_network(0);
        from_safetensors(&mut network, file)?;
        Ok(Self::of_network(network, MNIST.normalisation))
    }

    /// A network of P1.2 that is read already, with what it sees of a pixel.
    pub fn of_network(network: Network, normalisation: Normalisation) -> Self {
        Self { network, pass: Pass::default(), intensities: normalisation.table() }
    }

    /// The network of [`numbers`](Self::numbers). The pages carry these, because they would have to load all that
    /// reads a safetensors file.
    ///
    /// # Errors
    /// [`ReadError::Numbers`].
    pub fn of_numbers(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut network = mnist_network(0);
        let (mut numbers, rest) = bytes.as_chunks::<4>();
        let mut take = |to: &mut [f32]| {
            let Some((first, after)) = numbers.split_at_checked(to.len()) else { return false };
            to.iter_mut().zip(first).for_each(|(to, bytes)| *to = f32::from_le_bytes(*bytes));
            numbers = after;
            true
        };
        let mut enough = true;
        for layer in network.layers_mut() {
            enough &= layer.parameters_mut().into_iter().all(|parameter| take(&mut parameter.value));
            enough &= layer.buffers_mut().into_iter().all(|(_, buffer)| take(buffer));
        }
        if !enough || !numbers.is_empty() || !rest.is_empty() {
            return Err(ReadError::Numbers(bytes.len()));
        }
        Ok(Self::of_network(network, MNIST.normalisation))
    }

    /// Everything that the network learned, layer by layer, parameters before running statistics: four bytes a number,
    /// the lowest first.
    pub fn numbers(&self) -> Vec<u8> {
        let learned = self.network.layers().flat_map(|(_, layer)| {
            let parameters = layer.parameters().into_iter().map(|parameter| &parameter.value[..]);
            parameters.chain(layer.buffers().into_iter().map(|(_, buffer)| buffer)).collect::<Vec<_>>()
        });
        learned.flatten().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// Asks about an image, `(28, 28)`, 0 background to 255 ink.
    ///
    /// # Errors
    /// [`ReadError::Pixels`], [`ReadError::Shape`].
    pub fn read(&mut self, pixels: &[u8]) -> Result<DigitAnswer, ReadError> {
        if pixels.len() != PIXELS {
            return Err(ReadError::Pixels(pixels.len()));
        }
        let input = self.pass.write(Shape::maps(1, SIDE, SIDE, 1)); // (1, 28, 28, 1)
        input.iter_mut().zip(pixels).for_each(|(to, &pixel)| *to = self.intensities[usize::from(pixel)]);
        let logits = self.network.forward(Isa::detect(), &mut self.pass, Mode::Infer)?; // (1, 10)
        Ok(DigitAnswer::new(logits.data().to_vec()))
    }

    /// The SHA-256 of everything that the network learned, as `results/mnist.json` has it.
    pub fn weights_sha256(&self) -> String {
        self.network.sha256()
    }

    /// What left each stage at the last image, in order, with the stage's name and the kinds of its layers, such as
    /// `BatchNorm + ReLU`: `(1, H, W, C)`.
    pub fn activations(&self) -> impl Iterator<Item = (&str, String, &Tensor)> {
        let stages = self.network.layers().zip(self.network.kinds());
        // The first is the input.
        stages.zip(self.pass.activations().iter().skip(1)).map(|(((name, _), kinds), map)| (name, kinds, map))
    }
}

impl DigitAnswer {
    fn new(logits: Vec<f32>) -> Self {
        let digit = argmax(&logits);
        let powers: Vec<f64> = logits.iter().map(|&z| exp(f64::from(z) - f64::from(logits[digit]))).collect();
        let sum: f64 = powers.iter().sum();
        Self { digit, probabilities: powers.iter().map(|power| power / sum).collect(), logits }
    }

    /// The probability of the likeliest digit.
    pub fn probability(&self) -> f64 {
        self.probabilities[self.digit]
    }

    /// The likeliest digit, or none when it is less likely than [`LEAST_PROBABILITY`].
    pub fn verdict(&self) -> Option<usize> {
        (self.probability() >= LEAST_PROBABILITY).then_some(self.digit)
    }

    /// The SHA-256 of the logits, each as four bytes, the lowest first.
    pub fn logits_sha256(&self) -> String {
        let bytes: Vec<u8> = self.logits.iter().flat_map(|logit| logit.to_le_bytes()).collect();
        sha256_hex(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cnn::weights::to_safetensors;

    #[test]
    fn the_numbers_of_a_network_make_it_again_and_no_others_do() {
        let reader = reader();
        let numbers = reader.numbers();
        assert_eq!(DigitReader::of_numbers(&numbers).unwrap().weights_sha256(), reader.weights_sha256());
        let mut other = numbers.clone();
        other[0] ^= 1;
        assert_ne!(DigitReader::of_numbers(&other).unwrap().weights_sha256(), reader.weights_sha256());
        for wrong in [&numbers[..numbers.len() - 1], &numbers[4..], &[&numbers[..], &[0; 4]].concat()] {
            let error = DigitReader::of_numbers(wrong).unwrap_err();
            assert!(matches!(error, ReadError::Numbers(found) if found == wrong.len()), "{error}");
        }
    }

    fn reader() -> DigitReader {
        DigitReader::new(&to_safetensors(&mnist_network(1)).unwrap()).unwrap()
    }

    #[test]
    fn probabilities_add_up_and_the_largest_is_the_answers() {
        let answer = reader().read(&[7; PIXELS]).unwrap();
        assert!((answer.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert!(answer.probabilities.iter().all(|&probability| probability <= answer.probability()));
    }

    #[test]
    fn an_image_read_after_another_has_the_bits_of_one_read_first() {
        let mut used = reader();
        used.read(&[200; PIXELS]).unwrap();
        assert_eq!(used.read(&[7; PIXELS]).unwrap(), reader().read(&[7; PIXELS]).unwrap());
        assert_ne!(
            used.read(&[8; PIXELS]).unwrap().logits_sha256(),
            used.read(&[7; PIXELS]).unwrap().logits_sha256()
        );
    }

    #[test]
    fn another_normalisation_is_another_answer() {
        let read = |mean| {
            let normalisation = Normalisation { mean, ..MNIST.normalisation };
            DigitReader::of_network(mnist_network(1), normalisation).read(&[7; PIXELS]).unwrap()
        };
        assert_eq!(read(MNIST.normalisation.mean), reader().read(&[7; PIXELS]).unwrap());
        assert_ne!(read(0.5), read(MNIST.normalisation.mean));
    }

    #[test]
    fn the_weights_have_the_hash_of_their_network() {
        assert_eq!(reader().weights_sha256(), mnist_network(1).sha256());
        assert_ne!(reader().weights_sha256(), mnist_network(2).sha256());
    }

    #[test]
    fn half_of_the_probability_is_a_verdict_and_less_is_none() {
        let of = |others: usize| {
            let mut logits = vec![-100.0; 10];
            logits[..=others].fill(0.0);
            DigitAnswer::new(logits)
        };
        assert_eq!((of(0).verdict(), of(1).verdict(), of(2).verdict()), (Some(0), Some(0), None));
    }

    #[test]
    fn other_pixels_and_other_files_are_refused() {
        assert!(matches!(reader().read(&[0; 100]), Err(ReadError::Pixels(100))));
        assert!(matches!(DigitReader::new(b"no network"), Err(ReadError::Weights(_))));
    }

    #[test]
    fn every_stage_has_what_left_it() {
        let mut reader = reader();
        assert_eq!(reader.activations().count(), 0, "nothing was read yet");
        let logits = reader.read(&[7; PIXELS]).unwrap().logits;
        let shapes: Vec<_> =
            reader.activations().map(|(name, kinds, map)| (name, kinds, map.shape())).collect();
        assert_eq!(shapes[1], ("layer1.1", "BatchNorm + ReLU".to_owned(), Shape::maps(1, 26, 26, 16)));
        assert_eq!(reader.activations().last().unwrap().2.data(), logits);
    }
}
