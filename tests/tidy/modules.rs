//! The modules of a crate, found by following its `mod` declarations. What exists in tests only is left out.

use crate::items::{Leaf, attributes, defined_name, is_type, leaves, only_in_tests, plain};
use crate::sources::SourceFile;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Item, ItemMod, ItemUse};

/// One module: a file, or `mod name { .. }` within one.
pub struct Module {
    /// The place of its file in [`Tree::files`].
    pub file: usize,
    /// The module around it.
    pub parent: Option<usize>,
    /// Whether it stands within the file of its parent.
    pub inline: bool,
    /// What each of its names may stand for: a type and a function can share one.
    pub names: BTreeMap<String, Vec<Binding>>,
    /// Those of its own items that are types or traits: only these can be followed by `::`.
    pub types: BTreeSet<String>,
    /// The paths of its `use path::*`.
    pub globs: Vec<Vec<String>>,
}

/// What a name in a module stands for.
#[derive(Clone, PartialEq, Eq)]
pub enum Binding {
    /// An item, defined in this module.
    Item(usize),
    /// A child module.
    Module(usize),
    /// What a `use` says.
    Import(Vec<String>),
}

/// The modules of one crate: of its library and of its programs.
pub struct Tree<'f> {
    /// All files of the workspace.
    pub files: &'f [SourceFile],
    /// All modules; a parent stands before its children.
    pub modules: Vec<Module>,
    /// The library's root and the name under which the programs know it.
    pub library: Option<(String, usize)>,
    /// The modules in which macros are defined, by the macro's name.
    pub macros: BTreeMap<String, usize>,
}

/// A tree for every crate.
pub fn trees(files: &[SourceFile]) -> Vec<Tree<'_>> {
    let folders: BTreeSet<&str> = files.iter().map(|file| file.crate_folder.as_str()).collect();
    folders.into_iter().map(|folder| Tree::new(files, folder)).collect()
}

impl<'f> Tree<'f> {
    fn new(files: &'f [SourceFile], folder: &str) -> Self {
        let mut tree = Self { files, modules: Vec::new(), library: None, macros: BTreeMap::new() };
        for (at, file) in files.iter().enumerate().filter(|(_, file)| file.crate_folder == folder) {
            let Some(path) = file.path[folder.len()..].strip_prefix("/src/") else { continue };
            let is_program = path.strip_prefix("bin/").is_some_and(|name| match name.split_once('/') {
                Some((_, rest)) => rest == "main.rs",
                None => true,
            });
            if path == "lib.rs" {
                let root = tree.add_file(at, None, parent_folder(&file.path));
                tree.library = Some((file.crate_name.replace('-', "_"), root));
            } else if path == "main.rs" || is_program {
                tree.add_file(at, None, parent_folder(&file.path));
            }
        }
        tree
    }

    /// Adds the module that is the file `at`, whose child modules have their files in `folder`.
    fn add_file(&mut self, at: usize, parent: Option<usize>, folder: &str) -> usize {
        let module = self.add_module(at, parent, false);
        self.add_items(module, &self.files[at].syntax.items, folder);
        module
    }

    fn add_module(&mut self, file: usize, parent: Option<usize>, inline: bool) -> usize {
        let (names, types, globs) = Default::default();
        self.modules.push(Module { file, parent, inline, names, types, globs });
        self.modules.len() - 1
    }

    fn add_items(&mut self, module: usize, items: &[Item], folder: &str) {
        for item in items.iter().filter(|item| !only_in_tests(attributes(item))) {
            match item {
                Item::Mod(child) => self.add_child(module, child, folder),
                Item::Use(item) => self.add_use(module, item),
                item => {
                    if let Some(name) = defined_name(item) {
                        self.bind(module, &plain(name), Binding::Item(module));
                        if is_type(item) {
                            self.modules[module].types.insert(plain(name));
                        }
                    }
                    self.add_macro(module, item);
                    self.add_inner_uses(module, item);
                }
            }
        }
    }

    fn bind(&mut self, module: usize, name: &str, binding: Binding) {
        let bindings = self.modules[module].names.entry(name.to_string()).or_default();
        if !bindings.contains(&binding) {
            bindings.push(binding);
        }
    }

    /// A module that is declared twice, for two kinds of machine, is one.
    fn add_child(&mut self, module: usize, child: &ItemMod, folder: &str) {
        let name = plain(&child.ident);
        let known = self.child(module, &name);
        let inner = format!("{folder}/{name}");
        if let Some((_, items)) = &child.content {
            let file = self.modules[module].file;
            let id = known.unwrap_or_else(|| self.add_module(file, Some(module), true));
            self.bind(module, &name, Binding::Module(id));
            self.add_items(id, items, &inner);
        } else if known.is_none() {
            let is_child = |file: &SourceFile| {
                file.path == format!("{inner}.rs") || file.path == format!("{inner}/mod.rs")
            };
            let file = self.files.iter().position(is_child);
            if let Some(at) = file.filter(|&at| !only_in_tests(&self.files[at].syntax.attrs)) {
                let id = self.add_file(at, Some(module), &inner);
                self.bind(module, &name, Binding::Module(id));
            }
        }
    }

    /// The child module `name` of `module`.
    pub fn child(&self, module: usize, name: &str) -> Option<usize> {
        self.modules[module].names.get(name)?.iter().find_map(|binding| match binding {
            Binding::Module(child) => Some(*child),
            _ => None,
        })
    }

    fn add_use(&mut self, module: usize, item: &ItemUse) {
        for Leaf { path, name, .. } in leaves(item) {
            match name {
                Some(name) => self.bind(module, &name, Binding::Import(path)),
                None => self.modules[module].globs.push(path),
            }
        }
    }

    /// `#[macro_export]` puts a macro in the crate's root, wherever it is defined.
    fn add_macro(&mut self, module: usize, item: &Item) {
        let Item::Macro(item) = item else { return };
        let Some(name) = item.ident.as_ref().map(plain) else { return };
        if item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export")) {
            self.bind(self.root(module), &name, Binding::Item(module));
        }
        self.macros.insert(name, module);
    }

    /// A `use` within a function is taken for one of the whole module, unless the module has the name already.
    fn add_inner_uses(&mut self, module: usize, item: &Item) {
        let mut inner = InnerUses(Vec::new());
        inner.visit_item(item);
        for Leaf { path, name, .. } in inner.0 {
            if let Some(name) = name.filter(|name| !self.modules[module].names.contains_key(name)) {
                self.bind(module, &name, Binding::Import(path));
            }
        }
    }

    /// The root of the library or program in which `module` is.
    pub fn root(&self, module: usize) -> usize {
        let mut root = module;
        while let Some(parent) = self.modules[root].parent {
            root = parent;
        }
        root
    }
}

fn parent_folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Every `use` within an item.
struct InnerUses(Vec<Leaf>);

impl<'ast> Visit<'ast> for InnerUses {
    fn visit_item(&mut self, item: &'ast Item) {
        if !only_in_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.0.extend(leaves(item));
    }
}
