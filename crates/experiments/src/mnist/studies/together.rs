//! What several runs get wrong together: which images, what a vote of the runs answers, and what independent runs would
//! give.
//!
//! ```text
//! a run's answer to an image is its label, unless the image is among its mistakes
//! vote      the answer of most runs; of equals each with the same probability
//! independent runs: run r errs on each image with probability p_r = its mistakes / images, whatever the others do
//! ```
//!
//! **Independence is a yardstick, not a hypothesis**: images differ in difficulty, so no runs of one recipe err
//! independently. It says what averaging and voting live on.

use super::SeedRun;
use numerics::reduce::{mean, sum};
use serde::{Deserialize, Serialize};
use stats::{CONFIDENCE, Interval, StatsError, t_interval};
use std::collections::{BTreeMap, BTreeSet};

/// An image that a run gets wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// Its place in the test part, from 0.
    pub index: usize,
    /// The digit it is labelled with.
    pub label: usize,
    /// How many runs get it wrong.
    pub runs: usize,
    /// What they say, with how many of them say it.
    pub answers: BTreeMap<usize, usize>,
}

/// What follows from the mistakes of all runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Together {
    /// How many images 0, 1, 2, .. runs get wrong.
    pub images_by_runs: Vec<usize>,
    /// Images that at least one run gets wrong.
    pub ever_wrong: usize,
    /// Images that at least seven of ten runs get wrong.
    pub mostly_wrong: usize,
    /// Images that every run gets wrong.
    pub always_wrong: usize,
    /// The wrong answers of a run: the mean, with Student's interval.
    pub wrong_of_a_run: Interval,
    /// Of the images that a run gets wrong, the share that another run gets wrong as well: the mean over all ordered
    /// pairs of runs.
    pub shared: f64,
    /// What the runs answer by vote.
    pub vote: Vote,
    /// What would be expected if they erred independently.
    pub independent: Independent,
}

/// The wrong answers of the vote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vote {
    /// Images on which a single answer other than the label has most votes.
    pub outvoted: usize,
    /// Images on which several answers have equally many votes, and no other has more.
    pub ties: usize,
    /// The wrong answers to be expected when each tie is decided by lot.
    pub expected_wrong: f64,
}

/// Expectations over runs that err independently, each as often as it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Independent {
    /// How many images 0, 1, 2, .. runs get wrong.
    pub images_by_runs: Vec<f64>,
    /// Images that at least one run gets wrong.
    pub ever_wrong: f64,
    /// Images that at least seven of ten runs get wrong.
    pub mostly_wrong: f64,
    /// Images that every run gets wrong.
    pub always_wrong: f64,
    /// The share of a run's wrong images that another run gets wrong as well.
    pub shared: f64,
    /// Images that at least half of the runs get wrong, without which no vote is wrong or tied: **at most so many
    /// errors**, because what is wrong need not agree.
    pub vote_wrong_at_most: f64,
}

/// The images that at least one run gets wrong, the hardest first.
pub fn missed(runs: &[SeedRun]) -> Vec<Missed> {
    let mut wrong: BTreeMap<(usize, usize), BTreeMap<usize, usize>> = BTreeMap::new();
    for &(index, label, digit) in runs.iter().flat_map(|run| &run.mistakes) {
        *wrong.entry((index, label)).or_default().entry(digit).or_default() += 1;
    }
    let image = |((index, label), answers): (_, BTreeMap<_, _>)| Missed {
        index,
        label,
        runs: answers.values().sum(),
        answers,
    };
    let mut missed: Vec<Missed> = wrong.into_iter().map(image).collect();
    missed.sort_by_key(|image| (std::cmp::Reverse(image.runs), image.index));
    missed
}

/// What follows from the mistakes of these runs on the same images.
///
/// # Errors
/// When there are fewer than two runs.
pub fn together(runs: &[SeedRun]) -> Result<Together, StatsError> {
    let missed = missed(runs);
    let counts: Vec<f64> = runs.iter().map(|run| run.mistakes.len() as f64).collect();
    let wrong_of_a_run = t_interval(&counts, CONFIDENCE)?;
    let images = runs[0].held_out.total;
    let mut images_by_runs = vec![0; runs.len() + 1];
    images_by_runs[0] = images.saturating_sub(missed.len());
    // A run that lists an image twice contradicts itself, which is told elsewhere.
    missed.iter().for_each(|image| images_by_runs[image.runs.min(runs.len())] += 1);
    Ok(Together {
        ever_wrong: missed.len(),
        mostly_wrong: images_by_runs[seven_of_ten(runs.len())..].iter().sum(),
        always_wrong: images_by_runs[runs.len()],
        images_by_runs,
        wrong_of_a_run,
        shared: shared(runs),
        vote: vote(&missed, runs.len()),
        independent: independent(&counts, images),
    })
}

/// The least number of runs that is at least seven of ten.
fn seven_of_ten(runs: usize) -> usize {
    (7 * runs).div_ceil(10)
}

/// The mean over ordered pairs of runs; a run without mistakes has none to share.
fn shared(runs: &[SeedRun]) -> f64 {
    let wrong: Vec<BTreeSet<usize>> =
        runs.iter().map(|run| run.mistakes.iter().map(|(index, ..)| *index).collect()).collect();
    let mut shares = Vec::new();
    for (i, one) in wrong.iter().enumerate().filter(|(_, one)| !one.is_empty()) {
        let others = wrong.iter().enumerate().filter(|(j, _)| *j != i);
        shares.extend(others.map(|(_, other)| one.intersection(other).count() as f64 / one.len() as f64));
    }
    if shares.is_empty() { 0.0 } else { mean(&shares) }
}

fn vote(missed: &[Missed], runs: usize) -> Vote {
    let mut vote = Vote { outvoted: 0, ties: 0, expected_wrong: 0.0 };
    for image in missed {
        let for_label = runs - image.runs;
        let most = image.answers.values().copied().max().unwrap_or(0).max(for_label);
        let wrong = image.answers.values().filter(|votes| **votes == most).count();
        let first = wrong + usize::from(for_label == most);
        vote.outvoted += usize::from(first == 1 && wrong == 1);
        vote.ties += usize::from(first > 1);
        vote.expected_wrong += wrong as f64 / first as f64;
    }
    vote
}

/// `counts`: the mistakes of each run on so many images.
fn independent(counts: &[f64], images: usize) -> Independent {
    let runs = counts.len();
    let rates: Vec<f64> = counts.iter().map(|count| count / images as f64).collect();
    // After each run: the probability that 0, 1, 2, .. of the runs so far are wrong.
    let mut probabilities = vec![1.0];
    for rate in &rates {
        let mut next = vec![0.0; probabilities.len() + 1];
        for (wrong, probability) in probabilities.iter().enumerate() {
            next[wrong] += probability * (1.0 - rate);
            next[wrong + 1] += probability * rate;
        }
        probabilities = next;
    }
    let images_by_runs: Vec<f64> =
        probabilities.iter().map(|probability| probability * images as f64).collect();
    let from = |least: usize| sum(images_by_runs[least..].iter().copied());
    Independent {
        ever_wrong: from(1),
        mostly_wrong: from(seven_of_ten(runs)),
        always_wrong: images_by_runs[runs],
        shared: mean(&rates),
        vote_wrong_at_most: from(runs.div_ceil(2)),
        images_by_runs,
    }
}

#[cfg(test)]
mod tests;
