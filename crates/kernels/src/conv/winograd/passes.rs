//! The passes over memory around the products: each transforms the tiles of an image, one vector of channels at a time.
#![allow(unsafe_code)]

use super::tiling::{PLACES, TILE, Tiling, WINDOW};
use super::transform::{
    InputBackward, InputForward, KernelBackward, KernelForward, OutputBackward, OutputForward, Transform,
};
use crate::panels::{self, Panel};
use crate::simd::{Kernel, Simd};

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

/// `V = B' d B` of every tile of an image.
pub(super) struct TransformInput<'a> {
    pub(super) tiling: Tiling,
    pub(super) from: &'a [f32],
    pub(super) to: &'a mut [f32],
    pub(super) plane: usize,
}

impl Panel for TransformInput<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, channel: usize) {
        let (frame, tiles) = (self.tiling.input, self.tiling.tiles());
        let (pixel, row) = (frame.channels, frame.whole.1 * frame.channels);
        assert_eq!(self.from.len(), frame.whole_len(), "the window of a tiling");
        assert!(
            channel + simd.width() <= pixel && (PLACES - 1) * self.plane + tiles * pixel <= self.to.len()
        );
        for tile in 0..tiles {
            let at = self.tiling.origin(tile, frame.whole.1) * pixel + channel;
            // SAFETY: the window of a tile lies inside of the frame, which `from` fills; the channels read lie
            // inside of a pixel by the assertion.
            let d: [[_; WINDOW]; WINDOW] = unsafe { read(simd, self.from.as_ptr().add(at), row, pixel) };
            let v = InputForward::both_sides(simd, d);
            // SAFETY: the last number written is (PLACES - 1) plane + tile pixel + channel + width - 1, inside of
            // `to` by the assertion.
            unsafe {
                write(
                    simd,
                    v,
                    self.to.as_mut_ptr().add(tile * pixel + channel),
                    WINDOW * self.plane,
                    self.plane,
                )
            };
        }
    }
}

/// `y = A' M A + bias` of every tile of an image.
pub(super) struct TransformOutput<'a> {
    pub(super) tiling: Tiling,
    pub(super) from: &'a [f32],
    pub(super) plane: usize,
    pub(super) bias: &'a [f32],
    pub(super) to: &'a mut [f32],
}

impl Panel for TransformOutput<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, channel: usize) {
        let (frame, tiles) = (self.tiling.output, self.tiling.tiles());
        let (pixel, row) = (frame.channels, frame.whole.1 * frame.channels);
        assert_eq!(self.to.len(), frame.whole_len(), "the output of a tiling");
        assert!(
            channel + simd.width() <= pixel && (PLACES - 1) * self.plane + tiles * pixel <= self.from.len()
        );
        assert_eq!(self.bias.len(), pixel, "the bias of a convolution");
        // SAFETY: the channels read lie inside of the bias by the assertions.
        let bias = unsafe { simd.load(self.bias.as_ptr().add(channel)) };
        for tile in 0..tiles {
            // SAFETY: the last number read is (PLACES - 1) plane + tile pixel + channel + width - 1, inside of `from`
            // by the assertion.
            let m: [[_; WINDOW]; WINDOW] = unsafe {
                read(simd, self.from.as_ptr().add(tile * pixel + channel), WINDOW * self.plane, self.plane)
            };
            let mut y = OutputForward::both_sides(simd, m);
            for y in y.as_flattened_mut() {
                *y = simd.add(*y, bias);
            }
            let at = self.tiling.origin(tile, frame.whole.1) * pixel + channel;
            // SAFETY: a tile lies inside of the frame, which `to` fills; the channels written lie inside of a pixel.
            unsafe { write(simd, y, self.to.as_mut_ptr().add(at), row, pixel) };
        }
    }
}

/// `dM = A dy A'` of every tile of an image.
pub(super) struct SpreadOutput<'a> {
    pub(super) tiling: Tiling,
    pub(super) from: &'a [f32],
    pub(super) to: &'a mut [f32],
    pub(super) plane: usize,
}

impl Panel for SpreadOutput<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, channel: usize) {
        let (frame, tiles) = (self.tiling.output, self.tiling.tiles());
        let (pixel, row) = (frame.channels, frame.whole.1 * frame.channels);
        assert_eq!(self.from.len(), frame.whole_len(), "the cotangent of a tiling");
        assert!(
            channel + simd.width() <= pixel && (PLACES - 1) * self.plane + tiles * pixel <= self.to.len()
        );
        for tile in 0..tiles {
            let at = self.tiling.origin(tile, frame.whole.1) * pixel + channel;
            // SAFETY: a tile lies inside of the frame, which `from` fills; the channels read lie inside of a pixel.
            let dy: [[_; TILE]; TILE] = unsafe { read(simd, self.from.as_ptr().add(at), row, pixel) };
            let dm = OutputBackward::both_sides(simd, dy);
            // SAFETY: as in `TransformInput`.
            unsafe {
                write(
                    simd,
                    dm,
                    self.to.as_mut_ptr().add(tile * pixel + channel),
                    WINDOW * self.plane,
                    self.plane,
                )
            };
        }
    }
}

/// `dd = B dV B'` of every tile of an image: added where the window of a tile above or to the left lies as well, and
/// else written.
pub(super) struct ScatterInput<'a> {
    pub(super) tiling: Tiling,
    pub(super) from: &'a [f32],
    pub(super) plane: usize,
    pub(super) to: &'a mut [f32],
}

impl Panel for ScatterInput<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, channel: usize) {
        let (frame, tiles) = (self.tiling.input, self.tiling.tiles());
        let (pixel, row) = (frame.channels, frame.whole.1 * frame.channels);
        assert_eq!(self.to.len(), frame.whole_len(), "the input gradient of a tiling");
        assert!(
            channel + simd.width() <= pixel && (PLACES - 1) * self.plane + tiles * pixel <= self.from.len()
        );
        for tile in 0..tiles {
            // SAFETY: as in `TransformOutput`.
            let dv: [[_; WINDOW]; WINDOW] = unsafe {
                read(simd, self.from.as_ptr().add(tile * pixel + channel), WINDOW * self.plane, self.plane)
            };
            let mut dd = InputBackward::both_sides(simd, dv);
            // SAFETY: the window of a tile lies inside of the frame, which `to` fills.
            let to = unsafe {
                self.to.as_mut_ptr().add(self.tiling.origin(tile, frame.whole.1) * pixel + channel)
            };
            let shared = self.tiling.shared(tile);
            for (i, line) in dd.iter_mut().enumerate() {
                for (j, dd) in line.iter_mut().enumerate() {
                    if i < shared.0 || j < shared.1 {
                        // SAFETY: as above; the channels lie inside of a pixel by the assertion.
                        *dd = simd.add(unsafe { simd.load(to.add(i * row + j * pixel)) }, *dd);
                    }
                }
            }
            // SAFETY: the window of a tile lies inside of the frame, the channels inside of a pixel.
            unsafe { write::<S, WINDOW, WINDOW>(simd, dd, to, row, pixel) };
        }
    }
}

/// `U = G g G'` of some kernels; its columns are the pairs of channels.
pub(super) struct TransformKernel<'a> {
    pub(super) kernel: &'a [f32],
    /// Pairs of the whole kernel.
    pub(super) plane: usize,
    /// The first of the pairs.
    pub(super) first: usize,
    /// Their numbers at each place.
    pub(super) u: [&'a mut [f32]; PLACES],
}

impl Kernel for TransformKernel<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let pairs = self.u[0].len();
        panels::for_each_vector(simd, pairs, &mut self);
    }
}

impl Panel for TransformKernel<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, pair: usize) {
        let (plane, from) = (self.plane, self.first + pair);
        assert!(from + simd.width() <= plane && 9 * plane <= self.kernel.len());
        // SAFETY: the last number read is 8 plane + from + width - 1, inside of the kernel by the assertion.
        let kernel: [[_; 3]; 3] = unsafe { read(simd, self.kernel.as_ptr().add(from), 3 * plane, plane) };
        let u = KernelForward::both_sides(simd, kernel);
        for (to, &vector) in self.u.iter_mut().zip(u.as_flattened()) {
            let to = &mut to[pair..][..simd.width()];
            // SAFETY: `to` holds the numbers of the vector.
            unsafe { simd.store(to.as_mut_ptr(), vector) };
        }
    }
}

/// `dg = G' dU G` of every kernel; its columns are the pairs of channels.
pub(super) struct GatherKernel<'a> {
    pub(super) du: &'a [f32],
    /// Numbers of a place.
    pub(super) plane: usize,
    /// From one place of `du` to the next.
    pub(super) apart: usize,
    pub(super) dkernel: &'a mut [f32],
}

impl Panel for GatherKernel<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, pair: usize) {
        let (plane, apart) = (self.plane, self.apart);
        assert!(
            pair + simd.width() <= plane
                && (PLACES - 1) * apart + plane <= self.du.len()
                && 9 * plane <= self.dkernel.len()
        );
        // SAFETY: the last number read is (PLACES - 1) apart + pair + width - 1, inside of `du` by the assertion.
        let du: [[_; WINDOW]; WINDOW] =
            unsafe { read(simd, self.du.as_ptr().add(pair), WINDOW * apart, apart) };
        let dg = KernelBackward::both_sides(simd, du);
        // SAFETY: the last number written is 8 plane + pair + width - 1, inside of the gradient by the assertion.
        unsafe { write(simd, dg, self.dkernel.as_mut_ptr().add(pair), 3 * plane, plane) };
    }
}
