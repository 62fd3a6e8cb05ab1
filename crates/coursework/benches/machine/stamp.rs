//! What the numbers were measured on.

use serde::Serialize;
use std::fmt;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// What is said when the system does not tell.
const UNKNOWN: &str = "not known";

/// The machine and the moment.
#[derive(Clone, Debug, Serialize)]
pub struct Stamp {
    /// The processor's own name.
    pub processor: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// The instruction set of the kernels.
    pub instruction_set: String,
    /// The compiler.
    pub rustc: String,
    /// When the run began, UTC.
    pub date: String,
    /// The share of all cores' time that other processes took during the run, where the system tells; above a few per
    /// cent, times of several threads mean little.
    pub others: Option<f64>,
}

impl Stamp {
    /// Asks the system.
    pub fn now(instruction_set: &str) -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self {
            processor: processor(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            instruction_set: instruction_set.to_owned(),
            rustc: output_of("rustc", &["--version"]).unwrap_or_else(|| UNKNOWN.to_owned()),
            date: utc(seconds),
            others: None,
        }
    }

    /// The processor's name as that of a file.
    pub fn slug(&self) -> String {
        slug(&self.processor)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, instruction_set, rustc, date, .. } = self;
        write!(f, "{processor}, {cores} cores, {instruction_set}; {rustc}; {date}")
    }
}

/// The most memory that this process ever held, in bytes; nothing where the system does not tell.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib: u64 = field(&status, "VmHWM")?.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").ok();
    info.and_then(|info| field(&info, "model name").map(str::to_owned))
        .or_else(|| output_of("sysctl", &["-n", "machdep.cpu.brand_string"]))
        .unwrap_or_else(|| format!("some {}", std::env::consts::ARCH))
}

/// Clock ticks of all cores, of those that were busy, and of this process with its ended children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticks {
    all: i64,
    busy: i64,
    ours: i64,
}

impl Ticks {
    /// Until now, where the system tells.
    pub fn now() -> Option<Self> {
        let read = |path| std::fs::read_to_string(path).ok();
        Self::parse(&read("/proc/stat")?, &read("/proc/self/stat")?)
    }

    /// Reads Linux's `/proc/stat` and `/proc/self/stat`.
    pub fn parse(system: &str, process: &str) -> Option<Self> {
        let numbers = |text: &str| -> Vec<i64> {
            text.split_whitespace().map_while(|word| word.parse().ok()).collect()
        };
        // user, nice, system, idle, waiting, two kinds of interrupts, stolen by other virtual machines
        let cores = numbers(system.strip_prefix("cpu ")?);
        let all = cores.get(..8)?.iter().sum();
        // The name of the process, in brackets, may hold anything; a letter and ten numbers stand before the times.
        let process = numbers(process.rsplit_once(')')?.1.trim_start().get(1..)?);
        let ours = process.get(10..14)?.iter().sum();
        Some(Self { all, busy: all - cores[3] - cores[4], ours })
    }

    /// The share of all cores' time from here to `later` that went to others.
    pub fn others(self, later: Self) -> f64 {
        let others = (later.busy - self.busy) as f64 - (later.ours - self.ours) as f64;
        others.max(0.0) / (later.all - self.all).max(1) as f64
    }
}

/// The value of the first line `name : value`.
pub fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    fields
        .map(|(key, value)| (key.trim(), value.trim()))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// What a command prints, on one line.
fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Small letters and digits with single dashes between; what manufacturers put in brackets is left out.
pub fn slug(name: &str) -> String {
    let name = name.to_lowercase().replace("(r)", " ").replace("(tm)", " ");
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// Seconds since 1970 as date and time. The days are counted from March of a year, so that a leap day is the last.
pub fn utc(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = 400 * era + year_of_era + u64::from(month <= 2);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
}
