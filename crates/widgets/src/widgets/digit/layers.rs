//! What each layer sees: its maps side by side, as one image a layer.

use crate::png;
use cnn::Tensor;
use maud::{Markup, html};
use reader::DigitReader;

/// The grey between maps.
const GAP: u8 = 96;

/// One image for each layer behind its ReLU and pooling, first to last.
pub fn layers(reader: &DigitReader) -> Markup {
    html! {
        div.layers {
            @for (name, kinds, map) in reader.activations().filter(|(_, kinds, _)| kinds.contains("ReLU")) {
                (layer(name, &kinds, map))
            }
        }
    }
}

fn layer(name: &str, kinds: &str, map: &Tensor) -> Markup {
    let shape = map.shape();
    let largest = map.data().iter().fold(0.0, |most: f32, &value| most.max(value));
    let what = if shape.h * shape.w == 1 {
        format!("{} units", shape.c)
    } else {
        format!("{} maps of {} x {}", shape.c, shape.h, shape.w)
    };
    let (width, height, pixels) = mosaic(map, largest);
    html! {
        figure {
            img.pixels src=(png::address(width, height, &pixels)) width=(width) height=(height)
                alt={ (what) " behind " (kinds) ", bright where they respond" };
            figcaption { code { (name) } " " (kinds) ": " (what) ". White is " (format!("{largest:.2}")) "." }
        }
    }
}

/// The maps of a layer, eight or sixteen in a row, 0 black and the largest value white: width, height, pixels.
fn mosaic(map: &Tensor, largest: f32) -> (usize, usize, Vec<u8>) {
    let shape = map.shape();
    let columns = shape.c.min(if shape.c > 16 { 16 } else { 8 });
    let gap = usize::from(shape.h > 1);
    let (cell_width, cell_height) = (shape.w + gap, shape.h + gap);
    let rows = shape.c.div_ceil(columns);
    let (width, height) = (columns * cell_width + gap, rows * cell_height + gap);
    let mut pixels = vec![GAP; width * height];
    for (i, &value) in map.data().iter().enumerate() {
        let (place, channel) = (i / shape.c, i % shape.c); // (H, W, C)
        let (row, column) = (place / shape.w, place % shape.w);
        let (top, left) = ((channel / columns) * cell_height + gap, (channel % columns) * cell_width + gap);
        let share = if largest > 0.0 { value / largest } else { 0.0 };
        pixels[(top + row) * width + left + column] = (255.0 * share.clamp(0.0, 1.0)).round() as u8;
    }
    (width, height, pixels)
}
