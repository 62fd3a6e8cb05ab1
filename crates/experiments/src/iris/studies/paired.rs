//! Configurations compared on the same seeds, a family of tests at a time.
//!
//! **What is said is of these 150 flowers**, over random splits of them; of new flowers [`super::new_flowers`] speaks.

use serde::{Deserialize, Serialize};
use stats::{
    CONFIDENCE, Interval, LEVEL, POWER, RESAMPLES, SignTest, StatsError, detectable, holm,
    mean_and_standard_error, paired_bootstrap, sign_test,
};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The share of the test flowers that is wrong after the last epoch.
    TestError,
    /// The first epoch with 95 % of the training part right; **a run that never gets there counts as one epoch more
    /// than the longer of the two runs has**.
    EpochsTo95,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HypothesisVerdict {
    /// The runs show it.
    Held,
    /// The runs show the opposite.
    Refuted,
    /// At this number of seeds the runs show neither.
    Undecided,
}

impl HypothesisVerdict {
    /// As the report writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Refuted => "refuted",
            Self::Undecided => "undecided",
        }
    }
}

/// Where a paired test points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The first has less on significantly more seeds than the second.
    Less,
    /// The first has more.
    More,
    /// Neither.
    Undecided,
}

/// Two configurations on the same seeds; differences are `first - second`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairedTest {
    pub first: String,
    pub second: String,
    /// What is compared.
    pub measure: Measure,
    /// The mean difference, with the paired bootstrap's interval.
    pub difference: Interval,
    /// The exact sign test.
    pub signs: SignTest,
    /// Its p-value after Holm's correction over the family.
    pub adjusted_p: f64,
    /// What it shows at the family's level.
    pub direction: Direction,
    /// The smallest mean difference, on these flowers, that a test of the mean on so many seeds would find by itself
    /// with the power [`POWER`].
    pub detectable: f64,
}

/// What is to be tested: the names of two configurations and their values, seed by seed.
pub struct Versus<'a> {
    pub first: &'a str,
    pub second: &'a str,
    /// What is compared.
    pub measure: Measure,
    /// The values of both.
    pub values: [Vec<f64>; 2],
}

/// Makes every test of a family, with Holm's correction over all of it.
///
/// # Errors
/// [`StatsError`] when the values are not paired or not finite.
pub fn family(pairs: &[Versus]) -> Result<Vec<PairedTest>, StatsError> {
    let signs: Vec<SignTest> =
        pairs.iter().map(|pair| sign_test(&pair.differences())).collect::<Result<_, _>>()?;
    let adjusted = holm(&signs.iter().map(|signs| signs.p_value).collect::<Vec<f64>>())?;
    let test = |((pair, signs), adjusted_p): ((&Versus, SignTest), f64)| {
        let [a, b] = &pair.values;
        Ok(PairedTest {
            first: pair.first.to_owned(),
            second: pair.second.to_owned(),
            measure: pair.measure,
            difference: paired_bootstrap(a, b, RESAMPLES, CONFIDENCE, crate::REGISTERED_SEED)?,
            direction: direction(&signs, adjusted_p),
            signs,
            adjusted_p,
            detectable: detectable_mean(&pair.differences())?,
        })
    };
    pairs.iter().zip(signs).zip(adjusted).map(test).collect()
}

impl Versus<'_> {
    fn differences(&self) -> Vec<f64> {
        let [a, b] = &self.values;
        a.iter().zip(b).map(|(a, b)| a - b).collect()
    }
}

/// The smallest mean that a test of it on so many values would find, see [`detectable`].
pub(super) fn detectable_mean(differences: &[f64]) -> Result<f64, StatsError> {
    detectable(mean_and_standard_error(differences)?.standard_error, CONFIDENCE, POWER)
}

fn direction(signs: &SignTest, adjusted_p: f64) -> Direction {
    match signs.positive.cmp(&signs.negative) {
        std::cmp::Ordering::Less if adjusted_p < LEVEL => Direction::Less,
        std::cmp::Ordering::Greater if adjusted_p < LEVEL => Direction::More,
        _ => Direction::Undecided,
    }
}

impl PairedTest {
    /// What the test says of a claim that the first has less (or more) than the second.
    pub fn verdict(&self, claimed: Direction) -> HypothesisVerdict {
        match self.direction {
            Direction::Undecided => HypothesisVerdict::Undecided,
            found if found == claimed => HypothesisVerdict::Held,
            _ => HypothesisVerdict::Refuted,
        }
    }
}

/// A claim that several tests have to show at once: refuted by one of them, held by all.
pub(super) fn all_of(verdicts: &[HypothesisVerdict]) -> HypothesisVerdict {
    if verdicts.contains(&HypothesisVerdict::Refuted) {
        HypothesisVerdict::Refuted
    } else if verdicts.iter().all(|verdict| *verdict == HypothesisVerdict::Held) {
        HypothesisVerdict::Held
    } else {
        HypothesisVerdict::Undecided
    }
}

#[cfg(test)]
mod tests {
    use super::HypothesisVerdict::{Held, Refuted, Undecided};
    use super::*;
    use rstest::rstest;

    fn versus(a: &[f64], b: &[f64]) -> Versus<'static> {
        let values = [a.to_vec(), b.to_vec()];
        Versus { first: "a", second: "b", measure: Measure::TestError, values }
    }

    #[test]
    fn a_difference_on_every_seed_is_found_and_its_mirror_refutes() {
        let (low, high) = ([0.1; 12], [0.2; 12]);
        let tests = family(&[versus(&low, &high), versus(&high, &low)]).unwrap();
        assert_eq!([tests[0].direction, tests[1].direction], [Direction::Less, Direction::More]);
        assert_eq!(tests[0].verdict(Direction::Less), HypothesisVerdict::Held);
        assert_eq!(tests[0].verdict(Direction::More), HypothesisVerdict::Refuted);
    }

    /// Four times as many seeds with the same differences see half as much; nearly, because the deviation is a
    /// sample's.
    #[test]
    fn more_seeds_see_a_smaller_difference() {
        let of = |times: usize| {
            let (a, b) = ([0.1, 0.2, 0.0, 0.3].repeat(times), [0.1, 0.0, 0.1, 0.1].repeat(times));
            family(&[versus(&a, &b)]).unwrap()[0].detectable
        };
        assert!((of(100) / of(400) - 2.0).abs() < 0.01 && of(100) > 0.0);
    }

    /// 2 / 2^6 is below the level for one test, and not among nine.
    #[test]
    fn six_equal_signs_decide_alone_and_not_in_a_family() {
        let pair = || versus(&[0.1; 6], &[0.2; 6]);
        let equal = || versus(&[0.1; 6], &[0.1; 6]);
        assert_eq!(family(&[pair()]).unwrap()[0].direction, Direction::Less);
        let many: Vec<Versus> = std::iter::once(pair()).chain((0..8).map(|_| equal())).collect();
        assert_eq!(family(&many).unwrap()[0].verdict(Direction::Less), HypothesisVerdict::Undecided);
    }

    #[rstest]
    #[case::all(&[Held, Held], Held)]
    #[case::one_open(&[Held, Undecided], Undecided)]
    #[case::one_against(&[Held, Undecided, Refuted], Refuted)]
    fn several_tests_make_one_verdict(
        #[case] verdicts: &[HypothesisVerdict],
        #[case] expected: HypothesisVerdict,
    ) {
        assert_eq!(all_of(verdicts), expected);
    }
}
