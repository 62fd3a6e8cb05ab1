//! All experiments, and the report that is derived from their records.

use experiments::context::Context;
use experiments::registry::{EXPERIMENTS, Experiment};
use experiments::study::ExperimentError;
use findings::Verdicts;
use grading::rubric::Rubric;
use records::{Artifact, Records, judged, sha256_hex, store};

/// All experiments, the quick ones first; the report is the last.
pub fn all() -> Vec<Experiment> {
    EXPERIMENTS.into_iter().chain([findings::experiment(report)]).collect()
}

/// Derives the report. **Only here do findings and grading meet**: what the criteria find stands in the report, and
/// neither knows the other.
fn report(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    findings::complete(context, records)?;
    let rubric = Rubric::load(&context.rubric).map_err(ExperimentError::failed)?;
    let headlines = grading::headlines(&rubric, records);
    let text = store::read(&context.rubric)?;
    let judged = judged(&String::from_utf8_lossy(&text)).map_err(ExperimentError::failed)?;
    let judged_sha256 = sha256_hex(judged.as_bytes());
    Ok(findings::derive(this, context, records, Verdicts { headlines, judged_sha256 })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use experiments::registry::Computed;
    use experiments::study::draw::Plan;
    use experiments::verify::recompute;
    use std::path::Path;

    fn context() -> Context {
        Context::of_repository(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")))
    }

    #[test]
    fn the_submitted_report_is_derived_from_the_submitted_records() {
        let report = findings::experiment(report);
        let recomputed = recompute(&context(), &context().results_dir, &[&report], &Plan::full());
        assert!(recomputed.failures.is_empty(), "{:?}", recomputed.failures);
        assert_eq!(recomputed.compared, findings::files().len());
        assert_eq!(recomputed.differences, []);
    }

    #[test]
    fn the_hashes_are_those_of_the_submitted_files() {
        let artifacts = findings::experiment(report).run(&context(), &mut Records::default()).unwrap();
        let record: serde_json::Value = serde_json::from_slice(&artifacts[0].bytes).unwrap();
        let derived_from = record["derived_from"].as_object().unwrap();
        for (file, sha256) in derived_from.iter().filter(|(file, _)| *file != "../rubric.toml") {
            let bytes = std::fs::read(context().results_dir.join(file)).unwrap();
            assert_eq!(sha256.as_str().unwrap(), sha256_hex(&bytes), "{file}");
        }
        let all = all();
        let of_others =
            all.iter().filter(|it| !matches!(it.kind, Computed::Derived(_))).flat_map(|it| it.files);
        let mut expected: Vec<&str> = of_others.copied().chain(["../rubric.toml"]).collect();
        expected.sort_unstable();
        assert_eq!(derived_from.keys().map(String::as_str).collect::<Vec<_>>(), expected);
    }
}
