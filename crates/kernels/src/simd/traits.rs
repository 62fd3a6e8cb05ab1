//! Vectors of `f32` behind one small trait, and work on them.

/// A proof that an instruction set may be used, and its operations on vectors of [`LANES`](Simd::LANES) numbers.
pub(crate) trait Simd: Copy {
    /// A vector register.
    type Vector: Copy;
    /// Numbers in a register.
    const LANES: usize;
    /// Vector registers of the processor.
    const REGISTERS: usize;

    /// Reads [`LANES`](Simd::LANES) numbers.
    ///
    /// # Safety
    /// `from` must be valid for reads of that many.
    unsafe fn load(self, from: *const f32) -> Self::Vector;

    /// Writes [`LANES`](Simd::LANES) numbers.
    ///
    /// # Safety
    /// `to` must be valid for writes of that many.
    unsafe fn store(self, to: *mut f32, vector: Self::Vector);

    /// Reads the first `count` numbers; the other lanes are 0.
    ///
    /// # Safety
    /// `from` must be valid for reads of `count` numbers, and `count` at most [`LANES`](Simd::LANES).
    unsafe fn load_first(self, count: usize, from: *const f32) -> Self::Vector;

    /// Writes the first `count` numbers.
    ///
    /// # Safety
    /// `to` must be valid for writes of `count` numbers, and `count` at most [`LANES`](Simd::LANES).
    unsafe fn store_first(self, count: usize, to: *mut f32, vector: Self::Vector);

    /// How many numbers [`load`](Simd::load) and [`store`](Simd::store) touch.
    #[inline(always)]
    fn width(self) -> usize {
        Self::LANES
    }

    /// Runs `kernel` on `simd`, which is this instruction set or a part of it, in a function of its own: its loops then
    /// share no registers with the caller's, and its code exists once for all callers.
    fn call<S: Simd, K: Kernel>(self, simd: S, kernel: K);

    /// `x` in every lane.
    fn splat(self, x: f32) -> Self::Vector;

    /// `a + b`.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// `a - b`.
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// `a b`.
    fn mul(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// `a b + c`, rounded once.
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
}

/// Work that is compiled once for every instruction set.
pub(crate) trait Kernel {
    /// Does the work. Implementations are `#[inline(always)]`, so that the body is compiled with the
    /// instructions of the caller.
    fn run<S: Simd>(self, simd: S);
}
