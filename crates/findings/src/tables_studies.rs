//! Tables of the studies on iris.

use super::cells::{epoch, grouped, interval, number, p_value, percent, points};
use super::tables_lda::{grid, lda};
use super::{ReportError, Sources};
use experiments::iris::studies::{Direction, Measure, PairedTest};
use experiments::iris::studies::{activations, factors, honest, plateau, trajectory};
use records::findings::{Cells, Table};
use stats::Interval;

/// All of them.
pub(super) fn study_tables(of: &Sources) -> Result<Vec<Table>, ReportError> {
    let thousand: activations::Conclusions = of.conclusions("iris-activations")?;
    let honest: honest::Conclusions = of.conclusions("iris-honest")?;
    let mut tables = of_a_thousand_seeds(&thousand);
    tables.extend(of_p2_2(of)?);
    let table = Table::new;
    let best = [
        table("iris-lda", "On the same thousand splits.", "iris-honest", lda(&honest, &thousand)),
        table(
            "iris-grid",
            "The settings, and on how many of the thousand splits each was chosen.",
            "iris-honest",
            grid(&honest)?,
        ),
    ];
    tables.extend(best);
    Ok(tables)
}

/// The activations on a thousand seeds.
fn of_a_thousand_seeds(thousand: &activations::Conclusions) -> Vec<Table> {
    let table = Table::new;
    vec![
        table(
            "iris-thousand",
            "The four activations, and none, on a thousand seeds.",
            "iris-activations",
            iris_thousand(thousand),
        ),
        table(
            "iris-verdicts",
            "What the original claimed, and what became of it.",
            "iris-activations",
            verdicts(thousand),
        ),
        table(
            "iris-tests",
            "The tests behind the verdicts, and the control against the four: first minus second on the same thousand seeds, \
             p by the sign test after Holm's correction.",
            "iris-activations",
            tests(thousand),
        ),
        table(
            "iris-gradients",
            "Median norms of the gradient over a thousand seeds: first layer, second layer.",
            "iris-activations",
            gradients(thousand),
        ),
    ]
}

/// What makes the difference between P1.1 and the original's P2.1.
fn of_p2_2(of: &Sources) -> Result<Vec<Table>, ReportError> {
    let table = Table::new;
    let factors: factors::Conclusions = of.conclusions("iris-factors")?;
    Ok(vec![
        table(
            "iris-factors-p1-1",
            "From P1.1's settings (sigmoid), one factor changed.",
            "iris-factors",
            by_factor(&factors, "p1-1"),
        ),
        table(
            "iris-factors-p2-1",
            "From the original's P2.1, one factor changed.",
            "iris-factors",
            by_factor(&factors, "p2-1"),
        ),
        table(
            "iris-plateau-scales",
            "The original's recipe on 200 seeds, with our initial weights (times 1), and with smaller and larger ones.",
            "iris-plateau",
            plateau_scales(&of.conclusions("iris-plateau")?),
        ),
        table(
            "iris-trajectories",
            "By hand in double and by layers in single precision: the largest differences on 20 seeds.",
            "iris-trajectory",
            trajectories(&of.conclusions("iris-trajectory")?),
        ),
    ])
}

/// A median of first epochs with its interval.
fn epochs(of: Interval) -> String {
    let [middle, low, high] = [of.estimate, of.low, of.high].map(|value| epoch(Some(value)));
    format!("{middle} ({low} to {high})")
}

/// The median of first epochs, and on how many of the seeds a run never gets there.
fn epoch_at_95(level: &factors::Level, seeds: usize) -> String {
    let never = level.never_at_95;
    // With half of the runs or more the median is no epoch.
    let median = epoch((2 * never < seeds).then_some(level.median_epoch_at_95));
    match never {
        0 => median,
        _ if 2 * never < seeds => format!("{median} ({never} of {seeds} never)"),
        _ => format!("{median} ({never} of {seeds})"),
    }
}

fn iris_thousand(of: &activations::Conclusions) -> Cells {
    let row = |summary: &activations::Summary| {
        vec![
            summary.id.clone(),
            percent(summary.mean_test_error.estimate, 2),
            interval(summary.mean_test_error),
            format!("{} of {}", grouped(summary.wrong as usize), grouped(summary.tested as usize)),
            summary.seeds_by_wrong.first().map_or(String::new(), usize::to_string),
            epochs(summary.median_epoch_at_95),
            summary.never_at_95.to_string(),
        ]
    };
    let heads = [
        "activation",
        "#mean test error",
        "#95 % interval",
        "#wrong",
        "#seeds without error",
        "#median epoch at 95 % (interval)",
        "#seeds never there",
    ];
    Cells::new(&heads, of.activations.iter().map(row).collect())
}

fn verdicts(of: &activations::Conclusions) -> Cells {
    let row = |claim: &activations::Claim| vec![claim.says.clone(), claim.verdict.name().to_owned()];
    Cells::new(&["the original's claim", "verdict"], of.claims.iter().map(row).collect())
}

fn difference(test: &PairedTest) -> String {
    match test.measure {
        Measure::TestError => format!("{} points", points(test.difference)),
        Measure::EpochsTo95 => {
            let Interval { estimate, low, high, .. } = test.difference;
            format!("{} epochs ({} to {})", number(estimate, 1), number(low, 1), number(high, 1))
        }
    }
}

fn shows(test: &PairedTest) -> String {
    let words = match (test.measure, test.direction) {
        (_, Direction::Undecided) => "nothing",
        (Measure::TestError, Direction::Less) => "errs less",
        (Measure::TestError, Direction::More) => "errs more",
        (Measure::EpochsTo95, Direction::Less) => "is sooner",
        (Measure::EpochsTo95, Direction::More) => "is later",
    };
    words.to_owned()
}

fn tests(of: &activations::Conclusions) -> Cells {
    let row = |test: &PairedTest| {
        let signs = test.signs;
        vec![
            test.first.clone(),
            test.second.clone(),
            difference(test),
            format!("{} / {} / {}", signs.negative, signs.ties, signs.positive),
            p_value(test.adjusted_p),
            shows(test),
        ]
    };
    let heads = [
        "first",
        "second",
        "#difference (95 % interval)",
        "#less / equal / more, seeds",
        "#adjusted p",
        "the first",
    ];
    Cells::new(&heads, of.tests.iter().chain(&of.control).map(row).collect())
}

fn gradients(of: &activations::Conclusions) -> Cells {
    let row = |summary: &activations::Summary| {
        let cell = |at: &activations::Gradients| format!("{}, {}", number(at.first, 4), number(at.second, 4));
        std::iter::once(summary.id.clone()).chain(summary.gradients.iter().map(cell)).collect()
    };
    let heads: Vec<String> = std::iter::once("activation".to_owned())
        .chain(activations::GRADIENT_EPOCHS.iter().map(|epoch| format!("#epoch {epoch}")))
        .collect();
    Cells::new(
        &heads.iter().map(String::as_str).collect::<Vec<_>>(),
        of.activations.iter().map(row).collect(),
    )
}

fn by_factor(of: &factors::Conclusions, base: &str) -> Cells {
    let seeds = (of.seeds[1] - of.seeds[0] + 1) as usize;
    let row = |level: &factors::Level| {
        let against = |test: &Option<PairedTest>| {
            test.as_ref()
                .map_or(String::new(), |test| format!("{} ({})", shows(test), p_value(test.adjusted_p)))
        };
        let diverged =
            if level.diverged > 0 { format!(", {} diverged", level.diverged) } else { String::new() };
        vec![
            format!("{}{}", level.factor.replace('-', " "), if level.factor == "base" { "" } else { ":" }),
            if level.factor == "base" { String::new() } else { level.level.clone() },
            format!("{}{diverged}", percent(level.mean_test_error.estimate, 2)),
            against(&level.test_error),
            epoch_at_95(level, seeds),
            against(&level.speed),
        ]
    };
    let heads = [
        "factor",
        "changed to",
        "#mean test error",
        "test error (adjusted p)",
        "#median epoch at 95 %",
        "speed (adjusted p)",
    ];
    let own = of.levels.iter().filter(|level| level.base == base);
    Cells::new(&heads, own.map(row).collect())
}

fn plateau_scales(of: &plateau::Conclusions) -> Cells {
    let row = |scale: &plateau::Scale| {
        vec![
            number(scale.scale, 1),
            format!("{} of {}", scale.left, scale.total),
            epochs(scale.median_epoch_off),
            format!("{} to {}", grouped(scale.first_off), grouped(scale.last_off)),
            percent(scale.smallest_gradient_share, 1),
        ]
    };
    let heads = [
        "#initial weights times",
        "#seeds that leave the plateau",
        "#median epoch of leaving (interval)",
        "#first to last",
        "#smallest gradient on it, of that after epoch 1",
    ];
    Cells::new(&heads, of.scales.iter().map(row).collect())
}

fn trajectories(of: &trajectory::Conclusions) -> Cells {
    let row = |setting: &trajectory::Largest| {
        let apart = &setting.largest;
        vec![
            setting.id.replace('-', " "),
            apart.epochs.to_string(),
            format!("{:.1e}", apart.largest_relative_loss_difference),
            apart.epochs_with_other_train_counts.to_string(),
            apart.epochs_with_other_test_counts.to_string(),
        ]
    };
    let heads = [
        "loss",
        "#epochs",
        "#relative difference of the losses",
        "#epochs with another count, training",
        "#test",
    ];
    Cells::new(&heads, of.settings.iter().map(row).collect())
}
