//! The checks of T1 and T2.

use super::alter;
use super::check::Check;
use super::unjudged::Unjudged;
use super::verdict::Verdict;
use experiments::verify::Recomputed;
use experiments::worked::{RecordedDerivation, RecordedLoss, T1A, T1B, T2};
use records::at_most;
use serde::Deserialize;
use std::collections::BTreeSet;
use theory::render::json::StdDevRecord;
use theory::render::layout::Orientation;
use theory::render::svg;
use theory::render::worked::INPUTS;
use theory::std_dev::{self, Ddof};
use theory::std_dev_graph::StdDevGraph;

/// The experiment that answers T1 and T2.
const THEORY: &str = "theory";

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "derivations",
        judge: derivations,
        controls: &[
            |of, bar| {
                alter::theory(of, T1A, |all: &mut [RecordedDerivation]| {
                    all[0].worst_difference = bar.next_up()
                })
            },
            |of, _| alter::theory(of, T1A, |all: &mut [RecordedDerivation]| all[0].trials = 0),
            |of, _| alter::theory(of, T1A, |all: &mut [RecordedDerivation]| all[0].steps.truncate(2)),
        ],
    },
    Check {
        name: "cross-entropy",
        judge: cross_entropy,
        controls: &[
            |of, bar| alter::theory(of, T1B, |losses: &mut [RecordedLoss]| losses[0].loss.mean += 10.0 * bar),
            |of, bar| alter::theory(of, T1B, |losses: &mut [RecordedLoss]| losses[2].loss.mean -= 10.0 * bar),
        ],
    },
    Check {
        name: "graph",
        judge: graph,
        controls: &[
            |of, bar| alter_graph(of, 0, |graph| graph.value += 10.0 * bar),
            |of, bar| alter_graph(of, 1, |graph| graph.value -= 10.0 * bar),
            |of, _| alter_graph(of, 0, |graph| graph.nodes.extend(graph.nodes.clone())),
        ],
    },
    Check {
        name: "gradients",
        judge: gradients,
        controls: &[
            |of, bar| alter_graph(of, 0, |graph| graph.gradient[0] += 10.0 * bar),
            |of, bar| alter_graph(of, 1, |graph| graph.edges[0].gradient += 10.0 * bar),
            |of, bar| alter_graph(of, 0, |graph| graph.nodes[0].gradient += 10.0 * bar),
        ],
    },
];

/// Alters the graph of the population (0) or of a sample (1).
fn alter_graph(of: &mut Recomputed, i: usize, alter: impl FnOnce(&mut StdDevRecord)) {
    alter::theory(of, T2, |graphs: &mut [StdDevRecord]| alter(&mut graphs[i]));
}

/// What a part of the experiment lacks.
fn incomplete(part: &'static str, lacking: impl Into<String>) -> Unjudged {
    Unjudged::Incomplete { experiment: THEORY, part, lacking: lacking.into() }
}

/// The value of a part of the experiment.
fn part<T: for<'a> Deserialize<'a>>(recomputed: &Recomputed, id: &str) -> Result<T, Unjudged> {
    recomputed.part(THEORY, id).map_err(Unjudged::NoPart)
}

/// The derivations of T1a.
fn derivations_of_t1a(recomputed: &Recomputed) -> Result<Vec<RecordedDerivation>, Unjudged> {
    let mut found: Vec<RecordedDerivation> = part(recomputed, T1A)?;
    found.retain(|it| it.id.starts_with(T1A));
    if found.is_empty() { Err(incomplete(T1A, "a derivation of it")) } else { Ok(found) }
}

/// The deviation's graph, of the population and of a sample.
fn graphs(recomputed: &Recomputed) -> Result<[StdDevRecord; 2], Unjudged> {
    let graphs: Vec<StdDevRecord> = part(recomputed, T2)?;
    graphs.try_into().map_err(|_| incomplete(T2, "two graphs"))
}

fn derivations(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let of_question = derivations_of_t1a(recomputed)?;
    let steps: usize = of_question.iter().map(|d| d.steps.len()).sum();
    let worst = of_question.iter().map(|d| d.worst_difference).fold(0.0, f64::max);
    let trials = of_question.iter().map(|d| d.trials).min().unwrap_or(0);
    let text = format!(
        "{} derivations, {steps} steps, each computed on {trials} random inputs; \
         neighbours differ by {:.1e} at most",
        of_question.len(),
        at_most(worst, 2)
    );
    let short = of_question.iter().find(|d| BTreeSet::from_iter(&d.steps).len() < LEAST_FORMULAS);
    let text = match short {
        Some(d) => format!("{text}; {} has fewer than {LEAST_FORMULAS} different formulas", d.id),
        None => text,
    };
    Ok(Verdict::when(short.is_none() && trials > 0 && worst <= bar, worst, text))
}

/// How many different formulas a derivation has at least: where it begins, where it ends, and one on the way.
const LEAST_FORMULAS: usize = 3;

/// The mean loss of T1b in each reading, computed with mpmath at 50 digits.
const T1B_MEANS: [(&str, f64); 3] = [
    ("probabilities", 0.477_543_845_442_751_9),
    ("normalised", 0.512_197_157_210_386_4),
    ("logits", 0.848_972_013_486_874_2),
];

fn cross_entropy(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let losses: Vec<RecordedLoss> = part(recomputed, T1B)?;
    let mut worst: f64 = 0.0;
    let mut parts = Vec::new();
    for (name, reference) in T1B_MEANS {
        let loss = losses.iter().find(|loss| loss.loss.reading.name() == name);
        let loss = loss.ok_or_else(|| incomplete(T1B, format!("the reading {name}")))?;
        worst = worst.max((loss.loss.mean - reference).abs());
        parts.push(format!("{} ({name})", loss.loss.mean));
    }
    let text =
        format!("mean loss {} nats; {:.1e} from the references at most", parts.join(", "), at_most(worst, 2));
    Ok(Verdict::when(worst <= bar, worst, text))
}

fn graph(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let [population, sample] = graphs(recomputed)?;
    let mut worst: f64 = 0.0;
    let mut drawn = true;
    for (ddof, of_graph) in Ddof::ALL.into_iter().zip([&population, &sample]) {
        let closed = std_dev::std_dev(&INPUTS, ddof)?;
        worst = worst.max((of_graph.value - closed).abs());
        let image = svg::std_dev_graph(&StdDevGraph::new(&INPUTS, ddof)?, Orientation::Wide);
        drawn &= image.matches("class=\"node\"").count() >= of_graph.nodes.len()
            && image.matches("class=\"gradient\"").count() >= of_graph.edges.len();
    }
    let text = format!(
        "{} nodes and {} edges, {}; value {} (population), {} (sample)",
        population.nodes.len(),
        population.edges.len(),
        if drawn { "all drawn" } else { "not all drawn" },
        population.value,
        sample.value,
    );
    Ok(Verdict::when(drawn && worst <= bar, worst, text))
}

fn gradients(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let graphs = graphs(recomputed)?;
    let mut worst: f64 = 0.0;
    let mut edges = 0;
    for (ddof, graph) in Ddof::ALL.into_iter().zip(&graphs) {
        let closed = std_dev::gradient(&INPUTS, ddof)?;
        for (ours, closed) in graph.gradient.iter().zip(&closed) {
            worst = worst.max((ours - closed).abs());
        }
        // What arrives at a node over all its edges is the node's total gradient.
        for node in &graph.nodes {
            let leaving = graph.edges.iter().filter(|edge| edge.from == node.id).map(|edge| edge.gradient);
            let total = numerics::reduce::sum(leaving.clone());
            let is_output = leaving.count() == 0;
            worst = worst.max(if is_output {
                (node.gradient - 1.0).abs()
            } else {
                (node.gradient - total).abs()
            });
        }
        edges += graph.edges.len();
    }
    let shown: Vec<String> = graphs.iter().map(|graph| format!("{:?}", graph.gradient)).collect();
    let text = format!("gradients on {edges} edges; totals {} (population, sample)", shown.join(" and "));
    Ok(Verdict::when(edges > 0 && worst <= bar, worst, text))
}
