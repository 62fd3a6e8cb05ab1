//! Faults for tests: a run that computes one number wrong, in one step, on one path.

use super::tensors::{Role, Tensor};
use super::{Mark, Path, Stepwise};
use crate::mnist::training::Trainer;
use crate::study::ExperimentError;
use cnn::kernels::Isa;
use cnn::layer::{Buffer, Epilogue, Layer, Mode, Parameter, ParametersMut, ShapeError};
use cnn::layers::{Activation, ActivationKind, BatchNorm, Conv2d, Flatten, Linear, MaxPool2d};
use cnn::network::Network;
use cnn::tensor::{Shape, Tensor as Batch};
use numerics::random::{Purpose, Stream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The path on which faults are planted, and the one without.
pub(super) const FAULTY: Path = Path { isa: Isa::Scalar, threads: 3 };
pub(super) const SOUND: Path = Path { isa: Isa::Scalar, threads: 1 };

/// A number that is wrong in one step, on one path.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// The step, from 1.
    pub(super) step: usize,
    pub(super) role: Role,
    /// The layer, if it has one.
    pub(super) layer: &'static str,
    pub(super) parameter: usize,
    pub(super) index: usize,
    /// What becomes of the number.
    pub(super) change: fn(f32) -> f32,
    /// Whether it is still to happen, for a fault that happens once.
    pub(super) once: Option<Arc<AtomicBool>>,
}

/// The number with one bit turned over.
pub(super) fn one_bit(x: f32) -> f32 {
    f32::from_bits(x.to_bits() ^ 1 << 20)
}

impl Fault {
    pub(super) fn new(step: usize, role: Role, layer: &'static str, parameter: usize, index: usize) -> Self {
        Self { step, role, layer, parameter, index, change: one_bit, once: None }
    }

    /// A fault that does not happen.
    pub(super) fn none() -> Self {
        Self::new(0, Role::Output, "", 0, 0)
    }

    fn plant(&self, step: usize, role: Role, values: &mut [f32]) {
        let here = rayon::current_num_threads() == FAULTY.threads && (step, role) == (self.step, self.role);
        if here && self.once.as_ref().is_none_or(|once| once.swap(false, Ordering::SeqCst)) {
            values[self.index] = (self.change)(values[self.index]);
        }
    }
}

/// A layer that computes what another computes, but for its fault.
#[derive(Clone, Debug)]
struct Faulty<L> {
    layer: L,
    fault: Fault,
    forwards: usize,
}

impl<L: Layer + Clone> Layer for Faulty<L> {
    fn kind(&self) -> &'static str {
        self.layer.kind()
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        self.layer.output_shape(input)
    }

    fn forward(&mut self, isa: Isa, x: &Batch, y: &mut Batch, mode: Mode) {
        self.forwards += 1;
        self.layer.forward(isa, x, y, mode);
        self.fault.plant(self.forwards, Role::Output, y.data_mut());
        if let Some((_, statistic)) = self.layer.buffers_mut().into_iter().next() {
            self.fault.plant(self.forwards, Role::Statistic, statistic);
        }
    }

    fn backward(&mut self, isa: Isa, x: &Batch, y: &Batch, dy: &Batch, dx: Option<&mut Batch>) {
        self.layer.backward(isa, x, y, dy, dx);
        let gradient = &mut self.layer.parameters_mut()[self.fault.parameter].gradient;
        self.fault.plant(self.forwards, Role::Gradient, gradient);
    }

    fn absorb(&mut self, next: Epilogue) -> bool {
        self.layer.absorb(next)
    }

    fn parameters(&self) -> Vec<&Parameter> {
        self.layer.parameters()
    }

    fn parameters_mut(&mut self) -> ParametersMut<'_> {
        self.layer.parameters_mut()
    }

    fn buffers(&self) -> Vec<Buffer<'_>> {
        self.layer.buffers()
    }

    fn buffers_mut(&mut self) -> Vec<(&'static str, &mut [f32])> {
        self.layer.buffers_mut()
    }
}

/// A small network with the fault in its layer.
pub(super) fn network(fault: &Fault) -> Network {
    fn faulty<L: Layer + Clone + 'static>(network: Network, name: &str, layer: L, fault: &Fault) -> Network {
        let fault = if fault.layer == name { fault.clone() } else { Fault::none() };
        network.with(name, Faulty { layer, fault, forwards: 0 })
    }
    let init = &mut Stream::new(1, Purpose::Init);
    let network = faulty(Network::default(), "conv", Conv2d::new(1, 4, 3, 0, init), fault); // (N, 26, 26, 4)
    let network = faulty(network, "norm", BatchNorm::new(4, 0.1, 1e-5), fault)
        .with("relu", Activation(ActivationKind::Relu))
        .with("pool", MaxPool2d::new(2)) //                                                    (N, 13, 13, 4)
        .with("flatten", Flatten);
    faulty(network, "fc", Linear::new(13 * 13 * 4, 10, init), fault) //                        (N, 10)
}

/// A run with a fault: in a layer of its network, or in what a step leaves.
#[derive(Clone)]
pub(super) struct Planted<'a> {
    pub(super) trainer: Trainer<'a>,
    pub(super) fault: Fault,
}

impl Stepwise for Planted<'_> {
    fn go_on_with(&mut self, isa: Isa) {
        self.trainer.go_on_with(isa);
    }

    fn extent(&self) -> (usize, usize) {
        Stepwise::extent(&self.trainer)
    }

    fn next_batch(&self) -> Option<(usize, usize)> {
        Stepwise::next_batch(&self.trainer)
    }

    fn step(&mut self) -> Result<(), ExperimentError> {
        let step = self.next_place().map_or(0, |place| place.step);
        self.trainer.step()?;
        let Self { trainer, fault } = self;
        let place = trainer.trainer.network.layers().position(|(name, _)| name == fault.layer);
        if let Some(layer) = place.and_then(|place| trainer.trainer.network.layers_mut().nth(place)) {
            fault.plant(step, Role::Updated, &mut layer.parameters_mut()[fault.parameter].value);
        }
        if fault.role == Role::Input {
            fault.plant(step, Role::Input, trainer.trainer.pass.input().data_mut());
        }
        let mut loss = [trainer.trainer.last.loss_sum_nats as f32];
        if fault.role == Role::Loss {
            fault.plant(step, Role::Loss, &mut loss);
            trainer.trainer.last.loss_sum_nats = f64::from(loss[0]);
        }
        Ok(())
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        self.trainer.tensors()
    }

    fn marks(&mut self) -> Result<Vec<Mark>, ExperimentError> {
        self.trainer.marks()
    }
}
