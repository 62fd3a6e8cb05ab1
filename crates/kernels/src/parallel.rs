//! The one place where work is shared out among threads.
//!
//! **Who computes never decides what is computed**: items do not see each other, and what is added up over items is
//! added afterwards, in their order. The threads are those of the rayon pool in which a call is made; WebAssembly has
//! none, there the caller does everything.

use smallvec::SmallVec;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Below this many operations the work is cheaper on one thread than two threads are to start.
const SERIAL: usize = 1 << 14;

/// Items that are kept without asking for memory: the chunks of a batch, the pieces of a network's parameters.
const INLINE: usize = 32;

/// Does `work` for every item, of `operations` in all; little work stays on the calling thread.
///
/// With `T` threads the items are cut into `T` runs of neighbours of about the same length, always the same ones: what
/// a thread wrote in one call is in its own cache in the next.
pub fn for_each<I>(operations: usize, items: I, work: impl Fn(I::Item) + Sync)
where
    I: Iterator,
    I::Item: Send,
{
    let threads = if operations < SERIAL { 1 } else { threads() };
    if threads == 1 {
        items.for_each(work);
        return;
    }
    // A lock for each item is what lets `share` know nothing of the items; nobody ever waits for one.
    let items: SmallVec<[Mutex<Option<I::Item>>; INLINE]> =
        items.map(|item| Mutex::new(Some(item))).collect();
    share(0..items.len(), threads, &|at: usize| {
        let item = items[at].lock().unwrap_or_else(PoisonError::into_inner).take();
        item.into_iter().for_each(&work);
    });
}

#[cfg(not(target_family = "wasm"))]
fn threads() -> usize {
    rayon::current_num_threads()
}

#[cfg(target_family = "wasm")]
fn threads() -> usize {
    1
}

/// Halves threads and items until one thread is left. **Compiled once, here**: what rayon makes of a closure is much
/// code, and `cnn`, which shares out work in many places, is built for each submission.
fn share(items: Range<usize>, threads: usize, work: &(dyn Fn(usize) + Sync)) {
    if threads == 1 || items.len() < 2 {
        items.for_each(work);
        return;
    }
    let (few, many) = (threads / 2, threads - threads / 2);
    let middle = items.start + (items.len() * many).div_ceil(threads);
    join(|| share(items.start..middle, many, work), || share(middle..items.end, few, work));
}

#[cfg(not(target_family = "wasm"))]
fn join(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    rayon::join(a, b);
}

#[cfg(target_family = "wasm")]
fn join(a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
    a();
    b();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[rstest::rstest]
    fn every_item_is_worked_on_once_by_any_number_of_threads(
        #[values(1, 2, 3, 5, 8)] threads: usize,
        #[values(0, 1, 2, 7, 8, 40)] count: usize,
        #[values(0, SERIAL)] operations: usize,
    ) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut numbers: Vec<usize> = (0..count).collect();
        pool.install(|| for_each(operations, numbers.iter_mut(), |number| *number += 100));
        assert_eq!(numbers, (100..100 + count).collect::<Vec<_>>());
    }

    /// Each of two threads has one half, if it comes to its share at all.
    #[test]
    fn little_work_stays_on_the_calling_thread_and_much_is_cut_into_neighbours() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let workers = |operations| {
            let workers = Mutex::new(vec![usize::MAX; 8]);
            let note = |item: usize| {
                workers.lock().unwrap()[item] = rayon::current_thread_index().unwrap();
                std::thread::sleep(std::time::Duration::from_millis(1));
            };
            pool.install(|| for_each(operations, 0..8, note));
            workers.into_inner().unwrap()
        };
        assert!(workers(SERIAL - 1).windows(2).all(|pair| pair[0] == pair[1]));
        let shared = workers(SERIAL);
        assert!(
            [&shared[..4], &shared[4..]].iter().all(|half| half.windows(2).all(|pair| pair[0] == pair[1]))
        );
    }
}
