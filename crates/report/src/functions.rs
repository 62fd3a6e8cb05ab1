//! The functions that directives call, by their names, with their arguments.

use crate::number::Format;
use crate::refusal::Reason;
use crate::shared::{Shared, TOTALS, refuse};
use minijinja::Environment;
use minijinja::value::{Kwargs, Rest, Value};

pub(crate) fn add_sources(environment: &mut Environment<'static>, shared: &Shared) {
    let this = shared.clone();
    environment.add_function("listing", move |file: String, anchor: String, options: Kwargs| {
        let proofs: Vec<String> = match options.get::<Option<Value>>("proof")? {
            None => Vec::new(),
            Some(one) if one.as_str().is_some() => vec![one.to_string()],
            Some(many) => many.try_iter()?.map(|proof| proof.to_string()).collect(),
        };
        options.assert_all_used()?;
        this.listing(&file, &anchor, &proofs).map_err(refuse)
    });
    let this = shared.clone();
    environment.add_function("exercise", move |chapter: String, number: usize, hint: String| {
        this.exercise(&chapter, number, &hint).map_err(refuse)
    });
    let this = shared.clone();
    environment
        .add_function("proof", move |file: String, name: String| this.proof(&file, &name).map_err(refuse));
}

pub(crate) fn add_quotes(environment: &mut Environment<'static>, shared: &Shared) {
    let this = shared.clone();
    environment.add_function("number", move |record: String, key: String, options: Kwargs| {
        let format = Format {
            digits: options.get("digits")?,
            significant: options.get("significant")?,
            percent: options.get("percent")?,
            points: options.get("points")?,
            form: options.get("form")?,
            unit: options.get("unit")?,
            signed: options.get::<Option<bool>>("signed")?.unwrap_or(false),
        };
        options.assert_all_used()?;
        this.quote(&record, &key, |value| format.write(value)).map_err(refuse)
    });
    let this = shared.clone();
    environment.add_function("text", move |record: String, key: String| {
        let write =
            |value: &serde_json::Value| value.as_str().map(str::to_owned).ok_or("it is no text".to_owned());
        this.quote(&record, &key, write).map_err(refuse)
    });
    let this = shared.clone();
    environment.add_function("claim", move |id: String, words: Option<String>, options: Kwargs| {
        let within = options.get::<Option<bool>>("within")?.unwrap_or(false);
        options.assert_all_used()?;
        match words {
            Some(words) => Err(refuse(Reason::FreeWording { id, words })),
            None => this.claim(&id, within).map_err(refuse),
        }
    });
    let this = shared.clone();
    environment.add_function("given", move |id: String| this.stated("given", &id).map_err(refuse));
    let this = shared.clone();
    environment.add_function("original", move |id: String| this.stated("original", &id).map_err(refuse));
    environment.add_function("totals", || TOTALS);
}

pub(crate) fn add_blocks(environment: &mut Environment<'static>, shared: &Shared) {
    let this = shared.clone();
    environment.add_function("figure", move |id: String, options: Kwargs| {
        let narrow: Option<String> = options.get("narrow")?;
        options.assert_all_used()?;
        this.figure(&id, narrow.as_deref()).map_err(refuse)
    });
    let this = shared.clone();
    environment.add_function("table", move |id: String| this.table(&id).map_err(refuse));
    let this = shared.clone();
    environment.add_function("widget", move |name: String, still: String| {
        this.widget(&name, &still).map_err(refuse)
    });
    let this = shared.clone();
    environment.add_function("derivation", move |id: String| this.derivation(&id).map_err(refuse));
    let this = shared.clone();
    environment.add_function("question", move |ids: Rest<String>| this.question(&ids).map_err(refuse));
    let this = shared.clone();
    environment.add_function("scoreboard", move || this.scoreboard().map_err(refuse));
    let this = shared.clone();
    environment.add_function("records", move || this.records());
    let this = shared.clone();
    environment.add_function("refused_calls", move || this.refused_calls().map_err(refuse));
}
