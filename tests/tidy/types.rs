//! The rule about names: one public name, one type.

use crate::complaint::Complaint;
use crate::items::{attributes, only_in_tests, plain};
use crate::modules::trees;
use crate::sources::SourceFile;
use std::collections::{BTreeMap, BTreeSet};
use syn::{Ident, Item, Visibility};

/// In the `src` of all crates, no name of a struct, union, enum, trait or type alias that is `pub` or `pub(crate)` is
/// defined twice.
pub fn one_name_one_type(files: &[SourceFile]) -> Vec<Complaint> {
    let trees = trees(files);
    let mut places: BTreeMap<String, BTreeSet<(&str, usize)>> = BTreeMap::new();
    for module in trees.iter().flat_map(|tree| &tree.modules).filter(|module| !module.inline) {
        let file = &files[module.file];
        for name in type_names(&file.syntax.items) {
            places.entry(plain(name)).or_default().insert((&file.path, name.span().start().line));
        }
    }
    places.retain(|_, places| places.len() > 1);
    places.into_iter().map(|(name, places)| twice(&name, &places)).collect()
}

fn twice(name: &str, places: &BTreeSet<(&str, usize)>) -> Complaint {
    let mut says = format!(
        "{name} is defined {} times: give each a name that says whose it is, or use one type for all",
        places.len()
    );
    for (path, line) in places {
        says += &format!("\n  {path}:{line}");
    }
    Complaint::new(name, says)
}

/// The types that `items` show to the crate or to everybody, also within `mod name { .. }`.
fn type_names(items: &[Item]) -> Vec<&Ident> {
    let mut found = Vec::new();
    for item in items.iter().filter(|item| !only_in_tests(attributes(item))) {
        let (visibility, name) = match item {
            Item::Enum(item) => (&item.vis, &item.ident),
            Item::Struct(item) => (&item.vis, &item.ident),
            Item::Trait(item) => (&item.vis, &item.ident),
            Item::Type(item) => (&item.vis, &item.ident),
            Item::Union(item) => (&item.vis, &item.ident),
            Item::Mod(item) => {
                found.extend(item.content.iter().flat_map(|(_, items)| type_names(items)));
                continue;
            }
            _ => continue,
        };
        let is_shown = match visibility {
            Visibility::Public(_) => true,
            Visibility::Restricted(to) => to.path.is_ident("crate"),
            Visibility::Inherited => false,
        };
        if is_shown {
            found.push(name);
        }
    }
    found
}
