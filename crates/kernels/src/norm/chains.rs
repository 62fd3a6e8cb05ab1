//! Sums over pixels as four chains side by side, so that no addition waits for the one before it.

/// Chains of a sum.
pub(super) const CHAINS: usize = 4;

/// Does the block for every `$i` below `$count`, with the chain `$i mod 4`. The chains are never indexed by a number
/// that is known only when the program runs, so that they stay in registers. A macro, because a closure would be
/// compiled without the caller's instruction set.
macro_rules! along_chains {
    ($count:expr, $chains:ident, |$i:ident, $chain:pat_param| $body:block) => {
        let (count, mut first) = ($count, 0);
        while first < count / CHAINS * CHAINS {
            for (k, $chain) in $chains.iter_mut().enumerate() {
                let $i = first + k;
                $body
            }
            first += CHAINS;
        }
        for (k, $chain) in $chains.iter_mut().enumerate() {
            let $i = first + k;
            if $i < count {
                $body
            }
        }
    };
}
pub(super) use along_chains;

/// The sum of the chains.
#[inline(always)]
pub(super) fn joined<const B: usize>(chains: [[f32; B]; CHAINS]) -> [f32; B] {
    let mut sum = [0.0; B];
    for i in 0..B {
        sum[i] = (chains[0][i] + chains[1][i]) + (chains[2][i] + chains[3][i]);
    }
    sum
}

/// Two sums that were kept side by side.
#[inline(always)]
pub(super) fn apart<const B: usize>(
    sums: [([f32; B], [f32; B]); CHAINS],
) -> ([[f32; B]; CHAINS], [[f32; B]; CHAINS]) {
    let (mut first, mut second) = ([[0.0; B]; CHAINS], [[0.0; B]; CHAINS]);
    for (i, sums) in sums.into_iter().enumerate() {
        (first[i], second[i]) = sums;
    }
    (first, second)
}
