//! How long a training step of the P1.2 network takes, and each of its convolutions.
//!
//! `cargo bench -p cnn` runs for about a minute. Beside criterion's report it prints the time of an epoch that follows from
//! the step: 60,000 pictures in batches of 64 are 938 steps.

use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode};
use cnn::layers::Conv2d;
use cnn::models::mnist_network;
use cnn::network::Pass;
use cnn::optimiser::{Optimiser, Rule};
use cnn::tensor::{Shape, Tensor};
use cnn::train;
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use numerics::random::{Purpose, Stream};
use std::time::{Duration, Instant};

/// Pictures in a batch.
const BATCH: usize = 64;

/// Batches in an epoch, the last one smaller.
const STEPS: usize = 60_000_usize.div_ceil(BATCH);

fn noise(shape: Shape) -> Tensor {
    let mut stream = Stream::new(1, Purpose::Check);
    Tensor::new(shape, (0..shape.len()).map(|_| stream.normal() as f32).collect())
}

/// One thread, and all that the machine has.
fn thread_counts() -> Vec<usize> {
    let mut counts = vec![1, std::thread::available_parallelism().map_or(1, usize::from)];
    counts.dedup();
    counts
}

fn training_step(c: &mut Criterion) {
    let shape = Shape::maps(BATCH, 28, 28, 1);
    let (x, mut stream) = (noise(shape), Stream::new(2, Purpose::Check));
    let labels: Vec<usize> = (0..BATCH).map(|_| stream.below(10) as usize).collect();
    let mut group = c.benchmark_group(format!("training step, batch {BATCH}, {}", Isa::detect()));
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(8));
    for threads in thread_counts() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
        let (mut network, mut pass) = (mnist_network(1), Pass::default());
        let mut optimiser = Optimiser::new(Rule::Sgd { momentum: 0.9, weight_decay: 5e-4, nesterov: true });
        let mut step = || {
            let input = pass.input();
            input.reshape_for_writing(shape);
            input.data_mut().copy_from_slice(x.data());
            train::step(Isa::detect(), &mut network, &mut optimiser, 0.01, &mut pass, &labels)
                .expect("a small rate does not diverge")
        };
        let mut seconds = Vec::new();
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter_custom(|steps| {
                let elapsed = pool.install(|| {
                    let start = Instant::now();
                    for _ in 0..steps {
                        std::hint::black_box(step());
                    }
                    start.elapsed()
                });
                seconds.push(elapsed.as_secs_f64() / steps as f64);
                elapsed
            });
        });
        print_epoch(threads, seconds);
    }
    group.finish();
}

/// The epoch that follows from the median step; nothing when the filter on the command line left the benchmark out.
fn print_epoch(threads: usize, mut seconds: Vec<f64>) {
    seconds.sort_by(f64::total_cmp);
    if let Some(median) = seconds.get(seconds.len() / 2) {
        let epoch = median * STEPS as f64;
        println!(
            "epoch of {STEPS} steps on {threads} threads: {epoch:.1} s ({:.1} ms a step)\n",
            1e3 * median
        );
    }
}

/// The five convolutions of the P1.2 network: name, side of the picture, input and output channels, padding.
const CONVOLUTIONS: [(&str, usize, usize, usize, usize); 5] = [
    ("layer1.0", 28, 1, 16, 0),
    ("layer2.0", 26, 16, 16, 0),
    ("layer3.0", 12, 16, 64, 0),
    ("layer4.0", 10, 64, 64, 0),
    ("layer5.0", 8, 64, 64, 1),
];

/// On one thread; an element is a multiply-add. Backward makes twice as many, but for the first layer, whose input has no
/// gradient.
fn convolutions(c: &mut Criterion) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread pool");
    let mut group = c.benchmark_group(format!("convolution, batch {BATCH}, {}, 1 thread", Isa::detect()));
    group.sample_size(15).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    for (i, (name, side, inputs, outputs, padding)) in CONVOLUTIONS.into_iter().enumerate() {
        let mut layer = Conv2d::new(inputs, outputs, 3, padding, &mut Stream::new(1, Purpose::Init));
        let x = noise(Shape::maps(BATCH, side, side, inputs));
        let mut y = Tensor::zeros(layer.output_shape(x.shape()).expect("the layer takes its input"));
        let (dy, mut dx) = (noise(y.shape()), Tensor::zeros(x.shape()));
        let multiply_adds = (BATCH * layer.multiply_adds(x.shape())) as u64;

        group.throughput(Throughput::Elements(multiply_adds));
        group.bench_function(format!("{name} forward"), |bencher| {
            pool.install(|| bencher.iter(|| layer.forward(Isa::detect(), &x, &mut y, Mode::Train)));
        });

        let of_input = i > 0;
        group.throughput(Throughput::Elements(multiply_adds * (1 + u64::from(of_input))));
        layer.forward(Isa::detect(), &x, &mut y, Mode::Train);
        group.bench_function(format!("{name} backward"), |bencher| {
            pool.install(|| {
                bencher.iter(|| layer.backward(Isa::detect(), &x, &y, &dy, of_input.then_some(&mut dx)));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, training_step, convolutions);
criterion_main!(benches);
