//! The port, and the loop that watches, builds and says so.

use super::site::{Answer, Site};
use super::watch::Watch;
use crate::build::{BuildError, Built, config};
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

/// Between two looks at the files. A build begins when one look has found a change and the next one has not.
const PAUSE: Duration = Duration::from_millis(300);

/// How long a browser may take to ask or to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the head of a request may be.
const LONGEST_HEAD: u64 = 1 << 14;

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program listens at the port.
    #[error(
        "port {0} is taken by another program: end it, or name another port, as in `make serve PORT={other}`",
        other = if *.0 == u16::MAX { .0 - 1 } else { .0 + 1 }
    )]
    Taken(u16),
    /// The port cannot be opened.
    #[error("port {port} cannot be opened ({reason}): name another one, as in `make serve PORT=3000`")]
    Port {
        port: u16,
        /// What the system said.
        reason: String,
    },
    /// What book.toml asks to watch is not there.
    #[error("{path}, which the book is made of, is not there ({source}): mend `extra-watch-dirs` in book.toml",
        path = path.display())]
    NotThere { path: PathBuf, source: io::Error },
    /// The first book was not built.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// A book that is served.
pub struct Served {
    /// Where a browser finds it.
    pub address: String,
    watch: Watch,
    site: Arc<RwLock<Site>>,
    /// Changes that no build has seen.
    pending: Vec<PathBuf>,
}

impl Served {
    /// Opens the port, builds the book in the folder `book` by `make`, and serves it from then on. The port 0 is any
    /// that is free.
    ///
    /// # Errors
    /// [`ServeError`].
    pub fn new(
        book: &Path,
        port: u16,
        make: impl FnOnce() -> Result<Built, BuildError>,
    ) -> Result<Self, ServeError> {
        let config = config(book).map_err(BuildError::from)?;
        let watch =
            Watch::new(book, &config).map_err(|(path, source)| ServeError::NotThere { path, source })?;
        let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|error| refused(port, &error))?;
        let port = listener.local_addr().map_or(port, |address| address.port());
        let mut site = Site::default();
        take(&mut site, &make()?)?;
        let site = Arc::new(RwLock::new(site));
        let shared = Arc::clone(&site);
        thread::spawn(move || answer_all(&listener, &shared));
        Ok(Self { address: format!("http://127.0.0.1:{port}"), watch, site, pending: Vec::new() })
    }

    /// Looks once, and builds by `make` when the files have come to rest after a change. Says in a line what it did.
    pub fn look(&mut self, make: impl FnOnce() -> Result<Built, BuildError>) -> Option<String> {
        let changed = self.watch.changed();
        if !changed.is_empty() {
            self.pending.extend(changed);
            self.pending.sort();
            self.pending.dedup();
            return None;
        }
        if self.pending.is_empty() {
            return None;
        }
        let changed = names(&std::mem::take(&mut self.pending));
        let site = || self.site.write().unwrap_or_else(PoisonError::into_inner);
        Some(match make().and_then(|built| take(&mut site(), &built)) {
            Ok(0) => format!("{changed}: built again, no page is different"),
            Ok(1) => format!("{changed}: built again, one file is different"),
            Ok(files) => format!("{changed}: built again, {files} files are different"),
            Err(error) => {
                site().refuse(error.to_string());
                format!("{changed}: refused, the pages stay as they were\n{error}")
            }
        })
    }

    /// Watches and builds until the program is ended.
    pub fn forever(mut self, mut make: impl FnMut() -> Result<Built, BuildError>, mut say: impl FnMut(&str)) {
        loop {
            thread::sleep(PAUSE);
            if let Some(line) = self.look(&mut make) {
                say(&line);
            }
        }
    }
}

fn take(site: &mut Site, built: &Built) -> Result<usize, BuildError> {
    let broken = |(path, error): (PathBuf, io::Error)| format!("cannot read {}: {error}", path.display());
    site.take(&built.folder).map_err(|error| BuildError::Render(broken(error)))
}

fn refused(port: u16, error: &io::Error) -> ServeError {
    match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::Taken(port),
        _ => ServeError::Port { port, reason: error.to_string() },
    }
}

/// The first of the changed files, and how many more there are.
fn names(changed: &[PathBuf]) -> String {
    let mut text = changed.first().map_or_else(String::new, |path| path.display().to_string());
    if changed.len() > 1 {
        let _ = write!(text, " and {} more", changed.len() - 1);
    }
    text
}

/// Answers browsers until the program ends, each connection in a thread of its own: a browser opens some that it does
/// not use.
fn answer_all(listener: &TcpListener, site: &Arc<RwLock<Site>>) {
    for stream in listener.incoming().flatten() {
        let site = Arc::clone(site);
        // A browser that went away is no fault of the book.
        thread::spawn(move || answer(&stream, &site).ok());
    }
}

/// Reads one request, answers it, and closes the connection.
fn answer(mut stream: &TcpStream, site: &RwLock<Site>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.take(LONGEST_HEAD)).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = first.split(' ');
    let (method, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let Answer { status, kind, bytes } = match method {
        "" => return Ok(()),
        "GET" | "HEAD" => site.read().unwrap_or_else(PoisonError::into_inner).answer(url),
        _ => Answer { status: 405, kind: "text/plain; charset=utf-8", bytes: Vec::new() },
    };
    let said = match status {
        200 => "OK",
        404 => "Not Found",
        _ => "Method Not Allowed",
    };
    write!(
        stream,
        "HTTP/1.1 {status} {said}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n",
        bytes.len()
    )?;
    if method == "HEAD" { Ok(()) } else { stream.write_all(&bytes) }
}
