//! The table of the experiments.

use super::Experiment;
use crate::{iris, mnist, one_batch, worked};

/// The experiments of each room, the quick ones first.
const ROOMS: [&[Experiment]; 3] =
    [&[worked::EXPERIMENT, one_batch::EXPERIMENT], iris::studies::EXPERIMENTS, mnist::studies::EXPERIMENTS];

/// How many there are.
const COUNT: usize = ROOMS[0].len() + ROOMS[1].len() + ROOMS[2].len();

/// All experiments, the quick ones first.
pub const EXPERIMENTS: [Experiment; COUNT] = {
    let mut all = [worked::EXPERIMENT; COUNT];
    let (mut room, mut place) = (0, 0);
    while room < ROOMS.len() {
        let mut i = 0;
        while i < ROOMS[room].len() {
            all[place] = ROOMS[room][i];
            (place, i) = (place + 1, i + 1);
        }
        room += 1;
    }
    all
};
