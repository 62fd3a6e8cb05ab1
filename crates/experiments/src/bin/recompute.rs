//! The program that a submission's tree builds beside the student's crates: it computes one experiment again, as
//! [`experiments::request`] says.

use experiments::registry::EXPERIMENTS;
use experiments::request::Request;
use experiments::study::ExperimentError;
use std::process::ExitCode;

fn main() -> ExitCode {
    let request = std::env::args().next_back().unwrap_or_default();
    let request = serde_json::from_str::<Request>(&request).map_err(ExperimentError::from);
    match request.and_then(|request| request.run(&EXPERIMENTS)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
