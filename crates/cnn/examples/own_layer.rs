//! A layer of one's own: `y = a + b x + c x²` in every channel, with three parameters, learns what is inside a circle.
//!
//! ```sh
//! cargo run -p cnn --example own_layer
//! ```
//!
//! Shapes: `N` points, `C` channels.

use cnn::{
    Examples, ExamplesError, Hyperparameters, Isa, Layer, Linear, Mode, Network, Parameter, ParametersMut,
    Purpose, Schedule, Shape, ShapeError, Stream, Tensor, Trainer,
};

/// The layer. Shapes: input and output `(N, C)`, parameters `(C)`.
#[derive(Clone, Debug)]
struct Quadratic {
    a: Parameter, // (C)
    b: Parameter, // (C)
    c: Parameter, // (C)
}

impl Quadratic {
    /// A layer that passes its input on, with a little curvature.
    fn new(channels: usize) -> Self {
        let parameter = |name, value| Parameter::new(name, &[channels], vec![value; channels]);
        Self { a: parameter("a", 0.0), b: parameter("b", 1.0), c: parameter("c", 0.1) }
    }

    fn channels(&self) -> usize {
        self.a.value.len()
    }
}

impl Layer for Quadratic {
    fn kind(&self) -> &'static str {
        "Quadratic"
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if (input.h, input.w, input.c) != (1, 1, self.channels()) {
            let reason = format!("it takes vectors of {}", self.channels());
            return Err(ShapeError { layer: self.kind(), input, reason });
        }
        Ok(input)
    }

    fn forward(&mut self, _: Isa, x: &Tensor, y: &mut Tensor, _: Mode) {
        let channels = self.channels();
        for (i, (y, x)) in y.data_mut().iter_mut().zip(x.data()).enumerate() {
            let k = i % channels;
            *y = self.a.value[k] + x * (self.b.value[k] + x * self.c.value[k]); // one of (N, C)
        }
    }

    /// `da = Σ dy`, `db = Σ dy x`, `dc = Σ dy x²` over the examples, in their order; `dx = dy (b + 2 c x)`.
    fn backward(&mut self, _: Isa, x: &Tensor, _: &Tensor, dy: &Tensor, mut dx: Option<&mut Tensor>) {
        let channels = self.channels();
        self.parameters_mut().into_iter().for_each(|parameter| parameter.gradient.fill(0.0));
        for (i, (&x, &dy)) in x.data().iter().zip(dy.data()).enumerate() {
            let k = i % channels;
            self.a.gradient[k] += dy; //         one of (C)
            self.b.gradient[k] += dy * x; //     one of (C)
            self.c.gradient[k] += dy * x * x; // one of (C)
            if let Some(dx) = &mut dx {
                dx.data_mut()[i] = dy * (self.b.value[k] + 2.0 * self.c.value[k] * x); // one of (N, C)
            }
        }
    }

    fn parameters(&self) -> Vec<&Parameter> {
        vec![&self.a, &self.b, &self.c]
    }

    fn parameters_mut(&mut self) -> ParametersMut<'_> {
        ParametersMut::from_iter([&mut self.a, &mut self.b, &mut self.c])
    }
}

/// Points of a square with sides of 2 around the origin; class 1 is inside a circle of half its area.
fn points(count: usize, seed: u64) -> Result<Examples, ExamplesError> {
    let mut stream = Stream::new(seed, Purpose::Check);
    let points: Vec<[f64; 2]> =
        (0..count).map(|_| [stream.uniform(-1.0, 1.0), stream.uniform(-1.0, 1.0)]).collect();
    let inside = |[x, y]: &[f64; 2]| usize::from(x * x + y * y < 2.0 / std::f64::consts::PI);
    let labels = points.iter().map(inside).collect(); //                      (N)
    let inputs = points.iter().flatten().map(|&x| x as f32).collect();
    Examples::new(Shape::vectors(count, 2), inputs, labels, 2) //             (N, 2)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut init = Stream::new(1, Purpose::Init);
    let network = Network::default() //                                       (N, 2)
        .with("quadratic", Quadratic::new(2)) //                              (N, 2)
        .with("fc", Linear::new(2, 2, &mut init)); //                         (N, 2)
    let hyperparameters =
        Hyperparameters { rates: Schedule::Constant { rate: 0.03 }, ..Hyperparameters::default() };
    let mut trainer = Trainer::new(network, points(500, 1)?, hyperparameters);
    for epoch in trainer.epochs(40) {
        let epoch = epoch?;
        if epoch.number % 10 == 0 {
            println!("epoch {}: {:.4} nats", epoch.number, epoch.score.loss_mean_nats());
        }
    }
    let test = trainer.evaluate(&mut points(1000, 2)?)?;
    println!("{} of {} new points are right", test.correct, test.total);
    assert!(test.accuracy() >= 0.97);
    Ok(())
}

/// `cargo test` runs these too.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_learns_what_is_inside() {
        main().unwrap();
    }

    /// `Σ dy y` along a random direction, by differences of twice the step: exact for a quadratic but for rounding.
    #[test]
    fn the_gradients_are_central_differences() {
        const STEP: f32 = 0.5;
        let shape = Shape::vectors(5, 2);
        let mut stream = Stream::new(3, Purpose::Check);
        let mut random = || Tensor::new(shape, (0..10).map(|_| stream.normal() as f32).collect()); // (N, C)
        let (x, dy) = (random(), random());
        let mut layer = Quadratic::new(2);
        let objective = |layer: &mut Quadratic, x: &Tensor| {
            let mut y = Tensor::zeros(shape);
            layer.forward(Isa::Scalar, x, &mut y, Mode::Train);
            y.data().iter().zip(dy.data()).map(|(&y, &dy)| f64::from(y) * f64::from(dy)).sum::<f64>()
        };
        let (mut y, mut dx) = (Tensor::zeros(shape), Tensor::zeros(shape));
        layer.forward(Isa::Scalar, &x, &mut y, Mode::Train);
        layer.backward(Isa::Scalar, &x, &y, &dy, Some(&mut dx));
        let close = |difference: f64, gradient: f32| (difference - f64::from(gradient)).abs() < 1e-5;
        for (p, k) in (0..3).flat_map(|p| [(p, 0), (p, 1)]) {
            let moved = |by: f32| {
                let mut layer = layer.clone();
                layer.parameters_mut()[p].value[k] += by;
                objective(&mut layer, &x)
            };
            let difference = (moved(STEP) - moved(-STEP)) / f64::from(2.0 * STEP);
            let gradient = layer.parameters()[p].gradient[k];
            assert!(
                close(difference, gradient),
                "parameter {p}, channel {k}: {difference} against {gradient}"
            );
            assert!(!close(difference, 1.001 * gradient), "a gradient off by one per mille is let through");
        }
        for i in 0..10 {
            let mut moved = |by: f32| {
                let mut x = x.clone();
                x.data_mut()[i] += by;
                objective(&mut layer, &x)
            };
            let difference = (moved(STEP) - moved(-STEP)) / f64::from(2.0 * STEP);
            assert!(close(difference, dx.data()[i]), "input {i}: {difference} against {}", dx.data()[i]);
        }
    }
}
