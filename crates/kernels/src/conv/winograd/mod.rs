//! Winograd's convolution F(4x4, 3x3): 36 products for sixteen outputs instead of 144.
//!
//! The output is cut into tiles of 4 x 4 pixels. With the 6 x 6 input pixels `d` below a tile and a 3 x 3 kernel `g`,
//!
//! ```text
//! y = A' [(G g G') * (B' d B)] A          ' transposes, * multiplies element by element
//! ```
//!
//! The matrices evaluate polynomials at the points 0, p, -p, q, -q and infinity, with `p = 5/8` and `q = 3/2`, and
//! interpolate their product from there:
//!
//! ```text
//!      p²q²   0   -(p²+q²)    0      1  0          1/(p²q²)  0   0
//!       0   -pq²    -q²       p      1  0            k       kp  kp²         1  1   1   1   1  0
//! B' =  0    pq²    -q²      -p      1  0      G =   k      -kp  kp²    A' = 0  p  -p   q  -q  0
//!       0   -p²q    -p²       q      1  0            l       lq  lq²         0  p²  p²  q²  q² 0
//!       0    p²q    -p²      -q      1  0            l      -lq  lq²         0  p³ -p³  q³ -q³ 1
//!       0    p²q²     0    -(p²+q²)  0  1            0       0   1
//!
//! k = 1 / (2p² (p² - q²)),   l = 1 / (2q² (q² - p²))
//! ```
//!
//! so that for each of the 36 places the sum over the input channels is a matrix product `M = V U`. Backward is the
//! chain rule through the same formula: `dM = A dy A'`, `dU = V' dM`, `dV = dM U'`, `dg = G' dU G`, `dd = B dV B'`.
//!
//! Shapes: `V` is `(36, T, CI)`, `U` `(36, CI, CO)`, `M` `(36, T, CO)` with the `T` tiles of a group of images.
//!
//! **The order of every sum is fixed**: within a transform as it is written here, in a product one chain over the
//! channels or, for `dU`, over the tiles of a chunk; patches of `dd` that overlap are added tile after tile; the bias's
//! gradient is one chain over the pixels of a chunk.
//!
//! Sources: A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", 2016, section 4; on the choice
//! of points B. Barabasz, A. Anderson, K. Soodhalter and D. Gregg, "Error analysis and improving the accuracy of
//! Winograd convolution for deep neural networks", ACM Transactions on Mathematical Software 46 (4), 2020. **Both use
//! other points**; these were chosen for small errors with maps whose numbers are exact in single precision.

use super::{Cotangents, Geometry, Gradients};
use crate::MultiplyAddsMade;
use crate::isa::Isa;
use crate::matmul::Product;
use crate::panels;
use crate::parallel;
use crate::rows::AddRows;
use crate::simd::{Kernel, Simd, dispatch};
use crate::tile::Start;
use crate::transpose::transpose;
use crate::workspace::{self, Workspace, take};
use passes::{GatherKernel, ScatterInput, SpreadOutput, TransformInput, TransformKernel, TransformOutput};
use tiling::{PLACES, Tiling};

mod passes;
mod tiling;
mod transform;

/// `U = G g G'` of every kernel, `(36, CI, CO)`, from `(3, 3, CI, CO)`.
pub(super) fn transform_kernel(isa: Isa, g: &Geometry, kernel: &[f32], u: &mut Vec<f32>) {
    let plane = g.inputs * g.outputs;
    u.resize(PLACES * apart(plane), 0.0);
    transform_shared(isa, kernel, plane, u);
}

/// `U'` of every place, `(36, CO, CI)`, from the kernel: its 9 places are fewer to transpose than those of `U`.
pub(super) fn transform_transposed(isa: Isa, g: &Geometry, kernel: &[f32], transposed: &mut Vec<f32>) {
    let plane = g.inputs * g.outputs;
    let places = PLACES * apart(plane);
    transposed.resize(places + kernel.len(), 0.0);
    let (u, turned) = transposed.split_at_mut(places);
    let taps = turned.chunks_exact_mut(plane).zip(kernel.chunks_exact(plane));
    parallel::for_each(kernel.len(), taps, |(to, from)| transpose(from, g.outputs, to));
    transform_shared(isa, turned, plane, u);
}

/// Pairs of channels whose kernels a thread transforms at a time.
const PAIRS: usize = 512;

/// The transforms of the kernels of `plane` pairs of channels, on all threads.
fn transform_shared(isa: Isa, kernel: &[f32], plane: usize, u: &mut [f32]) {
    let mut places = u.chunks_exact_mut(apart(plane)).map(|place| place[..plane].chunks_mut(PAIRS));
    let mut places: [_; PLACES] = std::array::from_fn(|_| places.next().expect("a matrix for each place"));
    let pieces = (0..plane).step_by(PAIRS).map(|first| {
        let u = places.each_mut().map(|place| place.next().expect("as many pairs in each place"));
        TransformKernel { kernel, plane, first, u }
    });
    parallel::for_each(PLACES * plane, pieces, |piece| dispatch(isa, piece));
}

/// The convolutions of a chunk; `u` from [`transform_kernel`].
pub(super) fn forward(isa: Isa, g: &Geometry, u: &[f32], bias: &[f32], x: &[f32], y: &mut [f32]) {
    workspace::with(|workspace| dispatch(isa, Forward { g, u, bias, x, y, workspace }));
}

/// The gradients of a chunk; `transposed` from [`transform_transposed`], not read when the input's gradient is not
/// asked for.
pub(super) fn backward(isa: Isa, g: &Geometry, transposed: &[f32], chunk: Cotangents, to: Gradients) {
    workspace::with(|workspace| dispatch(isa, Backward { g, transposed, chunk, to, workspace }));
}

/// Those of the products for an image: each place of each tile is one between all pairs of channels. **A tile at the
/// edge is computed whole.**
pub(super) fn multiply_adds_made(g: &Geometry) -> MultiplyAddsMade {
    let made = Tiling::new(g).tiles() * PLACES * g.inputs * g.outputs;
    MultiplyAddsMade { forward: made, by_input: made, by_parameters: made }
}

/// From the matrix of one place to the next, with matrices of `len` numbers: a cache line more than they need, so that
/// the places of a tile do not compete for the same lines of the cache.
const fn apart(len: usize) -> usize {
    len + 16
}

/// A matrix for each place.
struct Planes<'a> {
    numbers: &'a mut [f32],
    apart: usize,
    len: usize,
}

impl<'a> Planes<'a> {
    /// Matrices `(rows, columns)` in a buffer.
    fn new(buffer: &'a mut Vec<f32>, rows: usize, columns: usize) -> Self {
        let len = rows * columns;
        let apart = apart(len);
        Self { numbers: take(buffer, PLACES * apart), apart, len }
    }

    fn place(&mut self, place: usize) -> &mut [f32] {
        &mut self.numbers[place * self.apart..][..self.len]
    }

    /// All matrices from some row on.
    fn rows_from(&mut self, row: usize, columns: usize) -> &mut [f32] {
        &mut self.numbers[row * columns..]
    }
}

struct Forward<'a> {
    g: &'a Geometry,
    u: &'a [f32],
    bias: &'a [f32],
    x: &'a [f32],
    y: &'a mut [f32],
    workspace: &'a mut Workspace,
}

impl Kernel for Forward<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { g, u, bias, x, y, workspace } = self;
        let tiling = Tiling::new(g);
        let group = tiling.group();
        for (x, y) in x.chunks(group * g.in_len()).zip(y.chunks_mut(group * g.out_len())) {
            let tiles = x.len() / g.in_len() * tiling.tiles();
            let mut v = Planes::new(&mut workspace.v, tiles, g.inputs);
            let mut m = Planes::new(&mut workspace.m, tiles, g.outputs);
            for (i, x) in x.chunks_exact(g.in_len()).enumerate() {
                let from = tiling.input.embed(x, &mut workspace.x);
                let (plane, to) = (v.apart, v.rows_from(i * tiling.tiles(), g.inputs));
                panels::for_each_vector(simd, g.inputs, &mut TransformInput { tiling, from, to, plane });
            }
            let plane = g.inputs * g.outputs;
            for (place, u) in u.chunks_exact(apart(plane)).enumerate() {
                // (T, CO) = (T, CI)(CI, CO)
                let u = &u[..plane];
                Product::rows(v.place(place), g.inputs, u, g.outputs, m.place(place)).run(simd);
            }
            for (i, y) in y.chunks_exact_mut(g.out_len()).enumerate() {
                let (plane, from) = (m.apart, m.rows_from(i * tiling.tiles(), g.outputs));
                let to = tiling.output.borrow(y, &mut workspace.y);
                let mut pass = TransformOutput { tiling, from, plane, bias, to };
                panels::for_each_vector(simd, g.outputs, &mut pass);
                tiling.output.crop_borrowed(&workspace.y, y);
            }
        }
    }
}

struct Backward<'a> {
    g: &'a Geometry,
    transposed: &'a [f32],
    chunk: Cotangents<'a>,
    to: Gradients<'a>,
    workspace: &'a mut Workspace,
}

impl Kernel for Backward<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { g, transposed, chunk: Cotangents { x, dy }, mut to, workspace } = self;
        let tiling = Tiling::new(g);
        let group = tiling.group();
        to.bias.fill(0.0);
        for (number, (x, dy)) in x.chunks(group * g.in_len()).zip(dy.chunks(group * g.out_len())).enumerate()
        {
            let chunk = Cotangents { x, dy };
            let start = if number == 0 { Start::Zero } else { Start::Result };
            transform(simd, g, &tiling, chunk, workspace);
            let asked = to.x.is_some().then_some(transposed);
            multiply(simd, g, x.len() / g.in_len() * tiling.tiles(), start, asked, workspace);
            panels::for_each_vector(simd, g.outputs, &mut AddRows { rows: dy, total: to.bias });
            if let Some(dx) = &mut to.x {
                let dx = &mut dx[number * group * g.in_len()..][..x.len()];
                scatter(simd, g, &tiling, dx, workspace);
            }
        }
        let plane = g.inputs * g.outputs;
        let mut gather = GatherKernel { du: &workspace.du, plane, apart: apart(plane), dkernel: to.kernel };
        panels::for_each_vector(simd, plane, &mut gather);
    }
}

/// `V` and `dM` of a group of images.
#[inline(always)]
fn transform<S: Simd>(simd: S, g: &Geometry, tiling: &Tiling, group: Cotangents, workspace: &mut Workspace) {
    let (tiling, tiles) = (*tiling, group.x.len() / g.in_len() * tiling.tiles());
    let mut v = Planes::new(&mut workspace.v, tiles, g.inputs);
    let mut dm = Planes::new(&mut workspace.m, tiles, g.outputs);
    let images = group.x.chunks_exact(g.in_len()).zip(group.dy.chunks_exact(g.out_len()));
    for (i, (x, dy)) in images.enumerate() {
        let from = tiling.input.embed(x, &mut workspace.x);
        let (plane, to) = (v.apart, v.rows_from(i * tiling.tiles(), g.inputs));
        panels::for_each_vector(simd, g.inputs, &mut TransformInput { tiling, from, to, plane });
        let from = tiling.output.embed(dy, &mut workspace.y);
        let (plane, to) = (dm.apart, dm.rows_from(i * tiling.tiles(), g.outputs));
        panels::for_each_vector(simd, g.outputs, &mut SpreadOutput { tiling, from, to, plane });
    }
}

// ANCHOR: multiply
/// `dU` goes on from `start`; `dV` takes the place of `V` when `U'` is given.
#[inline(always)]
fn multiply<S: Simd>(
    simd: S,
    g: &Geometry,
    tiles: usize,
    start: Start,
    transposed: Option<&[f32]>,
    workspace: &mut Workspace,
) {
    let mut v = Planes::new(&mut workspace.v, tiles, g.inputs);
    let mut dm = Planes::new(&mut workspace.m, tiles, g.outputs);
    let mut du = Planes::new(&mut workspace.du, g.inputs, g.outputs);
    for place in 0..PLACES {
        let (v, dm, du) = (v.place(place), &*dm.place(place), du.place(place));
        // (CI, CO) = (T, CI)'(T, CO)
        Product { start, ..Product::columns(v, g.inputs, dm, g.outputs, du) }.run(simd);
        if let Some(transposed) = transposed {
            // (T, CI) = (T, CO)(CO, CI)
            let u = &transposed[place * apart(du.len())..][..du.len()];
            Product::rows(dm, g.outputs, u, g.inputs, v).run(simd);
        }
    }
}
// ANCHOR_END: multiply

/// The input's gradients of a group, from `dV`.
#[inline(always)]
fn scatter<S: Simd>(simd: S, g: &Geometry, tiling: &Tiling, dx: &mut [f32], workspace: &mut Workspace) {
    let (tiling, tiles) = (*tiling, dx.len() / g.in_len() * tiling.tiles());
    let mut dv = Planes::new(&mut workspace.v, tiles, g.inputs);
    for (i, dx) in dx.chunks_exact_mut(g.in_len()).enumerate() {
        let (plane, from) = (dv.apart, dv.rows_from(i * tiling.tiles(), g.inputs));
        let to = tiling.input.borrow(dx, &mut workspace.x);
        panels::for_each_vector(simd, g.inputs, &mut ScatterInput { tiling, from, plane, to });
        tiling.input.crop_borrowed(&workspace.x, dx);
    }
}
