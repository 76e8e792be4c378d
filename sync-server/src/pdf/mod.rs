//! The papers of a visit as PDF: the same blocks the core composes for HTML, set on pages with the server's own fonts.
//!
//! Blocks become pieces with a height ([`set`]), pieces fill pages ([`flow`]), pages are painted ([`paint`]). There is no
//! shaping here: Chinese and Latin need none, and every character is one glyph ([`font`]), which also keeps the text of
//! the file as it was written.

mod flow;
mod font;
mod form;
mod line;
mod paint;
mod piece;
mod set;
#[cfg(test)]
mod tests;

use doorstep_core::sheet::Layout;
use doorstep_core::sheet::block::Sheet;

pub use self::font::is_printable;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The fonts inside the program cannot be read.
    #[error("the fonts of the server cannot be read")]
    Fonts,
    /// The file could not be written.
    #[error("the PDF could not be made: {0}")]
    Write(String),
}

/// A composed paper as a PDF file. The same paper gives the same bytes.
///
/// # Errors
/// [`PdfError`], for a fault of the program alone: whatever anybody wrote can be printed.
pub fn render(sheet: &Sheet<'_>, layout: Layout) -> Result<Vec<u8>, PdfError> {
    let fonts = font::fonts().ok_or(PdfError::Fonts)?;
    let form = form::of(layout);
    let pages = flow::pages(set::sections(sheet, form, fonts), form);
    paint::paint(sheet, &pages, form, fonts)
}
