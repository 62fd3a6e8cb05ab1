//! A small repository with a book of one page.

use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const CODE: &str = "\
// ANCHOR: step
/// Adds.
fn step() -> &'static str {
    \"a < b && c\"
}
// ANCHOR_END: step
// ANCHOR: empty
// ANCHOR_END: empty
// ANCHOR: twice
one
// ANCHOR_END: twice
// ANCHOR: twice
two
// ANCHOR_END: twice
// ANCHOR: open
the rest
";

const SOURCE: &str = "\
// ANCHOR: used
fn used() -> u32 {
    1
}
// ANCHOR_END: used

#[test]
fn it_is_one() {
    assert_eq!(used(), 1);
}

fn helper() {}
";

const RECORD: &str = r#"{"experiment": "r", "question": "Which?", "rate": 0.9949, "count": {"correct": 29, "total": 30}, "name": "x"}"#;

const DERIVATION: &str = r#"{"id": "D.1", "title": "A derivation", "lhs": "L", "trials": 200, "worst_difference": 2e-16,
    "steps": [{"tex": "a + a", "why": "by definition"}, {"tex": "2 a", "why": "summed"}]}"#;

const SVG: &str = "<svg role=\"img\"><title>T</title>\n\n<path d=\"M0 0\"/></svg>\n";

/// Another drawing of the same.
const UPRIGHT: &str = "<svg role=\"img\"><title>T</title><path d=\"M0 0 V1\"/></svg>\n";

const TOML: &str = "[book]\n[build]\ncreate-missing = false\n[preprocessor.report]\ncommand = \"false\"\nrenderers = [\"html\"]\n";

const GIVEN: &str = "\
[[question]]
id = \"Q\"
page = \"page.md\"
original = \"best\"
text = \"Below 5 %?\"
[given]
bar = { text = \"5 %\", meaning = \"asked\" }
[original]
best = { text = \"0.99399\", meaning = \"reported\" }
";

/// A page that is refused for nothing and uses every directive.
pub const SOUND: &str = r#"# Page

<< question("Q") >>

<< listing("crates/a/src/lib.rs", "used", proof="crates/a/src/lib.rs::it_is_one") >>

The rate is << number("r", "rate", percent=2) >>, or << number("r", "count") >>; below << given("bar") >>.
<< claim("good") >>. It was << original("best") >>, and $x_1 * y < 2$ of `it_is_one` in `crates/a/src/lib.rs`.

$$ L = << number("r", "rate", digits=1) >> $$

<< figure("f") >>

<< table("t") >>

<< derivation("D.1") >>

<< scoreboard() >>

<< records() >>

<< text("r", "name") >> << totals() >>
"#;

/// A trained network, which no page quotes.
const NETWORK: &str = "weights";

/// The repository; its root is removed when this is dropped.
pub struct Repository(TempDir);

impl Repository {
    /// A repository whose book has this page.
    pub fn new(page: &str) -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        let long = format!("// ANCHOR: long\n{}// ANCHOR_END: long\n", "x\n".repeat(41));
        let files = [
            ("code.rs", long + CODE),
            ("crates/a/src/lib.rs", SOURCE.to_owned()),
            ("results/r.json", RECORD.to_owned()),
            ("results/network.safetensors", NETWORK.to_owned()),
            ("results/figures/f.svg", SVG.to_owned()),
            ("results/figures/f-upright.svg", UPRIGHT.to_owned()),
            ("results/report.json", derived()),
            (
                "rubric.toml",
                "[[criterion]]\nid = \"Q\"\nquestion = \"Q\"\ntitle = \"T\"\nreproduce = \"make\"\npoints = 1\ncheck = \"graph\"\nbar = 0.5\n"
                    .to_owned(),
            ),
            ("book/book.toml", TOML.to_owned()),
            ("book/given.toml", GIVEN.to_owned()),
            ("book/src/SUMMARY.md", "# Summary\n\n- [Page](page.md)\n".to_owned()),
            ("book/src/page.md", page.to_owned()),
        ];
        for (path, text) in files {
            repository.write(path, &text);
        }
        repository
    }

    /// The folder of the book.
    pub fn book(&self) -> PathBuf {
        self.0.path().join("book")
    }

    /// Writes a file, by its path from the root.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces `from`, which must be there, by `to` in a file.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.0.path().join(path)).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, &text.replace(from, to));
    }
}

fn derived() -> String {
    let sha256 = |bytes: &str| records::sha256_hex(bytes.as_bytes());
    let data = r#""columns": [{"name": "n", "numeric": true}], "rows": [["1"]]"#;
    let claim = r#"{"id": "good", "says": "It is good", "within": "it is good", "holds": true, "evidence": "0.9949", "record": "r"}"#;
    format!(
        r#"{{"experiment": "report", "question": "What follows?", "hypothesis": "all hold", "refuted_by": "one that does not", "chosen_on": "nothing", "data_sha256": {{}}, "versions": {{}}, "derived_from": {{"r.json": "{}", "network.safetensors": "{}", "../rubric.toml": "{}"}}, "claims": [
            {claim}],
            "criteria": [{{"id": "Q", "met": true, "text": "found"}}],
            "derivations": [{DERIVATION}],
            "tables": [{{"id": "t", "caption": "A table", "record": "r", {data}}}],
            "figures": [{{"id": "f", "file": "figures/f.svg", "sha256": "{}", "caption": "A figure", "record": "r", "data": {{{data}}}}},
                {{"id": "f-upright", "file": "figures/f-upright.svg", "sha256": "{}", "caption": "Upright",
                  "record": "r", "data": {{{data}}}}}]}}"#,
        sha256(RECORD),
        sha256(NETWORK),
        sha256("\"Q\" \"graph\" 0.5\n"),
        sha256(SVG),
        sha256(UPRIGHT),
    )
}

/// The page that was built.
#[allow(dead_code)]
pub fn page(folder: &Path) -> String {
    fs::read_to_string(folder.join("page.html")).unwrap()
}
