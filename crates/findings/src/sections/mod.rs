//! What the report says, in the order in which it stands there. A file holds what is said of one experiment, or of one
//! part of a chapter: its claims with their controls, its tables and its figures, as a [`Section`].
//!
//! A new section is a file here, declared below, and a line in [`SECTIONS`].
//!
//! | file | is on |
//! |---|---|
//! | `theory` | T1 and T2 |
//! | `one_batch` | T1 and P2.1: the batch of T1b through the network by hand |
//! | `activation_shapes` | P1.1: the four activations and their slopes as curves |
//! | `iris_flowers` | P1.1: the flowers as points, and which are wrong |
//! | `iris_boundaries` | P1.1: where the four networks decide for which species |
//! | `iris_errors` | P1.1: the four activations against the bar, and the sorted split |
//! | `iris_tuning` | P1.1: the choice of the weight decay |
//! | `iris_pairs` | P1.1: the four activations against each other on a hundred seeds |
//! | `iris_activations` | P1.1: the four, and none, on a thousand seeds |
//! | `iris_honest` | P1.1: a network with settings chosen for each split against Fisher's discriminant |
//! | `iris_efron` | P1.1: the discriminant, a regression and a network on flowers drawn from its model |
//! | `iris_whitened` | P1.1: a network on whitened features against Fisher's discriminant |
//! | `iris_new_flowers` | P1.1: what the thousand splits say of new flowers |
//! | `mnist` | P1.2: the run on the registered seed |
//! | `mnist_convolution` | P1.2: what a convolution does, and what a layer sees |
//! | `mnist_selection` | P1.2: the choice of the recipe |
//! | `mnist_choice` | P1.2: what three more parts of a recipe do on held-out training images |
//! | `mnist_recipe` | P1.2: the recipe on many seeds |
//! | `mnist_together` | P1.2: what the runs of the recipe get wrong together |
//! | `mnist_original` | P1.2: the original's recipe |
//! | `mnist_small` | P1.2: smaller networks |
//! | `mnist_sprint` | P1.2: the shortest runs |
//! | `by_hand` | P2.1 and P2.2: the network by hand against the layers |
//! | `by_hand_losses` | P2.2: the training losses by hand and by layers, with three optimisers |
//! | `iris_factors` | P2.2: one factor changed at a time |
//! | `iris_plateau` | P2.2: the plateau of the original's recipe |
//! | `iris_trajectory` | P2.2: by hand and by layers, epoch by epoch |
//! | `recompute` | what a verification computes again |

mod activation_shapes;
mod by_hand;
mod by_hand_losses;
mod iris_activations;
mod iris_boundaries;
mod iris_efron;
mod iris_errors;
mod iris_factors;
mod iris_flowers;
mod iris_honest;
mod iris_new_flowers;
mod iris_pairs;
mod iris_plateau;
mod iris_trajectory;
mod iris_tuning;
mod iris_whitened;
mod mnist;
mod mnist_choice;
mod mnist_convolution;
mod mnist_original;
mod mnist_recipe;
mod mnist_selection;
mod mnist_small;
mod mnist_sprint;
mod mnist_together;
mod one_batch;
mod recompute;
mod theory;

use crate::claim::ClaimRow;
use crate::figure::FigureRow;
use crate::section::Section;
use crate::table::TableRow;

/// All sections, in the order of the report.
pub const SECTIONS: &[Section] = &[
    theory::SECTION,
    one_batch::SECTION,
    activation_shapes::SECTION,
    iris_flowers::SECTION,
    iris_errors::SECTION,
    iris_boundaries::SECTION,
    iris_tuning::SECTION,
    iris_pairs::SECTION,
    iris_activations::SECTION,
    iris_honest::SECTION,
    iris_whitened::SECTION,
    iris_new_flowers::SECTION,
    iris_efron::SECTION,
    mnist::SECTION,
    mnist_convolution::SECTION,
    mnist_selection::SECTION,
    mnist_choice::SECTION,
    mnist_recipe::SECTION,
    mnist_together::SECTION,
    mnist_original::SECTION,
    mnist_small::SECTION,
    mnist_sprint::SECTION,
    by_hand::SECTION,
    by_hand_losses::SECTION,
    iris_factors::SECTION,
    iris_plateau::SECTION,
    iris_trajectory::SECTION,
    recompute::SECTION,
];

/// All claims.
pub fn claims() -> impl Iterator<Item = &'static ClaimRow> {
    SECTIONS.iter().flat_map(|section| section.claims)
}

/// All tables.
pub fn tables() -> impl Iterator<Item = &'static TableRow> {
    SECTIONS.iter().flat_map(|section| section.tables)
}

/// All figures.
pub fn figures() -> impl Iterator<Item = &'static FigureRow> {
    SECTIONS.iter().flat_map(|section| section.figures)
}

#[cfg(test)]
mod tests;
