//! The figure of the test errors, read off the drawing again.

use super::*;
use crate::dots::tests::read;

fn row(name: &str, wrong: &[usize]) -> Row {
    Row {
        name: name.to_owned(),
        values: wrong.iter().copied().map(Some).collect(),
        quartiles: [Some(1.0); 3],
    }
}

#[test]
fn every_run_is_a_dot_and_is_counted_in_the_table() {
    let rows = [row("a", &[0, 0, 1, 3]), row("b", &[1, 1, 1, 2, 2])];
    let words = Words { id: "w", title: "Title", description: "Description" };
    let seen = read(&dots(&words, "wrong", &rows));
    let table = by_wrong(&rows);
    for (column, seen) in seen.iter().enumerate() {
        let counted = table.rows.iter().map(|row| row[column + 1].parse::<usize>().unwrap());
        assert_eq!(seen.dots, counted.sum::<usize>(), "{}", seen.name);
    }
    assert_eq!(table.rows[1], ["1", "1", "3"]);
    // The control: a run that is left out is missed in both.
    let fewer = [row("a", &[0, 0, 1]), row("b", &[1, 1, 1, 2, 2])];
    assert_ne!(read(&dots(&words, "wrong", &fewer))[0].dots, seen[0].dots);
    assert_ne!(by_wrong(&fewer), table);
}
