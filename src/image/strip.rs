//! The same transform over strips of rows, so that the page stays responsive during a large picture.

use super::{
    error::ImageError,
    inspect::check_size,
    preprocess::{Prepared, Preprocess},
    window::Window,
};
use cardinal_resize::Resampler;
use std::ops::Range;

/// Takes RGBA rows from the top in strips of any height; the result equals that of
/// [`Preprocess::apply`] on the whole picture, bit for bit.
///
/// Pixels are RGBA u8 with straight (not premultiplied) alpha, as `ImageData` has them.
/// Transparency is blended over white, as on a white page. (PIL's `convert("RGB")` drops the alpha
/// channel instead and shows the colours under it.)
///
/// ```
/// # fn main() -> Result<(), cardinal::image::ImageError> {
/// use cardinal::image::{Preprocess, StripResizer};
///
/// let (width, height) = (640, 480);
/// let mut resizer = StripResizer::new(width, height, &Preprocess::imagenet())?;
/// for strip in vec![128; width * height * 4].chunks(width * 4 * 64) {
///     resizer.push_rows(strip)?; // on the page, yield to the browser between strips
/// }
/// assert_eq!(resizer.finish()?.tensor.len(), 3 * 224 * 224);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct StripResizer {
    preprocess: Preprocess,
    columns: Window,
    rows: Window,
    next_row: usize,
    resampler: Resampler,
}

impl StripResizer {
    /// Starts on a picture of `width` x `height` pixels, as shown (with EXIF orientation already applied).
    ///
    /// # Errors
    /// [`ImageError::ZeroSize`], [`ImageError::TooManyPixels`], [`ImageError::Setting`].
    pub fn new(width: usize, height: usize, preprocess: &Preprocess) -> Result<Self, ImageError> {
        preprocess.check()?;
        check_size(width, height)?;
        let (columns, rows) = preprocess.windows(width, height);
        let resampler = preprocess.resampler(&columns, &rows);
        Ok(Self { preprocess: preprocess.clone(), columns, rows, next_row: 0, resampler })
    }

    /// The source rows that the crop depends on, counted from the top.
    ///
    /// Rows before them may be passed to [`Self::skip_rows`] without their pixels, and rows after
    /// them need not be pushed.
    #[must_use]
    pub fn wanted_rows(&self) -> Range<usize> {
        self.resampler.needed_rows()
    }

    /// The source columns that the crop depends on, counted from the left.
    #[must_use]
    pub fn wanted_columns(&self) -> Range<usize> {
        self.resampler.needed_columns()
    }

    /// The row that the next push begins with.
    #[must_use]
    pub fn next_row(&self) -> usize {
        self.next_row
    }

    /// Takes the next rows: `rgba` is `[rows, width, 4]`, whole rows of the whole width.
    ///
    /// The time is proportional to the bytes; a strip of one megapixel takes some milliseconds.
    ///
    /// # Errors
    /// [`ImageError::StripSize`] if `rgba` ends within a row or has more rows than are left.
    pub fn push_rows(&mut self, rgba: &[u8]) -> Result<(), ImageError> {
        self.push(rgba, 0..self.columns.axis.source)
    }

    /// Takes the next rows, of which only [`Self::wanted_columns`] are given: `rgba` is `[rows, wanted columns, 4]`.
    ///
    /// # Errors
    /// As of [`Self::push_rows`].
    pub fn push_wanted(&mut self, rgba: &[u8]) -> Result<(), ImageError> {
        self.push(rgba, self.wanted_columns())
    }

    /// Takes the next rows, of which these columns are given.
    fn push(&mut self, rgba: &[u8], columns: Range<usize>) -> Result<(), ImageError> {
        let row_bytes = columns.len() * 4;
        let rows_left = self.rows.axis.source - self.next_row;
        if !rgba.len().is_multiple_of(row_bytes) || rgba.len() / row_bytes > rows_left {
            return Err(ImageError::StripSize { got: rgba.len(), row_bytes, rows_left });
        }
        let (rows, wanted) = (self.wanted_rows(), self.wanted_columns());
        let from = (wanted.start - columns.start) * 4;
        for row in rgba.chunks_exact(row_bytes) {
            if rows.contains(&self.next_row) {
                self.resampler.push_row(row[from..from + wanted.len() * 4].as_chunks().0);
            }
            self.next_row += 1;
        }
        Ok(())
    }

    /// Skips the next `count` rows; the crop must not depend on any of them.
    ///
    /// # Errors
    /// [`ImageError::MissingRows`] if one of them is in [`Self::wanted_rows`]; nothing is skipped.
    pub fn skip_rows(&mut self, count: usize) -> Result<(), ImageError> {
        let wanted = self.wanted_rows();
        let end = self.next_row.saturating_add(count).min(self.rows.axis.source);
        let missing = self.next_row.max(wanted.start);
        if missing < end.min(wanted.end) {
            return Err(missing_rows(&wanted, missing));
        }
        self.next_row = end;
        Ok(())
    }

    /// Runs the vertical pass and normalises.
    ///
    /// # Errors
    /// [`ImageError::MissingRows`] if a row of [`Self::wanted_rows`] was not pushed.
    pub fn finish(self) -> Result<Prepared, ImageError> {
        let wanted = self.wanted_rows();
        if self.next_row < wanted.end {
            return Err(missing_rows(&wanted, self.next_row.max(wanted.start)));
        }
        Ok(self.preprocess.finish(&self.columns, &self.rows, self.resampler))
    }
}

fn missing_rows(wanted: &Range<usize>, missing: usize) -> ImageError {
    ImageError::MissingRows { first: wanted.start, last: wanted.end - 1, missing }
}
