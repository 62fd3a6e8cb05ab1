//! P1.1: the choice of the weight decay.

use crate::cells::grouped;
use crate::{Caption, Section, Sources, TableRow};
use experiments::iris::studies::tuning::TuningRow;
use records::findings::Cells;

pub(super) const SECTION: Section = Section { tables: TABLES, ..Section::EMPTY };

const TABLES: &[TableRow] = &[TableRow {
    id: "iris-tuning",
    record: "iris-tuning",
    caption: Caption::Fixed(
        "Wrong answers on held-out folds of the registered seed's training part, by weight decay. Asked: each of the \
         120 flowers once, with four activations and four seeds of the weights.",
    ),
    cells: |of| Ok(tuning(of)),
}];

fn tuning(of: &Sources) -> Cells {
    let row = |row: &TuningRow| {
        let chosen = if row.weight_decay == of.tuning.chosen { "chosen" } else { "" };
        vec![row.weight_decay.to_string(), grouped(row.errors), grouped(row.total), chosen.to_owned()]
    };
    Cells::new(&["#weight decay", "#wrong", "#asked", ""], of.tuning.rows.iter().map(row).collect())
}
