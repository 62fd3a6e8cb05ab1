//! The program of the crate's front page: a three-layer network learns what is inside a circle.
//!
//! ```sh
//! cargo run -p mlp-scratch --example inside_or_outside
//! ```

use mlp_scratch::ndarray::Array2;
use mlp_scratch::{
    Error, Examples, Hyperparameters, Loss, Network, Objective, Sizes, Training, train::evaluate,
};

/// `side` x `side` points around the origin, 0.1 apart; class 1 is inside the circle.
fn grid(side: usize) -> Result<Examples, Error> {
    let place = |i: usize| 0.1 * (i as f64 - (side - 1) as f64 / 2.0);
    let points = Array2::from_shape_fn((side * side, 2), |(n, axis)| {
        place(if axis == 0 { n / side } else { n % side })
    }); //                                                                  (N, D)
    let inside = |point: &[f64]| usize::from(point.iter().map(|x| x * x).sum::<f64>() < 0.5);
    let labels = points.rows().into_iter().map(|row| inside(&row.to_vec())).collect(); // (N)
    Examples::new(points, labels, 2)
}

fn main() -> Result<(), Error> {
    let network = Network::init(Sizes { inputs: 2, hidden: 16, outputs: 2 }, 1)?;
    let hyperparameters = Hyperparameters {
        objective: Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.0 },
        learning_rate: 1.0,
        batch_size: 20,
        epochs: 300,
        seed: 1,
    };
    let mut training = Training::new(network, grid(20)?, hyperparameters)?;
    for epoch in training.by_ref() {
        let epoch = epoch?;
        if epoch.number % 100 == 0 {
            println!("epoch {}: {:.4} nats, {} right", epoch.number, epoch.loss, epoch.accuracy);
        }
    }
    let (loss, accuracy) = evaluate(training.network(), &grid(19)?, Loss::SoftmaxCrossEntropy)?;
    println!("between the points: {loss:.4} nats, {accuracy} right");
    assert!(accuracy.rate() >= 0.97);
    Ok(())
}

/// `cargo test` runs these too.
#[cfg(test)]
mod tests {
    /// It asserts the accuracy that it states.
    #[test]
    fn the_stated_accuracy_is_reached() {
        super::main().unwrap();
    }

    #[test]
    fn the_front_page_shows_this_program() {
        let page = include_str!("../src/lib.rs").lines().filter_map(|line| line.strip_prefix("//!"));
        let page: Vec<&str> = page.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        let program: Vec<&str> = include_str!("inside_or_outside.rs").lines().collect();
        let (first, last) = ("use mlp_scratch", "/// `cargo test`");
        let begin = program.iter().position(|line| line.starts_with(first)).unwrap();
        let end = program.iter().position(|line| line.starts_with(last)).unwrap() - 1;
        assert!(page.windows(end - begin).any(|lines| lines == &program[begin..end]));
        assert!(!page.windows(end - begin).any(|lines| lines == &program[begin + 1..end + 1]));
    }
}
