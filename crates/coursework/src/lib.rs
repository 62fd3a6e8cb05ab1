//! The command line.
//!
//! Results go to stdout, progress to stderr. Exit codes: 0 done, 1 something asked for did not hold, 2 bad usage or
//! input, 130 interrupted. Whatever goes wrong is said in one line that names the remedy, and nothing is overwritten.

#![forbid(unsafe_code)]

mod all;
mod backward;
mod bisect;
mod cli;
mod course;
mod draw;
mod ending;
mod grade;
mod grade_args;
mod hand_in;
mod iris;
mod machine;
mod mnist;
mod named;
mod predict;
mod results;
mod say;
mod shell;
mod sound;
mod starter;
pub mod stop;
mod theory;
mod walls;

pub use cli::Cli;
pub use ending::Ending;
pub use predict::png_image::{PngImage, PngImageError};
pub use say::{is_closed_pipe, say, usage};
