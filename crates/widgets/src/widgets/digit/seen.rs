//! What the network sees of a drawing, and what it says of that.

use super::steps::{single, steps};
use data::drawing::{DrawingError, InkMap, PreparedDigit, shrunk};
use maud::Markup;
use reader::{DigitAnswer, DigitReader, ReadError};

/// So many answers are kept: with the preparation and without.
const KEPT: usize = 2;

/// An image for the network, and how it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// `(28, 28)`, 0 background to 255 ink.
    pub pixels: Vec<u8>,
    made: Made,
}

#[derive(Clone, Debug, PartialEq)]
enum Made {
    ByMnist,
    Shrunk,
    Kept,
    Prepared(Box<(InkMap, PreparedDigit)>),
}

impl Input {
    /// A digit of MNIST, as it is.
    pub fn of_mnist(pixels: &[u8]) -> Self {
        Self { pixels: pixels.to_vec(), made: Made::ByMnist }
    }

    /// A drawing, prepared or only shrunk.
    ///
    /// # Errors
    /// [`DrawingError::NoInk`].
    pub fn of_drawing(map: InkMap, is_prepared: bool) -> Result<Self, DrawingError> {
        if !is_prepared {
            return Ok(Self { pixels: shrunk(&map), made: Made::Shrunk });
        }
        let digit = PreparedDigit::new(&map)?;
        Ok(Self { pixels: digit.centred.pixels.clone(), made: Made::Prepared(Box::new((map, digit))) })
    }

    /// What was kept of an image.
    pub fn kept(pixels: &[u8]) -> Self {
        Self { pixels: pixels.to_vec(), made: Made::Kept }
    }

    /// How the image came about.
    pub fn steps(&self) -> Markup {
        match &self.made {
            Made::Prepared(made) => steps(&made.0, &made.1),
            Made::Shrunk => single(
                &self.pixels,
                "The whole pad, shrunk to 28 x 28, each pixel the average of what it covers.",
            ),
            Made::Kept => single(
                &self.pixels,
                "What was made of your image when you gave it. The image itself is not kept: give it again to see the \
                 steps.",
            ),
            Made::ByMnist => {
                single(&self.pixels, "A digit of MNIST comes prepared: the switch changes nothing.")
            }
        }
    }
}

/// The network, once its file is there, and its last answers.
#[derive(Debug, Default)]
pub struct Oracle {
    reader: Option<Result<DigitReader, String>>,
    /// The SHA-256 of its weights.
    weights: String,
    answers: Vec<(Vec<u8>, DigitAnswer)>,
    /// The image whose activations the network holds.
    passed: Vec<u8>,
}

impl Oracle {
    /// Takes the network.
    pub fn load(&mut self, reader: Result<DigitReader, ReadError>) {
        let weights = reader.as_ref().map(DigitReader::weights_sha256).unwrap_or_default();
        *self = Self { reader: Some(reader.map_err(|error| error.to_string())), weights, ..Self::default() };
    }

    /// The SHA-256 of the network's weights; nothing before it is there.
    pub fn weights(&self) -> &str {
        &self.weights
    }

    /// What the network says of an image.
    ///
    /// # Errors
    /// In a sentence, why it says nothing.
    pub fn answer(&mut self, input: &Input) -> Result<DigitAnswer, String> {
        if let Some((_, answer)) = self.answers.iter().find(|(pixels, _)| *pixels == input.pixels) {
            return Ok(answer.clone());
        }
        let answer = self.read(&input.pixels)?;
        self.answers.truncate(KEPT - 1);
        self.answers.insert(0, (input.pixels.clone(), answer.clone()));
        Ok(answer)
    }

    fn read(&mut self, pixels: &[u8]) -> Result<DigitAnswer, String> {
        let reader = match &mut self.reader {
            None => return Err("The trained network is being loaded.".to_owned()),
            Some(reader) => reader.as_mut().map_err(|error| format!("There is no network: {error}."))?,
        };
        pixels.clone_into(&mut self.passed);
        reader.read(pixels).map_err(|error| error.to_string())
    }

    /// The network after the image passed it.
    pub fn after(&mut self, input: &Input) -> Option<&DigitReader> {
        if self.passed != input.pixels {
            self.read(&input.pixels).ok()?;
        }
        self.reader.as_ref()?.as_ref().ok()
    }
}
