//! `report check book` and `report build book`.
//!
//! Exit codes: 0 done, 1 the book could not be rendered, 2 a page is refused or there is no book.

use clap::{Parser, Subcommand};
use report::build::{BuildError, build};
use report::check::check;
use std::path::PathBuf;
use std::process::ExitCode;

/// Checks and builds the book
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check that every listing and every test that a page names is there
    Check {
        /// The folder that holds book.toml
        book: PathBuf,
    },
    /// Check, then render the book with mdBook
    Build {
        /// The folder that holds book.toml
        book: PathBuf,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Check { book } => check(&book).map(|checked| (checked, None)).map_err(BuildError::from),
        Command::Build { book } => build(&book, None).map(|built| (built.checked, Some(built.folder))),
    };
    match done {
        Ok((checked, folder)) => {
            let (pages, listings) = (checked.pages.len(), checked.listings.len());
            println!("{pages} pages, {listings} listings, {} named tests: all there", checked.tests);
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
