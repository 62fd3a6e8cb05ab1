//! What the tests of the layers share.

pub(crate) mod board;
pub(crate) mod double;
pub(crate) mod golden;
pub(crate) mod golden_layer;
pub(crate) mod kind;
pub(crate) mod layer;
#[path = "../../support/single.rs"]
pub(crate) mod single;
pub(crate) mod winograd;
