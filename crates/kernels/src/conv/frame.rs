//! An image inside of a larger one of zeros.
//!
//! Shapes: `(H, W, C)`, channels last.

/// Where an image lies in its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Rows and columns of the image.
    pub(super) image: (usize, usize),
    /// Rows and columns of the frame.
    pub(super) whole: (usize, usize),
    /// Rows above the image.
    pub(super) top: usize,
    /// Columns to the left of the image.
    pub(super) left: usize,
    /// Channels of both.
    pub(super) channels: usize,
}

impl Frame {
    /// Numbers in the image.
    pub(super) fn image_len(&self) -> usize {
        self.image.0 * self.image.1 * self.channels
    }

    /// Numbers in the frame.
    pub(super) fn whole_len(&self) -> usize {
        self.whole.0 * self.whole.1 * self.channels
    }

    /// Whether the image fills its frame, so that no copy is needed.
    fn is_filled(&self) -> bool {
        self.image == self.whole
    }

    /// The framed image: itself where it fills the frame, else its copy among zeros in `buffer`.
    pub(super) fn embed<'a>(&self, image: &'a [f32], buffer: &'a mut Vec<f32>) -> &'a [f32] {
        assert_eq!(image.len(), self.image_len(), "an image and its frame");
        if self.is_filled() {
            return image;
        }
        buffer.clear();
        buffer.resize(self.whole_len(), 0.0);
        for (to, from) in self.rows(buffer).zip(image.chunks_exact(self.image.1 * self.channels)) {
            to.copy_from_slice(from);
        }
        buffer
    }

    /// A frame to be written: the image itself where it fills the frame, else `buffer`.
    pub(super) fn borrow<'a>(&self, image: &'a mut [f32], buffer: &'a mut Vec<f32>) -> &'a mut [f32] {
        assert_eq!(image.len(), self.image_len(), "an image and its frame");
        if self.is_filled() {
            return image;
        }
        buffer.resize(self.whole_len().max(buffer.len()), 0.0);
        &mut buffer[..self.whole_len()]
    }

    /// Takes the image out of a frame that [`borrow`](Self::borrow) gave.
    pub(super) fn crop_borrowed(&self, buffer: &[f32], image: &mut [f32]) {
        if self.is_filled() {
            return;
        }
        let (row, skip) = (self.image.1 * self.channels, self.left * self.channels);
        let rows = buffer.chunks_exact(self.whole.1 * self.channels).skip(self.top);
        for (to, from) in image.chunks_exact_mut(row).zip(rows) {
            to.copy_from_slice(&from[skip..][..row]);
        }
    }

    /// The image's rows in a frame.
    fn rows<'a>(&self, whole: &'a mut [f32]) -> impl Iterator<Item = &'a mut [f32]> + use<'a> {
        let (row, skip) = (self.image.1 * self.channels, self.left * self.channels);
        let rows = whole.chunks_exact_mut(self.whole.1 * self.channels).skip(self.top);
        rows.map(move |frame_row| &mut frame_row[skip..][..row])
    }
}
