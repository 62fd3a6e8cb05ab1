//! The batches of a run: which examples each step sees.

use numerics::random::{Purpose, Stream};

/// Where a run stands: epoch and batch, **both from 1**.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The epoch.
    pub epoch: usize,
    /// The batch of the epoch.
    pub batch: usize,
}

/// The batches of a run: in each epoch every example once, in a new random order, cut into batches. **The last batch of
/// an epoch is smaller** when their size does not divide the number of examples.
#[derive(Clone, Debug)]
pub(crate) struct Batches {
    orders: Stream,
    /// Where the stream stood before it drew the epoch's order.
    before: u128,
    size: usize,
    /// The examples of the epoch, in the order of its batches.
    order: Vec<usize>,
    /// Examples of the epoch that were learned from.
    done: usize,
    epoch: usize,
}

impl Batches {
    /// Batches of `size` examples, at least 1, in orders drawn from the stream [`Purpose::Batches`] of `seed`.
    pub(crate) fn new(size: usize, seed: u64) -> Self {
        let orders = Stream::new(seed, Purpose::Batches);
        Self { orders, before: 0, size: size.max(1), order: Vec::new(), done: 0, epoch: 0 }
    }

    /// How many batches an epoch of so many examples has.
    pub(crate) fn per_epoch(&self, examples: usize) -> usize {
        examples.div_ceil(self.size)
    }

    /// How many batches of so many examples were taken; none if that is no number.
    pub(crate) fn steps(&self, examples: usize) -> Option<usize> {
        let before = self.epoch.saturating_sub(1).checked_mul(self.per_epoch(examples))?;
        before.checked_add(self.done.div_ceil(self.size))
    }

    /// Whether no batch is left of the epoch, or none has been taken.
    pub(crate) fn ends_epoch(&self) -> bool {
        self.done == self.order.len()
    }

    /// The epoch that was begun last; 0 before the first.
    pub(crate) fn epoch(&self) -> usize {
        self.epoch
    }

    /// The place of the next batch.
    pub(crate) fn next_place(&self) -> Place {
        if self.ends_epoch() {
            Place { epoch: self.epoch + 1, batch: 1 }
        } else {
            Place { epoch: self.epoch, batch: self.done / self.size + 1 }
        }
    }

    /// The next batch of so many examples, which stays the next one until it is [taken](Self::take); the first of an
    /// epoch draws a new order.
    pub(crate) fn next(&mut self, examples: usize) -> &[usize] {
        if self.ends_epoch() {
            self.epoch += 1;
            self.done = 0;
            self.draw(examples);
        }
        &self.order[self.done..self.end()]
    }

    fn draw(&mut self, examples: usize) {
        self.before = self.orders.position();
        self.order.clear();
        self.order.extend(0..examples);
        self.orders.shuffle(&mut self.order);
    }

    /// Epoch, examples of it that were learned from, and where the stream stood before it drew their order.
    pub(crate) fn position(&self) -> (usize, usize, u128) {
        (self.epoch, self.done, self.before)
    }

    /// Goes to a [`position`](Self::position) in so many examples. False, and nothing is changed, if there is none
    /// such.
    pub(crate) fn seek(&mut self, (epoch, done, before): (usize, usize, u128), examples: usize) -> bool {
        let begins = epoch == 0 && done == 0;
        let within = epoch > 0 && done <= examples && (done == examples || done.is_multiple_of(self.size));
        if within {
            self.orders.seek(before);
            self.draw(examples);
        }
        if begins || within {
            (self.epoch, self.done) = (epoch, done);
        }
        begins || within
    }

    /// The batch is done.
    pub(crate) fn take(&mut self) {
        self.done = self.end();
    }

    fn end(&self) -> usize {
        self.done.saturating_add(self.size).min(self.order.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The batches of two epochs, each with its place.
    fn batches(examples: usize, size: usize, seed: u64) -> Vec<(Place, Vec<usize>)> {
        let mut batches = Batches::new(size, seed);
        let steps = 2 * batches.per_epoch(examples);
        let next = |_| {
            let place = batches.next_place();
            let rows = batches.next(examples).to_vec();
            batches.take();
            (place, rows)
        };
        (0..steps).map(next).collect()
    }

    #[rstest]
    #[case::a_size_that_divides(12, 4, &[4, 4, 4])]
    #[case::a_smaller_last_batch(12, 5, &[5, 5, 2])]
    #[case::all_at_once(12, 99, &[12])]
    #[case::one_by_one(3, 1, &[1, 1, 1])]
    #[case::a_size_of_nothing_is_one(2, 0, &[1, 1])]
    fn an_epoch_sees_every_example_once(
        #[case] examples: usize,
        #[case] size: usize,
        #[case] sizes: &[usize],
    ) {
        let batches = batches(examples, size, 1);
        for (epoch, batches) in batches.chunks(sizes.len()).enumerate() {
            let mut seen: Vec<usize> = batches.iter().flat_map(|(_, rows)| rows.clone()).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..examples).collect::<Vec<_>>());
            assert_eq!(batches.iter().map(|(_, rows)| rows.len()).collect::<Vec<_>>(), sizes);
            let places = batches.iter().map(|(place, _)| *place).collect::<Vec<_>>();
            let expected = (1..=sizes.len()).map(|batch| Place { epoch: epoch + 1, batch });
            assert_eq!(places, expected.collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_epoch_and_every_seed_has_an_order_of_its_own() {
        let orders = |seed| batches(40, 40, seed).into_iter().map(|(_, rows)| rows).collect::<Vec<_>>();
        assert_eq!(orders(1), orders(1));
        assert_ne!(orders(1)[0], orders(1)[1]);
        assert_ne!(orders(1), orders(2));
    }

    #[test]
    fn from_a_position_the_same_batches_follow() {
        let mut batches = Batches::new(3, 1);
        let rest = |batches: &mut Batches| {
            let next = |_| {
                let rows = batches.next(8).to_vec();
                batches.take();
                rows
            };
            (0..7).map(next).collect::<Vec<_>>()
        };
        for taken in 0..7 {
            let mut other = Batches::new(3, 1);
            assert!(other.seek(batches.position(), 8), "{taken}");
            assert_eq!(rest(&mut other), rest(&mut batches.clone()), "{taken}");
            batches.next(8);
            batches.take();
        }
        assert!(!batches.seek((1, 2, 0), 8), "within a batch");
        assert!(!batches.seek((1, 9, 0), 8), "beyond the examples");
    }

    #[test]
    fn a_batch_that_was_not_taken_comes_again() {
        let mut batches = Batches::new(2, 1);
        let first = batches.next(6).to_vec();
        assert_eq!(batches.next(6), first);
        assert_eq!(batches.next_place(), Place { epoch: 1, batch: 1 });
        batches.take();
        assert_ne!(batches.next(6), first);
    }
}
