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
//! Sums run over the pixels of one example in single precision and over the examples in double precision; the squares
//! are those of the deviations from the example's own mean, as in T. Chan, G. Golub and R. LeVeque, "Algorithms for
//! computing the sample variance", 1983.
//!
//! A ReLU behind it, and a pooling behind that, are computed in the same passes over memory.
//!
//! Shapes: `N` examples, `H x W` pixels, `C` channels; `B` examples of a chunk. `x` and `dx` are `(N, H, W, C)`; `y`
//! and `dy` are so too, or `(N, H', W', C)` with half the pixels in each direction when a pooling is computed with it.
//!
//! Source: S. Ioffe and C. Szegedy, "Batch normalization", 2015.

use crate::chunks::{self, CHUNK};
use crate::layer::{
    Buffer, Epilogue, Layer, Mode, Operator, Parameter, ParametersMut, ShapeError, assert_not_in_pages,
};
use crate::tensor::{Shape, Tensor};
use kernels::Isa;
use kernels::norm::{self, Constants, Example, Tail};
use kernels::parallel;

mod running;

use running::Running;

/// A batch-norm layer. Shapes: input and output `(N, H, W, C)` or `(N, C)`, parameters and statistics `(C)`.
#[derive(Clone, Debug)]
pub struct BatchNorm {
    gamma: Parameter,
    beta: Parameter,
    running: Running,
    /// What it was before the last training batch.
    before: Running,
    momentum: f32,
    eps: f32,
    mode: Mode,
    tail: Tail,
    /// What the last pass normalised with.
    mean: Vec<f32>, // (C)
    inv_std: Vec<f32>, // (C)
    scale: Vec<f32>,   // (C)
    /// Sums of each example, `(N, 3, C)` or `(N, 2, C)`.
    sums: Vec<f32>,
    /// Sums of the batch, `(2, C)`.
    totals: Vec<f64>,
    /// Backward, `dx / scale` is the cotangent less a line in `x - mean`: value at 0, and slope, `(2, C)`.
    lines: Vec<f32>,
}

impl BatchNorm {
    /// `channels` channels; PyTorch's defaults are a momentum of 0.1 and `eps` of 1e-5. **In training a batch needs
    /// more than one value a channel**: the forward pass refuses another.
    pub fn new(channels: usize, momentum: f32, eps: f32) -> Self {
        Self {
            gamma: Parameter::new("weight", &[channels], vec![1.0; channels]),
            beta: Parameter::new("bias", &[channels], vec![0.0; channels]),
            running: Running::new(channels),
            before: Running::new(channels),
            momentum,
            eps,
            mode: Mode::Infer,
            tail: Tail::None,
            mean: vec![0.0; channels],
            inv_std: vec![1.0; channels],
            scale: vec![1.0; channels],
            sums: Vec::new(),
            totals: vec![0.0; 2 * channels],
            lines: vec![0.0; 2 * channels],
        }
    }

    fn channels(&self) -> usize {
        self.mean.len()
    }

    fn constants(&self) -> Constants<'_> {
        Constants { mean: &self.mean, scale: &self.scale, beta: &self.beta.value }
    }

    /// Takes mean and variance of the batch, and lets the running ones follow.
    fn take_batch_statistics(&mut self, isa: Isa, x: &Tensor) {
        let (c, example_len) = (self.channels(), x.shape().example_len());
        self.sums.resize(x.shape().n * 3 * c, 0.0); //                 (N, 3, C)
        let sums = self.sums.chunks_mut(CHUNK * 3 * c); //             (B, 3, C)
        parallel::for_each(x.data().len(), chunks::of(x).zip(sums), |(x, sums)| {
            for (x, sums) in x.chunks_exact(example_len).zip(sums.chunks_exact_mut(3 * c)) {
                norm::moments(isa, c, x, sums); // (H, W, C) to (3, C)
            }
        });
        let pixels = (example_len / c) as f64;
        let count = pixels * x.shape().n as f64;
        let momentum = f64::from(self.momentum);
        let follow = |running: &mut f32, batch: f64| {
            *running = ((1.0 - momentum) * f64::from(*running) + momentum * batch) as f32;
        };
        for channel in 0..c {
            // (N, 3)
            let examples = || {
                let of =
                    move |example: &[f32]| [0, c, 2 * c].map(|moment| f64::from(example[moment + channel]));
                self.sums.chunks_exact(3 * c).map(of)
            };
            let mean = examples().fold(0.0, |sum, [mean, off, _]| sum + (pixels * mean + off)) / count;
            let squares = examples().fold(0.0, |sum, [own_mean, off, squares]| {
                let apart = own_mean - mean;
                sum + (squares + apart * (2.0 * off + pixels * apart))
            });
            let variance = squares / count;
            self.mean[channel] = mean as f32;
            self.inv_std[channel] = (1.0 / (variance + f64::from(self.eps)).sqrt()) as f32;
            follow(&mut self.running.mean[channel], mean);
            follow(&mut self.running.var[channel], variance * count / (count - 1.0));
        }
    }

    /// `Σ dz` and `Σ dz (x - mean)` of the batch into `totals`.
    fn sum_gradients(&mut self, isa: Isa, x: &Tensor, y: &Tensor, dy: &Tensor) {
        let (c, x_len, y_len) = (self.channels(), x.shape().example_len(), y.shape().example_len());
        self.sums.resize(x.shape().n * 2 * c, 0.0); //                                        (N, 2, C)
        let constants = Constants { mean: &self.mean, scale: &self.scale, beta: &self.beta.value };
        let (tail, width) = (self.tail, x.shape().w);
        let sums = self.sums.chunks_mut(CHUNK * 2 * c); //                                    (B, 2, C)
        let chunks = chunks::of(x).zip(chunks::of(y)).zip(chunks::of(dy)).zip(sums); //       (B, H, W, C), ..
        parallel::for_each(x.data().len(), chunks, |(((x, y), dy), sums)| {
            // (H, W, C), (H', W', C), (H', W', C)
            let examples = x.chunks_exact(x_len).zip(y.chunks_exact(y_len)).zip(dy.chunks_exact(y_len));
            for (((x, y), dy), sums) in examples.zip(sums.chunks_exact_mut(2 * c)) {
                norm::gradient_sums(isa, tail, constants, Example { width, x, y, dy }, sums); // to (2, C)
            }
        });
        self.totals.fill(0.0); //                                                             (2, C)
        for example in self.sums.chunks_exact(2 * c) {
            for (total, &sum) in self.totals.iter_mut().zip(example) {
                *total += f64::from(sum);
            }
        }
    }

    /// Takes the running statistics.
    fn take_running_statistics(&mut self) {
        self.mean.copy_from_slice(&self.running.mean); // (C)
        for (inv_std, &variance) in self.inv_std.iter_mut().zip(&self.running.var) {
            *inv_std = (1.0 / (f64::from(variance) + f64::from(self.eps)).sqrt()) as f32;
        }
    }
}

impl Layer for BatchNorm {
    fn kind(&self) -> &'static str {
        "BatchNorm"
    }

    fn operator(&self) -> Option<Operator> {
        Some(Operator::BatchNorm { eps: self.eps })
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if input.c != self.channels() {
            let reason = format!("it has {} channels", self.channels());
            return Err(ShapeError { layer: "BatchNorm", input, reason });
        }
        Ok(input)
    }

    fn fits(&self, input: Shape, mode: Mode) -> Result<(), ShapeError> {
        if mode == Mode::Train && input.n * input.h * input.w < 2 {
            let reason = "in training it needs more than one value a channel: give more examples".to_owned();
            return Err(ShapeError { layer: "BatchNorm", input, reason });
        }
        Ok(())
    }

    fn forward(&mut self, isa: Isa, x: &Tensor, y: &mut Tensor, mode: Mode) {
        self.mode = mode;
        match mode {
            Mode::Train => {
                self.before.copy(&self.running);
                self.running.batches += 1;
                self.take_batch_statistics(isa, x);
            }
            Mode::Infer => self.take_running_statistics(),
        }
        for (scale, (gamma, inv_std)) in self.scale.iter_mut().zip(self.gamma.value.iter().zip(&self.inv_std))
        {
            *scale = gamma * inv_std; // one of (C)
        }
        let (constants, tail, width) = (self.constants(), self.tail, x.shape().w);
        let (x_len, y_len) = (x.shape().example_len(), y.shape().example_len());
        parallel::for_each(x.data().len(), chunks::of(x).zip(chunks::of_mut(y)), |(x, y)| {
            for (x, y) in x.chunks_exact(x_len).zip(y.chunks_exact_mut(y_len)) {
                norm::forward(isa, tail, constants, width, x, y); // (H, W, C) to (H', W', C)
            }
        });
    }

    fn backward(&mut self, isa: Isa, x: &Tensor, y: &Tensor, dy: &Tensor, dx: Option<&mut Tensor>) {
        assert_not_in_pages();
        let c = self.channels();
        let count = (x.shape().len() / c) as f64;
        self.sum_gradients(isa, x, y, dy);
        // In inference mode the statistics do not depend on x, and the two means are not subtracted.
        let share = |sum: f64| if self.mode == Mode::Train { (sum / count) as f32 } else { 0.0 };
        for channel in 0..c {
            let (dbeta, inv_std) = (self.totals[channel], f64::from(self.inv_std[channel]));
            let dgamma = self.totals[c + channel] * inv_std;
            self.beta.gradient[channel] = dbeta as f32;
            self.gamma.gradient[channel] = dgamma as f32;
            self.lines[channel] = share(dbeta);
            self.lines[c + channel] = share(dgamma * inv_std);
        }
        let Some(dx) = dx else { return };
        let (constants, tail, width) = (self.constants(), self.tail, x.shape().w);
        let (x_len, y_len) = (x.shape().example_len(), y.shape().example_len());
        let lines = [&self.lines[..c], &self.lines[c..]]; // (C), (C)
        // (B, H, W, C) of x and dx, (B, H', W', C) of y and dy
        let chunks = chunks::of(x).zip(chunks::of(y)).zip(chunks::of(dy)).zip(chunks::of_mut(dx));
        parallel::for_each(x.data().len(), chunks, |(((x, y), dy), dx)| {
            // (H, W, C), (H', W', C), (H', W', C)
            let examples = x.chunks_exact(x_len).zip(y.chunks_exact(y_len)).zip(dy.chunks_exact(y_len));
            for (((x, y), dy), dx) in examples.zip(dx.chunks_exact_mut(x_len)) {
                norm::input_gradient(isa, tail, constants, lines, Example { width, x, y, dy }, dx); // (H, W, C)
            }
        });
    }

    // ANCHOR: absorb
    fn absorb(&mut self, next: Epilogue) -> bool {
        match (self.tail, next) {
            (Tail::None, Epilogue::Relu) => self.tail = Tail::Relu,
            (Tail::Relu, Epilogue::MaxPool { window: 2 }) => self.tail = Tail::ReluPool,
            _ => return false,
        }
        true
    }
    // ANCHOR_END: absorb

    fn parameters(&self) -> Vec<&Parameter> {
        vec![&self.gamma, &self.beta]
    }

    fn parameters_mut(&mut self) -> ParametersMut<'_> {
        [&mut self.gamma, &mut self.beta].into()
    }

    fn buffers(&self) -> Vec<Buffer<'_>> {
        vec![("running_mean", &self.running.mean), ("running_var", &self.running.var)]
    }

    fn buffers_mut(&mut self) -> Vec<(&'static str, &mut [f32])> {
        vec![("running_mean", &mut self.running.mean), ("running_var", &mut self.running.var)]
    }

    fn take_back_batch(&mut self) {
        self.running.copy(&self.before);
    }

    fn batches_tracked(&self) -> Option<u64> {
        Some(self.running.batches)
    }

    fn set_batches_tracked(&mut self, count: u64) {
        self.running.batches = count;
    }
}
