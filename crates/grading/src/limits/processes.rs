//! The processes of this machine, as Linux lists them.

/// A process.
pub(super) struct Process {
    pub(super) id: u32,
    pub(super) parent: u32,
    /// The head of its group.
    pub(super) group: u32,
    /// The pages of memory that it holds.
    pub(super) pages: u64,
}

/// All processes that this one can see.
pub(super) fn processes() -> Vec<Process> {
    let folders = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let process = |folder: std::fs::DirEntry| {
        let id = folder.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(folder.path().join("stat")).ok()?;
        // The name of a program may hold anything, so what stands behind its parenthesis is read.
        let (_, rest) = stat.rsplit_once(')')?;
        let values: Vec<&str> = rest.split_whitespace().collect();
        let parsed = |at: usize| values.get(at).and_then(|value| value.parse::<u64>().ok());
        let small = |at| parsed(at).and_then(|value| u32::try_from(value).ok());
        Some(Process { id, parent: small(1)?, group: small(2)?, pages: parsed(21)? })
    };
    folders.filter_map(process).collect()
}
