//! A run that has not begun, and what its record keeps of it.

use super::mark::Mark;
use crate::iris::Prepared;
use data::images::Images;
use std::borrow::Cow;

/// A run, and what its record keeps of it.
#[derive(Debug)]
pub struct Opened<'c> {
    /// What the record keeps, epoch by epoch.
    pub recorded: Vec<Mark>,
    pub subject: Subject<'c>,
}

/// A run that has not begun.
#[derive(Debug)]
pub enum Subject<'c> {
    /// On MNIST.
    Mnist {
        /// What determines it.
        settings: crate::mnist::Settings,
        /// What it learns from.
        images: Cow<'c, Images>,
    },
    /// On iris.
    Iris {
        /// What determines it.
        settings: crate::iris::Settings,
        /// The flowers, divided.
        prepared: Prepared,
    },
}
