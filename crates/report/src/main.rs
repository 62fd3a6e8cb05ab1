//! The book's command: `report check book`, `report build book`, `report serve book`, `report verify book HTML`,
//! and the preprocessor that mdBook calls.
//!
//! Exit codes: 0 done, 1 the book could not be rendered or is not what was resolved, 2 a page is refused, there is no
//! book, or the port is taken.

use clap::{Parser, Subcommand};
use mdbook_preprocessor::Preprocessor;
use report::build::{BuildError, Built, build, check, verify};
use report::carried;
use report::compute::{Computation, TARGET, prepare};
use report::mdbook::input;
use report::preprocess::{NAME, Report, book_folder};
use report::serve::server::{ServeError, Served};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

/// Checks and builds the book
#[derive(Parser)]
#[command(name = "report", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Resolve every page and write nothing
    Check {
        /// The folder that holds book.toml
        book: PathBuf,
    },
    /// Resolve, then render the book with mdBook
    Build {
        /// The folder that holds book.toml
        book: PathBuf,
    },
    /// Build the book, serve it on this machine, and build it again whenever something that a page quotes changes
    Serve {
        /// The folder that holds book.toml
        book: PathBuf,
        /// Where: http://127.0.0.1:PORT; 0 takes any that is free
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Show it in the browser
        #[arg(long)]
        open: bool,
    },
    /// Check that a built book holds what is resolved now
    Verify {
        /// The folder that holds book.toml
        book: PathBuf,
        /// The folder of its HTML files
        html: PathBuf,
    },
    /// Read a book from mdBook, write it back resolved (mdBook calls this)
    Preprocess {
        #[command(subcommand)]
        question: Option<Question>,
    },
}

#[derive(Subcommand)]
enum Question {
    /// Exit with 0 if the renderer is supported
    Supports {
        /// Its name
        renderer: String,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Preprocess { question: Some(Question::Supports { renderer }) } => {
            let supported = Report::default().supports_renderer(&renderer).unwrap_or(false);
            ExitCode::from(u8::from(!supported))
        }
        Command::Preprocess { question: None } => preprocess(),
        Command::Check { book } => end(check(&book).map(|resolved| (resolved, None))),
        Command::Build { book } => end(made(&book).map(|built| (built.resolved, Some(built.folder)))),
        Command::Serve { book, port, open } => serve(&book, port, open),
        Command::Verify { book, html } => {
            end(check(&book).and_then(|resolved| verify(&html, &resolved).map(|()| (resolved, Some(html)))))
        }
    }
}

/// Builds the program of the widgets, then the book.
fn made(book: &Path) -> Result<Built, BuildError> {
    computation(book)?;
    build(book, None)
}

/// Serves the book until the program is ended, or says why not.
fn serve(book: &Path, port: u16, open: bool) -> ExitCode {
    let served = match Served::new(book, port, || made(book)) {
        Ok(served) => served,
        Err(ServeError::Build(error)) => return end(Err(error)),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    println!("{} is built again at every change; Ctrl-C ends it", served.address);
    if open {
        // In a thread, because a browser in a terminal would not return.
        let address = served.address.clone();
        thread::spawn(move || {
            opener::open(address).map_err(|error| eprintln!("no browser was opened: {error}"))
        });
    }
    served.forever(|| made(book), |line| println!("{line}"));
    ExitCode::SUCCESS
}

/// Builds the program of the widgets, or says that the pages will not compute.
fn computation(book: &Path) -> Result<(), BuildError> {
    match prepare(book)? {
        Computation::Ready => carried::prepare(book)?,
        Computation::NoTarget => eprintln!(
            "The pages will not compute: this toolchain has no {TARGET}. They keep their figures and tables. To add \
             it: rustup target add {TARGET}"
        ),
    }
    Ok(())
}

fn preprocess() -> ExitCode {
    let report = Report::default();
    let (context, book) = match input(io::stdin()) {
        Ok(input) => input,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    // Who only wants the pages can switch it off.
    let wanted = context.config.get::<bool>(&format!("preprocessor.{NAME}.widgets")).ok().flatten();
    let computation = if wanted == Some(false) {
        Ok(())
    } else {
        computation(&book_folder(&context.root, &context.config))
    };
    if let Err(error) = computation {
        return end(Err(error));
    }
    match report.resolve(&context.root, &context.config, book) {
        Ok(book) => match serde_json::to_writer(io::stdout(), &book) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => end(Err(BuildError::Render(error.to_string()))),
        },
        Err(error) => end(Err(error.into())),
    }
}

fn end(done: Result<(report::resolve::Resolved, Option<PathBuf>), BuildError>) -> ExitCode {
    match done {
        Ok((resolved, folder)) => {
            let all: Vec<String> =
                resolved.total().named().iter().map(|(name, count)| format!("{count} {name}")).collect();
            println!("{} pages: {}", resolved.pages.len(), all.join(", "));
            if let Some(folder) = folder {
                println!("{}", folder.join("index.html").display());
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(if matches!(error, BuildError::Check(_)) { 2 } else { 1 })
        }
    }
}
