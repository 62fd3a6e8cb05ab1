//! Curves over the epochs, as SVG.

use maud::{Markup, PreEscaped, html};
use std::fmt::Write;

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 120.0;

/// A curve: a value for each epoch from 0 on.
pub struct Curve {
    /// What the legend calls it.
    pub label: &'static str,
    /// Its class, which gives it its colour and its dashes.
    pub class: &'static str,
    /// The values.
    pub values: Vec<f64>,
}

/// Curves over `epochs` epochs with a line at the epoch `at`. FieldValues that are not finite are left out.
pub fn chart(title: &str, curves: &[Curve], epochs: usize, at: usize) -> Markup {
    let all = curves.iter().flat_map(|curve| &curve.values).copied().filter(|value| value.is_finite());
    let (low, high) =
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let (low, high) = if low < high { (low, high) } else { (low - 1.0, low + 1.0) };
    let x = |epoch: usize| WIDTH * epoch as f64 / epochs.max(1) as f64;
    let y = |value: f64| HEIGHT * (high - value) / (high - low);
    let lines: String = curves.iter().fold(String::new(), |mut lines, curve| {
        let finite = curve.values.iter().enumerate().filter(|(_, value)| value.is_finite());
        let points: Vec<String> =
            finite.map(|(epoch, &value)| format!("{:.1},{:.1}", x(epoch), y(value))).collect();
        // Writing into a string cannot fail.
        let _ = write!(lines, "<polyline class=\"{}\" points=\"{}\"/>", curve.class, points.join(" "));
        lines
    });
    let axis = |value: f64| format!("{value:.*}", usize::from(value.fract() != 0.0) * 2);
    html! {
        figure.curves {
            figcaption { (title) }
            svg role="img" viewBox="-46 -8 294 146" width="294" height="146" {
                title { (title) " over " (epochs) " epochs" }
                path class="axis" d=(format!("M0 0 V{HEIGHT} H{WIDTH}")) {}
                path class="now" d=(format!("M{:.1} 0 V{HEIGHT}", x(at))) {}
                (PreEscaped(lines))
                text x="-4" y="4" text-anchor="end" { (axis(high)) }
                text x="-4" y=(HEIGHT) text-anchor="end" { (axis(low)) }
                text x="0" y=(HEIGHT + 15.0) { "0" }
                text x=(WIDTH) y=(HEIGHT + 15.0) text-anchor="end" { (epochs) }
            }
            p.legend { @for curve in curves { span { span class={ "key " (curve.class) } {} " " (curve.label) } } }
        }
    }
}
