//! P1.1, P2.1 and P2.2: three-layer networks on iris.
//!
//! One [`Settings`] describes one run completely; [`run`] makes it. The two networks are [`cnn`]'s layers in single
//! precision and [`mlp_scratch`] in double precision, which know nothing of each other.

mod agreement;
mod begin;
mod check;
mod cholesky;
pub mod cross_validation;
mod end;
mod error;
mod framework;
mod in_progress;
mod lanes;
pub mod lda;
mod outcome;
mod preparation;
mod prepared;
pub mod protocol;
mod reached;
mod run;
mod scaling;
mod scratch;
mod seeds;
mod settings;
pub mod softmax_regression;
mod squared_error;
pub mod studies;
mod trace;

pub use agreement::{Agreement, Divergence, gradients, trajectories};
pub use begin::begin;
pub use error::IrisRunError;
pub(crate) use framework::Training;
pub use framework::optimiser_rule;
pub use in_progress::{GradientNorms, InProgress, prediction};
pub use outcome::{Epoch, Outcome};
pub use preparation::{Preparation, Rows};
pub use prepared::Prepared;
pub use reached::{epoch_quantile, is_at_95_percent, reached_by};
pub use run::run;
pub use seeds::{SeedError, follow_seeds, run_seeds};
pub use settings::{
    Activation, Division, Features, HIDDEN, Implementation, Loss, Optimiser, REGISTERED_WEIGHT_DECAY,
    Settings,
};
pub use trace::{Follow, Keep, Trace, follow};
