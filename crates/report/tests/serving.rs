//! A small book that is served, changed, refused and mended, asked as a browser asks.

mod support;

use report::build::{BuildError, Built, build};
use report::serve::server::{ServeError, Served};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;
use support::{Repository, SOUND};

fn make(repository: &Repository) -> Result<Built, BuildError> {
    build(&repository.book(), None)
}

fn served(repository: &Repository) -> Served {
    Served::new(&repository.book(), 0, || make(repository)).unwrap_or_else(|error| panic!("{error}"))
}

/// What the server answers, head and body.
fn asked(served: &Served, request: &str) -> String {
    let mut stream = TcpStream::connect(served.address.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The line of the first look that builds.
fn line(served: &mut Served, repository: &Repository) -> String {
    assert_eq!(served.look(|| make(repository)), None, "files that still change are not built");
    served.look(|| make(repository)).unwrap()
}

#[test]
fn a_change_is_built_and_served() {
    let repository = Repository::new(SOUND);
    let mut served = served(&repository);
    let before = asked(&served, "GET /page.html");
    assert!(before.starts_with("HTTP/1.1 200") && before.contains("99.49"), "{before}");
    assert_eq!(served.look(|| make(&repository)), None, "the control: nothing changed");
    assert_eq!(served.look(|| panic!("the control: nothing is built")), None);
    repository.edit("book/src/page.md", "# Page", "# Leaf");
    let line = line(&mut served, &repository);
    assert!(line.starts_with("book/src/page.md: built again, ") && line.lines().count() == 1, "{line}");
    let after = asked(&served, "GET /page.html");
    assert!(after.contains(">Leaf<") && !before.contains(">Leaf<"), "{after}");
    let state = |page: &str| page.split("data-version=\"").nth(1).unwrap()[..64].to_owned();
    assert_ne!(state(&before), state(&after), "an open page sees that it is old");
    assert!(asked(&served, "GET /book-state.json").contains(&state(&after)));
}

#[test]
fn a_source_that_a_page_lists_is_watched_and_one_that_it_does_not_changes_nothing() {
    let repository = Repository::new(SOUND);
    repository.edit("book/book.toml", "[build]", "[build]\nextra-watch-dirs = [\"../crates\"]");
    let mut served = served(&repository);
    repository.write("crates/a/README.md", "Nothing quotes it.");
    assert_eq!(line(&mut served, &repository), "crates/a/README.md: built again, no page is different");
    repository.edit("crates/a/src/lib.rs", "    1\n", "    2 - 1\n");
    line(&mut served, &repository);
    assert!(asked(&served, "GET /page.html").contains("2 - 1"));
}

#[test]
fn a_refused_book_is_said_and_the_last_good_one_stays() {
    let repository = Repository::new(SOUND);
    let mut served = served(&repository);
    let good = asked(&served, "GET /page.html");
    repository.edit("book/src/page.md", "# Page", "# Page of 0.12345");
    let line_of_refusal = line(&mut served, &repository);
    let (first, refusal) = line_of_refusal.split_once('\n').unwrap();
    assert_eq!(first, "book/src/page.md: refused, the pages stay as they were");
    assert!(refusal.starts_with("book/src/page.md:1: `0.12345` is typed"), "{refusal}");
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&asked(&served, "GET /page.html")), body(&good));
    assert!(asked(&served, "GET /book-state.json").contains("0.12345"));
    repository.edit("book/src/page.md", "# Page of 0.12345", "# Page");
    assert_eq!(line(&mut served, &repository), "book/src/page.md: built again, no page is different");
    assert!(asked(&served, "GET /book-state.json").contains("\"refusal\":null"));
}

#[test]
fn what_is_not_there_is_not_found_and_nothing_is_taken() {
    let served = served(&Repository::new(SOUND));
    assert!(asked(&served, "GET /nothing.html").starts_with("HTTP/1.1 404"));
    assert!(asked(&served, "GET /../book.toml").starts_with("HTTP/1.1 404"));
    assert!(asked(&served, "POST /page.html").starts_with("HTTP/1.1 405"));
}

/// A browser opens connections that it does not use, and keeps them.
#[test]
fn connections_that_ask_for_nothing_keep_no_other_waiting() {
    let served = served(&Repository::new(SOUND));
    let address = served.address.trim_start_matches("http://");
    let idle: Vec<TcpStream> = (0..50).map(|_| TcpStream::connect(address).unwrap()).collect();
    assert!(asked(&served, "GET /page.html").starts_with("HTTP/1.1 200"));
    assert!(asked(&served, "HEAD /page.html").ends_with("\r\n\r\n"));
    drop(idle);
}

#[test]
fn a_port_in_use_is_refused_before_anything_is_built() {
    let repository = Repository::new(SOUND);
    let other = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = other.local_addr().unwrap().port();
    let error = Served::new(&repository.book(), port, || panic!("it was built")).err().unwrap();
    assert!(matches!(error, ServeError::Taken(taken) if taken == port), "{error}");
    let told = Command::new(env!("CARGO_BIN_EXE_report"))
        .args(["serve", "--port", &port.to_string()])
        .arg(repository.book())
        .output()
        .unwrap();
    let text = String::from_utf8(told.stderr).unwrap();
    assert_eq!((told.status.code(), text.lines().count()), (Some(2), 1), "{text}");
    assert!(text.starts_with(&format!("port {port} is taken by another program")), "{text}");
}

#[test]
fn a_folder_that_is_not_there_is_refused_in_one_line() {
    let repository = Repository::new(SOUND);
    repository.edit("book/book.toml", "[build]", "[build]\nextra-watch-dirs = [\"../examples\"]");
    for (book, says) in [(repository.book(), "examples"), (repository.book().join("none"), "is no book")] {
        let told = Command::new(env!("CARGO_BIN_EXE_report"))
            .args(["serve", "--port", "0"])
            .arg(book)
            .output()
            .unwrap();
        let text = String::from_utf8(told.stderr).unwrap();
        assert_eq!((told.status.code(), text.trim().lines().count()), (Some(2), 1), "{text}");
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn a_first_book_that_is_refused_is_not_served() {
    let repository = Repository::new("# Page of 0.12345\n");
    let error = Served::new(&repository.book(), 0, || make(&repository)).err().unwrap();
    assert!(matches!(error, ServeError::Build(BuildError::Check(_))), "{error}");
}
