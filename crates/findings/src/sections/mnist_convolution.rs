//! P1.2: what a convolution does, number by number, and what each layer sees of an image.

use crate::cells::number;
use crate::chart::{Words, colour, open};
use crate::convolution::{Convolved, MAP, SIDE, WINDOW, receptive_fields};
use crate::png::data_address;
use crate::{Drawing, FigureRow, Material, ReportError, Section};
use records::findings::Cells;
use std::fmt::Write as _;

pub(super) const SECTION: Section = Section { figures: FIGURES, ..Section::EMPTY };

const FIGURES: &[FigureRow] = &[
    FigureRow { id: "mnist-convolution", record: "mnist", draw: convolution },
    FigureRow { id: "mnist-fields", record: "mnist", draw: fields },
];

/// The image that is drawn: the first of the test part.
const IMAGE: usize = 0;

const WIDTH: f64 = 360.0;

/// A pixel of the image and of the map, in the drawing.
const PIXEL: f64 = 5.5;

/// A cell of the three tables of nine numbers, and the space between two tables.
const CELL: f64 = 36.0;
const GAP: f64 = 18.0;

fn convolution(id: &'static str, from: &Material) -> Result<Drawing, ReportError> {
    let missing = || ReportError::missing("mnist.safetensors: a first convolution");
    let of = Convolved::of(from.network, from.images, IMAGE).ok_or_else(missing)?;
    let at = of.strongest();
    let title = "One filter over one image. Left the image with the window where the filter answers strongest, right \
                 the map of all answers, black for the strongest; below, the nine products of that window";
    let description = "An image of a seven with a frame of three by three pixels, the map of the filter's answers \
                       with one place framed, and three tables of nine numbers: pixels times weights gives products.";
    let top = 24.0 + SIDE as f64 * PIXEL + 40.0;
    let mut out = open(&Words { id, title, description }, WIDTH, top + 3.0 * CELL + 40.0);
    out += "<g font-size=\"13\" text-anchor=\"middle\">\n";
    let image_error = |source| ReportError::Image { figure: id, source };
    let ink: Vec<u8> = from.images.image(IMAGE).iter().map(|pixel| 255 - pixel).collect();
    let (left, right) = (8.0, WIDTH - 8.0 - MAP as f64 * PIXEL);
    picture(&mut out, "image, 28 × 28", &data_address(&ink, 28, 28).map_err(image_error)?, (left, SIDE));
    let map = data_address(&grey(&of.map), 26, 26).map_err(image_error)?;
    picture(&mut out, "map, 26 × 26", &map, (right, MAP));
    frame(&mut out, left, at, WINDOW);
    frame(&mut out, right, at, 1);
    let tables = [("pixels", of.window(at)), ("weights", of.weights), ("products", of.products(at))];
    for (place, (name, numbers)) in tables.iter().enumerate() {
        let x = 8.0 + place as f64 * (3.0 * CELL + GAP / 2.0);
        table(&mut out, (x, top), name, numbers);
    }
    let sum: f64 = of.map[at.0 * MAP + at.1];
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{:.1}\">sum of the products {} + bias {} = {}</text>\n</g>\n</svg>",
        WIDTH / 2.0,
        top + 3.0 * CELL + 28.0,
        number(sum - of.bias, 2),
        number(of.bias, 2),
        number(sum, 2)
    );
    Ok(Drawing { caption: format!("{title}."), svg: out, data: products(&of, at) })
}

/// The map as grey pixels, 0 for the strongest answer.
fn grey(map: &[f64]) -> Vec<u8> {
    let (low, high) = map.iter().fold((f64::MAX, f64::MIN), |(low, high), it| (low.min(*it), high.max(*it)));
    map.iter().map(|it| (255.0 * (high - it) / (high - low).max(f64::MIN_POSITIVE)) as u8).collect()
}

/// An image of so many pixels a side with its name above it.
fn picture(out: &mut String, name: &str, address: &str, (x, pixels): (f64, usize)) {
    let side = pixels as f64 * PIXEL;
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"14\">{name}</text>\n\
         <image x=\"{x:.1}\" y=\"24\" width=\"{side:.1}\" height=\"{side:.1}\" \
         style=\"image-rendering:pixelated\" href=\"{address}\"/>",
        x + side / 2.0
    );
}

/// A frame around some pixels of a picture. One colour in light and dark: it lies on an image, which is white in both.
fn frame(out: &mut String, left: f64, (row, column): (usize, usize), pixels: usize) {
    let side = pixels as f64 * PIXEL;
    let _ = writeln!(
        out,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{side:.1}\" height=\"{side:.1}\" fill=\"none\" stroke=\"#b3461e\" \
         stroke-width=\"2\"/>",
        left + column as f64 * PIXEL,
        24.0 + row as f64 * PIXEL
    );
}

fn table(out: &mut String, (x, y): (f64, f64), name: &str, numbers: &[f64]) {
    let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{name}</text>", x + 1.5 * CELL, y - 8.0);
    for (cell, value) in numbers.iter().enumerate() {
        let (left, top) = (x + (cell % WINDOW) as f64 * CELL, y + (cell / WINDOW) as f64 * CELL);
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{CELL}\" height=\"{CELL}\" fill=\"none\" \
             stroke=\"var(--figure-line,#6b6f76)\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"12\">{}</text>",
            left + CELL / 2.0,
            top + CELL / 2.0 + 4.0,
            number(*value, 2)
        );
    }
}

fn products(of: &Convolved, at: (usize, usize)) -> Cells {
    let rows = of.window(at).into_iter().zip(of.weights).zip(of.products(at)).enumerate();
    let row = |(cell, ((pixel, weight), product)): (usize, ((f64, f64), f64))| {
        let place = format!("{}, {}", cell / WINDOW + 1, cell % WINDOW + 1);
        vec![place, number(pixel, 4), number(weight, 4), number(product, 4)]
    };
    let mut rows: Vec<Vec<String>> = rows.map(row).collect();
    rows.push(vec!["bias".to_owned(), String::new(), String::new(), number(of.bias, 4)]);
    rows.push(vec!["sum".to_owned(), String::new(), String::new(), number(of.map[at.0 * MAP + at.1], 4)]);
    Cells::new(&["row, column", "#pixel, normalised", "#weight", "#product"], rows)
}

/// A row of the drawing of the network, and a pixel of the image and a number of a map in it.
const ROW: f64 = 74.0;
const DOT: f64 = 2.25;

fn fields(id: &'static str, from: &Material) -> Result<Drawing, ReportError> {
    let layers = receptive_fields(from.network);
    let title = "The network from image to the last pooling. Left what one number behind the layer sees of the image, \
                 right the layer's map, drawn to the same scale, and how many of them there are";
    let description = "A row for each convolution and pooling: a digit with a frame that grows from three to twenty \
                       pixels, and a square that shrinks from twenty-six to four.";
    let mut out = open(&Words { id, title, description }, WIDTH, layers.len() as f64 * ROW);
    let ink: Vec<u8> = from.images.image(IMAGE).iter().map(|pixel| 255 - pixel).collect();
    let address = data_address(&ink, 28, 28).map_err(|source| ReportError::Image { figure: id, source })?;
    for (place, layer) in layers.iter().enumerate() {
        out += &field(layer, place as f64 * ROW + 4.0, &address);
    }
    let row = |(name, side, [rows, columns, channels]): &(String, usize, [usize; 3])| {
        vec![name.clone(), format!("{side} × {side}"), format!("{rows} × {columns}"), channels.to_string()]
    };
    let heads = ["layer", "#pixels that a number sees", "#map", "#channels"];
    let data = Cells::new(&heads, layers.iter().map(row).collect());
    Ok(Drawing { caption: format!("{title}."), svg: out + "</svg>\n", data })
}

/// A row of the drawing: the image with what a number of the layer sees, the layer's map, and both in words.
fn field(
    (name, side, [rows, columns, channels]): &(String, usize, [usize; 3]),
    y: f64,
    address: &str,
) -> String {
    let image = SIDE as f64 * DOT;
    let (seen, start) = (*side as f64 * DOT, (SIDE - side) as f64 * DOT / 2.0);
    let (width, height) = (*columns as f64 * DOT, *rows as f64 * DOT);
    let mut out = format!(
        "<image x=\"4\" y=\"{y:.1}\" width=\"{image}\" height=\"{image}\" href=\"{address}\"/>\
         <rect x=\"{:.1}\" y=\"{:.1}\" width=\"{seen:.1}\" height=\"{seen:.1}\" fill=\"none\" \
         stroke=\"#b3461e\" stroke-width=\"2\"/>\
         <rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{}\" \
         fill-opacity=\"0.35\" stroke=\"var(--figure-line,#6b6f76)\"/>\n",
        4.0 + start,
        y + start,
        104.0 + (image - width) / 2.0,
        y + (image - height) / 2.0,
        colour(0)
    );
    let lines = [
        name.clone(),
        format!("sees {side} × {side} pixels"),
        format!("{channels} maps of {rows} × {columns}"),
    ];
    for (line, words) in lines.iter().enumerate() {
        let y = y + 18.0 + 18.0 * line as f64;
        let _ = writeln!(out, "<text x=\"182\" y=\"{y:.1}\" font-size=\"13\">{words}</text>");
    }
    out
}
