//! A derivation as a list of its steps, each a formula with its reason.

use crate::card::Card;
use crate::html::escape;
use crate::number::Format;
use crate::refusal::Reason;
use crate::shared::Shared;
use records::at_most;
use records::findings::VerifiedDerivation;
use std::fmt::Write as _;

impl Shared {
    /// A derivation of `results/report.json`. It got there only after all of its steps had been computed and found
    /// equal.
    pub(crate) fn derivation(&self, id: &str) -> Result<String, Reason> {
        let found =
            self.derived("derivation", &self.project.derived.derivations, id, |derivation| &derivation.id)?;
        let mut out = format!(
            "<div class=\"derivation\" id=\"derivation-{}\"><p><strong>{}</strong></p><ol>",
            escape(id).replace("&#46;", "-"),
            escape(&found.title)
        );
        for (i, step) in found.steps.iter().enumerate() {
            let left = if i == 0 { found.lhs.as_str() } else { "" };
            let formula = self.formulas.mathml(&format!("{left} = {}", step.tex), true);
            let formula = formula.map_err(Reason::Formula)?;
            let why = escape(&step.why);
            let _ = write!(
                out,
                "<li><span class=\"formula displayed\">{formula}</span><span class=\"why\">{why}</span></li>"
            );
        }
        self.ledger().counts.formulas += found.steps.len();
        Ok(out + "</ol>" + &self.evidence(found)? + "</div>")
    }

    /// How it was checked.
    fn evidence(&self, found: &VerifiedDerivation) -> Result<String, Reason> {
        let format = Format { significant: Some(2), ..Format::default() };
        let worst =
            format.write(&at_most(found.worst_difference, 2).into()).map_err(|why| Reason::Format {
                record: "report".to_owned(),
                key: format!("derivations.{}.worst_difference", found.id),
                why,
            })?;
        let key = format!("derivations.{}", found.id);
        let card = |name: &str, value: &str| Card::of_text("report", &key, Some((name, value)));
        let (trials, exactly) = (found.trials.to_string(), found.worst_difference.to_string());
        Ok(format!(
            "<p class=\"source\">Every step was computed on {} random inputs; two neighbours differ by at most {} of the \
             earlier one's size, or of the first line's mean size where that is larger.</p>",
            self.quoted(&trials, card("trials", &trials)),
            self.quoted(&worst, card("worst_difference", &exactly)),
        ))
    }
}
