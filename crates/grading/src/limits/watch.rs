//! What a program and all that it began take together: processes, memory, and room on the disk.
//!
//! The limits that the system knows are each process's own. So a program within walls is looked at a few times a
//! second; what it does in between is held by those limits alone. Memory and processes are counted on Linux only.

use super::call::{Call, Limits};
#[cfg(target_os = "linux")]
use super::processes::processes;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(250);

/// The most processes that a program and what it began may be.
const PROCESSES: usize = 256;

/// The most that may lie in a folder into which it writes.
const DISK: u64 = 16 << 30;

/// What looks at a program.
pub(super) struct Watch<'a> {
    head: u32,
    call: &'a Call,
    limits: Limits,
    next: Instant,
}

impl<'a> Watch<'a> {
    /// What looks at the group of `head`, which was begun by `call`.
    pub(super) fn new(head: u32, call: &'a Call, limits: Limits) -> Self {
        Self { head, call, limits, next: Instant::now() + EVERY }
    }

    /// Why the program has to end, if it is time to look and it took too much.
    pub(super) fn look(&mut self) -> Option<String> {
        let walls = self.call.walls.as_ref()?;
        if Instant::now() < self.next {
            return None;
        }
        let (processes, bytes) = group(self.head);
        let most = self.limits.memory_gib;
        let found = if processes > PROCESSES {
            Some(format!("more than {PROCESSES} processes"))
        } else if bytes as f64 > most * f64::from(1 << 30) {
            Some(format!("more than {most} GiB of memory in all its processes"))
        } else if walls.write.iter().any(|folder| size(folder, DISK) > DISK) {
            Some(format!("more than {} GiB of disk", DISK >> 30))
        } else {
            None
        };
        self.next = Instant::now() + EVERY;
        found
    }
}

/// The processes of a group, and the bytes of memory that they hold.
#[cfg(target_os = "linux")]
fn group(head: u32) -> (usize, u64) {
    let page = rustix::param::page_size() as u64;
    let of_group = processes().into_iter().filter(|process| process.group == head);
    of_group.fold((0, 0), |(count, bytes), process| (count + 1, bytes + process.pages * page))
}

/// Nothing is counted.
#[cfg(not(target_os = "linux"))]
fn group(_: u32) -> (usize, u64) {
    (0, 0)
}

/// The bytes of the files below a folder, counted until they are more than `most`; links are not followed.
fn size(folder: &Path, most: u64) -> u64 {
    let mut sum = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop().filter(|_| sum <= most) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(found) if found.is_dir() => folders.push(entry.path()),
                Ok(found) => sum += found.len(),
                Err(_) => {}
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted_in_all_folders_and_no_further_than_needed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        for name in ["one", "a/two"] {
            std::fs::write(folder.path().join(name), [0; 10]).unwrap();
        }
        assert_eq!(size(folder.path(), u64::MAX), 20);
        assert!(size(folder.path(), 5) >= 10);
        assert_eq!(size(&folder.path().join("none"), u64::MAX), 0);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_group_is_counted_with_its_memory() {
        use std::os::unix::process::CommandExt;
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 30 & sleep 30"])
            .process_group(0)
            .spawn()
            .unwrap();
        let until = Instant::now() + Duration::from_secs(20);
        while group(child.id()).0 < 3 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        let (processes, bytes) = group(child.id());
        super::super::kill_group(child.id());
        child.wait().unwrap();
        assert_eq!(processes, 3);
        assert!(bytes > 100_000, "{bytes}");
    }
}
