//! Measures and colours of a layout, in points.

use doorstep_core::sheet::Layout;

/// A colour.
pub(super) type Rgb = (u8, u8, u8);

const MM: f32 = 72.0 / 25.4;

/// How a layout is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// Width of the paper.
    pub(super) width: f32,
    /// Height of the paper; on a roll, the most that is cut off at once.
    pub(super) height: f32,
    /// A roll is cut where the text ends, and has no page numbers.
    pub(super) is_roll: bool,
    /// Left and right.
    pub(super) side: f32,
    /// Above the text.
    pub(super) top: f32,
    /// Below it.
    pub(super) bottom: f32,
    /// Letters of the text.
    pub(super) body: f32,
    /// Letters of what stands below pictures and signatures.
    pub(super) small: f32,
    /// Letters of seals and print marks.
    pub(super) tiny: f32,
    /// Letters of headings of sections.
    pub(super) heading: f32,
    /// Letters of the title.
    pub(super) title: f32,
    /// Letters of the sum that counts.
    pub(super) total: f32,
    /// Facts, signatures and photos beside each other.
    pub(super) columns: usize,
    /// Room between them.
    pub(super) gutter: f32,
    /// Room for the names of facts.
    pub(super) term: f32,
    /// Height of a signature.
    pub(super) pad: f32,
    /// Height of a photo, at most.
    pub(super) photo: f32,
    /// Height of a box to be filled in by hand.
    pub(super) hand: f32,
    /// Side of the code to scan: the largest has 125 modules, and a phone wants a third of a millimetre for each.
    pub(super) code: f32,
    pub(super) ink: Rgb,
    pub(super) accent: Rgb,
    pub(super) soft: Rgb,
    pub(super) warn: Rgb,
    pub(super) rule: Rgb,
}

const BLACK: Rgb = (0, 0, 0);

static A4: Form = Form {
    width: 210.0 * MM,
    height: 297.0 * MM,
    is_roll: false,
    side: 14.0 * MM,
    top: 13.0 * MM,
    bottom: 15.0 * MM,
    body: 11.5,
    small: 10.5,
    tiny: 8.5,
    heading: 13.5,
    title: 22.0,
    total: 16.0,
    columns: 2,
    gutter: 17.0,
    term: 74.0,
    pad: 71.0,
    photo: 176.0,
    hand: 68.0,
    code: 125.0,
    ink: (11, 42, 102),
    accent: (11, 93, 87),
    soft: (68, 68, 68),
    warn: (170, 17, 17),
    rule: (150, 150, 150),
};

static ROLL: Form = Form {
    width: 80.0 * MM,
    height: 4000.0,
    is_roll: true,
    side: 4.0 * MM,
    top: 3.0 * MM,
    bottom: 6.0 * MM,
    body: 10.0,
    small: 9.0,
    tiny: 7.5,
    heading: 11.5,
    title: 16.0,
    total: 13.0,
    columns: 1,
    gutter: 0.0,
    term: 56.0,
    pad: 57.0,
    photo: 90.0,
    hand: 51.0,
    code: 158.0,
    ink: BLACK,
    accent: BLACK,
    soft: BLACK,
    warn: BLACK,
    rule: BLACK,
};

/// The form of a layout.
pub(super) fn of(layout: Layout) -> &'static Form {
    match layout {
        Layout::A4 => &A4,
        Layout::Receipt80mm => &ROLL,
    }
}

impl Form {
    /// Room for text from side to side.
    pub(super) fn measure(&self) -> f32 {
        self.width - 2.0 * self.side
    }

    /// Room for text from top to bottom.
    pub(super) fn depth(&self) -> f32 {
        self.height - self.top - self.bottom
    }

    /// The width of one of the columns.
    pub(super) fn column(&self) -> f32 {
        let columns = self.columns as f32;
        (self.measure() - self.gutter * (columns - 1.0)) / columns
    }
}
