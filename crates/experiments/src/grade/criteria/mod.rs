//! The checks: each takes what was recomputed and the rubric's bar, and gives a number, a sentence and a verdict.

use super::Recomputed;
use super::isolated::LEFT_OUT;
use super::pieces::GRADIENTS;
use crate::iris::Activation;
use crate::records::iris::{Variant, compare_errors};
use crate::records::theory::Derivation;
use serde::{Deserialize, Serialize};
use theory::render::json::StdDevRecord;
use theory::render::svg;
use theory::render::worked::INPUTS;
use theory::std_dev::{self, Ddof};
use theory::std_dev_graph::StdDevGraph;

/// Which check a criterion names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// T1a: every step of every derivation equals the one before.
    Derivations,
    /// T1b: the three readings have the reference values.
    CrossEntropy,
    /// T2.1: the graph computes the deviation, and all of it is drawn.
    Graph,
    /// T2.2: the gradient on every edge, and the totals.
    Gradients,
    /// P1.1 with ReLU.
    IrisRelu,
    /// P1.1 with sigmoid.
    IrisSigmoid,
    /// P1.1 with tanh.
    IrisTanh,
    /// P1.1 with PReLU.
    IrisPrelu,
    /// P1.1: the comparison.
    Activations,
    /// P1.2.
    Mnist,
    /// P2.1: back-propagation by hand against the reference layers of `cnn`.
    ScratchGradients,
    /// P2.2.
    Comparison,
    /// Every submitted record recomputed.
    Reproduced,
}

/// What a check is.
pub type CheckFunction = fn(&Recomputed, f64) -> Result<Verdict, String>;

/// What was found: the number that is compared with the bar, and what it means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The number, if there is one.
    pub number: Option<f64>,
    /// A sentence or two.
    pub text: String,
}

impl Evidence {
    /// Evidence that is no number, such as why there is none.
    pub fn without_number(text: impl Into<String>) -> Self {
        Self { number: None, text: text.into() }
    }
}

/// The decision on a criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether the criterion is met.
    pub met: bool,
    /// What the decision rests on.
    pub evidence: Evidence,
}

impl Verdict {
    /// Not met.
    pub fn not_met(evidence: Evidence) -> Self {
        Self { met: false, evidence }
    }

    fn when(met: bool, number: f64, text: String) -> Self {
        Self { met, evidence: Evidence { number: Some(number), text } }
    }
}

impl Check {
    /// The check itself.
    pub fn function(self) -> CheckFunction {
        match self {
            Self::Derivations => derivations,
            Self::CrossEntropy => cross_entropy,
            Self::Graph => graph,
            Self::Gradients => gradients,
            Self::IrisRelu => |recomputed, bar| iris(recomputed, bar, Activation::Relu),
            Self::IrisSigmoid => |recomputed, bar| iris(recomputed, bar, Activation::Sigmoid),
            Self::IrisTanh => |recomputed, bar| iris(recomputed, bar, Activation::Tanh),
            Self::IrisPrelu => |recomputed, bar| iris(recomputed, bar, Activation::Prelu),
            Self::Activations => activations,
            Self::Mnist => mnist,
            Self::ScratchGradients => scratch_gradients,
            Self::Comparison => comparison,
            Self::Reproduced => reproduced,
        }
    }
}

/// Why there is no such piece of an experiment.
fn no_piece(recomputed: &Recomputed, experiment: &str, piece: &str) -> String {
    let failures = &recomputed.failures;
    let why = failures.get(&format!("{experiment}/{piece}")).or_else(|| failures.get(experiment));
    format!("{experiment} gave no {piece}: {}", why.map_or("it was not run", String::as_str))
}

/// The derivations of T1a.
fn derivations_of_t1a(recomputed: &Recomputed) -> Result<Vec<&Derivation>, String> {
    let record = recomputed.records.theory.as_ref().map(|record| &record.derivations);
    let all = record.unwrap_or(&recomputed.pieces.derivations);
    let found: Vec<_> = all.iter().filter(|it| it.id.starts_with("T1a")).collect();
    if found.is_empty() { Err(no_piece(recomputed, "theory", "T1a")) } else { Ok(found) }
}

/// The deviation's graph, of the population and of a sample.
fn graphs(recomputed: &Recomputed) -> Result<[&StdDevRecord; 2], String> {
    let record = recomputed.records.theory.as_ref().map(|record| &record.std_dev);
    match &record.unwrap_or(&recomputed.pieces.graphs)[..] {
        [population, sample] => Ok([population, sample]),
        _ => Err(no_piece(recomputed, "theory", "T2")),
    }
}

/// A configuration on iris.
fn variant<'a>(recomputed: &'a Recomputed, id: &str) -> Result<&'a Variant, String> {
    let record = recomputed.records.iris.as_ref().map(|record| &record.variants);
    let found = record.unwrap_or(&recomputed.pieces.variants).iter().find(|variant| variant.id == id);
    found.ok_or_else(|| no_piece(recomputed, "iris", id))
}

/// The record, or why there is none.
fn of<'a, T>(recomputed: &Recomputed, experiment: &str, record: &'a Option<T>) -> Result<&'a T, String> {
    record.as_ref().ok_or_else(|| {
        let why = recomputed.failures.get(experiment).map_or("it was not run", String::as_str);
        format!("the experiment {experiment} gave no result: {why}")
    })
}

fn derivations(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
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
const T1B: [(&str, f64); 3] = [
    ("probabilities", 0.477_543_845_442_751_9),
    ("normalised", 0.512_197_157_210_386_4),
    ("logits", 0.848_972_013_486_874_2),
];

fn cross_entropy(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let record = recomputed.records.theory.as_ref().map(|record| &record.cross_entropy);
    let losses = record.unwrap_or(&recomputed.pieces.losses);
    let mut worst: f64 = 0.0;
    let mut parts = Vec::new();
    for (name, reference) in T1B {
        let loss = losses.iter().find(|loss| loss.loss.reading.name() == name);
        let loss = loss.ok_or_else(|| no_piece(recomputed, "theory", "T1b"))?;
        worst = worst.max((loss.loss.mean - reference).abs());
        parts.push(format!("{} ({name})", loss.loss.mean));
    }
    let text = format!("mean loss {} nats; {worst:.1e} from the references at most", parts.join(", "));
    Ok(Verdict::when(worst <= bar, worst, text))
}

fn graph(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let [population, sample] = graphs(recomputed)?;
    let mut worst: f64 = 0.0;
    let mut drawn = true;
    for (ddof, of_graph) in Ddof::ALL.into_iter().zip([population, sample]) {
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

fn gradients(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let graphs = graphs(recomputed)?;
    let mut worst: f64 = 0.0;
    let mut edges = 0;
    for (ddof, graph) in Ddof::ALL.into_iter().zip(graphs) {
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

/// The registered run, with what keeps a reader from taking it for the truth.
fn registered(variant: &Variant) -> (f64, String) {
    let test = variant.registered.last().test;
    let (mean, accuracy) = (variant.mean_test_error, variant.registered_accuracy);
    let text = format!(
        "{} of {} test flowers wrong on the registered seed (95 % interval of the error {:.1} to {:.1} %); \
         mean error over {} other seeds {:.2} % ({:.2} to {:.2}); sorted file as it stands: {} right",
        test.total - test.correct,
        test.total,
        100.0 * (1.0 - accuracy.high),
        100.0 * (1.0 - accuracy.low),
        variant.others.len(),
        100.0 * mean.estimate,
        100.0 * mean.low,
        100.0 * mean.high,
        variant.sorted,
    );
    (test.error_rate(), text)
}

fn iris(recomputed: &Recomputed, bar: f64, activation: Activation) -> Result<Verdict, String> {
    let (error, text) = registered(variant(recomputed, &format!("framework-{}", activation.name()))?);
    Ok(Verdict::when(error < bar, error, text))
}

fn activations(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let found = Activation::ALL
        .into_iter()
        .map(|activation| variant(recomputed, &format!("framework-{}", activation.name())));
    let (compared, missing): (Vec<_>, Vec<_>) = found.partition(Result::is_ok);
    let compared: Vec<&Variant> = compared.into_iter().flatten().collect();
    if let (0..3, Some(Err(why))) = (compared.len(), missing.into_iter().next()) {
        return Err(why);
    }
    let seeds = compared.iter().map(|variant| variant.others.len()).min().unwrap_or(0);
    let tests = recomputed.records.iris.as_ref().map(|record| {
        format!(
            "; Friedman's test of equal test error p = {:.2e}, of equal speed p = {:.2e}",
            record.activations_by_test_error.p_value, record.activations_by_speed.p_value,
        )
    });
    let text =
        format!("{} activations on the same {seeds} seeds{}", compared.len(), tests.unwrap_or_default());
    Ok(Verdict::when(compared.len() >= 3 && seeds as f64 >= bar, seeds as f64, text))
}

fn mnist(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let record = of(recomputed, "mnist", &recomputed.records.mnist)?;
    let test = record.examination.test;
    let all = record.training_pictures == 60_000 && test.total == 10_000 && record.settings.limit.is_none();
    let text = format!(
        "{test} test digits right after epoch {} of {} fixed beforehand; {} parameters; weights sha256 {}",
        record.history.len(),
        record.settings.recipe.epochs,
        record.parameters,
        record.weights_sha256,
    );
    Ok(Verdict::when(all && test.correct as f64 >= bar, test.correct as f64, text))
}

fn scratch_gradients(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let record = recomputed.records.iris.as_ref().map(|record| &record.scratch_gradients);
    let agreement = record.or(recomputed.pieces.gradients.as_ref());
    let agreement = agreement.ok_or_else(|| no_piece(recomputed, "iris", GRADIENTS))?;
    let worst = agreement.worst_relative_difference;
    let text = format!(
        "{} derivatives on the {} training flowers differ by {worst:.1e} of the largest at most \
         from those of the reference layers of `cnn`",
        agreement.derivatives, agreement.examples
    );
    Ok(Verdict::when(agreement.derivatives > 0 && worst <= bar, worst, text))
}

fn comparison(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let scratch = variant(recomputed, "scratch")?;
    let framework = variant(recomputed, "framework-sigmoid")?;
    let original = variant(recomputed, "scratch-as-in-the-original")?;
    let errors = |of: &Variant| of.others.iter().map(|run| run.test.error_rate()).collect::<Vec<f64>>();
    let difference =
        compare_errors(&errors(scratch), &errors(framework)).map_err(|error| error.to_string())?;
    let (error, text) = registered(scratch);
    let text = format!(
        "{text}; on the same seeds {:+.2} points of error against P1.1's sigmoid ({:+.2} to {:+.2}); \
         as the original trained it, mean error {:.2} %",
        100.0 * difference.estimate,
        100.0 * difference.low,
        100.0 * difference.high,
        100.0 * original.mean_test_error.estimate,
    );
    Ok(Verdict::when(error < bar, error, text))
}

fn reproduced(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    // The first that failed by itself says more than those that were left out because of it.
    let by_itself = recomputed.failures.iter().find(|(_, why)| !why.starts_with(LEFT_OUT));
    if let Some((experiment, why)) = by_itself.or_else(|| recomputed.failures.iter().next()) {
        return Err(format!("the experiment {experiment} gave no result: {why}"));
    }
    let found = recomputed.differences.len();
    let text = match recomputed.differences.first() {
        None => format!(
            "{} files recomputed, each equal to the submitted one to the last bit",
            recomputed.compared
        ),
        Some(first) => format!("{found} values differ from the submitted ones, the first: {first}"),
    };
    Ok(Verdict::when(recomputed.compared == recomputed.files && found as f64 <= bar, found as f64, text))
}
