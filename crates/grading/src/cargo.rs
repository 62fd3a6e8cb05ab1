//! Cargo, called with limits, and what it says of each target.

use super::limits::{Call, Ended, Limits, run};
use super::walls::Walls;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What cargo's profile `dev` says otherwise than in `Cargo.toml`: keys below `profile.dev`, and their values.
pub type Profile = &'static [(&'static str, u8)];

/// How the repository at `root` is built.
#[derive(Clone, Debug, Default)]
pub struct Cargo {
    /// The root of the repository.
    pub root: PathBuf,
    /// Where what is built goes; where cargo is told to put it if there is none.
    pub target: Option<PathBuf>,
    /// The walls around it, if there are any.
    pub walls: Option<Walls>,
    /// The walls around the tests that it builds, if there are any.
    pub test_walls: Option<Walls>,
    /// **Never use the network.** Otherwise cargo fetches what is missing when it cannot do without.
    pub offline: bool,
    /// The seconds for which each compiler may compute, if that is limited.
    pub compute_s: Option<u32>,
    /// How the tests of the rubric are compiled.
    pub test_profile: Profile,
}

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// A program.
    Program,
    /// The tests of a file.
    Tests,
}

/// What cargo said.
#[derive(Clone, Debug)]
pub struct Said {
    /// The programs that it built, by kind and by the main file of the target.
    pub programs: BTreeMap<(TargetKind, PathBuf), PathBuf>,
    /// The first error in each target, by its main file.
    pub errors: BTreeMap<PathBuf, String>,
    /// The packages that failed, in the order in which cargo says so.
    pub failed: Vec<String>,
    /// How it ended.
    pub ended: Ended,
}

impl Cargo {
    /// Builds with `Cargo.lock` as it stands, as far as it goes.
    pub fn build(&self, arguments: &[String], limits: Limits) -> Said {
        let fixed = ["build", "--locked", "--keep-going", "--message-format=json"];
        let environment =
            self.target.iter().map(|folder| ("CARGO_TARGET_DIR".to_owned(), folder.display().to_string()));
        let call = |more: &str| Call {
            program: program(),
            arguments: fixed
                .iter()
                .chain([&more])
                .map(|it| (*it).to_owned())
                .chain(arguments.to_vec())
                .collect(),
            folder: Some(self.root.clone()),
            environment: environment.clone().collect(),
            walls: self.walls.clone(),
            compute_s: self.compute_s,
        };
        let said = Said::of(run(&call("--offline"), limits));
        if said.ended.well() || self.offline || !(said.programs.is_empty() && said.errors.is_empty()) {
            return said;
        }
        Said::of(run(&call("--quiet"), limits))
    }
}

/// What tells cargo of this profile.
pub fn profile_options(profile: Profile) -> impl Iterator<Item = String> {
    let option = |(key, value): &(&str, u8)| ["--config".to_owned(), format!("profile.dev.{key}={value}")];
    profile.iter().flat_map(option)
}

/// The cargo that runs this program, or the one in the path.
fn program() -> PathBuf {
    std::env::var_os("CARGO").map_or("cargo".into(), PathBuf::from)
}

impl Said {
    fn of(ended: Ended) -> Self {
        let (mut programs, mut errors) = (BTreeMap::new(), BTreeMap::new());
        for line in ended.stdout.lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            let Some(source) = message["target"]["src_path"].as_str().map(PathBuf::from) else { continue };
            match message["reason"].as_str() {
                Some("compiler-artifact") => {
                    let kind = if message["profile"]["test"] == true {
                        TargetKind::Tests
                    } else {
                        TargetKind::Program
                    };
                    if let Some(program) = message["executable"].as_str() {
                        programs.insert((kind, source), PathBuf::from(program));
                    }
                }
                Some("compiler-message") if message["message"]["level"] == "error" => {
                    let text = message["message"]["message"].as_str().unwrap_or_default();
                    errors.entry(source).or_insert_with(|| {
                        format!("it does not compile: {text}{}", place(&message["message"]))
                    });
                }
                _ => {}
            }
        }
        let failed = |line: &str| {
            line.strip_prefix("error: could not compile `")?.split('`').next().map(str::to_owned)
        };
        let failed = ended.stderr.lines().filter_map(failed).collect();
        Self { programs, errors, failed, ended }
    }

    /// The program whose main file this is.
    pub fn program(&self, source: &Path) -> Option<&PathBuf> {
        self.programs.get(&(TargetKind::Program, source.to_owned()))
    }
}

/// Where an error is, from the root of the repository.
fn place(message: &Value) -> String {
    let spans = message["spans"].as_array().into_iter().flatten();
    let primary = spans.into_iter().find(|span| span["is_primary"] == true);
    match primary.map(|span| (span["file_name"].as_str(), span["line_start"].as_u64())) {
        Some((Some(file), Some(line))) => format!(" ({file}, line {line})"),
        _ => String::new(),
    }
}
