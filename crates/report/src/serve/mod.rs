//! `make serve`: the book on this machine, built again whenever something that a page quotes changes.
//!
//! | file | holds |
//! |---|---|
//! | `watch` | which files are looked at, and which of them changed |
//! | `site` | the last good book, and what a browser gets of it |
//! | `server` | the port, and the loop that watches, builds and says so |
//!
//! The pages are served from memory: a build that is refused, or one that is half done, never shows. Each served page
//! asks every second whether there is a newer book, and loads it.

pub mod server;
mod site;
mod watch;
