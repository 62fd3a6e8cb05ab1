//! A picture inside of a larger one of zeros.
//!
//! Shapes: `(H, W, C)`, channels last.

/// Where a picture lies in its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Rows and columns of the picture.
    pub(super) picture: (usize, usize),
    /// Rows and columns of the frame.
    pub(super) whole: (usize, usize),
    /// Rows above the picture.
    pub(super) top: usize,
    /// Columns to the left of the picture.
    pub(super) left: usize,
    /// Channels of both.
    pub(super) channels: usize,
}

impl Frame {
    /// Numbers in the picture.
    pub(super) fn picture_len(&self) -> usize {
        self.picture.0 * self.picture.1 * self.channels
    }

    /// Numbers in the frame.
    pub(super) fn whole_len(&self) -> usize {
        self.whole.0 * self.whole.1 * self.channels
    }

    /// Whether the picture fills its frame, so that no copy is needed.
    fn is_filled(&self) -> bool {
        self.picture == self.whole
    }

    /// The framed picture: itself where it fills the frame, else its copy among zeros in `buffer`.
    pub(super) fn embed<'a>(&self, picture: &'a [f32], buffer: &'a mut Vec<f32>) -> &'a [f32] {
        assert_eq!(picture.len(), self.picture_len(), "a picture and its frame");
        if self.is_filled() {
            return picture;
        }
        buffer.clear();
        buffer.resize(self.whole_len(), 0.0);
        for (to, from) in self.rows(buffer).zip(picture.chunks_exact(self.picture.1 * self.channels)) {
            to.copy_from_slice(from);
        }
        buffer
    }

    /// A frame to be written: the picture itself where it fills the frame, else `buffer`.
    pub(super) fn borrow<'a>(&self, picture: &'a mut [f32], buffer: &'a mut Vec<f32>) -> &'a mut [f32] {
        assert_eq!(picture.len(), self.picture_len(), "a picture and its frame");
        if self.is_filled() {
            return picture;
        }
        buffer.resize(self.whole_len().max(buffer.len()), 0.0);
        &mut buffer[..self.whole_len()]
    }

    /// Takes the picture out of a frame that [`borrow`](Self::borrow) gave.
    pub(super) fn crop_borrowed(&self, buffer: &[f32], picture: &mut [f32]) {
        if self.is_filled() {
            return;
        }
        let (row, skip) = (self.picture.1 * self.channels, self.left * self.channels);
        let rows = buffer.chunks_exact(self.whole.1 * self.channels).skip(self.top);
        for (to, from) in picture.chunks_exact_mut(row).zip(rows) {
            to.copy_from_slice(&from[skip..][..row]);
        }
    }

    /// The picture's rows in a frame.
    fn rows<'a>(&self, whole: &'a mut [f32]) -> impl Iterator<Item = &'a mut [f32]> + use<'a> {
        let (row, skip) = (self.picture.1 * self.channels, self.left * self.channels);
        let rows = whole.chunks_exact_mut(self.whole.1 * self.channels).skip(self.top);
        rows.map(move |frame_row| &mut frame_row[skip..][..row])
    }
}
