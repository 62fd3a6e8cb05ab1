//! The breaches that were there before the rules: a list that can only shrink.

use crate::complaint::Complaint;
use std::collections::{BTreeMap, BTreeSet};

/// `debts.toml`: for each rule the debts that are known.
pub struct Debts(BTreeMap<String, BTreeSet<String>>);

impl Debts {
    /// Reads the list.
    ///
    /// # Panics
    /// When it is not TOML with a list of strings for each rule.
    pub fn parse(text: &str) -> Self {
        Self(toml::from_str(text).expect("debts.toml has a list of strings for each rule"))
    }

    /// What is wrong with `rule`: complaints that are no known debt, and debts that are paid.
    pub fn against(&self, rule: &str, complaints: &[Complaint]) -> Vec<String> {
        let none = BTreeSet::new();
        let known = self.0.get(rule).unwrap_or(&none);
        let present: BTreeSet<&str> = complaints.iter().map(|complaint| complaint.debt.as_str()).collect();
        let new = complaints.iter().filter(|complaint| !known.contains(&complaint.debt));
        let new = new.map(|complaint| format!("{rule}: {}", complaint.says));
        let paid = known.iter().filter(|debt| !present.contains(debt.as_str()));
        let paid = paid
            .map(|debt| format!("{rule}: mended: take it out of debts.toml, or lower its number: {debt:?}"));
        new.chain(paid).collect()
    }

    /// The lists that belong to none of `rules`.
    pub fn of_no_rule(&self, rules: &[&str]) -> Vec<String> {
        let unknown = self.0.keys().filter(|name| !rules.contains(&name.as_str()));
        unknown.map(|name| format!("{name}: no rule has this name: take it out of debts.toml")).collect()
    }
}

/// The text of a `debts.toml` with these complaints and no others.
pub fn as_toml(complaints: &[(&str, Vec<Complaint>)]) -> String {
    let lists: BTreeMap<&str, BTreeSet<&str>> = complaints
        .iter()
        .map(|(rule, complaints)| {
            (*rule, complaints.iter().map(|complaint| complaint.debt.as_str()).collect())
        })
        .collect();
    toml::to_string_pretty(&lists).expect("lists of strings are TOML")
}
