//! What a run needs from outside: where data and records lie, which instruction set, and how to show progress.

use cnn::kernels::Isa;
use data::DataError;
use data::images::{ImageSet, Images, SETS};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The surroundings of a run. The number of threads is that of the rayon pool in which it is made.
#[derive(Clone, Debug)]
pub struct Context {
    /// The folder of the data sets.
    pub data_dir: PathBuf,
    /// The folder of the submitted records: an experiment that is derived from others reads there what was not run.
    pub results_dir: PathBuf,
    /// Where a run keeps its finished parts until all of them are; none to keep nothing and take nothing. See
    /// [`unfinished`](crate::unfinished).
    pub unfinished: Option<PathBuf>,
    /// What is graded: the rubric.
    pub rubric: PathBuf,
    /// The instruction set of the f32 kernels.
    pub isa: Isa,
    /// Whether to draw progress bars; they hide by themselves when stderr is no terminal.
    pub show_progress: bool,
    /// Images, once they were asked for.
    pub loaded: Arc<Loaded>,
}

/// Training and test part of each set of images, once they were asked for.
#[derive(Debug, Default)]
pub struct Loaded([[OnceLock<Images>; 2]; SETS.len()]);

impl Context {
    /// The training part of a set, loaded and checked the first time. **The files of its test part are not read.**
    ///
    /// # Errors
    /// Those of [`ImageSet::load_training`].
    pub fn training(&self, set: &ImageSet) -> Result<&Images, DataError> {
        self.images(set, 0, || set.load_training(&self.data_dir))
    }

    /// The test part of a set, loaded and checked the first time.
    ///
    /// # Errors
    /// Those of [`ImageSet::load_test`].
    pub fn test(&self, set: &ImageSet) -> Result<&Images, DataError> {
        self.images(set, 1, || set.load_test(&self.data_dir))
    }

    fn images(
        &self,
        set: &ImageSet,
        part: usize,
        load: impl FnOnce() -> Result<Images, DataError>,
    ) -> Result<&Images, DataError> {
        let place = SETS.iter().position(|other| other.name == set.name);
        let slot = &self.loaded.0[place.expect("a set is one of SETS")][part];
        if let Some(images) = slot.get() {
            return Ok(images);
        }
        let images = load()?;
        Ok(slot.get_or_init(|| images))
    }

    /// The data, the records and the rubric of the repository at `root`, on the fastest instruction set, without
    /// progress bars.
    pub fn of_repository(root: &Path) -> Self {
        Self {
            data_dir: root.join("data"),
            results_dir: root.join("results"),
            unfinished: None,
            rubric: root.join("rubric.toml"),
            isa: Isa::detect(),
            show_progress: false,
            loaded: Arc::default(),
        }
    }

    /// That of this repository, with another folder of data sets.
    #[cfg(test)]
    pub(crate) fn for_tests(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), ..Self::of_repository(&repository_root()) }
    }

    /// A bar of `len` steps on stderr, with a label.
    pub fn bar(&self, label: &str, len: u64) -> ProgressBar {
        if !self.show_progress {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{msg:24} {wide_bar} {pos}/{len} {elapsed} (eta {eta})")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::new(len).with_style(style).with_message(label.to_owned())
    }
}

/// This repository.
#[cfg(test)]
pub(crate) fn repository_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Its data.
#[cfg(test)]
pub(crate) fn repository_data() -> PathBuf {
    repository_root().join("data")
}
