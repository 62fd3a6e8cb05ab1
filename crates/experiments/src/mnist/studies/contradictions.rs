//! What a recorded run says of itself twice, or of the data, and must say the same way: it is seen without training
//! anything.
//!
//! | what | is held to |
//! |---|---|
//! | id | arm and seed |
//! | learned numbers, epochs, hashes | the arm's recipe |
//! | right answers | the number of misclassified images, and the confidence bins |
//! | a misclassified image's label | the data |
//! | the last hash of the chain | the hash of the resulting weights, where the recipe does not average |

use super::arm::Arm;
use super::beside::{self, AskedBeside};
use super::reliability::{BINS, Bin};
use super::seed_run::SeedRun;
use crate::mnist::Recipe;
use crate::study::Contradiction;
use data::images::Images;
use numerics::elementary::ln;
use numerics::reduce;
use records::sum_of_counts;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How far a sum of rounded confidences may lie outside of its bin, for each of them.
const SLACK: f64 = 1e-9;

/// What runs are held to.
pub(super) struct Expected<'a> {
    /// The arms of the study.
    pub arms: &'a [Arm],
    /// How many images a run is trained on.
    pub training_images: usize,
    /// The images that it is evaluated on.
    pub held_out: &'a Images,
    /// What else is asked of a run.
    pub beside: AskedBeside,
}

/// Where and why: a key within the part, and the reason.
type Found = (String, String);

/// The contradictions of all runs.
pub(super) fn contradictions(expected: &Expected, parts: &[Value]) -> Vec<Contradiction> {
    let parameters: BTreeMap<&str, usize> = expected
        .arms
        .iter()
        .map(|arm| (arm.id, arm.recipe.network.network(*arm.seeds.start()).parameter_count()))
        .collect();
    let of_part = |(part, value): (usize, &Value)| {
        let found = match SeedRun::deserialize(value) {
            Ok(run) => of_run(expected, &parameters, value, &run),
            Err(error) => vec![(String::new(), format!("it is no run: {error}"))],
        };
        found.into_iter().map(move |(key, why)| Contradiction { part, key, why })
    };
    let mut found: Vec<Contradiction> = parts.iter().enumerate().flat_map(of_part).collect();
    found.extend(between_runs(expected.arms, parts));
    found
}

/// What two runs say of each other: with different seeds no weights are the same; with one seed, and recipes that
/// differ in averaging alone, all weights in training and all epochs are.
fn between_runs(arms: &[Arm], parts: &[Value]) -> Vec<Contradiction> {
    let runs: Vec<(usize, SeedRun)> = parts
        .iter()
        .enumerate()
        .filter_map(|(i, part)| Some((i, SeedRun::deserialize(part).ok()?)))
        .collect();
    let trained = |run: &SeedRun| {
        let arm = arms.iter().find(|arm| arm.id == run.arm)?;
        Some((run.seed, Recipe { averaging: None, ..arm.recipe.clone() }))
    };
    let mut found = Vec::new();
    let mut seen: BTreeMap<&str, &SeedRun> = BTreeMap::new();
    for (part, run) in &runs {
        for (i, hash) in run.chain.iter().enumerate() {
            let first = *seen.entry(hash).or_insert(run);
            if first.seed != run.seed || (first.id == run.id && run.chain[..i].contains(hash)) {
                let why = format!("{} has the same weights", first.id);
                found.push(Contradiction { part: *part, key: format!("chain[{i}]"), why });
            }
        }
        let twin = runs.iter().map(|(_, other)| other).find(|other| trained(other) == trained(run));
        if let Some(twin) = twin.filter(|twin| (&twin.chain, &twin.epochs) != (&run.chain, &run.epochs)) {
            let why = format!("{} is the same training, and has other hashes or epochs", twin.id);
            found.push(Contradiction { part: *part, key: "chain".to_owned(), why });
        }
    }
    found
}

fn of_run(
    expected: &Expected,
    parameters: &BTreeMap<&str, usize>,
    value: &Value,
    run: &SeedRun,
) -> Vec<Found> {
    let Some(arm) = expected.arms.iter().find(|arm| arm.id == run.arm && arm.seeds.contains(&run.seed))
    else {
        return vec![("arm".to_owned(), format!("the study has no arm {} with seed {}", run.arm, run.seed))];
    };
    let mut found = Vec::new();
    let mut hold = |holds: bool, key: &str, why: String| {
        if !holds {
            found.push((key.to_owned(), why));
        }
    };
    let same = serde_json::to_value(run).is_ok_and(|again| again == *value);
    hold(same, "", "it holds something that a run does not, or a number in another form".to_owned());
    let id = format!("{}-{}", run.arm, run.seed);
    hold(run.id == id, "id", format!("arm and seed make {id}"));
    let own = parameters.get(arm.id).copied().unwrap_or_default();
    hold(run.parameters == own, "parameters", format!("the arm's network has {own}"));
    training(expected, arm, run, &mut hold);
    evaluation(expected.held_out, run, &mut hold);
    reliability(run, &mut hold);
    beside::contradictions(expected.beside, run, expected.held_out, &mut hold);
    found
}

/// Epochs and hashes against the recipe.
fn training(expected: &Expected, arm: &Arm, run: &SeedRun, hold: &mut impl FnMut(bool, &str, String)) {
    let epochs = arm.recipe.epochs;
    hold(run.epochs.len() == epochs, "epochs", format!("the recipe has {epochs} epochs"));
    for (i, &(loss, correct)) in run.epochs.iter().enumerate() {
        let wrong = 1.0 - correct as f64 / expected.training_images as f64;
        // Of a wrong prediction's label the probability is a half at most.
        let least = (1.0 - arm.recipe.label_smoothing) * ln(2.0) * wrong;
        let key = format!("epochs[{i}]");
        let most = expected.training_images;
        hold(correct <= most, &key, format!("there are {most} training images"));
        let possible = loss.is_finite() && loss > 0.0 && loss >= least;
        hold(
            possible,
            &key,
            format!("with {correct} right answers the loss is above 0 and at least {least}"),
        );
    }
    let hashes = epochs + 1;
    hold(
        run.chain.len() == hashes,
        "chain",
        format!("{epochs} epochs and their beginning make {hashes} hashes"),
    );
    let is_hash =
        |text: &String| text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    for (i, hash) in run.chain.iter().enumerate() {
        hold(is_hash(hash), &format!("chain[{i}]"), "it is no SHA-256".to_owned());
    }
    let (averages, is_last) = (arm.recipe.averaging.is_some(), run.chain.last() == Some(&run.weights_sha256));
    let why =
        if averages { "averaged weights are not those of the last step" } else { "the chain ends otherwise" };
    hold(averages != is_last, "weights_sha256", why.to_owned());
    hold(is_hash(&run.weights_sha256), "weights_sha256", "it is no SHA-256".to_owned());
}

/// Right answers and misclassified images against each other and the labels.
fn evaluation(held_out: &Images, run: &SeedRun, hold: &mut impl FnMut(bool, &str, String)) {
    let (right, wrong, total) = (run.held_out.correct, run.mistakes.len(), run.held_out.total);
    hold(total == held_out.len(), "held_out.total", format!("there are {} images", held_out.len()));
    hold(
        right.checked_add(wrong) == Some(total),
        "held_out.correct",
        format!("{wrong} misclassified images are listed, of {total}"),
    );
    let (loss, least) = (run.held_out_loss, least_loss(run));
    hold(
        loss.is_finite() && loss >= least,
        "held_out_loss",
        format!("with these confidences it is at least {least}"),
    );
    for (i, &(place, label, predicted)) in run.mistakes.iter().enumerate() {
        let key = format!("mistakes[{i}]");
        let in_order = i == 0 || run.mistakes[i - 1].0 < place;
        hold(in_order, &key, "each image stands once, in the order of the file".to_owned());
        let labelled = held_out.labels.get(place).map(|&label| usize::from(label));
        hold(labelled == Some(label), &key, "the data have another label there".to_owned());
        hold(predicted != label && predicted < 10, &key, "the prediction is no other digit".to_owned());
    }
}

/// The least mean loss that goes with the confidence bins: a right prediction costs `-ln c` of its confidence `c`,
/// which is at most the bin's upper end; a wrong one leaves its label at most `1 - c`, with `c` at least the lower end.
fn least_loss(run: &SeedRun) -> f64 {
    let cost = |(i, bin): (usize, &Bin)| {
        let (low, high) = (i as f64 / BINS as f64, (i + 1) as f64 / BINS as f64);
        let wrong = bin.count.saturating_sub(bin.correct) as f64;
        -(bin.correct as f64 * ln(high)) - wrong * ln(1.0 - low)
    };
    reduce::sum(run.reliability.iter().enumerate().map(cost)) / run.held_out.total.max(1) as f64
}

/// The confidence bins against the right answers and their own bounds.
fn reliability(run: &SeedRun, hold: &mut impl FnMut(bool, &str, String)) {
    let count = sum_of_counts(run.reliability.iter().map(|bin| &bin.count));
    let correct = sum_of_counts(run.reliability.iter().map(|bin| &bin.correct));
    hold(run.reliability.len() == BINS, "reliability", format!("there are {BINS} bins"));
    hold(count == run.held_out.total, "reliability", format!("the bins hold {count} images"));
    hold(correct == run.held_out.correct, "reliability", format!("{correct} images in the bins are right"));
    for (i, bin) in run.reliability.iter().enumerate() {
        // The largest of ten probabilities is at least a tenth.
        let edge = |i: usize| bin.count as f64 * (i as f64 / BINS as f64).max(0.1);
        let slack = SLACK * bin.count as f64;
        let inside = (edge(i) - slack..=edge(i + 1) + slack).contains(&bin.confidence_sum)
            && bin.confidence_sum.is_sign_positive();
        let key = format!("reliability[{i}]");
        hold(inside, &key, "the sum of the confidences does not fit the bin".to_owned());
        hold(bin.correct <= bin.count, &key, "more are right than there are".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mnist::studies::final_recipe::FinalRecipe;
    use crate::mnist::studies::{Runs as _, final_recipe, recorded};
    use rstest::rstest;
    use serde_json::json;

    /// The contradictions of the submitted runs of the recipe, the third of them altered.
    fn found(alter: impl FnOnce(&mut Value)) -> Vec<(usize, String)> {
        let (mut record, test) = recorded("mnist-recipe.json");
        alter(&mut record.parts[2]);
        let arms = final_recipe::arms();
        let expected =
            Expected { arms: &arms, training_images: 60_000, held_out: &test, beside: FinalRecipe::BESIDE };
        let found = contradictions(&expected, &record.parts);
        found.into_iter().map(|it| (it.part, it.key)).collect()
    }

    #[test]
    fn the_submitted_runs_contradict_nothing() {
        assert_eq!(found(|_| {}), []);
    }

    /// The first hash of the chain of the first run.
    const FIRST_OF_FIRST: &str = "6422c0b0f3bd97918dc139616b0f34fff15f49f948f4b7f9b132b6f617634919";

    fn add(value: &mut Value, by: i64) {
        *value = (value.as_i64().unwrap() + by).into();
    }

    #[rstest]
    #[case::another_seed(|run: &mut Value| run["seed"] = 304.into(), "id")]
    #[case::a_seed_that_the_arm_does_not_have(|run: &mut Value| run["seed"] = 311.into(), "arm")]
    #[case::a_larger_network(|run: &mut Value| add(&mut run["parameters"], 1), "parameters")]
    #[case::an_epoch_too_few(|run: &mut Value| { run["epochs"].as_array_mut().unwrap().pop(); }, "epochs")]
    #[case::more_right_than_there_are(|run: &mut Value| run["epochs"][3][1] = 60_001.into(), "epochs[3]")]
    #[case::a_hash_too_few(|run: &mut Value| { run["chain"].as_array_mut().unwrap().remove(5); }, "chain")]
    #[case::no_hash(|run: &mut Value| run["chain"][4] = "abc".into(), "chain[4]")]
    #[case::another_last_hash(|run: &mut Value| run["chain"][40] = "0".repeat(64).into(), "weights_sha256")]
    #[case::fifteen_more_right(|run: &mut Value| add(&mut run["held_out"]["correct"], 15), "held_out.correct")]
    #[case::a_smaller_test_part(|run: &mut Value| run["held_out"]["total"] = 9_999.into(), "held_out.total")]
    #[case::another_runs_weights(|run: &mut Value| run["chain"][3] = Value::from(FIRST_OF_FIRST), "chain[3]")]
    #[case::the_same_weights_twice(|run: &mut Value| run["chain"][3] = run["chain"][2].clone(), "chain[3]")]
    #[case::a_loss_too_small_for_its_confidences(|run: &mut Value| run["held_out_loss"] = 1e-3.into(), "held_out_loss")]
    #[case::a_loss_too_small_for_its_right_answers(|run: &mut Value| run["epochs"][0][0] = 1e-3.into(), "epochs[0]")]
    #[case::a_zero_with_a_sign(|run: &mut Value| run["reliability"][0][2] = (-0.0).into(), "reliability[0]")]
    #[case::a_confidence_below_a_tenth(
        |run: &mut Value| run["reliability"][1] = json!([1, 0, 0.07]),
        "reliability[1]"
    )]
    #[case::a_loss_below_zero(|run: &mut Value| run["held_out_loss"] = (-0.1).into(), "held_out_loss")]
    #[case::an_error_forgotten(
        |run: &mut Value| drop(run["mistakes"].as_array_mut().unwrap().pop()),
        "held_out.correct"
    )]
    #[case::an_error_twice(|run: &mut Value| run["mistakes"][1] = run["mistakes"][0].clone(), "mistakes[1]")]
    #[case::another_label(
        |run: &mut Value| run["mistakes"][0][1] = json!((run["mistakes"][0][1].as_u64().unwrap() + 1) % 10),
        "mistakes[0]"
    )]
    #[case::a_right_answer_among_the_errors(
        |run: &mut Value| run["mistakes"][0][2] = run["mistakes"][0][1].clone(),
        "mistakes[0]"
    )]
    #[case::a_bin_with_one_more_right(|run: &mut Value| add(&mut run["reliability"][14][1], 1), "reliability")]
    #[case::a_confidence_outside_of_its_bin(
        |run: &mut Value| run["reliability"][14][2] = 10_000.5.into(),
        "reliability[14]"
    )]
    #[case::a_key_more(|run: &mut Value| run["note"] = 1.into(), "")]
    #[case::no_run_at_all(|run: &mut Value| *run = json!([1]), "")]
    fn a_run_that_contradicts_itself_is_named(#[case] alter: fn(&mut Value), #[case] key: &str) {
        let found = found(alter);
        assert_eq!(found[0].0, 2, "{found:?}");
        assert!(found.iter().any(|(_, of)| of == key), "{found:?}");
    }
}
