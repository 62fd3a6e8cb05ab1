//! The command `coursework`.

use clap::Parser;
use coursework::{Cli, Ending};
use grading::limits;
use records::store;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let handler = ctrlc::set_handler(|| {
        limits::end_all();
        // Held until the process ends, so that no other thread begins a file in between.
        let _stopped = store::remove_temporaries();
        eprintln!("interrupted; no file was left half-written");
        std::process::exit(130);
    });
    if let Err(error) = handler {
        eprintln!("warning: Ctrl-C may leave a temporary file: {error}");
    }
    let mut out = std::io::stdout();
    let ending = cli.run(&mut out).and_then(|ending| Ok(out.flush().map(|()| ending)?));
    match ending {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::DidNotHold) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether the reader of our output went away, as `head` does: no error of ours.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
