//! The three matrix products that a linear layer needs, for `f64` on ndarray.
//!
//! Every element of a product is one chain of additions over the inner index, from 0 upwards, starting at 0. Some
//! neighbouring columns of a row are added up side by side, so the compiler vectorises over *outputs*, keeps the sums
//! in registers, and the chain stays what it is. ndarray's own `dot` is faster on large matrices but picks its
//! kernel, and so its bits, by processor.

use ndarray::{Array1, Array2, ArrayView2, Axis};

/// `C = A B`: `(N, K)(K, M) -> (N, M)`.
///
/// # Panics
/// When the inner sizes differ.
pub fn matmul(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Array2<f64> {
    assert_eq!(a.ncols(), b.nrows(), "matmul of {:?} and {:?}", a.dim(), b.dim());
    let (a, b) = (a.as_standard_layout(), b.as_standard_layout());
    let mut c = Array2::zeros((a.nrows(), b.ncols()));
    let (Some(a_all), Some(b_all), Some(c_all)) = (a.as_slice(), b.as_slice(), c.as_slice_mut()) else {
        unreachable!("a matrix in standard layout is a slice")
    };
    let (inner, columns) = b.dim();
    if inner == 0 || columns == 0 {
        return c;
    }
    for (a_row, c_row) in a_all.chunks_exact(inner).zip(c_all.chunks_exact_mut(columns)) {
        let mut column = 0;
        column = columns_of_row::<8>(a_row, b_all, c_row, column);
        column = columns_of_row::<4>(a_row, b_all, c_row, column);
        columns_of_row::<1>(a_row, b_all, c_row, column);
    }
    c
}

/// Adds up `W` columns of a row at a time, from `first` on, as long as there are so many left; the first column that is
/// left.
#[inline]
fn columns_of_row<const W: usize>(a_row: &[f64], b: &[f64], c_row: &mut [f64], first: usize) -> usize {
    let columns = c_row.len();
    let mut column = first;
    while column + W <= columns {
        let mut sums = [0.0; W];
        for (&x, b_row) in a_row.iter().zip(b.chunks_exact(columns)) {
            for (sum, &b) in sums.iter_mut().zip(&b_row[column..column + W]) {
                *sum += x * b;
            }
        }
        c_row[column..column + W].copy_from_slice(&sums);
        column += W;
    }
    column
}

/// `C = Aᵀ B`: `(N, K)ᵀ(N, M) -> (K, M)`, the weights' gradient.
///
/// # Panics
/// When the numbers of rows differ.
pub fn matmul_tn(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Array2<f64> {
    assert_eq!(a.nrows(), b.nrows(), "matmul_tn of {:?} and {:?}", a.dim(), b.dim());
    matmul(a.t(), b)
}

/// `C = A Bᵀ`: `(N, M)(K, M)ᵀ -> (N, K)`, the input's gradient.
///
/// # Panics
/// When the numbers of columns differ.
pub fn matmul_nt(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Array2<f64> {
    assert_eq!(a.ncols(), b.ncols(), "matmul_nt of {:?} and {:?}", a.dim(), b.dim());
    matmul(a, b.t())
}

/// The sum of the rows, first to last: `(N, M) -> (M)`, a bias's gradient.
pub fn sum_rows(a: ArrayView2<f64>) -> Array1<f64> {
    let mut total = Array1::zeros(a.ncols());
    for row in a.axis_iter(Axis(0)) {
        total += &row;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    fn random(rows: usize, cols: usize, seed: u64) -> Array2<f64> {
        let mut stream = Stream::new(seed, Purpose::Check);
        Array2::from_shape_simple_fn((rows, cols), || stream.normal())
    }

    #[test]
    fn all_three_products_agree_with_ndarray() {
        let (a, b) = (random(5, 7, 1), random(7, 3, 2));
        let reference = a.dot(&b);
        let close = |c: Array2<f64>| (c - &reference).iter().all(|d| d.abs() < 1e-13);
        assert!(close(matmul(a.view(), b.view())));
        assert!(close(matmul_tn(a.t().as_standard_layout().view(), b.view())));
        assert!(close(matmul_nt(a.view(), b.t().as_standard_layout().view())));
    }

    #[test]
    fn an_element_is_one_chain_whatever_the_width() {
        let (a, b) = (random(4, 9, 3), random(9, 33, 4));
        let whole = matmul(a.view(), b.view());
        for j in 0..33 {
            let column = matmul(a.view(), b.column(j).insert_axis(Axis(1)));
            assert_eq!(whole.column(j), column.column(0), "column {j}");
        }
    }

    #[test]
    fn rows_are_summed_down_the_columns() {
        assert_eq!(sum_rows(ndarray::array![[1.0, 2.0], [3.0, 4.0]].view()), ndarray::array![4.0, 6.0]);
    }
}
