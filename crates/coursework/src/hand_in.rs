//! `coursework hand-in`: what was done in the pages, opened again.

use crate::ending::Ending;
use crate::machine::Folders;
use anyhow::Context as _;
use clap::Args;
use grading::hand_in::FILE;
use std::io::Write;
use std::path::PathBuf;

#[derive(Clone, Debug, Args)]
pub(super) struct HandInArgs {
    /// The file that a page of the book saved
    #[arg(value_name = "FILE", default_value = FILE)]
    file: PathBuf,
}

pub(super) fn run(args: &HandInArgs, folders: &Folders, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let opened = folders.hand_in(&args.file).open()?;
    let opened = opened.with_context(|| {
        format!("there is no {}; save it under a widget of the book, or name the file", args.file.display())
    })?;
    for handed in &opened.submitted.widgets {
        let guess = handed.guess.as_ref().map_or("no guess".to_owned(), |guess| format!("guess {guess:?}"));
        writeln!(out, "{:?}: {guess}; receipts: {}", handed.widget, handed.receipts.len())?;
    }
    let faults = opened.faults();
    for fault in &faults {
        writeln!(out, "{fault}")?;
    }
    if faults.is_empty() {
        let [guesses, receipts] = opened.counts();
        writeln!(out, "{guesses} guesses and {receipts} receipts hold")?;
        return Ok(Ending::Done);
    }
    Ok(Ending::DidNotHold)
}
