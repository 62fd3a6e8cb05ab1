//! What a network answers for petals of every size, as a map.

use super::watched::WatchedRun;
use data::iris::{Iris, SPECIES};
use experiments::iris::{IrisRunError, prediction};
use maud::{Markup, PreEscaped, html};
use ndarray::{Array1, Array2, Axis};
use std::fmt::Write;

const COLUMNS: usize = 36;
const ROWS: usize = 24;
const SIDE: f64 = 9.0;

/// The map's edges: petal length and width in centimetres.
struct Frame {
    length: [f64; 2],
    width: [f64; 2],
}

impl Frame {
    /// Around all flowers.
    fn around(iris: &Iris) -> Self {
        let edge = |column: usize| {
            let values = iris.features.column(column);
            let (low, high) =
                values.fold((f64::INFINITY, 0.0_f64), |(low, high), &x| (low.min(x), high.max(x)));
            [(low - 0.3).max(0.0), high + 0.3]
        };
        Self { length: edge(2), width: edge(3) }
    }

    fn place(&self, length: f64, width: f64) -> (f64, f64) {
        let part = |value: f64, [low, high]: [f64; 2]| (value - low) / (high - low);
        (
            COLUMNS as f64 * SIDE * part(length, self.length),
            ROWS as f64 * SIDE * (1.0 - part(width, self.width)),
        )
    }

    /// The petals in the middle of the cell.
    fn petals(&self, column: usize, row: usize) -> [f64; 2] {
        let along = |[low, high]: [f64; 2], part: f64| low + (high - low) * part;
        let length = along(self.length, (column as f64 + 0.5) / COLUMNS as f64);
        [length, along(self.width, 1.0 - (row as f64 + 0.5) / ROWS as f64)]
    }
}

/// The map of a run as it is now, with its test flowers.
///
/// # Errors
/// Those of the network.
pub fn regions(run: &WatchedRun, iris: &Iris, test: &[usize], title: &str) -> Result<Markup, IrisRunError> {
    let frame = Frame::around(iris);
    let mut network = run.fork();
    let sepals = iris.features.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(4)); // (4)
    let cells = (0..ROWS * COLUMNS).map(|i| frame.petals(i % COLUMNS, i / COLUMNS));
    let flowers: Vec<[f64; 4]> = cells.map(|[length, width]| [sepals[0], sepals[1], length, width]).collect();
    let outputs = network.outputs(run.prepared.scale(Array2::from(flowers).view())?.view())?; // (cells, 3)
    let answers: Vec<usize> = outputs.rows().into_iter().map(prediction).collect();
    let tested = network.outputs(run.prepared.test_x.view())?; // (N, 3)
    let wrong =
        tested.rows().into_iter().zip(&run.prepared.test_y).map(|(row, &label)| prediction(row) != label);
    let marks = test.iter().zip(wrong).fold(String::new(), |mut marks, (&flower, wrong)| {
        let (x, y) = frame.place(iris.features[[flower, 2]], iris.features[[flower, 3]]);
        marks += &mark(iris.labels[flower], x, y, wrong);
        marks
    });
    let (width, height) = (COLUMNS as f64 * SIDE + 8.0, ROWS as f64 * SIDE + 8.0);
    Ok(html! {
        figure.regions {
            figcaption { (title) }
            svg role="img" viewBox={ "-4 -4 " (width) " " (height) } width=(width) height=(height) {
                title { (title) ": petal length from left to right, petal width from below" }
                (PreEscaped(runs_of(&answers))) (PreEscaped(marks))
            }
            p.legend {
                @for (i, name) in SPECIES.iter().enumerate() {
                    span { span class={ "key species-" (i) } {} " " (name) }
                }
            }
        }
    })
}

/// Cells with one answer beside each other as one rectangle.
fn runs_of(answers: &[usize]) -> String {
    let mut out = String::new();
    for (row, answers) in answers.chunks(COLUMNS).enumerate() {
        let mut column = 0;
        for run in answers.chunk_by(|a, b| a == b) {
            let (x, y, width) = (column as f64 * SIDE, row as f64 * SIDE, run.len() as f64 * SIDE);
            // Writing into a string cannot fail.
            let _ = write!(
                out,
                "<rect class=\"species-{}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{SIDE}\"/>",
                run[0]
            );
            column += run.len();
        }
    }
    out
}

/// A flower: each species has its shape, and one that is answered wrongly has a ring.
fn mark(species: usize, x: f64, y: f64, wrong: bool) -> String {
    let shape = match species {
        0 => format!("<circle class=\"flower\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>"),
        1 => format!(
            "<rect class=\"flower\" x=\"{:.1}\" y=\"{:.1}\" width=\"7\" height=\"7\"/>",
            x - 3.5,
            y - 3.5
        ),
        _ => format!("<path class=\"flower\" d=\"M{x:.1} {:.1} l4.5 8 h-9 z\"/>", y - 4.5),
    };
    let ring = if wrong {
        format!("<circle class=\"wrong\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"8\"/>")
    } else {
        String::new()
    };
    shape + &ring
}
