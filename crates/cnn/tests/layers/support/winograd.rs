//! Winograd's F(4x4, 3x3) in double precision, as Cook and Toom derive it from the points: the oracle of how far the
//! roundings of single precision may reach.

use cnn::kernels::Way;
use cnn::reference::conv2d::Conv2d;
use ndarray::{Array2, Array4, s};

/// Rows and columns of a tile, and of the window below it.
const TILE: usize = 4;
const WINDOW: usize = 6;

/// The finite points of the kernels; the sixth is infinity.
pub(crate) const POINTS: [f64; 5] = [0.0, 5.0 / 8.0, -5.0 / 8.0, 3.0 / 2.0, -3.0 / 2.0];

/// The roundings that a result meets before and after its chain of products, at the most: two sides of the pixels'
/// map (3 each), of the kernel's (4 each, its constants among them), of the results' (5 each), the overlap of four
/// tiles or the bias.
pub(crate) const ROUNDINGS: usize = 2 * (3 + 4 + 5) + 4;

/// The maps of pixels (`B'`), of kernels (`G`) and of results (`A'`).
pub(crate) struct Maps {
    input: Array2<f64>,  // (6, 6)
    kernel: Array2<f64>, // (6, 3)
    output: Array2<f64>, // (4, 6)
}

/// The coefficients of the polynomial with these roots, the constant first.
fn polynomial(roots: impl Iterator<Item = f64>) -> Vec<f64> {
    roots.fold(vec![1.0], |coefficients, root| {
        let mut product = vec![0.0; coefficients.len() + 1];
        for (power, coefficient) in coefficients.into_iter().enumerate() {
            product[power] -= root * coefficient;
            product[power + 1] += coefficient;
        }
        product
    })
}

impl Maps {
    /// From the finite points: evaluate at each, multiply, interpolate.
    pub(crate) fn new(points: [f64; 5]) -> Self {
        let mut maps = Self {
            input: Array2::zeros((WINDOW, WINDOW)),
            kernel: Array2::zeros((WINDOW, 3)),
            output: Array2::zeros((TILE, WINDOW)),
        };
        for (place, point) in points.into_iter().enumerate() {
            let others = || points.into_iter().filter(move |&other| other != point);
            let distances: f64 = others().map(|other| point - other).product();
            for (power, coefficient) in polynomial(others()).into_iter().enumerate() {
                maps.input[[place, power]] = coefficient;
            }
            (0..3).for_each(|power| maps.kernel[[place, power]] = point.powi(power as i32) / distances);
            (0..TILE).for_each(|power| maps.output[[power, place]] = point.powi(power as i32));
        }
        let infinity = WINDOW - 1;
        for (power, coefficient) in polynomial(points.into_iter()).into_iter().enumerate() {
            maps.input[[infinity, power]] = coefficient;
        }
        maps.kernel[[infinity, 2]] = 1.0;
        maps.output[[TILE - 1, infinity]] = 1.0;
        maps
    }

    /// The same maps without signs: they carry the magnitudes of numbers to the magnitudes of all that is added up, and
    /// with these the roundings scale.
    pub(crate) fn without_signs(self) -> Self {
        let Self { input, kernel, output } = self;
        Self { input: input.abs(), kernel: kernel.abs(), output: output.abs() }
    }
}

/// Outputs and gradients of a convolution.
pub(crate) struct Results {
    pub(crate) y: Array4<f64>,
    pub(crate) dx: Array4<f64>,
    pub(crate) dweight: Array4<f64>,
}

/// `map m map'`.
fn both_sides(map: &Array2<f64>, m: &Array2<f64>) -> Array2<f64> {
    map.dot(m).dot(&map.t())
}

/// A convolution and its gradients by these maps, tile after tile.
pub(crate) fn by_tiles(maps: &Maps, layer: &Conv2d, x: &Array4<f64>, dy: &Array4<f64>) -> Results {
    let (n, h, w, inputs) = x.dim();
    let (_, rows, columns, outputs) = dy.dim();
    let (down, right) = (rows.div_ceil(TILE), columns.div_ceil(TILE));
    // With the padding, and zeros where the last tiles reach beyond image and output.
    let mut window = Array4::<f64>::zeros((n, TILE * down + 2, TILE * right + 2, inputs));
    let p = layer.padding;
    window.slice_mut(s![.., p..p + h, p..p + w, ..]).assign(x);
    let mut cotangent = Array4::<f64>::zeros((n, TILE * down, TILE * right, outputs));
    cotangent.slice_mut(s![.., ..rows, ..columns, ..]).assign(dy);
    let (mut y, mut dwindow) = (cotangent.clone(), Array4::zeros(window.dim()));
    let mut dweight = Array4::zeros(layer.weight.dim());
    for (image, tile) in (0..n).flat_map(|image| (0..down * right).map(move |tile| (image, tile))) {
        let (top, left) = (TILE * (tile / right), TILE * (tile % right));
        let pixels = s![image, top..top + WINDOW, left..left + WINDOW, ..];
        let results = s![image, top..top + TILE, left..left + TILE, ..];
        for co in 0..outputs {
            let mut m = Array2::zeros((WINDOW, WINDOW));
            let dy = cotangent.slice(results).slice(s![.., .., co]).to_owned();
            let dm = both_sides(&maps.output.t().to_owned(), &dy);
            for ci in 0..inputs {
                let v = both_sides(&maps.input, &window.slice(pixels).slice(s![.., .., ci]).to_owned());
                let u = both_sides(&maps.kernel, &layer.weight.slice(s![.., .., ci, co]).to_owned());
                m += &(&u * &v);
                let mut dg = dweight.slice_mut(s![.., .., ci, co]);
                dg += &both_sides(&maps.kernel.t().to_owned(), &(&v * &dm));
                let mut dd = dwindow.slice_mut(pixels);
                let mut dd = dd.slice_mut(s![.., .., ci]);
                dd += &both_sides(&maps.input.t().to_owned(), &(&u * &dm));
            }
            let mut y = y.slice_mut(results);
            y.slice_mut(s![.., .., co]).assign(&(both_sides(&maps.output, &m) + layer.bias[co]));
        }
    }
    let dx = dwindow.slice(s![.., p..p + h, p..p + w, ..]).to_owned();
    Results { y: y.slice(s![.., ..rows, ..columns, ..]).to_owned(), dx, dweight }
}

/// The sums of the magnitudes of what a way adds up: of products, or of all that the maps of a tile add.
pub(crate) fn magnitudes_added(way: Way, layer: &Conv2d, x: &Array4<f64>, dy: &Array4<f64>) -> Results {
    if way == Way::Winograd {
        return by_tiles(&Maps::new(POINTS).without_signs(), layer, x, dy);
    }
    let (y, cache) = layer.forward(x);
    let gradients = layer.backward(cache, dy);
    Results { y, dx: gradients.dx, dweight: gradients.dweight }
}
