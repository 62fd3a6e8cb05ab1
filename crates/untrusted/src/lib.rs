//! What holds of every parser of bytes that somebody else wrote: a function a parser, which takes any bytes.
//!
//! A parser refuses what it cannot read with a message, never with a panic; it asks for no more memory than the bytes
//! that are there can fill; and **what was read and written is read again as the same.** The programs of `make fuzz`
//! (`tests/fuzz/`) call these functions with bytes that a fuzzer makes up; `tests/corpora.rs` calls them with every
//! file that was kept, by an ordinary compiler.
//!
//! | module | parses |
//! |---|---|
//! | `tables` | iris and the label errors, as CSV |
//! | `images` | IDX, gzip, the excerpts of the pages, PNG |
//! | `networks` | weights, checkpoints, the trained network of a record |
//! | `results` | records, shards, records of which single values were changed |
//! | `course` | the rubric, `given.toml`, hand-ins, answers, sources |

#![forbid(unsafe_code)]

mod course;
mod images;
mod message;
mod networks;
mod results;
mod specimens;
mod tables;

pub use specimens::{Specimen, specimens};

/// A parser by its name: bytes are read, or refused with the reason.
#[derive(Clone, Copy, Debug)]
pub struct UntrustedParser {
    /// Its name; its corpus is the folder `tests/fuzz/corpus/NAME`, its program `tests/fuzz/targets/NAME.rs`.
    pub name: &'static str,
    /// Parses bytes, and panics where anything does not hold that has to.
    pub parse: fn(&[u8]) -> Result<(), String>,
}

/// Every parser.
pub const PARSERS: &[UntrustedParser] = &[
    UntrustedParser { name: "answers", parse: course::answers },
    UntrustedParser { name: "checkpoint", parse: networks::checkpoint },
    UntrustedParser { name: "edited", parse: results::edited },
    UntrustedParser { name: "given", parse: course::given },
    UntrustedParser { name: "gzip", parse: images::gzip },
    UntrustedParser { name: "hand_in", parse: course::hand_in },
    UntrustedParser { name: "idx", parse: images::idx },
    UntrustedParser { name: "layers", parse: networks::layers },
    UntrustedParser { name: "png", parse: images::png },
    UntrustedParser { name: "record", parse: results::record },
    UntrustedParser { name: "rubric", parse: course::rubric },
    UntrustedParser { name: "shard", parse: results::shard },
    UntrustedParser { name: "source", parse: course::source },
    UntrustedParser { name: "table", parse: tables::table },
    UntrustedParser { name: "weights", parse: networks::weights },
];

/// Has the parser of that name parse bytes.
///
/// # Errors
/// Why the bytes were refused.
///
/// # Panics
/// When there is no such parser, or when anything does not hold that has to.
pub fn parse(name: &str, bytes: &[u8]) -> Result<(), String> {
    let parser = PARSERS.iter().find(|parser| parser.name == name);
    (parser.unwrap_or_else(|| panic!("there is no parser `{name}`")).parse)(bytes)
}
