//! `coursework theory`: the worked solutions of T1 and T2, and their calculators for inputs of the reader's own.

use clap::{Args, Subcommand, ValueEnum};
use experiments::worked::{SEED, TRIALS};
use serde::Serialize;
use std::{io::Write, path::PathBuf};
use theory::{
    cross_entropy::{Reading, class_probabilities, cross_entropy},
    render::{json::StdDevRecord, layout::Orientation, number::full, svg, table, worked},
    std_dev::Ddof,
    std_dev_graph::StdDevGraph,
};

/// Arguments of `coursework theory`.
#[derive(Clone, Debug, Args)]
pub struct TheoryArgs {
    /// Which calculator; without one, the worked solutions of T1 and T2.
    #[command(subcommand)]
    pub question: Option<TheoryQuestion>,
}

/// The calculators.
#[derive(Clone, Debug, Subcommand)]
pub enum TheoryQuestion {
    /// T1: the cross-entropy of a batch under one-hot coding, in nats
    CrossEntropy(CrossEntropyArgs),
    /// T2: the standard deviation, its gradient, and every node and edge of its computation graph
    StdDev(StdDevArgs),
}

/// Arguments of `coursework theory cross-entropy`.
#[derive(Clone, Debug, Args)]
pub struct CrossEntropyArgs {
    /// The network's outputs: rows (examples) parted by `;`, columns (classes) by `,`
    #[arg(long, value_name = "ROWS", allow_hyphen_values = true)]
    pub outputs: String,
    /// The class of each row, counted from 1, parted by `,`
    #[arg(long, value_name = "CLASSES", allow_hyphen_values = true)]
    pub labels: String,
    /// What the outputs are
    #[arg(long, value_enum, default_value_t = ReadingArg::Probabilities)]
    pub reading: ReadingArg,
    /// Print JSON: `per_sample`, `sum`, `mean`, `reading`
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `coursework theory std-dev`.
#[derive(Clone, Debug, Args)]
pub struct StdDevArgs {
    /// The inputs, parted by `,`
    #[arg(long, value_name = "NUMBERS", allow_hyphen_values = true)]
    pub inputs: String,
    /// 0 divides by n (population), 1 by n - 1 (sample)
    #[arg(long, value_enum, default_value_t = DdofArg::Population)]
    pub ddof: DdofArg,
    /// Print JSON: `value`, `gradient`, `nodes`, `edges`
    #[arg(long)]
    pub json: bool,
    /// Draw the graph to this file
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Draw it from top to bottom, for a narrow page
    #[arg(long, requires = "svg")]
    pub upright: bool,
}

/// [`Reading`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReadingArg {
    /// The class probabilities themselves
    Probabilities,
    /// Divided by their row's sum first
    Normalised,
    /// Through softmax
    Logits,
}

impl From<ReadingArg> for Reading {
    fn from(reading: ReadingArg) -> Self {
        match reading {
            ReadingArg::Probabilities => Self::Probabilities,
            ReadingArg::Normalised => Self::Normalised,
            ReadingArg::Logits => Self::Logits,
        }
    }
}

/// [`Ddof`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DdofArg {
    /// Divide by n
    #[value(name = "0")]
    Population,
    /// Divide by n - 1
    #[value(name = "1")]
    Sample,
}

impl From<DdofArg> for Ddof {
    fn from(ddof: DdofArg) -> Self {
        match ddof {
            DdofArg::Population => Self::Population,
            DdofArg::Sample => Self::Sample,
        }
    }
}

/// Why an argument is no list of numbers. Rows and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentError {
    /// A place holds no number.
    #[error(
        "--{argument}: row {row}, column {column}: {text:?} is not a number; write numbers such as 0.25 parted by \
         commas"
    )]
    Number {
        /// The argument's name.
        argument: &'static str,
        /// The row; 1 where there is only one.
        row: usize,
        /// The column.
        column: usize,
        /// What stands there.
        text: String,
    },
    /// A label is no class number.
    #[error("--labels: label {column}: {text:?} is not a class; classes are the whole numbers from 1")]
    Label {
        /// Which label.
        column: usize,
        /// What stands there.
        text: String,
    },
}

/// Runs `coursework theory` and writes its result to `out`.
///
/// # Errors
/// [`ArgumentError`] for what is no number, the typed errors of [`theory`] for numbers that have no answer,
/// [`StoreError`](records::store::StoreError) when the drawing cannot be written, and `out`'s own errors.
pub fn run(args: &TheoryArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    match &args.question {
        None => run_worked(out)?,
        Some(TheoryQuestion::CrossEntropy(args)) => run_cross_entropy(args, out)?,
        Some(TheoryQuestion::StdDev(args)) => run_std_dev(args, out)?,
    }
    Ok(())
}

fn run_worked(out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}", worked::solutions(SEED, TRIALS)?.trim_start())?;
    writeln!(out, "To draw the graph: coursework theory std-dev --inputs=-1,3 --svg FILE")?;
    Ok(())
}

fn run_cross_entropy(args: &CrossEntropyArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let outputs = rows("outputs", &args.outputs)?; // (B, C)
    let labels = labels(&args.labels)?; //            (B)
    let reading = args.reading.into();
    let loss = cross_entropy(&outputs, &labels, reading)?;
    if args.json {
        return write_json(&loss, out);
    }
    let q = class_probabilities(&outputs, reading)?; // (B, C)
    write!(out, "{}", table::cross_entropy(&loss, &q, &labels))?;
    Ok(())
}

fn run_std_dev(args: &StdDevArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let inputs = numbers("inputs", 1, &args.inputs)?; // (n)
    let graph = StdDevGraph::new(&inputs, args.ddof.into())?;
    if let Some(path) = &args.svg {
        let orientation = if args.upright { Orientation::Upright } else { Orientation::Wide };
        records::store::write_atomically(path, svg::std_dev_graph(&graph, orientation).as_bytes())?;
    }
    if args.json {
        return write_json(&StdDevRecord::from(&graph), out);
    }
    let gradient: Vec<String> = graph.gradient().iter().map(|&g| full(g)).collect();
    writeln!(out, "{} standard deviation (ddof {})", graph.ddof.name(), graph.ddof.get())?;
    writeln!(out, "value     {}", full(graph.value()))?;
    writeln!(out, "gradient  {}\n", gradient.join(", "))?;
    writeln!(out, "{}\n{}\n{}", table::nodes(&graph), table::edges(&graph), table::paths(&graph))?;
    if let Some(path) = &args.svg {
        writeln!(out, "The graph is drawn in {}", path.display())?;
    }
    Ok(())
}

fn write_json(value: &impl Serialize, out: &mut dyn Write) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)?;
    Ok(())
}

fn rows(argument: &'static str, text: &str) -> Result<Vec<Vec<f64>>, ArgumentError> {
    text.split(';').enumerate().map(|(row, text)| numbers(argument, row + 1, text)).collect()
}

fn numbers(argument: &'static str, row: usize, text: &str) -> Result<Vec<f64>, ArgumentError> {
    let number = |(column, text): (usize, &str)| {
        let error = || ArgumentError::Number { argument, row, column: column + 1, text: text.to_owned() };
        text.trim().parse().map_err(|_| error())
    };
    text.split(',').enumerate().map(number).collect()
}

/// Class numbers from 1 on the command line, as labels from 0.
fn labels(text: &str) -> Result<Vec<usize>, ArgumentError> {
    let label = |(column, text): (usize, &str)| {
        let class: Option<usize> = text.trim().parse().ok();
        let error = || ArgumentError::Label { column: column + 1, text: text.to_owned() };
        class.and_then(|class| class.checked_sub(1)).ok_or_else(error)
    };
    text.split(',').enumerate().map(label).collect()
}

#[cfg(test)]
mod tests;
