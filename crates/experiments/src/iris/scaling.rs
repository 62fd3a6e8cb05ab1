//! How features are scaled, as found on a training part.

use super::lda::Whitener;
use super::{Features, IrisRunError};
use data::iris::{Iris, SPECIES};
use data::standardise::Standardiser;
use ndarray::{Array2, ArrayView2};

/// A map of features `(N, 4)` to what a network is given of them, `(N, 4)`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scaling {
    Raw,
    Standardised(Standardiser),
    Whitened(Whitener),
}

impl Scaling {
    /// Found on the training part.
    pub(super) fn fit(train: &Iris, features: Features) -> Result<Self, IrisRunError> {
        Ok(match features {
            Features::Raw => Self::Raw,
            Features::Standardised => Self::Standardised(Standardiser::fit(train.features.view())?),
            Features::Whitened => {
                Self::Whitened(Whitener::fit(train.features.view(), &train.labels, SPECIES.len())?)
            }
        })
    }

    pub(super) fn apply(&self, features: ArrayView2<f64>) -> Result<Array2<f64>, IrisRunError> {
        Ok(match self {
            Self::Raw => features.to_owned(),
            Self::Standardised(standardiser) => standardiser.apply(features)?,
            Self::Whitened(whitener) => whitener.apply(features),
        })
    }
}
