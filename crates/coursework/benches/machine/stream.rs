//! How fast this machine moves numbers that no cache holds.

use rayon::ThreadPool;
use std::hint::black_box;
use std::time::Instant;

/// Numbers of each of the two arrays: 134 MB, more than most processors' caches hold.
const NUMBERS: usize = 1 << 25;

/// Two arrays, which are asked for when they are needed: the memory of an epoch is measured before.
#[derive(Default)]
pub struct Stream {
    from: Vec<f32>,
    to: Vec<f32>,
}

impl Stream {
    /// Bytes per second, read and written, of scaling one array into the other; each thread does a part of its own.
    pub fn rate(&mut self, pool: &ThreadPool) -> f64 {
        if self.from.is_empty() {
            (self.from, self.to) = (vec![1.0; NUMBERS], vec![1.0; NUMBERS]);
        }
        let part = NUMBERS.div_ceil(pool.current_num_threads());
        let parts = self.from.chunks(part).zip(self.to.chunks_mut(part));
        let start = Instant::now();
        pool.in_place_scope(|scope| {
            for (from, to) in parts {
                scope.spawn(move |_| scale(from, to, black_box(0.5)));
            }
        });
        (2 * size_of::<f32>() * NUMBERS) as f64 / start.elapsed().as_secs_f64()
    }
}

/// `to = factor from`. A copy would be written around the caches, which no layer does.
fn scale(from: &[f32], to: &mut [f32], factor: f32) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = factor * from;
    }
    black_box(to);
}
