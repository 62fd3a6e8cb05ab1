//! A grey image as a PNG file, not compressed: small images need no compressor in the page's program.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The longest block that deflate stores as it is.
const LONGEST_BLOCK: usize = 0xffff;

/// The file of a grey image, `(height, width)`, one byte a pixel.
pub fn grey(width: usize, height: usize, pixels: &[u8]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = [width as u32, height as u32].map(u32::to_be_bytes);
    // Eight bits a pixel, grey, the one compression and filter method there is, not interlaced.
    chunk(&mut file, b"IHDR", &[&size.concat()[..], &[8, 0, 0, 0, 0]].concat());
    let rows = pixels.chunks(width.max(1)).flat_map(|row| std::iter::once(&0).chain(row)); // 0: no filter
    chunk(&mut file, b"IDAT", &stored(&rows.copied().collect::<Vec<u8>>()));
    chunk(&mut file, b"IEND", &[]);
    file
}

/// The address of a grey image that holds the image itself.
pub fn address(width: usize, height: usize, pixels: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(grey(width, height, pixels)))
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    file.extend((content.len() as u32).to_be_bytes());
    let from = file.len();
    file.extend(kind);
    file.extend(content);
    let sum = crc(&file[from..]);
    file.extend(sum.to_be_bytes());
}

/// Bytes in zlib's format, stored as they are.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let last = bytes.len().div_ceil(LONGEST_BLOCK).saturating_sub(1);
    for (i, block) in bytes.chunks(LONGEST_BLOCK).enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(i == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

/// The check sum of PNG, CRC-32.
fn crc(bytes: &[u8]) -> u32 {
    let rest = bytes.iter().fold(!0_u32, |rest, &byte| {
        (0..8).fold(rest ^ u32::from(byte), |rest, _| rest >> 1 ^ (0xedb8_8320 * (rest & 1)))
    });
    !rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::io::Cursor;

    /// Another program's decoder, which checks both sums.
    #[rstest]
    #[case::a_digit(28, 28)]
    #[case::one_row(7, 1)]
    #[case::more_than_a_block(300, 400)]
    fn a_decoder_reads_the_same_pixels(#[case] width: usize, #[case] height: usize) {
        let pixels: Vec<u8> = (0..width * height).map(|i| (i * i % 251) as u8).collect();
        let file = grey(width, height, &pixels);
        let mut reader = png::Decoder::new(Cursor::new(&file)).read_info().unwrap();
        let mut read = vec![0; width * height];
        let info = reader.next_frame(&mut read).unwrap();
        assert_eq!((info.width as usize, info.height as usize, read), (width, height, pixels));
        let mut spoilt = file;
        let place = spoilt.len() - 30;
        spoilt[place] ^= 1;
        let frame = png::Decoder::new(Cursor::new(&spoilt))
            .read_info()
            .map(|mut reader| reader.next_frame(&mut vec![0; width * height]).is_ok());
        assert!(!matches!(frame, Ok(true)), "a changed byte goes unnoticed");
    }
}
