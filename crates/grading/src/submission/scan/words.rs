//! The words that a student's source may not name, and those of the standard library that it may.

/// The modules and macros of `std`, `core` and `alloc` that compute and do nothing else.
pub(super) const ALLOWED: &[&str] = &[
    "any",
    "array",
    "ascii",
    "assert",
    "assert_eq",
    "assert_ne",
    "borrow",
    "boxed",
    "cell",
    "char",
    "clone",
    "cmp",
    "collections",
    "concat",
    "convert",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "dbg",
    "default",
    "eprint",
    "eprintln",
    "error",
    "f32",
    "f64",
    "fmt",
    "format",
    "format_args",
    "hash",
    "hint",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "iter",
    "marker",
    "matches",
    "mem",
    "num",
    "ops",
    "option",
    "panic",
    "primitive",
    "print",
    "println",
    "ptr",
    "rc",
    "result",
    "slice",
    "str",
    "string",
    "stringify",
    "sync",
    "thread_local",
    "time",
    "todo",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "unimplemented",
    "unreachable",
    "usize",
    "vec",
    "write",
    "writeln",
];

/// What is refused wherever it stands, with the reason.
pub(super) const REFUSED: &[(&str, &str)] = &[
    ("unsafe", UNSAFE),
    ("extern", "code from outside"),
    ("macro_rules", OWN_MACROS),
    ("macro", OWN_MACROS),
    ("serialize_to_file", FILES),
    ("catch_unwind", "panics that are caught"),
    ("set_hook", "panics that are caught"),
    ("take_hook", "panics that are caught"),
    ("panic_any", "panics that are caught"),
    ("resume_unwind", "panics that are caught"),
];

/// What is refused as the name of a macro.
pub(super) const MACROS: &[(&str, &str)] = &[
    ("env", ENVIRONMENT),
    ("option_env", ENVIRONMENT),
    ("include", FILES),
    ("include_str", FILES),
    ("include_bytes", FILES),
    ("compile_error", "messages to the compiler's reader"),
    ("asm", UNSAFE),
    ("global_asm", UNSAFE),
    ("naked_asm", UNSAFE),
    ("module_path", "the names of its surroundings"),
    ("file", "the names of its surroundings"),
];

/// What is refused in an attribute.
pub(super) const ATTRIBUTES: &[(&str, &str)] = &[
    ("path", FILES),
    ("no_mangle", UNSAFE),
    ("export_name", UNSAFE),
    ("link_section", UNSAFE),
    ("link", UNSAFE),
    ("link_name", UNSAFE),
    ("link_args", UNSAFE),
    ("global_allocator", UNSAFE),
    ("track_caller", "the names of its surroundings"),
];

pub(super) const OWN_MACROS: &str = "macros of its own (write a function)";
pub(super) const UNSAFE: &str = "unsafe code";
pub(super) const FILES: &str = "files";
pub(super) const ENVIRONMENT: &str = "the environment";

/// The libraries whose whole is in question: the roots of paths.
pub(super) const LIBRARIES: [&str; 3] = ["std", "core", "alloc"];
