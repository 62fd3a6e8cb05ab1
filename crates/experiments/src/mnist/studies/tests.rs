use super::*;
use crate::context::Context;
use crate::mnist::{Recipe, RunError};
use crate::study::Part;
use cnn::kernels::Isa;
use data::images::{Images, MNIST};
use records::Count;
use rstest::rstest;
use std::collections::BTreeSet;

#[rstest]
#[case::selection(selection::EXPERIMENT)]
#[case::choice(choice::EXPERIMENT)]
#[case::the_final_recipe(final_recipe::EXPERIMENT)]
#[case::original(original::EXPERIMENT)]
#[case::small(small::EXPERIMENT)]
#[case::sprint(sprint::EXPERIMENT)]
fn every_part_has_a_name_of_its_own_and_takes_its_time(#[case] experiment: Experiment) {
    let (_, study) = experiment.study().unwrap();
    let parts = (study.parts)();
    let ids: BTreeSet<&str> = parts.iter().map(|part| &part.id[..]).collect();
    assert_eq!(ids.len(), parts.len());
    let seconds = study.seconds.unwrap();
    assert!(parts.iter().all(|part| seconds(part) > 0.0));
    assert_eq!(seconds(&Part { id: "no-such-run".to_owned(), work: 1 }), 0.0);
}

/// A tenth of a second of training: two images of each digit, learned by heart.
#[test]
fn a_run_is_counted_on_the_held_out_images() {
    let mut stream = numerics::random::Stream::new(1, numerics::random::Purpose::Check);
    let pixels = (0..20 * data::images::PIXELS).map(|_| stream.below(256) as u8).collect();
    let images =
        Images { pixels, labels: (0..20).map(|i| i % 10).collect(), normalisation: MNIST.normalisation };
    let recipe = Recipe {
        network: crate::mnist::Architecture::Narrow { before: 4, after: 5 },
        batch_size: 10,
        epochs: 40,
        averaging: Some(0.5),
        ..Recipe::registered()
    };
    let arms = [Arm { id: "arm", recipe, seeds: 3..=4 }];
    let run = |id: &str| {
        let part = Part { id: id.to_owned(), work: 1 };
        compute(Isa::detect(), (&arms, AskedBeside::default()), (&images, &images), &part, &|_| ())
    };
    let whole: SeedRun = serde_json::from_value(run("arm-3").unwrap()).unwrap();
    assert_eq!((whole.chain.len(), whole.epochs.len(), whole.seed), (1 + 40, 40, 3));
    assert_eq!(whole.held_out.total - whole.held_out.correct, whole.mistakes.len());
    assert_eq!(whole.reliability.iter().map(|bin| bin.count).sum::<usize>(), 20);
    // 64 steps of two an epoch end with epoch 32; the averaged weights are others than those in training.
    assert_eq!(whole.chain[0], whole.chain[32]);
    assert_ne!(whole.weights_sha256, whole.chain[40]);
    let other: SeedRun = serde_json::from_value(run("arm-4").unwrap()).unwrap();
    assert_ne!(other.chain, whole.chain);
    for unknown in ["arm-5", "arm", "leg-3"] {
        assert!(matches!(run(unknown), Err(RunError::Setting(_))), "{unknown}");
    }
}

#[test]
fn a_summary_counts() {
    let value = |seed: u64, correct: usize| SeedRun {
        id: format!("arm-{seed}"),
        arm: "arm".to_owned(),
        seed,
        parameters: 7,
        chain: Vec::new(),
        epochs: Vec::new(),
        held_out: Count { correct, total: 100 },
        held_out_loss: 0.1,
        mistakes: Vec::new(),
        reliability: Vec::new(),
        views: None,
        tempered: None,
        weights_sha256: String::new(),
    };
    let arms = [Arm { id: "arm", recipe: Recipe::registered(), seeds: 1..=2 }];
    let summary = summaries(&arms, &[value(1, 98), value(2, 96)]).unwrap().remove(0);
    assert_eq!((summary.correct, summary.total, summary.parameters), (vec![98, 96], 100, 7));
    assert!((summary.accuracy.estimate - 0.97).abs() < 1e-15);
    assert!((summary.accuracy_sd - 0.01 * 2_f64.sqrt()).abs() < 1e-15);
    assert!(summaries(&arms, &[value(1, 98)]).is_err());
}

/// A submitted record, and the test images.
pub(super) fn recorded(file: &str) -> (records::Record, Images) {
    let context = Context::for_tests(crate::context::repository_data());
    let record = records::store::read_json(context.results_dir.join(file)).unwrap();
    (record, context.test(&MNIST).unwrap().clone())
}

/// What of `mnist.json` contradicts the weights beside it or the registered run, after `alter`.
fn contradictions_after(alter: impl FnOnce(&mut registered::RunWithTensors)) -> Vec<String> {
    let context = Context::for_tests(crate::context::repository_data());
    let parts = registered::EXPERIMENT.parts_in_folder(&context.data_dir.join("../results")).unwrap();
    let mut run = serde_json::from_value(parts.into_iter().next().unwrap().1).unwrap();
    alter(&mut run);
    let (_, study) = registered::EXPERIMENT.study().unwrap();
    let found = (study.contradictions)(&context, &[serde_json::to_value(run).unwrap()]).unwrap();
    found.into_iter().map(|it| format!("{}: {}", it.key, it.why)).collect()
}

#[test]
fn weights_that_are_not_those_of_the_record_are_named() {
    assert_eq!(contradictions_after(|_| ()), [""; 0]);
    let found = contradictions_after(|it| {
        it.run.evaluation.test.correct += 1;
        it.run.evaluation.mistakes.pop();
        it.run.weights_sha256.clear();
        it.run.settings.limit = Some(60_000);
        it.run.history.pop();
    });
    let keys = [
        "settings",
        "history",
        "weights_sha256",
        "evaluation.test",
        "evaluation.test",
        "evaluation.mistakes",
    ];
    assert_eq!(found.len(), keys.len(), "{found:?}");
    assert!(found.iter().zip(keys).all(|(found, key)| found.starts_with(key)), "{found:?}");
    assert!(found[4].contains("with these weights") && found[4].ends_with("are right"), "{found:?}");
}
