//! What one filter of the first convolution makes of one image, number by number.

use cnn::network::Network;
use data::images::Images;

/// Rows and columns of an image, of the window, and of the map.
pub(crate) const SIDE: usize = 28;
pub(crate) const WINDOW: usize = 3;
pub(crate) const MAP: usize = SIDE - WINDOW + 1;

/// A filter over an image.
pub(crate) struct Convolved {
    /// The filter's weights, row by row.
    pub(crate) weights: [f64; WINDOW * WINDOW],
    pub(crate) bias: f64,
    /// What the network sees of each pixel.
    pub(crate) pixels: Vec<f64>,
    /// The map, row by row: at each place bias plus the nine products, in the order of the window.
    pub(crate) map: Vec<f64>,
}

impl Convolved {
    /// The first filter of the network over an image. `None` when there is no convolution or no such image.
    pub(crate) fn of(network: &Network, images: &Images, image: usize) -> Option<Self> {
        let (_, first) = network.layers().next()?;
        let [weight, bias] = first.parameters()[..] else { return None };
        // (KH, KW, CI, CO) with one input channel: the channel of the output goes fastest.
        let channels = *weight.shape.last()?;
        let weights = std::array::from_fn(|cell| f64::from(weight.value[cell * channels]));
        let bias = f64::from(*bias.value.first()?);
        if image >= images.len() {
            return None;
        }
        let seen = |&pixel: &u8| f64::from(images.normalisation.of_byte(pixel));
        let pixels: Vec<f64> = images.image(image).iter().map(seen).collect();
        let mut of = Self { weights, bias, pixels, map: Vec::new() };
        let places = (0..MAP * MAP).map(|place| (place / MAP, place % MAP));
        of.map = places
            .map(|place| of.products(place).iter().fold(of.bias, |sum, product| sum + product))
            .collect();
        Some(of)
    }

    /// The nine numbers below the window at a row and a column of the map.
    pub(crate) fn window(&self, (row, column): (usize, usize)) -> [f64; WINDOW * WINDOW] {
        std::array::from_fn(|cell| self.pixels[(row + cell / WINDOW) * SIDE + column + cell % WINDOW])
    }

    /// The nine products there.
    pub(crate) fn products(&self, place: (usize, usize)) -> [f64; WINDOW * WINDOW] {
        let window = self.window(place);
        std::array::from_fn(|cell| window[cell] * self.weights[cell])
    }

    /// The row and the column at which the map is largest, the first of equals.
    pub(crate) fn strongest(&self) -> (usize, usize) {
        let mut best = 0;
        for (place, value) in self.map.iter().enumerate() {
            if *value > self.map[best] {
                best = place;
            }
        }
        (best / MAP, best % MAP)
    }
}

/// The side of the square of pixels on which one number depends, behind each layer that has a window: name of the
/// layer, side, rows, columns and channels of its map. **A pooling's stride is its window.**
pub(crate) fn receptive_fields(network: &Network) -> Vec<(String, usize, [usize; 3])> {
    let Ok(table) = network.table(cnn::Shape::maps(1, SIDE, SIDE, 1)) else { return Vec::new() };
    let windows: std::collections::BTreeMap<&str, usize> = network
        .layers()
        .filter_map(|(name, layer)| Some((name, *layer.parameters().first()?.shape.first()?)))
        .collect();
    let (mut side, mut apart, mut rows) = (1, 1, SIDE);
    let mut fields = Vec::new();
    for row in table {
        let shape = [row.output.h, row.output.w, row.output.c];
        let (window, stride) = match row.kind {
            "Conv2d" => (windows.get(&*row.name).copied().unwrap_or(1), 1),
            "MaxPool2d" => (rows / shape[0].max(1), rows / shape[0].max(1)),
            _ => continue,
        };
        side += (window - 1) * apart;
        apart *= stride;
        rows = shape[0];
        fields.push((row.name, side, shape));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use cnn::models::mnist_network;
    use cnn::{Isa, Mode};

    /// One image with a gradient in it.
    fn images() -> Images {
        let normalisation = data::images::MNIST.normalisation;
        let pixels = (0..SIDE * SIDE).map(|i| (i * i % 251) as u8).collect();
        Images { pixels, labels: vec![0], normalisation }
    }

    #[test]
    fn the_map_is_that_of_the_network() {
        let (mut network, images) = (mnist_network(3), images());
        let found = Convolved::of(&network, &images, 0).unwrap();
        let mut pass = cnn::network::Pass::default();
        let seen: Vec<f32> =
            images.image(0).iter().map(|&pixel| images.normalisation.of_byte(pixel)).collect();
        pass.write(cnn::Shape::maps(1, SIDE, SIDE, 1)).copy_from_slice(&seen);
        network.forward(Isa::detect(), &mut pass, Mode::Train).unwrap();
        let map = &pass.activations()[1];
        for (place, expected) in found.map.iter().enumerate() {
            assert!((f64::from(map.data()[place * 16]) - expected).abs() < 1e-4, "{place}");
        }
        assert!(Convolved::of(&network, &images, 1).is_none());
    }

    #[test]
    fn a_number_behind_the_last_pooling_sees_twenty_pixels_on_a_side() {
        let sides: Vec<usize> =
            receptive_fields(&mnist_network(1)).into_iter().map(|(_, side, _)| side).collect();
        assert_eq!(sides, [3, 5, 6, 10, 14, 18, 20]);
    }

    #[test]
    fn the_window_is_the_pixels_below_it() {
        let found = Convolved::of(&mnist_network(3), &images(), 0).unwrap();
        let (row, column) = found.strongest();
        let window = found.window((row, column));
        assert_eq!(window[0], found.pixels[row * SIDE + column]);
        assert_eq!(window[8], found.pixels[(row + 2) * SIDE + column + 2]);
        assert!(found.map.iter().all(|value| *value <= found.map[row * MAP + column]));
    }
}
