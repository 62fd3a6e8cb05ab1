//! The checks of T1 and T2.

use super::verdict::Verdict;
use experiments::verify::Recomputed;
use experiments::worked::{Derivation, Loss, T1A, T1B, T2};
use theory::render::json::StdDevRecord;
use theory::render::svg;
use theory::render::worked::INPUTS;
use theory::std_dev::{self, Ddof};
use theory::std_dev_graph::StdDevGraph;

/// The derivations of T1a.
fn derivations_of_t1a(recomputed: &Recomputed) -> Result<Vec<Derivation>, String> {
    let mut found: Vec<Derivation> = recomputed.part("theory", T1A)?;
    found.retain(|it| it.id.starts_with("T1a"));
    if found.is_empty() {
        Err("the part T1a of theory holds no derivation of it".to_owned())
    } else {
        Ok(found)
    }
}

/// The deviation's graph, of the population and of a sample.
fn graphs(recomputed: &Recomputed) -> Result<[StdDevRecord; 2], String> {
    let graphs: Vec<StdDevRecord> = recomputed.part("theory", T2)?;
    graphs.try_into().map_err(|_| "the part T2 of theory does not hold two graphs".to_owned())
}

pub(super) fn derivations(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let of_question = derivations_of_t1a(recomputed)?;
    let steps: usize = of_question.iter().map(|d| d.steps.len()).sum();
    let worst = of_question.iter().map(|d| d.worst_difference).fold(0.0, f64::max);
    let trials = of_question.iter().map(|d| d.trials).min().unwrap_or(0);
    let text = format!(
        "{} derivations, {steps} steps, each computed on {trials} random inputs; neighbours differ by {worst:.1e} at most",
        of_question.len()
    );
    Ok(Verdict::when(trials > 0 && worst <= bar, worst, text))
}

/// The mean loss of T1b in each reading, computed with mpmath at 50 digits.
const T1B_MEANS: [(&str, f64); 3] = [
    ("probabilities", 0.477_543_845_442_751_9),
    ("normalised", 0.512_197_157_210_386_4),
    ("logits", 0.848_972_013_486_874_2),
];

pub(super) fn cross_entropy(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let losses: Vec<Loss> = recomputed.part("theory", T1B)?;
    let mut worst: f64 = 0.0;
    let mut parts = Vec::new();
    for (name, reference) in T1B_MEANS {
        let loss = losses.iter().find(|loss| loss.loss.reading.name() == name);
        let loss = loss.ok_or_else(|| format!("the part T1b of theory holds no reading {name}"))?;
        worst = worst.max((loss.loss.mean - reference).abs());
        parts.push(format!("{} ({name})", loss.loss.mean));
    }
    let text = format!("mean loss {} nats; {worst:.1e} from the references at most", parts.join(", "));
    Ok(Verdict::when(worst <= bar, worst, text))
}

pub(super) fn graph(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let [population, sample] = graphs(recomputed)?;
    let mut worst: f64 = 0.0;
    let mut drawn = true;
    for (ddof, of_graph) in Ddof::ALL.into_iter().zip([&population, &sample]) {
        let closed = std_dev::std_dev(&INPUTS, ddof).map_err(|error| error.to_string())?;
        worst = worst.max((of_graph.value - closed).abs());
        let picture =
            svg::std_dev_graph(&StdDevGraph::new(&INPUTS, ddof).map_err(|error| error.to_string())?);
        drawn &= picture.matches("class=\"node\"").count() >= of_graph.nodes.len()
            && picture.matches("class=\"gradient\"").count() >= of_graph.edges.len();
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

pub(super) fn gradients(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let graphs = graphs(recomputed)?;
    let mut worst: f64 = 0.0;
    let mut edges = 0;
    for (ddof, graph) in Ddof::ALL.into_iter().zip(&graphs) {
        let closed = std_dev::gradient(&INPUTS, ddof).map_err(|error| error.to_string())?;
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
