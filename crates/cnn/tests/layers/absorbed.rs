//! Layers that the one before them computes in its own passes over memory.

use crate::support::layer::{gradient, maps, randomise, run, shapes};
use crate::support::single;
use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode};
use cnn::layers::{Activation, ActivationKind, BatchNorm, MaxPool2d};
use cnn::tensor::Tensor;
use proptest::prelude::*;

/// The bits of a tensor.
fn bits(numbers: &[f32]) -> Vec<u32> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

proptest! {
    #![proptest_config(shapes())]

    #[test]
    fn a_batch_norm_computes_the_layers_that_it_absorbed(input in maps(), seed: u64, train: bool, pools: bool) {
        prop_assume!(input.h.min(input.w) > 1);
        let mode = if train { Mode::Train } else { Mode::Infer };
        let x = single::random(input, seed);
        let norm = || {
            let mut layer = BatchNorm::new(input.c, 0.1, 1e-5);
            randomise(&mut layer, seed);
            layer
        };
        for isa in Isa::available() {
            let (mut one, mut relu, mut pool) = (norm(), Activation(ActivationKind::Relu), MaxPool2d::new(2));
            let mut last: Vec<&mut dyn Layer> = vec![&mut relu];
            if pools {
                last.push(&mut pool);
            }
            for layer in &last {
                prop_assert!(one.absorb(layer.as_epilogue().unwrap()));
            }
            let mut apart = norm();
            let mut layers: Vec<&mut dyn Layer> = vec![&mut apart];
            layers.extend(last);
            let expected = run(isa, &mut layers, &x, |shape| single::random(shape, seed ^ 1), mode);
            let shape = expected.y.shape();
            let dy = single::random(shape, seed ^ 1);

            let mut y = Tensor::new(shape, vec![f32::NAN; shape.len()]);
            let mut fused_dx = Tensor::new(input, vec![f32::NAN; input.len()]);
            one.forward(isa, &x, &mut y, mode);
            one.backward(isa, &x, &y, &dy, Some(&mut fused_dx));
            prop_assert_eq!(bits(y.data()), bits(expected.y.data()));
            if !pools {
                prop_assert_eq!(bits(fused_dx.data()), bits(expected.dx.data()));
            }
            // What the gradients of scale and shift add up: `dy xhat` and `dy`, both within a few standard deviations
            // of 1.
            let terms = input.len() / input.c;
            let size = [terms as f64];
            single::assert_close("dx", &fused_dx.to_f64(), &expected.dx.to_f64(), 16 * terms);
            single::assert_close_to_sums("dgamma", &gradient(&one, 0), &gradient(&apart, 0), &size, 16 * terms);
            single::assert_close_to_sums("dbeta", &gradient(&one, 1), &gradient(&apart, 1), &size, 16 * terms);
        }
    }
}
