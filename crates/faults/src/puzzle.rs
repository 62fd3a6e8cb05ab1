//! What a seed plants, and in which order it shows the formulas.

use crate::lines::{BackwardLine, Formula, LINES};
use crate::way_back::WayBack;
use numerics::random::{Purpose, Stream};

/// A formula for each line, by its place in [`LINES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen([usize; LINES.len()]);

/// A wrong formula and its line, by their places in [`LINES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlantedFault {
    /// Which line.
    pub line: usize,
    /// Which of its formulas, never 0.
    pub formula: usize,
}

/// The fault of a seed, and the order of the formulas in each line.
#[derive(Clone, Debug)]
pub struct Puzzle {
    orders: [Vec<usize>; LINES.len()],
    /// What is wrong.
    pub fault: PlantedFault,
}

impl Chosen {
    /// The lines of `mlp-scratch`.
    pub const RIGHT: Self = Self([0; LINES.len()]);

    /// The same with another formula in a line.
    pub fn with(mut self, line: usize, formula: usize) -> Self {
        self.0[line] = formula;
        self
    }

    /// The formula of each line.
    pub fn formulas(self) -> [&'static Formula; LINES.len()] {
        std::array::from_fn(|line| &LINES[line].formulas[self.0[line]])
    }

    /// Computes line by line.
    pub fn compute(self, batch: &mut WayBack) {
        self.formulas().into_iter().for_each(|formula| (formula.compute)(batch));
    }
}

/// Every fault that can be planted.
pub fn faults() -> Vec<PlantedFault> {
    let of_line = |(line, of): (usize, &BackwardLine)| {
        (1..of.formulas.len()).map(move |formula| PlantedFault { line, formula })
    };
    LINES.iter().enumerate().flat_map(of_line).collect()
}

impl Puzzle {
    /// What `seed` plants. Of as many seeds as there are faults each plants another one, from a multiple of that number
    /// on; then they come in a new order.
    pub fn of_seed(seed: u64) -> Self {
        let faults = faults();
        let (round, place) = (seed / faults.len() as u64, (seed % faults.len() as u64) as usize);
        // The orders draw from the other end of the seeds, so that they tell nothing of the fault.
        let drawn = Stream::new(round, Purpose::Check).permutation(faults.len());
        let mut stream = Stream::new(u64::MAX - seed, Purpose::Check);
        let orders = LINES.map(|line| stream.permutation(line.formulas.len()));
        Self { orders, fault: faults[drawn[place]] }
    }

    /// The lines as they stand at first: right but one.
    pub fn planted(&self) -> Chosen {
        Chosen::RIGHT.with(self.fault.line, self.fault.formula)
    }

    /// The formulas of a line in the order in which they are shown.
    pub fn order(&self, line: usize) -> &[usize] {
        &self.orders[line]
    }

    /// Where the chosen formula of a line is shown.
    pub fn position(&self, chosen: Chosen, line: usize) -> Option<usize> {
        self.orders[line].iter().position(|&formula| formula == chosen.0[line])
    }

    /// A choice as text: the shown place of each line's formula, which does not tell which is right.
    pub fn write(&self, chosen: Chosen) -> String {
        (0..LINES.len())
            .filter_map(|line| self.position(chosen, line))
            .map(|place| place.to_string())
            .collect()
    }

    /// A choice from its text; nothing of a text that is none.
    pub fn read(&self, text: &str) -> Option<Chosen> {
        let places: Vec<usize> =
            text.chars().map(|digit| Some(digit.to_digit(10)? as usize)).collect::<Option<_>>()?;
        let formulas = places.iter().zip(&self.orders).map(|(&place, order)| order.get(place).copied());
        let formulas: Vec<usize> = formulas.collect::<Option<_>>()?;
        (places.len() == LINES.len()).then_some(())?;
        Some(Chosen(formulas.try_into().ok()?))
    }
}
