//! The figure of how soon the four activations learn.

use super::cells::epoch;
use super::chart::Words;
use super::dots::{Row, dots};
use super::predicates::activations;
use super::{ReportError, Sources};
use crate::figure::Figure;
use experiments::iris::epoch_quantile;
use records::findings::Cells;

pub(super) fn iris_speed(of: &Sources) -> Result<Figure, ReportError> {
    let id = "iris-speed";
    let quartiles = |epochs: &[Option<usize>]| -> Result<[Option<f64>; 3], ReportError> {
        Ok([epoch_quantile(epochs, 0.25)?, epoch_quantile(epochs, 0.5)?, epoch_quantile(epochs, 0.75)?])
    };
    let rows: Vec<Row> = activations(of)?
        .into_iter()
        .map(|(activation, variant)| {
            let epochs = variant.first_epochs_at_95();
            Ok(Row { name: activation.name().to_owned(), quartiles: quartiles(&epochs)?, epochs })
        })
        .collect::<Result<_, ReportError>>()?;
    let runs = rows.iter().map(|row| row.epochs.len()).max().unwrap_or(0);
    let title = format!("First epoch with at least 95 % of the training part right, over {runs} seeds");
    let description = "A row for each activation. Every run is a dot above its epoch; dots of one epoch lie side by side \
                       and one above another. Below each row a bar reaches from the lower to the upper quartile, and a \
                       stroke marks the median.";
    let svg = dots(&Words { id, title: &title, description }, "epoch", &rows);
    Ok(Figure { id, caption: caption(&title, &rows), record: "iris", svg, data: table(&rows)? })
}

fn caption(title: &str, rows: &[Row]) -> String {
    let never = rows.iter().map(never).sum::<usize>();
    let there = match never {
        0 => "Every run gets there".to_owned(),
        1 => "1 run never gets there and stands at the right".to_owned(),
        _ => format!("{never} runs never get there and stand at the right"),
    };
    format!(
        "{title}: every run is a dot. The bars reach from quartile to quartile, the strokes are medians. {there}."
    )
}

fn never(row: &Row) -> usize {
    row.epochs.iter().filter(|epoch| epoch.is_none()).count()
}

fn table(rows: &[Row]) -> Result<Cells, ReportError> {
    let cells = |row: &Row| -> Result<Vec<String>, ReportError> {
        let [low, median, high] = row.quartiles;
        let (first, last) = (epoch_quantile(&row.epochs, 0.0)?, epoch_quantile(&row.epochs, 1.0)?);
        let mut cells = vec![row.name.clone(), row.epochs.len().to_string(), never(row).to_string()];
        cells.extend([first, low, median, high, last].map(epoch));
        Ok(cells)
    };
    let heads = [
        "activation",
        "#runs",
        "#never there",
        "#first",
        "#lower quartile",
        "#median",
        "#upper quartile",
        "#last",
    ];
    Ok(Cells::new(&heads, rows.iter().map(cells).collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::super::dots::tests::read;
    use super::*;
    use records::{Artifact, Records};

    fn submitted() -> experiments::iris::studies::seeds::Record {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../results/iris.json");
        records::store::read_json(path).unwrap()
    }

    /// The figure of this record.
    fn figure(iris: &experiments::iris::studies::seeds::Record) -> Figure {
        let read = |name: &str| {
            std::fs::read(format!("{}/../../results/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
        };
        let mut records = Records::default();
        for name in ["theory.json", "iris-tuning.json", "iris.json", "mnist.json"] {
            records.insert(Artifact { name: name.to_owned(), bytes: read(name) });
        }
        let sources = Sources { iris: iris.clone(), ..Sources::new(&records, Vec::new()).unwrap() };
        iris_speed(&sources).unwrap()
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
        let Figure { svg, data, caption, .. } = figure(&iris);
        assert_eq!(faults(&svg, &data, runs), [""; 0]);
        assert!(caption.contains("Every run gets there"), "{caption}");
        // Type 7, as everywhere: 9.75 and not a neighbour.
        assert_eq!(data.rows[1][4], "9.75");
    }

    /// The negative control: a run that is not drawn, a mark at another epoch.
    #[test]
    fn a_missing_dot_and_a_moved_mark_are_found() {
        let iris = submitted();
        let Figure { svg, data, .. } = figure(&iris);
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
        let Figure { svg, data, caption, .. } = figure(&iris);
        assert_eq!(faults(&svg, &data, 400), [""; 0]);
        assert_eq!((data.rows[1][2].as_str(), data.rows[1][7].as_str()), ("1", "never"));
        assert!(caption.contains("1 run never gets there"), "{caption}");
    }
}
