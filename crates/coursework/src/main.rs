//! The command `coursework`.

use clap::Parser;
use coursework::{Cli, Ending, is_closed_pipe, say, stop, usage};
use grading::limits;
use records::store;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            say(&usage(&error));
            return ExitCode::from(2);
        }
        // Help and version, which were asked for.
        Err(error) => error.exit(),
    };
    let keeps = cli.keeps_parts();
    let handler = ctrlc::set_handler(move || interrupted(keeps));
    if let Err(error) = handler {
        say(&format!("warning: Ctrl-C may leave a temporary file: {error}"));
    }
    let mut out = std::io::stdout();
    let ending = cli.run(&mut out).and_then(|ending| Ok(out.flush().map(|()| ending)?));
    match ending {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::DidNotHold) => ExitCode::from(1),
        Ok(Ending::PutDown) => ExitCode::from(130),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::from(2)
        }
    }
}

/// What Ctrl-C does.
fn interrupted(keeps_parts: bool) {
    if stop::ask() {
        say("ending this step and saving; Ctrl-C once more ends at once");
        return;
    }
    limits::end_all();
    // Held until the process ends, so that no other thread begins a file in between.
    let _stopped = store::remove_temporaries();
    say(if keeps_parts {
        "interrupted; no file was left half-written, and finished parts are kept: the same call goes on"
    } else {
        "interrupted; no file was left half-written"
    });
    std::process::exit(130);
}
