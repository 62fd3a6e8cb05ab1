//! The table of every layer's times and rates on one thread.

use super::Layers;
use super::part::Part;
use crate::object::BATCH;
use crate::peak::Peak;
use crate::summary::{percent, short};
use crate::table::Table;

/// The columns of the table.
const COLUMNS: [&str; 8] = ["layer", "forward ms", "rate", "made", "backward ms", "rate", "made", "of step"];

const NOTE: &str = "GFLOP/s are nominal: two operations for each multiply-add of the direct formula. \"Made\" is the \
                    share of the peak by the multiply-adds that the kernels make: Winograd's way multiplies 36 times \
                    a tile where the formula does 144 times, and computes tiles at the edge whole; its transforms do \
                    not count. GB/s count each array once: forward input and output, backward input, cotangent and \
                    result.";

impl Layers<'_> {
    pub(super) fn table(&self, peak: &Peak) -> Table {
        let rest = &self.rest[0];
        let (loss, update, whole) = (rest.loss.summary(), rest.update.summary(), rest.whole.summary());
        let layers: f64 = self.parts.iter().map(|part| part.seconds(0).summary().median).sum();
        let sum = layers + loss.median + update.median;
        let mut rows: Vec<_> = self.parts.iter().map(|part| row(part, sum, peak)).collect();
        for (name, seconds) in [("loss", loss), ("update", update)] {
            rows.push(one_time(name, seconds.times(1e3).to_string(), seconds.median / sum));
        }
        rows.push(one_time("sum", short(1e3 * sum), 1.0));
        rows.push(one_time("undivided step", whole.times(1e3).to_string(), whole.median / sum));
        Table {
            title: format!("Layers of the P1.2 network, batch {BATCH}, 1 thread"),
            note: NOTE.to_owned(),
            columns: COLUMNS.to_vec(),
            left: 1,
            rows,
        }
    }
}

fn row(part: &Part, sum: f64, peak: &Peak) -> Vec<String> {
    let mut row = vec![part.name.clone()];
    for (pass, seconds) in part.times[0].iter().enumerate() {
        let seconds = seconds.summary();
        row.push(seconds.times(1e3).to_string());
        if part.multiplies() {
            let rate = |operations: f64| operations / seconds.median;
            row.push(format!("{} GFLOP/s", short(1e-9 * rate(part.nominal[pass]))));
            row.push(percent(rate(part.made[pass]) / peak.one()));
        } else {
            let rate = part.bytes[pass] / seconds.median;
            row.extend([format!("{} GB/s", short(1e-9 * rate)), String::new()]);
        }
    }
    row.push(share(part.seconds(0).summary().median / sum));
    row
}

/// A row with a time and a share only.
fn one_time(name: &str, milliseconds: String, of_step: f64) -> Vec<String> {
    let mut row = vec![String::new(); COLUMNS.len()];
    (row[0], row[1], row[COLUMNS.len() - 1]) = (name.to_owned(), milliseconds, share(of_step));
    row
}

/// A share of the step with one digit after the point.
fn share(part: f64) -> String {
    format!("{:.1} %", 100.0 * part)
}
