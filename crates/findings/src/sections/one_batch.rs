//! T1 and P2.1: the batch of T1b through the network by hand.
//!
//! The claims were written before the step was computed.

use crate::cells::number;
use crate::{Caption, ClaimRow, ReportError, Section, Sources, TableRow, alter};
use experiments::one_batch::{DescentStep, StepConclusions};
use records::findings::{Cells, Decision};
use theory::cross_entropy::Reading;

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "the-hand-agrees-with-t1",
        says: "The network by hand gives the batch the loss and the gradient of T1, up to rounding in double precision",
        within: None,
        record: "one-batch",
        decide: |of| {
            let step = step(of)?;
            let logits = of.theory.cross_entropy.iter().find(|it| it.loss.reading == Reading::Logits);
            let t1 = logits.ok_or_else(|| ReportError::missing("theory.json: the batch as logits"))?;
            let gradients = step.dz2.iter().flatten().zip(t1.gradient_of_mean.iter().flatten());
            let apart = gradients.map(|(ours, expected)| (ours - expected).abs()).fold(0.0, f64::max);
            let loss = (step.before.loss - t1.loss.mean).abs();
            Ok(Decision::new(loss < LAST_DIGITS && apart < LAST_DIGITS, format!("{loss:e}, {apart:e}")))
        },
        controls: &[
            |of| set_step(of, |step| step.before.loss += 2.0 * LAST_DIGITS),
            |of| set_step(of, |step| step.dz2[2][0] -= 2.0 * LAST_DIGITS),
        ],
    },
    ClaimRow {
        id: "a-step-helps-every-example",
        says: "After the step the loss of each of the three examples is smaller",
        within: None,
        record: "one-batch",
        decide: |of| {
            let falls = of.conclusions::<StepConclusions>("one-batch")?.examples_that_fall;
            Ok(Decision::new(falls == 3, format!("{falls} of 3")))
        },
        controls: &[|of| {
            alter::conclusions(of, "one-batch", |it: &mut StepConclusions| it.examples_that_fall -= 1);
        }],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "t1-gradient",
        record: "theory",
        caption: Caption::Fixed(
            "The gradient of the question's batch, taken as logits: softmax minus truth, divided by 3.",
        ),
        cells: gradient,
    },
    TableRow {
        id: "one-step",
        record: "one-batch",
        caption: Caption::Fixed(
            "The batch before and after one step of gradient descent: the probability p of each example's own class, \
             and its loss in nats.",
        ),
        cells: |of| Ok(before_and_after(&step(of)?)),
    },
];

/// As far apart may two roundings be.
const LAST_DIGITS: f64 = 1e-15;

fn step(of: &Sources) -> Result<DescentStep, ReportError> {
    let study = of.study::<DescentStep, StepConclusions>("one-batch")?;
    study.parts.into_iter().next().ok_or_else(|| ReportError::missing("one-batch.json: a step"))
}

fn set_step(of: &mut Sources, alter: impl FnOnce(&mut DescentStep)) {
    alter::parts(of, "one-batch", |steps: &mut Vec<DescentStep>| alter(&mut steps[0]));
}

fn gradient(of: &Sources) -> Result<Cells, ReportError> {
    let logits = of.theory.cross_entropy.iter().find(|it| it.loss.reading == Reading::Logits);
    let rows =
        &logits.ok_or_else(|| ReportError::missing("theory.json: the batch as logits"))?.gradient_of_mean;
    let row = |(example, row): (usize, &Vec<f64>)| {
        let entries = row.iter().map(|entry| number(*entry, 4));
        [format!("x{}", example + 1)].into_iter().chain(entries).collect()
    };
    let heads = ["example", "#by the first output", "#by the second", "#by the third"];
    Ok(Cells::new(&heads, rows.iter().enumerate().map(row).collect()))
}

fn before_and_after(step: &DescentStep) -> Cells {
    let row = |example: usize| {
        vec![
            format!("x{}", example + 1),
            number(step.before.softmax[example][example], 4),
            number(step.after.softmax[example][example], 4),
            number(step.before.terms[example], 4),
            number(step.after.terms[example], 4),
        ]
    };
    let heads = ["example", "#p before", "#p after", "#loss before", "#loss after"];
    Cells::new(&heads, (0..step.dz2.len()).map(row).collect())
}
