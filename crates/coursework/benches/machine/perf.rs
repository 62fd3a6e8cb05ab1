//! What `perf stat -x,` writes.

/// The arguments before the command that is counted; [`counts`] reads what is written then.
pub const ARGUMENTS: [&str; 5] = ["stat", "-x", ",", "-e", "cache-references,cache-misses"];

/// Cache references and cache misses; nothing where the machine has no such counters, or they were not counted.
///
/// A line is `count,unit,event,..`. An event may say whose it is, as in `cache-misses:u` or `cpu_core/cache-misses/`;
/// those of several kinds of cores are added up. Other lines, which the command itself writes, are passed over.
pub fn counts(lines: &str) -> Option<[u64; 2]> {
    let of = |name: &str| {
        let fields = lines.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let counts = fields.filter_map(|fields| match fields[..] {
            [count, _, event, ..] if event.split([':', '/']).any(|part| part == name) => count.parse().ok(),
            _ => None,
        });
        counts.fold(None, |sum: Option<u64>, count: u64| Some(sum.unwrap_or(0) + count))
    };
    Some([of("cache-references")?, of("cache-misses")?])
}
