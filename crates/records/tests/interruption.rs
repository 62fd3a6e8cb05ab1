//! The Ctrl-C handler's view of the store. This test has a process of its own, because stopping is for the process.

use records::store::{remove_temporaries, write_atomically};
use std::{fs, thread, time::Duration};

#[test]
fn after_an_interruption_no_file_is_begun_or_finished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.json");
    write_atomically(&path, b"old").unwrap();

    let stopped = remove_temporaries();
    assert_eq!(stopped.removed, 0, "a finished file is no temporary");
    thread::scope(|scope| {
        let writer = scope.spawn(|| write_atomically(&path, b"new"));
        thread::sleep(Duration::from_millis(50));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        // A real handler ends the process here; the test lets go, to see that it was this that held the writer.
        drop(stopped);
        writer.join().unwrap().unwrap();
    });
    assert_eq!(fs::read(&path).unwrap(), b"new");
}
