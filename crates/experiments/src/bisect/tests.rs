//! Planted faults: a run that computes one number wrong on one path must be named by exactly that number.

use super::faults::{FAULTY, Fault, Planted, SOUND, network, one_bit};
use super::lock_step::Parting;
use super::tensors::{Name, Number, Role};
use super::tiny::{images, write};
use super::*;
use crate::context::Context;
use crate::mnist::studies::SeedRun;
use crate::mnist::training::Trainer;
use crate::mnist::{Recipe, Settings};
use crate::registry::EXPERIMENTS;
use cnn::kernels::Isa;
use rstest::rstest;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Steps of an epoch: 20 images in batches of 7.
const BATCHES: usize = 3;

/// Three epochs of three steps.
fn settings() -> Settings {
    Settings { recipe: Recipe { batch_size: 7, epochs: 3, ..Recipe::registered() }, ..Settings::registered() }
}

/// What is found of a run with a fault, whose record is that of the run without.
fn found(fault: &Fault, paths: [Path; 2], compare_paths: bool) -> Finding {
    let (settings, images, context) = (settings(), images(), Context::for_tests("."));
    let run = |fault: &Fault| {
        let mut trainer = Trainer::new(SOUND.isa, &settings, &images).unwrap();
        trainer.trainer.network = network(fault);
        Planted { trainer, fault: fault.clone() }
    };
    let (mut sound, mut recorded) = (run(&Fault::none()), Vec::new());
    while sound.next_place().is_some() {
        sound.step().unwrap();
        recorded.extend(sound.marks().unwrap());
    }
    bisect(&run(fault), paths, &recorded, compare_paths, &context).unwrap()
}

#[track_caller]
fn parting(finding: &Finding) -> &Parting {
    match &finding.paths {
        Paths::Part(parting) => parting,
        other => panic!("{other:?}"),
    }
}

const NORM: &str = "BatchNorm + ReLU + MaxPool2d";

#[rstest]
#[case::forward_in_the_first_step(1, Role::Output, "conv", 0, 5, "Conv2d", "")]
#[case::forward_in_the_middle(2, Role::Output, "norm", 0, 3, NORM, "")]
#[case::forward_in_the_first_step_of_an_epoch(4, Role::Output, "conv", 0, 7, "Conv2d", "")]
#[case::forward_in_the_last_step_of_an_epoch(6, Role::Output, "fc", 0, 59, "Linear", "")]
#[case::a_running_statistic(4, Role::Statistic, "norm", 0, 3, NORM, "running_mean")]
#[case::a_gradient_in_the_first_step(1, Role::Gradient, "conv", 0, 7, "Conv2d", "weight")]
#[case::a_gradient_in_the_middle(2, Role::Gradient, "norm", 1, 2, NORM, "bias")]
#[case::a_gradient_in_the_middle_of_an_epoch(5, Role::Gradient, "fc", 1, 4, "Linear", "bias")]
#[case::a_gradient_in_the_last_step_of_the_run(9, Role::Gradient, "fc", 1, 9, "Linear", "bias")]
#[case::a_weight_in_the_first_step(1, Role::Updated, "fc", 0, 6759, "Linear", "weight")]
#[case::a_weight_in_the_middle(5, Role::Updated, "conv", 0, 35, "Conv2d", "weight")]
#[case::a_weight_in_the_last_step_of_an_epoch(3, Role::Updated, "norm", 0, 0, NORM, "weight")]
fn a_planted_fault_is_named_by_epoch_step_layer_tensor_and_index(
    #[case] step: usize,
    #[case] role: Role,
    #[case] layer: &'static str,
    #[case] parameter: usize,
    #[case] index: usize,
    #[case] kind: &str,
    #[case] part: &'static str,
) {
    let fault = Fault::new(step, role, layer, parameter, index);
    let (epoch, batch) = ((step - 1) / BATCHES + 1, (step - 1) % BATCHES + 1);
    // On path 2 the record is equal, and the paths are compared from the first step on.
    let asked = found(&fault, [SOUND, FAULTY], true);
    assert_eq!(asked.record, None);
    // On path 1 the record differs, and they are compared in its epoch.
    let differing = found(&fault, [FAULTY, SOUND], false);
    assert_eq!(differing.record.as_ref().unwrap().epoch, epoch);
    for finding in [asked, differing] {
        let Parting { place, difference } = parting(&finding);
        assert_eq!(*place, StepPlace { epoch, batch, step });
        let name = Name { role, layer: layer.to_owned(), kind: kind.to_owned(), part };
        assert_eq!((&difference.name, difference.index, difference.differing), (&name, index, 1));
        let [Number::Single(one), Number::Single(other)] = difference.values else {
            panic!("{difference:?}")
        };
        assert_eq!(one.to_bits(), one_bit(other).to_bits());
        assert!(!finding.is_equal());
    }
}

/// These have no effect on what follows, so that the record stays equal.
#[rstest]
#[case::input(Role::Input, 100, 1)]
#[case::loss(Role::Loss, 0, 1)]
fn what_belongs_to_no_layer_is_named_too(#[case] role: Role, #[case] index: usize, #[case] differing: usize) {
    let finding = found(&Fault::new(4, role, "", 0, index), [SOUND, FAULTY], true);
    let Parting { place, difference } = parting(&finding);
    assert_eq!((place.epoch, place.batch, finding.record.is_none()), (2, 1, true));
    assert_eq!((difference.name.role, difference.index, difference.differing), (role, index, differing));
}

#[test]
fn without_a_fault_everything_is_equal() {
    let finding = found(&Fault::none(), [SOUND, FAULTY], true);
    assert_eq!(finding, Finding { epochs: 3, record: None, paths: Paths::Agree { steps: 3 * BATCHES } });
    assert!(finding.is_equal());
    assert_eq!(found(&Fault::none(), [FAULTY, SOUND], false).paths, Paths::NotCompared);
}

#[test]
fn a_path_that_diverges_alone_is_named_by_the_tensor_where_that_begins() {
    let fault = Fault { change: |_| f32::NAN, ..Fault::new(5, Role::Output, "fc", 0, 3) };
    let differing = found(&fault, [FAULTY, SOUND], false);
    let record = differing.record.as_ref().unwrap();
    assert_eq!((record.epoch, record.what), (2, "run"));
    assert!(record.recomputed.contains("epoch 2, batch 2: the run diverged"), "{}", record.recomputed);
    for finding in [differing, found(&fault, [SOUND, FAULTY], true)] {
        let Parting { place, difference } = parting(&finding);
        assert_eq!((place.step, difference.name.role, difference.index), (5, Role::Output, 3));
    }
}

#[test]
fn a_fault_that_does_not_come_again_is_said_to_be_the_machines() {
    let once = Some(Arc::new(AtomicBool::new(true)));
    let fault = Fault { once, ..Fault::new(5, Role::Updated, "conv", 0, 0) };
    let finding = found(&fault, [FAULTY, SOUND], false);
    let record = finding.record.as_ref().unwrap();
    let Paths::NotRepeated { second } = &finding.paths else { panic!("{finding:?}") };
    assert_eq!((record.epoch, second.what, &second.value), (2, record.what, &record.recorded));
    assert_ne!(second.value, record.recomputed);
}

/// What is found of the run of the tiny study when its record was changed.
fn found_in_record(change: impl FnOnce(&mut SeedRun)) -> Finding {
    let folder = tempfile::tempdir().unwrap();
    let mut run = tiny::run();
    change(&mut run);
    write(folder.path(), run);
    let context = Context { results_dir: folder.path().to_owned(), ..Context::for_tests(".") };
    let paths = [2, 1].map(|threads| Path { isa: Isa::detect(), threads });
    let opened = Bisectable::select(&tiny::TABLE, &[], "tiny/arm-3", &context).unwrap();
    opened.bisect(paths, false, &context).unwrap()
}

#[test]
fn the_run_of_a_study_is_equal_to_its_record() {
    let finding = found_in_record(|_| ());
    assert_eq!(finding, Finding { epochs: tiny::EPOCHS, record: None, paths: Paths::NotCompared });
}

#[rstest]
#[case::the_first_steps(|run: &mut SeedRun| run.chain[0].replace_range(..1, "x"), 32, Mark::BEGINNING)]
#[case::the_first_epoch(|run: &mut SeedRun| run.chain[1].replace_range(..1, "x"), 1, Mark::WEIGHTS)]
#[case::an_epoch(|run: &mut SeedRun| run.chain[7].replace_range(63.., "x"), 7, Mark::WEIGHTS)]
#[case::two_epochs(|run: &mut SeedRun| run.chain.swap(5, 9), 5, Mark::WEIGHTS)]
#[case::a_loss(|run: &mut SeedRun| run.epochs[3].0 = run.epochs[3].0.next_up(), 4, Mark::TRAIN_LOSS)]
#[case::a_count(|run: &mut SeedRun| run.epochs[1].1 += 1, 2, Mark::TRAIN_COUNT)]
#[case::a_missing_epoch(|run: &mut SeedRun| drop(run.chain.pop()), tiny::EPOCHS, Mark::WEIGHTS)]
#[case::an_epoch_too_many(|run: &mut SeedRun| run.chain.push("x".into()), tiny::EPOCHS + 1, Mark::WEIGHTS)]
#[case::the_result(|run: &mut SeedRun| run.weights_sha256.clear(), tiny::EPOCHS, Mark::RESULT)]
fn an_edited_record_is_named_by_its_first_epoch_and_the_paths_agree(
    #[case] change: fn(&mut SeedRun),
    #[case] epoch: usize,
    #[case] what: &str,
) {
    let finding = found_in_record(change);
    let record = finding.record.as_ref().unwrap();
    assert_eq!((record.epoch, record.what), (epoch, what));
    assert_eq!((finding.epochs, finding.paths), (epoch.min(tiny::EPOCHS), Paths::Agree { steps: 2 }));
}

/// Every experiment is in the table exactly when its record keeps something of the epochs of its runs.
#[test]
fn what_keeps_a_history_can_be_bisected() {
    let context = Context::for_tests(".");
    for experiment in EXPERIMENTS.iter().filter(|it| it.id != "report") {
        let text = std::fs::read_to_string(context.results_dir.join(experiment.files[0])).unwrap();
        let keeps = text.contains("\"chain\":") || text.contains("\"history\":");
        let listed = BISECTABLE.iter().any(|it| it.experiment == experiment.id);
        assert_eq!(listed, keeps, "{}", experiment.id);
    }
}

#[rstest]
#[case::of_no_experiment(
    "irsi",
    "there is no experiment `irsi`; what can be bisected: iris/PART, mnist, mnist-selection/PART"
)]
#[case::without_a_history("theory", "the record of theory keeps nothing of the epochs of a run")]
#[case::of_statistics_only("iris-factors/x", "the record of iris-factors keeps nothing")]
#[case::without_a_part(
    "mnist-recipe",
    "name one run of mnist-recipe as mnist-recipe/PART; its parts are recipe-301, recipe-302"
)]
#[case::with_an_unknown_part(
    "mnist-sprint/to-99.0-31",
    "there is no part `to-99.0-31`; its parts are to-99.0-1, to-99.0-2, .., to-99.4-30 (60 in all)"
)]
#[case::with_a_part_of_a_single_run("mnist/x", "mnist is a single run and has no part `x`")]
fn a_run_that_is_not_there_is_refused(#[case] id: &str, #[case] message: &str) {
    let context = Context::for_tests(".");
    let error = Bisectable::select(&BISECTABLE, &EXPERIMENTS, id, &context).unwrap_err().to_string();
    assert!(error.contains(message) && error.lines().count() == 1, "{error}");
}

#[test]
fn a_part_that_the_record_lost_is_refused_by_file_and_part() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), tiny::run());
    let context = Context { results_dir: folder.path().to_owned(), ..Context::for_tests(".") };
    let error = Bisectable::select(&tiny::TABLE, &[], "tiny/arm-4", &context).unwrap_err().to_string();
    assert!(error.contains("tiny.json has no part `arm-4`; restore it"), "{error}");
}

/// Whoever asks for a part of a record finds it.
#[test]
fn the_parts_are_those_of_the_records() {
    let context = Context::for_tests(".");
    for it in BISECTABLE.iter().filter(|it| it.experiment.starts_with("mnist-")) {
        let file = context.results_dir.join(format!("{}.json", it.experiment));
        let record: records::Record<SeedRun> = records::store::read_json(file).unwrap();
        let ids: Vec<String> = record.parts.into_iter().map(|run| run.id).collect();
        assert_eq!((it.parts)(), ids, "{}", it.experiment);
    }
}
