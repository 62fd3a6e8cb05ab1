//! `coursework grade --submissions`: a course, each submission graded by a call of its own.

use crate::ending::Ending;
use crate::grade_args::GradeArgs;
use grading::course::{Graduate, TABLES, graduate, has_ended, overlap_table, overlaps, submissions, table};
use grading::foreign::inert;
use grading::submission::free;
use records::store;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// The longest name that is printed.
const LONGEST_NAME: usize = 40;

/// The submissions of a course.
fn opened(folder: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let (path, is) = (folder.display(), "a course is a folder with a folder for each submission");
    let found = submissions(folder).map_err(|error| anyhow::anyhow!("cannot read {path}: {error}; {is}"))?;
    if found.is_empty() {
        anyhow::bail!("{path} holds no folder; {is}");
    }
    Ok(found)
}

/// Grades every folder of a course that has no score yet, `jobs` at a time, each job with a build folder of its own.
pub(super) fn run(
    args: &GradeArgs,
    (folder, data): (&Path, &Path),
    number: u64,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let found = opened(folder)?;
    let waiting: Vec<(&String, &PathBuf)> =
        found.iter().filter(|(name, _)| !has_ended(&args.score.join(name))).collect();
    let (kept, jobs) = (found.len() - waiting.len(), args.jobs().min(waiting.len()));
    if kept > 0 {
        writeln!(
            out,
            "{kept} of {} have their score already: remove its folder to grade one again",
            found.len()
        )?;
    }
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for job in 0..jobs {
            let (next, waiting) = (&next, &waiting);
            scope.spawn(move || {
                if let Err(error) = free(&args.build_of(job)) {
                    crate::say(&format!("a job ends: {error}"));
                    return;
                }
                while let Some((name, folder)) = waiting.get(next.fetch_add(1, Ordering::SeqCst)) {
                    crate::say(&one((args, data), (job, jobs, number), (name, folder)));
                }
            });
        }
    });
    let graduates: Vec<Graduate> = found.keys().map(|name| graduate(name, &args.score.join(name))).collect();
    write_course(args, &found, &graduates, out)?;
    let all = graduates.iter().all(|it| it.points.is_some());
    Ok(if all { Ending::Done } else { Ending::DidNotHold })
}

/// Grades one submission by a call of its own; what it says goes beside its score files.
fn one(
    (args, data): (&GradeArgs, &Path),
    (job, jobs, number): (usize, usize, u64),
    (name, folder): (&str, &Path),
) -> String {
    let (began, score) = (Instant::now(), args.score.join(name));
    let graded = || -> anyhow::Result<()> {
        std::fs::create_dir_all(&score)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(args.of_one(number, jobs)).arg("--submission").arg(folder).arg("--score").arg(&score);
        command.arg("--build").arg(args.build_of(job)).arg("--data").arg(data).arg("--ends-with-its-caller");
        command.stdin(Stdio::null());
        command.stdout(std::fs::File::create(score.join("sheet.txt"))?);
        command.stderr(std::fs::File::create(score.join("log.txt"))?);
        command.status()?;
        Ok(())
    };
    let name = inert(name, LONGEST_NAME);
    let seconds = || began.elapsed().as_secs();
    match graded().map(|()| graduate(&name, &score).total()) {
        Ok(Some(points)) => format!("{name:<LONGEST_NAME$} {points:>6} points  {:>5} s", seconds()),
        Ok(None) => format!("{name:<LONGEST_NAME$} no score, see {}", score.join("log.txt").display()),
        Err(error) => format!("{name:<LONGEST_NAME$} no score: {error}"),
    }
}

/// Writes the course's tables and prints the first.
fn write_course(
    args: &GradeArgs,
    found: &BTreeMap<String, PathBuf>,
    graduates: &[Graduate],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let alike = overlaps(found, &std::env::current_dir()?);
    for (name, content) in TABLES.into_iter().zip([table(graduates)?, overlap_table(&alike)?]) {
        store::write_atomically(args.score.join(name), content.as_bytes())?;
    }
    writeln!(out, "COURSE")?;
    for graduate in graduates {
        let points = graduate.total().map_or("none".to_owned(), |points| points.to_string());
        writeln!(out, "{:<LONGEST_NAME$} {points:>6}", inert(&graduate.name, LONGEST_NAME))?;
    }
    for overlap in &alike {
        let [one, other] = [&overlap.one, &overlap.other].map(|name| inert(name, LONGEST_NAME));
        let share = 100.0 * overlap.share;
        writeln!(out, "look at {one} and {other}: {share:.0} % of the places of the shorter are in both")?;
    }
    writeln!(out, "tables in {}", args.score.display())?;
    Ok(())
}
