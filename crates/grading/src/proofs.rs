//! Tests that prove a criterion: built once, then each run as a process of its own.
//!
//! A test is named as the book names it, `FILE::FUNCTION`, with `::CASE` for one row of a table. The tests are built
//! with cargo, locked to `Cargo.lock` and offline; only when that fails is cargo asked to fetch what is missing. A
//! file that does not compile costs the criteria that name a test of it and no other.

use super::cargo::{Cargo, TargetKind, profile_options};
use super::limits::{Call, Limits, run};
use super::walls::Walls;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The name of a test.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TestName {
    /// The file in which it stands, from the root of the repository.
    pub file: String,
    /// The function, then the case if one is named.
    path: Vec<String>,
}

/// Why a text does not name a test.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` does not name a test: write FILE::FUNCTION or FILE::FUNCTION::CASE, with a file below crates/"
)]
pub struct NoTestName(String);

/// What a test showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    pub test: TestName,
    /// Why it proves nothing; nothing when it passed.
    pub failure: Option<String>,
    /// How long it took.
    pub seconds: f64,
}

/// Tests that were built, by the file of their target: the program, or why there is none.
#[derive(Clone, Debug, Default)]
pub struct BuiltTests {
    root: PathBuf,
    targets: BTreeMap<PathBuf, Result<PathBuf, String>>,
    failure: Option<String>,
    environment: Vec<(String, String)>,
    walls: Option<Walls>,
    /// How long building took.
    pub seconds: f64,
}

impl TryFrom<String> for TestName {
    type Error = NoTestName;

    fn try_from(text: String) -> Result<Self, NoTestName> {
        let fault = || NoTestName(text.clone());
        let (file, path) = text.split_once("::").ok_or_else(fault)?;
        let path: Vec<String> = path.split("::").map(str::to_owned).collect();
        let in_a_package =
            file.starts_with("crates/") && file.split('/').count() >= 4 && file.ends_with(".rs");
        if !in_a_package || path.len() > 2 || path.iter().any(String::is_empty) {
            return Err(fault());
        }
        Ok(Self { file: file.to_owned(), path })
    }
}

impl fmt::Display for TestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", self.file, self.path.join("::"))
    }
}

impl TestName {
    /// The function.
    pub fn function(&self) -> &str {
        &self.path[0]
    }

    fn package(&self) -> &str {
        self.file.split('/').nth(1).unwrap_or_default()
    }

    /// The options that choose the target: `--lib`, or `--test NAME`.
    fn target(&self) -> Vec<String> {
        match self.file.split('/').collect::<Vec<_>>()[..] {
            [_, _, "tests", target, ..] => {
                vec!["--test".to_owned(), target.trim_end_matches(".rs").to_owned()]
            }
            _ => vec!["--lib".to_owned()],
        }
    }

    /// Whether the file of its target is there.
    fn is_there(&self, root: &Path) -> bool {
        let folder = root.join("crates").join(self.package());
        match &self.target()[..] {
            [_, name] => {
                let tests = folder.join("tests");
                tests.join(format!("{name}.rs")).is_file() || tests.join(name).join("main.rs").is_file()
            }
            _ => folder.join("src/lib.rs").is_file(),
        }
    }

    /// The command that runs the test by itself.
    pub fn reproduce(&self) -> String {
        let target = self.target().join(" ");
        format!("cargo test --package {} {target} -- {}", self.package(), self.function())
    }

    /// Whether a test that a program lists, such as `suite::function::case_3_tanh`, is this one.
    fn is(&self, listed: &str) -> bool {
        let segments: Vec<&str> = listed.split("::").collect();
        let Some(at) = segments.iter().position(|segment| *segment == self.path[0]) else { return false };
        self.path.get(1).is_none_or(|case| {
            segments.get(at + 1).is_some_and(|segment| segment.ends_with(&format!("_{case}")))
        })
    }
}

/// The packages that cargo is told. **Which features their dependencies have follows from the packages**, so where
/// every target has a name it is the whole workspace, as for `make test` and `make grade`: nothing is compiled twice.
fn selection(tests: &[&TestName], all_named: bool) -> Vec<String> {
    if all_named {
        return vec!["--workspace".to_owned()];
    }
    let packages: BTreeSet<&str> = tests.iter().map(|test| test.package()).collect();
    packages.iter().flat_map(|package| ["--package".to_owned(), (*package).to_owned()]).collect()
}

/// Builds the targets of these tests.
pub fn build(cargo: &Cargo, tests: &[&TestName], limits: Limits) -> BuiltTests {
    let root = &cargo.root;
    let mut built =
        BuiltTests { root: root.clone(), environment: environment(root), ..BuiltTests::default() };
    built.walls.clone_from(&cargo.test_walls);
    if tests.is_empty() {
        return built;
    }
    let began = Instant::now();
    // A target that is not there would stop cargo before it builds the others.
    let targets: BTreeSet<Vec<String>> =
        tests.iter().filter(|test| test.is_there(root)).map(|test| test.target()).collect();
    let arguments = selection(tests, targets.iter().all(|target| target.len() == 2));
    // The library as a test has no option of its own in `cargo build`.
    let option = |target: Vec<String>| if target.len() == 2 { target } else { vec!["--tests".to_owned()] };
    let options: BTreeSet<Vec<String>> = targets.into_iter().map(option).collect();
    let chosen = arguments.into_iter().chain(options.into_iter().flatten());
    let arguments: Vec<String> = chosen.chain(profile_options(cargo.test_profile)).collect();
    let said = cargo.build(&arguments, limits);
    built.failure = (!said.ended.well()).then(|| said.ended.why(limits));
    let tests = said.programs.into_iter().filter(|((kind, _), _)| *kind == TargetKind::Tests);
    built.targets = tests.map(|((_, source), program)| (source, Ok(program))).collect();
    for (source, error) in said.errors {
        built.targets.entry(source).or_insert(Err(error));
    }
    built.seconds = began.elapsed().as_secs_f64();
    built
}

/// What cargo would add to the environment of a test: the texts of `[env]` in `.cargo/config.toml`.
fn environment(root: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root.join(".cargo/config.toml")).unwrap_or_default();
    let config: toml::Table = text.parse().unwrap_or_default();
    let env = config.get("env").and_then(toml::Value::as_table);
    let pair = |(name, value): (&String, &toml::Value)| Some((name.clone(), value.as_str()?.to_owned()));
    env.into_iter().flatten().filter_map(pair).collect()
}

impl BuiltTests {
    /// The program of a test: that of the target whose file holds it.
    fn program(&self, test: &TestName) -> Result<&PathBuf, String> {
        if !self.root.join(&test.file).is_file() {
            return Err(format!("there is no file {}", test.file));
        }
        let root = std::fs::canonicalize(&self.root).unwrap_or_else(|_| self.root.clone());
        let file = root.join(&test.file);
        let package: PathBuf = root.join("crates").join(test.package());
        let library = package.join("src/lib.rs");
        let main = file.with_file_name("main.rs");
        let candidates =
            [&file, &main, &library].into_iter().take(if test.target().len() == 1 { 3 } else { 2 });
        let found = candidates.filter_map(|source| self.targets.get(source)).next();
        match found {
            Some(target) => target.as_ref().map_err(Clone::clone),
            None => Err(match (self.targets.get(&library), &self.failure) {
                (Some(Err(why)), _) => format!("its package was not built, {why}"),
                (_, Some(why)) => format!("it was not built: {why}"),
                _ => "no test program of its package holds this file".to_owned(),
            }),
        }
    }

    /// Runs a test, all its cases if it is a table.
    pub fn prove(&self, test: &TestName, limits: Limits) -> Proof {
        let began = Instant::now();
        let failure = self.attempt(test, limits).err();
        Proof { test: test.clone(), failure, seconds: began.elapsed().as_secs_f64() }
    }

    fn attempt(&self, test: &TestName, limits: Limits) -> Result<(), String> {
        let folder = self.root.join("crates").join(test.package());
        let mut environment = self.environment.clone();
        environment.push(("CARGO_MANIFEST_DIR".to_owned(), folder.display().to_string()));
        // A trace of calls is of no use here, and takes seconds.
        environment.push(("RUST_BACKTRACE".to_owned(), "0".to_owned()));
        let mut call = Call {
            program: self.program(test)?.clone(),
            arguments: Vec::new(),
            folder: Some(folder),
            environment,
            walls: self.walls.clone(),
            ..Call::default()
        };
        call.arguments = ["--list", "--format", "terse"].map(str::to_owned).into();
        let listed = run(&call, limits);
        if !listed.well() {
            return Err(format!("its test program does not list its tests: {}", listed.why(limits)));
        }
        let names = listed.stdout.lines().filter_map(|line| line.strip_suffix(": test"));
        let chosen: Vec<String> = names.filter(|name| test.is(name)).map(str::to_owned).collect();
        if chosen.is_empty() {
            return Err("there is no such test".to_owned());
        }
        let count = chosen.len();
        call.arguments = ["--exact".to_owned()].into_iter().chain(chosen).collect();
        let ended = run(&call, limits);
        if !ended.well() {
            return Err(ended.why(limits));
        }
        // Counted, because a test that is ignored, or a program that only says that all is well, has shown nothing.
        if ended.stdout.contains(&format!("test result: ok. {count} passed; 0 failed; 0 ignored;")) {
            Ok(())
        } else {
            Err(format!("not all of its cases, {count} in number, were run and passed"))
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
