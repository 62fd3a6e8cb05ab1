//! The workspace keeps its own rules.
//!
//! Each rule is a function from what was read to complaints, and stands in a module of its own. What was broken before
//! a rule was made is listed in `debts.toml`: a breach that is not listed is red, and so is one that is listed and no
//! longer there. `TIDY_PRINT=1` prints the list as it would have to be now.
//!
//! | rule | what it says |
//! |---|---|
//! | `circles_between_crates` | path dependencies form no circle |
//! | `circles_between_files` | nor do the files of a crate, by what their code uses |
//! | `long_functions`, `long_files`, `long_lines` | 40 lines, 300 lines, 120 characters |
//! | `one_name_one_type` | a public type's name is defined once in the workspace |
//! | `mod_rs_defines_nothing_its_children_use` | a file does not lean on the file that opens its folder |
//! | `picture` | ARCHITECTURE.md shows the crates as they are |

mod circles;
mod complaint;
mod controls;
mod crates;
mod debts;
mod folders;
mod graph;
mod items;
mod manifests;
mod modules;
mod names;
mod sizes;
mod sources;
mod tokens;
mod types;
mod uses;

use complaint::Complaint;
use debts::Debts;
use manifests::Manifest;
use sources::SourceFile;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The workspace's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rules that may have debts, and what each says of the workspace.
fn complaints(manifests: &[Manifest], files: &[SourceFile]) -> Vec<(&'static str, Vec<Complaint>)> {
    vec![
        ("circles_between_crates", crates::circles_between_crates(manifests)),
        ("circles_between_files", circles::circles_between_files(files)),
        ("long_functions", sizes::long_functions(files)),
        ("long_files", sizes::long_files(files)),
        ("long_lines", sizes::long_lines(files)),
        ("one_name_one_type", types::one_name_one_type(files)),
        ("mod_rs_defines_nothing_its_children_use", folders::mod_rs_defines_nothing_its_children_use(files)),
    ]
}

#[test]
fn the_workspace_keeps_its_rules() -> io::Result<()> {
    let manifests = manifests::read(&root())?;
    let files = sources::read(&root(), &manifests)?;
    assert!(!files.is_empty(), "a search that finds no file is blind");
    let complaints = complaints(&manifests, &files);
    if env::var_os("TIDY_PRINT").is_some() {
        println!("{}", debts::as_toml(&complaints));
        panic!("TIDY_PRINT is set: what stands above is debts.toml as it would have to be now");
    }
    let debts = Debts::parse(include_str!("debts.toml"));
    let rules: Vec<&str> = complaints.iter().map(|(rule, _)| *rule).collect();
    let mut wrong = debts.of_no_rule(&rules);
    wrong.extend(complaints.iter().flat_map(|(rule, complaints)| debts.against(rule, complaints)));
    assert!(wrong.is_empty(), "{} breaches:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
    Ok(())
}

#[test]
fn architecture_md_shows_the_crates_as_they_are() -> io::Result<()> {
    let arrows = crates::crate_arrows(&manifests::read(&root())?);
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md"))?;
    let wrong: Vec<String> =
        crates::picture(&architecture, &arrows).into_iter().map(|wrong| wrong.says).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
