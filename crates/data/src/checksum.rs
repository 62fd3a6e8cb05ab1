//! The files of `data/`, each with its SHA-256, and the one way to read them: checked.
//!
//! What is checked is the **content**: of the tables (`.csv`) the file's own bytes, of the MNIST files (`.gz`) the
//! bytes after decompression. So any gzip of the right content is accepted, and the hashes are those of the four IDX
//! files as they are published. The hash of the compressed file stands in the table too; it serves the message about a
//! file that cannot be decompressed, and `data/README.md`.

use crate::DataError;
use flate2::read::MultiGzDecoder;
use numerics::sha256_hex;
use std::{fs, io::Read, path::Path};

/// A file of the repository's `data/` folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Its path below `data/`, with forward slashes.
    pub path: &'static str,
    /// The SHA-256 of the content, lower-case hexadecimal; after decompression when the file is compressed.
    pub sha256: &'static str,
    /// The length of the content in bytes.
    pub bytes: usize,
    /// The SHA-256 of the file as the repository holds it, when it is compressed.
    pub gzip_sha256: Option<&'static str>,
}

impl KnownFile {
    /// Reads the content from the folder `data_dir`, decompressed, and checks its SHA-256.
    ///
    /// # Errors
    /// [`DataError::Unreadable`] when the file is missing, [`DataError::Gzip`] when it cannot be decompressed,
    /// [`DataError::Changed`] when the content has another hash.
    pub fn load(&self, data_dir: &Path) -> Result<Vec<u8>, DataError> {
        let path = data_dir.join(self.path);
        let file = fs::read(&path).map_err(|source| DataError::Unreadable {
            path: path.clone(),
            expected: self.sha256,
            source,
        })?;
        let content = match self.gzip_sha256 {
            None => file,
            Some(expected) => decompress(&file, self.bytes).map_err(|source| DataError::Gzip {
                path: path.clone(),
                expected,
                found: sha256_hex(&file),
                source,
            })?,
        };
        let found = sha256_hex(&content);
        if found == self.sha256 {
            Ok(content)
        } else {
            Err(DataError::Changed { path, expected: self.sha256, found })
        }
    }
}

/// The content of a gzip file, but at most one byte more than `bytes`, so that no file can fill the memory.
///
/// # Errors
/// When it is no gzip file, or is cut off or altered.
pub fn decompress(gzip: &[u8], bytes: usize) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::with_capacity(bytes + 1);
    MultiGzDecoder::new(gzip).take(bytes as u64 + 1).read_to_end(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::MNIST;
    use crate::{iris, label_errors, repository_data};
    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;
    use rstest::rstest;
    use std::{io::Write as _, path::PathBuf};
    use tempfile::TempDir;

    const IRIS: KnownFile = iris::FILE;
    const TEST_LABELS: KnownFile = MNIST.files[3];

    /// A data folder whose file `known` is the repository's after `spoil`.
    fn folder_with(known: KnownFile, spoil: impl FnOnce(&mut Vec<u8>)) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(known.path);
        let mut bytes = fs::read(repository_data().join(known.path)).unwrap();
        spoil(&mut bytes);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_file_of_the_repository_is_what_the_table_says() {
        for known in crate::files() {
            assert_eq!(known.load(&repository_data()).unwrap().len(), known.bytes, "{}", known.path);
            let file = fs::read(repository_data().join(known.path)).unwrap();
            assert_eq!(sha256_hex(&file), known.gzip_sha256.unwrap_or(known.sha256), "{}", known.path);
        }
        assert!(crate::files().contains(&label_errors::FILE));
    }

    #[test]
    fn the_readme_of_the_folder_gives_every_file_and_hash() {
        let readme = fs::read_to_string(repository_data().join("README.md")).unwrap();
        for known in crate::files() {
            for text in [Some(known.path), Some(known.sha256), known.gzip_sha256].into_iter().flatten() {
                assert!(readme.contains(text), "data/README.md does not give {text}");
            }
        }
    }

    #[rstest]
    #[case::with_one_bit_turned(|bytes: &mut Vec<u8>| bytes[1000] ^= 1)]
    #[case::cut_by_one_byte(|bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 1))]
    #[case::with_a_line_more(|bytes: &mut Vec<u8>| bytes.extend(b"5.1,3.5,1.4,0.2,setosa\n"))]
    #[case::with_the_two_wrong_rows_of_the_uci_copy(|bytes: &mut Vec<u8>| {
        let text = String::from_utf8(std::mem::take(bytes)).unwrap();
        let wrong = "4.9,3.1,1.5,0.1";
        *bytes = text.replace("4.9,3.1,1.5,0.2", wrong).replace("4.9,3.6,1.4,0.1", wrong).into();
    })]
    #[case::emptied(|bytes: &mut Vec<u8>| bytes.clear())]
    fn an_iris_file_is_refused(#[case] spoil: fn(&mut Vec<u8>)) {
        let (folder, path) = folder_with(IRIS, spoil);
        let error = IRIS.load(folder.path()).unwrap_err();
        let DataError::Changed { path: named, expected, found } = &error else { panic!("{error}") };
        assert_eq!((named, *expected), (&path, IRIS.sha256));
        assert_eq!(*found, sha256_hex(&fs::read(&path).unwrap()));
        let message = error.to_string();
        let remedy = format!("git checkout -- {}", path.display());
        for part in [found.as_str(), expected, &remedy] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn any_gzip_of_the_right_content_is_accepted() {
        let (folder, path) = folder_with(TEST_LABELS, |bytes| {
            *bytes = gzip(&decompress(bytes, TEST_LABELS.bytes).unwrap());
        });
        assert_ne!(Some(sha256_hex(&fs::read(path).unwrap()).as_str()), TEST_LABELS.gzip_sha256);
        assert!(TEST_LABELS.load(folder.path()).is_ok());
    }

    #[rstest]
    #[case::altered(|content: &mut Vec<u8>| content[5000] ^= 1)]
    #[case::shorter(|content: &mut Vec<u8>| { content.pop(); })]
    #[case::longer(|content: &mut Vec<u8>| content.push(0))]
    #[case::without_end(|content: &mut Vec<u8>| content.resize(50_000_000, 0))]
    fn a_gzip_is_refused_whose_content_is(#[case] spoil: fn(&mut Vec<u8>)) {
        let (folder, path) = folder_with(TEST_LABELS, |bytes| {
            let mut content = decompress(bytes, TEST_LABELS.bytes).unwrap();
            spoil(&mut content);
            *bytes = gzip(&content);
        });
        let error = TEST_LABELS.load(folder.path()).unwrap_err();
        assert!(matches!(&error, DataError::Changed { path: named, .. } if *named == path), "{error}");
    }

    #[rstest]
    #[case::cut(|bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2))]
    #[case::cut_in_its_checksum(|bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 2))]
    #[case::no_gzip_at_all(|bytes: &mut Vec<u8>| bytes.fill(7))]
    #[case::followed_by_something_else(|bytes: &mut Vec<u8>| bytes.extend(b"more"))]
    #[case::empty(|bytes: &mut Vec<u8>| bytes.clear())]
    fn a_gzip_is_refused_that_is(#[case] spoil: fn(&mut Vec<u8>)) {
        let (folder, path) = folder_with(TEST_LABELS, spoil);
        let error = TEST_LABELS.load(folder.path()).unwrap_err();
        let message = error.to_string();
        assert!(matches!(&error, DataError::Gzip { path: named, .. } if *named == path), "{error}");
        for part in [TEST_LABELS.gzip_sha256.unwrap(), &sha256_hex(&fs::read(&path).unwrap()), "git checkout"]
        {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_missing_file_is_named_with_its_hash_and_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let error = IRIS.load(folder.path()).unwrap_err();
        let message = error.to_string();
        assert!(matches!(error, DataError::Unreadable { .. }), "{message}");
        for part in ["iris.csv", IRIS.sha256, "git checkout -- "] {
            assert!(message.contains(part), "{message}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic_the_decompressor(mut bytes: Vec<u8>, magic: bool) {
            if magic {
                bytes.splice(..0, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]);
            }
            if let Ok(content) = decompress(&bytes, 100) {
                prop_assert!(content.len() <= 101);
            }
        }
    }
}
