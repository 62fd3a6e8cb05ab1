//! A program with limits of time and memory: it ends within them, or is ended with everything that it began.
//!
//! The program is the head of a process group of its own, and the whole group is killed when the program has ended or
//! its time is over. The memory limit is the address space of each process (`ulimit -v`), where the system knows such
//! a limit. A build has a limit of what each of its processes may compute, as well (`ulimit -t`).

mod adopted;
mod call;
mod live;
#[cfg(target_os = "linux")]
mod processes;
mod watch;

pub use adopted::{adopt, end_with_the_caller};
pub use call::{Call, Limits};

use self::live::{REST, live};
use self::watch::Watch;
use crate::walls;
use std::ffi::OsString;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessEnding {
    /// By itself.
    Exit(ExitStatus),
    /// Its time was over.
    TimedOut,
    /// It took too much of something, which is named.
    TookTooMuch(String),
    /// It could not be started.
    NotStarted(String),
}

/// What a program did.
#[derive(Clone, Debug)]
pub struct Ended {
    /// How it ended.
    pub ending: ProcessEnding,
    /// What it printed, up to [`KEPT`] bytes.
    pub stdout: String,
    /// What it said, up to [`KEPT`] bytes.
    pub stderr: String,
    /// How long it took.
    pub seconds: f64,
}

/// How many bytes of each output are kept; the rest is read and dropped.
pub const KEPT: usize = 1 << 26;

/// The longest limit, a year in seconds: longer ones are cut to it.
const LONGEST: f64 = 365.0 * 86_400.0;

/// How often a running program is looked at.
const TICK: Duration = Duration::from_millis(10);

/// Ends every program that runs, for a Ctrl-C handler that ends this one next.
pub fn end_all() {
    live().iter().for_each(|head| kill_group(*head));
}

impl Ended {
    /// Whether it ended by itself and well.
    pub fn well(&self) -> bool {
        matches!(&self.ending, ProcessEnding::Exit(status) if status.success())
    }

    /// Why it did not end well, in a line without times and addresses.
    pub fn why(&self, limits: Limits) -> String {
        match &self.ending {
            ProcessEnding::NotStarted(why) => why.clone(),
            ProcessEnding::TookTooMuch(what) => format!("it was stopped, because it took {what}"),
            ProcessEnding::TimedOut => format!("it was stopped at its limit of {} s", limits.seconds),
            ProcessEnding::Exit(status) => {
                let said = said(&self.stderr).or_else(|| said(&self.stdout));
                let said = said.map_or(String::new(), |said| format!(": {said}"));
                if self.stderr.contains("memory allocation of") {
                    return format!("it asked for more than {} GiB of memory{said}", limits.memory_gib);
                }
                format!("it {}{said}", ended(*status))
            }
        }
    }
}

/// How a process ended, in words.
fn ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("was ended by signal {signal}");
    }
    status.code().map_or("ended".to_owned(), |code| format!("ended with {code}"))
}

/// The message of the first panic with its place, or the last line; cut at 200 characters.
fn said(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let panic = lines.iter().position(|line| line.contains(" panicked at "));
    let said = match panic {
        Some(at) => {
            let place = lines[at].split(" panicked at ").nth(1).unwrap_or_default();
            let end = ["note:", "stack backtrace", "failures:", "----"];
            let is_message = |line: &&&str| !end.iter().any(|end| line.starts_with(end));
            let message = lines[at + 1..].iter().take(3).take_while(is_message);
            format!("{} {}", without_the_machine(place), message.copied().collect::<Vec<_>>().join(" "))
        }
        None => (*lines.iter().rfind(|line| !line.starts_with("note:"))?).to_owned(),
    };
    Some(said.chars().take(200).collect())
}

/// The place of a panic without what differs between machines: where cargo keeps the sources of a library.
fn without_the_machine(place: &str) -> &str {
    let kept = place.split_once("/registry/src/").and_then(|(_, rest)| rest.split_once('/'));
    kept.map_or(place, |(_, place)| place)
}

/// Runs a program within limits.
pub fn run(call: &Call, limits: Limits) -> Ended {
    let began = Instant::now();
    let none = |why: String| Ended {
        ending: ProcessEnding::NotStarted(why),
        stdout: String::new(),
        stderr: String::new(),
        seconds: 0.0,
    };
    let mut child = match command(call, limits).spawn() {
        Ok(child) => child,
        Err(error) => return none(format!("{} cannot be started: {error}", call.program.display())),
    };
    let head = child.id();
    live().insert(head);
    let (stdout, stderr) = (Output::of(child.stdout.take()), Output::of(child.stderr.take()));
    let deadline = began + Duration::from_secs_f64(limits.seconds.clamp(0.0, LONGEST));
    let ending = wait(&mut child, deadline, Watch::new(head, call, limits));
    // What the program began and left behind.
    kill_group(head);
    live().remove(&head);
    adopted::end();
    // It may have been ended by the group's end only.
    let _ = child.wait();
    let seconds = began.elapsed().as_secs_f64();
    let until = Instant::now() + REST;
    Ended { ending, stdout: stdout.text(until), stderr: stderr.text(until), seconds }
}

/// The program behind a shell that sets the memory limit where it can be set.
#[cfg(unix)]
fn command(call: &Call, limits: Limits) -> Command {
    use std::os::unix::process::CommandExt;
    const SET: &str =
        r#"(ulimit -v "$0") 2>/dev/null && ulimit -v "$0"; [ -z "$1" ] || ulimit -t "$1"; shift; exec "$@""#;
    let kib = (limits.memory_gib * f64::from(1 << 20)) as u64;
    let compute_s = call.compute_s.map_or(String::new(), |seconds| seconds.to_string());
    let mut command = Command::new("/bin/sh");
    command.args(["-c", SET, &kib.to_string(), &compute_s]).args(words(call));
    command.process_group(0);
    complete(command, call)
}

/// The program by itself.
#[cfg(not(unix))]
fn command(call: &Call, _: Limits) -> Command {
    let words = words(call);
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    complete(command, call)
}

/// The program, and what goes within its walls before it.
fn words(call: &Call) -> Vec<OsString> {
    let program = || vec![call.program.clone().into()];
    call.walls.as_ref().map_or_else(program, |walls| walls.before(&call.program))
}

fn complete(mut command: Command, call: &Call) -> Command {
    command.args(&call.arguments);
    if let Some(walls) = &call.walls {
        command.env_clear().envs(walls::environment());
        // The last folder that may be written is for what is temporary, too.
        command.envs(walls.write.last().map(|folder| ("TMPDIR", folder)));
    }
    command.envs(call.environment.iter().map(|(name, value)| (name, value)));
    if let Some(folder) = &call.folder {
        command.current_dir(folder);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn wait(child: &mut Child, deadline: Instant, mut watch: Watch) -> ProcessEnding {
    let stopped = loop {
        match child.try_wait() {
            Ok(Some(status)) => return ProcessEnding::Exit(status),
            Err(error) => return ProcessEnding::NotStarted(format!("it was lost: {error}")),
            Ok(None) if Instant::now() >= deadline => break ProcessEnding::TimedOut,
            Ok(None) => {}
        }
        if let Some(what) = watch.look() {
            break ProcessEnding::TookTooMuch(what);
        }
        std::thread::sleep(TICK);
    };
    kill_group(child.id());
    let _ = child.kill();
    stopped
}

/// Kills a process group; that it is gone already is no fault. No process is started for it: a program that has used
/// up all processes that there may be is ended too.
#[cfg(unix)]
fn kill_group(head: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(head) = i32::try_from(head).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(head, Signal::KILL);
    }
}

/// There are no groups.
#[cfg(not(unix))]
fn kill_group(_: u32) {}

/// What comes out of a pipe, read by a thread.
struct Output {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: std::thread::JoinHandle<()>,
}

impl Output {
    fn of(pipe: Option<impl Read + Send + 'static>) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        let reader = std::thread::spawn(move || {
            let Some(mut pipe) = pipe else { return };
            let mut buffer = [0; 1 << 16];
            while let Ok(read @ 1..) = pipe.read(&mut buffer) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                let room = (KEPT - kept.len()).min(read);
                kept.extend_from_slice(&buffer[..room]);
            }
        });
        Self { bytes, reader }
    }

    /// What came until the pipe was closed, or until then: a process that left the group may hold it open.
    fn text(self, until: Instant) -> String {
        while !self.reader.is_finished() && Instant::now() < until {
            std::thread::sleep(TICK);
        }
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(all(test, unix))]
mod tests;
