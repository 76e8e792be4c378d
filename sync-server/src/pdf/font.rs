//! The two fonts inside the program, and which glyph of which font a character takes in a language (decision 0014).

use std::sync::LazyLock;

use doorstep_core::domain::lang::Lang;
use krilla::text::{Font, GlyphId};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};

/// Traditional shapes of everything there is.
const TRADITIONAL: &[u8] = include_bytes!("../../assets/fonts/sheet-tc.otf");
/// What has another shape in Simplified text.
const SIMPLIFIED: &[u8] = include_bytes!("../../assets/fonts/sheet-sc.otf");

static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| {
    Some(Fonts { traditional: Face::read(TRADITIONAL)?, simplified: Face::read(SIMPLIFIED)? })
});

/// One font.
pub(super) struct Face {
    pub(super) font: Font,
    map: Charmap<'static>,
    widths: GlyphMetrics<'static>,
    units: f32,
}

/// The fonts of the papers.
pub(super) struct Fonts {
    traditional: Face,
    simplified: Face,
}

/// A character as it is set: which font, which glyph, how wide in ems.
#[derive(Clone, Copy)]
pub(super) struct Set {
    pub(super) simplified: bool,
    pub(super) glyph: GlyphId,
    pub(super) width: f32,
}

/// The fonts; `None` when those in the program cannot be read.
pub(super) fn fonts() -> Option<&'static Fonts> {
    FONTS.as_ref()
}

/// Whether the fonts have a character.
#[must_use]
pub fn is_printable(c: char, lang: Lang) -> bool {
    fonts().is_some_and(|fonts| fonts.set(c, lang).is_some())
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let read = FontRef::new(bytes).ok()?;
        Some(Self {
            font: Font::new(bytes.into(), 0)?,
            map: read.charmap(),
            widths: read.glyph_metrics(Size::unscaled(), LocationRef::default()),
            units: f32::from(read.metrics(Size::unscaled(), LocationRef::default()).units_per_em),
        })
    }

    fn set(&self, c: char, simplified: bool) -> Option<Set> {
        let glyph = self.map.map(c)?;
        let width = self.widths.advance_width(glyph)? / self.units;
        Some(Set { simplified, glyph: GlyphId::new(glyph.to_u32()), width })
    }
}

impl Fonts {
    /// The glyph of a character; Simplified text takes the Simplified shape where there is one.
    pub(super) fn set(&self, c: char, lang: Lang) -> Option<Set> {
        let own = (lang == Lang::ZhHans).then(|| self.simplified.set(c, true)).flatten();
        own.or_else(|| self.traditional.set(c, false))
    }

    pub(super) fn face(&self, set: Set) -> &Face {
        if set.simplified { &self.simplified } else { &self.traditional }
    }

    /// The width of a text in ems.
    pub(super) fn width(&self, text: &str, lang: Lang) -> f32 {
        text.chars().filter_map(|c| self.set(c, lang)).map(|set| set.width).sum()
    }

    /// A text with every character the fonts lack named by its code, so that nobody takes a gap for nothing: 〔U+2A6D6〕.
    ///
    /// Characters that are no letters but change others (direction, control, variants of a shape) are left out.
    pub(super) fn settable(&self, text: &str, lang: Lang) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\n' => out.push('\n'),
                '\t' => out.push(' '),
                c if c.is_control() || is_invisible(c) => {}
                c if self.set(c, lang).is_some() => out.push(c),
                c => out.push_str(&format!("〔U+{:04X}〕", u32::from(c))),
            }
        }
        out
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}
