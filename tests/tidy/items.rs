//! Small questions to the syntax of items: their names, attributes and `use` trees.

use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, Item, ItemUse, Meta, Token, UseTree};

/// The name, without the `r#` that lets it be a keyword.
pub fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// Whether the attributes let the code exist in tests only: `#[cfg(test)]`, `#[cfg(all(test, ..))]`, `#[test]`.
pub fn only_in_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            list.parse_args().is_ok_and(|meta| needs_test(&meta))
        }
        Meta::Path(path) => path.is_ident("test"),
        _ => false,
    })
}

/// Whether the condition of a `cfg` can hold in tests only.
fn needs_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) => {
            let parts =
                list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
            let is = |name| list.path.is_ident(name) && !parts.is_empty();
            (is("all") && parts.iter().any(needs_test)) || (is("any") && parts.iter().all(needs_test))
        }
        Meta::NameValue(_) => false,
    }
}

/// The attributes of any item.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The name that an item gives its module, unless it is a module or a `use`.
pub fn defined_name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::TraitAlias(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

/// Whether the item is a type or a trait.
pub fn is_type(item: &Item) -> bool {
    matches!(
        item,
        Item::Enum(_)
            | Item::Struct(_)
            | Item::Trait(_)
            | Item::TraitAlias(_)
            | Item::Type(_)
            | Item::Union(_)
    )
}

/// One name, or one `*`, of a `use`.
pub struct Leaf {
    /// The full path.
    pub path: Vec<String>,
    /// The name it has here; none for `*`.
    pub name: Option<String>,
    /// Where it stands, from 1.
    pub line: usize,
}

/// What a `use` names. A path that begins with `::` belongs to another crate and is left out.
pub fn leaves(item: &ItemUse) -> Vec<Leaf> {
    let mut found = Vec::new();
    if item.leading_colon.is_none() {
        add_leaves(&item.tree, &mut Vec::new(), &mut found);
    }
    found
}

fn add_leaves(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<Leaf>) {
    match tree {
        UseTree::Path(inner) => {
            path.push(plain(&inner.ident));
            add_leaves(&inner.tree, path, found);
            path.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| add_leaves(tree, path, found)),
        UseTree::Name(name) => found.push(leaf(path, &name.ident, None)),
        UseTree::Rename(rename) => found.push(leaf(path, &rename.ident, Some(plain(&rename.rename)))),
        UseTree::Glob(glob) => {
            let line = glob.star_token.spans[0].start().line;
            found.push(Leaf { path: path.clone(), name: None, line });
        }
    }
}

/// The leaf `path::last`, or `path` itself when `last` is `self`, under the name `renamed` if there is one.
fn leaf(path: &[String], last: &Ident, renamed: Option<String>) -> Leaf {
    let mut full = path.to_vec();
    if last != "self" || path.is_empty() {
        full.push(plain(last));
    }
    Leaf { name: renamed.or_else(|| full.last().cloned()), path: full, line: last.span().start().line }
}
