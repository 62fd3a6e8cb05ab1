//! A grader for tests.

use super::Grader;
use crate::cargo::Cargo;
use crate::hand_in::HandInSource;
use cnn::kernels::Isa;
use experiments::study::draw::Plan;
use std::path::PathBuf;

impl Grader {
    /// A grader of these programs, of all experiments in full, on one thread of plain Rust.
    pub(crate) fn for_tests(program: PathBuf, checker: PathBuf, cargo: Cargo, folder: PathBuf) -> Self {
        Self {
            program,
            walls: None,
            checker,
            cargo,
            folder,
            experiments: experiments::registry::EXPERIMENTS.to_vec(),
            data: "data".into(),
            results: "results".into(),
            hand_in: HandInSource {
                file: crate::hand_in::FILE.into(),
                data: "data".into(),
                results: "results".into(),
            },
            rubric: "rubric.toml".into(),
            threads: 1,
            isa: Isa::Scalar,
            plan: Plan::full(),
            inputs: 1,
            draw: None,
            draw_limit_s: 0.0,
            until: None,
        }
    }
}
