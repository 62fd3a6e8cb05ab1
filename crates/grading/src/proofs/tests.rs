use super::*;
use rstest::rstest;

const LIMITS: Limits = Limits { seconds: 300.0, memory_gib: 8.0 };

const TESTS: &str = r#"
#[test] fn passes() {}
#[test] fn fails() { assert_eq!(1, 2, "a wrong sign"); }
#[test] #[ignore] fn is_ignored() {}
#[test] fn never_ends() { loop { std::hint::spin_loop(); } }
#[test] fn asks_for_30_gb() { let all = vec![1_u8; 30 << 30]; assert!(std::hint::black_box(all)[7] == 1); }
mod table { mod rows {
    #[test] fn case_1_right() {}
    #[test] fn case_2_wrong() { panic!("row 2"); }
} }
"#;

/// A repository with three crates without dependencies: one that is sound, one of which a test file does not compile,
/// one whose library does not.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n");
    let lock = |name| format!("\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\n");
    write("Cargo.lock", &format!("version = 4\n{}", ["half", "none", "sound"].map(lock).concat()));
    for (name, library, tests) in
        [("sound", "", TESTS), ("half", "", "#[test] fn passes() { undefined(); }"), ("none", "fn", "")]
    {
        write(
            &format!("crates/{name}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        );
        write(
            &format!("crates/{name}/src/lib.rs"),
            &format!("{library}\n#[cfg(test)] mod tests {{ #[test] fn inside() {{}} }}\n"),
        );
        write(&format!("crates/{name}/tests/all.rs"), tests);
    }
    write("crates/half/tests/other.rs", "#[test] fn passes() {}");
    write(".cargo/config.toml", "[env]\nA_SEED = \"7\"\n");
    folder
}

fn cargo(root: &Path) -> Cargo {
    Cargo { root: root.to_owned(), ..Cargo::default() }
}

fn name(text: &str) -> TestName {
    text.to_owned().try_into().unwrap()
}

/// One repository, one build: each test of a rubric, and why it proves nothing.
#[test]
fn each_test_is_judged_by_itself() {
    let repository = repository();
    let rows = [
        ("crates/sound/tests/all.rs::passes", None),
        ("crates/sound/tests/all.rs::fails", Some("a wrong sign")),
        ("crates/sound/tests/all.rs::is_ignored", Some("were run and passed")),
        ("crates/sound/tests/all.rs::never_ends", Some("stopped at its limit of 5 s")),
        (
            "crates/sound/tests/all.rs::asks_for_30_gb",
            Some("more than 4 GiB of memory: memory allocation of 32212254720 bytes"),
        ),
        ("crates/sound/tests/all.rs::is_not_there", Some("there is no such test")),
        ("crates/sound/tests/all.rs::rows", Some("row 2")),
        ("crates/sound/tests/all.rs::rows::right", None),
        ("crates/sound/tests/all.rs::rows::wrong", Some("row 2")),
        ("crates/sound/tests/no_file.rs::passes", Some("there is no file")),
        ("crates/sound/src/lib.rs::inside", None),
        ("crates/half/tests/all.rs::passes", Some("it does not compile: cannot find function `undefined`")),
        ("crates/half/tests/other.rs::passes", None),
        (
            "crates/none/tests/all.rs::passes",
            Some("its package was not built, it does not compile: expected identifier"),
        ),
    ];
    let names: Vec<TestName> = rows.iter().map(|(test, _)| name(test)).collect();
    let built = build(&cargo(repository.path()), &names.iter().collect::<Vec<_>>(), LIMITS);
    assert_eq!(built.environment, [("A_SEED".to_owned(), "7".to_owned())]);
    for (test, (text, expected)) in names.iter().zip(rows) {
        let proof = built.prove(test, Limits { seconds: 5.0, memory_gib: 4.0 });
        match (proof.failure, expected) {
            (None, None) => {}
            (Some(why), Some(expected)) => assert!(why.contains(expected), "{text}: {why}"),
            (found, _) => panic!("{text}: {found:?}"),
        }
    }
}

#[test]
fn what_cannot_be_built_at_all_is_said() {
    let folder = repository();
    std::fs::remove_file(folder.path().join("Cargo.toml")).unwrap();
    let test = name("crates/sound/tests/all.rs::passes");
    let why = build(&cargo(folder.path()), &[&test], LIMITS).prove(&test, LIMITS).failure.unwrap();
    assert!(why.contains("was not built") && why.contains("Cargo.toml"), "{why}");
}

#[rstest]
#[case::of_a_test_target("crates/cnn/tests/laws.rs::f", "cargo test --package cnn --test laws -- f")]
#[case::of_a_module_of_one(
    "crates/mlp/tests/suite/laws.rs::f::c",
    "cargo test --package mlp --test suite -- f"
)]
#[case::of_the_library("crates/cnn/src/a/b.rs::f", "cargo test --package cnn --lib -- f")]
fn a_test_says_how_to_run_it(#[case] test: &str, #[case] command: &str) {
    assert_eq!(name(test).reproduce(), command);
}

#[rstest]
fn what_names_no_test_is_refused(
    #[values(
        "",
        "f",
        "f.rs::f",
        "crates/cnn::f",
        "crates/cnn/tests/a.rs",
        "crates/cnn/tests/a.rs::",
        "crates/cnn/tests/a.rs::a::b::c"
    )]
    text: &str,
) {
    assert!(TestName::try_from(text.to_owned()).unwrap_err().to_string().contains("FILE::FUNCTION"));
}
