//! `coursework completions` and `coursework man`: what other programs are told of the command line.

use crate::ending::Ending;
use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;
use std::io::Write;

#[derive(Clone, Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints what a shell reads to complete calls of the command.
pub(super) fn completions(
    args: &CompletionsArgs,
    mut command: Command,
    out: &mut dyn Write,
) -> anyhow::Result<Ending> {
    let name = command.get_name().to_owned();
    // Into memory first: clap_complete panics where it cannot write.
    let mut text = Vec::new();
    generate(args.shell, &mut command, name, &mut text);
    out.write_all(&text)?;
    Ok(Ending::Done)
}

/// Prints the manual page of the command, in roff.
pub(super) fn man(command: Command, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text)?;
    out.write_all(&text)?;
    Ok(Ending::Done)
}
