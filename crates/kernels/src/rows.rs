//! Sums over the rows of a matrix.
//!
//! Shapes: matrices are `(R, C)`, row after row.
#![allow(unsafe_code)]

use super::elementwise;
use super::isa::Isa;
use super::panels::{self, Panel};
use super::simd::{Kernel, Simd, dispatch};
use crate::parallel;

/// `total[c] += Σ_r rows[r, c]`, one row after the other.
pub fn add_rows(isa: Isa, rows: &[f32], total: &mut [f32]) {
    dispatch(isa, AddRows { rows, total });
}

/// `total += Σ rows`, one row after the other.
pub(super) struct AddRows<'a> {
    pub(super) rows: &'a [f32],
    pub(super) total: &'a mut [f32],
}

impl Kernel for AddRows<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let columns = self.total.len();
        panels::for_each_vector(simd, columns, &mut self);
    }
}

impl Panel for AddRows<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let columns = self.total.len();
        let (width, total) = (simd.width(), &mut self.total[column..][..simd.width()]);
        // SAFETY: `total` holds the numbers of the vector.
        let mut sum = unsafe { simd.load(total.as_ptr()) };
        for row in self.rows.chunks_exact(columns) {
            let row = &row[column..][..width];
            // SAFETY: `row` holds the numbers of the vector.
            sum = simd.add(sum, unsafe { simd.load(row.as_ptr()) });
        }
        // SAFETY: as for the load.
        unsafe { simd.store(total.as_mut_ptr(), sum) };
    }
}

/// Numbers that one task adds up.
const BLOCK: usize = 4096;

/// `total = Σ parts`, one part after the other, from 0.
pub fn sum_parts<'a, P>(isa: Isa, parts: P, total: &mut [f32])
where
    P: ExactSizeIterator<Item = &'a [f32]> + Clone + Sync,
{
    let operations = parts.len() * total.len();
    parallel::for_each(operations, total.chunks_mut(BLOCK).enumerate(), |(block, total)| {
        total.fill(0.0);
        for part in parts.clone() {
            elementwise::add(isa, &part[block * BLOCK..][..total.len()], total);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATRIX: [f32; 6] = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0]; // (2, 3)

    #[test]
    fn rows_are_added_to_what_is_there_and_parts_from_zero() {
        for isa in Isa::available() {
            let mut total = [100.0; 3];
            add_rows(isa, &MATRIX, &mut total);
            assert_eq!(total, [111.0, 122.0, 133.0]);
            sum_parts(isa, MATRIX.chunks(3), &mut total);
            assert_eq!(total, [11.0, 22.0, 33.0]);
        }
    }
}
