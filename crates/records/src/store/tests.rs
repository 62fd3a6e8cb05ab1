use super::*;
use rstest::rstest;
use serde::Deserialize;
use std::collections::BTreeMap;
use tempfile::{TempDir, tempdir};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    loss: f64,
    counts: Vec<u32>,
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A folder that holds `record.json` with the text `old`.
fn folder_with_an_old_file() -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("record.json");
    fs::write(&path, "old").unwrap();
    (folder, path)
}

#[test]
fn a_written_file_holds_the_bytes_and_nothing_else_is_left() {
    let (folder, path) = folder_with_an_old_file();
    write_atomically(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(folder.path()), ["record.json"]);
}

#[test]
fn a_check_says_what_writing_would_and_leaves_nothing() {
    let (folder, path) = folder_with_an_old_file();
    check_writable(&path).unwrap();
    check_writable(folder.path().join("new.json")).unwrap();
    assert_eq!(
        (names(folder.path()), fs::read(&path).unwrap()),
        (vec!["record.json".to_owned()], b"old".to_vec())
    );
    let refused = [folder.path().to_owned(), path.join("below-a-file.json"), PathBuf::from("/")];
    for path in refused {
        assert_eq!(
            check_writable(&path).unwrap_err().to_string(),
            write_atomically(&path, b"x").unwrap_err().to_string()
        );
    }
}

#[test]
fn missing_parent_folders_are_made() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("a/b/c.txt");
    write_atomically(&path, b"x").unwrap();
    assert_eq!(fs::read(path).unwrap(), b"x");
}

#[test]
fn json_reads_back_with_the_same_bits() {
    let (_folder, path) = folder_with_an_old_file();
    let record = Record { loss: 0.1 + 0.2, counts: vec![1, 2] };
    write_json(&path, &record).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, "{\"loss\":0.30000000000000004,\"counts\":[1,2]}\n");
    assert_eq!(read_json::<Record>(&path).unwrap(), record);
}

#[test]
fn a_write_that_fails_halfway_leaves_the_old_file_and_no_temporary() {
    let (folder, path) = folder_with_an_old_file();
    let registry = Registry::new();
    let result = write_with(&registry, &path, |file| {
        file.write_all(b"half")?;
        Err(io::ErrorKind::StorageFull.into())
    });
    assert!(matches!(&result, Err(StoreError::Write { path: named, .. }) if *named == path), "{result:?}");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["record.json"]);
    assert!(registry.lock().is_empty());
}

#[test]
fn the_file_before_is_kept_beside_the_new_one() {
    let (folder, path) = folder_with_an_old_file();
    let before = folder.path().join("record.json.before");
    write_keeping(&path, b"new", &before).unwrap();
    assert_eq!((fs::read(&path).unwrap(), fs::read(&before).unwrap()), (b"new".to_vec(), b"old".to_vec()));
    fs::remove_file(&path).unwrap();
    write_keeping(&path, b"newer", &before).unwrap();
    assert_eq!((fs::read(&path).unwrap(), fs::read(&before).unwrap()), (b"newer".to_vec(), b"old".to_vec()));
    // Where it cannot be kept, it stays where it was, and nothing else is left.
    fs::create_dir(folder.path().join("taken")).unwrap();
    fs::write(folder.path().join("taken/file"), "x").unwrap();
    assert!(write_keeping(&path, b"newest", &folder.path().join("taken")).is_err());
    assert_eq!(fs::read(&path).unwrap(), b"newer");
    assert_eq!(names(folder.path()), ["record.json", "record.json.before", "taken"]);
}

#[test]
fn a_folder_that_vanishes_while_a_file_is_written_is_made_again() {
    let (folder, path) = (tempdir().unwrap(), PathBuf::from("below/record.json"));
    let path = folder.path().join(path);
    let (registry, times) = (Registry::new(), std::cell::Cell::new(0));
    let write = |vanishes: usize| {
        write_with(&registry, &path, |file| {
            times.set(times.get() + 1);
            if times.get() <= vanishes {
                fs::remove_dir_all(path.parent().unwrap())?;
            }
            file.write_all(b"new")
        })
    };
    write(1).unwrap();
    assert_eq!((fs::read(&path).unwrap(), times.get()), (b"new".to_vec(), 2));
    assert_eq!(names(path.parent().unwrap()), ["record.json"]);
    // The control: one that vanishes each time is an error, not a loop.
    times.set(0);
    assert!(matches!(write(9), Err(StoreError::Write { .. })));
    assert_eq!(times.get(), 2);
}

#[test]
fn a_value_without_a_form_in_json_leaves_the_old_file() {
    let (folder, path) = folder_with_an_old_file();
    let result = write_json(&path, &BTreeMap::from([((1, 2), 3)]));
    assert!(matches!(result, Err(StoreError::Encode { .. })), "{result:?}");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["record.json"]);
}

/// Tests may run as root, who can write into any folder: a folder that is a file stops even root.
#[test]
fn a_path_below_a_file_is_refused_by_name() {
    let (_folder, path) = folder_with_an_old_file();
    let result = write_atomically(path.join("below.json"), b"new");
    assert!(matches!(&result, Err(StoreError::Folder { folder, .. }) if *folder == path), "{result:?}");
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[rstest]
#[case::a_folder(".")]
#[case::no_name_at_all("..")]
#[case::an_empty_path("")]
fn what_is_no_file_is_not_replaced(#[case] path: &str) {
    let result = write_atomically(path, b"new");
    assert!(matches!(result, Err(StoreError::NotAFile { .. })), "{result:?}");
}

#[cfg(unix)]
#[test]
fn a_device_is_not_replaced() {
    let result = write_atomically("/dev/null", b"new");
    assert!(matches!(result, Err(StoreError::NotAFile { .. })), "{result:?}");
}

#[test]
fn an_interruption_removes_the_half_written_file_and_keeps_the_old_one() {
    static REGISTRY: Registry = Registry::new();
    let (folder, path) = folder_with_an_old_file();
    let mut temporary = Temporary::beside(&REGISTRY, &path).unwrap();
    temporary.file.write_all(b"half").unwrap();
    assert_eq!(names(folder.path()).len(), 2, "the control: there is a temporary to remove");

    let stopped = REGISTRY.remove_all();
    assert_eq!(stopped.removed, 1);
    assert_eq!(names(folder.path()), ["record.json"]);
    assert_eq!(fs::read(&path).unwrap(), b"old");
    drop(stopped);
    assert!(temporary.rename(&path).is_err(), "a removed temporary cannot become the file");
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
fn nothing_is_begun_while_writing_is_stopped() {
    static REGISTRY: Registry = Registry::new();
    let (folder, path) = folder_with_an_old_file();
    let stopped = REGISTRY.remove_all();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| write_with(&REGISTRY, &path, |file| file.write_all(b"new")));
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert_eq!(names(folder.path()), ["record.json"]);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        drop(stopped);
        writer.join().unwrap().unwrap();
    });
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

#[test]
fn a_leftover_of_a_killed_process_does_not_stand_in_the_way() {
    let (folder, path) = folder_with_an_old_file();
    let leftover = folder.path().join(format!(".record.json.{}-0.tmp", process::id()));
    fs::write(&leftover, "left").unwrap();
    write_atomically(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::read(&leftover).unwrap(), b"left", "only what this run made is its to remove");
}

#[rstest]
#[case::a_missing_file(None, "git checkout")]
#[case::a_cut_file(Some("{\"loss\": 0.5"), "line 1 column 12")]
#[case::a_number_that_was_not_finite(Some("{\"loss\": null, \"counts\": []}"), "line 1 column 13")]
#[case::a_field_of_another_name(Some("{\"lost\": 0.5, \"counts\": []}"), "missing field `loss`")]
fn reading_names_the_file_and(#[case] text: Option<&str>, #[case] message: &str) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("record.json");
    if let Some(text) = text {
        fs::write(&path, text).unwrap();
    }
    let error = read_json::<Record>(&path).unwrap_err().to_string();
    assert!(error.contains("record.json") && error.contains(message), "{error}");
}
