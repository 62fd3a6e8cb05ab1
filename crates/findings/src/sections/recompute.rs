//! What a verification computes of each record, if nothing else is said.

use crate::cells::number;
use crate::{Caption, Section, TableRow};
use experiments::registry::{Computed, EXPERIMENTS, Experiment};
use experiments::study::draw::{Draw, MINUTES, Plan};
use records::findings::{Cells, FILE};

pub(super) const SECTION: Section = Section { tables: TABLES, ..Section::EMPTY };

const TABLES: &[TableRow] = &[TableRow {
    id: "recomputed-by-default",
    record: "report",
    caption: Caption::Fixed(
        "What a verification computes of each record if nothing else is said. Minutes are reckoned, for two cores \
             with AVX-512.",
    ),
    cells: |_| Ok(by_record()),
}];

/// Each record with its parts, what is computed of it by default, and how long all of it takes; the report is the last.
fn by_record() -> Cells {
    let studies = EXPERIMENTS.iter().filter_map(Experiment::study);
    // How many parts are drawn does not depend on the number.
    let plan = Draw { number: 0, minutes: MINUTES }.plan(studies);
    let rows = EXPERIMENTS.iter().map(|experiment| row(experiment, &plan)).chain([derived(FILE)]).collect();
    Cells::new(&["record", "#parts", "computed by default", "#minutes for all parts"], rows)
}

fn row(experiment: &Experiment, plan: &Plan) -> Vec<String> {
    let record = experiment.files[0].to_owned();
    let none = String::new;
    match (&experiment.kind, plan.parts(experiment.id)) {
        (Computed::Parts(study), Some(drawn)) => {
            let parts = (study.parts)();
            let seconds: f64 = study.seconds.iter().flat_map(|seconds| parts.iter().map(seconds)).sum();
            let drawn = match drawn.len() {
                0 => "no part".to_owned(),
                1 => "1 part, drawn".to_owned(),
                count => format!("{count} parts, drawn"),
            };
            vec![record, parts.len().to_string(), drawn, number(seconds / 60.0, 0)]
        }
        (Computed::Parts(study), None) => {
            vec![record, (study.parts)().len().to_string(), "all".to_owned(), none()]
        }
        (Computed::Derived(_), _) => derived(&record),
    }
}

fn derived(record: &str) -> Vec<String> {
    let none = String::new;
    vec![record.to_owned(), none(), "derived from the others as they are".to_owned(), none()]
}
