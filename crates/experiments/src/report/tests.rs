//! What the report says, on the submitted records and on altered ones.

use super::*;
use std::path::Path;

fn context() -> Context {
    Context::for_tests(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data"))
}

/// The submitted records.
fn submitted() -> Records {
    let mut records = Records::default();
    complete(&context(), &mut records).unwrap();
    records
}

fn derived(records: &mut Records) -> serde_json::Value {
    let report = EXPERIMENTS.iter().find(|experiment| experiment.id == "report").unwrap();
    let artifacts = report.run(&context(), records).unwrap();
    assert_eq!(artifacts.iter().map(|artifact| artifact.name.as_str()).collect::<Vec<_>>(), FILES);
    serde_json::from_slice(&artifacts[0].bytes).unwrap()
}

fn holds(record: &serde_json::Value, id: &str) -> bool {
    let claims = record["claims"].as_array().unwrap();
    claims.iter().find(|claim| claim["id"] == id).unwrap()["holds"].as_bool().unwrap()
}

#[test]
fn the_submitted_report_is_derived_from_the_submitted_records() {
    let recomputed = crate::grade::recompute(
        &context(),
        &context().results_dir,
        &EXPERIMENTS.iter().filter(|experiment| experiment.id == "report").collect::<Vec<_>>(),
        &crate::study::draw::Plan::full(),
    );
    assert!(
        recomputed.failures.is_empty() && recomputed.compared == FILES.len(),
        "{:?}",
        recomputed.failures
    );
    assert_eq!(recomputed.differences, []);
}

#[test]
fn the_hashes_are_those_of_the_submitted_files() {
    let mut records = submitted();
    let record = derived(&mut records);
    for (file, sha256) in record["derived_from"].as_object().unwrap() {
        let bytes = std::fs::read(context().results_dir.join(file)).unwrap();
        assert_eq!(sha256.as_str().unwrap(), sha256_hex(&bytes), "{file}");
    }
}

#[test]
fn a_claim_turns_false_when_its_number_does() {
    let mut records = submitted();
    assert!(holds(&derived(&mut records), "mnist-bar-is-reached"));
    records.mnist.as_mut().unwrap().examination.test.correct = 9_899;
    assert!(!holds(&derived(&mut records), "mnist-bar-is-reached"));
    assert!(!holds(&derived(&mut records), "mnist-counts-the-last-epoch"));
    let trained = "iris-trains-as-the-original";
    assert!(holds(&derived(&mut records), trained));
    variant_mut(&mut records, "framework-tanh").registered.history.last_mut().unwrap().train.correct = 115;
    assert!(!holds(&derived(&mut records), trained));
    records.iris.as_mut().unwrap().activations_by_speed.p_value = 0.06;
    assert!(!holds(&derived(&mut records), "activations-differ-in-speed"));
}

/// The variant of this name, to be altered.
fn variant_mut<'a>(records: &'a mut Records, id: &str) -> &'a mut records::iris::Variant {
    let variants = &mut records.iris.as_mut().unwrap().variants;
    variants.iter_mut().find(|variant| variant.id == id).unwrap()
}

/// What the chapter on P2.2 says of where runs end, on curves that end otherwise.
#[test]
fn the_claims_on_how_runs_end_turn_false_with_the_curves() {
    let ids = [
        "descent-has-levelled-off",
        "original-recipe-still-falls",
        "adam-ends-lower",
        "tanh-is-sooner-than-prelu",
    ];
    let mut records = submitted();
    let record = derived(&mut records);
    assert!(ids.iter().all(|id| holds(&record, id)));
    variant_mut(&mut records, "scratch").registered.history.last_mut().unwrap().train_loss *= 0.98;
    let original = &mut variant_mut(&mut records, "scratch-as-in-the-original").registered.history;
    let before = original[original.len() - 101].train_loss;
    original.last_mut().unwrap().train_loss = 0.95 * before;
    let pairs = &mut records.iris.as_mut().unwrap().comparisons;
    let pair = pairs.iter_mut().find(|pair| pair.second == "framework-sigmoid-adam").unwrap();
    pair.train_loss_signs.as_mut().unwrap().negative = 1;
    let tanh = variant_mut(&mut records, "framework-tanh").others.clone();
    variant_mut(&mut records, "framework-prelu").others = tanh;
    let record = derived(&mut records);
    assert!(ids.iter().all(|id| !holds(&record, id)));
}

/// What the studies claim, on conclusions that were altered.
#[test]
fn the_claims_on_the_studies_turn_false_with_their_numbers() {
    let mut records = submitted();
    let ids = [
        "every-seed-leaves-the-plateau",
        "the-gradient-does-not-vanish",
        "implementations-go-one-way",
        "identity-errs-as-relu-and-tanh",
        "identity-errs-less-than-sigmoid",
        "identity-errs-more-than-prelu",
        "four-factors-help-the-original",
        "loss-and-batch-do-not-help-the-original",
        "the-error-of-p1-1-changes-too",
    ];
    let record = derived(&mut records);
    assert!(ids.iter().all(|id| holds(&record, id)));
    let mut conclusions = |id: &str, alter: &dyn Fn(&mut serde_json::Value)| {
        alter(&mut records.studies.get_mut(id).unwrap().conclusions);
    };
    conclusions("iris-plateau", &|it| {
        let scales = it["scales"].as_array_mut().unwrap();
        let original = scales.iter_mut().find(|scale| scale["scale"] == 1.0).unwrap();
        original["left"] = (original["total"].as_u64().unwrap() - 1).into();
        original["smallest_gradient_share"] = 0.0005.into();
    });
    conclusions("iris-factors", &|it| {
        for level in it["levels"].as_array_mut().unwrap().iter_mut().filter(|level| level["factor"] != "base")
        {
            let undecided = level["test_error"]["direction"] == "undecided";
            level["test_error"]["direction"] = if undecided { "more" } else { "undecided" }.into();
        }
    });
    conclusions("iris-trajectory", &|it| {
        it["settings"][0]["largest_relative_loss_difference"] = 0.002.into()
    });
    conclusions("iris-honest", &|it| it["difference"]["difference"]["estimate"] = 0.001.into());
    conclusions("iris-activations", &|it| {
        for (test, direction) in ["more", "undecided", "less", "undecided"].into_iter().enumerate() {
            it["control"][test]["direction"] = direction.into();
        }
    });
    let record = derived(&mut records);
    let ids = [&ids[..], &["network-errs-no-more-than-lda"]].concat();
    assert!(ids.iter().all(|id| !holds(&record, id)));
}

/// What is claimed of MNIST on many seeds, on conclusions that were altered.
#[test]
fn the_claims_on_many_seeds_of_mnist_turn_false_with_their_numbers() {
    let mut records = submitted();
    let ids = [
        "mnist-recipe-errs-less-than-the-original",
        "mnist-original-is-as-reported",
        "mnist-original-scatters",
        "mnist-original-last-epoch-is-lower",
        "mnist-small-grows",
        "mnist-small-last-steps-are-undecided",
        "mnist-small-beats-the-original",
        "mnist-runs-outvote-wrong-labels",
    ];
    let record = derived(&mut records);
    assert!(ids.iter().all(|id| holds(&record, id)));
    let mut conclusions = |id: &str, alter: &dyn Fn(&mut serde_json::Value)| {
        alter(&mut records.studies.get_mut(id).unwrap().conclusions);
    };
    conclusions("mnist-original", &|it| {
        it["original"]["accuracy"]["estimate"] = 0.994.into();
        it["original"]["accuracy"]["high"] = 0.9935.into();
        it["original"]["accuracy_sd"] = 0.001.into();
        it["original"]["correct"][0] = 10_000.into();
    });
    conclusions("mnist-small", &|it| {
        it["sizes"][2]["accuracy"]["estimate"] = 0.99.into();
        it["sizes"][2]["accuracy"]["high"] = 0.991.into();
    });
    conclusions("mnist-recipe", &|it| {
        let hardest = it["hardest"].as_array_mut().unwrap();
        let known = hardest.iter_mut().find(|hard| hard["index"] == 2462).unwrap();
        known["answers"] = serde_json::json!({"1": 10});
    });
    let record = derived(&mut records);
    assert!(ids.iter().all(|id| !holds(&record, id)));
}

/// The table of parameters is that of the code, and no run can change it.
#[test]
fn the_parameters_by_hand_are_those_of_a_network_of_4_40_3() {
    let record = derived(&mut submitted());
    let tables = record["tables"].as_array().unwrap();
    let table = tables.iter().find(|table| table["id"] == "p2-parameters").unwrap();
    let counts: Vec<&str> =
        table["rows"].as_array().unwrap().iter().map(|row| row[3].as_str().unwrap()).collect();
    assert_eq!(counts, ["160", "40", "120", "3", "323"]);
}

#[test]
fn every_claim_table_and_figure_has_an_id_of_its_own() {
    let record = derived(&mut submitted());
    for kind in ["claims", "tables", "figures"] {
        let mut ids: Vec<&str> =
            record[kind].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{kind}");
    }
}

#[test]
fn every_row_is_as_wide_as_its_head() {
    let record = derived(&mut submitted());
    let tables = record["tables"].as_array().unwrap().iter();
    let data = record["figures"].as_array().unwrap().iter().map(|figure| &figure["data"]);
    for table in tables.chain(data) {
        let width = table["columns"].as_array().unwrap().len();
        let rows = table["rows"].as_array().unwrap();
        assert!(
            !rows.is_empty() && rows.iter().all(|row| row.as_array().unwrap().len() == width),
            "{}",
            table["id"]
        );
    }
}

#[test]
fn what_the_report_claims_reads_well() {
    let record = derived(&mut submitted());
    let line = |claim: &serde_json::Value| {
        let (id, says, evidence) = (&claim["id"], &claim["says"], &claim["evidence"]);
        let holds = if claim["holds"] == true { "holds" } else { "DOES NOT HOLD" };
        format!(
            "{holds}: {}: {}\n    {}\n",
            id.as_str().unwrap(),
            says.as_str().unwrap(),
            evidence.as_str().unwrap()
        )
    };
    insta::assert_snapshot!(record["claims"].as_array().unwrap().iter().map(line).collect::<String>());
}
