//! The program of the crate's front page: a small network learns to tell bars across from upright ones.
//!
//! ```sh
//! cargo run -p cnn --example bars
//! ```

use cnn::{
    Activation, ActivationKind, BatchNorm, Conv2d, Examples, ExamplesError, Flatten, Hyperparameters, Linear,
    MaxPool2d, Network, Purpose, Schedule, Shape, Stream, Trainer,
};

/// Images of 8 x 8 pixels with a bar across (class 0) or upright (class 1).
fn bars(count: usize, seed: u64) -> Result<Examples, ExamplesError> {
    let mut stream = Stream::new(seed, Purpose::Check);
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (class, bar) = (stream.below(2), stream.below(8));
        for (row, column) in (0..64).map(|i| (i / 8, i % 8)) {
            let lit = bar == if class == 0 { row } else { column };
            pixels.push(f32::from(u8::from(lit)) + 0.4 * stream.normal() as f32);
        }
        labels.push(class as usize); // from 0
    }
    Examples::new(Shape::maps(count, 8, 8, 1), pixels, labels, 2) // (N, H, W, C) = (count, 8, 8, 1)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut init = Stream::new(1, Purpose::Init);
    let network = Network::default() //                           (N, 8, 8, 1)
        .with("conv", Conv2d::new(1, 8, 3, 1, &mut init)) //      (N, 8, 8, 8)
        .with("norm", BatchNorm::new(8, 0.1, 1e-5)) //            (N, 8, 8, 8)
        .with("relu", Activation(ActivationKind::Relu)) //        (N, 8, 8, 8)
        .with("pool", MaxPool2d::new(8)) //                       (N, 1, 1, 8)
        .with("flatten", Flatten) //                              (N, 8)
        .with("fc", Linear::new(8, 2, &mut init)); //             (N, 2)
    println!("{}", network.table(Shape::maps(1, 8, 8, 1))?);

    let hyperparameters = Hyperparameters {
        rates: Schedule::Constant { rate: 0.01 },
        batch_size: 20,
        ..Hyperparameters::default() // Adam, cross-entropy
    };
    let mut trainer = Trainer::new(network, bars(400, 1)?, hyperparameters);
    for epoch in trainer.epochs(10) {
        let epoch = epoch?;
        println!("epoch {:2}: {:.4} nats", epoch.number, epoch.score.loss_mean_nats());
    }

    let test = trainer.evaluate(&mut bars(1000, 2)?)?;
    println!("{} of {} new images are right", test.correct, test.total);
    assert!(test.accuracy() >= 0.99);
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
        let program: Vec<&str> = include_str!("bars.rs").lines().collect();
        let (first, last) = ("use cnn", "/// `cargo test`");
        let begin = program.iter().position(|line| line.starts_with(first)).unwrap();
        let end = program.iter().position(|line| line.starts_with(last)).unwrap() - 1;
        assert!(page.windows(end - begin).any(|lines| lines == &program[begin..end]));
        assert!(!page.windows(end - begin).any(|lines| lines == &program[begin + 1..end + 1]));
    }
}
