//! Independent parts on all threads: one part a thread, so that no thread waits for another within a part.
//!
//! Rayon's own loop over the parts would not do that: within a part, a thread that waits for another takes up what work
//! there is, and begins a further part, for minutes, on top of its own.

use rayon::ThreadPoolBuilder;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The parts' values, in their order.
///
/// **As many parts at a time as the current pool has threads, each on one of its own**; what is left of a last round
/// that would not be full is computed one after the other, each on all threads. What a part gives must not depend on
/// its threads.
///
/// # Errors
/// That of the first part that fails. After a failure, or a panic, no further part is begun.
pub(super) fn side_by_side<T: Sync, V: Send, E: Send>(
    parts: &[T],
    compute: impl Fn(&T) -> Result<V, E> + Sync,
) -> Result<Vec<V>, E> {
    let threads = rayon::current_num_threads();
    let in_rounds = if threads > 1 { parts.len() - parts.len() % threads } else { 0 };
    let (rounds, rest) = parts.split_at(in_rounds);
    let next = AtomicUsize::new(0);
    let worker = || {
        let _stop = StopOnPanic { next: &next, end: rounds.len() };
        let pool = ThreadPoolBuilder::new().num_threads(1).build();
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = rounds.get(place) else { return done };
            // Without a pool of its own it shares the others' threads, and gives the same.
            let value = pool.as_ref().map_or_else(|_| compute(part), |pool| pool.install(|| compute(part)));
            if value.is_err() {
                next.store(rounds.len(), Ordering::Relaxed);
            }
            done.push((place, value));
        }
    };
    let mut done: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = rounds.iter().take(threads).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, value)| value).chain(rest.iter().map(compute)).collect()
}

/// Leaves no further part to the other workers when this one panics.
struct StopOnPanic<'a> {
    next: &'a AtomicUsize,
    end: usize,
}

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.next.store(self.end, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    fn on<V: Send>(threads: usize, compute: impl FnOnce() -> V + Send) -> V {
        ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(compute)
    }

    #[rstest]
    #[case::none(1, 0, &[])]
    #[case::one_thread(1, 3, &[1, 1, 1])]
    #[case::fewer_parts_than_threads(4, 2, &[4, 4])]
    #[case::full_rounds(2, 4, &[1, 1, 1, 1])]
    #[case::a_last_part_on_all_threads(2, 5, &[1, 1, 1, 1, 2])]
    #[case::two_last_parts_on_all_threads(3, 8, &[1, 1, 1, 1, 1, 1, 3, 3])]
    fn values_stand_in_the_order_of_their_parts(
        #[case] threads: usize,
        #[case] parts: usize,
        #[case] expected: &[usize],
    ) {
        let parts: Vec<usize> = (0..parts).collect();
        let compute = |&part: &usize| Ok::<_, ()>((part, rayon::current_num_threads()));
        let values = on(threads, || side_by_side(&parts, compute)).unwrap();
        assert_eq!(values, parts.into_iter().zip(expected.iter().copied()).collect::<Vec<_>>());
    }

    #[rstest]
    #[case::in_a_round(3)]
    #[case::among_the_rest(8)]
    fn the_first_failure_is_told_and_what_would_follow_is_not_begun(#[case] fault: usize) {
        let parts: Vec<usize> = (0..9).collect();
        let begun = Mutex::new(Vec::new());
        let compute = |&part: &usize| {
            begun.lock().unwrap().push(part);
            if part >= fault { Err(part) } else { Ok(part) }
        };
        assert_eq!(on(2, || side_by_side(&parts, compute)), Err(fault));
        // The other thread may have begun the one after it.
        assert!(begun.into_inner().unwrap().iter().all(|&part| part <= fault + 1));
    }

    /// Says that its part has panicked.
    struct Fallen<'a>(&'a AtomicBool);

    impl Drop for Fallen<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_panic_goes_on_and_no_further_part_is_begun() {
        const PARTS: usize = 1000;
        let parts: Vec<usize> = (0..PARTS).collect();
        let (fallen, begun) = (AtomicBool::new(false), AtomicUsize::new(0));
        let compute = |&part: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            if part == 1 {
                let _fallen = Fallen(&fallen);
                panic!("part 1");
            }
            while part > 1 && !fallen.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            thread::sleep(Duration::from_millis(1));
            Ok::<_, ()>(part)
        };
        let call = || on(2, || side_by_side(&parts, compute));
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"part 1"));
        assert!(begun.into_inner() < PARTS);
    }
}
