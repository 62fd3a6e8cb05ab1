//! The directives: functions that an expression of the template engine minijinja may call.

use crate::formula::Formulas;
use crate::functions::{add_blocks, add_quotes, add_sources};
use crate::ledger::Ledger;
use crate::project::Project;
use crate::refusal::Reason;
use crate::shared::Shared;
use minijinja::{Environment, Error, UndefinedBehavior};
use std::error::Error as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Evaluates directives.
pub struct Directives {
    environment: Environment<'static>,
    ledger: Arc<Mutex<Ledger>>,
}

impl Directives {
    /// The directives of a project.
    pub fn new(project: Arc<Project>, formulas: Arc<Formulas>) -> Self {
        let ledger = Arc::<Mutex<Ledger>>::default();
        let shared = Shared { project, formulas, ledger: Arc::clone(&ledger) };
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        add_sources(&mut environment, &shared);
        add_quotes(&mut environment, &shared);
        add_blocks(&mut environment, &shared);
        Self { environment, ledger }
    }

    /// What was resolved so far.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The Markdown that a directive stands for.
    ///
    /// # Errors
    /// [`Reason`].
    pub fn evaluate(&self, expression: &str) -> Result<String, Reason> {
        let value = self.environment.compile_expression(expression).and_then(|compiled| compiled.eval(()));
        value.map(|value| value.to_string()).map_err(reason)
    }
}

/// Whether a directive fills lines of its own.
pub fn is_block(expression: &str) -> bool {
    let blocks = [
        "listing",
        "exercise",
        "widget",
        "proof",
        "figure",
        "table",
        "derivation",
        "question",
        "scoreboard",
        "records",
        "refused_calls",
    ];
    blocks.iter().any(|name| {
        expression.trim().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('('))
    })
}

/// The reason that one of our functions gave, or what the engine says.
fn reason(error: Error) -> Reason {
    match error.source().and_then(|source| source.downcast_ref::<Reason>()) {
        Some(reason) => reason.clone(),
        None => Reason::Directive(error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)),
    }
}
