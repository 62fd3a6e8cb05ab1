//! What an error says.

/// The message of an error.
pub fn message(error: impl std::fmt::Display) -> String {
    error.to_string()
}
