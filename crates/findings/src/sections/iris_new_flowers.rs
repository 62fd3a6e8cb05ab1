//! P1.1: what the thousand splits of the same flowers say of new ones.
//!
//! Claims and tests were written after the records were known: a reader of the report had computed the corrected tests
//! from them.

use crate::cells::{number, p_value, points};
use crate::predicates::interval_text;
use crate::{Caption, ClaimRow, ReportError, Section, Sources, TableRow, alter};
use experiments::iris::studies::activations::ActivationsConclusions;
use experiments::iris::studies::honest::HonestConclusions;
use experiments::iris::studies::{Direction, Measure, NewFlowersTest, PairedTest};
use records::findings::{Cells, Decision};
use stats::Interval;

use Direction::{Less, More, Undecided};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "activations-on-new-flowers",
        says: "On new flowers neither the corrected t-test nor the bootstrap over the flowers finds a difference in \
               test error between PReLU and ReLU, or between no activation and any of the four",
        within: Some(
            "on new flowers neither the corrected t-test nor the bootstrap over the flowers finds a difference in test \
             error between PReLU and ReLU, or between no activation and any of the four",
        ),
        record: "iris-activations",
        decide: |of| none_found(&activations(of)?.new_flowers),
        controls: &[
            |of| set_activations(of, "prelu", "relu", Less),
            |of| set_activations(of, "identity", "relu", More),
            |of| set_activations(of, "identity", "sigmoid", Less),
            |of| set_activations(of, "identity", "tanh", More),
            |of| set_activations(of, "identity", "prelu", More),
            |of| set_over_flowers(of, |interval| interval.low = f64::MIN_POSITIVE),
            |of| set_over_flowers(of, |interval| interval.high = -f64::MIN_POSITIVE),
        ],
    },
    ClaimRow {
        id: "discriminant-on-new-flowers",
        says: "On new flowers the corrected t-test finds no difference between the network that cross-validation chose \
               and Fisher's discriminant",
        within: Some("on new flowers the corrected t-test finds no difference between the two"),
        record: "iris-honest",
        decide: |of| {
            let NewFlowersTest { corrected, adjusted_p, direction, .. } = honest(of)?.new_flowers;
            let evidence =
                format!("corrected t-test: {}; p = {adjusted_p:e}", interval_text(corrected.difference));
            Ok(Decision::new(direction == Undecided, evidence))
        },
        controls: &[
            |of| set_honest(of, |it| it.direction = More),
            |of| set_honest(of, |it| it.direction = Less),
        ],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "iris-new-flowers",
        record: "iris-activations",
        caption: Caption::Fixed(
            "The test errors of both families on new flowers, beside those on these: first minus second, in points, \
             with 95 % intervals by the bootstrap over the splits, the corrected t-test and the bootstrap over the \
             flowers. p by the corrected t-test after Holm's correction over these five tests. Last: what that test \
             would find with a power of 80 %.",
        ),
        cells: |of| {
            let ActivationsConclusions { tests, control, new_flowers, .. } = activations(of)?;
            side_by_side(&tests.into_iter().chain(control).collect::<Vec<_>>(), &new_flowers)
        },
    },
    TableRow {
        id: "iris-lda-difference",
        record: "iris-honest",
        caption: Caption::Fixed(
            "The test error of the chosen networks minus that of the discriminant, in points, with 95 % intervals by \
             the bootstrap over the splits, the corrected t-test and the bootstrap over the flowers; p by the \
             corrected t-test. Last: what that test would find with a power of 80 %.",
        ),
        cells: |of| {
            let HonestConclusions { difference, new_flowers, .. } = honest(of)?;
            side_by_side(&[difference], &[new_flowers])
        },
    },
];

fn activations(of: &Sources) -> Result<ActivationsConclusions, ReportError> {
    of.conclusions("iris-activations")
}

fn honest(of: &Sources) -> Result<HonestConclusions, ReportError> {
    of.conclusions("iris-honest")
}

/// Whether neither the corrected test nor the bootstrap over the flowers finds a difference, in any of these.
fn none_found(tests: &[NewFlowersTest]) -> Result<Decision, ReportError> {
    if tests.is_empty() {
        return Err(ReportError::missing("tests on new flowers"));
    }
    let text = |test: &NewFlowersTest| {
        let NewFlowersTest { first, second, corrected, adjusted_p, .. } = test;
        format!("{first}:{second}: {}; adjusted p = {adjusted_p:e}", interval_text(corrected.difference))
    };
    let holds_zero = |of: Interval| of.low <= 0.0 && 0.0 <= of.high;
    let none = tests.iter().all(|test| test.direction == Undecided && holds_zero(test.over_flowers));
    Ok(Decision::new(none, tests.iter().map(text).collect::<Vec<_>>().join("; ")))
}

fn set_activations(of: &mut Sources, first: &str, second: &str, direction: Direction) {
    alter::conclusions(of, "iris-activations", |it: &mut ActivationsConclusions| {
        let tests = it.new_flowers.iter_mut().filter(|test| test.first == first && test.second == second);
        tests.for_each(|test| test.direction = direction);
    });
}

fn set_over_flowers(of: &mut Sources, set: fn(&mut Interval)) {
    alter::conclusions(of, "iris-activations", |it: &mut ActivationsConclusions| {
        it.new_flowers.iter_mut().take(1).for_each(|test| set(&mut test.over_flowers));
    });
}

fn set_honest(of: &mut Sources, set: fn(&mut NewFlowersTest)) {
    alter::conclusions(of, "iris-honest", |it: &mut HonestConclusions| set(&mut it.new_flowers));
}

/// Each pair on these flowers and on new ones.
fn side_by_side(these: &[PairedTest], new: &[NewFlowersTest]) -> Result<Cells, ReportError> {
    let row = |test: &NewFlowersTest| {
        let NewFlowersTest { first, second, corrected, adjusted_p, direction, over_flowers } = test;
        let same = |other: &&PairedTest| {
            let pair = other.first == *first && other.second == *second;
            pair && other.measure == Measure::TestError
        };
        let missing = || ReportError::missing(format!("the test of {first}:{second} on these flowers"));
        let these = these.iter().find(same).ok_or_else(missing)?;
        Ok(vec![
            format!("{first} − {second}"),
            points(these.difference),
            points(corrected.difference),
            format!("{} ({})", errs(*direction), p_value(*adjusted_p)),
            points(*over_flowers),
            number(100.0 * corrected.detectable, 2),
        ])
    };
    let heads = [
        "pair",
        "#these flowers, over splits",
        "#new flowers, corrected t",
        "the first, on new flowers (p)",
        "#new flowers, over flowers",
        "#smallest difference with 80 % power (corrected t, without Holm)",
    ];
    Ok(Cells::new(&heads, new.iter().map(row).collect::<Result<_, ReportError>>()?))
}

fn errs(direction: Direction) -> &'static str {
    match direction {
        Less => "errs less",
        More => "errs more",
        Undecided => "no difference found",
    }
}
