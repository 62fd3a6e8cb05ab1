//! The program of the widgets for the pages: the crate `widgets`, compiled to WebAssembly, in one file of JavaScript.
//!
//! A page that was opened from disk can load a script, and neither a module nor other bytes. So the program stands in
//! the script, compressed (gzip, by Zopfli) and as base64; `book/theme/widgets.js` unpacks it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use records::sha256_hex;
use records::store::{StoreError, write_atomically};
use std::ffi::OsString;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

/// Where the program is put, from the book's root: mdBook copies it beside the pages.
pub const FILE: &str = "src/widgets/compute.js";
/// What it is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Whether the pages will compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Computation {
    /// They do.
    Ready,
    /// The compiler has no standard library for WebAssembly: the pages keep their figures.
    NoTarget,
}

/// Why there is no program though there could be one.
#[derive(Debug, thiserror::Error)]
pub enum ComputeError {
    /// A compiler could not be asked.
    #[error("{program} could not be run: {source}")]
    Run { program: String, source: io::Error },
    /// The crate did not compile; the compiler has said why.
    #[error("the crate `widgets` did not compile for {TARGET}")]
    Compile,
    /// wasm-bindgen refused what was compiled.
    #[error("wasm-bindgen: {0}")]
    Bind(String),
    /// A file could not be read or removed.
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
    /// The program could not be written.
    #[error(transparent)]
    Write(#[from] StoreError),
    /// The network that the pages carry cannot be used.
    #[error("{path}: {source}", path = path.display())]
    Network { path: PathBuf, source: reader::ReadError },
    /// The data that widgets work on cannot be used.
    #[error(transparent)]
    Data(#[from] data::DataError),
    /// A record does not say what widgets are to show.
    #[error("{0}")]
    Record(String),
}

/// Builds the program for the book in the folder `book` of a repository, if the compiler can; if not, takes an old one
/// away.
///
/// # Errors
/// [`ComputeError`].
pub fn prepare(book: &Path) -> Result<Computation, ComputeError> {
    let file = book.join(FILE);
    if !has_target(book)? {
        match fs::remove_file(&file) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(ComputeError::File { path: file, source });
            }
            _ => return Ok(Computation::NoTarget),
        }
    }
    let path = compile(book)?;
    let wasm = fs::read(&path).map_err(|source| ComputeError::File { path, source })?;
    write_script(&file, "Made from the crate `widgets`", &wasm, || script(&wasm))?;
    Ok(Computation::Ready)
}

fn has_target(folder: &Path) -> Result<bool, ComputeError> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(&rustc);
    command.args(["--print", "target-libdir", "--target", TARGET]).current_dir(folder);
    let output = command
        .output()
        .map_err(|source| ComputeError::Run { program: rustc.to_string_lossy().into(), source })?;
    Ok(output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

/// Compiles the crate, and says where the file is.
fn compile(folder: &Path) -> Result<PathBuf, ComputeError> {
    let cargo: OsString = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command.args([
        "build",
        "--quiet",
        "--locked",
        "--package",
        "widgets",
        "--lib",
        "--profile",
        "wasm",
        "--target",
        TARGET,
    ]);
    command.arg("--message-format=json-render-diagnostics").current_dir(folder).stderr(Stdio::inherit());
    command.arg("--config").arg(format!("target.{TARGET}.rustflags = {}", serde_json::json!(flags())));
    let output = command
        .output()
        .map_err(|source| ComputeError::Run { program: cargo.to_string_lossy().into(), source })?;
    if !output.status.success() {
        return Err(ComputeError::Compile);
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let built = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let files = built.flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default());
    let mut wasm = files
        .filter_map(|file| file.as_str().filter(|file| file.ends_with("widgets.wasm")).map(PathBuf::from));
    wasm.next_back().ok_or(ComputeError::Compile)
}

/// What the compiler is told besides the profile, so that a reader has less to load.
fn flags() -> Vec<String> {
    // Without the backward passes of layers for images; with the shorter code for SHA-256.
    let mut flags: Vec<String> =
        ["--cfg", "pages", "--cfg", "sha2_backend_soft=\"compact\""].map(str::to_owned).into();
    // A panic says where it is: not on whose machine the libraries' sources lay.
    flags.extend(cargo_home().map(|home| format!("--remap-path-prefix={}=cargo", home.display())));
    flags
}

/// Where cargo keeps the sources of libraries.
fn cargo_home() -> Option<PathBuf> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}

/// The script: the program, and what wasm-bindgen writes to call it.
fn script(wasm: &[u8]) -> Result<String, ComputeError> {
    let bind = |error: &dyn std::fmt::Display| ComputeError::Bind(error.to_string());
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_bytes("widgets", wasm.to_vec())
        .typescript(false)
        .remove_name_section(true)
        .omit_default_module_path(true);
    let bindgen = bindgen.no_modules(true).map_err(|error| bind(&error))?;
    let mut bound = bindgen.generate_output().map_err(|error| bind(&error))?;
    let bytes = bound.wasm_mut().emit_wasm();
    let (glue, packed) = (bound.js(), packed(&bytes)?);
    Ok(format!(
        "(() => {{\n{glue}\nglobalThis.workedGradients = {{ glue: wasm_bindgen, wasm: \"{packed}\" }};\n}})();\n"
    ))
}

/// Writes a script made of `bytes`, unless it is there already: **mdBook watches the folder**, so that a file is
/// written only when it changes.
///
/// # Errors
/// Those of `make`, and [`ComputeError::Write`].
pub(crate) fn write_script(
    file: &Path,
    what: &str,
    bytes: &[u8],
    make: impl FnOnce() -> Result<String, ComputeError>,
) -> Result<(), ComputeError> {
    let mark = format!("// {what}; SHA-256 of its bytes: {}\n", sha256_hex(bytes));
    if !fs::read_to_string(file).is_ok_and(|there| there.starts_with(&mark)) {
        write_atomically(file, (mark + &make()?).as_bytes())?;
    }
    Ok(())
}

/// Bytes as a script can hold them: compressed, as base64.
pub(crate) fn packed(bytes: &[u8]) -> Result<String, ComputeError> {
    let mut packed = Vec::new();
    // One search: more of them find less than a thousandth, and take seconds.
    let options = zopfli::Options { iteration_count: NonZeroU64::MIN, ..Default::default() };
    zopfli::compress(options, zopfli::Format::Gzip, bytes, &mut packed)
        .map_err(|error| ComputeError::Bind(error.to_string()))?;
    Ok(STANDARD.encode(packed))
}
