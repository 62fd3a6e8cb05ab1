//! A PNG file, decoded.

use data::drawing::{DrawingError, InkMap};
use data::images::SIDE;
use grading::foreign::{LONGEST, inert};
use png::{ColorType, Decoder, DecodingError, Transformations};
use std::io::{Cursor, Read};
use std::path::Path;

/// More pixels are refused before there is memory for them: a header may say anything.
const MOST_PIXELS: u64 = 1 << 26;

/// A byte of a compressed file makes no more bytes than these: DEFLATE repeats up to 258 by two bits.
const MOST_OF_A_BYTE: usize = 1032;

/// Why a file is no image that can be read.
#[derive(Debug, thiserror::Error)]
pub enum PngImageError {
    #[error("cannot be read: {0}; name a PNG file, or `-` for standard input")]
    File(#[from] std::io::Error),
    #[error("no whole PNG file: {}; save the image as PNG again", said(.0))]
    Png(#[from] DecodingError),
    #[error("{width} x {height} pixels are too many: scale it down to {MOST_PIXELS} at most")]
    TooLarge { width: u32, height: u32 },
    #[error(
        "no whole PNG file: {width} x {height} pixels do not fit into its {bytes} bytes; save the image as PNG again"
    )]
    Short { width: u32, height: u32, bytes: usize },
    #[error(
        "no whole PNG file: its palette has {0} bytes, and not three for each of at most 256 colours; save the image \
         as PNG again"
    )]
    Palette(usize),
    #[error("{width} x {height} pixels, {colour}; a prepared digit is 28 x 28, grey: leave --prepared out")]
    NotPrepared { width: usize, height: usize, colour: &'static str },
}

/// What the decoder says, as a part of a sentence; it repeats names of chunks, which may be any bytes.
fn said(error: &DecodingError) -> String {
    inert(error.to_string().trim_end_matches('.'), LONGEST)
}

/// An image with red, green, blue and opacity for each pixel.
pub struct PngImage {
    width: usize,
    height: usize,
    /// `(height, width)`
    rgba: Vec<[u8; 4]>,
}

impl PngImage {
    /// Reads a file, or standard input where its name is `-`.
    pub(super) fn read(file: &Path) -> Result<Self, PngImageError> {
        let mut bytes = Vec::new();
        if file == Path::new("-") {
            std::io::stdin().lock().read_to_end(&mut bytes)?;
        } else {
            bytes = std::fs::read(file)?;
        }
        Self::decode(&bytes)
    }

    /// The image of a file's bytes.
    ///
    /// # Errors
    /// [`PngImageError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, PngImageError> {
        let mut decoder = Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let (width, height) = (reader.info().width, reader.info().height);
        let too_large = || PngImageError::TooLarge { width, height };
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(too_large());
        }
        if reader.info().raw_bytes() > bytes.len().saturating_mul(MOST_OF_A_BYTE) {
            return Err(PngImageError::Short { width, height, bytes: bytes.len() });
        }
        // The decoder takes these for granted, and panics.
        let palette = reader.info().palette.as_ref().map_or(0, |palette| palette.len());
        if palette % 3 != 0 || palette > 3 * 256 {
            return Err(PngImageError::Palette(palette));
        }
        let mut samples = vec![0; reader.output_buffer_size().ok_or_else(too_large)?];
        let frame = reader.next_frame(&mut samples)?;
        let pixel = |pixel: &[u8]| match *pixel {
            [grey] => [grey, grey, grey, 255],
            [grey, opacity] => [grey, grey, grey, opacity],
            [red, green, blue] => [red, green, blue, 255],
            [red, green, blue, opacity] => [red, green, blue, opacity],
            _ => [0; 4],
        };
        let channels = match frame.color_type {
            ColorType::Grayscale | ColorType::Indexed => 1, // a palette is expanded
            ColorType::GrayscaleAlpha => 2,
            ColorType::Rgb => 3,
            ColorType::Rgba => 4,
        };
        let rgba = samples[..frame.buffer_size()].chunks_exact(channels).map(pixel).collect();
        Ok(Self { width: frame.width as usize, height: frame.height as usize, rgba })
    }

    /// How much ink is where.
    ///
    /// # Errors
    /// [`DrawingError`].
    pub fn ink(&self) -> Result<InkMap, DrawingError> {
        InkMap::from_rgba(self.width, self.height, self.rgba.as_flattened())
    }

    /// The pixels of a digit that is prepared already, `(28, 28)`.
    ///
    /// # Errors
    /// [`PngImageError::NotPrepared`].
    pub fn prepared(&self) -> Result<Vec<u8>, PngImageError> {
        let (width, height) = (self.width, self.height);
        let is_grey =
            |&[red, green, blue, opacity]: &[u8; 4]| red == green && green == blue && opacity == 255;
        let grey = self.rgba.iter().all(is_grey);
        if (width, height) != (SIDE, SIDE) || !grey {
            let colour = if grey { "grey" } else { "coloured or transparent" };
            return Err(PngImageError::NotPrepared { width, height, colour });
        }
        Ok(self.rgba.iter().map(|&[grey, ..]| grey).collect())
    }
}
