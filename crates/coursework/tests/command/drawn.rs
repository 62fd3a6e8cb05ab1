//! Images of a digit, drawn by a program, as PNG files of any kind. Nothing here is of the library that reads them.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write;

/// The size of the drawing.
pub const WIDTH: usize = 120;
pub const HEIGHT: usize = 160;

pub const GREY: u8 = 0;
pub const COLOUR: u8 = 2;
pub const PALETTE: u8 = 3;
pub const GREY_WITH_OPACITY: u8 = 4;
pub const COLOUR_WITH_OPACITY: u8 = 6;

/// How pixels are stored.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The number of the colour type.
    pub colour: u8,
    /// Bits of a sample.
    pub bits: u8,
    /// The samples of a pixel with ink, and of one without.
    pub ink: &'static [u16],
    pub paper: &'static [u16],
    /// Chunks between the header and the pixels.
    pub chunks: &'static [(&'static str, &'static [u8])],
}

/// Black on white.
pub const PLAIN: Kind = Kind { colour: GREY, bits: 8, ink: &[0], paper: &[255], chunks: &[] };

/// First column, first row, and the steps between columns and rows, of each pass of an interlaced image.
const ADAM7: [[usize; 4]; 7] =
    [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

/// Whether a pixel of the drawing, `WIDTH` by `HEIGHT`, belongs to a seven.
pub fn is_ink(x: usize, y: usize) -> bool {
    let (x, y) = (x as f64, y as f64);
    let near = |(x0, y0): (f64, f64), (x1, y1): (f64, f64)| {
        let (dx, dy) = (x1 - x0, y1 - y0);
        let share = (((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        (x - x0 - share * dx).hypot(y - y0 - share * dy) < 7.0
    };
    near((20.0, 20.0), (80.0, 20.0)) || near((80.0, 20.0), (45.0, 120.0))
}

/// The seven as a file of that kind.
pub fn seven(kind: Kind, interlaced: bool) -> Vec<u8> {
    png(kind, interlaced, [WIDTH, HEIGHT], is_ink)
}

/// An image of that size, ink where `is_ink` says so of column and row.
pub fn png(kind: Kind, interlaced: bool, size: [usize; 2], is_ink: impl Fn(usize, usize) -> bool) -> Vec<u8> {
    let [width, height] = size;
    let passes = if interlaced { &ADAM7[..] } else { &[[0, 0, 1, 1]] };
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::fast());
    for &[left, top, right, down] in passes {
        if left >= width {
            continue; // a pass without columns has no rows either
        }
        for y in (top..height).step_by(down) {
            let columns = (left..width).step_by(right);
            let samples = columns.flat_map(|x| if is_ink(x, y) { kind.ink } else { kind.paper });
            pixels.write_all(&[0]).unwrap(); // no filter
            pixels.write_all(&packed(samples, kind.bits)).unwrap();
        }
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let sizes = size.map(|side| u32::try_from(side).unwrap().to_be_bytes()).concat();
    file.extend(chunk("IHDR", &[&sizes[..], &[kind.bits, kind.colour, 0, 0, u8::from(interlaced)]].concat()));
    kind.chunks.iter().for_each(|(name, content)| file.extend(chunk(name, content)));
    file.extend(chunk("IDAT", &pixels.finish().unwrap()));
    file.extend(chunk("IEND", &[]));
    file
}

/// Samples one behind the other, the highest bit first.
fn packed<'a>(samples: impl Iterator<Item = &'a u16>, bits: u8) -> Vec<u8> {
    let (mut bytes, mut held, mut count) = (Vec::new(), 0_u32, 0);
    for &sample in samples {
        (held, count) = (held << bits | u32::from(sample), count + bits);
        while count >= 8 {
            count -= 8;
            bytes.push((held >> count) as u8);
        }
    }
    if count > 0 {
        bytes.push((held << (8 - count)) as u8);
    }
    bytes
}

/// A chunk with its length before it and its sum behind it.
pub fn chunk(name: &str, content: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(name.as_bytes());
    sum.update(content);
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], name.as_bytes(), content, &sum.sum().to_be_bytes()].concat()
}
