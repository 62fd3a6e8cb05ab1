//! Walls around a process that holds a student's code: what it may read and write, and that it reaches nothing else.
//!
//! A small process of the grader's own program puts itself within the walls and becomes the student's: [`enter`]. On
//! Linux they are Landlock's (no right is needed for it, and it works in a container); what the kernel does not have is
//! left out, and [`sentence`] says which walls there are. The environment is an allow-list on every system.
//!
//! **What they do not hold**: time and memory have limits of their own, [`limits`](crate::limits); what a process reads
//! of the tree that it is built of; how much it writes into its own folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The hidden command of `coursework` that goes within the walls.
pub const COMMAND: &str = "within-walls";

/// What is kept of the grader's environment.
const ENVIRONMENT: [&str; 12] = [
    "PATH",
    "HOME",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "SYSTEMROOT",
    "USERPROFILE",
    "TZ",
];

/// What every program needs to read: the system's libraries and devices, and of processes **itself alone**: the
/// environment of others may hold secrets.
const SYSTEM: [&str; 16] = [
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/opt",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/vm",
    "/sys/fs/cgroup",
];

/// Devices that may be read and written: they keep nothing.
const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// The walls around one process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walls {
    /// The command `coursework`, which goes within them.
    pub helper: PathBuf,
    /// What may be read, beside the system's own files.
    pub read: Vec<PathBuf>,
    /// What may be read and written.
    pub write: Vec<PathBuf>,
}

impl Walls {
    /// Those around cargo when it builds a tree: it reads the tree and the toolchain, and writes what it builds.
    pub(crate) fn around_build(helper: &Path, tree: &Path, target: &Path, scratch: &Path) -> Self {
        let read = toolchain().into_iter().chain([tree.to_owned()]).chain(configurations(tree)).collect();
        Self { helper: helper.to_owned(), read, write: vec![target.to_owned(), scratch.to_owned()] }
    }

    /// Those around a program that was built: it reads itself and what it works on, and writes into one folder.
    pub fn around_run(helper: &Path, read: &[&Path], write: &Path) -> Self {
        let read = read.iter().map(|path| (*path).to_owned()).collect();
        Self { helper: helper.to_owned(), read, write: vec![write.to_owned()] }
    }

    /// Program and arguments that go within the walls before they become `program`.
    pub(crate) fn before(&self, program: &Path) -> Vec<OsString> {
        let mut words: Vec<OsString> = vec![self.helper.clone().into(), COMMAND.into()];
        for (option, paths) in [("--read", &self.read), ("--write", &self.write)] {
            paths.iter().for_each(|path| words.extend([option.into(), path.clone().into()]));
        }
        words.extend(["--".into(), program.to_owned().into()]);
        words
    }
}

/// What a process within walls gets of the grader's environment.
pub(crate) fn environment() -> impl Iterator<Item = (String, OsString)> {
    ENVIRONMENT.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var_os(name)?)))
}

/// What cargo and rustc have to read: the toolchains and the libraries' sources, and none of the grader's secrets,
/// which lie beside them.
pub(crate) fn toolchain() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    let folder = |name: &str, below: &str| {
        std::env::var_os(name).map(PathBuf::from).or_else(|| home.as_ref().map(|home| home.join(below)))
    };
    let cargo = folder("CARGO_HOME", ".cargo");
    let of_cargo = ["bin", "registry", "git", "config.toml", ".package-cache"];
    let of_cargo = cargo.into_iter().flat_map(|cargo| of_cargo.map(|name| cargo.join(name)));
    of_cargo.chain(folder("RUSTUP_HOME", ".rustup")).collect()
}

/// What cargo reads above a folder, and ends when it may not: the settings of each folder on the way to the root.
fn configurations(tree: &Path) -> impl Iterator<Item = PathBuf> {
    let above = tree.ancestors().skip(1);
    above.flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(".cargo").join(name)))
}

/// All walls, by what they keep a process from.
const ALL: [&str; 3] = ["other files", "TCP", "signals to others"];

/// Which walls this machine has, and which it has not, in a sentence.
pub fn sentence() -> String {
    let standing = system::standing();
    let which = |stands: bool| {
        ALL.into_iter()
            .zip(standing)
            .filter(|(_, it)| *it == stands)
            .map(|(wall, _)| wall)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (there, missing) = (which(true), which(false));
    let none = |walls: String| if walls.is_empty() { "nothing".to_owned() } else { walls };
    format!(
        "walls kept its processes from: {}; this machine has no walls against: {}",
        none(there),
        none(missing)
    )
}

/// Puts this process within walls, as far as this machine has them, **for good**.
///
/// # Errors
/// When the system refuses walls that it has.
pub fn enter(read: &[PathBuf], write: &[PathBuf]) -> Result<(), WallsError> {
    let read: Vec<PathBuf> = SYSTEM.iter().map(PathBuf::from).chain(read.iter().cloned()).collect();
    let write: Vec<PathBuf> = DEVICES.iter().map(PathBuf::from).chain(write.iter().cloned()).collect();
    // A rule is for what a link leads to, and somebody else may have put it there.
    if let Some(link) = write.iter().find(|path| path.is_symlink()) {
        return Err(WallsError(format!("{} is a link", link.display())));
    }
    limit_files();
    system::enter(&read, &write)
}

/// The largest file that a process within walls may write.
#[cfg(unix)]
const LARGEST_FILE: u64 = 4 << 30;

/// Limits the size of files, and leaves no memory image of a crash. What cannot be set stays as it is.
#[cfg(unix)]
fn limit_files() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    for (resource, most) in [(Resource::Fsize, LARGEST_FILE), (Resource::Core, 0)] {
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
}

#[cfg(not(unix))]
fn limit_files() {}

/// The system refuses walls that it has.
#[derive(Debug, thiserror::Error)]
#[error("the walls cannot be put up: {0}; `--confine false` grades without them")]
pub struct WallsError(String);

#[cfg(target_os = "linux")]
mod system {
    use super::WallsError;
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
        Scope, path_beneath_rules,
    };
    use std::path::PathBuf;

    /// What is asked for; an older kernel gives what it has of it.
    const NEWEST: ABI = ABI::V6;

    pub(super) fn standing() -> [bool; 3] {
        let asked = || Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
        let files = asked().handle_access(AccessFs::from_all(ABI::V1)).and_then(Ruleset::create);
        let network = asked().handle_access(AccessNet::ConnectTcp).and_then(Ruleset::create);
        let signals = asked().scope(Scope::Signal).and_then(Ruleset::create);
        [files.is_ok(), network.is_ok(), signals.is_ok()]
    }

    pub(super) fn enter(read: &[PathBuf], write: &[PathBuf]) -> Result<(), WallsError> {
        let refused = |error: landlock::RulesetError| WallsError(error.to_string());
        let all = AccessFs::from_all(NEWEST);
        let ruleset = Ruleset::default()
            .handle_access(all)
            .and_then(|it| it.handle_access(AccessNet::from_all(NEWEST)))
            .and_then(|it| it.scope(Scope::from_all(NEWEST)))
            .and_then(Ruleset::create)
            .map_err(refused)?;
        // A path that is not there needs no rule.
        let ruleset = ruleset
            .add_rules(path_beneath_rules(read, AccessFs::from_read(NEWEST)))
            .and_then(|it| it.add_rules(path_beneath_rules(write, all)))
            .map_err(refused)?;
        ruleset.restrict_self().map(drop).map_err(refused)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::WallsError;
    use std::path::PathBuf;

    pub(super) fn standing() -> [bool; 3] {
        [false; 3]
    }

    pub(super) fn enter(_: &[PathBuf], _: &[PathBuf]) -> Result<(), WallsError> {
        Ok(())
    }
}
