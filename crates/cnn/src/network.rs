//! A network: layers one after the other, and a pass through them.
//!
//! Shapes: a batch of maps is `(N, H, W, C)`, of vectors `(N, D)`, of logits `(N, C)`.

use crate::lanes::interleaved;
use crate::layer::{Layer, Mode, Parameter, ShapeError};
use crate::tensor::{Shape, Tensor};
use kernels::Isa;
use sha2::{Digest, Sha256};

mod pass;
mod table;
pub use pass::{BackwardError, Pass};
pub use table::{Row, Table};

/// Named layers in order. The names are for tables, errors and files of weights, in PyTorch's manner: `layer1.0`.
#[derive(Clone, Debug, Default)]
pub struct Network {
    stages: Vec<Stage>,
    /// How many stages the last forward pass in [`Mode::Train`] has computed.
    learned_from: usize,
}

type Named = (String, Box<dyn Layer>);

/// A layer, and those that it computes in its own passes.
#[derive(Clone, Debug)]
struct Stage {
    layer: Named,
    absorbed: Vec<Named>,
}

impl Stage {
    /// The shape that leaves the stage.
    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        let shape = output_of(&*self.layer.1, input);
        self.absorbed.iter().try_fold(shape?, |shape, (_, layer)| output_of(&**layer, shape))
    }
}

/// The shape of a layer's output, which holds numbers.
fn output_of(layer: &dyn Layer, input: Shape) -> Result<Shape, ShapeError> {
    let output = layer.output_shape(input)?;
    if output.example_len() == 0 {
        let reason = format!("its output {output} holds no number: give it at least one output");
        return Err(ShapeError { layer: layer.kind(), input, reason });
    }
    Ok(output)
}

impl Network {
    /// Appends a layer. The one before it may compute it in its own passes over memory, with the same bits: batch-norm
    /// takes over a ReLU, and a pooling behind that.
    #[must_use]
    pub fn with(mut self, name: &str, layer: impl Layer + 'static) -> Self {
        let (epilogue, named): (_, Named) = (layer.as_epilogue(), (name.to_owned(), Box::new(layer)));
        if let (Some(stage), Some(epilogue)) = (self.stages.last_mut(), epilogue)
            && stage.layer.1.absorb(epilogue)
        {
            stage.absorbed.push(named);
        } else {
            self.stages.push(Stage { layer: named, absorbed: Vec::new() });
        }
        self
    }

    /// The network that computes `networks` side by side, all of this one's layers: see
    /// [`LaneTrainer`](crate::LaneTrainer). `Err` with the kind of a layer that cannot be computed so.
    pub(crate) fn side_by_side(&self, networks: &[&Self]) -> Result<Self, &'static str> {
        let mut joined = Self::default();
        for (at, (name, layer)) in self.described().enumerate() {
            let parts: Vec<Vec<&Parameter>> = networks
                .iter()
                .filter_map(|network| Some(network.described().nth(at)?.1.parameters()))
                .collect();
            let parameters = interleaved(&parts);
            let layer = layer.side_by_side(networks.len(), parameters).ok_or(layer.kind())?;
            joined.stages.push(Stage { layer: (name.clone(), layer), absorbed: Vec::new() });
        }
        Ok(joined)
    }

    /// All layers, absorbed or not.
    fn described(&self) -> impl Iterator<Item = &Named> {
        self.stages.iter().flat_map(|stage| std::iter::once(&stage.layer).chain(&stage.absorbed))
    }

    /// The shape table for one example of the shape of `input`.
    ///
    /// ```
    /// use cnn::models::{Hidden, iris_network};
    /// use cnn::tensor::Shape;
    /// let table = iris_network(4, 40, 3, Hidden::Tanh, 1).table(Shape::vectors(1, 4))?;
    /// assert_eq!(table.parameters(), (4 + 1) * 40 + (40 + 1) * 3);
    /// assert_eq!(table.multiply_adds(), 4 * 40 + 40 * 3);
    /// # Ok::<(), cnn::layer::ShapeError>(())
    /// ```
    ///
    /// # Errors
    /// When a layer cannot take what the one before it gives.
    pub fn table(&self, input: Shape) -> Result<Table, ShapeError> {
        let mut shape = input.with_examples(1);
        let row = |(name, layer): &Named| {
            let output = output_of(&**layer, shape)?;
            let multiply_adds = layer.multiply_adds(shape);
            shape = output;
            let parameters = layer.parameters().iter().map(|p| p.value.len()).sum();
            Ok(Row { name: name.clone(), kind: layer.kind(), output: shape, parameters, multiply_adds })
        };
        Ok(Table { rows: self.described().map(row).collect::<Result<_, _>>()? })
    }

    /// All parameters with their full names, such as `layer1.0.weight`.
    pub fn parameters(&self) -> impl Iterator<Item = (String, &Parameter)> {
        self.stages.iter().flat_map(|Stage { layer: (name, layer), .. }| {
            layer.parameters().into_iter().map(move |p| (format!("{name}.{}", p.name), p))
        })
    }

    /// All parameters, to be changed by an optimiser.
    pub fn parameters_mut(&mut self) -> impl Iterator<Item = &mut Parameter> {
        self.stages.iter_mut().flat_map(|stage| stage.layer.1.parameters_mut())
    }

    /// The layers that compute, with their names; those that another has taken over are not among them.
    pub fn layers(&self) -> impl Iterator<Item = (&str, &dyn Layer)> {
        self.stages.iter().map(|Stage { layer: (name, layer), .. }| (name.as_str(), &**layer))
    }

    /// All layers in order with their names: those that another has taken over are among them.
    pub fn every_layer(&self) -> impl Iterator<Item = (&str, &dyn Layer)> {
        self.described().map(|(name, layer)| (name.as_str(), &**layer))
    }

    /// The layers that compute each of the activations, in order with their names.
    pub(crate) fn stages(&self) -> impl Iterator<Item = Vec<(&str, &dyn Layer)>> {
        self.stages.iter().map(|Stage { layer, absorbed }| {
            std::iter::once(layer).chain(absorbed).map(|(name, layer)| (name.as_str(), &**layer)).collect()
        })
    }

    /// The kind of each of [`layers`](Self::layers) together with the kinds of those that it has taken over: these
    /// compute its output, for example `BatchNorm + ReLU`.
    pub fn kinds(&self) -> impl Iterator<Item = String> {
        self.stages.iter().map(|Stage { layer, absorbed }| {
            let kinds = std::iter::once(layer).chain(absorbed).map(|(_, layer)| layer.kind());
            kinds.collect::<Vec<_>>().join(" + ")
        })
    }

    /// The layers, to be changed.
    pub fn layers_mut(&mut self) -> impl Iterator<Item = &mut dyn Layer> {
        self.stages.iter_mut().map(|stage| &mut *stage.layer.1 as &mut dyn Layer)
    }

    /// How many numbers are learned.
    pub fn parameter_count(&self) -> usize {
        self.parameters().map(|(_, parameter)| parameter.value.len()).sum()
    }

    /// The SHA-256 of everything that was learned: for each layer its parameters and running statistics, in order,
    /// each as name, count and little-endian numbers in our layout.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |layer: &str, name: &str, values: &[f32]| {
            hash.update(format!("{layer}.{name}:{}\n", values.len()));
            values.iter().for_each(|value| hash.update(value.to_le_bytes()));
        };
        for (layer_name, layer) in self.layers() {
            layer.parameters().iter().for_each(|p| add(layer_name, p.name, &p.value));
            layer.buffers().iter().for_each(|(name, values)| add(layer_name, name, values));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Computes the logits of the batch in [`Pass::input`].
    ///
    /// # Errors
    /// When a layer cannot take its input. Layers before it have computed; in [`Mode::Train`] their running statistics
    /// have followed the batch.
    pub fn forward<'a>(
        &mut self,
        isa: Isa,
        pass: &'a mut Pass,
        mode: Mode,
    ) -> Result<&'a Tensor, ShapeError> {
        self.learned_from = 0;
        pass.activations.resize_with(self.stages.len() + 1, Tensor::default);
        let input = pass.activations[0].shape();
        if input.example_len() == 0 {
            return Err(ShapeError {
                layer: "Network",
                input,
                reason: "an example has no number".to_owned(),
            });
        }
        for (i, stage) in self.stages.iter_mut().enumerate() {
            let (before, after) = pass.activations.split_at_mut(i + 1);
            let (x, y) = (&before[i], &mut after[0]);
            y.reshape_for_writing(stage.output_shape(x.shape())?);
            stage.layer.1.fits(x.shape(), mode)?;
            stage.layer.1.forward(isa, x, y, mode);
            self.learned_from = if mode == Mode::Train { i + 1 } else { 0 };
        }
        pass.forward_done = true;
        Ok(&pass.activations[self.stages.len()])
    }

    /// Takes back what the last forward pass moved of the running statistics, also one that a layer refused.
    pub(crate) fn take_back_batch(&mut self) {
        self.stages[..self.learned_from].iter_mut().for_each(|stage| stage.layer.1.take_back_batch());
        self.learned_from = 0;
    }

    /// From the loss's gradient by the logits (see [`Pass::logits_and_gradient`]) computes the gradients of all
    /// parameters; the gradient by the network's input is not computed.
    ///
    /// # Errors
    /// [`BackwardError`]: no forward pass came before, its results were used already, or the gradient has another shape
    /// than the logits. Nothing is changed then.
    pub fn try_backward(&mut self, isa: Isa, pass: &mut Pass) -> Result<(), BackwardError> {
        pass.check_backward(self.stages.len())?;
        pass.forward_done = false;
        // SOLUTION: P1.1 the layers backward, last one first
        for (i, Stage { layer: (_, layer), .. }) in self.stages.iter_mut().enumerate().rev() {
            let (x, y) = (&pass.activations[i], &pass.activations[i + 1]);
            let (dy, dx) = (&pass.dy, &mut pass.dx);
            if i == 0 {
                layer.backward(isa, x, y, dy, None);
            } else {
                dx.reshape_for_writing(x.shape());
                layer.backward(isa, x, y, dy, Some(dx));
            }
            std::mem::swap(&mut pass.dy, &mut pass.dx);
        }
        Ok(())
        // SOLUTION_END: P1.1
    }

    /// [`try_backward`](Self::try_backward) after a forward pass that is known to be there.
    ///
    /// # Panics
    /// When it is not.
    pub fn backward(&mut self, isa: Isa, pass: &mut Pass) {
        self.try_backward(isa, pass).unwrap_or_else(|error| panic!("{error}"));
    }
}
