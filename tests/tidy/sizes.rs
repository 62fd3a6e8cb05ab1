//! The rules about size: functions, files and lines.

use crate::complaint::Complaint;
use crate::sources::SourceFile;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The most lines of a function, from the line of its `fn` to its closing brace.
pub const FUNCTION_LINES: usize = 40;
/// The most lines of a file.
pub const FILE_LINES: usize = 300;
/// The most characters of a line.
pub const LINE_CHARACTERS: usize = 120;

/// No function or method has more than [`FUNCTION_LINES`] lines. Docs and attributes do not count, closures are not
/// looked at by themselves.
pub fn long_functions(files: &[SourceFile]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files {
        let mut functions = Functions::default();
        functions.visit_file(&file.syntax);
        for (name, line, length) in
            functions.found.into_iter().filter(|(.., length)| *length > FUNCTION_LINES)
        {
            let says = format!(
                "{}:{line}: fn {name} has {length} lines, {FUNCTION_LINES} are allowed: give its steps names",
                file.path
            );
            complaints.push(Complaint::new(format!("{}: fn {name}", file.path), says));
        }
    }
    complaints
}

/// The functions of a file: name, line and length.
#[derive(Default)]
struct Functions {
    /// The type or trait whose methods are being visited, with `::` behind it.
    owner: String,
    found: Vec<(String, usize, usize)>,
}

impl Functions {
    fn add(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let first = signature.span().start().line;
        let last = body.brace_token.span.close().end().line;
        self.found.push((format!("{}{}", self.owner, signature.ident), first, last + 1 - first));
    }

    fn inside(&mut self, owner: String, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.owner, owner);
        visit(self);
        self.owner = outer;
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.add(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let owner = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| format!("{}::", last.ident)),
            _ => None,
        };
        self.inside(owner.unwrap_or_default(), |functions| visit::visit_item_impl(functions, item));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.inside(format!("{}::", item.ident), |functions| visit::visit_item_trait(functions, item));
    }
}

/// No file has more than [`FILE_LINES`] lines.
pub fn long_files(files: &[SourceFile]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files {
        let lines = file.text.lines().count();
        if lines > FILE_LINES {
            let says = format!(
                "{}:{FILE_LINES}: the file has {lines} lines, {FILE_LINES} are allowed: divide it by what it is about",
                file.path
            );
            complaints.push(Complaint::new(&file.path, says));
        }
    }
    complaints
}

/// No line has more than [`LINE_CHARACTERS`] characters, but one that cannot be broken, such as an address.
pub fn long_lines(files: &[SourceFile]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files {
        let long = |line: &str| line.chars().count() > LINE_CHARACTERS && !is_one_token(line);
        let lines: Vec<String> = file
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| long(line))
            .map(|(at, _)| (at + 1).to_string())
            .collect();
        if let Some(first) = lines.first() {
            let says = format!(
                "{}:{first}: longer than {LINE_CHARACTERS} characters, here and in all on {} lines ({}): break them",
                file.path,
                lines.len(),
                lines.join(", ")
            );
            complaints.push(Complaint::new(format!("{}: {}", file.path, lines.len()), says));
        }
    }
    complaints
}

/// Whether nothing in `line` can be broken, apart from the mark of a comment.
fn is_one_token(line: &str) -> bool {
    let line = line.trim();
    let text = ["///", "//!", "//"].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    !text.trim().contains(char::is_whitespace)
}
