//! T1 and T2.

use crate::cells::number;
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use records::findings::{Cells, Decision};
use theory::render::json::StdDevRecord;
use theory::render::layout::Orientation;
use theory::render::svg::std_dev_graph;
use theory::render::worked::INPUTS;
use theory::std_dev::Ddof;
use theory::std_dev_graph::StdDevGraph;

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "t1-readings-differ",
        says: "The three readings of the outputs give three different losses",
        within: Some("the three readings of the outputs give three different losses"),
        record: "theory",
        decide: |of| {
            let means: Vec<f64> = of.theory.cross_entropy.iter().map(|loss| loss.loss.mean).collect();
            let apart = |i: usize| means[i + 1..].iter().all(|other| (means[i] - other).abs() > APART);
            Ok(Decision::new((0..means.len()).all(apart) && means.len() == 3, format!("{means:?}")))
        },
        controls: &[
            |of| alter::theory(of, |it| it.cross_entropy[1].loss.mean = it.cross_entropy[0].loss.mean),
            |of| alter::theory(of, |it| it.cross_entropy.truncate(2)),
        ],
    },
    ClaimRow {
        id: "t2-mean-path-cancels",
        says: "The path through the mean contributes nothing in total",
        within: Some("the path through the mean contributes nothing in total"),
        record: "theory",
        decide: |of| {
            let gradients = of.theory.std_dev.iter().map(gradient_by_the_sum);
            let gradients: Vec<f64> = gradients.collect::<Result<_, ReportError>>()?;
            let cancels = gradients.iter().all(|gradient| gradient.abs() < 1e-15);
            Ok(Decision::new(cancels, format!("gradients by the sum: {gradients:?}")))
        },
        controls: &[|of| {
            alter::theory(of, |it| {
                let nodes = it.std_dev.iter_mut().flat_map(|deviation| &mut deviation.nodes);
                nodes.filter(|node| node.id == SUM).take(1).for_each(|node| node.gradient = 1e-15);
            });
        }],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "t1-losses",
        record: "theory",
        caption: Caption::Fixed("The loss of the question's batch in the three readings, in nats."),
        cells: |of| Ok(losses(of)),
    },
    TableRow {
        id: "t2-totals",
        record: "theory",
        caption: Caption::Fixed("The deviation of (−1, 3) and its gradient, by convention."),
        cells: |of| Ok(totals(of)),
    },
    TableRow {
        id: "t2-nodes",
        record: "theory",
        caption: Caption::Fixed("Every node of the population's graph."),
        cells: |of| Ok(nodes(of)),
    },
    TableRow {
        id: "t2-edges",
        record: "theory",
        caption: Caption::Fixed("Every edge of the population's graph."),
        cells: |of| Ok(edges(of, 0)),
    },
];

const FIGURES: &[FigureRow] = &[
    FigureRow {
        id: "t2-graph",
        record: "theory",
        draw: |id, from| graph(id, from.records, Ddof::Population, Orientation::Wide),
    },
    FigureRow {
        id: "t2-graph-upright",
        record: "theory",
        draw: |id, from| graph(id, from.records, Ddof::Population, Orientation::Upright),
    },
    FigureRow {
        id: "t2-graph-sample",
        record: "theory",
        draw: |id, from| graph(id, from.records, Ddof::Sample, Orientation::Wide),
    },
    FigureRow {
        id: "t2-graph-sample-upright",
        record: "theory",
        draw: |id, from| graph(id, from.records, Ddof::Sample, Orientation::Upright),
    },
];

/// By how many nats two readings differ at least.
const APART: f64 = 0.01;

/// The node of the sum, through which the mean sends its gradient to the inputs.
const SUM: &str = "s";

fn gradient_by_the_sum(deviation: &StdDevRecord) -> Result<f64, ReportError> {
    let node = deviation.nodes.iter().find(|node| node.id == SUM);
    node.map(|node| node.gradient).ok_or_else(|| ReportError::missing(format!("theory.json: the node {SUM}")))
}

fn losses(of: &Sources) -> Cells {
    let row = |loss: &experiments::worked::RecordedLoss| {
        let loss = &loss.loss;
        let mut row = vec![loss.reading.name().to_owned()];
        row.extend(loss.per_sample.iter().map(|term| number(*term, 6)));
        row.extend([number(loss.sum, 6), number(loss.mean, 6)]);
        row
    };
    Cells::new(
        &["reading", "#x1", "#x2", "#x3", "#sum", "#mean"],
        of.theory.cross_entropy.iter().map(row).collect(),
    )
}

fn convention(deviation: &StdDevRecord) -> &'static str {
    if deviation.ddof == 0 { "population, divisor n" } else { "sample, divisor n − 1" }
}

fn totals(of: &Sources) -> Cells {
    let row = |deviation: &StdDevRecord| {
        let mut row = vec![convention(deviation).to_owned(), number(deviation.value, 6)];
        row.extend(deviation.gradient.iter().map(|gradient| number(*gradient, 6)));
        row
    };
    Cells::new(&["convention", "#σ", "#∂σ/∂x1", "#∂σ/∂x2"], of.theory.std_dev.iter().map(row).collect())
}

/// A node's name as the chapter writes it.
fn greek(name: &str) -> String {
    name.replace("sigma", "σ").replace("mu", "μ")
}

fn nodes(of: &Sources) -> Cells {
    let population = of.theory.std_dev.iter().find(|deviation| deviation.ddof == 0);
    let row = |node: &theory::render::json::NodeRecord| {
        vec![greek(&node.id), greek(&node.expression), number(node.value, 3), number(node.gradient, 3)]
    };
    let rows = population.map_or(Vec::new(), |deviation| deviation.nodes.iter().map(row).collect());
    Cells::new(&["node", "is", "#value", "#∂σ/∂(node)"], rows)
}

/// Every edge of the graph with this divisor.
fn edges(of: &Sources, ddof: usize) -> Cells {
    let deviation = of.theory.std_dev.iter().find(|deviation| deviation.ddof == ddof);
    let rows = deviation.map_or(Vec::new(), |deviation| {
        let total =
            |id: &str| deviation.nodes.iter().find(|node| node.id == id).map_or(0.0, |node| node.gradient);
        let row = |edge: &theory::render::json::EdgeRecord| {
            let numbers = [edge.value, total(&edge.to), edge.partial, edge.gradient];
            let mut row = vec![format!("{} → {}", greek(&edge.from), greek(&edge.to))];
            row.extend(numbers.map(|value| number(value, 3)));
            row
        };
        deviation.edges.iter().map(row).collect()
    });
    Cells::new(&["edge", "#value", "#∂σ/∂(end)", "#local derivative", "#gradient"], rows)
}

/// The graph of the deviation with this divisor, drawn this way.
fn graph(
    id: &'static str,
    of: &Sources,
    ddof: Ddof,
    orientation: Orientation,
) -> Result<Drawing, ReportError> {
    let graph = StdDevGraph::new(&INPUTS, ddof)?;
    let svg = std_dev_graph(&graph, orientation).replace("wg-head", &format!("{id}-head"));
    let caption = format!(
        "The {} standard deviation of the question's inputs. Each wire has its value and, below that, the gradient.",
        ddof.name()
    );
    Ok(Drawing { caption, svg, data: edges(of, usize::from(ddof == Ddof::Sample)) })
}
