//! Which files a book is made of, and which of them changed.

use crate::compute;
use crate::preprocess::book_folder;
use mdbook_driver::config::Config;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

/// When a file was written last, and its length.
type Mark = (Option<SystemTime>, u64);

/// The files that are looked at, as they were at the last look.
pub(super) struct Watch {
    /// The root of the repository.
    repository: PathBuf,
    /// Folders and files, with all that they hold.
    watched: Vec<PathBuf>,
    /// What is in them and made by programs: the built book, the program of the widgets, what git ignores.
    ignored: Ignored,
    seen: BTreeMap<PathBuf, Mark>,
}

impl Watch {
    /// Everything that the book in the folder `book` is made of: that folder, and what its book.toml names under
    /// `extra-watch-dirs`.
    ///
    /// # Errors
    /// The first of them that is not there.
    pub fn new(book: &Path, config: &Config) -> Result<Self, (PathBuf, io::Error)> {
        let real = |path: PathBuf| path.canonicalize().map_err(|error| (path, error));
        let root = real(book.to_owned())?;
        let pages = real(book_folder(&root, config))?;
        let repository = pages.parent().unwrap_or(&pages).to_owned();
        let named = config.build.extra_watch_dirs.iter().map(|path| root.join(path));
        let named = [root.join("book.toml"), pages.clone()].into_iter().chain(named);
        let watched = named.map(real).collect::<Result<_, _>>()?;
        let made =
            [Some(root.join(&config.build.build_dir)), widgets(&pages)].into_iter().flatten().collect();
        let ignored = Ignored::new(&repository, made);
        let mut watch = Self { repository, watched, ignored, seen: BTreeMap::new() };
        watch.changed();
        Ok(watch)
    }

    /// The files that came, went or were written since the last call, by their paths from the repository's root.
    pub fn changed(&mut self) -> Vec<PathBuf> {
        let mut now = BTreeMap::new();
        self.watched.iter().for_each(|path| look(path, &self.ignored, &mut now));
        let before = std::mem::replace(&mut self.seen, now);
        let other = |(path, mark): &(&PathBuf, &Mark)| before.get(*path) != Some(*mark);
        let written = self.seen.iter().filter(other).map(|(path, _)| path);
        let gone = before.keys().filter(|path| !self.seen.contains_key(*path));
        let short = |path: &PathBuf| path.strip_prefix(&self.repository).unwrap_or(path).to_owned();
        written.chain(gone).map(short).collect()
    }
}

/// The folder of the widgets' program, which a build writes among the pages.
fn widgets(pages: &Path) -> Option<PathBuf> {
    pages.join(compute::FILE).parent().map(Path::to_owned)
}

/// Adds every file at or below a path. What vanishes during the look is not there.
fn look(path: &Path, ignored: &Ignored, found: &mut BTreeMap<PathBuf, Mark>) {
    if ignored.covers(path) {
        return;
    }
    if path.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| look(&entry.path(), ignored, found));
    } else if let Ok(of) = fs::metadata(path) {
        found.insert(path.to_owned(), (of.modified().ok(), of.len()));
    }
}

/// What is not looked at: whole paths, names, ends of names, and names that begin with a point.
struct Ignored {
    paths: Vec<PathBuf>,
    names: Vec<String>,
    ends: Vec<String>,
}

impl Ignored {
    /// These paths, what editors leave beside a file, and the repository's `.gitignore`, of whose patterns `/path`,
    /// `name` and `*end` are understood.
    fn new(repository: &Path, mut paths: Vec<PathBuf>) -> Self {
        let (mut names, mut ends) = (Vec::new(), vec!["~".to_owned()]);
        let text = fs::read_to_string(repository.join(".gitignore")).unwrap_or_default();
        for pattern in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match (pattern.strip_prefix('/'), pattern.strip_prefix('*')) {
                (Some(path), _) => paths.push(repository.join(path)),
                (None, Some(end)) => ends.push(end.to_owned()),
                (None, None) => names.push(pattern.to_owned()),
            }
        }
        Self { paths, names, ends }
    }

    fn covers(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.paths.iter().any(|ignored| ignored == path)
            || self.names.iter().any(|ignored| *ignored == name)
            || self.ends.iter().any(|end| name.ends_with(end.as_str()))
            || name.starts_with('.')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::str::FromStr;

    const FILES: [&str; 7] = [
        "book/book.toml",
        "book/src/page.md",
        "book/theme/book.css",
        "rubric.toml",
        "crates/a/src/lib.rs",
        "results/r.json",
        "tests/a.rs",
    ];

    fn write(root: &Path, file: &str, text: &str) {
        fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
        fs::write(root.join(file), text).unwrap();
    }

    /// A repository, and a watch of its book.
    fn watched() -> (tempfile::TempDir, Watch) {
        let folder = tempfile::tempdir().unwrap();
        FILES.iter().for_each(|file| write(folder.path(), file, ""));
        write(folder.path(), ".gitignore", "/results/machine\nnode_modules\n*.tmp\n");
        let config = Config::from_str(
            "[build]\nextra-watch-dirs = [\"../rubric.toml\", \"../crates\", \"../results\", \"../tests\"]",
        );
        let watch = Watch::new(&folder.path().join("book"), &config.unwrap()).unwrap();
        (folder, watch)
    }

    #[rstest]
    #[case::written("book/src/page.md")]
    #[case::new("crates/b/src/lib.rs")]
    #[case::in_the_theme("book/theme/book.css")]
    #[case::the_rubric("rubric.toml")]
    #[case::a_record("results/r.json")]
    #[case::a_test("tests/a.rs")]
    fn a_change_is_seen_once(#[case] file: &str) {
        let (folder, mut watch) = watched();
        assert_eq!(watch.changed(), Vec::<PathBuf>::new(), "the control: nothing changed");
        write(folder.path(), file, "changed");
        assert_eq!(watch.changed(), [PathBuf::from(file)]);
        assert_eq!(watch.changed(), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_file_that_is_gone_is_a_change() {
        let (folder, mut watch) = watched();
        fs::remove_file(folder.path().join("book/theme/book.css")).unwrap();
        assert_eq!(watch.changed(), [PathBuf::from("book/theme/book.css")]);
    }

    #[rstest]
    #[case::the_built_book("book/book/page.html")]
    #[case::the_program_of_the_widgets("book/src/widgets/compute.js")]
    #[case::by_its_path("results/machine/a.json")]
    #[case::by_its_name("tests/browser/node_modules/a.js")]
    #[case::by_its_end("results/r.json.tmp")]
    #[case::of_an_editor("book/src/.page.md.swp")]
    #[case::a_copy_of_an_editor("book/src/page.md~")]
    #[case::beside_what_is_named("data/iris.csv")]
    fn what_programs_make_is_no_change(#[case] file: &str) {
        let (folder, mut watch) = watched();
        write(folder.path(), file, "changed");
        assert_eq!(watch.changed(), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        FILES.iter().for_each(|file| write(folder.path(), file, ""));
        let config =
            Config::from_str("[build]\nextra-watch-dirs = [\"../results\", \"../examples\"]").unwrap();
        let (path, _) = Watch::new(&folder.path().join("book"), &config).err().unwrap();
        assert!(path.ends_with("examples"), "{}", path.display());
    }
}
