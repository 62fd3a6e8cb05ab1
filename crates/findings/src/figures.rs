//! The figures of the report: a drawing, a caption, and the numbers as a table.

use super::cells::number;
use super::chart::{Axes, Words, bars, curves, lines};
use super::figure_speed::iris_speed;
use super::figures_mnist::{mnist_confusion, mnist_curves, mnist_filters, mnist_mistakes};
use super::figures_studies::{iris_bands, iris_plateau};
use super::predicates::{activations, variant};
use super::tables_theory;
use super::{ReportError, Sources, mnist_studies};
use crate::figure::Figure;
use cnn::network::Network;
use data::images::Images;
use experiments::iris::Epoch;
use experiments::iris::studies::seeds::{SeedResult, Variant};
use records::findings::Cells;
use theory::render::svg::std_dev_graph;
use theory::render::worked::INPUTS;
use theory::std_dev::Ddof;
use theory::std_dev_graph::StdDevGraph;

/// Epochs of a long run that its table shows.
const SHOWN_EPOCHS: [usize; 12] = [1, 2, 3, 5, 10, 20, 50, 100, 200, 300, 500, 800];

/// All figures, in the order of [`super::FILES`].
///
/// # Errors
/// [`ReportError::Missing`] when the records lack what a figure shows.
pub fn figures(of: &Sources, network: &Network, test: &Images) -> Result<Vec<Figure>, ReportError> {
    let [train_loss, test_loss] = iris_losses(of)?;
    let [curves, errors] = mnist_curves(of);
    let mut figures = vec![
        t2_graph(of, "t2-graph", Ddof::Population)?,
        t2_graph(of, "t2-graph-sample", Ddof::Sample)?,
        train_loss,
        test_loss,
        iris_errors(of)?,
        iris_speed(of)?,
        iris_optimisers(of)?,
        iris_bands(of)?,
        iris_plateau(of)?,
        curves,
        errors,
        mnist_confusion(of),
        mnist_mistakes(of, test)?,
        mnist_filters(network),
    ];
    figures.extend(mnist_studies::figures(of, test)?);
    Ok(figures)
}

fn t2_graph(of: &Sources, id: &'static str, ddof: Ddof) -> Result<Figure, ReportError> {
    let graph = StdDevGraph::new(&INPUTS, ddof)?;
    let svg = std_dev_graph(&graph).replace("wg-head", &format!("{id}-head"));
    let caption = format!(
        "The {} standard deviation of the question's inputs. Above each wire its value, below it the gradient.",
        ddof.name()
    );
    Ok(Figure {
        id,
        caption,
        record: "theory",
        svg,
        data: tables_theory::edges(of, usize::from(ddof == Ddof::Sample)),
    })
}

/// One value of each series at the epochs that a table shows.
fn by_epoch(names: &[String], series: &[Vec<f64>], digits: usize) -> Cells {
    let heads: Vec<String> =
        std::iter::once("#epoch".to_owned()).chain(names.iter().map(|name| format!("#{name}"))).collect();
    let longest = series.iter().map(Vec::len).max().unwrap_or(0);
    let row = |epoch: &usize| {
        let cell =
            |values: &Vec<f64>| values.get(epoch - 1).map_or(String::new(), |value| number(*value, digits));
        std::iter::once(epoch.to_string()).chain(series.iter().map(cell)).collect()
    };
    let shown = |epoch: &&usize| **epoch <= longest;
    let rows = SHOWN_EPOCHS.iter().filter(shown).map(row).collect();
    Cells::new(&heads.iter().map(String::as_str).collect::<Vec<_>>(), rows)
}

fn iris_losses(of: &Sources) -> Result<[Figure; 2], ReportError> {
    let runs = activations(of)?;
    let names: Vec<String> = runs.iter().map(|(activation, _)| activation.name().to_owned()).collect();
    let figure = |id: &'static str, part: &str, loss: fn(&Epoch) -> f64| {
        let values: Vec<Vec<f64>> =
            runs.iter().map(|(_, variant)| variant.registered.history.iter().map(loss).collect()).collect();
        let title = format!("{part} loss of the four activations on iris, registered seed");
        let words = Words {
            id,
            title: &title,
            description: "One curve for each activation over the epochs, by powers of ten.",
        };
        let svg = lines(
            &words,
            Axes { x: "epoch", y: "loss, nats", log: true, whole_x: false },
            &curves(&names, &values),
        );
        Figure { id, caption: format!("{title}."), record: "iris", svg, data: by_epoch(&names, &values, 4) }
    };
    Ok([
        figure("iris-train-loss", "Training", |epoch| epoch.train_loss),
        figure("iris-test-loss", "Test", |epoch| epoch.test_loss),
    ])
}

fn iris_errors(of: &Sources) -> Result<Figure, ReportError> {
    let id = "iris-errors";
    let wrong = |result: &SeedResult| result.test.total - result.test.correct;
    let runs = activations(of)?;
    let most = runs.iter().flat_map(|(_, variant)| variant.others.iter().map(wrong)).max().unwrap_or(0);
    let labels: Vec<String> = (0..=most).map(|flowers| flowers.to_string()).collect();
    let seeds = |variant: &Variant| -> Vec<f64> {
        (0..=most).map(|n| variant.others.iter().filter(|result| wrong(result) == n).count() as f64).collect()
    };
    let series: Vec<(String, Vec<f64>)> =
        runs.iter().map(|(activation, variant)| (activation.name().to_owned(), seeds(variant))).collect();
    let title = "Test errors on iris over 100 seeds";
    let description = "For each number of wrong flowers of 30, how many of 100 seeds end with it, a bar for each activation.";
    let axes = Axes { x: "wrong flowers of 30", y: "seeds", log: false, whole_x: false };
    let svg = bars(&Words { id, title, description }, axes, &labels, &series);
    let heads: Vec<String> = std::iter::once("#wrong flowers".to_owned())
        .chain(series.iter().map(|(name, _)| format!("#{name}, seeds")))
        .collect();
    let row = |n: usize| {
        std::iter::once(n.to_string()).chain(series.iter().map(|(_, seeds)| number(seeds[n], 0))).collect()
    };
    let data =
        Cells::new(&heads.iter().map(String::as_str).collect::<Vec<_>>(), (0..=most).map(row).collect());
    Ok(Figure { id, caption: format!("{title}: one split decides nothing."), record: "iris", svg, data })
}

fn iris_optimisers(of: &Sources) -> Result<Figure, ReportError> {
    let id = "iris-optimisers";
    let runs = ["scratch", "framework-sigmoid-sgd", "framework-sigmoid-momentum", "framework-sigmoid-adam"];
    let names = ["by hand", "descent", "momentum", "Adam"].map(str::to_owned);
    let loss = |id: &&str| -> Result<Vec<f64>, ReportError> {
        Ok(variant(of, id)?.registered.history.iter().map(|epoch| epoch.train_loss).collect())
    };
    let values: Vec<Vec<f64>> = runs.iter().map(loss).collect::<Result<_, _>>()?;
    let title = "Training loss of one network by hand and with three optimisers, registered seed";
    let words = Words {
        id,
        title,
        description: "One curve for each way to train, over the epochs, by powers of ten.",
    };
    let svg = lines(
        &words,
        Axes { x: "epoch", y: "loss, nats", log: true, whole_x: false },
        &curves(&names, &values),
    );
    Ok(Figure { id, caption: format!("{title}."), record: "iris", svg, data: by_epoch(&names, &values, 4) })
}
