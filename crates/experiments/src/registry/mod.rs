//! The experiments, as data: what each asks, which hypothesis it tests, which files it leaves. `run`, `verify`, `grade`
//! and `--help` draw from here. The table is [`EXPERIMENTS`].
//!
//! What the report may say of their records is no experiment: it is derived from them, see the crate `findings`.

mod experiment;
mod experiments;

pub use experiment::{Computed, Experiment, hashes};
pub use experiments::EXPERIMENTS;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;
    use records::Records;
    use serde_json::Value;

    #[test]
    fn an_unknown_experiment_is_refused_with_the_known_ones() {
        let error = Experiment::select(&EXPERIMENTS, &["irsi".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("irsi") && error.to_string().contains("iris-tuning"), "{error}");
    }

    #[test]
    fn the_submitted_records_are_read_and_one_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let context = Context::for_tests(folder.path());
        let mut records = Records::default();
        for experiment in EXPERIMENTS.iter().filter(|it| context.results_dir.join(it.files[0]).exists()) {
            assert!(!experiment.is_in(&records), "{}", experiment.id);
            experiment.read(&context.results_dir, &mut records).unwrap();
            assert!(experiment.is_in(&records), "{}", experiment.id);
        }
        for id in ["iris", "mnist", "mnist-recipe"] {
            let experiment = EXPERIMENTS.iter().find(|experiment| experiment.id == id).unwrap();
            let error = experiment.read(folder.path(), &mut records).unwrap_err().to_string();
            assert!(error.contains(experiment.files[0]) && error.contains("git checkout"), "{error}");
        }
    }

    /// The values of the parts are in the files: the files follow from them, byte for byte.
    #[test]
    fn the_submitted_files_follow_from_the_parts_that_they_hold() {
        let context = Context::for_tests("data");
        for experiment in EXPERIMENTS.iter() {
            let mut records = Records::default();
            experiment.read(&context.results_dir, &mut records).unwrap();
            let parts = experiment.parts_in(&records).unwrap();
            let study = experiment.study().unwrap().1;
            let ids: Vec<String> = (study.parts)().into_iter().map(|part| part.id).collect();
            assert_eq!(parts.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), ids, "{}", experiment.id);
            let mut values: Vec<Value> = parts.into_iter().map(|(_, value)| value).collect();
            for artifact in experiment.artifacts(study, values.clone()).unwrap() {
                assert!(records.bytes(&artifact.name) == Some(&artifact.bytes), "{}", artifact.name);
            }
            // The control: one part less gives other files, or none.
            values.remove(0);
            let others = experiment.artifacts(study, values);
            assert!(
                others.is_err() || others.unwrap()[0].bytes != records.bytes(experiment.files[0]).unwrap()
            );
        }
    }

    #[test]
    fn no_name_selects_all_and_names_keep_the_order() {
        let ids = |names: &[&str]| -> Vec<&str> {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Experiment::select(&EXPERIMENTS, &names).unwrap().iter().map(|experiment| experiment.id).collect()
        };
        assert_eq!(ids(&[]).len(), EXPERIMENTS.len());
        assert_eq!(ids(&["mnist", "theory"]), ["theory", "mnist"]);
    }
}
