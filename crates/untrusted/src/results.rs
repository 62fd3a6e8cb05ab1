//! What stands in `results/`: records, shards, and records of which single values were changed.

use crate::message::message;
use experiments::context::{Context, Loaded};
use experiments::mnist::studies::registered::MnistRecord;
use experiments::registry::{EXPERIMENTS, Experiment};
use experiments::shard::{self, ShardFile};
use experiments::verify::Recomputed;
use grading::rubric::Rubric;
use records::findings::Findings;
use records::{Artifact, Record, Records, json, recorded, sha256_hex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A record: of a study, of a run, or what may be said of the others. The same bytes as hashes of results.
pub fn record(bytes: &[u8]) -> Result<(), String> {
    let hashes = recorded::parse(bytes);
    assert_eq!(recorded::parse(recorded::write(&hashes).as_bytes()), hashes);
    let mut records = Records::default();
    records.insert(Artifact { name: "any.json".to_owned(), bytes: bytes.to_vec() });
    let kinds = [
        read_again::<Record>(&records),
        read_again::<MnistRecord>(&records),
        read_again::<Findings>(&records),
    ];
    for experiment in EXPERIMENTS.iter().filter(|experiment| experiment.files.len() == 1) {
        records.insert(Artifact { name: experiment.files[0].to_owned(), bytes: bytes.to_vec() });
        let _ = experiment.parts_in(&records);
    }
    let refused = kinds[0].clone();
    if kinds.iter().any(Result::is_ok) { Ok(()) } else { refused }
}

/// What is read and written has the same bytes when it is read and written again.
fn read_again<T: Serialize + DeserializeOwned>(records: &Records) -> Result<(), String> {
    let read: Option<T> = records.decode("any.json").map_err(message)?;
    let written = json::to_bytes(&read).map_err(message)?;
    let again: Option<T> = serde_json::from_slice(&written).map_err(message)?;
    assert_eq!(json::to_bytes(&again).map_err(message)?, written);
    Ok(())
}

/// A shard: as it is, and with the hashes that it would have to name.
pub fn shard(bytes: &[u8]) -> Result<(), String> {
    let file: ShardFile = serde_json::from_slice(bytes).map_err(message)?;
    let written = json::to_bytes(&file).map_err(message)?;
    assert_eq!(serde_json::from_slice::<ShardFile>(&written).ok().as_ref(), Some(&file));
    let Some(experiment) = EXPERIMENTS.iter().find(|experiment| experiment.id == file.experiment) else {
        return Err("no such experiment".to_owned());
    };
    let study = shard::study(experiment, &EXPERIMENTS).map_err(message)?;
    let sealed = ShardFile {
        fingerprint: experiment.fingerprint().map_err(message)?,
        sha256: sha256_hex(&json::to_bytes(&file.parts).map_err(message)?),
        ..file.clone()
    };
    let merged = |file: ShardFile| shard::merge(experiment, study, &[(PathBuf::from("shard"), file)]);
    merged(file).map(drop).or_else(|_| merged(sealed).map(drop)).map_err(message)
}

/// What a check sees and a value may be changed to.
fn strange(which: u8) -> Value {
    match which % 20 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(""),
        3 => json!("NaN"),
        4 => json!(-1),
        5 => json!(0),
        6 => json!(1),
        7 => json!(-0.0),
        8 => json!(1.5),
        9 => json!(f64::MAX),
        10 => json!(-f64::MAX),
        11 => json!(5e-324),
        12 => json!(u64::MAX),
        13 => json!(i64::MIN),
        14 => json!([]),
        15 => json!({}),
        16 => json!([0]),
        17 => json!([[]]),
        18 => json!(1e-17),
        _ => json!(4_294_967_296_u64),
    }
}

/// The submitted parts of an experiment with some values changed: what its own checks and the rubric's say of them.
/// The first byte chooses the experiment, each four after it a part, a value in it, and what it is changed to.
pub fn edited(bytes: &[u8]) -> Result<(), String> {
    let (first, edits) = bytes.split_first().ok_or("nothing")?;
    let submitted = Submitted::get();
    let (experiment, parts) = &submitted.parts[usize::from(*first) % submitted.parts.len()];
    let mut parts = parts.clone();
    for &[part, high, low, which] in edits.as_chunks::<4>().0.iter().take(8) {
        let count = parts.len();
        let value = &mut parts[usize::from(part) % count].1;
        let nodes = count_of(value);
        *node(value, &mut (usize::from(u16::from_be_bytes([high, low])) % nodes)).ok_or("no such value")? =
            strange(which);
    }
    submitted.judge(experiment, parts)
}

/// How many values there are in a value, itself among them.
fn count_of(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(count_of).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(count_of).sum::<usize>(),
        _ => 1,
    }
}

/// The value at a place, in the order in which they stand.
fn node<'a>(value: &'a mut Value, place: &mut usize) -> Option<&'a mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| node(item, place)),
        Value::Object(fields) => fields.values_mut().find_map(|item| node(item, place)),
        _ => None,
    }
}

/// The submitted parts, and what judges them.
struct Submitted {
    rubric: Rubric,
    context: Context,
    parts: Vec<(&'static Experiment, Vec<(String, Value)>)>,
}

impl Submitted {
    fn get() -> &'static Self {
        static SUBMITTED: OnceLock<Submitted> = OnceLock::new();
        SUBMITTED.get_or_init(|| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
            let results = root.join("results");
            let parts = EXPERIMENTS.iter().filter_map(|experiment| {
                let mut records = Records::default();
                experiment.read(&results, &mut records).expect("the submitted records are there");
                let parts = experiment.parts_in(&records).expect("the submitted records can be read");
                (!parts.is_empty()).then_some((experiment, parts))
            });
            Self {
                parts: parts.collect(),
                rubric: Rubric::load(&root.join("rubric.toml")).expect("the rubric can be read"),
                context: Context {
                    data_dir: root.join("data"),
                    results_dir: results,
                    unfinished: None,
                    rubric: root.join("rubric.toml"),
                    isa: cnn::Isa::Scalar,
                    show_progress: false,
                    loaded: Arc::new(Loaded::default()),
                },
            }
        })
    }

    /// What the checks say of the parts of an experiment: the first contradiction. **Nothing is concluded from the
    /// parts**, which takes seconds.
    fn judge(&self, experiment: &'static Experiment, parts: Vec<(String, Value)>) -> Result<(), String> {
        let values: Vec<Value> = parts.iter().map(|(_, value)| value.clone()).collect();
        // Those of mnist.json ask the network about 10,000 images.
        let study = experiment.study().filter(|_| experiment.is_sampled());
        let contradicted = study.map(|(_, study)| (study.contradictions)(&self.context, &values));
        let named = parts.into_iter().map(|(part, value)| ((experiment.id.to_owned(), part), value));
        let recomputed = Recomputed { parts: named.collect(), ..Recomputed::default() };
        for criterion in self.rubric.criteria.iter().filter(|criterion| criterion.rests_on(experiment)) {
            let text = grading::judge(criterion, &recomputed).evidence.text;
            assert!(!text.contains("the check itself panicked"), "{}: {text}", criterion.id);
        }
        match contradicted {
            Some(Err(error)) => Err(message(error)),
            Some(Ok(found)) if !found.is_empty() => Err(found[0].why.clone()),
            _ => Ok(()),
        }
    }
}
