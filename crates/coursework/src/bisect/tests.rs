use super::*;
use experiments::bisect::tensors::{Name, Number, Role, TensorDifference};
use experiments::bisect::{Mark, RecordDifference, StepPlace, tiny};
use experiments::mnist::studies::SeedRun;
use rstest::rstest;

/// What `verify --bisect tiny/arm-3` says and how it ends, when the record was changed.
fn said(change: impl FnOnce(&mut SeedRun), against_threads: Option<usize>) -> (String, Ending) {
    let folder = tempfile::tempdir().unwrap();
    let mut run = tiny::run();
    change(&mut run);
    tiny::write(folder.path(), run);
    let results_dir = folder.path().to_owned();
    let context = Context { results_dir, ..Context::of_repository(folder.path()) };
    let against_threads = against_threads.and_then(NonZeroUsize::new);
    // Scalar would be slow in a test; the library's tests have it.
    let args = BisectArgs { bisect: None, against_isa: Some(context.isa), against_threads };
    let mut out = Vec::new();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let ending =
        pool.install(|| super::run(&args, "tiny/arm-3", (&[], &tiny::TABLE), &context, &mut out)).unwrap();
    (String::from_utf8(out).unwrap(), ending)
}

#[test]
fn an_equal_record_and_equal_paths_end_well() {
    let (text, ending) = said(|_| (), Some(3));
    assert_eq!(ending, Ending::Done);
    let isa = Isa::detect();
    let steps = 2 * tiny::EPOCHS;
    let expected = format!(
        "tiny/arm-3\npath 1: {isa}, 2 threads\nrecord: equal in every epoch ({})\n\
         path 2: {isa}, 3 threads\npaths: every tensor of all {steps} steps is equal\n",
        tiny::EPOCHS
    );
    assert_eq!(text, expected);
    assert!(said(|_| (), Some(2)).0.contains("2 threads (the same once more)\n"));
}

#[test]
fn an_edited_hash_is_named_with_both_hashes() {
    let right = tiny::run().chain[3].clone();
    let (isa, edited) = (Isa::detect(), "0".repeat(64));
    let (text, ending) = said(|run| run.chain[3] = edited.clone(), None);
    assert_eq!(ending, Ending::DidNotHold);
    let expected = format!(
        "record: epoch 3 is the first that differs; epochs 1 to 2 are equal\n  SHA-256 of the weights\n    \
         record  {edited}\n    path 1  {right}\npath 2: {isa}, 1 thread\n\
         paths: both paths of this machine agree in every tensor of the 2 steps of epoch 3: \
         the record was made by other code, other data or was edited\n"
    );
    assert!(text.ends_with(&expected), "{text}");
}

fn printed(say: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    say(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn finding(epoch: usize, paths: Paths) -> Finding {
    let [recorded, recomputed] = ["a", "b"].map(str::to_owned);
    Finding {
        epochs: epoch,
        record: Some(RecordDifference { epoch, what: Mark::WEIGHTS, recorded, recomputed }),
        paths,
    }
}

#[test]
fn a_parting_is_said_with_step_tensor_number_and_bits() {
    let name = Name { role: Role::Gradient, layer: "fc.0".into(), kind: "Linear".into(), part: "weight" };
    let values = [0.25, 0.25_f32.next_up()].map(Number::Single);
    let difference = TensorDifference { name, shape: vec![64, 10], index: 17, differing: 3, values };
    let place = StepPlace { epoch: 2, batch: 5, step: 943 };
    let text = printed(|out| say_paths(&finding(2, Paths::Part(Parting { place, difference })), out));
    assert_eq!(
        text,
        "paths: step 943 (epoch 2, batch 5) is the first that differs\n  \
         first tensor: the gradient of fc.0.weight (Linear), backward, of shape (64, 10)\n  \
         first number: index 17; 3 of 640 numbers differ\n    \
         path 1  0.25 (0x3e800000)\n    path 2  0.25000003 (0x3e800001)\n"
    );
}

#[rstest]
#[case::first(1, "record: epoch 1 is the first that differs\n")]
#[case::second(2, "record: epoch 2 is the first that differs; epoch 1 is equal\n")]
#[case::third(3, "record: epoch 3 is the first that differs; epochs 1 to 2 are equal\n")]
fn the_epochs_before_are_said_to_be_equal(#[case] epoch: usize, #[case] line: &str) {
    let text = printed(|out| say_record(&finding(epoch, Paths::OnlyOne), out));
    assert!(text.starts_with(line), "{text}");
}

#[test]
fn an_unreliable_machine_is_told_so() {
    let second = Mark::hash(2, Mark::WEIGHTS, "c");
    let text = printed(|out| say_paths(&finding(2, Paths::NotRepeated { second }), out));
    assert!(text.contains("does not compute reliably") && text.ends_with("    second  c\n"), "{text}");
}

#[rstest]
#[case::by_default(Path { isa: Isa::detect(), threads: 7 }, None, None, Path { isa: Isa::Scalar, threads: 1 })]
#[case::an_instruction_set(
    Path { isa: Isa::Scalar, threads: 7 }, Some(Isa::detect()), None, Path { isa: Isa::detect(), threads: 1 }
)]
#[case::threads(Path { isa: Isa::Scalar, threads: 1 }, None, Some(4), Path { isa: Isa::Scalar, threads: 4 })]
fn the_second_path_is_scalar_on_one_thread_unless_given(
    #[case] first: Path,
    #[case] against_isa: Option<Isa>,
    #[case] against_threads: Option<usize>,
    #[case] expected: Path,
) {
    let against_threads = against_threads.and_then(NonZeroUsize::new);
    let args = BisectArgs { bisect: None, against_isa, against_threads };
    assert_eq!(args.second(first), expected);
}

/// A path held to itself would prove nothing.
#[test]
fn the_second_path_is_another_one_where_the_first_is_scalar() {
    let args = BisectArgs { bisect: None, against_isa: None, against_threads: None };
    assert_eq!(args.second(Path { isa: Isa::Scalar, threads: 1 }).isa, Isa::detect());
}
