//! What the verdicts on the criteria of a rubric follow from.

/// Of each criterion its id, its check and its bar, a line each. **Points, limits and tests are not among it:** a
/// course may change them, and the records stay what they are.
///
/// # Errors
/// When the text is no TOML.
pub fn judged(rubric: &str) -> Result<String, toml::de::Error> {
    let rubric: toml::Table = rubric.parse()?;
    let criteria = rubric.get("criterion").and_then(toml::Value::as_array).into_iter().flatten();
    let line = |criterion: &toml::Value| {
        let keys = ["id", "check", "bar"]
            .map(|key| criterion.get(key).map_or(String::new(), toml::Value::to_string));
        keys.join(" ") + "\n"
    };
    Ok(criteria.map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const RUBRIC: &str = include_str!("../../../rubric.toml");

    #[rstest]
    #[case::points("points = 8", "points = 9", true)]
    #[case::a_bar("bar = 1e-12", "bar = 1e-11", false)]
    #[case::a_check("check = \"graph\"", "check = \"mnist\"", false)]
    #[case::an_id("id = \"T1a\"", "id = \"T1\"", false)]
    fn verdicts_follow_from_ids_checks_and_bars_alone(
        #[case] from: &str,
        #[case] to: &str,
        #[case] same: bool,
    ) {
        assert!(RUBRIC.contains(from), "{from}");
        assert_eq!(judged(&RUBRIC.replacen(from, to, 1)) == judged(RUBRIC), same);
    }

    #[test]
    fn what_is_no_toml_is_refused() {
        assert!(judged("[[criterion").is_err());
    }
}
