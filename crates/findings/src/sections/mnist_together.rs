//! P1.2: what the runs of the recipe get wrong together, and who is right where people found the label wrong.

use crate::cells::{grouped, number, percent};
use crate::chart::Words;
use crate::mnist_runs::{missed_cells, recipe};
use crate::stacks::{Stack, stacks};
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use experiments::mnist::studies::SeedRun;
use experiments::mnist::studies::final_recipe::RecipeConclusions;
use experiments::mnist::studies::together::{Together, missed};
use records::findings::{Cells, Decision};
use stats::{CONFIDENCE, Interval, t_interval};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "mnist-runs-fail-together",
        says: "Of the digits that a run gets wrong, another run gets more than half wrong as well, on average",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let shared = together(of)?.shared;
            Ok(Decision::new(shared > 0.5, format!("a share of {shared}")))
        },
        controls: &[|of| set_together(of, |it| it.shared = 0.5)],
    },
    ClaimRow {
        id: "mnist-vote-spares-more-than-a-fifth",
        says: "A vote of all runs makes fewer errors than a run on average, by more than a fifth and by less than a \
               quarter",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let Together { vote, wrong_of_a_run, .. } = together(of)?;
            let (vote, one) = (vote.expected_wrong, wrong_of_a_run.estimate);
            Ok(Decision::new(
                vote < 0.8 * one && vote > 0.75 * one,
                format!("{vote} of the vote, {one} of a run"),
            ))
        },
        controls: &[
            |of| set_together(of, |it| it.vote.expected_wrong = 0.8 * it.wrong_of_a_run.estimate),
            |of| set_together(of, |it| it.vote.expected_wrong = 0.75 * it.wrong_of_a_run.estimate),
        ],
    },
    ClaimRow {
        id: "mnist-independent-vote-would-not-err",
        says: "If the runs erred independently, each as often as it does, their vote would be expected to get less \
               than one test digit wrong",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let most = together(of)?.independent.vote_wrong_at_most;
            Ok(Decision::new(most < 1.0, format!("at most {most:e}")))
        },
        controls: &[|of| set_together(of, |it| it.independent.vote_wrong_at_most = 1.0)],
    },
    ClaimRow {
        id: "mnist-label-errors-divide-the-runs",
        says: "Of the test digits whose label fewer than three of five people chose, most runs contradict the label \
               on at least a third, and confirm it on at least a third",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let LabelVerdicts { known, contradicted, confirmed, .. } = label_verdicts(of)?;
            let evidence = format!("of {known}, {contradicted} are contradicted, {confirmed} confirmed");
            Ok(Decision::new(known > 0 && 3 * contradicted >= known && 3 * confirmed >= known, evidence))
        },
        controls: &[
            |of| contradict(of, |known| known.div_ceil(3) - 1),
            |of| contradict(of, |known| known - (known.div_ceil(3) - 1)),
        ],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "mnist-together",
        record: "mnist-recipe",
        caption: Caption::Of(|of| {
            let recipe = recipe(of)?.recipe;
            Ok(format!(
                "What {} runs get wrong of {} test digits. In the last column each errs as often as it does, on \
                 digits drawn by lot: expectations.",
                recipe.correct.len(),
                grouped(recipe.total)
            ))
        }),
        cells: |of| Ok(beside_independent(&together(of)?)),
    },
    TableRow {
        id: "mnist-label-verdicts",
        record: "mnist-recipe",
        caption: Caption::Of(|of| {
            let known = of.label_errors.len();
            Ok(format!(
                "What the runs say of all {known} test digits whose label fewer than three of five people chose."
            ))
        }),
        cells: |of| Ok(verdict_cells(&label_verdicts(of)?)),
    },
];

const FIGURES: &[FigureRow] = &[FigureRow {
    id: "mnist-missed",
    record: "mnist-recipe",
    draw: |id, from| every_missed(id, from.records),
}];

fn together(of: &Sources) -> Result<Together, ReportError> {
    Ok(recipe(of)?.together)
}

fn set_together(of: &mut Sources, alter: impl FnOnce(&mut Together)) {
    alter::conclusions(of, "mnist-recipe", |it: &mut RecipeConclusions| alter(&mut it.together));
}

fn runs(of: &Sources) -> Result<Vec<SeedRun>, ReportError> {
    Ok(of.study::<SeedRun, RecipeConclusions>("mnist-recipe")?.parts)
}

/// Every run contradicts the first known label errors, as many as said, and confirms the others.
fn contradict(of: &mut Sources, count: impl FnOnce(usize) -> usize) {
    let known = of.label_errors.clone();
    let contradicted = &known[..count(known.len())];
    alter::parts(of, "mnist-recipe", |runs: &mut Vec<SeedRun>| {
        for run in runs {
            run.mistakes.retain(|(index, ..)| known.iter().all(|error| error.index != *index));
            run.mistakes.extend(contradicted.iter().map(|error| (error.index, error.label, error.guess)));
        }
    });
}

/// What the runs say of the digits whose label people found wrong.
struct LabelVerdicts {
    known: usize,
    /// More than half of the runs give another digit than the label.
    contradicted: usize,
    /// More than half of them give the label.
    confirmed: usize,
    /// Every run gives another digit than the label.
    always: usize,
    /// On how many a run gives another digit than the label.
    of_a_run: Interval,
}

fn label_verdicts(of: &Sources) -> Result<LabelVerdicts, ReportError> {
    let runs = runs(of)?;
    let is_wrong = |run: &SeedRun, place: usize| run.mistakes.iter().any(|(index, ..)| *index == place);
    let wrong = |place: usize| runs.iter().filter(|run| is_wrong(run, place)).count();
    let wrong: Vec<usize> = of.label_errors.iter().map(|error| wrong(error.index)).collect();
    let on = |run: &SeedRun| of.label_errors.iter().filter(|error| is_wrong(run, error.index)).count() as f64;
    let with = |holds: &dyn Fn(usize) -> bool| wrong.iter().filter(|wrong| holds(**wrong)).count();
    Ok(LabelVerdicts {
        known: wrong.len(),
        contradicted: with(&|wrong| 2 * wrong > runs.len()),
        confirmed: with(&|wrong| 2 * wrong < runs.len()),
        always: with(&|wrong| wrong == runs.len()),
        of_a_run: t_interval(&runs.iter().map(on).collect::<Vec<_>>(), CONFIDENCE)?,
    })
}

/// A mean count with its interval.
fn mean_count(of: Interval) -> String {
    format!("{} ({} to {})", number(of.estimate, 1), number(of.low, 1), number(of.high, 1))
}

/// An expected count, with as many digits as it needs.
fn expected(count: f64) -> String {
    if count < 0.001 { "below 0.001".to_owned() } else { number(count, if count < 1.0 { 3 } else { 1 }) }
}

fn beside_independent(of: &Together) -> Cells {
    let apart = &of.independent;
    let row = |what: &str, found: String, independent: String| vec![what.to_owned(), found, independent];
    let digits =
        |what: &str, found: usize, independent: f64| row(what, found.to_string(), expected(independent));
    let rows = vec![
        digits("digits that at least one run gets wrong", of.ever_wrong, apart.ever_wrong),
        digits("that at least seven of ten get wrong", of.mostly_wrong, apart.mostly_wrong),
        digits("that every run gets wrong", of.always_wrong, apart.always_wrong),
        row(
            "share of a run's errors that another given run makes too, mean over pairs",
            percent(of.shared, 1),
            percent(apart.shared, 1),
        ),
        row(
            "errors of a run, mean (95 % interval)",
            mean_count(of.wrong_of_a_run),
            number(of.wrong_of_a_run.estimate, 1),
        ),
        row(
            "errors of a vote of all runs, a tie decided by lot",
            number(of.vote.expected_wrong, 1),
            expected(apart.vote_wrong_at_most),
        ),
        row("tied votes", of.vote.ties.to_string(), String::new()),
    ];
    Cells::new(&["of the test digits", "#the runs", "#independent runs"], rows)
}

fn verdict_cells(of: &LabelVerdicts) -> Cells {
    let undecided = of.known - of.contradicted - of.confirmed;
    let row = |what: &str, count: String| vec![what.to_owned(), count];
    let rows = vec![
        row("most runs contradict the label", of.contradicted.to_string()),
        row("of these, every run does", of.always.to_string()),
        row("most runs confirm the label", of.confirmed.to_string()),
        row("half of the runs each", undecided.to_string()),
        row("contradicted by a run, mean (95 % interval)", mean_count(of.of_a_run)),
    ];
    Cells::new(&["what the runs say", "#digits"], rows)
}

fn every_missed(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
    let runs = runs(of)?;
    let images = missed(&runs);
    let mut columns = vec![Stack::default(); runs.len()];
    for image in &images {
        let column = &mut columns[image.runs - 1];
        match of.label_error(image.index) {
            Some(_) => column.squares += 1,
            None => column.dots += 1,
        }
    }
    let caption = format!(
        "Every test digit that at least one of the {} runs gets wrong, {} in all, above the number of runs that do.",
        runs.len(),
        images.len()
    );
    let (once, always) = (columns[0], columns[runs.len() - 1]);
    let count = |stack: Stack| stack.squares + stack.dots;
    let description = format!(
        "A mark for each digit, stacked above the number of runs that get it wrong, from 1 to {}. {} digits stand \
         above 1, {} above {}, {} between. Digits whose label people found wrong are squares; there are {}, of which \
         {} stand above {}.",
        runs.len(),
        count(once),
        count(always),
        runs.len(),
        images.len() - count(once) - count(always),
        columns.iter().map(|stack| stack.squares).sum::<usize>(),
        always.squares,
        runs.len()
    );
    let words = Words { id, title: &caption, description: &description };
    let names = ["people found the label wrong", "nobody did, or nobody looked"];
    let svg = stacks(&words, "runs that get the digit wrong", names, &columns);
    Ok(Drawing { svg, data: missed_cells(of, &images), caption })
}
