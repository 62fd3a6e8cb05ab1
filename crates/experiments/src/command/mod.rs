//! The command line.
//!
//! Results go to stdout, progress to stderr. Exit codes: 0 done, 1 something asked for did not hold, 2 bad usage or
//! input. Whatever goes wrong is said in one line that names the remedy, and nothing is overwritten.

mod bisect;
mod draw;
mod grade;
mod iris;
mod mnist;
mod results;
mod starter;
mod theory;

use crate::context::Context;
use crate::registry::{EXPERIMENTS, Experiment};
use clap::{Args, Parser, Subcommand};
use cnn::kernels::Isa;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

/// Worked Gradients: five homework questions, recomputed.
#[derive(Debug, Parser)]
#[command(name = "coursework", version, about, long_about = None)]
pub struct Cli {
    #[command(flatten)]
    folders: Folders,
    #[command(subcommand)]
    command: Command,
}

/// Where the rubric lies.
const RUBRIC: &str = "rubric.toml";

/// Where things lie.
#[derive(Clone, Debug, Args)]
struct Folders {
    /// The folder of the data sets
    #[arg(long, global = true, default_value = "data", value_name = "FOLDER")]
    data: PathBuf,
    /// The folder of the submitted records
    #[arg(long, global = true, default_value = "results", value_name = "FOLDER")]
    results: PathBuf,
}

/// How to compute.
#[derive(Clone, Debug, Args)]
struct Machine {
    /// Threads; the results do not depend on it [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Instruction set of the kernels: scalar, avx2, avx512, neon or auto; the results do not depend on it
    #[arg(long, value_name = "NAME", default_value = "auto")]
    isa: Isa,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The worked solutions of T1 and T2, or their calculators
    Theory(theory::TheoryArgs),
    /// Train and test a three-layer network on iris (P1.1, P2.1)
    Iris(iris::IrisArgs),
    /// Train and test the network of P1.2 on MNIST
    Mnist(mnist::MnistArgs),
    /// Classify a picture of a digit (not in this version)
    Predict(mnist::PredictArgs),
    /// Run experiments and write their records
    Run(results::RunArgs),
    /// Join the shards of experiments into the records of a single run
    Merge(results::MergeArgs),
    /// Run the experiments again and compare with the submitted records, exactly
    Verify(results::VerifyArgs),
    /// Recompute everything, score it against the rubric, write the score files
    Grade(grade::GradeArgs),
    /// Write the assignment's starter: this workspace without its answers
    Starter(starter::StarterArgs),
    /// What `grade` calls for each experiment
    #[command(hide = true)]
    Recompute(grade::RecomputeArgs),
    /// What `grade` calls for each criterion
    #[command(hide = true)]
    Check(grade::CheckArgs),
}

/// How a command ended that made no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It did what was asked.
    Done,
    /// What was asked for did not hold: a difference was found, a criterion is not met.
    DidNotHold,
}

impl Cli {
    /// Does what was asked, writing results to `out`.
    ///
    /// # Errors
    /// Bad usage or input: one line for the reader.
    pub fn run(&self, out: &mut dyn Write) -> anyhow::Result<Ending> {
        self.run_with(&EXPERIMENTS, out)
    }

    /// As [`run`](Self::run), where `run`, `merge` and `verify` know these experiments.
    ///
    /// # Errors
    /// Bad usage or input: one line for the reader.
    pub fn run_with(&self, all: &[Experiment], out: &mut dyn Write) -> anyhow::Result<Ending> {
        match &self.command {
            Command::Theory(args) => theory::run(args, out).map(|()| Ending::Done),
            Command::Iris(args) => self.on(&args.machine, out, |context, out| iris::run(args, context, out)),
            Command::Mnist(args) => {
                self.on(&args.machine, out, |context, out| mnist::run(args, context, out))
            }
            Command::Predict(_) => mnist::predict(),
            Command::Run(args) => self.on(&args.machine, out, |context, out| {
                results::run(args, all, context, &self.folders.results, out)
            }),
            Command::Merge(args) => results::merge(args, all, &self.folders.results, out),
            Command::Verify(args) => self.on(&args.machine, out, |context, out| {
                results::verify(args, all, context, &self.folders.results, out)
            }),
            Command::Grade(args) => self
                .on(&args.machine, out, |context, out| grade::run(args, context, &self.folders.results, out)),
            Command::Starter(args) => starter::run(args, out),
            Command::Recompute(args) => self
                .on(&args.machine, out, |context, _| grade::recompute(args, context, &self.folders.results)),
            Command::Check(args) => grade::check(args, out),
        }
    }

    /// Calls `work` on as many threads as asked for.
    fn on(
        &self,
        machine: &Machine,
        out: &mut dyn Write,
        work: impl FnOnce(&Context, &mut dyn Write) -> anyhow::Result<Ending> + Send,
    ) -> anyhow::Result<Ending> {
        let threads = machine.threads.map_or(0, NonZeroUsize::get);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let context = Context {
            data_dir: self.folders.data.clone(),
            results_dir: self.folders.results.clone(),
            rubric: RUBRIC.into(),
            isa: machine.isa,
            show_progress: true,
            loaded: Arc::default(),
        };
        // What is printed is collected on the pool's side, because the writer may not be sent to it.
        let (sender, lines) = std::sync::mpsc::channel::<Vec<u8>>();
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| {
                let mut sink = Sink(sender);
                pool.install(|| work(&context, &mut sink))
            });
            for line in lines {
                out.write_all(&line)?;
                out.flush()?;
            }
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

/// A writer that sends everything to another thread.
struct Sink(std::sync::mpsc::Sender<Vec<u8>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let closed = |_| std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        self.0.send(bytes.to_vec()).map_err(closed)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
