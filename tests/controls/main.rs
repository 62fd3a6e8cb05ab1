//! Plants each fault of `faults.toml` into a copy of this workspace, grades the copy as a submission, and holds the score sheet to what
//! the fault says it costs. With names as arguments, only those faults.
//!
//! The rubric is the repository's; only shorter limits, and for the criterion R fewer records, make it quicker.

mod faults;

use faults::{Fault, Faults, Found, verdict};
use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

/// The records that R holds a copy to: those that other criteria rest on.
const RECORDS: [&str; 4] = ["theory.json", "iris-tuning.json", "iris.json", "mnist.json"];

/// The seconds that an experiment may take.
const EXPERIMENT_LIMIT: i64 = 180;

/// Whatever may fail here ends the run: it is a fault of these controls.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("{wrong} faults cost something else than they should");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// How many faults cost something else than they should.
fn run(names: &[String]) -> Result<usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no root")?.canonicalize()?;
    let faults = Faults::load(&root.join("tests/controls/faults.toml"))?.named(names)?;
    let work = root.join("target/controls");
    std::fs::create_dir_all(&work)?;
    let rubric = work.join("rubric.toml");
    std::fs::write(&rubric, short_rubric(&std::fs::read_to_string(root.join("rubric.toml"))?)?)?;
    let mut wrong = 0;
    for fault in &faults.faults {
        let began = Instant::now();
        let said = verdict(fault, &graded(&root, &work, &rubric, fault)?);
        let seconds = began.elapsed().as_secs();
        match said {
            Ok(lost) => println!("as it should  {:>4} s  {:<55} {lost}", seconds, fault.id),
            Err(why) => {
                println!("NOT           {:>4} s  {:<55} {why}", seconds, fault.id);
                wrong += 1;
            }
        }
    }
    Ok(wrong)
}

/// The rubric with shorter limits and with fewer records under R.
fn short_rubric(text: &str) -> Result<String> {
    let mut rubric: toml::Table = text.parse()?;
    rubric.insert("experiment_limit_s".to_owned(), EXPERIMENT_LIMIT.into());
    let criteria = rubric.get_mut("criterion").and_then(toml::Value::as_array_mut).ok_or("no criterion")?;
    for criterion in criteria.iter_mut().filter_map(toml::Value::as_table_mut) {
        if criterion.get("check").and_then(toml::Value::as_str) == Some("reproduced") {
            let records = RECORDS.map(|name| name.to_owned().into()).to_vec();
            criterion.insert("evidence".to_owned(), toml::Value::Array(records));
        }
    }
    Ok(rubric.to_string())
}

/// Grades a copy with the fault; a second time when its author makes records again.
fn graded(root: &Path, work: &Path, rubric: &Path, fault: &Fault) -> Result<Found> {
    let copy = work.join("copy");
    if copy.exists() {
        std::fs::remove_dir_all(&copy)?;
    }
    if fault.starter {
        call(root, &["starter", &text(&copy)], work, fault)?;
    } else {
        std::fs::create_dir_all(&copy)?;
        for name in ["crates", "data", "results"] {
            let done = Command::new("cp").arg("-r").arg(root.join(name)).arg(&copy).status()?;
            if !done.success() {
                return Err(format!("{name} cannot be copied").into());
            }
        }
    }
    fault.plant(&copy)?;
    let score = work.join(&fault.id);
    let grade = || -> Result<Found> {
        let mut arguments = vec!["grade".to_owned(), "--submission".to_owned(), text(&copy)];
        arguments.extend(["--rubric".to_owned(), text(rubric), "--score".to_owned(), text(&score)]);
        if fault.data {
            arguments.extend(["--data".to_owned(), text(&copy.join("data"))]);
        }
        call(root, &arguments, work, fault)?;
        Found::load(&score)
    };
    let mut found = grade()?;
    if !fault.rerun.is_empty() {
        for name in &fault.rerun {
            std::fs::copy(score.join("recomputed").join(name), copy.join("results").join(name))?;
        }
        found = grade()?;
    }
    Ok(found)
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Calls `coursework`, what it prints goes to `ID.txt`; that points are lost is no fault of the call.
fn call(root: &Path, arguments: &[impl AsRef<std::ffi::OsStr>], work: &Path, fault: &Fault) -> Result<()> {
    let log = work.join(format!("{}.log", fault.id));
    let (said, printed) = (File::create(&log)?, File::create(work.join(format!("{}.txt", fault.id)))?);
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["coursework"]).args(arguments).current_dir(root);
    let ended = command.stdout(printed).stderr(said).status()?;
    match ended.code() {
        Some(0 | 1) => Ok(()),
        _ => Err(format!("coursework ended with {ended}: {}", std::fs::read_to_string(log)?).into()),
    }
}
