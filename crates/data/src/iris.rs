//! Fisher's iris: 150 flowers, four lengths each, three species.
//!
//! Shapes: `N` flowers, 4 features.
//!
//! Source: R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7, 1936,
//! after measurements by E. Anderson. The file holds Fisher's numbers; the copy of the UCI repository differs in
//! rows 35 and 38.

use crate::checksum::KnownFile;
pub use crate::species::SPECIES;
use crate::table::{Row, rows};
use crate::{CellProblem, DataError};
use ndarray::{Array2, Axis};
use std::{io::Read, path::Path};

/// The file.
pub const FILE: KnownFile = KnownFile {
    path: "iris.csv",
    sha256: "9cc1c345c71bcc9b486b74cbf6063fa66f4bb5e0f603a4b3c3471ec2e5e8e355",
    bytes: 3858,
    gzip_sha256: None,
};

/// The columns of the file, in this order.
pub const HEADER: [&str; 5] = ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"];

/// How many features a flower has.
pub const FEATURES: usize = 4;

/// The flowers, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Iris {
    /// Sepal length, sepal width, petal length, petal width in centimetres: `(N, 4)`.
    pub features: Array2<f64>,
    /// The species of each flower as an index into [`SPECIES`]: `(N)`.
    pub labels: Vec<usize>,
}

impl Iris {
    /// Reads `iris.csv` from the folder `data_dir` and checks its SHA-256.
    ///
    /// # Errors
    /// Those of [`KnownFile::load`](KnownFile::load).
    pub fn load(data_dir: impl AsRef<Path>) -> Result<Self, DataError> {
        let content = FILE.load(data_dir.as_ref())?;
        Self::parse(FILE.path, content.as_slice())
    }

    /// Parses the table without checking its hash; `name` is what messages call it.
    ///
    /// Every length must be a positive, finite number and every species one of [`SPECIES`]; **empty lines are
    /// passed over**, as the CSV format has it.
    ///
    /// # Errors
    /// [`DataError::Header`], [`DataError::Columns`], [`DataError::Cell`] with row and column,
    /// [`DataError::Csv`] when the bytes are no UTF-8, [`DataError::Empty`] when there is no row.
    pub fn parse(name: &str, reader: impl Read) -> Result<Self, DataError> {
        let (mut features, mut labels) = (Vec::new(), Vec::new());
        for row in rows(name, &HEADER, reader)? {
            let (lengths, label) = parse_row(&row?)?;
            features.push(lengths);
            labels.push(label);
        }
        if labels.is_empty() {
            return Err(DataError::Empty { name: name.to_owned() });
        }
        Ok(Self { features: Array2::from(features), labels }) // (N, 4), (N)
    }

    /// The flowers at `indices`, in that order.
    ///
    /// # Panics
    /// When an index is not below `N`; those of a [`Split`](super::split::Split) of `N` are.
    pub fn subset(&self, indices: &[usize]) -> Self {
        Self {
            features: self.features.select(Axis(0), indices), // (len, 4)
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
        }
    }
}

fn parse_row(row: &Row) -> Result<([f64; FEATURES], usize), DataError> {
    let mut lengths = [0.0_f64; FEATURES];
    for (column, length) in lengths.iter_mut().enumerate() {
        *length = row.number(column)?;
        if !(length.is_finite() && *length > 0.0) {
            return Err(row.refuse(column, CellProblem::NotALength));
        }
    }
    let species = SPECIES.iter().position(|&s| s == row.text(FEATURES));
    Ok((lengths, species.ok_or_else(|| row.refuse(FEATURES, CellProblem::UnknownSpecies))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository_data;
    use proptest::prelude::*;
    use rstest::rstest;

    fn parse_rows(rows: &str) -> Result<Iris, DataError> {
        Iris::parse("test.csv", format!("{}\n{rows}", HEADER.join(",")).as_bytes())
    }

    #[test]
    fn the_file_holds_fifty_flowers_of_each_species_in_order() {
        let iris = Iris::load(repository_data()).unwrap();
        assert_eq!(iris.features.dim(), (150, 4));
        assert_eq!(iris.labels, [[0; 50], [1; 50], [2; 50]].concat());
    }

    #[rstest]
    #[case(35, [4.9, 3.1, 1.5, 0.2])]
    #[case(38, [4.9, 3.6, 1.4, 0.1])]
    fn the_rows_that_are_wrong_in_the_uci_copy_are_fishers(#[case] row: usize, #[case] fisher: [f64; 4]) {
        let iris = Iris::load(repository_data()).unwrap();
        assert_eq!(iris.features.row(row - 1).to_vec(), fisher);
    }

    /// The means of the description that scikit-learn prints with the data set: 5.84, 3.05 (3.057), 3.76, 1.20.
    #[test]
    fn the_columns_have_the_published_means() {
        let means = Iris::load(repository_data()).unwrap().features.mean_axis(Axis(0)).unwrap();
        for (mean, published) in means.iter().zip([5.843, 3.057, 3.758, 1.199]) {
            assert!((mean - published).abs() < 0.0005, "{mean}");
        }
    }

    #[test]
    fn a_subset_keeps_features_and_labels_together() {
        let iris = parse_rows("1,2,3,4,setosa\n5,6,7,8,virginica\n").unwrap();
        let subset = iris.subset(&[1, 0, 1]);
        assert_eq!(subset.labels, [2, 0, 2]);
        assert_eq!(subset.features.column(0).to_vec(), [5.0, 1.0, 5.0]);
    }

    #[rstest]
    #[case::a_letter(
        "5.1,3.5,1.4,0.2,setosa\n5.1,3.5x,1.4,0.2,setosa",
        2,
        "sepal_width",
        CellProblem::NotANumber
    )]
    #[case::nothing("5.1,3.5,,0.2,setosa", 1, "petal_length", CellProblem::NotANumber)]
    #[case::a_space(" 5.1,3.5,1.4,0.2,setosa", 1, "sepal_length", CellProblem::NotANumber)]
    #[case::a_negative_length("5.1,3.5,1.4,-0.2,setosa", 1, "petal_width", CellProblem::NotALength)]
    #[case::no_length("0,3.5,1.4,0.2,setosa", 1, "sepal_length", CellProblem::NotALength)]
    #[case::an_infinite_length("5.1,inf,1.4,0.2,setosa", 1, "sepal_width", CellProblem::NotALength)]
    #[case::a_length_too_large_for_a_double(
        "5.1,1e999,1.4,0.2,setosa",
        1,
        "sepal_width",
        CellProblem::NotALength
    )]
    #[case::nan("NaN,3.5,1.4,0.2,setosa", 1, "sepal_length", CellProblem::NotALength)]
    #[case::another_species("5.1,3.5,1.4,0.2,germanica", 1, "species", CellProblem::UnknownSpecies)]
    #[case::a_species_in_capitals("5.1,3.5,1.4,0.2,Setosa", 1, "species", CellProblem::UnknownSpecies)]
    fn a_cell_is_refused_by_row_and_column_that_holds(
        #[case] rows: &str,
        #[case] bad_row: usize,
        #[case] bad_column: &str,
        #[case] expected: CellProblem,
    ) {
        let error = parse_rows(rows).unwrap_err();
        let DataError::Cell { row, column, problem, .. } = error else { panic!("{error}") };
        assert_eq!((row, column, problem), (bad_row, bad_column, expected));
    }

    #[test]
    fn a_refused_cell_is_named_in_one_line() {
        let error = parse_rows("5.1,3.5,1.4,0.2,setosa\n\n5.1,3.5,l.4,0.2,setosa\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "test.csv: row 2 after the header, column petal_length: `l.4` is not a number; correct it"
        );
    }

    #[rstest]
    #[case::too_few("5.1,3.5,1.4,setosa", 4)]
    #[case::too_many("5.1,3.5,1.4,0.2,setosa,", 6)]
    #[case::semicolons("5.1;3.5;1.4;0.2;setosa", 1)]
    fn a_row_is_refused_with_columns(#[case] row: &str, #[case] columns: usize) {
        let error = parse_rows(row).unwrap_err();
        assert!(matches!(error, DataError::Columns { row: 1, found, .. } if found == columns), "{error}");
    }

    #[rstest]
    #[case::without_a_header("5.1,3.5,1.4,0.2,setosa\n")]
    #[case::with_columns_swapped("sepal_width,sepal_length,petal_length,petal_width,species\n")]
    #[case::that_is_empty("")]
    fn a_table_is_refused(#[case] text: &str) {
        let error = Iris::parse("test.csv", text.as_bytes()).unwrap_err();
        assert!(matches!(error, DataError::Header { .. }), "{error}");
    }

    #[test]
    fn a_table_without_rows_or_of_other_bytes_than_text_is_refused() {
        assert!(matches!(parse_rows(""), Err(DataError::Empty { .. })));
        let mut bytes = format!("{}\n", HEADER.join(",")).into_bytes();
        bytes.extend(b"5.1,3.5,1.4,0.2,\xff\n");
        assert!(matches!(Iris::parse("test.csv", bytes.as_slice()), Err(DataError::Csv { .. })));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            let _ = Iris::parse("test.csv", bytes.as_slice());
        }

        #[test]
        fn arbitrary_rows_never_panic(rows in "([0-9.,e\"\n-]|setosa|virginica|nan){0,60}") {
            if let Ok(iris) = parse_rows(&rows) {
                prop_assert_eq!(iris.features.nrows(), iris.labels.len());
            }
        }
    }
}
