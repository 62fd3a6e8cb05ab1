//! Files from which a fuzzer begins: one or more that each parser reads.

use crate::networks::{checkpoint_file, layers_file, small};
use cnn::Isa;
use cnn::weights::to_safetensors;
use data::images::PIXELS;
use data::{idx, iris, label_errors};
use experiments::answers::{AnswersOutcome, topic};
use experiments::registry::EXPERIMENTS;
use experiments::shard::{Shard, ShardFile, ShardPart};
use flate2::Compression;
use flate2::write::GzEncoder;
use png::{BitDepth, ColorType, Encoder};
use records::{Records, json, sha256_hex};
use std::io::Write as _;
use std::path::Path;
use widgets::hand_in::{HandIn, HandedWidget};
use widgets::widget::State;
use widgets::widgets::WIDGETS;

/// A file for a parser.
#[derive(Clone, Debug)]
pub struct Specimen {
    /// The parser's name.
    pub parser: &'static str,
    /// The file's name.
    pub name: String,
    pub bytes: Vec<u8>,
}

fn specimen(parser: &'static str, name: &str, bytes: impl Into<Vec<u8>>) -> Specimen {
    Specimen { parser, name: name.to_owned(), bytes: bytes.into() }
}

/// All of them. **Each is read, and none refused.**
///
/// # Panics
/// When a file cannot be drawn, such as when the submitted records are not there.
pub fn specimens() -> Vec<Specimen> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    [tables(), idx_files(), pictures(), networks(), results(&root), course(&root)].concat()
}

fn tables() -> Vec<Specimen> {
    let flowers = iris::HEADER.join(",") + "\n5.1,3.5,1.4,0.2,setosa\n7,3.2,4.7,1.4,versicolor\n";
    let errors = label_errors::HEADER.join(",") + "\n7,7,1,0,4,1\n19,9,4,2,3,0\n";
    vec![specimen("table", "iris", flowers), specimen("table", "label-errors", errors)]
}

fn idx_files() -> Vec<Specimen> {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    let images = [words(&[idx::IMAGES_MAGIC, 1, 28, 28]), vec![7; PIXELS]].concat();
    let labels = [words(&[idx::LABELS_MAGIC, 1]), vec![3]].concat();
    let both = [&(images.len() as u16).to_be_bytes()[..], &images, &labels].concat();
    let packed = |content: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).expect("a vector takes everything");
        encoder.finish().expect("a vector takes everything")
    };
    let in_two = [packed(&labels[..5]), packed(&labels[5..])].concat();
    vec![
        specimen("idx", "one-image", both),
        specimen("gzip", "images", packed(&images)),
        specimen("gzip", "labels", packed(&labels)),
        specimen("gzip", "in-two-members", in_two),
    ]
}

fn pictures() -> Vec<Specimen> {
    vec![
        picture("grey", (ColorType::Grayscale, BitDepth::Eight, 28), &[255]),
        picture("grey-opacity-16", (ColorType::GrayscaleAlpha, BitDepth::Sixteen, 28 * 4), &[0, 0, 255, 255]),
        picture("rgb", (ColorType::Rgb, BitDepth::Eight, 28 * 3), &[255]),
        picture("rgba", (ColorType::Rgba, BitDepth::Eight, 28 * 4), &[0, 0, 0, 255]),
        picture("palette", (ColorType::Indexed, BitDepth::One, 4), &[255]),
    ]
}

/// A bar of ink on zeros, 28 x 28; its bytes are those of a pixel again and again.
fn picture(name: &str, (colour, depth, row): (ColorType, BitDepth, usize), ink: &[u8]) -> Specimen {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 28, 28);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    if colour == ColorType::Indexed {
        encoder.set_palette(&[255, 255, 255, 0, 0, 0][..]);
    }
    let sample = |i: usize| if (10..18).contains(&(i / row)) { ink[i % ink.len()] } else { 0 };
    let samples: Vec<u8> = (0..28 * row).map(sample).collect();
    let mut writer = encoder.write_header().expect("a vector takes everything");
    writer.write_image_data(&samples).expect("there are as many samples as the header says");
    writer.finish().expect("a vector takes everything");
    specimen("png", name, file)
}

fn networks() -> Vec<Specimen> {
    let weights = to_safetensors(&small()).expect("a network has a form as safetensors");
    vec![
        specimen("weights", "small", weights),
        specimen("checkpoint", "after-a-step", checkpoint_file()),
        specimen("layers", "small", layers_file()),
    ]
}

fn results(root: &Path) -> Vec<Specimen> {
    let file = |name: &str| std::fs::read(root.join("results").join(name)).expect("it is submitted");
    let mut specimens = vec![
        specimen("record", "one-batch", file("one-batch.json")),
        specimen("record", "iris-trajectory", file("iris-trajectory.json")),
        specimen("record", "mnist", file("mnist.json")),
    ];
    for id in ["theory", "one-batch"] {
        let experiment = EXPERIMENTS.iter().find(|it| it.id == id).expect("it is registered");
        let mut records = Records::default();
        experiment.read(&root.join("results"), &mut records).expect("it is submitted");
        let parts = experiment.parts_in(&records).expect("it can be read");
        let parts: Vec<_> = parts.into_iter().map(|(id, value)| ShardPart { id, value }).collect();
        let sha256 = sha256_hex(&json::to_bytes(&parts).expect("values have a form in JSON"));
        let fingerprint = experiment.fingerprint().expect("a header has a form in JSON");
        let shard = Shard::new(1, 1).expect("one of one");
        let file = ShardFile { experiment: id.to_owned(), shard, fingerprint, sha256, parts };
        specimens.push(specimen("shard", id, serde_json::to_vec(&file).expect("a shard has a form in JSON")));
    }
    specimens.extend((0..12).map(|i| specimen("edited", &format!("experiment-{i}"), [i])));
    specimens
}

fn course(root: &Path) -> Vec<Specimen> {
    let file = |name: &str| std::fs::read_to_string(root.join(name)).expect("it is in the repository");
    // Up to the second item of a list, which is enough for every key.
    let beginning = |text: &str, item: &str| {
        let second = text.match_indices(item).nth(1).map_or(text.len(), |(at, _)| at);
        text[..second].to_owned()
    };
    let rubric = beginning(&file("rubric.toml"), "[[criterion]]").replacen("pass = 100", "pass = 1", 1);
    let comments = |text: String| -> String {
        text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
    };
    let opened = |entry: &widgets::widget::Entry| {
        let widget = (entry.open)(&State::default());
        HandedWidget::of(entry, widget.as_ref())
    };
    let widgets: Vec<_> = WIDGETS.iter().map(opened).collect();
    let answers = |id: &str| {
        let answers = topic(id).and_then(|topic| topic.answers(Isa::Scalar, 1).ok()).expect("it has answers");
        specimen("answers", id, serde_json::to_vec(&AnswersOutcome::Ok(answers)).expect("numbers are JSON"))
    };
    let given = file("book/given.toml");
    let numbers = "[given.a]\ntext = \"1\"\nmeaning = \"b\"\n[scoreboard]\n\"T1a\" = \"a\"\n";
    vec![
        specimen("rubric", "one-criterion", comments(rubric)),
        specimen("given", "one-question", comments(beginning(&given, "[[question]]")) + numbers),
        specimen("hand_in", "as-opened", HandIn::of(&widgets).text()),
        answers("relu"),
        answers("cross-entropy"),
        specimen("source", "loss", file("crates/mlp-scratch/src/loss.rs")),
        specimen(
            "source",
            "uses",
            "use std::collections::{BTreeMap, btree_map::Entry};\n#[derive(Debug)]\nstruct A;\n",
        ),
        specimen("source", "tests", "#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n"),
    ]
}
