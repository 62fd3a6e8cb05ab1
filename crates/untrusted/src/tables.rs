//! Tables as CSV.

use crate::message::message;
use data::iris::{self, Iris};
use data::label_errors::{self, LabelError};

/// A table of flowers or of label errors.
pub fn table(bytes: &[u8]) -> Result<(), String> {
    let labels: Vec<u8> = (0..100).map(|i| i % 10).collect();
    let errors = label_errors::parse("table", bytes, &labels);
    if let Ok(errors) = &errors {
        let again = label_errors::parse("table", text_of_errors(errors).as_bytes(), &labels);
        assert_eq!(again.map_err(message).as_ref(), Ok(errors));
        return Ok(());
    }
    let flowers = Iris::parse("table", bytes).map_err(message)?;
    assert_eq!(flowers.features.nrows(), flowers.labels.len());
    assert!(flowers.features.iter().all(|length| length.is_finite() && *length > 0.0));
    let again = Iris::parse("table", text_of_flowers(&flowers).as_bytes()).map_err(message)?;
    assert_eq!((again.features, again.labels), (flowers.features, flowers.labels));
    Ok(())
}

fn text_of_errors(errors: &[LabelError]) -> String {
    let row = |&LabelError { index, label, guess, for_label, for_guess, for_neither }: &LabelError| {
        [index, label, guess, for_label, for_guess, for_neither].map(|cell| cell.to_string()).join(",") + "\n"
    };
    label_errors::HEADER.join(",") + "\n" + &errors.iter().map(row).collect::<String>()
}

fn text_of_flowers(flowers: &Iris) -> String {
    let rows = flowers.features.rows().into_iter().zip(&flowers.labels).map(|(lengths, &label)| {
        let lengths: Vec<String> = lengths.iter().map(|length| format!("{length:?}")).collect();
        format!("{},{}\n", lengths.join(","), iris::SPECIES[label])
    });
    iris::HEADER.join(",") + "\n" + &rows.collect::<String>()
}
