//! The command line.

use crate::all::all;
use crate::ending::Ending;
use crate::machine::Folders;
use crate::{
    backward, grade, grade_args, hand_in, iris, mnist, predict, results, shell, starter, theory, walls,
};
use clap::{CommandFactory, Parser, Subcommand};
use experiments::registry::Experiment;
use std::io::Write;

/// Worked Gradients: a machine-learning homework, recomputed.
#[derive(Debug, Parser)]
#[command(name = "coursework", version, about, long_about = None)]
pub struct Cli {
    #[command(flatten)]
    folders: Folders,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The worked solutions of T1 and T2, or their calculators
    Theory(theory::TheoryArgs),
    /// Train and test a three-layer network on iris (P1.1, P2.1)
    Iris(iris::IrisArgs),
    /// Train and test the network of P1.2 on MNIST
    Mnist(mnist::MnistArgs),
    /// Say which digits images show
    Predict(predict::PredictArgs),
    /// Check eight lines of back-propagation against central differences, as the page of P2.1 does
    Backward(backward::BackwardArgs),
    /// Run experiments and write their records
    Run(results::RunArgs),
    /// Join the shards of experiments into the records of a single run
    Merge(results::MergeArgs),
    /// Run the experiments again and compare with the submitted records, exactly
    Verify(results::VerifyArgs),
    /// Recompute everything, score it against the rubric, write the score files
    Grade(grade_args::GradeArgs),
    /// Open what was done in the pages again, and compare its receipts
    HandIn(hand_in::HandInArgs),
    /// Write the assignment's starter: this workspace without its answers
    Starter(starter::StarterArgs),
    /// Print what a shell reads to complete calls: bash, elvish, fish, powershell or zsh
    Completions(shell::CompletionsArgs),
    /// Print the manual page, for `man -l -`
    Man,
    /// What `grade` calls for each experiment
    #[command(hide = true)]
    Recompute(grade::RecomputeArgs),
    /// What `grade` calls for each criterion
    #[command(hide = true)]
    Check(grade::CheckArgs),
    /// What `grade` puts walls around
    #[command(hide = true, name = grading::walls::COMMAND)]
    WithinWalls(walls::WithinWallsArgs),
}

impl Cli {
    /// Whether what was computed before an interruption is kept.
    pub fn keeps_parts(&self) -> bool {
        matches!(self.command, Command::Run(_))
    }

    /// Does what was asked, writing results to `out`.
    ///
    /// # Errors
    /// Bad usage or input: one line for the reader.
    pub fn run(&self, out: &mut dyn Write) -> anyhow::Result<Ending> {
        self.run_with(&all(), out)
    }

    /// As [`run`](Self::run), where `run`, `merge` and `verify` know these experiments.
    ///
    /// # Errors
    /// Bad usage or input: one line for the reader.
    pub fn run_with(&self, all: &[Experiment], out: &mut dyn Write) -> anyhow::Result<Ending> {
        match &self.command {
            Command::Theory(args) => theory::run(args, out).map(|()| Ending::Done),
            Command::Iris(args) => {
                args.machine.on(&self.folders, out, |context, out| iris::run(args, context, out))
            }
            Command::Mnist(args) => {
                args.machine.on(&self.folders, out, |context, out| mnist::run(args, context, out))
            }
            Command::Predict(args) => predict::run(args, &self.folders, out),
            Command::Backward(args) => backward::run(args, out).map(|()| Ending::Done),
            Command::Run(args) => args.machine.on(&self.folders, out, |context, out| {
                results::run(args, all, context, &self.folders.results, out)
            }),
            Command::Merge(args) => results::merge(args, all, &self.folders.results, out),
            Command::Verify(args) => args.machine.on(&self.folders, out, |context, out| {
                results::verify(args, all, context, &self.folders.results, out)
            }),
            Command::Grade(args) => args.machine.on(&self.folders, out, |context, out| {
                grade::run(args, all, context, &self.folders.results, out)
            }),
            Command::HandIn(args) => hand_in::run(args, &self.folders, out),
            Command::Starter(args) => starter::run(args, out),
            Command::Completions(args) => shell::completions(args, Self::command(), out),
            Command::Man => shell::man(Self::command(), out),
            Command::Recompute(args) => args.work.run(all).map(|()| Ending::Done).map_err(Into::into),
            Command::Check(args) => grade::check(args, all, &self.folders, out),
            Command::WithinWalls(args) => walls::within_walls(args),
        }
    }
}
