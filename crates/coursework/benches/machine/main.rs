//! How fast this machine computes: one program, one run, one set of tables.
//!
//! `make bench` measures the processor's peak of fused multiply-adds, the rate of its memory and, beside them, every
//! layer of the P1.2 network and what bounds it, the training step, the same on subnormal numbers, an epoch, the
//! evaluation of the test images, the sprints, cache misses where they can be counted, the iris runs, and how much
//! memory an epoch takes.
//! `make bench-peers` holds the training step, the evaluation and an epoch as a whole process against PyTorch.
//!
//! Everything is measured in rounds, one after the other, so that a change of the processor's clock or a busy
//! neighbour meets all alike; medians are printed, with the least and the largest. Whole runs leave their tables in
//! `results/machine/`, which nothing compares and git ignores.

mod caches;
mod epoch;
mod evaluation;
mod iris;
mod layers;
mod object;
mod peak;
mod peers;
mod perf;
mod sprint;
mod stamp;
mod step;
mod stream;
mod subnormal;
mod summary;
mod table;

use clap::Parser;
use cnn::kernels::Isa;
use object::{Metric, Object, Report, Setup};
use peak::Peak;
use records::store;
use serde::Serialize;
use stamp::{Stamp, Ticks};
use std::path::Path;
use std::process::ExitCode;
use summary::percent;

/// The workspace's folder.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Measure this machine.
#[derive(Parser)]
struct Args {
    /// Only what has this in its name: layers, step, subnormal, epoch, evaluation, sprint, caches, iris; with --peers
    /// step, evaluation, epoch
    filter: Option<String>,
    /// Fewer rounds and a short epoch: below 20 seconds, and rough
    #[arg(long)]
    quick: bool,
    /// Hold training step, evaluation and a whole epoch against PyTorch instead
    #[arg(long)]
    peers: bool,
    /// The python that has torch
    #[arg(long, default_value = "python3")]
    python: String,
    /// The instruction set of the kernels
    #[arg(long, default_value = "auto")]
    isa: Isa,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

/// The share of the cores' time from which on the others disturb: threads that wait for each other wait for them too.
const BUSY: f64 = 0.03;

/// Makes an object ready to be measured.
type Make = for<'a> fn(&'a Setup) -> anyhow::Result<Box<dyn Object + 'a>>;

/// Everything, in the order of the rounds. The epoch is the first, because it reads the memory of the process.
const OBJECTS: [(&str, Make); 8] = [
    ("epoch", |setup| Ok(Box::new(epoch::Epoch::new(setup)))),
    ("layers", |setup| Ok(Box::new(layers::Layers::new(setup)?))),
    ("step", |setup| Ok(Box::new(step::Step::new(setup)?))),
    ("subnormal", |setup| Ok(Box::new(subnormal::Subnormal::new(setup)?))),
    ("evaluation", |setup| Ok(Box::new(evaluation::Evaluation::new(setup)?))),
    ("iris", |setup| Ok(Box::new(iris::Iris::new(setup)))),
    ("sprint", |setup| Ok(Box::new(sprint::Sprint::new(setup)))),
    ("caches", |setup| Ok(Box::new(caches::Caches::new(setup)))),
];

/// The order of the tables.
const PRINTED: [&str; 8] = ["layers", "step", "subnormal", "epoch", "evaluation", "sprint", "caches", "iris"];

/// What is written for programs.
#[derive(Serialize)]
struct File<'a> {
    machine: &'a Stamp,
    metrics: &'a [Metric],
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> anyhow::Result<()> {
    let mut stamp = Stamp::now(args.isa.name());
    let before = Ticks::now();
    let data = Path::new(ROOT).join("data");
    let setup = Setup::new(args.isa, &data, args.quick)?;
    let filter = args.filter.as_deref().unwrap_or("");
    let report = if args.peers {
        peers::measure(&setup, &args.python, Path::new(ROOT), filter)?
    } else {
        measure(&setup, filter)?
    };
    stamp.others = before.zip(Ticks::now()).map(|(before, after)| before.others(after));
    let text = text(&stamp, args, &report);
    print!("{text}");
    if args.filter.is_some() {
        println!("Nothing was written: only a part was measured.");
        return Ok(());
    }
    let kind = [(args.peers, "-peers"), (args.quick, "-quick")];
    let suffix: String = kind.into_iter().filter(|(is_so, _)| *is_so).map(|(_, suffix)| suffix).collect();
    let name = format!("results/machine/{}{suffix}", stamp.slug());
    let path = Path::new(ROOT).join(&name);
    store::write_json(path.with_extension("json"), &File { machine: &stamp, metrics: &report.metrics })?;
    store::write_atomically(path.with_extension("md"), text.as_bytes())?;
    println!("Written: {name}.json, {name}.md");
    Ok(())
}

/// Measures everything whose name holds `filter`.
fn measure(setup: &Setup, filter: &str) -> anyhow::Result<Report> {
    let chosen: Vec<_> = OBJECTS.into_iter().filter(|(name, _)| name.contains(filter)).collect();
    if chosen.is_empty() {
        anyhow::bail!("nothing here has `{filter}` in its name: there are {}", PRINTED.join(", "));
    }
    let mut peak = Peak::new(setup);
    let mut objects: Vec<(&str, Box<dyn Object>)> = Vec::new();
    for (name, make) in chosen {
        eprintln!("round 1: {name}");
        objects.push((name, make(setup)?));
        objects.iter_mut().last().map_or(Ok(()), |(_, object)| object.round())?;
        peak.round();
    }
    let rounds = objects.iter().map(|(_, object)| object.rounds()).max().unwrap_or(1);
    for round in 2..=rounds {
        eprintln!("round {round} of {rounds}");
        for (_, object) in objects.iter_mut().filter(|(_, object)| round <= object.rounds()) {
            object.round()?;
            peak.round();
        }
    }
    let mut whole = peak.report();
    for wanted in PRINTED {
        for (_, object) in objects.iter().filter(|(name, _)| *name == wanted) {
            let Report { tables, metrics } = object.report(&peak);
            whole.tables.extend(tables);
            whole.metrics.extend(metrics);
        }
    }
    Ok(whole)
}

/// Everything for a reader.
fn text(stamp: &Stamp, args: &Args, report: &Report) -> String {
    let haste = if args.quick { " A quick run: few rounds, rough numbers." } else { "" };
    let mut text = format!("# {stamp}\n\nMedian (least to largest) of interleaved repetitions.{haste}\n");
    if let Some(others) = stamp.others {
        text += &format!("Other processes took {} of the cores' time", percent(others));
        text += if others > BUSY { ": too much; repeat this on an idle machine.\n" } else { ".\n" };
    }
    report.tables.iter().for_each(|table| text += &format!("\n{table}"));
    text + "\n"
}
