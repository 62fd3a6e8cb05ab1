//! Where things lie, and how to compute.

use crate::ending::Ending;
use clap::Args;
use cnn::kernels::Isa;
use experiments::context::Context;
use grading::hand_in::HandInSource;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the rubric lies.
pub(super) const RUBRIC: &str = "rubric.toml";

/// Where things lie.
#[derive(Clone, Debug, Args)]
pub(super) struct Folders {
    /// The folder of the data sets
    #[arg(long, global = true, default_value = "data", value_name = "FOLDER")]
    pub(super) data: PathBuf,
    /// The folder of the submitted records
    #[arg(long, global = true, default_value = "results", value_name = "FOLDER")]
    pub(super) results: PathBuf,
}

impl Folders {
    /// A file that was saved in a page, with what its widgets work on.
    pub(super) fn hand_in(&self, file: &Path) -> HandInSource {
        HandInSource { file: file.to_owned(), data: self.data.clone(), results: self.results.clone() }
    }
}

/// How to compute.
#[derive(Clone, Debug, Args)]
pub(super) struct Machine {
    /// Threads; the results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(super) threads: Option<NonZeroUsize>,
    /// Instruction set of the kernels: scalar, avx2, avx512, neon or auto; the results do not depend on it
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub(super) isa: Isa,
}

/// The most threads that can be asked for. Each has a stack of its own, and of thousands the system refuses some.
const MOST_THREADS: usize = 1024;

/// A number of threads.
pub(super) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok().filter(|threads: &NonZeroUsize| threads.get() <= MOST_THREADS);
    number.ok_or_else(|| format!("a number from 1 to {MOST_THREADS} is expected"))
}

impl Machine {
    /// Calls `work` on as many threads as asked for.
    pub(super) fn on(
        &self,
        folders: &Folders,
        out: &mut dyn Write,
        work: impl FnOnce(&Context, &mut dyn Write) -> anyhow::Result<Ending> + Send,
    ) -> anyhow::Result<Ending> {
        let threads = self.threads.map_or(0, NonZeroUsize::get);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let context = Context {
            data_dir: folders.data.clone(),
            results_dir: folders.results.clone(),
            unfinished: None,
            rubric: RUBRIC.into(),
            isa: self.isa,
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
