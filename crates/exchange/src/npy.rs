//! NumPy's format `.npy`, version 1.0: what `numpy.load` reads.
//!
//! ```text
//! \x93NUMPY 1 0   header's length, u16   header: a dictionary of Python as text, blanks, a line break   the numbers
//! ```
//!
//! The numbers begin at a multiple of 64 bytes. Source: R. Kern and others, "A simple file format for NumPy arrays",
//! NumPy Enhancement Proposal 1, 2007.

/// The numbers begin at a multiple of so many bytes.
const ALIGNMENT: usize = 64;

/// What stands before the header: the magic, the version, and the header's length.
const PREFIX: usize = 10;

/// An array of 32-bit floats, row by row, lowest byte first: `(rows, columns)`.
///
/// # Panics
/// When there are not as many numbers as that.
pub fn of_rows(rows: usize, columns: usize, values: &[f32]) -> Vec<u8> {
    assert_eq!(values.len(), rows * columns, "the numbers of {rows} rows of {columns}");
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let padded = (PREFIX + header.len() + 1).next_multiple_of(ALIGNMENT) - PREFIX;
    header = format!("{header:<width$}\n", width = padded - 1);
    let length = u16::try_from(header.len()).expect("two numbers are no long text");
    let mut file = [&b"\x93NUMPY\x01\x00"[..], &length.to_le_bytes(), header.as_bytes()].concat();
    file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `numpy.save` of NumPy 2.4 wrote these bytes for the same array.
    #[test]
    fn the_bytes_are_those_of_numpy() {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
        let mut expected = b"\x93NUMPY\x01\x00v\x00".to_vec();
        expected.extend(format!("{header:<117}\n").bytes());
        expected
            .extend([0.0_f32, 1.0, 2.0, -0.5, 1e-3, f32::MAX].iter().flat_map(|value| value.to_le_bytes()));
        assert_eq!(of_rows(2, 3, &[0.0, 1.0, 2.0, -0.5, 1e-3, f32::MAX]), expected);
    }

    #[test]
    fn the_numbers_begin_at_a_multiple_of_64_whatever_the_shape() {
        for rows in [1, 10, 999, 10_000, 123_456] {
            let file = of_rows(rows, 10, &vec![0.0; rows * 10]);
            let begins = file.len() - 4 * rows * 10;
            assert!(begins.is_multiple_of(ALIGNMENT) && file[begins - 1] == b'\n', "{rows}");
            assert_eq!(usize::from(u16::from_le_bytes([file[8], file[9]])), begins - PREFIX);
        }
    }

    #[test]
    #[should_panic(expected = "the numbers of 2 rows of 3")]
    fn other_numbers_than_the_shape_has_are_refused() {
        of_rows(2, 3, &[0.0; 5]);
    }
}
