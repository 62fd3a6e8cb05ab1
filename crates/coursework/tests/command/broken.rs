//! Files that are cut, empty or altered, made anew for each test from those of this repository.

use crate::drawn::{PLAIN, seven};
use crate::{coursework, root};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;

/// As calls and messages name the folder of these files.
const NAME: &str = "broken/";

/// A folder of broken files.
pub struct Broken(tempfile::TempDir);

impl Broken {
    /// All of them.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        images(folder.path());
        networks(folder.path());
        checkpoints(folder.path());
        data_sets(folder.path());
        texts(folder.path());
        Self(folder)
    }

    /// An argument with the folder's place for its name.
    pub fn place(&self, argument: &str) -> String {
        argument.replace(NAME, &self.folder())
    }

    /// What was said, with the folder's name for its place.
    pub fn named(&self, said: &str) -> String {
        said.replace(&self.folder(), NAME)
    }

    fn folder(&self) -> String {
        format!("{}/", self.0.path().display())
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn half(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len() / 2]
}

/// With the bits of one byte turned round, in the middle.
fn altered(bytes: &[u8]) -> Vec<u8> {
    let mut altered = bytes.to_vec();
    altered[bytes.len() / 2] ^= 0xff;
    altered
}

fn submitted(file: &str) -> Vec<u8> {
    std::fs::read(root().join(file)).unwrap()
}

fn images(folder: &Path) {
    let seven = seven(PLAIN, false);
    write(folder, "cut.png", half(&seven));
    write(folder, "empty.png", b"");
    // The last byte of the checksum of the pixels, before the twelve bytes of the last chunk.
    let mut wrong = seven.clone();
    wrong[seven.len() - 13] ^= 1;
    write(folder, "altered.png", &wrong);
}

fn networks(folder: &Path) {
    let network = submitted("results/mnist.safetensors");
    write(folder, "cut.safetensors", half(&network));
    write(folder, "empty.safetensors", b"");
    write(folder, "altered.safetensors", &altered(&network));
}

/// Of a run that diverges in its second epoch: what it kept after the first one is there.
fn checkpoints(folder: &Path) {
    let file = folder.join("whole.run");
    let call = "mnist --limit 512 --epochs 2 --learning-rate 1 --test-limit 20 --save";
    let args = call.split(' ').chain([file.to_str().unwrap()]).collect::<Vec<_>>();
    assert_eq!(coursework(&args).status.code(), Some(2));
    let checkpoint = std::fs::read(&file).unwrap();
    write(folder, "cut.run", half(&checkpoint));
    write(folder, "empty.run", b"");
    write(folder, "altered.run", &altered(&checkpoint));
}

fn data_sets(folder: &Path) {
    let iris = submitted("data/iris.csv");
    write(folder, "cut/iris.csv", half(&iris));
    write(folder, "empty/iris.csv", b"");
    write(folder, "altered/iris.csv", String::from_utf8(iris).unwrap().replacen("5.1", "5.2", 1).as_bytes());
    let images = "mnist/train-images-idx3-ubyte.gz";
    let known = submitted(&format!("data/{images}"));
    write(folder, &format!("cut/{images}"), half(&known));
    write(folder, &format!("empty/{images}"), b"");
    // Labels in the place of images.
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&[0, 0, 8, 1, 0, 0, 0, 2, 5, 3]).unwrap();
    write(folder, &format!("altered/{images}"), &gzip.finish().unwrap());
}

fn texts(folder: &Path) {
    write(folder, "cut/mnist.json", b"{\"experiment\": \"mnist\", \"question\": ");
    write(folder, "empty/mnist.json", b"");
    write(folder, "altered/mnist.json", b"{\"run\": \"\"}");
    write(folder, "cut.toml", b"pass = 50\n\n[[criterion]]\nevidence = [");
    write(folder, "empty.toml", b"");
    // A key with a character that a terminal obeys.
    write(folder, "altered.toml", b"\"pa\\u001b[2Jss\" = 50\n");
    write(folder, "cut.json", b"{\"widgets\": [{\"widget\": ");
    write(folder, "empty.json", b"");
    write(folder, "altered.json", b"{\"widgets\": 3, \"\\u001b[2J\": 1}");
}
