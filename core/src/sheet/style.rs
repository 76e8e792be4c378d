//! How a sheet looks: one style sheet for each layout, inside the document. Large letters: whoever signed at seventy
//! must be able to read what they signed.

use base64::Engine as _;
use sha2::Digest as _;

use super::Layout;

/// The whole style of each layout. Chinese takes the letter shapes of its script from the language tag and the families
/// named in the common part.
const A4: &str = concat!(include_str!("style/common.css"), include_str!("style/a4.css"));
const RECEIPT: &str = concat!(include_str!("style/common.css"), include_str!("style/receipt.css"));

/// The style of a layout.
pub(super) fn of(layout: Layout) -> &'static str {
    match layout {
        Layout::A4 => A4,
        Layout::Receipt80mm => RECEIPT,
    }
}

/// The class of the document's body.
pub(super) fn class(layout: Layout) -> &'static str {
    match layout {
        Layout::A4 => "a4",
        Layout::Receipt80mm => "receipt",
    }
}

/// The content security policy of a sheet: this style and the pictures inside it, and nothing else at all.
#[must_use]
pub fn content_policy(layout: Layout) -> String {
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(of(layout)));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
}
