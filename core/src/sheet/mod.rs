//! The service sheet 服務單 of a visit, the pick-up receipt 取機憑證 and the gate pass 出門條: one composition into blocks,
//! walked by every renderer. [`html`] is for screens, browsers' print and receipt printers; the server's PDF walks the
//! same blocks, so no paper says something another does not.
//!
//! Pure: order, rules, names, strokes and thumbnails in, a document out. Phone and server make the same sheet.

pub mod block;
mod clock;
mod compose;
mod html;
mod style;
pub mod texts;

use std::collections::BTreeMap;

use crate::domain::decide::Rulebook;
use crate::domain::ids::{Digest, FactId, OrderId, PersonId};
use crate::domain::lang::Lang;
use crate::domain::order::Order;
use crate::domain::time::Stamp;

pub use self::compose::compose;
pub use self::style::content_policy;

/// Everything a sheet is made of.
#[derive(Clone, Copy, Debug)]
pub struct SheetInput<'a> {
    /// The order's id: printed small, it finds the order even before there is a number.
    pub id: OrderId,
    /// The order.
    pub order: &'a Order,
    /// The firm's name, in the language of the sheet.
    pub firm: &'a str,
    /// The firm's rules: what copies carry, what checklists ask, when a follow-up is due.
    pub rulebook: &'a Rulebook,
    /// Names of the firm's people.
    pub people: &'a BTreeMap<PersonId, String>,
    /// Encoded strokes of the signatures, by digest. Those that are not there are said to be missing.
    pub inks: &'a BTreeMap<Digest, Vec<u8>>,
    /// Small JPEGs of the photos, by the picture's digest. Those that are not there are counted.
    pub thumbnails: &'a BTreeMap<Digest, Vec<u8>>,
    /// Days of warranty by price-list code (see [`crate::words::names::warranty`]).
    pub warranty_days: &'a BTreeMap<String, u32>,
    /// A code to scan that leads to the check of what was sealed. The office's copy never carries it.
    pub code: Option<&'a block::Code>,
    /// The moment the sheet is made.
    pub now: Stamp,
}

/// The thumbnails of an order's photos by picture, as [`SheetInput::thumbnails`] takes them, from what travels beside the
/// facts by its own digest.
#[must_use]
pub fn thumbnails(order: &Order, beside: &BTreeMap<Digest, Vec<u8>>) -> BTreeMap<Digest, Vec<u8>> {
    let photos = order.visits.values().flat_map(|visit| visit.photos.values());
    photos.filter_map(|photo| Some((photo.picture, beside.get(&photo.thumbnail?)?.clone()))).collect()
}

/// Which paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PaperKind {
    /// The service sheet (R86 to R91).
    #[default]
    Service,
    /// The pick-up receipt of one taking away (R74).
    PickUp(FactId),
    /// The gate pass for the things of one taking away (R78).
    GatePass(FactId),
}

/// Which of the three copies 三聯 (R9). They differ in what their reader needs, never in what was agreed.
///
/// * Office: everything, with custody, waived rules, what was flagged, and how the resident was reached.
/// * Technician: what was done and what is still to be handed in; the resident's phone shortened.
/// * Resident: what was found, done, agreed, paid and signed, and where to turn; nothing of the firm's own affairs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Copy {
    /// 存根聯, filed (R98, R99).
    Office,
    /// 維修員聯, handed in with forms and money (R97).
    Technician,
    /// 客戶留存聯 (R91).
    #[default]
    Resident,
}

impl Copy {
    /// All three, in the order pages offer them.
    pub const ALL: [Self; 3] = [Self::Resident, Self::Technician, Self::Office];

    /// The copy's name in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Technician => "technician",
            Self::Resident => "resident",
        }
    }

    /// Reads a copy's name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|copy| copy.code() == code)
    }
}

/// What the sheet is printed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Layout {
    /// A4 paper.
    #[default]
    A4,
    /// The 80 mm roll of a receipt printer.
    Receipt80mm,
}

impl Layout {
    /// All layouts.
    pub const ALL: [Self; 2] = [Self::A4, Self::Receipt80mm];

    /// The layout's name in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::Receipt80mm => "80mm",
        }
    }

    /// Reads a layout's name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.code() == code)
    }
}

/// Nothing was taken away under this fact: there is no receipt and no pass for it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("nothing was taken away under {0}")]
pub struct NoSuchPaper(pub FactId);

/// A paper as one self-contained HTML document: it loads nothing from anywhere, so it prints and can be handed on offline.
///
/// # Errors
/// When a receipt or pass is asked for something that was not taken away.
pub fn html(
    input: &SheetInput<'_>,
    kind: PaperKind,
    copy: Copy,
    lang: Lang,
    layout: Layout,
) -> Result<String, NoSuchPaper> {
    Ok(html::render(&compose(input, kind, copy, lang)?, layout))
}
