//! `coursework within-walls`: what `grade --submission` puts before a program that holds a student's code.

use crate::ending::Ending;
use anyhow::Context as _;
use clap::Args;
use grading::walls;
use std::ffi::OsString;
use std::path::PathBuf;

/// A program within walls, for `grade --submission`.
#[derive(Clone, Debug, Args)]
pub(super) struct WithinWallsArgs {
    #[arg(long)]
    read: Vec<PathBuf>,
    #[arg(long)]
    write: Vec<PathBuf>,
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Goes within walls and becomes another program.
pub(super) fn within_walls(args: &WithinWallsArgs) -> anyhow::Result<Ending> {
    walls::enter(&args.read, &args.write)?;
    let mut command = std::process::Command::new(&args.command[0]);
    command.args(&args.command[1..]);
    let program = args.command[0].display();
    #[cfg(unix)]
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    #[cfg(not(unix))]
    let error = match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    };
    Err(error).with_context(|| format!("{program} cannot be started"))
}
