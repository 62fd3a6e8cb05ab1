//! What a path stands for: which module, or which item and where it is really defined.

use crate::modules::{Binding, Tree};

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A module.
    Module(usize),
    /// An item, with the module that defines it. What is inside an item (a variant, a method) counts as the item.
    Item(usize, String),
}

/// The imports that are being followed, so that two that name each other do not go round for ever.
type Trail = Vec<(usize, String, usize)>;

impl Tree<'_> {
    /// What `path`, written in the module `from`, may stand for: nothing when it leads out of the crate.
    pub fn resolve(&self, from: usize, path: &[String]) -> Vec<Target> {
        self.follow(from, path, &mut Trail::new())
    }

    /// The module that defines the macro `name`, called in the module `from`.
    pub fn resolve_macro(&self, from: usize, name: &str) -> Vec<Target> {
        let found = self.resolve(from, &[name.to_string()]);
        if !found.is_empty() {
            return found;
        }
        self.macros.get(name).map(|&module| Target::Item(module, name.to_string())).into_iter().collect()
    }

    fn follow(&self, from: usize, path: &[String], trail: &mut Trail) -> Vec<Target> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        let mut found = self.first(from, first, rest.is_empty(), trail);
        for segment in rest {
            found.retain(|target| self.can_be_followed(target));
            if found.iter().any(|target| matches!(target, Target::Module(_))) {
                found.retain(|target| matches!(target, Target::Module(_)));
                found = found.iter().flat_map(|target| self.inside(target, segment, trail)).collect();
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// Whether `::` can stand behind it. An item that the module does not show is given the benefit of the doubt.
    fn can_be_followed(&self, target: &Target) -> bool {
        match target {
            Target::Module(_) => true,
            Target::Item(module, name) => {
                let module = &self.modules[*module];
                module.types.contains(name) || !module.names.contains_key(name)
            }
        }
    }

    /// What the first segment of a path stands for, which may be the only one.
    fn first(&self, from: usize, segment: &str, is_only: bool, trail: &mut Trail) -> Vec<Target> {
        match segment {
            "crate" => vec![Target::Module(self.root(from))],
            "self" => vec![Target::Module(from)],
            "super" => self.modules[from].parent.map(Target::Module).into_iter().collect(),
            name => {
                let mut found = self.look_up(from, name, trail);
                found.retain(|target| is_only || self.can_be_followed(target));
                let library = self.library.as_ref().filter(|(library, root)| {
                    found.is_empty() && library == name && *root != self.root(from)
                });
                library.map_or(found, |(_, root)| vec![Target::Module(*root)])
            }
        }
    }

    /// `segment` behind `target`. A name that the module does not show (a macro made it) counts as defined there.
    fn inside(&self, target: &Target, segment: &str, trail: &mut Trail) -> Vec<Target> {
        let Target::Module(module) = target else { return vec![target.clone()] };
        match segment {
            "self" => vec![target.clone()],
            "super" => self.modules[*module].parent.map(Target::Module).into_iter().collect(),
            name => {
                let found = self.look_up(*module, name, trail);
                let is_foreign = self.modules[*module].names.contains_key(name);
                if found.is_empty() && !is_foreign {
                    vec![Target::Item(*module, name.to_string())]
                } else {
                    found
                }
            }
        }
    }

    /// What `name` stands for in `module`: what is bound there, or else what a `use path::*` brings.
    fn look_up(&self, module: usize, name: &str, trail: &mut Trail) -> Vec<Target> {
        let mut found = Vec::new();
        for (at, binding) in self.modules[module].names.get(name).into_iter().flatten().enumerate() {
            match binding {
                Binding::Item(defined) => found.push(Target::Item(*defined, name.to_string())),
                Binding::Module(child) => found.push(Target::Module(*child)),
                Binding::Import(path) => {
                    let import = (module, name.to_string(), at);
                    found.extend(once(import, trail, |trail| self.follow(module, path, trail)));
                }
            }
        }
        if self.modules[module].names.contains_key(name) {
            return found;
        }
        for (at, path) in self.modules[module].globs.iter().enumerate() {
            let import = (module, format!("*{name}"), at);
            found.extend(once(import, trail, |trail| self.through(module, path, name, trail)));
        }
        found
    }

    /// What `name` stands for in the modules to which `path` leads.
    fn through(&self, from: usize, path: &[String], name: &str, trail: &mut Trail) -> Vec<Target> {
        let modules = self.follow(from, path, trail).into_iter().filter_map(|target| match target {
            Target::Module(module) => Some(module),
            Target::Item(..) => None,
        });
        modules.flat_map(|module| self.look_up(module, name, trail)).collect()
    }
}

/// Follows an import, unless it is being followed already.
fn once(
    import: (usize, String, usize),
    trail: &mut Trail,
    follow: impl FnOnce(&mut Trail) -> Vec<Target>,
) -> Vec<Target> {
    if trail.contains(&import) {
        return Vec::new();
    }
    trail.push(import);
    let found = follow(trail);
    trail.pop();
    found
}
