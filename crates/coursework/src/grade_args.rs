//! The options of `coursework grade`.

use crate::draw::DrawArgs;
use crate::machine::Machine;
use clap::{ArgAction, Args};
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(Clone, Debug, Args)]
pub(super) struct GradeArgs {
    /// Exit 0 only when every criterion that is worth points is met, whatever the rubric's pass mark
    #[arg(long)]
    pub(super) strict: bool,
    #[command(flatten)]
    pub(super) draw: DrawArgs,
    /// Tell the recomputed value of each difference
    #[arg(long)]
    pub(super) show: bool,
    /// Grade somebody else's crates and records, with the tests, the rubric and everything else of this folder
    #[arg(long, value_name = "FOLDER")]
    pub(super) submission: Option<PathBuf>,
    /// Grade every folder of this one as a submission, and make a table of the course; those that have their score
    /// files in the folder of `--score` are not graded again
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["submission", "show", "strict"])]
    pub(super) submissions: Option<PathBuf>,
    /// How many submissions of a course are graded at a time
    #[arg(long, value_name = "N", default_value = "1", requires = "submissions")]
    jobs: NonZeroUsize,
    /// Where a submission is put together and built; one at a time
    #[arg(long, value_name = "FOLDER", default_value = "target/submission")]
    pub(super) build: PathBuf,
    /// Put walls around what is built and run of a submission, as far as this machine has them
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    #[arg(num_args = 0..=1, default_missing_value = "true")]
    pub(super) confine: bool,
    /// What is graded
    #[arg(long, value_name = "FILE", default_value = crate::machine::RUBRIC)]
    pub(super) rubric: PathBuf,
    /// The folder for the score files and, in `recomputed`, for the records
    #[arg(long, value_name = "FOLDER", default_value = "target/grade")]
    pub(super) score: PathBuf,
    /// End when the process that called this one ends
    #[arg(long, hide = true)]
    pub(super) ends_with_its_caller: bool,
    #[command(flatten)]
    pub(super) machine: Machine,
}

impl GradeArgs {
    /// How many submissions of a course are graded at a time.
    pub(super) fn jobs(&self) -> usize {
        self.jobs.get()
    }

    /// The build folder of a job.
    pub(super) fn build_of(&self, job: usize) -> PathBuf {
        if job == 0 {
            self.build.clone()
        } else {
            PathBuf::from(format!("{}-{}", self.build.display(), job + 1))
        }
    }

    /// The call that grades one submission of a course with these options, when so many are graded at a time.
    pub(super) fn of_one(&self, number: u64, jobs: usize) -> Vec<OsString> {
        let threads = (rayon::current_num_threads() / jobs.max(1)).max(1);
        let mut words: Vec<OsString> = vec!["grade".into(), "--spot-check".into(), number.to_string().into()];
        words.extend(self.draw.of_one().into_iter().map(OsString::from));
        words.extend(["--confine".into(), self.confine.to_string().into()]);
        words.extend(["--rubric".into(), self.rubric.clone().into()]);
        words.extend(["--threads".into(), threads.to_string().into()]);
        words.extend(["--isa".into(), self.machine.isa.name().into()]);
        words
    }
}
