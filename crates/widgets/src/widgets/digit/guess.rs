//! The reader's guess before the first drawing.

/// Names, and the answers in words.
pub const GUESSES: [(&str, &str); 3] = [
    ("with", "only with MNIST’s preparation"),
    ("both", "with it and without it"),
    ("neither", "neither with it nor without it"),
];

/// The answer of that name; none where there is no such answer.
pub fn in_words(name: &str) -> Option<String> {
    let made = GUESSES.iter().find(|(of, _)| *of == name);
    made.map(|(_, label)| (*label).to_owned())
}
