//! Hashes of results that records hold, for the receipts of the book's pages: a line each, its parts parted by tabs.
//!
//! ```
//! use records::recorded::{RecordedHash, parse, write};
//! let hash = RecordedHash {
//!     of: "weights".to_owned(),
//!     sha256: records::sha256_hex(b"weights"),
//!     record: "results/mnist.json".to_owned(),
//!     place: "weights_sha256".to_owned(),
//! };
//! assert_eq!(parse(write(&[hash.clone()]).as_bytes()), [hash]);
//! ```

/// The hash of a result that a record holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedHash {
    /// Of what result: a name that writer and reader agree on.
    pub of: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// The record, as a path from the repository's root.
    pub record: String,
    /// Where the result stands in it, as keys with points.
    pub place: String,
}

/// The hashes as a file.
pub fn write(hashes: &[RecordedHash]) -> String {
    let line = |hash: &RecordedHash| {
        let parts = [&hash.of[..], &hash.sha256, &hash.record, &hash.place];
        parts.join("\t") + "\n"
    };
    hashes.iter().map(line).collect()
}

/// The hashes of a file; lines that have not four parts are left out.
pub fn parse(file: &[u8]) -> Vec<RecordedHash> {
    let text = String::from_utf8_lossy(file);
    let hash = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let [of, sha256, record, place] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
        Some(RecordedHash { of, sha256, record, place })
    };
    text.lines().filter_map(hash).collect()
}
