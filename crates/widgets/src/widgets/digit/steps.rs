//! MNIST's preparation, an image a step.

use crate::png;
use data::drawing::{BOX_SIDE, Centred, Fitted, InkMap, MIDDLE, PreparedDigit, shrunk};
use data::images::SIDE;
use maud::{Markup, html};

/// The steps from the drawing to what the network sees.
pub fn steps(map: &InkMap, digit: &PreparedDigit) -> Markup {
    html! {
        ol.stages { (boxed(map, digit)) (fitted(&digit.fitted)) (centred(&digit.centred, &digit.fitted)) }
    }
}

/// The one image there is without preparation, or of a digit that comes prepared.
pub fn single(pixels: &[u8], caption: &str) -> Markup {
    let below = image(0, 0, SIDE, SIDE, pixels);
    html! { ol.stages { (step("What the network sees", &below, &html! { (caption) })) } }
}

fn step(label: &str, drawing: &Markup, caption: &Markup) -> Markup {
    html! {
        li {
            svg viewBox={ "0 0 " (SIDE) " " (SIDE) } role="img" aria-label=(label) {
                rect.field width=(SIDE) height=(SIDE) {}
                (drawing)
            }
            span { strong { (label) } ". " (caption) }
        }
    }
}

/// A grey image at a place of a drawing.
pub fn image(x: usize, y: usize, width: usize, height: usize, pixels: &[u8]) -> Markup {
    html! { image.pixels x=(x) y=(y) width=(width) height=(height) href=(png::address(width, height, pixels)) {} }
}

fn boxed(map: &InkMap, digit: &PreparedDigit) -> Markup {
    let (found, longer) = (digit.ink_box, map.width().max(map.height()));
    let [across, down] =
        [map.width(), map.height()].map(|length| (SIDE - (length * SIDE).div_ceil(longer)) / 2);
    let scaled = |pixels: usize| format!("{:.2}", (pixels * SIDE) as f64 / longer as f64);
    let drawing = html! {
        (image(0, 0, SIDE, SIDE, &shrunk(map)))
        g transform={ "translate(" (across) " " (down) ")" } {
            rect.mark x=(scaled(found.left)) y=(scaled(found.top)) width=(scaled(found.width))
                height=(scaled(found.height)) {}
        }
    };
    let caption = html! {
        "The smallest around the ink: " (found.width) " x " (found.height) " of " (map.width()) " x " (map.height()) "."
    };
    step("A box", &drawing, &caption)
}

fn fitted(fitted: &Fitted) -> Markup {
    let bytes: Vec<u8> = fitted.ink.iter().map(|ink| (255.0 * ink).round() as u8).collect();
    let at = (SIDE - BOX_SIDE) / 2;
    let drawing = html! {
        (image(at, at, fitted.columns, fitted.rows, &bytes))
        rect.mark x=(at) y=(at) width=(BOX_SIDE) height=(BOX_SIDE) {}
    };
    let caption = html! {
        "The box fits " (BOX_SIDE) " x " (BOX_SIDE) " with its proportions kept: " (fitted.columns) " x " (fitted.rows)
        ", each pixel the average of what it covers."
    };
    step("A size", &drawing, &caption)
}

fn centred(centred: &Centred, fitted: &Fitted) -> Markup {
    let (x, y) = (centred.left as f64 + centred.centre.0, centred.top as f64 + centred.centre.1);
    let drawing = html! {
        (image(0, 0, SIDE, SIDE, &centred.pixels))
        path.mark d={ "M" (MIDDLE) " 0V" (SIDE) "M0 " (MIDDLE) "H" (SIDE) } {}
        circle.mark cx=(format!("{x:.2}")) cy=(format!("{y:.2}")) r="1" {}
        rect.mark.faint x=(centred.left) y=(centred.top) width=(fitted.columns) height=(fitted.rows) {}
    };
    let caption = html! {
        "The centre of mass, " (format!("{:.1}, {:.1}", centred.centre.0, centred.centre.1))
        " in the box, comes as near to the middle, " (MIDDLE) ", " (MIDDLE) ", as whole pixels can: "
        (format!("{x:.1}, {y:.1}")) "."
    };
    step("A place", &drawing, &caption)
}
