//! The last good book in memory, and what a browser gets of it.

use records::sha256_hex;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Where a served page asks for the state of the book.
const STATE: &str = "book-state.json";

/// What makes a served page ask, and load itself again.
const RELOAD: &str = include_str!("reload.js");

/// The last good book, and why a later one was refused.
#[derive(Default)]
pub(super) struct Site {
    /// The built files, by their paths below the book's folder, with `/`.
    files: BTreeMap<String, Vec<u8>>,
    /// The SHA-256 of all of them: a page with another one is old.
    version: String,
    refusal: Option<String>,
}

/// What a browser gets.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub status: u16,
    pub kind: &'static str,
    pub bytes: Vec<u8>,
}

impl Site {
    /// Takes a book that was built into `folder`, and says how many of its files are other ones than before.
    ///
    /// # Errors
    /// A file that cannot be read; the book before it stays.
    pub fn take(&mut self, folder: &Path) -> Result<usize, (PathBuf, io::Error)> {
        let mut files = BTreeMap::new();
        read(folder, "", &mut files)?;
        let written = files.iter().filter(|(name, bytes)| self.files.get(*name) != Some(*bytes)).count();
        let gone = self.files.keys().filter(|name| !files.contains_key(*name)).count();
        let line = |(name, bytes): (&String, &Vec<u8>)| format!("{} {name}\n", sha256_hex(bytes));
        self.version = sha256_hex(files.iter().map(line).collect::<String>().as_bytes());
        self.files = files;
        self.refusal = None;
        Ok(written + gone)
    }

    /// Keeps the book, and says in its pages that a later one was refused.
    pub fn refuse(&mut self, why: String) {
        self.refusal = Some(why);
    }

    /// What stands at an address of this server.
    pub fn answer(&self, url: &str) -> Answer {
        let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
        let path = if path.is_empty() { "index.html" } else { path };
        if path == STATE {
            let state = serde_json::json!({ "version": self.version, "refusal": self.refusal });
            return Answer { status: 200, kind: kind(path), bytes: state.to_string().into_bytes() };
        }
        let (status, path) = if self.files.contains_key(path) { (200, path) } else { (404, "404.html") };
        let bytes = self.files.get(path).cloned().unwrap_or_default();
        let page = path.ends_with(".html");
        Answer { status, kind: kind(path), bytes: if page { self.asking(&bytes) } else { bytes } }
    }

    /// A page that asks whether it is old. **Only what is served does; the file in the book's folder stays as it was.**
    fn asking(&self, page: &[u8]) -> Vec<u8> {
        let script = format!("<script data-version=\"{}\">\n{RELOAD}</script>\n", self.version);
        let page = String::from_utf8_lossy(page);
        match page.rfind("</body>") {
            Some(end) => format!("{}{script}{}", &page[..end], &page[end..]),
            None => format!("{page}{script}"),
        }
        .into_bytes()
    }
}

/// Reads every file below a folder.
fn read(
    folder: &Path,
    before: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), (PathBuf, io::Error)> {
    let broken = |error| (folder.to_owned(), error);
    for entry in fs::read_dir(folder).map_err(broken)? {
        let path = entry.map_err(broken)?.path();
        let name = format!("{before}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files)?;
        } else {
            let bytes = fs::read(&path).map_err(|error| (path, error))?;
            files.insert(name, bytes);
        }
    }
    Ok(())
}

/// The media type of a file of the book.
fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A book of two pages and a picture.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("css")).unwrap();
        let files =
            [("index.html", "<body>a</body>"), ("404.html", "<body>no</body>"), ("css/a.css", "a {}")];
        files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
        folder
    }

    fn site(folder: &Path) -> Site {
        let mut site = Site::default();
        assert_ne!(site.take(folder).unwrap(), 0);
        site
    }

    fn state(site: &Site) -> serde_json::Value {
        serde_json::from_slice(&site.answer("/book-state.json").bytes).unwrap()
    }

    #[test]
    fn a_file_is_served_as_it_is_and_a_page_with_what_asks_for_the_state() {
        let folder = folder();
        let site = site(folder.path());
        let style = site.answer("/css/a.css?v=1");
        assert_eq!((style.status, style.kind), (200, "text/css; charset=utf-8"));
        assert_eq!(style.bytes, b"a {}");
        for url in ["/", "/index.html", "/?a=b"] {
            let page = String::from_utf8(site.answer(url).bytes).unwrap();
            assert!(
                page.starts_with("<body>a<script data-version=\"") && page.ends_with("</body>"),
                "{page}"
            );
        }
        assert_eq!(fs::read_to_string(folder.path().join("index.html")).unwrap(), "<body>a</body>");
    }

    #[test]
    fn what_is_not_in_the_book_is_not_served() {
        let folder = folder();
        let site = site(&folder.path().join("css"));
        for url in ["/../index.html", "/%2e%2e/index.html", "//etc/passwd", "/css/"] {
            let answer = site.answer(url);
            assert_eq!(answer.status, 404, "{url}");
            assert!(!String::from_utf8(answer.bytes).unwrap().contains("<body>"), "{url}");
        }
    }

    #[test]
    fn another_book_has_another_version_and_the_same_one_has_not() {
        let folder = folder();
        let mut site = site(folder.path());
        let before = state(&site);
        assert_eq!(site.take(folder.path()).unwrap(), 0);
        assert_eq!(state(&site), before, "the control: the same files");
        fs::write(folder.path().join("css/a.css"), "b {}").unwrap();
        assert_eq!(site.take(folder.path()).unwrap(), 1);
        assert_ne!(state(&site), before);
    }

    #[test]
    fn a_refusal_keeps_the_pages_and_goes_with_the_next_good_book() {
        let folder = folder();
        let mut site = site(folder.path());
        let (page, before) = (site.answer("/"), state(&site));
        site.refuse("page.md:3: typed".to_owned());
        assert_eq!(site.answer("/"), page);
        assert_eq!(state(&site)["refusal"], "page.md:3: typed");
        site.take(folder.path()).unwrap();
        assert_eq!(state(&site), before);
    }

    #[test]
    fn a_book_that_cannot_be_read_leaves_the_one_before() {
        let folder = folder();
        let mut site = site(folder.path());
        let page = site.answer("/");
        assert!(site.take(&folder.path().join("nothing")).is_err());
        assert_eq!(site.answer("/"), page);
    }
}
