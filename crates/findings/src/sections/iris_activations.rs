//! P1.1: the four activations, and none, on a thousand seeds.
//!
//! The claims on the network without an activation were written after its registered hypothesis, that it errs more
//! than all four, had been refuted, and again when decay was of weights alone.

use crate::cells::{epochs, first_is, interval, mean, number, p_value, points};
use crate::chart::{Axes, Words, bands};
use crate::predicates::interval_text;
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use experiments::iris::studies::activations::{
    ActivationGradients, ActivationSummary, ActivationsConclusions, ActivationsPart, Band, Claim,
    GRADIENT_EPOCHS, LOSS_EPOCHS,
};
use experiments::iris::studies::{Direction, HypothesisVerdict, Measure, PairedTest};
use records::findings::{Cells, Decision};
use stats::Interval;

use Direction::{Less, More, Undecided};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "identity-errs-more-than-relu-and-tanh",
        says: "On these flowers the network errs more often without an activation than with ReLU or tanh",
        within: None,
        record: "iris-activations",
        decide: |of| Ok(identity(of, "relu", More)?.and(identity(of, "tanh", More)?)),
        controls: &[|of| set_identity(of, "relu", Undecided), |of| set_identity(of, "tanh", Less)],
    },
    ClaimRow {
        id: "identity-errs-less-than-sigmoid",
        says: "On these flowers the network errs less often without an activation than with sigmoid",
        within: None,
        record: "iris-activations",
        decide: |of| identity(of, "sigmoid", Less),
        controls: &[|of| set_identity(of, "sigmoid", Undecided)],
    },
    ClaimRow {
        id: "identity-is-sooner-than-all",
        says: "Without an activation at all the network gets there sooner than with each of the four on more seeds \
               than later",
        within: None,
        record: "iris-activations",
        decide: |of| {
            let counts = ["relu", "sigmoid", "tanh", "prelu"].map(|other| sooner(of, "identity", other));
            let counts = counts.into_iter().collect::<Result<Vec<[usize; 2]>, _>>()?;
            let evidence =
                counts.iter().map(|[sooner, later]| format!("{sooner} / {later}")).collect::<Vec<_>>();
            let holds = counts.iter().all(|[sooner, later]| sooner > later);
            Ok(Decision::new(holds, format!("sooner / later than with each: {}", evidence.join(", "))))
        },
        controls: &[
            |of| never_sooner(of, "relu"),
            |of| never_sooner(of, "sigmoid"),
            |of| never_sooner(of, "tanh"),
            |of| never_sooner(of, "prelu"),
        ],
    },
    ClaimRow {
        id: "identity-errs-as-prelu",
        says: "On these flowers no difference in test error is found between no activation and PReLU",
        within: None,
        record: "iris-activations",
        decide: |of| identity(of, "prelu", Undecided),
        controls: &[|of| set_identity(of, "prelu", More)],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "iris-thousand",
        record: "iris-activations",
        caption: Caption::Fixed(
            "The four activations, and none, on a thousand seeds. All intervals are of 95 % confidence.",
        ),
        cells: |of| Ok(by_activation(&of.conclusions("iris-activations")?)),
    },
    TableRow {
        id: "iris-verdicts",
        record: "iris-activations",
        caption: Caption::Fixed("What the original claimed, and what became of it."),
        cells: |of| Ok(verdicts(&of.conclusions("iris-activations")?)),
    },
    TableRow {
        id: "iris-tests",
        record: "iris-activations",
        caption: Caption::Fixed(
            "On these flowers, first family: the tests behind the verdicts, first minus second on the same thousand \
             seeds. p by the sign test after Holm's correction over these seven tests.",
        ),
        cells: |of| Ok(tests(&of.conclusions::<ActivationsConclusions>("iris-activations")?.tests)),
    },
    TableRow {
        id: "iris-control",
        record: "iris-activations",
        caption: Caption::Fixed(
            "On these flowers, second family: the control against the four, on the same thousand seeds. p by the sign \
             test after Holm's correction over these four tests.",
        ),
        cells: |of| Ok(tests(&of.conclusions::<ActivationsConclusions>("iris-activations")?.control)),
    },
    TableRow {
        id: "iris-gradients",
        record: "iris-activations",
        caption: Caption::Fixed(
            "Median norms of the gradient over a thousand seeds: first layer, second layer.",
        ),
        cells: |of| Ok(gradients(&of.conclusions("iris-activations")?)),
    },
];

const FIGURES: &[FigureRow] = &[FigureRow {
    id: "iris-bands",
    record: "iris-activations",
    draw: |id, from| loss_bands(id, from.records),
}];

/// The epochs at which the seeds of an activation first have 95 % right, seed by seed.
fn first_epochs(of: &Sources, activation: &str) -> Result<Vec<usize>, ReportError> {
    let study = of.study::<ActivationsPart, ActivationsConclusions>("iris-activations")?;
    let is_of = |part: &&ActivationsPart| part.settings.activation.name() == activation;
    let seeds = study.parts.iter().filter(is_of).flat_map(|part| &part.seeds);
    Ok(seeds.map(|seed| seed.first_epoch_at_95_percent.unwrap_or(usize::MAX)).collect())
}

/// On how many seeds the first activation is sooner than the second, and on how many later.
fn sooner(of: &Sources, first: &str, second: &str) -> Result<[usize; 2], ReportError> {
    let (first, second) = (first_epochs(of, first)?, first_epochs(of, second)?);
    let count = |is: fn(&usize, &usize) -> bool| first.iter().zip(&second).filter(|(a, b)| is(a, b)).count();
    Ok([count(|a, b| a < b), count(|a, b| a > b)])
}

/// Lets the runs of an activation begin with 95 % right.
fn never_sooner(of: &mut Sources, activation: &str) {
    alter::parts(of, "iris-activations", |parts: &mut Vec<ActivationsPart>| {
        let of_it = parts.iter_mut().filter(|part| part.settings.activation.name() == activation);
        of_it.flat_map(|part| &mut part.seeds).for_each(|seed| seed.first_epoch_at_95_percent = Some(0));
    });
}

/// Whether the test error without an activation, against that with this one, points as said.
fn identity(of: &Sources, activation: &str, direction: Direction) -> Result<Decision, ReportError> {
    let conclusions: ActivationsConclusions = of.conclusions("iris-activations")?;
    let test = conclusions.control.iter().find(|test| test.second == activation);
    let test =
        test.ok_or_else(|| ReportError::missing(format!("iris-activations.json: control:{activation}")))?;
    let text =
        format!("{activation}: {}; adjusted p = {:e}", interval_text(test.difference), test.adjusted_p);
    Ok(Decision::new(test.direction == direction, text))
}

fn set_identity(of: &mut Sources, activation: &str, direction: Direction) {
    alter::conclusions(of, "iris-activations", |it: &mut ActivationsConclusions| {
        let tests = it.control.iter_mut().filter(|test| test.second == activation);
        tests.for_each(|test| test.direction = direction);
    });
}

fn by_activation(of: &ActivationsConclusions) -> Cells {
    let row = |summary: &ActivationSummary| {
        vec![
            summary.id.clone(),
            mean(summary.mean_test_error),
            interval(summary.new_flowers.corrected),
            interval(summary.new_flowers.over_flowers),
            summary.seeds_by_wrong.first().map_or(String::new(), usize::to_string),
            epochs(summary.median_epoch_at_95),
            summary.never_at_95.to_string(),
        ]
    };
    let heads = [
        "activation",
        "#mean test error, these flowers (t over splits)",
        "#new flowers (corrected t)",
        "#new flowers (bootstrap over flowers)",
        "#seeds without error",
        "#median epoch at 95 % (interval)",
        "#seeds never there",
    ];
    Cells::new(&heads, of.activations.iter().map(row).collect())
}

/// What becomes on new flowers of the claim that PReLU errs less than ReLU.
fn prelu_on_new_flowers(of: &ActivationsConclusions) -> &'static str {
    let test = of.new_flowers.iter().find(|test| test.first == "prelu" && test.second == "relu");
    test.map_or("not tested", |test| match test.direction {
        Less => HypothesisVerdict::Held.name(),
        More => HypothesisVerdict::Refuted.name(),
        Undecided => HypothesisVerdict::Undecided.name(),
    })
}

fn verdicts(of: &ActivationsConclusions) -> Cells {
    let row = |claim: &Claim| {
        let new = if claim.id == "prelu-errs-less" { prelu_on_new_flowers(of) } else { "not tested" };
        vec![claim.says.clone(), claim.verdict.name().to_owned(), new.to_owned()]
    };
    let heads = ["the original's claim", "on these flowers", "on new flowers"];
    Cells::new(&heads, of.claims.iter().map(row).collect())
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

fn found_from(test: &PairedTest) -> String {
    match test.measure {
        Measure::TestError => format!("{} points", number(100.0 * test.detectable, 2)),
        Measure::EpochsTo95 => format!("{} epochs", number(test.detectable, 1)),
    }
}

fn tests(of: &[PairedTest]) -> Cells {
    let row = |test: &PairedTest| {
        let signs = test.signs;
        vec![
            test.first.clone(),
            test.second.clone(),
            difference(test),
            format!("{} / {} / {}", signs.negative, signs.ties, signs.positive),
            p_value(test.adjusted_p),
            first_is(test),
            found_from(test),
        ]
    };
    let heads = [
        "first",
        "second",
        "#difference (95 %, bootstrap over splits)",
        "#less / equal / more, seeds",
        "#adjusted p",
        "the first",
        "#smallest difference with 80 % power (one test of the mean, without Holm)",
    ];
    Cells::new(&heads, of.iter().map(row).collect())
}

fn gradients(of: &ActivationsConclusions) -> Cells {
    let row = |summary: &ActivationSummary| {
        let cell = |at: &ActivationGradients| format!("{}, {}", number(at.first, 4), number(at.second, 4));
        std::iter::once(summary.id.clone()).chain(summary.gradients.iter().map(cell)).collect()
    };
    let heads: Vec<String> = std::iter::once("activation".to_owned())
        .chain(GRADIENT_EPOCHS.iter().map(|epoch| format!("#epoch {epoch}")))
        .collect();
    Cells::new(
        &heads.iter().map(String::as_str).collect::<Vec<_>>(),
        of.activations.iter().map(row).collect(),
    )
}

/// The training loss of every activation over a thousand seeds.
fn loss_bands(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
    let conclusions: ActivationsConclusions = of.conclusions("iris-activations")?;
    let title = "Training loss over a thousand seeds: the median, and a band that leaves out a tenth of the seeds at \
                 either side. From about the tenth epoch on ReLU, tanh and no activation lie on one another";
    let words = Words {
        id,
        title,
        description: "One line in a band for each activation, over the epochs, by powers of ten; from about the \
                      tenth epoch on those of ReLU, tanh and no activation lie on one another.",
    };
    let series = |summary: &ActivationSummary| {
        let point = |band: &Band| (band.epoch as f64, [band.low, band.median, band.high]);
        (summary.id.clone(), summary.loss_bands.iter().map(point).collect())
    };
    let all: Vec<_> = conclusions.activations.iter().map(series).collect();
    let svg = bands(&words, Axes { x: "epoch", y: "loss, nats", log: true, whole_x: false }, &all);
    let heads: Vec<String> = std::iter::once("#epoch".to_owned())
        .chain(conclusions.activations.iter().map(|summary| format!("#{}", summary.id)))
        .collect();
    let row = |(i, epoch): (usize, &usize)| {
        let cell = |summary: &ActivationSummary| {
            let band = &summary.loss_bands[i];
            format!("{} ({} to {})", number(band.median, 3), number(band.low, 3), number(band.high, 3))
        };
        std::iter::once(epoch.to_string()).chain(conclusions.activations.iter().map(cell)).collect()
    };
    let rows = LOSS_EPOCHS.iter().enumerate().map(row).collect();
    let data = Cells::new(&heads.iter().map(String::as_str).collect::<Vec<_>>(), rows);
    Ok(Drawing { caption: format!("{title}."), svg, data })
}
