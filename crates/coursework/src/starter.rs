//! `coursework starter`.

use crate::ending::Ending;
use clap::Args;
use grading::starter::Starter;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, Args)]
pub(super) struct StarterArgs {
    /// Where to: a folder that is not there or is empty
    #[arg(value_name = "FOLDER", default_value = "target/starter")]
    folder: PathBuf,
}

pub(super) fn run(args: &StarterArgs, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let starter = Starter::derive(Path::new("."))?;
    starter.write(&args.folder)?;
    let (blanks, files) = (starter.places.len(), starter.files_with_blanks());
    writeln!(out, "{blanks} blanks in {files} files; the starter is in {}", args.folder.display())?;
    Ok(Ending::Done)
}
