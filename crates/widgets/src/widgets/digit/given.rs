//! An image from a file or the clipboard, and what is kept of it.

use super::seen::Input;
use crate::widget::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data::drawing::{DrawingError, InkMap, PreparedDigit, shrunk};
use data::images::PIXELS;

/// The name under which it is kept.
const KEPT: &str = "image";

/// An image that the reader gave. **Only what the network sees of it is kept**, with the preparation and without:
/// 28 x 28 pixels each, which an address can hold. The image itself is too large.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenImage {
    /// Nothing when it was kept.
    map: Option<InkMap>,
    prepared: Vec<u8>,
    shrunk: Vec<u8>,
}

impl GivenImage {
    /// An image as the browser read it, of no size where it could not.
    ///
    /// # Errors
    /// In a sentence, why it is none.
    pub fn read(width: usize, height: usize, rgba: &[u8]) -> Result<Self, String> {
        if width == 0 || height == 0 {
            return Err("This is no image that the browser can read".to_owned());
        }
        Self::new(width, height, rgba).map_err(|error| error.to_string())
    }

    /// An image as it was given: four bytes a pixel.
    ///
    /// # Errors
    /// [`DrawingError`].
    pub fn new(width: usize, height: usize, rgba: &[u8]) -> Result<Self, DrawingError> {
        let map = InkMap::from_rgba(width, height, rgba)?;
        let prepared = PreparedDigit::new(&map)?.centred.pixels;
        let shrunk = shrunk(&map);
        Ok(Self { map: Some(map), prepared, shrunk })
    }

    /// The image of a state, if there is one.
    pub fn kept(state: &State) -> Option<Self> {
        let pixels = |text: &str| URL_SAFE_NO_PAD.decode(text).ok().filter(|pixels| pixels.len() == PIXELS);
        let (prepared, shrunk) = state.get(KEPT)?.split_once('.')?;
        Some(Self { map: None, prepared: pixels(prepared)?, shrunk: pixels(shrunk)? })
    }

    /// The state with the image.
    pub fn keep(&self, state: State) -> State {
        let [prepared, shrunk] = [&self.prepared, &self.shrunk].map(|pixels| URL_SAFE_NO_PAD.encode(pixels));
        state.with(KEPT, prepared + "." + &shrunk)
    }

    /// What the network sees of it.
    ///
    /// # Errors
    /// [`DrawingError::NoInk`].
    pub fn input(&self, is_prepared: bool) -> Result<Input, DrawingError> {
        match &self.map {
            Some(map) => Input::of_drawing(map.clone(), is_prepared),
            None => Ok(Input::kept(if is_prepared { &self.prepared } else { &self.shrunk })),
        }
    }

    /// All of it, shrunk to 28 x 28.
    pub fn shrunk(&self) -> &[u8] {
        &self.shrunk
    }
}
