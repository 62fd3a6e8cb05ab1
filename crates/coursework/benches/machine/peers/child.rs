//! The other side: a Python program that answers one line of JSON with another.

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child as Process, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// How long to wait after an answer, in which the child's idle threads go to sleep.
const SETTLE: Duration = Duration::from_millis(50);

/// What it can be asked.
#[derive(Serialize)]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum Request<'a> {
    /// Training steps.
    Step {
        /// Which variant of the network.
        variant: &'a str,
        /// On how many threads.
        threads: usize,
        /// How many.
        count: usize,
    },
    /// The test images, all of them.
    Evaluate {
        /// Which variant of the network.
        variant: &'a str,
        /// On how many threads.
        threads: usize,
    },
}

/// What it answers.
#[derive(Deserialize)]
pub struct Answer {
    /// The time of all that was asked for.
    pub seconds: f64,
    /// Images at a time, of an evaluation.
    pub batch: Option<usize>,
}

/// Its first line.
#[derive(Deserialize)]
#[serde(untagged)]
enum Greeting {
    Ready { version: String, variants: Vec<String> },
    NoTorch { error: String },
}

/// The running child; it ends when its standard input closes.
pub struct Child {
    process: Process,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// The version of torch.
    pub version: String,
    /// The variants of the network that it has.
    pub variants: Vec<String>,
}

/// The program of the other side, from the workspace's folder.
pub const PYTORCH: &str = "tests/peers/pytorch.py";

/// The call of it, with torch's own defaults, whatever this shell has.
pub fn python_on(python: &str, script: &Path, data: &Path) -> Command {
    let mut command = Command::new(python);
    command.args([script, data]).env_remove("OMP_NUM_THREADS").env_remove("OMP_WAIT_POLICY");
    command
}

impl Child {
    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// When there is no such Python, or it has no torch.
    pub fn start(python: &str, script: &Path, data: &Path) -> anyhow::Result<Self> {
        let mut process = python_on(python, script, data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{python}`; {REMEDY}"))?;
        let requests = process.stdin.take();
        let answers = process.stdout.take().context("the child has no output")?;
        let mut answers = BufReader::new(answers);
        match read(&mut answers)? {
            Greeting::Ready { version, variants } => {
                Ok(Self { process, requests, answers, version, variants })
            }
            Greeting::NoTorch { error } => bail!("`{python}` has no torch ({error}); {REMEDY}"),
        }
    }

    /// Asks and waits.
    ///
    /// # Errors
    /// When the child ended or says something else.
    pub fn ask(&mut self, request: &Request) -> anyhow::Result<Answer> {
        let requests = self.requests.as_mut().context("the child has no input")?;
        writeln!(requests, "{}", serde_json::to_string(request)?).context("the child ended")?;
        requests.flush()?;
        let answer = read(&mut self.answers)?;
        std::thread::sleep(SETTLE);
        Ok(answer)
    }
}

/// The next line.
fn read<T: for<'a> Deserialize<'a>>(answers: &mut impl BufRead) -> anyhow::Result<T> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    if line.is_empty() {
        bail!("the child ended; its last words are above");
    }
    serde_json::from_str(&line).with_context(|| format!("the child said {line:?}"))
}

impl Drop for Child {
    /// Closes its input and waits, so that no child outlives the run.
    fn drop(&mut self) {
        self.requests = None;
        let _ = self.process.wait();
    }
}

/// What to do without torch.
const REMEDY: &str = "install it (`pip install torch`), or name a python that has it: \
                      `make bench-peers PYTHON=/path/to/python`";
