//! What is told beside the results.

use grading::foreign::inert;
use std::io::{ErrorKind, Write};

/// Writes a line to standard error, without characters that a terminal obeys: it may repeat what a file holds. **When
/// nobody can read it there, the work goes on**: no result depends on it.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", inert(line, usize::MAX));
}

/// What clap says of a wrong call, in one line that names the help of the command.
pub fn usage(error: &clap::Error) -> String {
    let text = error.to_string();
    let said = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let said: Vec<&str> = said.take_while(|line| !line.starts_with("Usage:")).collect();
    // The command as the usage names it, such as `coursework iris`.
    let usage = text.lines().find_map(|line| line.trim().strip_prefix("Usage: "));
    let words = usage.unwrap_or("coursework").split_whitespace();
    let command: Vec<&str> =
        words.take_while(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).collect();
    let help = text.lines().map(str::trim).find(|line| line.starts_with("For more information"));
    let said: Vec<&str> = said.into_iter().filter(|line| Some(*line) != help).collect();
    format!("{}; see `{} --help`", said.join("; ").replace(":; ", ": "), command.join(" "))
}

/// Whether the reader of our output went away, as `head` does: no error of ours, in whatever form the output was.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let of_json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind).or(of_json);
        kind == Some(ErrorKind::BrokenPipe)
    })
}
