//! A grey image as PNG, in a `data:` address: small, and the same bytes for the same pixels.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use std::io::{self, Write};

/// The address of an image of `width` x `height` grey pixels, 0 for black, row by row.
///
/// # Errors
/// Only when writing into memory fails.
pub fn data_address(pixels: &[u8], width: u32, height: u32) -> io::Result<String> {
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(png(pixels, width, height)?)))
}

fn png(pixels: &[u8], width: u32, height: u32) -> io::Result<Vec<u8>> {
    assert_eq!(pixels.len(), (width * height) as usize, "{} pixels are no {width} x {height}", pixels.len());
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    for row in pixels.chunks(width.max(1) as usize) {
        zlib.write_all(&[0])?; // no filter
        zlib.write_all(row)?;
    }
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 0, 0, 0, 0]); // 8 bits, grey, deflate, no interlacing
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"IDAT", &zlib.finish()?);
    chunk(&mut out, b"IEND", &[]);
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(content);
    out.extend((content.len() as u32).to_be_bytes());
    out.extend(kind);
    out.extend(content);
    out.extend(crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_made_as_the_standard_says() {
        let file = png(&[0, 255, 128, 7], 2, 2).unwrap();
        assert!(file.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08\0\0\0\0"));
        // The checksum of an empty IEND, from the standard.
        assert!(file.ends_with(b"IEND\xaeB`\x82"));
        let begin = file.windows(4).position(|window| window == b"IDAT").unwrap() + 4;
        let mut rows = Vec::new();
        io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&file[begin..]), &mut rows).unwrap();
        assert_eq!(rows, [0, 0, 255, 0, 128, 7]);
    }
}
