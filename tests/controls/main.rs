//! Plants each fault of `faults.toml` into a copy of this workspace, grades the copy as a submission, and holds the
//! score sheet to what the fault says it costs. Then makes each forgery of `forgeries.toml` in a copy of the records,
//! and holds `verify` to what the forgery says. With names as arguments, only those; `forgeries` stands for all of the
//! second kind.
//!
//! The rubric is the repository's; only shorter limits, and for the criterion R fewer records, make it quicker.

mod faults;
mod forgeries;

use faults::{Fault, Faults, Found, verdict, worths};
use forgeries::{Forgeries, Forgery, paste};
use std::fs::File;
use std::path::{Path, PathBuf};
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
            eprintln!("{wrong} faults or forgeries came out otherwise than they should");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Stands for all forgeries.
const FORGERIES: &str = "forgeries";

/// How many faults and forgeries came out otherwise than they should.
fn run(names: &[String]) -> Result<usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no root")?.canonicalize()?;
    let (faults, forgeries) = chosen(&root, names)?;
    let work = root.join("target/controls");
    std::fs::create_dir_all(&work)?;
    let rubric = work.join("rubric.toml");
    std::fs::write(&rubric, short_rubric(&std::fs::read_to_string(root.join("rubric.toml"))?)?)?;
    let criteria = worths(&rubric)?;
    let mut wrong = 0;
    let mut tell = |id: &str, began: Instant, said: std::result::Result<String, String>| {
        let seconds = began.elapsed().as_secs();
        match said {
            Ok(became) => println!("as it should  {seconds:>4} s  {id:<55} {became}"),
            Err(why) => {
                println!("NOT           {seconds:>4} s  {id:<55} {why}");
                wrong += 1;
            }
        }
    };
    for fault in &faults {
        let began = Instant::now();
        tell(&fault.id, began, verdict(fault, &criteria, &graded(&root, &work, &rubric, fault)?));
    }
    for forgery in &forgeries {
        let began = Instant::now();
        let (code, printed) = verified(&root, &work, forgery)?;
        tell(&forgery.id, began, forgery.verdict(code, &printed).map(str::to_owned));
    }
    Ok(wrong)
}

/// The faults and forgeries with these names; all for none.
fn chosen(root: &Path, names: &[String]) -> Result<(Vec<Fault>, Vec<Forgery>)> {
    let faults = Faults::load(&root.join("tests/controls/faults.toml"))?.faults;
    let forgeries = Forgeries::load(&root.join("tests/controls/forgeries.toml"))?.forgeries;
    let known: Vec<&str> =
        faults.iter().map(|it| &it.id[..]).chain(forgeries.iter().map(|it| &it.id[..])).collect();
    if let Some(unknown) = names.iter().find(|name| *name != FORGERIES && !known.contains(&&name[..])) {
        return Err(format!("there is no `{unknown}`: there are {FORGERIES}, {}", known.join(", ")).into());
    }
    let wanted = |id: &String| names.is_empty() || names.contains(id);
    let all_forgeries = names.iter().any(|name| name == FORGERIES);
    let faults = faults.iter().filter(|it| wanted(&it.id)).cloned().collect();
    let forgeries = forgeries.iter().filter(|it| all_forgeries || wanted(&it.id)).cloned().collect();
    Ok((faults, forgeries))
}

/// Makes a forgery and verifies it: the exit code, and what was printed.
fn verified(root: &Path, work: &Path, forgery: &Forgery) -> Result<(Option<i32>, String)> {
    let results = work.join("forged");
    std::fs::create_dir_all(&results)?;
    let file = results.join(format!("{}.json", forgery.record));
    let mut record = serde_json::from_slice(&std::fs::read(
        root.join("results").join(file.file_name().ok_or("no name")?),
    )?)?;
    forgery.forge(&mut record)?;
    let write = |record: &serde_json::Value| records::store::write_json(&file, record);
    write(&record)?;
    let verify = |options: &[&str]| {
        let mut command = Command::new(coursework()?);
        command.args(["--results", &text(&results), "verify", &forgery.record]).args(options);
        command.current_dir(root).output()
    };
    if forgery.paste {
        // What is pasted may be what something else follows from.
        for _ in 0..3 {
            let shown = verify(&["--show", "--minutes", "0"])?;
            paste(&mut record, &String::from_utf8_lossy(&shown.stdout));
            write(&record)?;
        }
    }
    let ended = verify(&forgery.options.iter().map(String::as_str).collect::<Vec<_>>())?;
    Ok((ended.status.code(), String::from_utf8_lossy(&ended.stdout).into_owned()))
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

/// The command, which `make controls` builds beside this program.
fn coursework() -> std::io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("coursework"))
}

/// Calls `coursework`, what it prints goes to `ID.txt`; that points are lost is no fault of the call.
fn call(root: &Path, arguments: &[impl AsRef<std::ffi::OsStr>], work: &Path, fault: &Fault) -> Result<()> {
    let log = work.join(format!("{}.log", fault.id));
    let (said, printed) = (File::create(&log)?, File::create(work.join(format!("{}.txt", fault.id)))?);
    let mut command = Command::new(coursework()?);
    command.args(arguments).current_dir(root);
    let ended = command.stdout(printed).stderr(said).status()?;
    match ended.code() {
        Some(0 | 1) => Ok(()),
        _ => Err(format!("coursework ended with {ended}: {}", std::fs::read_to_string(log)?).into()),
    }
}
