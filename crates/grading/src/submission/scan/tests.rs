use super::*;
use rstest::rstest;

#[rstest]
#[case::a_function_before_main("#[unsafe(link_section = \".init_array\")] static F: fn() = f;", "unsafe")]
#[case::an_allow("#![allow( unsafe_code )] fn f() { unsafe { g() } }", "unsafe")]
#[case::a_section("#[link_section = \".init_array\"] static F: fn() = f;", "link_section")]
#[case::another_file("#[path = \"../../x.rs\"] mod x;", "path")]
#[case::another_file_if("#[cfg_attr(all(), path = \"../../x.rs\")] mod x;", "path")]
#[case::exit("fn f() { std::process::exit(0) }", "std::process")]
#[case::exit_from_the_root("fn f() { ::std::process::exit(0) }", "std::process")]
#[case::exit_by_a_use_from_the_root("use ::std::process::exit;", "std::process")]
#[case::exit_returned("fn f() { return ::std::process::exit(0) }", "std::process")]
#[case::exit_by_a_use("use std::process::exit;", "std::process")]
#[case::exit_in_a_group("use std::{fmt, process::exit};", "std::process")]
#[case::exit_in_a_group_of_groups("use {serde::Serialize, std::{fmt, {process as p}}};", "std::process")]
#[case::all_of_it("use std::*;", "std::*")]
#[case::renamed("use std as s; fn f() { s::process::exit(0) }", "std")]
#[case::itself("use std::{self as s};", "std::self")]
#[case::renamed_in_a_group("use {std as s};", "std")]
#[case::named_again("use std; fn f() { crate::std::process::exit(0) }", "std")]
#[case::handed_on("mod m { pub use std; } fn f() { m::std::process::exit(0) }", "std")]
#[case::by_its_crate("fn f() { crate::std::process::exit(0) }", "std::process")]
#[case::behind_a_comparison("fn f() -> bool { 1 > ::std::process::id() }", "std::process")]
#[case::behind_an_arm("fn f() { match 1 { _ => ::std::process::exit(0) } }", "std::process")]
#[case::behind_a_block("fn f() { {} ::std::process::exit(0) }", "std::process")]
#[case::a_type("fn f(_: &mut ::std::process::Command) {}", "std::process")]
#[case::raw("use r#std::r#process::exit;", "std::process")]
#[case::another_crate("extern crate std as s;", "extern")]
#[case::files("fn f() { std::fs::read(\"x\"); }", "std::fs")]
#[case::a_text("const X: &str = include_str!(\"/etc/passwd\");", "include_str")]
#[case::a_text_renamed("use std::include_str as x;", "std::include_str")]
#[case::bytes("const X: &[u8] = include_bytes!(\"/etc/passwd\");", "include_bytes")]
#[case::source("include!(\"x.rs\");", "include")]
#[case::environment("const X: &str = env!(\"HOME\");", "env")]
#[case::environment_renamed("use core::env as e;", "core::env")]
#[case::perhaps("const X: Option<&str> = option_env!(\"HOME\");", "option_env")]
#[case::a_message("compile_error!(\"x\");", "compile_error")]
#[case::a_text_from_the_prelude(
    "use core::prelude::v1::include as text; text!(\"notes.txt\");",
    "core::prelude"
)]
#[case::texts_from_the_prelude("use std::prelude::v1::{include_str as t, env as e};", "std::prelude")]
#[case::all_of_the_prelude("mod m { pub use core::prelude::v1::*; }", "core::prelude")]
#[case::from_a_module("use self::m::include as x;", "include")]
#[case::from_a_glob("use m::{*, env};", "env")]
#[case::a_librarys_own("use serde::__private::fmt;", "__private")]
#[case::letters_by_numbers(
    "#[serde(default = \"\\x73td::process::abort\")] struct X;",
    "\"\\x73td::process::abort\""
)]
#[case::a_line_for_a_shell("#!/*\nfn f() { std::process::exit(0) }\n// */\n", "#!")]
#[case::a_text_of_an_attribute("#[serde(default = \"std::process::abort\")] struct X;", "std::process")]
#[case::code_in_an_attribute("#[error(\"{}\", std::fs::read(\"x\").len())] struct E;", "std::fs")]
#[case::documentation_by_a_macro("#[doc = env!(\"HOME\")] fn f() {}", "env")]
#[case::the_caller("#[track_caller] fn f() {}", "track_caller")]
#[case::tests_that_a_macro_unwraps("keep! { #[cfg(test)] mod t { use std::fs; } }", "std::fs")]
#[case::tests_within_a_module("mod m { #[cfg(test)] mod t { use std::fs; } }", "std::fs")]
#[case::output_by_hand("fn f() { std::io::stdout(); }", "std::io")]
#[case::threads("fn f() { std::thread::spawn(g); }", "std::thread")]
#[case::network("use std::net::TcpStream;", "std::net")]
#[case::an_allocator("#[global_allocator] static A: X = X;", "global_allocator")]
#[case::weights_to_a_file("use safetensors::serialize_to_file;", "serialize_to_file")]
#[case::a_macro("macro_rules! m { ($x:expr) => { $x + 1.0 } }", "macro_rules")]
#[case::a_macro_of_the_next_kind("macro m($x:expr) { $x }", "macro")]
#[case::pieces("m! { ($a:ident) => { std::$a::exit(0) } }", "std::*")]
#[case::in_arguments("fn f() { format!(\"{:?}\", std::env::var(\"X\")); }", "std::env")]
#[case::behind_tests("#[cfg(test)] mod t {} fn f() { std::process::exit(0) }", "std::process")]
#[case::an_arm_of_tests(
    "fn f() { match 1 { #[cfg(test)] 0 => {} _ => std::process::exit(0) } }",
    "std::process"
)]
#[case::tests_of_something_else("#[cfg(test)] fn g() {} mod t { use std::fs; }", "std::fs")]
#[case::tests_by_another_macro("keep! { #[cfg(test)] } mod t { use std::fs; }", "std::fs")]
#[case::in_a_group_from_the_root("use ::{std as s};", "std")]
#[case::not_of_tests("#[cfg(not(test))] mod t { use std::fs; }", "std::fs")]
#[case::no_rust("fn f( {", "a text that is no Rust")]
#[case::a_byte_order_mark("\u{feff}use std::fs;", "std::fs")]
fn is_refused(#[case] text: &str, #[case] words: &str) {
    assert_eq!(forbidden(text).map(|found| found.words).as_deref(), Some(words));
}

#[rstest]
#[case::what_computes("use std::{collections::BTreeMap, fmt, iter::{once, repeat}}; use core::ops::Add;")]
#[case::a_deviation_named_std("fn f(std: f64) -> f64 { let net = std as f32; std / f64::from(net) }")]
#[case::not_equal("fn f(env: u8, print: u8) -> bool { env != print }")]
#[case::fields("fn f(x: X) -> u8 { x.process + x.env + x.io.fs }")]
#[case::a_module_of_the_crate("use crate::io::process; mod fs; fn f() { fs::read() }")]
#[case::words_in_texts(
    "/// Not `std::process::exit`, nor unsafe.\nconst X: &str = \"std::fs unsafe include_str!\";"
)]
#[case::tests_of_ones_own(
    "#[cfg(test)]\nmod tests { use super::*; #[test] fn f() { println!(\"{}\", std::env::args().len()) } }"
)]
#[case::attributes("#[derive(Clone)] #[serde(rename = \"path\")] struct X; #[must_use] fn f() {}")]
#[case::macros("fn f() { todo!(\"x\"); assert_eq!(1, 1); vec![1]; write!(f, \"x\"); }")]
#[case::a_line_that_was_forgotten("fn f() { println!(\"x\"); dbg!(1); std::eprintln!(\"y\") }")]
#[case::names_that_are_macros_elsewhere("fn f(include: bool, asm: u8) -> bool { include && asm > 1 }")]
#[case::a_deviation_of_a_module("use crate::stats::{mean, std as sigma}; use crate::stats::std;")]
#[case::what_a_type_captures("fn f(std: f64) -> impl Iterator + use<> { g(std as f32) }")]
#[case::an_argument_of_an_attribute(
    "#[error(\"no path {}\", path)] struct E; #[cfg(feature = \"x\")] fn f() {}"
)]
#[case::tests_with_more_before_them("#[cfg(test)] #[allow(dead_code)] pub(crate) mod tests { use std::fs; }")]
#[case::texts_of_attributes("#[error(\"the standard deviation, std, is {0}; see core\")] struct E(f64);")]
fn is_let_pass(#[case] text: &str) {
    assert_eq!(forbidden(text), None);
}

/// Each would end the grader for want of a stack, or of memory.
#[rstest]
#[case::deep(format!("const X: u8 = {}1{};", "(".repeat(100_000), ")".repeat(100_000)), "groups within")]
#[case::deep_before_tests(format!("{}{} mod t {{}}", "(".repeat(100_000), ")".repeat(100_000)), "groups within")]
#[case::long(" ".repeat((1 << 20) + 1), "a source of more than")]
fn what_is_too_much_is_refused(#[case] text: String, #[case] words: &str) {
    let found = forbidden(&text).unwrap();
    assert!(found.words.starts_with(words), "{found:?}");
    assert!(modules_of_tests(&[("crates/theory/src/lib.rs".to_owned(), text)].into()).is_empty());
}

#[test]
fn sources_may_be_as_deep_as_any_that_is_written() {
    let text = format!("const X: u8 = {}1{};", "(".repeat(200), ")".repeat(200));
    assert_eq!(forbidden(&text), None);
}

#[test]
fn the_place_is_named() {
    let found = forbidden("fn f() {}\n\nfn g() {\n    std::process::exit(0)\n}\n");
    let words = "std::process".to_owned();
    assert_eq!(found, Some(Forbidden { line: 4, words, to: "processes" }));
}

#[rstest]
#[case::a_file("#[cfg(test)]\nmod tests;", "tests.rs", true)]
#[case::a_folder("#[cfg(test)] mod tests;", "tests/mod.rs", true)]
#[case::a_module_in_it("#[cfg(test)] mod tests;", "tests/laws.rs", true)]
#[case::of_another_module("#[cfg(test)] mod tests;", "graph/tests.rs", true)]
#[case::beside_tests_of_another("#[cfg(test)] mod tests; mod m { pub fn f() {} }", "tests.rs", true)]
#[case::not_declared("", "tests.rs", false)]
#[case::for_all("mod tests;", "tests.rs", false)]
#[case::for_all_but_tests("#[cfg(test)] mod tests; #[cfg(not(test))] mod tests;", "tests.rs", false)]
#[case::in_a_module_too("#[cfg(test)] mod tests; mod graph { pub mod tests; }", "graph/tests.rs", false)]
#[case::in_a_macro("#[cfg(test)] mod tests; keep! { mod r#tests; }", "tests.rs", false)]
#[case::in_a_module_alone("mod graph { #[cfg(test)] mod tests; }", "graph/tests.rs", false)]
#[case::another_name("#[cfg(test)] mod tests;", "test.rs", false)]
#[case::a_program("#[cfg(test)] mod tests;", "bin/tests.rs", false)]
fn files_of_tests_are_known(#[case] library: &str, #[case] file: &str, #[case] expected: bool) {
    let of = |name: &str| format!("crates/theory/src/{name}");
    let sources = [(of("lib.rs"), library), (of(file), "use std::fs;")];
    let sources = sources.map(|(name, text)| (name, text.to_owned())).into();
    let found = modules_of_tests(&sources);
    assert_eq!(is_in(&of(file), &found), expected, "{found:?}");
    assert!(!is_in(&of(file).replace("theory", "cnn"), &found), "another crate");
    assert!(!is_in(&of("lib.rs"), &found));
}

/// The assignment's own sources pass.
#[test]
fn the_assignments_sources_pass() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut refused = Vec::new();
    for name in crate::submission::CRATES {
        let folder = root.join(format!("crates/{name}/src"));
        crate::manifest::walk(&folder, |file, path| {
            let found = forbidden(&std::fs::read_to_string(path)?);
            refused.extend(found.map(|found| format!("{name}/{file}: {}", found.words)));
            Ok(())
        })
        .unwrap();
    }
    assert_eq!(refused, [""; 0]);
}
