//! The Rust files of the workspace, read and parsed.

use crate::manifests::Manifest;
use std::path::Path;
use std::{fs, io};

/// One `.rs` file.
pub struct SourceFile {
    /// From the workspace's root, with `/`.
    pub path: String,
    /// As it stands on disk.
    pub text: String,
    /// As `syn` understands it.
    pub syntax: syn::File,
    /// The package it belongs to.
    pub crate_name: String,
    /// The folder of that package, from the workspace's root.
    pub crate_folder: String,
}

impl SourceFile {
    /// Parses `text`.
    ///
    /// # Panics
    /// When it is not Rust.
    pub fn new(path: &str, text: &str, crate_name: &str, crate_folder: &str) -> Self {
        let syntax = syn::parse_file(text).unwrap_or_else(|error| {
            let at = error.span().start();
            panic!("{path}:{}:{} is not Rust that `syn` can read: {error}", at.line, at.column + 1)
        });
        Self {
            path: path.to_string(),
            text: text.to_string(),
            syntax,
            crate_name: crate_name.to_string(),
            crate_folder: crate_folder.to_string(),
        }
    }
}

/// Every `.rs` file in the folders of the packages, in the order of the paths.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn read(root: &Path, manifests: &[Manifest]) -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for manifest in manifests {
        let mut paths = Vec::new();
        collect(&root.join(&manifest.folder), &manifest.folder, &mut paths)?;
        for path in paths {
            let text = fs::read_to_string(root.join(&path))?;
            files.push(SourceFile::new(&path, &text, &manifest.name, &manifest.folder));
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Adds the `.rs` files below `folder`, which is called `name` from the root. What cargo has built is no source.
fn collect(folder: &Path, name: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file_name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{name}/{file_name}");
        if entry.file_type()?.is_dir() {
            if file_name != "target" {
                collect(&entry.path(), &path, paths)?;
            }
        } else if path.ends_with(".rs") {
            paths.push(path);
        }
    }
    Ok(())
}
