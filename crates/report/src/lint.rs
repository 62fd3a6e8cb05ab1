//! Numbers that must not be typed: digits in prose that look like a measurement.
//!
//! Refused are decimals (`0.9949`), percentages (`99 %`), powers as a program writes them (`1e-8`), integers of four
//! and more digits (`235,066`; a year in parentheses passes), and counts out of a total of ten and more (`29/30`,
//! `29 of 30`). A number that is part of a word (`P1.1`, `SHA-256`), a version with two dots, and what stands in a
//! link's address or a tag are none. **Code within a line is refused only when it is nothing but such a number**; in a
//! formula, when it has four and more digits before or after the point.

/// The measured numbers of a piece of prose, each with its place in bytes.
pub fn typed_numbers(prose: &str) -> Vec<(usize, String)> {
    let text = without_addresses(prose);
    numbers(&text)
        .filter(|number| is_measured(&text, number))
        .map(|n| (n.begin, text[n.begin..n.end].to_owned()))
        .collect()
}

/// Whether a piece of code within a line is nothing but a measured number.
pub fn is_typed_number(code: &str) -> bool {
    let measured = typed_numbers(code);
    let is_part = |c: char| c.is_ascii_digit() || ".,/% e-+".contains(c);
    !measured.is_empty() && code.chars().all(is_part)
}

/// The measured numbers of a formula: those with four and more digits before or after the point.
pub fn typed_in_formula(tex: &str) -> Vec<String> {
    let long = |number: &Number| {
        let token = &tex[number.begin..number.end];
        token.split('.').any(|part| part.chars().filter(char::is_ascii_digit).count() >= 4)
    };
    numbers(tex).filter(long).map(|number| tex[number.begin..number.end].to_owned()).collect()
}

struct Number {
    begin: usize,
    end: usize,
}

/// Every run of digits that is no part of a word, with the points, commas and narrow spaces between digits.
fn numbers(text: &str) -> impl Iterator<Item = Number> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let begin = at + text[at..].find(|c: char| c.is_ascii_digit())?;
            let mut end = begin;
            loop {
                end += text[end..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - end);
                let mut after = text[end..].chars();
                let joins = after.next().is_some_and(|c| ".,\u{202f}\u{a0}".contains(c));
                match after.next().filter(char::is_ascii_digit) {
                    Some(_) if joins => end += text[end..].chars().next().map_or(1, char::len_utf8),
                    _ => break,
                }
            }
            at = end;
            if !is_in_word(text, begin) {
                return Some(Number { begin, end });
            }
        }
    })
}

/// Whether the digits at `begin` belong to a word before them: `P1`, `x_1`, `SHA-256`, `4-40-3`.
fn is_in_word(text: &str, begin: usize) -> bool {
    let mut before = text[..begin].chars().rev();
    match before.next() {
        Some('-') => before.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric() || c == '_' || c == '^' || c == '/',
        None => false,
    }
}

fn is_measured(text: &str, number: &Number) -> bool {
    let token = &text[number.begin..number.end];
    let after = &text[number.end..];
    let digits = token.chars().filter(char::is_ascii_digit).count();
    let points = token.matches('.').count();
    let spaced = after.trim_start_matches([' ', '\u{a0}', '\u{202f}', '\n']);
    let is_percentage = ["%", "‰", "percent", "per cent"].iter().any(|unit| spaced.starts_with(unit));
    let is_power = after
        .strip_prefix(['e', 'E'])
        .is_some_and(|rest| rest.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit()));
    let is_large = digits >= 4 && !is_year(text, number);
    points == 1 || is_percentage || is_power || (is_large && points == 0) || is_count(spaced)
}

/// A year of the last or this century with a parenthesis beside it.
fn is_year(text: &str, number: &Number) -> bool {
    let year = text[number.begin..number.end].parse::<u32>();
    let in_parenthesis = text[..number.begin].ends_with('(') || text[number.end..].starts_with(')');
    in_parenthesis && year.is_ok_and(|year| (1900..2100).contains(&year))
}

/// Whether what follows a number makes it a count out of ten and more: `/30`, `of 30`.
fn is_count(after: &str) -> bool {
    let total = after.strip_prefix('/').or_else(|| after.strip_prefix("of ").map(str::trim_start));
    let digits = |total: &str| total.chars().take_while(char::is_ascii_digit).count();
    total.is_some_and(|total| digits(total) >= 2)
}

/// The text with addresses of links, tags and ids replaced by spaces of the same length in bytes.
fn without_addresses(prose: &str) -> String {
    let mut bytes = prose.as_bytes().to_vec();
    let mut blank = |open: &str, close: &str| {
        let mut at = 0;
        while let Some(place) = prose[at..].find(open) {
            let begin = at + place;
            let Some(length) = prose[begin..].find(close) else { break };
            bytes[begin..begin + length]
                .iter_mut()
                .filter(|byte| **byte != b'\n')
                .for_each(|byte| *byte = b' ');
            at = begin + length;
        }
    };
    blank("](", ")");
    blank("]: ", "\n");
    blank("{#", "}");
    for tag in
        ["<a", "<b", "<c", "<d", "<e", "<f", "<h", "<i", "<k", "<l", "<m", "<o", "<p", "<s", "<t", "<u", "</"]
    {
        blank(tag, ">");
    }
    String::from_utf8(bytes).unwrap_or_else(|_| prose.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a_rate("reaches 0.9949 on", &["0.9949"])]
    #[case::a_percentage("reaches 99 % on", &["99"])]
    #[case::a_percentage_over_a_line("reaches 99\n% on", &["99"])]
    #[case::a_percentage_in_words("reaches 99 per cent", &["99"])]
    #[case::a_count("9949/10000 right", &["9949"])]
    #[case::a_small_count("29/30 right, 29 of 30 right", &["29", "29"])]
    #[case::a_large_count("all of 235,066 parameters", &["235,066"])]
    #[case::a_power("off by 1e-8", &["1"])]
    #[case::in_bold("**0.477** nats", &["0.477"])]
    #[case::in_a_table("| 0.4 | 3 |", &["0.4"])]
    #[case::a_year_out_of_parentheses("1936 flowers", &["1936"])]
    fn a_measured_number_is_found(#[case] prose: &str, #[case] expected: &[&str]) {
        let found: Vec<String> = typed_numbers(prose).into_iter().map(|(_, number)| number).collect();
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case::small_numbers("three of 5 folds, 30 flowers, 100 seeds, 1/4")]
    #[case::names("P1.1, T2.1, SHA-256, AVX-512, x_1, f64, 4-40-3")]
    #[case::a_version("mdBook 0.5.4")]
    #[case::a_year("Fisher (1936), (Smith 2018)")]
    #[case::an_address("[the split](p1-1.md#split-0.8) and [b]\n\n[b]: https://example.org/1808.05567\n")]
    #[case::a_tag("<img width=\"3000\">")]
    #[case::a_heading_id("# The split {#split-8000}")]
    #[case::superscripts("10⁻⁸ of it")]
    fn other_numbers_pass(#[case] prose: &str) {
        assert_eq!(typed_numbers(prose), []);
    }

    #[test]
    fn code_is_refused_only_when_it_is_a_number() {
        assert!(is_typed_number("0.9949") && is_typed_number("99.49 %"));
        assert!(!is_typed_number("--inputs=-1,3.5") && !is_typed_number("x * 0.5") && !is_typed_number("28"));
    }

    #[test]
    fn a_formula_may_hold_short_constants() {
        assert_eq!(typed_in_formula(r"-\tfrac13 \ln 0.65 + 10^{-8} x_{12}"), [""; 0]);
        assert_eq!(typed_in_formula("L = 0.47754"), ["0.47754"]);
    }
}
