//! How numbers and tests stand in cells.

use experiments::iris::studies::{Direction, Measure, PairedTest};
use records::Count;
use stats::Interval;

/// A number as the tables write it: a minus that is one, and no negative zero.
pub fn number(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let is_zero = !text.contains(|c: char| ('1'..='9').contains(&c));
    if value < 0.0 && !is_zero { format!("−{text}") } else { text }
}

/// An epoch, or what lies between two, with up to two digits after the point; `never` where there is none.
pub fn epoch(epoch: Option<f64>) -> String {
    epoch.map_or("never".to_owned(), |epoch| {
        let text = number(epoch, 2);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    })
}

/// A rate as a percentage.
pub fn percent(rate: f64, digits: usize) -> String {
    format!("{} %", number(100.0 * rate, digits))
}

/// A count out of a total.
pub fn count(count: Count) -> String {
    format!("{} of {}", grouped(count.correct), grouped(count.total))
}

/// An integer with a comma between thousands.
pub fn grouped(integer: usize) -> String {
    let digits = integer.to_string();
    let parts: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    parts.iter().map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join(",")
}

/// A p-value, to three digits.
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { number(p, 3) }
}

/// A difference of rates in points, with its interval.
pub fn points(interval: Interval) -> String {
    let part = |value: f64| number(100.0 * value, 2);
    format!("{} ({} to {})", part(interval.estimate), part(interval.low), part(interval.high))
}

/// The ends of an interval of rates.
pub fn interval(of: Interval) -> String {
    format!("{} to {}", percent(of.low, 2), percent(of.high, 2))
}

/// A mean of rates with its interval.
pub fn mean(of: Interval) -> String {
    format!("{} ({})", percent(of.estimate, 2), interval(of))
}

/// A median of first epochs with its interval.
pub fn epochs(of: Interval) -> String {
    let [middle, low, high] = [of.estimate, of.low, of.high].map(|value| epoch(Some(value)));
    format!("{middle} ({low} to {high})")
}

/// What a test shows of the first of its two.
pub fn first_is(test: &PairedTest) -> String {
    let words = match (test.measure, test.direction) {
        (_, Direction::Undecided) => "no difference found",
        (Measure::TestError, Direction::Less) => "errs less",
        (Measure::TestError, Direction::More) => "errs more",
        (Measure::EpochsTo95, Direction::Less) => "learns sooner",
        (Measure::EpochsTo95, Direction::More) => "learns later",
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::whole(Some(20.0), "20")]
    #[case::half(Some(11.5), "11.5")]
    #[case::a_quarter(Some(9.75), "9.75")]
    #[case::never(None, "never")]
    fn an_epoch_is_written_without_rounding(#[case] value: Option<f64>, #[case] text: &str) {
        assert_eq!(epoch(value), text);
    }
}
