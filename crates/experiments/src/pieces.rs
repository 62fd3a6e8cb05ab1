//! What can be recomputed of an experiment that fails as a whole.
//!
//! An experiment answers several questions. One answer that panics, hangs or is not there would take the others with it, so what
//! the criteria rest on is then recomputed piece by piece, each in a process of its own.

use crate::context::Context;
use crate::iris::studies::seeds::{Variant, variant, variants};
use crate::iris::{Agreement, Prepared, Settings, gradients};
use crate::study::ExperimentError;
use crate::worked::{Derivation, Loss, SEED, TRIALS, derivation, loss};
use data::iris::Iris;
use serde::{Deserialize, Serialize};
use theory::cross_entropy::Reading;
use theory::render::json::StdDevRecord;
use theory::render::worked::INPUTS;
use theory::std_dev::Ddof;
use theory::std_dev_graph::StdDevGraph;

/// The piece of `iris` that holds the gradients of P2.1.
pub const GRADIENTS: &str = "scratch-gradients";

/// Pieces of records.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pieces {
    /// T1a.
    pub derivations: Vec<Derivation>,
    /// T1b.
    pub losses: Vec<Loss>,
    /// T2.1 and T2.2.
    pub graphs: Vec<StdDevRecord>,
    /// P1.1 and P2.2.
    pub variants: Vec<Variant>,
    /// P2.1.
    pub gradients: Option<Agreement>,
}

impl Pieces {
    /// The names of an experiment's pieces; none if it has only one.
    pub fn of(experiment: &str) -> Vec<String> {
        match experiment {
            "theory" => ["T1a", "T1b", "T2"].map(str::to_owned).into(),
            "iris" => {
                let names = variants().into_iter().map(|(name, _)| name);
                names.chain([GRADIENTS.to_owned()]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Computes the piece with this name.
    ///
    /// # Errors
    /// [`ExperimentError`] when it cannot be computed, or no experiment has it.
    pub fn compute(name: &str, context: &Context) -> Result<Self, ExperimentError> {
        let none = Self::default();
        match name {
            "T1a" => {
                let verified = theory::render::worked::derivations_of("T1a", SEED, TRIALS)
                    .map_err(theory::render::worked::WorkedError::from)?;
                Ok(Self { derivations: verified.iter().map(derivation).collect(), ..none })
            }
            "T1b" => {
                let losses = Reading::ALL.into_iter().map(loss).collect::<Result<_, _>>()?;
                Ok(Self { losses, ..none })
            }
            "T2" => {
                let graph = |ddof| StdDevGraph::new(&INPUTS, ddof).map(|graph| StdDevRecord::from(&graph));
                let graphs = Ddof::ALL.into_iter().map(graph).collect::<Result<_, _>>();
                Ok(Self { graphs: graphs.map_err(theory::render::worked::WorkedError::from)?, ..none })
            }
            GRADIENTS => {
                let settings = Settings::scratch();
                let iris = Iris::load(&context.data_dir)?;
                let prepared = Prepared::new(&iris, &settings)?;
                Ok(Self { gradients: Some(gradients(&prepared, settings.seed)?), ..none })
            }
            _ => {
                let unknown = || ExperimentError::Parts(format!("no experiment has a piece `{name}`"));
                let (id, settings) = variants().into_iter().find(|(id, _)| id == name).ok_or_else(unknown)?;
                let iris = Iris::load(&context.data_dir)?;
                let variant = variant(context.isa, &iris, id, &settings, &|| ())?;
                Ok(Self { variants: vec![variant], ..none })
            }
        }
    }

    /// These and those.
    pub fn join(&mut self, other: Self) {
        self.derivations.extend(other.derivations);
        self.losses.extend(other.losses);
        self.graphs.extend(other.graphs);
        self.variants.extend(other.variants);
        self.gradients = self.gradients.take().or(other.gradients);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Together the pieces are what the criteria read in the submitted records, to the last bit.
    #[test]
    fn the_pieces_are_those_of_the_records() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let context = Context::for_tests(root.join("data"));
        let mut all = Pieces::default();
        let quick = ["framework-tanh".to_owned(), GRADIENTS.to_owned()];
        assert!(quick.iter().all(|name| Pieces::of("iris").contains(name)));
        for name in Pieces::of("theory").into_iter().chain(quick) {
            all.join(Pieces::compute(&name, &context).unwrap());
        }
        let read = |name: &str| std::fs::read(root.join("results").join(name)).unwrap();
        let theory: crate::worked::Record = serde_json::from_slice(&read("theory.json")).unwrap();
        let iris: crate::iris::studies::seeds::Record = serde_json::from_slice(&read("iris.json")).unwrap();
        let of_t1a = theory.derivations.into_iter().filter(|it| it.id.starts_with("T1a"));
        assert_eq!(all.derivations, of_t1a.collect::<Vec<_>>());
        assert_eq!((all.losses, all.graphs), (theory.cross_entropy, theory.std_dev));
        let tanh = iris.variants.into_iter().filter(|variant| variant.id == "framework-tanh");
        assert_eq!((all.variants, all.gradients), (tanh.collect(), Some(iris.scratch_gradients)));
    }

    #[test]
    fn an_unknown_piece_is_refused() {
        let context = Context::for_tests("nowhere");
        assert!(Pieces::compute("T3", &context).unwrap_err().to_string().contains("T3"));
        assert!(Pieces::of("mnist").is_empty());
    }
}
