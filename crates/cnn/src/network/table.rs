//! The shape table of a network: what each layer gives, learns and costs.

use crate::tensor::Shape;
use std::fmt;

/// One row of a network's shape table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The layer's name.
    pub name: String,
    /// The layer's kind.
    pub kind: &'static str,
    /// The shape of its output for one example.
    pub output: Shape,
    /// Its learned numbers.
    pub parameters: usize,
    /// Its multiply-adds forward, for one example. **Those with the zeros of a padding count too.**
    pub multiply_adds: usize,
}

/// A network's shape table, a row a layer. It displays itself as text, with a line of totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The layers in order.
    pub rows: Vec<Row>,
}

impl Table {
    /// The learned numbers of all layers.
    pub fn parameters(&self) -> usize {
        self.rows.iter().map(|row| row.parameters).sum()
    }

    /// The multiply-adds of all layers forward, for one example.
    pub fn multiply_adds(&self) -> usize {
        self.rows.iter().map(|row| row.multiply_adds).sum()
    }
}

impl IntoIterator for Table {
    type Item = Row;
    type IntoIter = std::vec::IntoIter<Row>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = ["layer", "kind", "output", "parameters", "multiply-adds"].map(str::to_owned);
        let lines = self.rows.iter().map(|row| {
            let counts = [row.parameters, row.multiply_adds].map(grouped);
            let [parameters, multiply_adds] = counts;
            [row.name.clone(), row.kind.to_owned(), one_example(row.output), parameters, multiply_adds]
        });
        let [parameters, multiply_adds] = [self.parameters(), self.multiply_adds()].map(grouped);
        let totals = ["total".to_owned(), String::new(), String::new(), parameters, multiply_adds];
        let cells: Vec<[String; 5]> = std::iter::once(heading).chain(lines).chain([totals]).collect();
        let width = |column: usize| cells.iter().map(|line| line[column].len()).max().unwrap_or(0);
        let [w0, w1, w2, w3, w4] = [0, 1, 2, 3, 4].map(width);
        let line = |[name, kind, output, parameters, multiply_adds]: &[String; 5]| {
            format!("{name:w0$}  {kind:w1$}  {output:w2$}  {parameters:>w3$}  {multiply_adds:>w4$}")
        };
        f.write_str(&cells.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}

/// A shape without its number of examples: `26 x 26 x 16` or `128`.
fn one_example(Shape { h, w, c, .. }: Shape) -> String {
    if (h, w) == (1, 1) { c.to_string() } else { format!("{h} x {w} x {c}") }
}

/// A count with its digits in groups of three: `235,066`.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|g| str::from_utf8(g).ok()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        let texts = [0, 999, 1000, 235_066, 7_213_376].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "235,066", "7,213,376"]);
    }
}
