//! Writes the files from which the fuzzer of each parser begins: `specimens FOLDER`.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("name the folder for the specimens");
        return ExitCode::from(2);
    };
    for specimen in untrusted::specimens() {
        let file = folder.join(specimen.parser).join(&specimen.name);
        if let Err(error) = records::store::write_atomically(&file, &specimen.bytes) {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
