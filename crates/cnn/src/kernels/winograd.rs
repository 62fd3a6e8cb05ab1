//! Winograd's convolution F(2x2, 3x3): 16 products for four outputs instead of 36.
//!
//! The output is cut into tiles of 2 x 2 pixels. With the 4 x 4 input pixels `d` below a tile and a 3 x 3 kernel `g`,
//!
//! ```text
//! y = A' [(G g G') * (B' d B)] A          ' transposes, * multiplies element by element
//!
//!      1  0 -1  0          1   0   0           1  1  1  0
//! B' = 0  1  1  0      G = 1/2 1/2 1/2    A' = 0  1 -1  1
//!      0 -1  1  0          1/2 -1/2 1/2
//!      0 -1  0  1          0   0   1
//! ```
//!
//! so that for each of the 16 places the sum over the input channels is a matrix product `M = V U`. Backward is the
//! chain rule through the same formula: `dM = A dy A'`, `dU = V' dM`, `dV = dM U'`, `dg = G' dU G`, `dd = B dV B'`.
//!
//! Shapes: `V` is `(16, T, CI)`, `U` `(16, CI, CO)`, `M` `(16, T, CO)` with the `T` tiles of a group of pictures.
//!
//! **The order of every sum is fixed**: within a transform as it is written here, in a product one chain over the
//! channels or, for `dU`, over the tiles of a chunk; patches of `dd` that overlap are added tile after tile.
//!
//! Source: A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", 2016, section 4.1; here the last
//! row of `B'` and the last column of `A'` have the other sign, which spares negations backward.
#![allow(unsafe_code)]

use super::conv::Geometry;
use super::frame::Frame;
use super::isa::Isa;
use super::matmul::Product;
use super::panels::{self, Panel};
use super::simd::{Kernel, Simd, dispatch};
use super::tile::Start;
use super::workspace::{self, Workspace};
use rayon::prelude::*;

/// Places of a tile's transform.
const PLACES: usize = 16;

/// Tiles of a group of pictures, at the least, where a chunk has as many: enough for the products to be worth reading
/// `U` for, few enough for `V` and `M` to stay in the second-level cache. It decides no sum.
const GROUP_TILES: usize = 32;

/// Whether a convolution is computed this way. **A rule about its shape alone**, so that every machine follows it.
pub fn suits(g: &Geometry) -> bool {
    g.kernel == 3 && g.inputs >= 8 && g.outputs >= 8
}

/// The sizes that follow from a convolution's.
#[derive(Clone, Copy)]
struct Tiling {
    rows: usize,
    columns: usize,
    /// What a tile's windows are read from: the input with its padding, and with zeros where the last tiles reach
    /// beyond it.
    input: Frame,
    /// What the tiles cover: the output, and one more row or column where its sides are odd.
    output: Frame,
}

impl Tiling {
    fn new(g: &Geometry) -> Self {
        let (rows, columns) = (g.out_height().div_ceil(2), g.out_width().div_ceil(2));
        let input = Frame {
            picture: (g.height, g.width),
            whole: (2 * rows + 2, 2 * columns + 2),
            margin: g.padding,
            channels: g.inputs,
        };
        let output = Frame {
            picture: (g.out_height(), g.out_width()),
            whole: (2 * rows, 2 * columns),
            margin: 0,
            channels: g.outputs,
        };
        Self { rows, columns, input, output }
    }

    fn tiles(&self) -> usize {
        self.rows * self.columns
    }

    /// Pictures of a group.
    fn group(&self) -> usize {
        GROUP_TILES.div_ceil(self.tiles())
    }

    /// Where the window of a tile begins in a frame, in pixels.
    fn origin(&self, tile: usize, frame: &Frame) -> usize {
        2 * (tile / self.columns) * frame.whole.1 + 2 * (tile % self.columns)
    }
}

/// The numbers in a transformed kernel, `(16, CI, CO)`.
pub fn transformed_len(g: &Geometry) -> usize {
    PLACES * g.inputs * g.outputs
}

/// `U = G g G'` of every kernel, `(16, CI, CO)`, from `(3, 3, CI, CO)`.
pub fn transform_kernel(isa: Isa, g: &Geometry, kernel: &[f32], u: &mut [f32]) {
    assert_eq!(kernel.len(), g.kernel_len(), "the kernel of a convolution");
    assert_eq!(u.len(), transformed_len(g), "the transformed kernel of a convolution");
    dispatch(isa, TransformKernel { kernel, u, plane: g.inputs * g.outputs });
}

/// `U'` of every place, `(16, CO, CI)`, from `U`.
pub fn transpose_kernel(g: &Geometry, u: &[f32], transposed: &mut [f32]) {
    let plane = g.inputs * g.outputs;
    transposed.par_chunks_exact_mut(plane).zip(u.par_chunks_exact(plane)).for_each(|(to, from)| {
        super::transpose::transpose(from, g.outputs, to);
    });
}

/// The convolutions of a chunk of pictures `x`; `u` from [`transform_kernel`].
pub fn forward(isa: Isa, g: &Geometry, x: &[f32], u: &[f32], bias: &[f32], y: &mut [f32]) {
    assert_eq!(u.len(), transformed_len(g), "the transformed kernel of a convolution");
    workspace::with(|workspace| dispatch(isa, Forward { g, x, u, bias, y, workspace }));
}

/// What [`backward`] reads and writes for a chunk of pictures.
pub struct Backward<'a> {
    /// The pictures.
    pub x: &'a [f32],
    /// The loss's gradient by the outputs.
    pub dy: &'a [f32],
    /// From [`transpose_kernel`]; not read when `dx` is not asked for.
    pub transposed: &'a [f32],
    /// The kernel's gradient from this chunk.
    pub dkernel: &'a mut [f32],
    /// The bias's gradient from this chunk.
    pub dbias: &'a mut [f32],
    /// The gradient by the pictures.
    pub dx: Option<&'a mut [f32]>,
}

/// The gradients of a chunk; everything is written, nothing added to.
pub fn backward(isa: Isa, g: &Geometry, chunk: Backward) {
    assert_eq!(chunk.dkernel.len(), g.kernel_len(), "the kernel gradient of a convolution");
    workspace::with(|workspace| dispatch(isa, BackwardKernel { g, chunk, workspace }));
}

/// The numbers from one place to the next in `V` or `M`: a cache line more than they need, so that the 16 places of a
/// tile do not compete for the same lines of the cache.
fn plane(tiles: usize, channels: usize) -> usize {
    tiles * channels + 16
}

struct Forward<'a> {
    g: &'a Geometry,
    x: &'a [f32],
    u: &'a [f32],
    bias: &'a [f32],
    y: &'a mut [f32],
    workspace: &'a mut Workspace,
}

impl Kernel for Forward<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { g, x, u, bias, y, workspace } = self;
        let tiling = Tiling::new(g);
        let (x_len, y_len) = (tiling.input.picture_len(), tiling.output.picture_len());
        let group = tiling.group();
        for (x, y) in x.chunks(group * x_len).zip(y.chunks_mut(group * y_len)) {
            let tiles = x.len() / x_len * tiling.tiles();
            let (v_plane, m_plane) = (plane(tiles, g.inputs), plane(tiles, g.outputs));
            let v = workspace::take(&mut workspace.v, PLACES * v_plane);
            let m = workspace::take(&mut workspace.m, PLACES * m_plane);
            for (i, x) in x.chunks_exact(x_len).enumerate() {
                let window = tiling.input.embed(x, &mut workspace.x);
                let to = &mut v[i * tiling.tiles() * g.inputs..];
                panels::for_each_vector(simd, g.inputs, &mut TransformInput { tiling, window, to, plane: v_plane });
            }
            for place in 0..PLACES {
                let product = Product {
                    a: &v[place * v_plane..][..tiles * g.inputs], //              (T, CI)
                    apart: g.inputs,
                    along: 1,
                    b: &u[place * g.inputs * g.outputs..][..g.inputs * g.outputs], // (CI, CO)
                    depth: g.inputs,
                    columns: g.outputs,
                    start: Start::Zero,
                    rows: tiles,
                    c: &mut m[place * m_plane..][..tiles * g.outputs], //         (T, CO)
                };
                product.run(simd);
            }
            for (i, y) in y.chunks_exact_mut(y_len).enumerate() {
                let from = &m[i * tiling.tiles() * g.outputs..];
                let to = tiling.output.borrow(y, &mut workspace.y);
                panels::for_each_vector(simd, g.outputs, &mut TransformOutput { tiling, from, plane: m_plane, bias, to });
                tiling.output.crop_borrowed(&workspace.y, y);
            }
        }
    }
}

struct BackwardKernel<'a> {
    g: &'a Geometry,
    chunk: Backward<'a>,
    workspace: &'a mut Workspace,
}

impl Kernel for BackwardKernel<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { g, chunk, workspace } = self;
        let Backward { x, dy, transposed, dkernel, dbias, mut dx } = chunk;
        let tiling = Tiling::new(g);
        let (x_len, y_len) = (tiling.input.picture_len(), tiling.output.picture_len());
        let group = tiling.group();
        let u_plane = g.inputs * g.outputs;
        let du = workspace::take(&mut workspace.du, PLACES * u_plane);
        dbias.fill(0.0);
        for (number, (x, dy)) in x.chunks(group * x_len).zip(dy.chunks(group * y_len)).enumerate() {
            let tiles = x.len() / x_len * tiling.tiles();
            let (v_plane, m_plane) = (plane(tiles, g.inputs), plane(tiles, g.outputs));
            let v = workspace::take(&mut workspace.v, PLACES * v_plane);
            let dm = workspace::take(&mut workspace.m, PLACES * m_plane);
            for (i, (x, dy)) in x.chunks_exact(x_len).zip(dy.chunks_exact(y_len)).enumerate() {
                let window = tiling.input.embed(x, &mut workspace.x);
                let to = &mut v[i * tiling.tiles() * g.inputs..];
                panels::for_each_vector(simd, g.inputs, &mut TransformInput { tiling, window, to, plane: v_plane });
                let from = tiling.output.embed(dy, &mut workspace.y);
                let to = &mut dm[i * tiling.tiles() * g.outputs..];
                panels::for_each_vector(simd, g.outputs, &mut SpreadOutput { tiling, from, to, plane: m_plane });
            }
            for place in 0..PLACES {
                let dm = &dm[place * m_plane..][..tiles * g.outputs]; //          (T, CO)
                let v = &mut v[place * v_plane..][..tiles * g.inputs]; //         (T, CI)
                let product = Product {
                    a: v, //                                                      (T, CI), used as (CI, T)
                    apart: 1,
                    along: g.inputs,
                    b: dm,
                    depth: tiles,
                    columns: g.outputs,
                    start: if number == 0 { Start::Zero } else { Start::Result },
                    rows: g.inputs,
                    c: &mut du[place * u_plane..][..u_plane], //                  (CI, CO)
                };
                product.run(simd);
                // At place (1, 1) stands the sum of a tile's four cotangents.
                if place == 5 {
                    panels::for_each_vector(simd, g.outputs, &mut SumRows { rows: dm, total: dbias });
                }
                if dx.is_some() {
                    let product = Product {
                        a: dm,
                        apart: g.outputs,
                        along: 1,
                        b: &transposed[place * u_plane..][..u_plane], //          (CO, CI)
                        depth: g.outputs,
                        columns: g.inputs,
                        start: Start::Zero,
                        rows: tiles,
                        c: v, //                                                  (T, CI)
                    };
                    product.run(simd);
                }
            }
            let Some(dx) = &mut dx else { continue };
            let dx = &mut dx[number * group * x_len..][..x.len()];
            for (i, dx) in dx.chunks_exact_mut(x_len).enumerate() {
                let from = &v[i * tiling.tiles() * g.inputs..];
                let to = tiling.input.borrow(dx, &mut workspace.x);
                to.fill(0.0);
                panels::for_each_vector(simd, g.inputs, &mut ScatterInput { tiling, from, plane: v_plane, to });
                tiling.input.crop_borrowed(&workspace.x, dx);
            }
        }
        panels::for_each_vector(simd, u_plane, &mut GatherKernel { du, plane: u_plane, dkernel });
    }
}

/// A linear map of a few vectors, applied to every column of a matrix and then to every row. These are plain loops:
/// a closure given to `array::map` would be compiled without the caller's instruction set.
trait Transform<const N: usize, const M: usize> {
    fn apply<S: Simd>(simd: S, x: [S::Vector; N]) -> [S::Vector; M];

    /// The map of both sides of a matrix.
    #[inline(always)]
    fn both_sides<S: Simd>(simd: S, x: [[S::Vector; N]; N]) -> [[S::Vector; M]; M] {
        let zero = simd.splat(0.0);
        let mut half = [[zero; N]; M];
        for j in 0..N {
            let mut column = [zero; N];
            for i in 0..N {
                column[i] = x[i][j];
            }
            let column = Self::apply(simd, column);
            for i in 0..M {
                half[i][j] = column[i];
            }
        }
        let mut whole = [[zero; M]; M];
        for i in 0..M {
            whole[i] = Self::apply(simd, half[i]);
        }
        whole
    }
}

/// `B'`.
struct InputForward;

impl Transform<4, 4> for InputForward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, d: [S::Vector; 4]) -> [S::Vector; 4] {
        [s.sub(d[0], d[2]), s.add(d[1], d[2]), s.sub(d[2], d[1]), s.sub(d[3], d[1])]
    }
}

/// `B`.
struct InputBackward;

impl Transform<4, 4> for InputBackward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, v: [S::Vector; 4]) -> [S::Vector; 4] {
        [v[0], s.sub(s.sub(v[1], v[2]), v[3]), s.sub(s.add(v[1], v[2]), v[0]), v[3]]
    }
}

/// `A'`.
struct OutputForward;

impl Transform<4, 2> for OutputForward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, m: [S::Vector; 4]) -> [S::Vector; 2] {
        [s.add(s.add(m[0], m[1]), m[2]), s.add(s.sub(m[1], m[2]), m[3])]
    }
}

/// `A`.
struct OutputBackward;

impl Transform<2, 4> for OutputBackward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, y: [S::Vector; 2]) -> [S::Vector; 4] {
        [y[0], s.add(y[0], y[1]), s.sub(y[0], y[1]), y[1]]
    }
}

/// `G`.
struct KernelForward;

impl Transform<3, 4> for KernelForward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, g: [S::Vector; 3]) -> [S::Vector; 4] {
        let half = s.splat(0.5);
        let outer = s.add(g[0], g[2]);
        [g[0], s.mul(half, s.add(outer, g[1])), s.mul(half, s.sub(outer, g[1])), g[2]]
    }
}

/// `G'`.
struct KernelBackward;

impl Transform<4, 3> for KernelBackward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, u: [S::Vector; 4]) -> [S::Vector; 3] {
        let half = s.splat(0.5);
        let (sum, difference) = (s.mul(half, s.add(u[1], u[2])), s.mul(half, s.sub(u[1], u[2])));
        [s.add(u[0], sum), difference, s.add(sum, u[3])]
    }
}

/// Reads an `R` by `C` block of vectors whose rows and columns are so far apart.
///
/// # Safety
/// Each of the vectors must be readable.
#[inline(always)]
unsafe fn read<S: Simd, const R: usize, const C: usize>(
    simd: S,
    from: *const f32,
    row: usize,
    column: usize,
) -> [[S::Vector; C]; R] {
    let mut block = [[simd.splat(0.0); C]; R];
    for (i, vectors) in block.iter_mut().enumerate() {
        for (j, vector) in vectors.iter_mut().enumerate() {
            // SAFETY: the caller promises that each of the vectors is readable.
            *vector = unsafe { simd.load(from.add(i * row + j * column)) };
        }
    }
    block
}

/// Writes an `R` by `C` block of vectors whose rows and columns are so far apart.
///
/// # Safety
/// Each of the vectors must be writable.
#[inline(always)]
unsafe fn write<S: Simd, const R: usize, const C: usize>(
    simd: S,
    block: [[S::Vector; C]; R],
    to: *mut f32,
    row: usize,
    column: usize,
) {
    for (i, vectors) in block.into_iter().enumerate() {
        for (j, vector) in vectors.into_iter().enumerate() {
            // SAFETY: the caller promises that each of the vectors is writable.
            unsafe { simd.store(to.add(i * row + j * column), vector) };
        }
    }
}

/// `V = B' d B` of every tile of a picture.
struct TransformInput<'a> {
    tiling: Tiling,
    window: &'a [f32],
    to: &'a mut [f32],
    plane: usize,
}

impl Panel for TransformInput<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, channel: usize) {
        let (frame, tiles) = (self.tiling.input, self.tiling.tiles());
        let (pixel, row) = (frame.channels, frame.whole.1 * frame.channels);
        assert_eq!(self.window.len(), frame.whole_len(), "the window of a tiling");
        assert!(channel + simd.width() <= pixel && (PLACES - 1) * self.plane + tiles * pixel <= self.to.len());
        for tile in 0..tiles {
            let at = self.tiling.origin(tile, &frame) * pixel + channel;
            // SAFETY: the window of a tile lies inside of the frame, which `window` fills; the channels read lie
            // inside of a pixel by the assertion.
            let d: [[_; 4]; 4] = unsafe { read(simd, self.window.as_ptr().add(at), row, pixel) };
            let v = InputForward::both_sides(simd, d);
            // SAFETY: the last number written is (PLACES - 1) plane + tile pixel + channel + width - 1, inside of
            // `to` by the assertion.
            unsafe { write(simd, v, self.to.as_mut_ptr().add(tile * pixel + channel), 4 * self.plane, self.plane) };
        }
    }
}

/// `y = A' M A + bias` of every tile of a picture.
struct TransformOutput<'a> {
    tiling: Tiling,
    from: &'a [f32],
    plane: usize,
    bias: &'a [f32],
    to: &'a mut [f32],
}

impl Panel for TransformOutput<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, channel: usize) {
        let (frame, tiles) = (self.tiling.output, self.tiling.tiles());
        let (pixel, row) = (frame.channels, frame.whole.1 * frame.channels);
        assert_eq!(self.to.len(), frame.whole_len(), "the output of a tiling");
        assert!(channel + simd.width() <= pixel && (PLACES - 1) * self.plane + tiles * pixel <= self.from.len());
        assert_eq!(self.bias.len(), pixel, "the bias of a convolution");
        // SAFETY: the channels read lie inside of the bias by the assertions.
        let bias = unsafe { simd.load(self.bias.as_ptr().add(channel)) };
        for tile in 0..tiles {
            // SAFETY: the last number read is (PLACES - 1) plane + tile pixel + channel + width - 1, inside of `from`
            // by the assertion.
            let m: [[_; 4]; 4] =
                unsafe { read(simd, self.from.as_ptr().add(tile * pixel + channel), 4 * self.plane, self.plane) };
            let mut y = OutputForward::both_sides(simd, m);
            for y in y.as_flattened_mut() {
                *y = simd.add(*y, bias);
            }
            let at = self.tiling.origin(tile, &frame) * pixel + channel;
            // SAFETY: a tile lies inside of the frame, which `to` fills; the channels written lie inside of a pixel.
            unsafe { write(simd, y, self.to.as_mut_ptr().add(at), row, pixel) };
        }
    }
}

/// `dM = A dy A'` of every tile of a picture.
struct SpreadOutput<'a> {
    tiling: Tiling,
    from: &'a [f32],
    to: &'a mut [f32],
    plane: usize,
}

impl Panel for SpreadOutput<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, channel: usize) {
        let (frame, tiles) = (self.tiling.output, self.tiling.tiles());
        let (pixel, row) = (frame.channels, frame.whole.1 * frame.channels);
        assert_eq!(self.from.len(), frame.whole_len(), "the cotangent of a tiling");
        assert!(channel + simd.width() <= pixel && (PLACES - 1) * self.plane + tiles * pixel <= self.to.len());
        for tile in 0..tiles {
            let at = self.tiling.origin(tile, &frame) * pixel + channel;
            // SAFETY: a tile lies inside of the frame, which `from` fills; the channels read lie inside of a pixel.
            let dy: [[_; 2]; 2] = unsafe { read(simd, self.from.as_ptr().add(at), row, pixel) };
            let dm = OutputBackward::both_sides(simd, dy);
            // SAFETY: as in `TransformInput`.
            unsafe { write(simd, dm, self.to.as_mut_ptr().add(tile * pixel + channel), 4 * self.plane, self.plane) };
        }
    }
}

/// `dd = B dV B'` of every tile of a picture, added where the tiles' windows lie.
struct ScatterInput<'a> {
    tiling: Tiling,
    from: &'a [f32],
    plane: usize,
    to: &'a mut [f32],
}

impl Panel for ScatterInput<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, channel: usize) {
        let (frame, tiles) = (self.tiling.input, self.tiling.tiles());
        let (pixel, row) = (frame.channels, frame.whole.1 * frame.channels);
        assert_eq!(self.to.len(), frame.whole_len(), "the input gradient of a tiling");
        assert!(channel + simd.width() <= pixel && (PLACES - 1) * self.plane + tiles * pixel <= self.from.len());
        for tile in 0..tiles {
            // SAFETY: as in `TransformOutput`.
            let dv: [[_; 4]; 4] =
                unsafe { read(simd, self.from.as_ptr().add(tile * pixel + channel), 4 * self.plane, self.plane) };
            let dd = InputBackward::both_sides(simd, dv);
            // SAFETY: the window of a tile lies inside of the frame, which `to` fills.
            let to = unsafe { self.to.as_mut_ptr().add(self.tiling.origin(tile, &frame) * pixel + channel) };
            // SAFETY: as above; the channels lie inside of a pixel by the assertion.
            let mut after: [[_; 4]; 4] = unsafe { read(simd, to, row, pixel) };
            for (after, dd) in after.as_flattened_mut().iter_mut().zip(dd.as_flattened()) {
                *after = simd.add(*after, *dd);
            }
            // SAFETY: these are the vectors just read.
            unsafe { write::<S, 4, 4>(simd, after, to, row, pixel) };
        }
    }
}

/// `U = G g G'` of every kernel; its columns are the pairs of channels.
struct TransformKernel<'a> {
    kernel: &'a [f32],
    u: &'a mut [f32],
    plane: usize,
}

impl Kernel for TransformKernel<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        panels::for_each_vector(simd, self.plane, &mut self);
    }
}

impl Panel for TransformKernel<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, pair: usize) {
        let plane = self.plane;
        assert!(pair + simd.width() <= plane && 9 * plane <= self.kernel.len() && PLACES * plane <= self.u.len());
        // SAFETY: the last number read is 8 plane + pair + width - 1, inside of the kernel by the assertion.
        let kernel: [[_; 3]; 3] = unsafe { read(simd, self.kernel.as_ptr().add(pair), 3 * plane, plane) };
        let u = KernelForward::both_sides(simd, kernel);
        // SAFETY: the last number written is (PLACES - 1) plane + pair + width - 1, inside of `u` by the assertion.
        unsafe { write(simd, u, self.u.as_mut_ptr().add(pair), 4 * plane, plane) };
    }
}

/// `dg = G' dU G` of every kernel; its columns are the pairs of channels.
struct GatherKernel<'a> {
    du: &'a [f32],
    plane: usize,
    dkernel: &'a mut [f32],
}

impl Panel for GatherKernel<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, pair: usize) {
        let plane = self.plane;
        assert!(pair + simd.width() <= plane && PLACES * plane <= self.du.len() && 9 * plane <= self.dkernel.len());
        // SAFETY: the last number read is (PLACES - 1) plane + pair + width - 1, inside of `du` by the assertion.
        let du: [[_; 4]; 4] = unsafe { read(simd, self.du.as_ptr().add(pair), 4 * plane, plane) };
        let dg = KernelBackward::both_sides(simd, du);
        // SAFETY: the last number written is 8 plane + pair + width - 1, inside of the gradient by the assertion.
        unsafe { write(simd, dg, self.dkernel.as_mut_ptr().add(pair), 3 * plane, plane) };
    }
}

/// `total += Σ rows`, one row after the other.
struct SumRows<'a> {
    rows: &'a [f32],
    total: &'a mut [f32],
}

impl Panel for SumRows<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let columns = self.total.len();
        let (width, total) = (simd.width(), &mut self.total[column..][..simd.width()]);
        // SAFETY: `total` holds the numbers of the vector.
        let mut sum = unsafe { simd.load(total.as_ptr()) };
        for row in self.rows.chunks_exact(columns) {
            let row = &row[column..][..width];
            // SAFETY: `row` holds the numbers of the vector.
            sum = simd.add(sum, unsafe { simd.load(row.as_ptr()) });
        }
        // SAFETY: as for the load.
        unsafe { simd.store(total.as_mut_ptr(), sum) };
    }
}
