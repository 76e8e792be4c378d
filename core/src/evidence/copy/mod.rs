//! The resident's copy 客戶聯: a sealed document with everything needed to check it years later, in one JSON text.
//!
//! `doorstep-copy` version 1. Nothing in it has to be believed: the document is bound by its digest, the strokes by
//! theirs, both with the signer and the time by the device's signature, and the device's key is known to its firm.

mod acts;
mod difference;
mod link;
mod make;
mod replay;
mod sums;
#[cfg(test)]
mod tests;
mod verify;

pub use self::acts::{Act, acts};
pub use self::difference::Difference;
pub use self::link::{BadLink, Link, MAX_VERSION, link, open};
pub use self::make::{Issuer, NoCopy, key_id, make};
pub use self::replay::documents;
pub use self::verify::{Checked, CheckedSeal, TrustedKey, verify};

use serde::{Deserialize, Serialize};

use crate::domain::lang::{Lang, Text};
use crate::domain::order::signing::Capacity;

/// What every copy names itself.
pub const FORMAT: &str = "doorstep-copy";
/// The version this code writes, and the only one it reads so far.
pub const VERSION: u32 = 1;
/// The longest copy that is read, in bytes: several signatures of the most points stay below it.
pub const MAX_BYTES: usize = 512 * 1024;
/// The most papers in a copy, and the most seals under one.
pub const MAX_PARTS: usize = 8;

/// A copy as it is written. Text throughout, so that it can be checked with tools of one's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copy {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub v: u32,
    /// The firm's code, as in the document.
    pub org: String,
    /// The firm's name when the copy was made; for people, under no seal.
    pub org_name: Text,
    /// The device's Ed25519 public key, 64 hexadecimal digits.
    pub key: String,
    /// The first 16 hexadecimal digits of the key's SHA-256: short enough to be read aloud.
    pub key_id: String,
    /// What was sealed. A sheet that two people signed in two languages is two papers.
    pub papers: Vec<Paper>,
}

/// One document and the seals under it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The exact document: canonical JSON (RFC 8785). Left out where a QR code had no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The seals under it.
    pub seals: Vec<Seal>,
}

/// One seal: a signature, or an outcome without one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// `signed`, `objection`, `refused` or `absent`.
    pub outcome: String,
    /// Who signed, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// In what capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// The objection, or the reason why nobody signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The language the document was shown in.
    pub lang: Lang,
    /// When, on the device's clock.
    pub at: String,
    /// SHA-256 of the document, 64 hexadecimal digits.
    pub document: String,
    /// SHA-256 of the strokes, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ink: Option<String>,
    /// The encoded strokes, base64. Left out where a QR code had no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strokes: Option<String>,
    /// The device key's signature, base64.
    pub seal: String,
}

/// Why a text is not a copy that can be checked.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadCopy {
    /// Longer than [`MAX_BYTES`], or with more than [`MAX_PARTS`] papers or seals.
    #[error("the copy is too large")]
    TooLarge,
    /// Not a copy at all.
    #[error("not a copy: {0}")]
    Malformed(String),
    /// A copy of a version this code does not know.
    #[error("a copy of version {0}; this program checks version {VERSION}")]
    Version(u32),
}

impl BadCopy {
    /// In words for the person who holds it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::TooLarge => lang
                .pick([
                    "這份文件太大，不是客戶聯",
                    "这份文件太大，不是客户联",
                    "This is too large to be a copy",
                ])
                .to_owned(),
            Self::Malformed(_) => lang
                .pick([
                    "這不是完整的客戶聯，無法查驗",
                    "这不是完整的客户联，无法查验",
                    "This is not a whole copy; it cannot be checked",
                ])
                .to_owned(),
            Self::Version(version) => lang.pick([
                format!("客戶聯的版本是 {version}，這裡不認識"),
                format!("客户联的版本是 {version}，这里不认识"),
                format!("The copy is of version {version}, which is not known here"),
            ]),
        }
    }
}

impl Copy {
    /// Reads a copy.
    ///
    /// # Errors
    /// See [`BadCopy`]; never panics, whatever the bytes.
    pub fn read(bytes: &[u8]) -> Result<Self, BadCopy> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            v: u32,
        }
        if bytes.len() > MAX_BYTES {
            return Err(BadCopy::TooLarge);
        }
        let malformed = |e: serde_json::Error| BadCopy::Malformed(e.to_string());
        let head: Head = serde_json::from_slice(bytes).map_err(malformed)?;
        if head.format != FORMAT {
            return Err(BadCopy::Malformed(format!("its format is {:?}", head.format)));
        }
        if head.v != VERSION {
            return Err(BadCopy::Version(head.v));
        }
        let copy: Self = serde_json::from_slice(bytes).map_err(malformed)?;
        if copy.papers.len() > MAX_PARTS || copy.papers.iter().any(|paper| paper.seals.len() > MAX_PARTS) {
            return Err(BadCopy::TooLarge);
        }
        if copy.papers.is_empty() || copy.papers.iter().any(|paper| paper.seals.is_empty()) {
            return Err(BadCopy::Malformed("nothing is sealed in it".to_owned()));
        }
        Ok(copy)
    }

    /// The copy as text, one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings and numbers only: serialising them into memory has no failing path.
        serde_json::to_string(self).unwrap_or_default()
    }
}
