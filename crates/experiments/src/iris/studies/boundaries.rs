//! `iris-boundaries.json`: where the networks of the registered seed decide for which species, in the plane of the two
//! petal measurements.
//!
//! A network is asked about flowers that do not exist: petals over the whole plane, and sepals that are the mean of the
//! training flowers. Beside that, it is asked about the 150 flowers as they are.

use super::parts::{load, position};
use crate::context::Context;
use crate::iris::{Activation, Prepared, Settings, begin, prediction};
use crate::registry::{Computed, Experiment};
use crate::study::{self, ExperimentError, FileLayout, Progress, Study, typed};
use data::iris::{FILE, Iris};
use ndarray::{Array2, ArrayView2};
use numerics::reduce::mean;
use records::Count;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-boundaries",
    question: "P1.1: where do the networks of the registered seed decide for which species?",
    hypothesis: "on nine tenths of the plane of the petals all four activations give the same answer",
    refuted_by: "fewer places with the same answer",
    chosen_on: "nothing was chosen",
    data: &[FILE],
    files: &["iris-boundaries.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study::in_full(parts, compute, FileLayout::Parts(conclude));

/// The columns of the plane: petal length and petal width.
pub const COLUMNS: [usize; 2] = [2, 3];

/// How far the plane reaches from 0, in centimetres.
pub const REACH: [f64; 2] = [7.0, 2.6];

/// Into how many places it is cut, along and up. **A network is asked about the middle of each.**
pub const PLACES: [usize; 2] = [140, 104];

/// What an activation's network answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boundary {
    pub id: String,
    /// How it was trained.
    pub settings: Settings,
    /// The SHA-256 of its weights.
    pub weights_sha256: String,
    /// The mean of the four features over the training flowers, in centimetres.
    pub means: [f64; 4],
    /// A line for each petal width, the smallest first: a digit for each petal length, the number of the species from
    /// 0.
    pub answers: Vec<String>,
    /// The training flowers that are wrong, by their rows in the file, from 0.
    pub wrong_train: Vec<usize>,
    /// The test flowers that are wrong.
    pub wrong_test: Vec<usize>,
    /// The flowers of both parts that get another answer when their sepals are replaced by the mean.
    pub moved_by_the_plane: Vec<usize>,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoundariesConclusions {
    /// Places of the plane with the same answer from all networks.
    pub same_answer: Count,
    /// Nine in ten places have it.
    pub held: bool,
}

fn parts() -> Vec<study::Part> {
    Activation::ALL.iter().map(|activation| study::Part { id: id(activation), work: 1 }).collect()
}

fn id(activation: &Activation) -> String {
    activation.name().to_owned()
}

fn compute(context: &Context, part: &study::Part, done: Progress) -> Result<Value, ExperimentError> {
    let activation = Activation::ALL[position(&Activation::ALL, &part.id, id)?];
    let boundary = boundary(context, &load(context)?, &Settings::framework(activation))?;
    done(part.work);
    Ok(serde_json::to_value(boundary)?)
}

/// Trains as the registered run does, and asks.
fn boundary(context: &Context, iris: &Iris, settings: &Settings) -> Result<Boundary, ExperimentError> {
    let prepared = Prepared::new(iris, settings)?;
    let mut run = begin(context.isa, &prepared, settings, settings.epochs)?;
    for _ in 0..settings.epochs {
        run.next_epoch()?;
    }
    let split = settings.division.split(iris.labels.len(), settings.seed);
    let means = means(&iris.subset(&split.train));
    let mut answers = |features: ArrayView2<f64>| -> Result<Vec<usize>, ExperimentError> {
        let outputs = run.outputs(prepared.scale(features)?.view())?; // (N, 3)
        Ok(outputs.rows().into_iter().map(prediction).collect())
    };
    let plane = answers(plane(means).view())?;
    let as_they_are = answers(iris.features.view())?;
    let in_the_plane = answers(laid_into_the_plane(iris.features.view(), means).view())?;
    let wrong = |rows: &[usize]| {
        let mut wrong: Vec<usize> =
            rows.iter().copied().filter(|&row| as_they_are[row] != iris.labels[row]).collect();
        wrong.sort_unstable();
        wrong
    };
    Ok(Boundary {
        id: id(&settings.activation),
        settings: settings.clone(),
        means,
        answers: plane.chunks(PLACES[0]).map(line).collect(),
        wrong_train: wrong(&split.train),
        wrong_test: wrong(&split.test),
        moved_by_the_plane: (0..iris.labels.len())
            .filter(|&row| as_they_are[row] != in_the_plane[row])
            .collect(),
        weights_sha256: run.weights_sha256(),
    })
}

/// The means of the columns.
fn means(iris: &Iris) -> [f64; 4] {
    std::array::from_fn(|column| mean(&iris.features.column(column).to_vec()))
}

/// A flower in the middle of each place, line by line, `(PLACES, 4)`.
fn plane(means: [f64; 4]) -> Array2<f64> {
    let middle = |axis: usize, place: usize| (place as f64 + 0.5) / PLACES[axis] as f64 * REACH[axis];
    Array2::from_shape_fn((PLACES[0] * PLACES[1], 4), |(place, column)| match column {
        column if column == COLUMNS[0] => middle(0, place % PLACES[0]),
        column if column == COLUMNS[1] => middle(1, place / PLACES[0]),
        column => means[column],
    })
}

/// These flowers with sepals that are the mean, `(N, 4)`.
fn laid_into_the_plane(features: ArrayView2<f64>, means: [f64; 4]) -> Array2<f64> {
    Array2::from_shape_fn(features.dim(), |(row, column)| {
        if COLUMNS.contains(&column) { features[[row, column]] } else { means[column] }
    })
}

/// Answers as digits.
fn line(answers: &[usize]) -> String {
    answers.iter().map(usize::to_string).collect()
}

fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let parts: Vec<Boundary> = typed(values)?;
    let of = |part: &Boundary| part.answers.concat().into_bytes();
    let all: Vec<Vec<u8>> = parts.iter().map(of).collect();
    let total = all.first().map_or(0, Vec::len);
    let same = |&place: &usize| all.iter().all(|answers| answers.get(place) == Some(&all[0][place]));
    let same_answer = Count { correct: (0..total).filter(same).count(), total };
    let held = total > 0 && 10 * same_answer.correct >= 9 * total;
    Ok(serde_json::to_value(BoundariesConclusions { same_answer, held })?)
}

#[cfg(test)]
mod tests;
