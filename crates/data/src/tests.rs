//! What a person reads when a data file is wrong: one line each, with the place and the remedy.

use super::*;
use std::io;
use std::path::Path;

fn idx_file(words: &[u32], payload: &[u8]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).chain(payload.iter().copied()).collect()
}

/// A folder with one file of the given bytes; the error of `load` with the folder's name cut off.
fn load_error(known: checksum::KnownFile, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(known.path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    known.load(folder.path()).unwrap_err().to_string().replace(&folder.path().display().to_string(), "data")
}

#[test]
fn every_message_names_the_file_the_place_and_the_remedy() {
    let table = |rows: &str| {
        let text = format!("{}\n{rows}", iris::HEADER.join(","));
        iris::Iris::parse("iris.csv", text.as_bytes()).unwrap_err().to_string()
    };
    let images = |bytes: &[u8]| idx::parse_images("train-images", bytes).unwrap_err().to_string();
    let labels = |bytes: &[u8]| idx::parse_labels("train-labels", bytes).unwrap_err().to_string();
    let both = |rows: u32, count: u32| {
        let images = idx_file(&[idx::IMAGES_MAGIC, 1, rows, 28], &vec![0; 28 * rows as usize]);
        let labels = idx_file(&[idx::LABELS_MAGIC, count], &vec![0; count as usize]);
        images::MNIST.parse("train-images", images, "train-labels", &labels).unwrap_err().to_string()
    };
    let missing = DataError::Unreadable {
        path: Path::new("data/iris.csv").to_owned(),
        expected: iris::FILE.sha256,
        // The system's own words differ between systems.
        source: io::Error::other("no such file"),
    };
    let messages = [
        missing.to_string(),
        load_error(iris::FILE, b"altered"),
        load_error(images::MNIST.files[3], b"no gzip"),
        iris::Iris::parse("iris.csv", b"a,b\n".as_slice()).unwrap_err().to_string(),
        table(""),
        table("5.1,3.5,1.4,0.2\n"),
        table("5.1,3.5,1.4,O.2,setosa\n"),
        table("5.1,-3.5,1.4,0.2,setosa\n"),
        table("5.1,3.5,1.4,0.2,Iris-setosa\n"),
        images(&idx_file(&[idx::LABELS_MAGIC, 0], &[])),
        images(&idx_file(&[idx::IMAGES_MAGIC, 2, 28, 28], &[0; 784])),
        labels(&idx_file(&[idx::LABELS_MAGIC, 3], &[1, 2, 10])),
        both(14, 1),
        both(28, 2),
    ];
    assert!(messages.iter().all(|message| message.lines().count() == 1));
    insta::assert_snapshot!(messages.join("\n\n"));
}
