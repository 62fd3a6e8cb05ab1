//! The figure of how soon the four activations learn, read off the drawing again.

use super::*;
use crate::dots::tests::read;
use experiments::iris::studies::seeds;
use records::{Artifact, Records};

fn submitted() -> seeds::IrisRecord {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../results/iris.json");
    records::store::read_json(path).unwrap()
}

/// The figure of this record.
fn figure(iris: &seeds::IrisRecord) -> Drawing {
    let read =
        |name: &str| std::fs::read(format!("{}/../../results/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut records = Records::default();
    for name in ["theory.json", "iris-tuning.json", "iris.json", "mnist.json"] {
        records.insert(Artifact { name: name.to_owned(), bytes: read(name) });
    }
    let sources = Sources { iris: iris.clone(), ..Sources::new(&records, Vec::new()).unwrap() };
    speed("iris-speed", &sources).unwrap()
}

/// Where a drawing is not what its table says, or does not show every run of the record.
fn faults(svg: &str, data: &Cells, runs: usize) -> Vec<String> {
    let seen = read(svg);
    let mut faults = Vec::new();
    let dots: usize = seen.iter().map(|row| row.dots).sum();
    if dots != runs {
        faults.push(format!("{dots} dots for {runs} runs"));
    }
    for (row, cells) in seen.iter().zip(&data.rows) {
        if row.name != cells[0] || row.dots.to_string() != cells[1] {
            faults.push(format!("{row:?} beside {cells:?}"));
        }
        for (seen, cell) in row.quartiles.into_iter().zip(&cells[4..7]) {
            // A place has one digit after the point, of about 20 to an epoch.
            if (seen - cell.parse::<f64>().unwrap()).abs() > 0.02 {
                faults.push(format!("{}: a mark at {seen}, {cell} in the table", row.name));
            }
        }
    }
    faults
}

#[test]
fn every_run_is_drawn_and_the_marks_are_those_of_the_table() {
    let iris = submitted();
    let runs: usize = iris.variants[..4].iter().map(|variant| variant.others.len()).sum();
    assert_eq!(runs, 4 * experiments::iris::protocol::OTHER_SEEDS.count());
    let Drawing { svg, data, caption, .. } = figure(&iris);
    assert_eq!(faults(&svg, &data, runs), [""; 0]);
    assert!(caption.contains("Every run gets there"), "{caption}");
    // Type 7, as everywhere: 9.75 and not a neighbour.
    assert_eq!(data.rows[1][4], "9.75");
}

/// The negative control: a run that is not drawn, a mark at another epoch.
#[test]
fn a_missing_dot_and_a_moved_mark_are_found() {
    let iris = submitted();
    let Drawing { svg, data, .. } = figure(&iris);
    let (before, after) = svg.split_once("<circle ").unwrap();
    let (_, after) = after.split_once("/>").unwrap();
    assert!(faults(&format!("{before}{after}"), &data, 400)[0].contains("399 dots"));
    let mut fewer = iris.clone();
    fewer.variants[0].others.pop();
    assert!(!faults(&figure(&fewer).svg, &data, 400).is_empty());
    let mut floor = data;
    floor.rows[1][4] = "9".to_owned();
    assert!(faults(&svg, &floor, 400)[0].contains("sigmoid"));
}

#[test]
fn a_run_that_never_gets_there_is_drawn_counted_and_named() {
    let mut iris = submitted();
    iris.variants[1].others[0].first_epoch_at_95_percent = None;
    let Drawing { svg, data, caption, .. } = figure(&iris);
    assert_eq!(faults(&svg, &data, 400), [""; 0]);
    assert_eq!((data.rows[1][2].as_str(), data.rows[1][7].as_str()), ("1", "never"));
    assert!(caption.contains("1 run never gets there"), "{caption}");
}
