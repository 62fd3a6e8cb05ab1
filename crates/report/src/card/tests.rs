use super::*;
use records::findings::{Cells, Column, Table};
use rstest::rstest;
use serde_json::json;

fn record() -> Value {
    json!({
        "rate": {"low": 0.03, "estimate": 0.03766666666666667, "high": 0.0445},
        "count": {"correct": 29, "total": 30},
        "list": [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
        "named": [{"id": "x", "v": 4}, {"id": "y", "v": 5}],
        "long": (0..500).collect::<Vec<_>>(),
        "words": "a hypothesis that is longer than what is shown of a neighbour, and in full where it is meant",
    })
}

fn near(card: &Card) -> Vec<(&str, &str)> {
    card.near.iter().map(|(name, value)| (&name[..], &value[..])).collect()
}

#[rstest]
#[case::between_its_siblings(
    "rate.estimate",
    &[("low", "0.03"), ("estimate", "0.03766666666666667"), ("high", "0.0445")],
    1,
    (0, 0)
)]
#[case::in_a_list("list.3", &[("1", "1.5"), ("2", "2.5"), ("3", "3.5"), ("4", "4.5"), ("5", "5.5")], 2, (1, 1))]
#[case::from_the_end("list.-1", &[("4", "4.5"), ("5", "5.5"), ("6", "6.5")], 2, (4, 0))]
#[case::of_a_named_entry("named.y.v", &[("id", "y"), ("v", "5")], 1, (0, 0))]
#[case::a_named_entry("named.y", &[("x", r#"{"id":"x","v":4}"#), ("y", r#"{"id":"y","v":5}"#)], 1, (0, 0))]
fn a_value_stands_among_its_neighbours(
    #[case] key: &str,
    #[case] expected: &[(&str, &str)],
    #[case] at: usize,
    #[case] more: (usize, usize),
) {
    let card = Card::of_value("r", key, &record());
    assert_eq!((near(&card), card.at, card.more), (expected.to_vec(), at, more));
}

#[test]
fn what_is_quoted_is_whole_and_a_neighbour_is_short() {
    let (count, words) = (Card::of_value("r", "count", &record()), Card::of_value("r", "words", &record()));
    assert_eq!(count.near[count.at].1, r#"{"correct":29,"total":30}"#);
    assert_eq!(words.near[words.at].1, record()["words"]);
    assert_eq!(near(&words)[1], ("long", "a list of 500"));
    let long = Card::of_value("r", "long", &record());
    assert!(near(&long)[3].1.ends_with('…') && near(&long)[3].1.chars().count() == SHORT, "{long:?}");
    assert_eq!(near(&long)[long.at].1, "a list of 500");
}

/// The control: another value in the record is another card.
#[test]
fn a_changed_digit_of_the_record_or_of_a_neighbour_changes_the_card() {
    let before = Card::of_value("r", "list.3", &record());
    for place in [2, 3] {
        let mut changed = record();
        changed["list"][place] = json!(9.5);
        assert_ne!(Card::of_value("r", "list.3", &changed), before);
    }
    let mut far = record();
    far["list"][6] = json!(9.5);
    assert_eq!(Card::of_value("r", "list.3", &far), before);
}

fn project(rows: &[[&str; 4]]) -> Project {
    let columns = ["record", "parts", "computed by default", "minutes for all parts"];
    let columns = columns.map(|name| Column { name: name.to_owned(), numeric: false });
    let rows = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
    let cells = Cells { columns: columns.to_vec(), rows };
    let (id, caption, record) = (RECOMPUTED.to_owned(), String::new(), "report".to_owned());
    let mut project = Project::default();
    project.derived.tables.push(Table { id, caption, record, cells });
    project
}

#[rstest]
#[case::all(["r.json", "5", "all", ""], "all of its 5 parts", "")]
#[case::a_single_part(["r.json", "1", "all", ""], "all of it", "")]
#[case::drawn_ones(["r.json", "60", "3 parts, drawn", "8"], "3 parts, drawn, of 60", "8")]
#[case::none(["r.json", "10", "no part", "82"], "none of its 10 parts", "82")]
#[case::derived(["r.json", "", "derived from the others as they are", ""], "derived from the others as they are", "")]
#[case::of_another_record(["s.json", "5", "all", "1"], "", "")]
fn how_much_is_recomputed_is_what_the_table_says(
    #[case] row: [&str; 4],
    #[case] share: &str,
    #[case] minutes: &str,
) {
    let of = recomputing(&project(&[row]), "r");
    assert_eq!((&of.share[..], &of.minutes[..]), (share, minutes));
    assert_eq!(of.command, "cargo coursework run r");
}

#[test]
fn a_page_holds_each_card_once_and_nothing_ends_its_script() {
    let mut cards = Cards::default();
    assert_eq!(cards.script(&Project::default()), "");
    let text = |found| Card::of_text("r", "claim c", Some(("decided on", found)));
    let numbers = ["a", "</script>\n", "a"].map(|found| cards.number(text(found)));
    assert_eq!(numbers, [0, 1, 0]);
    let script = cards.script(&Project::default());
    assert_eq!(script.matches("</").count(), 1, "{script}");
    assert_eq!(script.trim_end().lines().count(), 1, "{script}");
    let json = script.split_once('>').unwrap().1.split_once("</").unwrap().0;
    let back: Value = serde_json::from_str(json).unwrap();
    assert_eq!(back["cards"][1]["near"][0], json!(["decided on", "</script>\n"]));
}
