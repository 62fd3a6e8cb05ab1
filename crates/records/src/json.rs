//! JSON for people and for `git diff`: what fits stands on one line, what does not is indented.
//!
//! So a record's epochs and seeds take a line each. The same value gives the same bytes, and every `f64` is written
//! with the digits that read back to the same bits.

use serde::Serialize;
use serde_json::Value;

/// The longest line that is not broken, without its indentation.
const WIDTH: usize = 160;

/// `value` as JSON with a newline at the end; keys stand in the order of the fields.
///
/// # Errors
/// When the value has no form in JSON, such as a map whose keys are no strings.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, 0, &mut text);
    text.push('\n');
    Ok(text.into_bytes())
}

fn write(value: &Value, indent: usize, out: &mut String) {
    let line = value.to_string();
    match value {
        Value::Object(fields) if line.len() > WIDTH => {
            let items = fields.iter().map(|(key, value)| (Some(key), value));
            block('{', '}', items, indent, out);
        }
        Value::Array(items) if line.len() > WIDTH => {
            block('[', ']', items.iter().map(|item| (None, item)), indent, out)
        }
        _ => out.push_str(&line),
    }
}

/// Items on lines of their own, each with its key if it has one.
fn block<'a>(
    open: char,
    close: char,
    items: impl Iterator<Item = (Option<&'a String>, &'a Value)>,
    indent: usize,
    out: &mut String,
) {
    let new_line = |out: &mut String, indent: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
    };
    out.push(open);
    for (i, (key, value)) in items.enumerate() {
        if i > 0 {
            out.push(',');
        }
        new_line(out, indent + 1);
        if let Some(key) = key {
            out.push_str(&Value::from(key.as_str()).to_string());
            out.push_str(": ");
        }
        write(value, indent + 1, out);
    }
    new_line(out, indent);
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_fits_stands_on_one_line_and_the_rest_is_indented() {
        let row = json!({ "epoch": 1, "loss": 0.1 });
        let text =
            String::from_utf8(to_bytes(&json!({ "name": "x", "rows": vec![row; 10] })).unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..4], ["{", " \"name\": \"x\",", " \"rows\": [", "  {\"epoch\":1,\"loss\":0.1},"]);
        assert_eq!(lines.len(), 15);
    }

    proptest! {
        #[test]
        fn every_number_reads_back_to_the_same_bits(numbers in prop::collection::vec(any::<f64>(), 0..40)) {
            prop_assume!(numbers.iter().all(|number| number.is_finite()));
            let read: Vec<f64> = serde_json::from_slice(&to_bytes(&numbers).unwrap()).unwrap();
            let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&read), bits(&numbers));
        }
    }
}
