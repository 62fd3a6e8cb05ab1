//! A kind of the golden vectors, and how reference and f32 side are held to its cases.
//!
//! # How far the reference may be off
//!
//! [`DOUBLE`] of the largest entry of each tensor. Sums of at most some hundred products differ by less than that many
//! times the unit roundoff, 1e-16, whatever their order.
//!
//! # How far single precision may be off
//!
//! With `u = eps / 2 = 2^-24`, an output is a sum of `K` products; each input, product and addition is rounded by at
//! most a share `u` of the running sum. Roundings have no preferred sign, so their sum walks at random: its standard
//! deviation is about `u sqrt(K)` of the sum's own size. Four of these, `2 eps sqrt(K)` of the largest entry of the
//! tensor, are allowed ([`of_sums`]), and each layer says what its `K` is. At the longest sums here that is 4e-6; the
//! negative control is refused at 1e-3.

use super::golden::{Case, Computed, Golden, GoldenError, load};
use cnn::kernels::Isa;
use ndarray::ArrayD;

/// How far the reference may be off, relative to the largest entry of each tensor.
pub(crate) const DOUBLE: f64 = 1e-12;

/// A single-precision unit: the distance from 1 to the next number.
pub(crate) const EPS: f64 = f32::EPSILON as f64;

/// How far a sum of so many products may be off in single precision, relative to the largest entry of its tensor.
pub(crate) fn of_sums(terms: usize) -> f64 {
    2.0 * EPS * (terms.max(1) as f64).sqrt()
}

/// A kind of the golden vectors, with what computes it.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    /// Its name in the file.
    pub(crate) name: &'static str,
    /// What the reference computes for a case.
    pub(crate) reference: fn(&Case) -> Result<Computed, GoldenError>,
    /// What the f32 side computes for a case, or [`GoldenError::Refused`] for one that it does not offer.
    pub(crate) f32_side: fn(Isa, &Case) -> Result<Computed, GoldenError>,
    /// How far single precision may be off for a case, relative to the largest entry of each tensor.
    pub(crate) tolerance: fn(&Case) -> f64,
}

/// What of `cnn` is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Precision {
    Double,
    Single,
}

/// The one of these kinds that has this name.
pub(crate) fn named(kinds: &[Kind], name: &str) -> Kind {
    *kinds.iter().find(|kind| kind.name == name).expect("a kind of this name")
}

/// Makes a tensor wrong.
pub(crate) type Spoil = fn(&ArrayD<f64>) -> ArrayD<f64>;

/// The committed golden vectors.
pub(crate) fn golden() -> Golden {
    load().expect("the committed golden vectors can be read")
}

/// All cases that have something to compute in `cnn::reference`; the schedules have none.
pub(crate) fn computable() -> Vec<Case> {
    let Golden { layers, losses, optimisers, .. } = golden();
    [layers, losses, optimisers].concat()
}

impl Kind {
    /// Its cases in the file, at least two.
    fn cases(&self) -> Vec<Case> {
        let cases: Vec<Case> = computable().into_iter().filter(|case| case.kind == self.name).collect();
        assert!(cases.len() >= 2, "{} cases of {}", cases.len(), self.name);
        cases
    }

    /// Whether the f32 side computes the case. What it refuses is named by a test in `main.rs`.
    pub(crate) fn is_offered(&self, case: &Case) -> bool {
        !matches!((self.f32_side)(Isa::detect(), case), Err(GoldenError::Refused { .. }))
    }

    /// The reference computes what PyTorch does.
    pub(crate) fn the_reference_agrees(&self) -> Result<(), GoldenError> {
        self.cases().iter().try_for_each(|case| case.hold(&(self.reference)(case)?, DOUBLE))
    }

    /// The f32 side computes what PyTorch does, with every instruction set; it offers `count` cases.
    pub(crate) fn the_f32_side_agrees(&self, count: usize) -> Result<(), GoldenError> {
        let cases: Vec<Case> = self.cases().into_iter().filter(|case| self.is_offered(case)).collect();
        assert_eq!(cases.len(), count, "cases of {}", self.name);
        for isa in Isa::available() {
            for case in &cases {
                case.hold(&(self.f32_side)(isa, case)?, (self.tolerance)(case))?;
            }
        }
        Ok(())
    }

    /// In the first case, a wrong tensor of this name is refused; the right one is not.
    pub(crate) fn refuses(&self, precision: Precision, name: &str, spoil: Spoil) -> Result<(), GoldenError> {
        let case = &self.cases()[0];
        let (mut computed, tolerance) = match precision {
            Precision::Double => ((self.reference)(case)?, DOUBLE),
            Precision::Single => ((self.f32_side)(Isa::detect(), case)?, (self.tolerance)(case)),
        };
        case.hold(&computed, tolerance)?;
        let wrong = spoil(&computed[name]);
        computed.insert(name.to_owned(), wrong);
        assert!(case.hold(&computed, tolerance).is_err(), "{}: a wrong {name} passed", case.name);
        Ok(())
    }
}
