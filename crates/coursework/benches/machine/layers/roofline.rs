//! What bounds every layer: arithmetic, memory, and what threads lose to each other.

use super::Layers;
use crate::object::{BATCH, threads};
use crate::peak::Peak;
use crate::summary::{Samples, percent, short};
use crate::table::Table;

/// The columns of the table.
const COLUMNS: [&str; 7] = [
    "layer",
    "arithmetic ms",
    "memory ms",
    "1 thread ms",
    "larger / 1 thread",
    "all threads ms",
    "1 thread / all",
];

const NOTE: &str = "How to read it: a layer takes no less on one thread than its arithmetic at the peak (the \
                    multiply-adds made), and, unless a cache holds its maps, no less than moving them through memory \
                    at the measured rate (each once a pass), so what is missing to 100 % in \"larger / 1 thread\" is \
                    neither, and what is missing to the number of threads in the last column is what meetings \
                    and serial parts cost.";

/// A row: seconds of arithmetic and of memory, where a layer has such, and measured ones on one thread and on all.
struct Line {
    name: String,
    least: Option<[f64; 2]>,
    measured: [Samples; 2],
}

impl Layers<'_> {
    pub(super) fn roofline(&self, peak: &Peak) -> Table {
        let lines = self.lines(peak);
        let mut rows: Vec<_> = lines.iter().map(Line::row).collect();
        rows.push(sum(&lines));
        let [one, all] = [&self.rest[0], &self.rest[self.rest.len() - 1]].map(|rest| rest.whole.clone());
        rows.push(Line { name: "undivided step".to_owned(), least: None, measured: [one, all] }.row());
        Table {
            title: format!(
                "What bounds the layers, batch {BATCH}, 1 thread and {}",
                threads(self.setup.all())
            ),
            note: NOTE.to_owned(),
            columns: COLUMNS.to_vec(),
            left: 1,
            rows,
        }
    }

    /// Every layer, then loss and update.
    fn lines(&self, peak: &Peak) -> Vec<Line> {
        let last = self.rest.len() - 1;
        let mut lines: Vec<_> = self
            .parts
            .iter()
            .map(|part| {
                let arithmetic = part.made.iter().sum::<f64>() / peak.one();
                let memory = part.bytes.iter().sum::<f64>() / peak.memory();
                let measured = [0, last].map(|index| part.seconds(index));
                Line { name: part.name.clone(), least: Some([arithmetic, memory]), measured }
            })
            .collect();
        let measured = [0, last].map(|index| self.rest[index].loss.clone());
        lines.push(Line { name: "loss".to_owned(), least: None, measured });
        let measured = [0, last].map(|index| self.rest[index].update.clone());
        lines.push(Line { name: "update".to_owned(), least: None, measured });
        lines
    }
}

impl Line {
    fn row(&self) -> Vec<String> {
        let [one, all] = &self.measured;
        let seconds = self.measured.each_ref().map(|samples| samples.summary().median);
        cells(&self.name, self.least, self.larger(), seconds, one.ratios(all).summary().median)
    }

    /// The larger of arithmetic and memory.
    fn larger(&self) -> Option<f64> {
        self.least.map(|[arithmetic, memory]| arithmetic.max(memory))
    }
}

/// The sum of all lines; those without a least time have none of it.
fn sum(lines: &[Line]) -> Vec<String> {
    let add = |of: &dyn Fn(&Line) -> f64| lines.iter().map(of).sum::<f64>();
    let least = [0, 1].map(|i| add(&|line| line.least.map_or(0.0, |least| least[i])));
    let larger = add(&|line| line.larger().unwrap_or(0.0));
    let seconds = [0, 1].map(|i| add(&|line| line.measured[i].summary().median));
    cells("sum", Some(least), Some(larger), seconds, seconds[0] / seconds[1])
}

fn cells(
    name: &str,
    least: Option<[f64; 2]>,
    larger: Option<f64>,
    seconds: [f64; 2],
    ratio: f64,
) -> Vec<String> {
    let milliseconds = |seconds: f64| short(1e3 * seconds);
    // A layer without products has no such arithmetic.
    let least = least
        .map(|least| least.map(|seconds| if seconds > 0.0 { milliseconds(seconds) } else { String::new() }));
    let [arithmetic, memory] = least.unwrap_or_default();
    let [one, all] = seconds.map(milliseconds);
    let larger = larger.map_or_else(String::new, |larger| percent(larger / seconds[0]));
    vec![name.to_owned(), arithmetic, memory, one, larger, all, short(ratio)]
}
