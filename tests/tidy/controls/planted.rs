//! Files with a fault planted, and what was said of them.

use crate::complaint::Complaint;
use crate::sources::SourceFile;

/// Files as if they had been read: path and text. The crate's name is that of the folder around `src`.
pub fn sources(files: &[(&str, &str)]) -> Vec<SourceFile> {
    let source = |(path, text): &(&str, &str)| {
        let folder = path.split("/src/").next().expect("a split text has a first part");
        let name = folder.rsplit('/').next().expect("a split text has a last part");
        SourceFile::new(path, text, name, folder)
    };
    files.iter().map(source).collect()
}

/// The names under which the complaints are known.
pub fn debts_of(complaints: &[Complaint]) -> Vec<&str> {
    complaints.iter().map(|complaint| complaint.debt.as_str()).collect()
}
