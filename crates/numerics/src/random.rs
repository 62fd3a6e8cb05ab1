//! Random streams: named, seeded, one per purpose.
//!
//! The generator is ChaCha with 8 rounds (D. J. Bernstein, 2008). A seed fills the first eight key bytes, the
//! [`Purpose`] is the stream number, so what one purpose draws never shifts what another draws: drawing one more
//! batch order leaves the initial weights as they were. The distributions are written out below because the rand
//! crates do not promise theirs to stay value-stable.

use crate::elementary::{cos, ln};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// What a stream is for; each purpose draws from a stream of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u64)]
pub enum Purpose {
    /// The shuffle of a data set before it is cut into training and test part.
    Split = 1,
    /// The initial weights.
    Init = 2,
    /// The order of the examples in each epoch.
    Batches = 3,
    /// The distortion of training images.
    Augment = 4,
    /// Test inputs and cotangents of gradient checks.
    Check = 5,
    /// Resampling for confidence intervals.
    Bootstrap = 6,
    /// The choice of what is recomputed of a long study.
    SpotCheck = 7,
    /// Examples drawn from a known distribution.
    Simulation = 8,
}

/// A reproducible stream of random numbers.
///
/// ```
/// use numerics::random::{Purpose, Stream};
/// let mut a = Stream::new(7, Purpose::Init);
/// let mut b = Stream::new(7, Purpose::Init);
/// assert_eq!(a.unit(), b.unit());
/// assert_ne!(a.unit(), Stream::new(8, Purpose::Init).unit());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of `seed` for `purpose`, at its beginning.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(purpose as u64);
        Self(generator)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// How many 32-bit words have been drawn: with seed and purpose, all that is needed to go on from here.
    pub fn position(&self) -> u128 {
        self.0.get_word_pos()
    }

    /// Goes to a [`position`](Self::position) noted earlier.
    pub fn seek(&mut self, position: u128) {
        self.0.set_word_pos(position);
    }

    /// Uniform on `[0, 1)`: the upper 53 bits of one draw, times `2^-53`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Uniform on `[low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A standard normal deviate by Box and Muller's transform (1958), the cosine branch only: two uniform draws
    /// each, so the position after `n` deviates does not depend on their values.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * ln(1.0 - self.unit())).sqrt();
        radius * cos(std::f64::consts::TAU * self.unit())
    }

    /// A uniform integer in `0..bound`, without bias: D. Lemire's multiplication with rejection (2019).
    ///
    /// # Panics
    /// When `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "a random integer below 0 was asked for");
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            if product as u64 >= threshold {
                return (product >> 64) as u64;
            }
        }
    }

    /// Shuffles `items` in place: Fisher and Yates, from the last place down.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }

    /// A random order of `0..n`.
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check() -> Stream {
        Stream::new(1, Purpose::Check)
    }

    #[test]
    fn purposes_do_not_share_their_draws() {
        let first = |purpose| Stream::new(5, purpose).bits();
        assert_ne!(first(Purpose::Init), first(Purpose::Split));
    }

    #[test]
    fn a_stream_goes_on_from_its_position() {
        let mut stream = check();
        stream.normal();
        let position = stream.position();
        let next = stream.bits();
        let mut again = check();
        again.seek(position);
        assert_eq!(again.bits(), next);
    }

    #[test]
    fn normal_deviates_have_mean_zero_and_variance_one() {
        let mut stream = check();
        let n = 100_000;
        let xs: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let mean = crate::reduce::mean(&xs);
        let variance = crate::reduce::dot(&xs, &xs) / n as f64;
        // Five standard errors: 5/sqrt(n) and 5 sqrt(2/n).
        assert!(mean.abs() < 5.0 / (n as f64).sqrt(), "mean {mean}");
        assert!((variance - 1.0).abs() < 5.0 * (2.0 / n as f64).sqrt(), "variance {variance}");
    }

    #[test]
    fn every_order_of_three_is_equally_likely() {
        let mut counts = std::collections::BTreeMap::new();
        let mut stream = check();
        let n = 60_000;
        for _ in 0..n {
            *counts.entry(stream.permutation(3)).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        let chi2: f64 = counts.values().map(|&c| (f64::from(c) - 1e4).powi(2) / 1e4).sum();
        assert!(chi2 < 20.5, "chi-squared {chi2} with 5 degrees of freedom exceeds its 99.9 % point");
    }

    /// The streams are part of every recorded number, so their values are pinned.
    #[test]
    fn the_values_are_pinned() {
        let mut stream = Stream::new(42, Purpose::Init);
        assert_eq!(stream.bits(), PINNED_BITS);
        assert_eq!(stream.unit().to_bits(), PINNED_UNIT.to_bits());
        assert_eq!(stream.normal().to_bits(), PINNED_NORMAL.to_bits());
        assert_eq!(Stream::new(42, Purpose::Split).permutation(8), PINNED_ORDER);
    }

    /// Printed by `tests/golden/random_streams.py`, which is a second ChaCha8 in plain Python.
    const PINNED_BITS: u64 = 0x3a28_d901_7e98_04fd;
    const PINNED_UNIT: f64 = 0.5429221739955897;
    const PINNED_NORMAL: f64 = -1.0997682769131119;
    const PINNED_ORDER: [usize; 8] = [4, 5, 7, 2, 0, 3, 1, 6];

    proptest! {
        #[test]
        fn below_stays_below(seed: u64, bound in 1_u64..) {
            prop_assert!(Stream::new(seed, Purpose::Check).below(bound) < bound);
        }

        #[test]
        fn a_permutation_holds_every_index_once(seed: u64, n in 0_usize..200) {
            let mut order = Stream::new(seed, Purpose::Check).permutation(n);
            order.sort_unstable();
            prop_assert_eq!(order, (0..n).collect::<Vec<_>>());
        }
    }
}
