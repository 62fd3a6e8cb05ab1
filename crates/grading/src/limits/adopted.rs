//! Processes that left their group: on Linux they become children of the grader, which ends them.

#[cfg(target_os = "linux")]
use super::live::{REST, live};
#[cfg(target_os = "linux")]
use super::processes::processes;
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(target_os = "linux")]
use std::time::Instant;

/// Whether processes that leave their group come to this one, which ends them.
static ADOPTS: AtomicBool = AtomicBool::new(false);

/// From now on, what a program began and left behind is ended with it, **also what left its group**, where the system
/// has the means: on Linux such a process becomes a child of this one. Every child of this process that
/// [`run`](super::run) did not begin is taken for one.
pub fn adopt() {
    #[cfg(target_os = "linux")]
    if let Some(own) = own() {
        ADOPTS.store(rustix::process::set_child_subreaper(Some(own)).is_ok(), Ordering::SeqCst);
    }
}

/// From now on, when the process that began this one ends, this one is interrupted, as by Ctrl-C; on Linux alone.
pub fn end_with_the_caller() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::INT));
}

/// This process.
#[cfg(target_os = "linux")]
fn own() -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(i32::try_from(std::process::id()).ok()?)
}

/// Ends the processes that this one adopted, and those that they leave to it, until there is none.
#[cfg(target_os = "linux")]
pub(super) fn end() {
    use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
    let pid = |id: u32| i32::try_from(id).ok().and_then(Pid::from_raw);
    let until = Instant::now() + REST;
    while ADOPTS.load(Ordering::SeqCst) && Instant::now() < until {
        let adopted: Vec<Pid> =
            children().into_iter().filter(|id| !live().contains(id)).filter_map(pid).collect();
        if adopted.is_empty() {
            return;
        }
        for child in adopted {
            let _ = kill_process(child, Signal::KILL);
            let _ = waitpid(Some(child), WaitOptions::empty());
        }
    }
}

/// The children of this process.
#[cfg(target_os = "linux")]
fn children() -> Vec<u32> {
    let own = std::process::id();
    processes().into_iter().filter(|process| process.parent == own).map(|process| process.id).collect()
}

/// Nothing is adopted.
#[cfg(not(target_os = "linux"))]
pub(super) fn end() {}
