//! P2.2: the training losses of the network by hand and of the layers, over the epochs and at the end.

use super::by_hand::{ADAM, AS_THE_ORIGINAL, BY_HAND, DESCENT, MOMENTUM};
use crate::chart::Words;
use crate::iris_runs::loss_curves;
use crate::predicates::{
    comparison, last_hundred, last_two_hundreds, mean_train_loss, signs_point, signs_text, variant,
};
use crate::{ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, alter};
use experiments::iris::studies::Direction;
use records::findings::Decision;
use stats::{LEVEL, SignTest};

pub(super) const SECTION: Section = Section { claims: CLAIMS, figures: FIGURES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "momentum-ends-higher",
        says: "By the sign test over the seeds momentum ends at a higher training loss than plain descent",
        within: None,
        record: "iris",
        decide: |of| Ok(signs_point(train_loss_signs(of, MOMENTUM)?, Direction::Less)),
        controls: &[
            |of| set_signs(of, MOMENTUM, |it| it.p_value = LEVEL),
            |of| set_signs(of, MOMENTUM, alter::turn),
        ],
    },
    ClaimRow {
        id: "momentum-ends-as-descent",
        says: "On average over the seeds momentum and plain descent end at the same training loss, to one part in \
               a hundred",
        within: None,
        record: "iris",
        decide: |of| {
            let descent = mean_train_loss(variant(of, BY_HAND)?);
            let momentum = mean_train_loss(variant(of, MOMENTUM)?);
            let same = (descent - momentum).abs() < 0.01 * momentum;
            Ok(Decision::new(same, format!("mean training loss {descent} and {momentum}")))
        },
        controls: &[
            |of| alter::variant(of, MOMENTUM, |it| it.others.iter_mut().for_each(|it| it.train_loss *= 0.99)),
            |of| alter::variant(of, MOMENTUM, |it| it.others.iter_mut().for_each(|it| it.train_loss *= 1.02)),
        ],
    },
    ClaimRow {
        id: "adam-ends-lower",
        says: "On every seed Adam ends at a lower training loss than plain descent",
        within: None,
        record: "iris",
        decide: |of| {
            let signs = train_loss_signs(of, ADAM)?;
            let every = signs.negative + signs.ties == 0 && signs.positive > 0;
            Ok(Decision::new(every, signs_text(signs)))
        },
        controls: &[
            |of| set_signs(of, ADAM, |it| it.negative = 1),
            |of| set_signs(of, ADAM, |it| it.ties = 1),
        ],
    },
    ClaimRow {
        id: "descent-still-falls-slowly",
        says: "On the registered seed the training loss of plain descent still falls when it is stopped: over its last \
               hundred epochs the mean is lower than over the hundred before, by less than one part in fifty",
        within: None,
        record: "iris",
        decide: |of| {
            let [before, after] = last_two_hundreds(variant(of, BY_HAND)?)?;
            let falls = (0.98..1.0).contains(&(after / before));
            Ok(Decision::new(falls, format!("mean training loss {before}, then {after}")))
        },
        // A tenth in one of a hundred epochs is a thousandth in their mean, which is about 0.043 and fell by 0.0006.
        controls: &[
            |of| alter::last_epoch(of, BY_HAND, |it| it.train_loss += 0.1),
            |of| alter::last_epoch(of, BY_HAND, |it| it.train_loss -= 0.1),
        ],
    },
    ClaimRow {
        id: "original-recipe-still-falls",
        says: "On the registered seed the original's recipe ends on its way down: over its last hundred epochs the \
               training loss falls by more than a tenth",
        within: None,
        record: "iris",
        decide: |of| {
            let (before, after) = last_hundred(variant(of, AS_THE_ORIGINAL)?)?;
            Ok(Decision::new(after < 0.9 * before, format!("training loss {before}, then {after}")))
        },
        // It fell from 11.00 to 9.02 (squared errors, summed), and 9.90 would be nine tenths.
        controls: &[|of| alter::last_epoch(of, AS_THE_ORIGINAL, |it| it.train_loss = 9.9)],
    },
];

const FIGURES: &[FigureRow] =
    &[FigureRow { id: "iris-optimisers", record: "iris", draw: |id, from| losses(id, from.records) }];

/// The sign test of the final training losses of plain descent by hand, minus those of another configuration.
fn train_loss_signs<'a>(of: &'a Sources, other: &str) -> Result<&'a SignTest, ReportError> {
    let signs = comparison(of, BY_HAND, other)?.train_loss_signs.as_ref();
    signs.ok_or_else(|| ReportError::missing(format!("iris.json: train_loss_signs of {BY_HAND}:{other}")))
}

fn set_signs(of: &mut Sources, other: &str, alter: impl FnMut(&mut SignTest)) {
    alter::comparison(of, [BY_HAND, other], |it| it.train_loss_signs.iter_mut().for_each(alter));
}

/// The training loss over the epochs of one network, trained in four ways.
fn losses(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
    let names = ["by hand", "descent", "momentum", "Adam"].map(str::to_owned);
    let loss = |id: &str| -> Result<Vec<f64>, ReportError> {
        Ok(variant(of, id)?.registered.history.iter().map(|epoch| epoch.train_loss).collect())
    };
    let values = [loss(BY_HAND)?, loss(DESCENT)?, loss(MOMENTUM)?, loss(ADAM)?];
    let title = "Training loss of one network by hand and with three optimisers, registered seed";
    let description = "One curve for each way to train, over the epochs, by powers of ten.";
    Ok(loss_curves(&Words { id, title, description }, &names, &values))
}
