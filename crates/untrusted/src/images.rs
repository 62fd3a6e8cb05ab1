//! Images: IDX, gzip, the excerpts of the pages, PNG.

use crate::message::message;
use coursework::PngImage;
use data::checksum::decompress;
use data::drawing::PreparedDigit;
use data::images::{MNIST, PIXELS};
use data::{excerpt, idx};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// How much of a compressed file is read.
const MOST: usize = 1 << 16;

/// A set of images: two bytes say how long the file of the images is, the rest is that of the labels. The same bytes
/// as an excerpt.
pub fn idx(bytes: &[u8]) -> Result<(), String> {
    if let Ok(images) = excerpt::parse("excerpt", bytes) {
        assert!(images.iter().all(|image| image.label <= 9 && image.pixels.len() == PIXELS));
    }
    let (length, both) = bytes.split_first_chunk().ok_or("nothing")?;
    let length = usize::from(u16::from_be_bytes(*length)).min(both.len());
    let (images, labels) = both.split_at(length);
    if let Ok(file) = idx::parse_images("images", images) {
        assert_eq!(
            file.count as u128 * u128::from(file.rows) * u128::from(file.columns),
            file.pixels.len() as u128
        );
        let sizes = [idx::IMAGES_MAGIC, file.count as u32, file.rows, file.columns];
        let head: Vec<u8> = sizes.iter().flat_map(|size| size.to_be_bytes()).collect();
        assert_eq!([&head, file.pixels].concat(), images);
    }
    let set = MNIST.parse("images", images.to_vec(), "labels", labels).map_err(message)?;
    assert_eq!(set.pixels.len(), set.len() * PIXELS);
    assert!(set.labels.iter().all(|&label| label <= 9));
    (0..set.len()).for_each(|i| assert_eq!(set.image(i).len(), PIXELS));
    Ok(())
}

/// A compressed file of images or labels, as the data sets' are read.
pub fn gzip(bytes: &[u8]) -> Result<(), String> {
    let content = decompress(bytes, MOST).map_err(message)?;
    assert!(content.len() <= MOST + 1);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&content).and_then(|()| encoder.try_finish()).map_err(message)?;
    assert_eq!(decompress(encoder.get_ref(), MOST).ok(), Some(content.clone()));
    idx::parse_images("images", &content)
        .map(drop)
        .or_else(|_| idx::parse_labels("labels", &content).map(drop))
        .map_err(message)
}

/// A picture of a digit, up to what the network would see.
pub fn png(bytes: &[u8]) -> Result<(), String> {
    let image = PngImage::decode(bytes).map_err(message)?;
    if let Ok(pixels) = image.prepared() {
        assert_eq!(pixels.len(), PIXELS);
    }
    let ink = image.ink().map_err(message)?;
    let digit = PreparedDigit::new(&ink).map_err(message)?;
    assert_eq!(digit.centred.pixels.len(), PIXELS);
    Ok(())
}
