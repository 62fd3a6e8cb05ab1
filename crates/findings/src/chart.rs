//! Curves and bars: kuva draws, and what it drew is fitted to the report's pages.
//!
//! Colours are CSS variables of the page, so that one file serves light and dark; series differ by dashes as well.
//! Numbers are written with one digit after the point: kuva computes positions with the standard library's logarithm,
//! and nobody promises its last bits.

use kuva::plot::LegendPosition;
use kuva::plot::line::LineStyle;
use kuva::prelude::{BarPlot, Layout, LinePlot, Plot, ScatterPlot, Theme, TickFormat, render_to_svg};
use std::sync::Arc;

/// What a drawing is called, for a screen reader.
pub struct Words<'a> {
    /// The drawing's id: its elements' ids begin with it.
    pub id: &'a str,
    pub title: &'a str,
    /// What can be seen in it.
    pub description: &'a str,
}

/// The names of the axes.
#[derive(Clone, Copy)]
pub struct Axes<'a> {
    /// Across.
    pub x: &'a str,
    /// Up.
    pub y: &'a str,
    /// Whether the second goes by powers of ten.
    pub log: bool,
    /// Whether the first has a tick at every whole number.
    pub whole_x: bool,
}

/// Named points.
pub type Series = (String, Vec<(f64, f64)>);

/// Named points with a lower end, a middle and an upper end: `(x, [low, middle, high])`.
pub type BandSeries = (String, Vec<(f64, [f64; 3])>);

/// The height of a drawing.
const HEIGHT: f64 = 310.0;

/// Rows of a legend, two series each, for which kuva leaves room; what a further row needs.
const LEGEND_ROWS: usize = 2;
const LEGEND_ROW: f64 = 18.0;

/// The colour of series `i`, of which there are six.
pub fn colour(i: usize) -> String {
    let fallback = ["#1f5fa8", "#b3461e", "#2b7a3d", "#7a3f98", "#8a6d00", "#5b6470"][i % 6];
    format!("var(--series-{},{fallback})", i % 6 + 1)
}

/// One line for each series.
pub fn lines(words: &Words, axes: Axes, series: &[Series]) -> String {
    finish(words, axes, series.len(), line_plots(series))
}

/// One line for each series; the first axis goes by powers of ten.
pub fn lines_by_powers(words: &Words, axes: Axes, series: &[Series]) -> String {
    let plots = line_plots(series);
    let layout = by_powers(layout(axes, &plots));
    fitted(words, series.len(), &render_to_svg(plots, layout))
}

fn line_plots(series: &[Series]) -> Vec<Plot> {
    let styles = [LineStyle::Solid, LineStyle::Dashed, LineStyle::Dotted, LineStyle::DashDot];
    let line = |(i, (name, points)): (usize, &Series)| {
        let line = LinePlot::new()
            .with_data(points.iter().copied())
            .with_color(colour(i))
            .with_legend(name.as_str());
        Plot::Line(line.with_stroke_width(2.0).with_line_style(styles[i % styles.len()].clone()))
    };
    series.iter().enumerate().map(line).collect()
}

/// A line in a band for each series.
pub fn bands(words: &Words, axes: Axes, series: &[BandSeries]) -> String {
    let styles = [LineStyle::Solid, LineStyle::Dashed, LineStyle::Dotted, LineStyle::DashDot];
    let line = |(i, (name, points)): (usize, &BandSeries)| {
        let end = |k: usize| points.iter().map(move |(_, ends)| ends[k]);
        let line = LinePlot::new()
            .with_data(points.iter().map(|(x, ends)| (*x, ends[1])))
            .with_color(colour(i))
            .with_legend(name.as_str())
            .with_band(end(0), end(2));
        Plot::Line(line.with_stroke_width(2.0).with_line_style(styles[i % styles.len()].clone()))
    };
    finish(words, axes, series.len(), series.iter().enumerate().map(line).collect())
}

/// Bars in groups: a group for each label, a bar for each series.
pub fn bars(words: &Words, axes: Axes, labels: &[String], series: &[(String, Vec<f64>)]) -> String {
    let names: Vec<&str> = series.iter().map(|(name, _)| name.as_str()).collect();
    let mut plot = BarPlot::new();
    for (i, label) in labels.iter().enumerate() {
        let group: Vec<(f64, String)> =
            series.iter().enumerate().map(|(s, (_, values))| (values[i], colour(s))).collect();
        plot = plot.with_group(label.as_str(), group);
    }
    finish(words, axes, series.len(), vec![Plot::Bar(plot.with_legend(names))])
}

/// A point with a lower and an upper end for each `(x, [low, middle, high])`, joined by a line, and a small dot for
/// each `(x, y)` of `runs`; the first axis goes by powers of ten.
pub fn points(words: &Words, axes: Axes, points: &[(f64, [f64; 3])], runs: &[(f64, f64)]) -> String {
    let middles = || points.iter().map(|(x, [_, middle, _])| (*x, *middle));
    let ends = points.iter().map(|(_, [low, middle, high])| (middle - low, high - middle));
    let line = LinePlot::new().with_data(middles()).with_color(colour(0)).with_stroke_width(2.0);
    let dots = ScatterPlot::new()
        .with_data(middles())
        .with_y_err_asymmetric(ends)
        .with_color(colour(0))
        .with_size(4.0);
    let small = ScatterPlot::new().with_data(runs.iter().copied()).with_color(colour(1)).with_size(2.5);
    let plots = vec![Plot::Line(line), Plot::Scatter(dots), Plot::Scatter(small)];
    let layout = by_powers(layout(axes, &plots));
    fitted(words, 0, &render_to_svg(plots, layout))
}

/// With a first axis that goes by powers of ten.
fn by_powers(layout: Layout) -> Layout {
    let short = |tick: f64| match tick {
        ..1e3 => tick.to_string(),
        ..1e6 => format!("{}k", tick / 1e3),
        _ => format!("{}M", tick / 1e6),
    };
    layout.with_log_x().with_x_tick_format(TickFormat::Custom(Arc::new(short)))
}

fn finish(words: &Words, axes: Axes, series: usize, plots: Vec<Plot>) -> String {
    let layout = layout(axes, &plots);
    fitted(words, series, &render_to_svg(plots, layout))
}

fn layout(axes: Axes, plots: &[Plot]) -> Layout {
    let mut layout = Layout::auto_from_plots(plots)
        .with_x_label(axes.x)
        .with_y_label(axes.y)
        .with_width(360.0)
        .with_height(HEIGHT)
        .with_legend_position(LegendPosition::OutsideBottomColumns)
        .with_theme(theme());
    if axes.whole_x {
        layout = layout.with_x_tick_step(1.0);
    }
    if axes.log {
        layout =
            layout.with_log_y().with_y_tick_format(TickFormat::Custom(Arc::new(|tick| tick.to_string())));
    }
    layout
}

fn theme() -> Theme {
    let (ink, line) = ("var(--fg,#1a1a1a)".to_owned(), "var(--figure-line,#6b6f76)".to_owned());
    Theme {
        background: "none".into(),
        axis_color: line.clone(),
        grid_color: "var(--figure-grid,#e2e4e8)".into(),
        tick_color: line.clone(),
        text_color: ink.clone(),
        legend_bg: "none".into(),
        legend_border: "none".into(),
        pie_leader: line.clone(),
        box_median: ink.clone(),
        violin_border: line.clone(),
        colorbar_border: line,
        font_family: None,
        show_grid: true,
    }
}

/// The drawing with a role, title and description, ids of its own, shorter numbers, room for a legend of so many
/// series, and no word of who drew it.
fn fitted(words: &Words, series: usize, svg: &str) -> String {
    let body = svg.split_once("-->").map_or(svg, |(_, body)| body);
    let body = body.trim_end().trim_end_matches("</svg>");
    let attribute = |name: &str| {
        let (_, after) = svg.split_once(&format!(" {name}=\""))?;
        after.split('"').next()?.parse::<f64>().ok()
    };
    let (width, height) = (attribute("width").unwrap_or(600.0), attribute("height").unwrap_or(400.0));
    let height = height + LEGEND_ROW * series.div_ceil(2).saturating_sub(LEGEND_ROWS) as f64;
    let body = shorter(&renamed(body, words.id)).replace("/><", "/>\n<").replace("</text><", "</text>\n<");
    format!("{}{}\n</svg>\n", open(words, width, height), body.trim())
}

/// The areas that clip get names of the drawing's own: kuva counts all that the process ever drew.
fn renamed(svg: &str, id: &str) -> String {
    let mut parts = svg.split("kuva-clip-");
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut seen: Vec<&str> = Vec::new();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (number, after) = part.split_at(end);
        let place = seen.iter().position(|other| *other == number).unwrap_or(seen.len());
        if place == seen.len() {
            seen.push(number);
        }
        out += &format!("{id}-clip-{place}{after}");
    }
    out
}

/// The head of a drawing.
pub fn open(words: &Words, width: f64, height: f64) -> String {
    let Words { id, title, description } = words;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" font-family=\"sans-serif\" fill=\"var(--fg,#1a1a1a)\">\n\
         <title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n"
    )
}

/// Every decimal with one digit after the point.
fn shorter(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
        let (number, after) = number.split_at(end);
        out += before;
        // Not a colour such as #1a1a1a, and not the text of an axis.
        let is_long = number.split_once('.').is_some_and(|(_, digits)| digits.len() > 1);
        match number.parse::<f64>() {
            Ok(value) if is_long && !before.ends_with(['>', '#']) => {
                let short = format!("{value:.1}");
                out += short.strip_suffix(".0").unwrap_or(&short);
            }
            _ => out += number,
        }
        rest = after;
    }
    out + rest
}

/// Each of these lists as a series: its first value at 1.
pub(super) fn curves(names: &[String], values: &[Vec<f64>]) -> Vec<Series> {
    names.iter().cloned().zip(values.iter().map(|values| numbered(values))).collect()
}

fn numbered(values: &[f64]) -> Vec<(f64, f64)> {
    values.iter().enumerate().map(|(i, value)| ((i + 1) as f64, *value)).collect()
}

#[cfg(test)]
mod tests;
