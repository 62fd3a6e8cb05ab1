//! Batch normalisation: every channel is moved and scaled to mean 0 and variance 1, then given a learned scale and
//! shift.
//!
//! ```text
//! y = gamma (x - mean) / sqrt(var + eps) + beta
//! ```
//!
//! `mean` and `var` are taken over `(N, H, W)`, `M` values a channel. In training they are the batch's, with the
//! **biased** variance (divided by `M`); the running ones, for inference, follow as
//! `running = (1 - momentum) running + momentum batch` with the **unbiased** variance (divided by `M - 1`), as in
//! PyTorch.
//!
//! Backward, with `z = (x - mean) / sqrt(var + eps)`:
//!
//! ```text
//! dbeta = Σ dy    dgamma = Σ dy z    dx = gamma / sqrt(var + eps) (dy - dbeta / M - z dgamma / M)
//! ```
//!
//! Sums run over the pixels of one example in single precision and over the examples in double precision.
//!
//! Source: S. Ioffe and C. Szegedy, "Batch normalization", 2015.

use crate::chunks::{self, CHUNK};
use crate::kernels::Isa;
use crate::kernels::channelwise::{self, Constants};
use crate::layer::{Buffer, Layer, Mode, Parameter, ShapeError};
use crate::tensor::{Shape, Tensor};
use rayon::prelude::*;

/// A batch-norm layer. Shapes: input and output `(N, H, W, C)` or `(N, C)`, parameters and statistics `(C)`.
#[derive(Clone, Debug)]
pub struct BatchNorm {
    gamma: Parameter,
    beta: Parameter,
    running_mean: Vec<f32>,
    running_var: Vec<f32>,
    batches_tracked: u64,
    momentum: f32,
    eps: f32,
    mode: Mode,
    /// What the last pass normalised with.
    mean: Vec<f32>,
    inv_std: Vec<f32>,
    /// Two sums for each example and channel, `(N, 2, C)`.
    sums: Vec<f32>,
}

impl BatchNorm {
    /// `channels` channels; PyTorch's defaults are a momentum of 0.1 and `eps` of 1e-5.
    pub fn new(channels: usize, momentum: f32, eps: f32) -> Self {
        Self {
            gamma: Parameter::new("weight", &[channels], vec![1.0; channels]),
            beta: Parameter::new("bias", &[channels], vec![0.0; channels]),
            running_mean: vec![0.0; channels],
            running_var: vec![1.0; channels],
            batches_tracked: 0,
            momentum,
            eps,
            mode: Mode::Infer,
            mean: vec![0.0; channels],
            inv_std: vec![1.0; channels],
            sums: Vec::new(),
        }
    }

    fn channels(&self) -> usize {
        self.mean.len()
    }

    /// Sums `terms(x, dy, mean, inv_std)` over the batch, two of them, channel by channel: `(C)` and `(C)`.
    fn sum_over_batch(&mut self, isa: Isa, x: &Tensor, dy: &Tensor, terms: Terms) -> (Vec<f64>, Vec<f64>) {
        let (c, example_len) = (self.channels(), x.shape().example_len());
        self.sums.resize(x.shape().n * 2 * c, 0.0);
        let grain = chunks::grain(x.data().len());
        let constants = Constants { first: &self.mean, second: &self.inv_std };
        let sums = self.sums.par_chunks_mut(CHUNK * 2 * c);
        chunks::of(x).zip(chunks::of(dy)).zip(sums).with_min_len(grain).for_each(|((x, dy), sums)| {
            let examples = x.chunks_exact(example_len).zip(dy.chunks_exact(example_len));
            for ((x, dy), sums) in examples.zip(sums.chunks_exact_mut(2 * c)) {
                match terms {
                    Terms::Value => channelwise::sums(isa, x, x, constants, sums, |x, _, _, _| (x, 0.0)),
                    Terms::Deviation => channelwise::sums(isa, x, x, constants, sums, |x, _, mean, _| {
                        (x - mean, (x - mean) * (x - mean))
                    }),
                    Terms::Gradient => {
                        channelwise::sums(isa, x, dy, constants, sums, |x, dy, mean, inv_std| {
                            (dy, dy * ((x - mean) * inv_std))
                        })
                    }
                }
            }
        });
        let mut total = vec![0.0; 2 * c];
        for example in self.sums.chunks_exact(2 * c) {
            for (total, &x) in total.iter_mut().zip(example) {
                *total += f64::from(x);
            }
        }
        let second = total.split_off(c);
        (total, second)
    }

    /// Takes mean and variance of the batch, and lets the running ones follow.
    fn take_batch_statistics(&mut self, isa: Isa, x: &Tensor) {
        let count = (x.shape().len() / self.channels()) as f64;
        let (sum, _) = self.sum_over_batch(isa, x, x, Terms::Value);
        for (mean, sum) in self.mean.iter_mut().zip(&sum) {
            *mean = (sum / count) as f32;
        }
        // The second pass measures from the rounded mean, so what the rounding left is taken off again.
        let (off, squares) = self.sum_over_batch(isa, x, x, Terms::Deviation);
        let momentum = f64::from(self.momentum);
        let follow = |running: &mut f32, batch: f64| {
            *running = ((1.0 - momentum) * f64::from(*running) + momentum * batch) as f32;
        };
        for c in 0..self.channels() {
            let variance = (squares[c] - off[c] * off[c] / count) / count;
            self.inv_std[c] = (1.0 / (variance + f64::from(self.eps)).sqrt()) as f32;
            follow(&mut self.running_mean[c], f64::from(self.mean[c]) + off[c] / count);
            follow(&mut self.running_var[c], variance * count / (count - 1.0));
        }
    }

    /// Takes the running statistics.
    fn take_running_statistics(&mut self) {
        self.mean.copy_from_slice(&self.running_mean);
        for (inv_std, &variance) in self.inv_std.iter_mut().zip(&self.running_var) {
            *inv_std = (1.0 / (f64::from(variance) + f64::from(self.eps)).sqrt()) as f32;
        }
    }
}

impl Layer for BatchNorm {
    fn kind(&self) -> &'static str {
        "BatchNorm"
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if input.c != self.channels() {
            let reason = format!("it has {} channels", self.channels());
            return Err(ShapeError { layer: "BatchNorm", input, reason });
        }
        Ok(input)
    }

    fn forward(&mut self, isa: Isa, x: &Tensor, y: &mut Tensor, mode: Mode) {
        let values = x.shape().len() / self.channels();
        assert!(
            mode == Mode::Infer || values > 1,
            "batch-norm in training needs more than one value a channel"
        );
        self.mode = mode;
        self.batches_tracked += u64::from(mode == Mode::Train);
        match mode {
            Mode::Train => self.take_batch_statistics(isa, x),
            Mode::Infer => self.take_running_statistics(),
        }
        let scale: Vec<f32> = self.gamma.value.iter().zip(&self.inv_std).map(|(g, s)| g * s).collect();
        let constants = [&self.mean[..], &scale, &self.beta.value, &self.beta.value];
        map_channels(isa, x, x, y, constants, |x, _, [mean, scale, beta, _]| (x - mean) * scale + beta);
    }

    fn backward(&mut self, isa: Isa, x: &Tensor, _: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        let count = (x.shape().len() / self.channels()) as f64;
        let (dbeta, dgamma) = self.sum_over_batch(isa, x, dy, Terms::Gradient);
        for c in 0..self.channels() {
            self.beta.gradient[c] = dbeta[c] as f32;
            self.gamma.gradient[c] = dgamma[c] as f32;
        }
        let Some(dx) = dx else { return };
        let scale: Vec<f32> = self.gamma.value.iter().zip(&self.inv_std).map(|(g, s)| g * s).collect();
        // In inference mode the statistics do not depend on x, and the two means are not subtracted.
        let share = |sum: f64| if self.mode == Mode::Train { (sum / count) as f32 } else { 0.0 };
        let dy_mean: Vec<f32> = dbeta.iter().map(|&sum| share(sum)).collect();
        let slope: Vec<f32> = dgamma.iter().zip(&self.inv_std).map(|(&sum, s)| share(sum) * s).collect();
        let constants = [&self.mean[..], &scale, &dy_mean, &slope];
        map_channels(isa, x, dy, dx, constants, |x, dy, [mean, scale, dy_mean, slope]| {
            scale * ((dy - dy_mean) - (x - mean) * slope)
        });
    }

    fn parameters(&self) -> Vec<&Parameter> {
        vec![&self.gamma, &self.beta]
    }

    fn parameters_mut(&mut self) -> Vec<&mut Parameter> {
        vec![&mut self.gamma, &mut self.beta]
    }

    fn buffers(&self) -> Vec<Buffer<'_>> {
        vec![("running_mean", &self.running_mean), ("running_var", &self.running_var)]
    }

    fn buffers_mut(&mut self) -> Vec<(&'static str, &mut [f32])> {
        vec![("running_mean", &mut self.running_mean), ("running_var", &mut self.running_var)]
    }

    fn batches_tracked(&self) -> Option<u64> {
        Some(self.batches_tracked)
    }

    fn set_batches_tracked(&mut self, count: u64) {
        self.batches_tracked = count;
    }
}

/// What is summed over the batch.
#[derive(Clone, Copy)]
enum Terms {
    /// `x`.
    Value,
    /// `x - mean` and its square.
    Deviation,
    /// `dy` and `dy z`.
    Gradient,
}

/// `to = f(a, b, constants of the channel)` for every element.
fn map_channels(
    isa: Isa,
    a: &Tensor,
    b: &Tensor,
    to: &mut Tensor,
    constants: [&[f32]; 4],
    f: impl Fn(f32, f32, [f32; 4]) -> f32 + Sync,
) {
    let grain = chunks::grain(a.data().len());
    chunks::of(a).zip(chunks::of(b)).zip(chunks::of_mut(to)).with_min_len(grain).for_each(|((a, b), to)| {
        channelwise::map(isa, a, b, constants, to, &f);
    });
}
