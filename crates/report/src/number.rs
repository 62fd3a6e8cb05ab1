//! A value of a record by its key, and how it is written at the place of use.
//!
//! A key is a path with points: `variants.framework-relu.mean_test_error.estimate`. In a list a part is an index from
//! 0, from the end if negative (`history.-1`), or what an entry is called: its `id`, `name` or `reading`, or two of its
//! names with a colon (`first:second`, `from:to`).

use serde_json::Value;

/// How a value is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// Digits after the point; without, all that the record has.
    pub digits: Option<usize>,
    /// Significant digits, instead.
    pub significant: Option<usize>,
    /// As a percentage with so many digits after the point.
    pub percent: Option<usize>,
    /// As a difference of two percentages, in points, with so many digits after the point.
    pub points: Option<usize>,
    /// `count` (the default of counts), `errors`, `interval`, `length` (of a list) or `p`.
    pub form: Option<String>,
    /// What stands behind the number.
    pub unit: Option<String>,
    /// Whether a plus is written.
    pub signed: bool,
}

/// The value at a key, or why there is none.
///
/// # Errors
/// A sentence that names the part that is not there.
pub fn lookup<'a>(record: &'a Value, key: &str) -> Result<&'a Value, String> {
    let mut value = record;
    for part in key.split('.') {
        let found = match value {
            Value::Object(fields) => fields.get(part),
            Value::Array(items) => entry(items, part),
            _ => None,
        };
        value = found.ok_or_else(|| format!("`{part}` is not among {}", parts(value)))?;
    }
    Ok(value)
}

fn entry<'a>(items: &'a [Value], part: &str) -> Option<&'a Value> {
    if let Ok(index) = part.parse::<i64>() {
        let from_end = || items.len().checked_sub(index.unsigned_abs().try_into().ok()?);
        return items.get(if index < 0 { from_end()? } else { index.try_into().ok()? });
    }
    items.iter().find(|item| names(item).iter().any(|name| name == part))
}

/// What holds the value at a key, and as which of its parts; the value at the key is there.
pub(crate) fn parent<'a>(record: &'a Value, key: &str) -> (&'a Value, Option<usize>) {
    let (above, last) = key.rsplit_once('.').map_or((None, key), |(above, last)| (Some(above), last));
    let holder = above.map_or(Ok(record), |above| lookup(record, above)).unwrap_or(record);
    let place = match holder {
        Value::Object(fields) => fields.keys().position(|name| name == last),
        Value::Array(items) => {
            entry(items, last).and_then(|found| items.iter().position(|item| std::ptr::eq(item, found)))
        }
        _ => None,
    };
    (holder, place)
}

/// What an entry of a list may be called.
pub(crate) fn names(item: &Value) -> Vec<String> {
    let text = |field: &str| item.get(field).and_then(Value::as_str);
    let pair = |(a, b): (&str, &str)| Some(format!("{}:{}", text(a)?, text(b)?));
    let single = ["id", "name", "reading"].into_iter().filter_map(text).map(str::to_owned);
    single.chain([("first", "second"), ("from", "to")].into_iter().filter_map(pair)).collect()
}

fn parts(value: &Value) -> String {
    let listed = |parts: Vec<String>| parts.into_iter().take(12).collect::<Vec<_>>().join(", ");
    match value {
        Value::Object(fields) => listed(fields.keys().cloned().collect()),
        Value::Array(items) => {
            let named: Vec<String> = items.iter().flat_map(names).collect();
            format!("{} entries {}", items.len(), listed(named)).trim_end().to_owned()
        }
        _ => "the parts of a single value".to_owned(),
    }
}

impl Format {
    /// The value as text.
    ///
    /// # Errors
    /// A sentence: the value is of another kind.
    pub fn write(&self, value: &Value) -> Result<String, String> {
        let text = match (self.form.as_deref(), value) {
            (None | Some("count"), Value::Object(_)) => self.count(value, false)?,
            (Some("errors"), Value::Object(_)) => self.count(value, true)?,
            (Some("interval"), Value::Object(_)) => self.interval(value)?,
            (Some("length"), Value::Array(items)) => grouped(items.len() as u64),
            (Some("p"), Value::Number(_)) => p_value(float(value)?),
            (None, Value::Number(_)) => self.single(value)?,
            (form, _) => {
                let form = form.map_or(String::new(), |form| format!(" as `{form}`"));
                return Err(format!("{} cannot be written{form}", kind(value)));
            }
        };
        let points = self.points.map(|_| "points".to_owned());
        let unit = self.unit.clone().or(points).map_or(String::new(), |unit| format!("\u{a0}{unit}"));
        Ok(text + &unit)
    }

    /// Right answers of a count, or the wrong ones; as a rate if a percentage is asked for.
    fn count(&self, value: &Value, errors: bool) -> Result<String, String> {
        let part = |name: &str| value.get(name).and_then(Value::as_u64);
        let counted =
            part("correct").zip(part("total")).filter(|(correct, total)| correct <= total && *total > 0);
        let (correct, total) = counted.ok_or("it is no count: it needs `correct` and `total`")?;
        let shown = if errors { total - correct } else { correct };
        match self.percent {
            Some(_) => Ok(self.float(shown as f64 / total as f64)),
            None => Ok(format!("{} of {}", grouped(shown), grouped(total))),
        }
    }

    fn interval(&self, value: &Value) -> Result<String, String> {
        let part = |name: &str| value.get(name).and_then(Value::as_f64);
        let (low, high) =
            part("low").zip(part("high")).ok_or("it is no interval: it needs `low` and `high`")?;
        Ok(format!("{} to {}", self.float(low), self.float(high)))
    }

    fn single(&self, value: &Value) -> Result<String, String> {
        let asked = [self.percent, self.points, self.digits, self.significant].iter().any(Option::is_some);
        match value.as_u64() {
            Some(integer) if !asked => Ok(self.sign(false) + &grouped(integer)),
            _ => Ok(self.float(float(value)?)),
        }
    }

    fn float(&self, value: f64) -> String {
        let size = value.abs();
        let text = match (self.percent, self.points, self.significant, self.digits) {
            (Some(digits), ..) => format!("{:.digits$}\u{a0}%", 100.0 * size),
            (_, Some(digits), ..) => format!("{:.digits$}", 100.0 * size),
            (_, _, Some(significant), _) => rounded(size, significant),
            (.., Some(digits)) => format!("{size:.digits$}"),
            _ => size.to_string(),
        };
        let is_zero = !text.contains(|c: char| ('1'..='9').contains(&c));
        if is_zero { text } else { self.sign(value < 0.0) + &text }
    }

    fn sign(&self, negative: bool) -> String {
        if negative {
            "−"
        } else if self.signed {
            "+"
        } else {
            ""
        }
        .to_owned()
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn float(value: &Value) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| format!("{} is no number", kind(value)))
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "p\u{a0}<\u{a0}0.001".to_owned() } else { format!("p\u{a0}=\u{a0}{}", rounded(p, 2)) }
}

/// An integer with a comma between thousands.
pub fn grouped(integer: u64) -> String {
    let digits = integer.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// To so many significant digits; very small and very large ones with a power of ten.
fn rounded(size: f64, significant: usize) -> String {
    let significant = significant.max(1);
    let scientific = format!("{size:.*e}", significant - 1);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if size == 0.0 {
        return "0".to_owned();
    }
    if !(-4..7).contains(&exponent) {
        let power: String = exponent.to_string().chars().map(superscript).collect();
        return format!("{digits}\u{a0}×\u{a0}10{power}");
    }
    let after_point = (significant as i32 - 1 - exponent).max(0) as usize;
    format!("{size:.after_point$}")
}

fn superscript(c: char) -> char {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    c.to_digit(10).map_or('⁻', |digit| digits[digit as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case::a_field("a.b", json!(1))]
    #[case::an_index("list.1", json!({"id": "y", "v": 5}))]
    #[case::from_the_end("list.-1.v", json!(6))]
    #[case::an_id("list.x.v", json!(4))]
    #[case::a_pair("pairs.p:q.v", json!(7))]
    fn a_key_leads_to(#[case] key: &str, #[case] expected: Value) {
        let record = json!({
            "a": {"b": 1},
            "list": [{"id": "x", "v": 4}, {"id": "y", "v": 5}, {"name": "z", "v": 6}],
            "pairs": [{"first": "p", "second": "q", "v": 7}],
        });
        assert_eq!(lookup(&record, key), Ok(&expected));
    }

    #[rstest]
    #[case::no_field("a.c", "`c` is not among b")]
    #[case::no_index("list.-3", "`-3` is not among 2 entries x")]
    #[case::below_a_number("a.b.c", "`c` is not among the parts of a single value")]
    fn a_missing_part_is_named(#[case] key: &str, #[case] why: &str) {
        let record = json!({"a": {"b": 1}, "list": [{"id": "x"}, 3]});
        assert_eq!(lookup(&record, key), Err(why.to_owned()));
    }

    fn format() -> Format {
        Format::default()
    }

    #[rstest]
    #[case::an_integer(json!(235066), format(), "235,066")]
    #[case::in_full(json!(0.477543845442752), format(), "0.477543845442752")]
    #[case::with_digits(json!(0.477543), Format { digits: Some(3), ..format() }, "0.478")]
    #[case::signed(json!(-0.5), Format { digits: Some(1), ..format() }, "−0.5")]
    #[case::with_a_plus(json!(0.5), Format { digits: Some(1), signed: true, ..format() }, "+0.5")]
    #[case::no_negative_zero(json!(-0.0001), Format { digits: Some(2), ..format() }, "0.00")]
    #[case::a_percentage(json!(0.0376), Format { percent: Some(1), ..format() }, "3.8\u{a0}%")]
    #[case::tiny(json!(3.4964e-11), Format { significant: Some(2), ..format() }, "3.5\u{a0}×\u{a0}10⁻¹¹")]
    #[case::significant(json!(27.6428), Format { significant: Some(3), ..format() }, "27.6")]
    #[case::a_unit(json!(0.5), Format { unit: Some("nats".into()), ..format() }, "0.5\u{a0}nats")]
    #[case::a_count(json!({"correct": 9949, "total": 10000}), format(), "9,949 of 10,000")]
    #[case::errors(json!({"correct": 9949, "total": 10000}), Format { form: Some("errors".into()), ..format() }, "51 of 10,000")]
    #[case::a_rate(json!({"correct": 9949, "total": 10000}), Format { percent: Some(2), ..format() }, "99.49\u{a0}%")]
    #[case::an_interval(
        json!({"low": 0.03, "high": 0.0445}),
        Format { form: Some("interval".into()), percent: Some(1), ..format() },
        "3.0\u{a0}% to 4.5\u{a0}%"
    )]
    #[case::points(json!(0.0081), Format { points: Some(1), ..format() }, "0.8\u{a0}points")]
    #[case::an_interval_in_points(
        json!({"low": 0.004, "high": 0.012}),
        Format { form: Some("interval".into()), points: Some(1), ..format() },
        "0.4 to 1.2\u{a0}points"
    )]
    #[case::a_length(json!([7, 8, 9]), Format { form: Some("length".into()), ..format() }, "3")]
    #[case::a_small_p(json!(4e-6), Format { form: Some("p".into()), ..format() }, "p\u{a0}<\u{a0}0.001")]
    #[case::a_large_p(json!(0.7744), Format { form: Some("p".into()), ..format() }, "p\u{a0}=\u{a0}0.77")]
    fn a_value_is_written(#[case] value: Value, #[case] format: Format, #[case] text: &str) {
        assert_eq!(format.write(&value).as_deref(), Ok(text));
    }

    #[rstest]
    #[case::a_text(json!("relu"), format())]
    #[case::a_number_as_count(json!(3), Format { form: Some("count".into()), ..format() })]
    #[case::the_length_of_a_number(json!(3), Format { form: Some("length".into()), ..format() })]
    #[case::a_list_by_itself(json!([7, 8]), format())]
    #[case::a_count_without_total(json!({"correct": 3}), format())]
    #[case::an_unknown_form(json!(3), Format { form: Some("roman".into()), ..format() })]
    fn what_is_no_such_number_is_refused(#[case] value: Value, #[case] format: Format) {
        assert!(format.write(&value).is_err());
    }
}
