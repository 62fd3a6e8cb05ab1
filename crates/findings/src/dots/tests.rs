//! What can be read off a drawing of dots again.

use super::*;

/// A row as a reader sees it: the columns of its dots, and its marks in epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub name: String,
    /// How many dots there are.
    pub dots: usize,
    /// Lower quartile, median, upper quartile, by the numbers of the axis.
    pub quartiles: [f64; 3],
}

/// Reads a drawing with nothing but its elements: two numbers of the axis say which epoch a place is.
pub fn read(svg: &str) -> Vec<Seen> {
    let document = oxml::parse(svg).unwrap();
    let number = |node, name: &str| document.attribute(node, name).unwrap().parse::<f64>().unwrap();
    let is = |node, class: &str| document.attribute(node, "class") == Some(class);
    let name_of = |node| document.element_name(node).map_or("", |name| name.local.as_str());
    let ticks: Vec<(f64, f64)> = document
        .nodes()
        .filter(|&node| is(node, "tick"))
        .filter_map(|node| Some((number(node, "x"), document.text(node).parse().ok()?)))
        .collect();
    let ((x0, epoch0), (x1, epoch1)) = (ticks[0], ticks[ticks.len() - 1]);
    let epoch = |x: f64| epoch0 + (x - x0) * (epoch1 - epoch0) / (x1 - x0);
    let row = |row| {
        let find = |class: &str| document.descendants_of(row).find(|&node| is(node, class)).unwrap();
        let text = document.descendants_of(row).find(|&node| name_of(node) == "text").unwrap();
        let (bar, median) = (find("quartiles"), find("median"));
        Seen {
            name: document.text(text),
            dots: document.descendants_of(row).filter(|&node| name_of(node) == "circle").count(),
            quartiles: [number(bar, "x1"), number(median, "x1"), number(bar, "x2")].map(epoch),
        }
    };
    document.nodes().filter(|&node| is(node, "row")).map(row).collect()
}

const WORDS: Words = Words { id: "w", title: "Title", description: "Description" };

fn row(epochs: &[usize], never: usize, quartiles: [f64; 3]) -> Row {
    let epochs = epochs.iter().copied().map(Some).chain(std::iter::repeat_n(None, never)).collect();
    Row { name: "a".to_owned(), values: epochs, quartiles: quartiles.map(Some) }
}

#[test]
fn every_run_is_a_dot_and_no_two_lie_on_each_other() {
    let drawn = dots(&WORDS, "epoch", &[row(&[4; 30], 0, [4.0; 3]), row(&[4, 5, 5, 18], 2, [5.0; 3])]);
    assert_eq!(read(&drawn).iter().map(|row| row.dots).collect::<Vec<_>>(), [30, 6]);
    let mut places: Vec<&str> =
        drawn.split("<circle ").skip(1).map(|dot| dot.split(" r=").next().unwrap()).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 36);
}

#[test]
fn marks_stand_at_their_epochs() {
    let drawn = dots(&WORDS, "epoch", &[row(&[4, 9, 18], 0, [9.75, 11.0, 13.0])]);
    for (seen, expected) in read(&drawn)[0].quartiles.into_iter().zip([9.75, 11.0, 13.0]) {
        assert!((seen - expected).abs() < 0.02, "{seen} {expected}");
    }
}

#[test]
fn runs_that_never_get_there_have_a_column_behind_the_last_epoch() {
    let with = dots(&WORDS, "epoch", &[row(&[4, 9], 3, [9.0; 3])]);
    assert!(with.contains(">never</text>"));
    let without = dots(&WORDS, "epoch", &[row(&[4, 9], 0, [9.0; 3])]);
    assert!(!without.contains("never"));
    let last_x = |svg: &str| {
        let (_, after) = svg.rsplit_once("<circle cx=\"").unwrap();
        after.split('"').next().unwrap().parse::<f64>().unwrap()
    };
    // Three dots are drawn around the middle of the column.
    let scale = Scale::of(&[row(&[4, 9], 3, [9.0; 3])]);
    assert!(last_x(&with) > scale.x(Some(9.0)) + scale.step / 2.0);
}

#[test]
fn the_drawing_takes_the_colours_of_the_page() {
    let drawn = dots(&WORDS, "epoch", &[row(&[4, 9], 1, [9.0; 3])]).replace(",#", " fallback ");
    assert!(["=\"#", "white", "black"].iter().all(|fixed| !drawn.contains(fixed)));
}
