//! The book's command: `report check book`, `report build book`, `report verify book`, and the preprocessor that mdBook
//! calls.
//!
//! Exit codes: 0 done, 1 the book could not be rendered or is not what was resolved, 2 a page is refused or there is no
//! book.

use clap::{Parser, Subcommand};
use mdbook_preprocessor::Preprocessor;
use report::build::{BuildError, build, check, verify};
use report::carried;
use report::compute::{Computation, TARGET, prepare};
use report::preprocess::{NAME, Report, book_folder};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
        Command::Build { book } => end(computation(&book)
            .and_then(|()| build(&book, None))
            .map(|built| (built.resolved, Some(built.folder)))),
        Command::Verify { book, html } => {
            end(check(&book).and_then(|resolved| verify(&html, &resolved).map(|()| (resolved, Some(html)))))
        }
    }
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
    let (context, book) = match mdbook_preprocessor::parse_input(io::stdin()) {
        Ok(input) => input,
        Err(error) => {
            eprintln!("mdBook's input is not understood: {error:#}");
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
