//! What the code of each file uses from the other files of its crate.
//!
//! Seen are `use` trees and paths in types, expressions, patterns and attributes, in macros as well as their tokens let
//! it be seen. Not seen are methods and fields, whose types are not written down where they are used. `mod child;` and
//! a `use` with a visibility are the contents page of a folder and use nothing. A `use` of a whole module uses nothing
//! either: the paths that go through it do.

use crate::items::{attributes, leaves, only_in_tests, plain};
use crate::modules::Tree;
use crate::names::Target;
use crate::tokens::{Named, attribute_names, names};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Expr, Item, Visibility};

/// One file uses an item of another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The place of the file that uses.
    pub from: usize,
    /// The place of the file that defines.
    pub to: usize,
    /// The item.
    pub item: String,
    /// The first line that uses it, from 1.
    pub line: usize,
}

/// Every use between two files of a crate, one for each item.
pub fn uses(tree: &Tree) -> Vec<Use> {
    let mut visitor = Visitor { tree, module: 0, locals: Vec::new(), found: BTreeMap::new() };
    for (at, module) in tree.modules.iter().enumerate().filter(|(_, module)| !module.inline) {
        visitor.module = at;
        tree.files[module.file].syntax.items.iter().for_each(|item| visitor.visit_item(item));
    }
    visitor.found.into_iter().map(|((from, to, item), line)| Use { from, to, item, line }).collect()
}

struct Visitor<'t> {
    tree: &'t Tree<'t>,
    /// The module that is being visited.
    module: usize,
    /// The variables of the functions around this place.
    locals: Vec<BTreeSet<String>>,
    /// From, to and item, with the first line.
    found: BTreeMap<(usize, usize, String), usize>,
}

impl Visitor<'_> {
    fn add(&mut self, targets: Vec<Target>, line: usize) {
        let from = self.tree.modules[self.module].file;
        for target in targets {
            let Target::Item(module, item) = target else { continue };
            let to = self.tree.modules[module].file;
            if to != from {
                let first = self.found.entry((from, to, item)).or_insert(line);
                *first = line.min(*first);
            }
        }
    }

    fn add_path(&mut self, path: &[String], line: usize) {
        self.add(self.tree.resolve(self.module, path), line);
    }

    fn add_named(&mut self, named: Vec<Named>) {
        for Named { path, line, is_macro } in named {
            match path.as_slice() {
                [name] if is_macro => self.add(self.tree.resolve_macro(self.module, name), line),
                [name] if self.is_local(name) => {}
                path => self.add_path(path, line),
            }
        }
    }

    fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|locals| locals.contains(name))
    }

    /// Visits a function, with its variables known.
    fn within(
        &mut self,
        signature: &syn::Signature,
        body: Option<&syn::Block>,
        visit: impl FnOnce(&mut Self),
    ) {
        let mut locals = Locals(BTreeSet::new());
        locals.visit_signature(signature);
        if let Some(body) = body {
            locals.visit_block(body);
        }
        self.locals.push(locals.0);
        visit(self);
        self.locals.pop();
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !only_in_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let child = self.tree.child(self.module, &plain(&item.ident));
        if let (Some((_, items)), Some(child)) = (&item.content, child) {
            let outer = std::mem::replace(&mut self.module, child);
            items.iter().for_each(|item| self.visit_item(item));
            self.module = outer;
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if matches!(item.vis, Visibility::Inherited) {
            leaves(item).iter().for_each(|leaf| self.add_path(&leaf.path, leaf.line));
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(&item.sig, Some(&item.block), |visitor| visit::visit_item_fn(visitor, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !only_in_tests(&item.attrs) {
            self.within(&item.sig, Some(&item.block), |visitor| visit::visit_impl_item_fn(visitor, item));
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if !only_in_tests(&item.attrs) {
            self.within(&item.sig, item.default.as_ref(), |visitor| {
                visit::visit_trait_item_fn(visitor, item)
            });
        }
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        if !only_in_tests(&item.attrs) {
            visit::visit_impl_item_const(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !only_in_tests(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if !only_in_tests(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if !only_in_tests(&arm.attrs) {
            visit::visit_arm(self, arm);
        }
    }

    fn visit_expr_block(&mut self, block: &'ast syn::ExprBlock) {
        if !only_in_tests(&block.attrs) {
            visit::visit_expr_block(self, block);
        }
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        self.add_named(attribute_names(attribute));
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        match call.path.get_ident() {
            Some(name) => {
                let line = name.span().start().line;
                self.add(self.tree.resolve_macro(self.module, &plain(name)), line);
            }
            None => self.visit_path(&call.path),
        }
        self.add_named(names(call.tokens.clone()));
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        match expression {
            Expr::Path(path) if path.path.get_ident().is_some_and(|name| self.is_local(&plain(name))) => {}
            _ => visit::visit_expr(self, expression),
        }
    }

    /// A pattern of one word that begins with a capital is a constant.
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        let name = plain(&pattern.ident);
        if is_capital(&name) {
            self.add_path(&[name], pattern.ident.span().start().line);
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let (None, Some(first)) = (path.leading_colon, path.segments.first()) {
            let names: Vec<String> = path.segments.iter().map(|segment| plain(&segment.ident)).collect();
            self.add_path(&names, first.ident.span().start().line);
        }
        visit::visit_path(self, path);
    }
}

/// The variables that patterns bring.
struct Locals(BTreeSet<String>);

impl<'ast> Visit<'ast> for Locals {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        let name = plain(&pattern.ident);
        if !is_capital(&name) {
            self.0.insert(name);
        }
        visit::visit_pat_ident(self, pattern);
    }
}

fn is_capital(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}
