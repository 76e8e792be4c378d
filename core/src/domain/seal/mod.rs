//! Seals: what a person agrees to is a document, and the device signs exactly its bytes, the ink, the signer and the time.

pub(crate) mod canonical;
mod documents;
mod held;
pub mod ink;

pub use documents::{
    document_of, liability_document, mismatch_document, quote_document, sheet_document, take_away_document,
    unsolved_document,
};

pub use held::{Held, held};

use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde_json::json;

use super::ids::Digest;
use super::lang::Lang;
use super::order::signing::{Ink, Signed, Signer};
use super::order::statement::{Statement, StatementKind, StatementSeal};
use super::time::Stamp;

/// A document as it is sealed: canonical JSON (RFC 8785).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    bytes: Vec<u8>,
}

impl Document {
    /// A document kept as it was sealed. Whoever shows it holds its digest against the seal.
    #[must_use]
    pub fn from_canonical(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SHA-256 a seal holds.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }
}

/// The bytes the device key signs: canonical JSON of document, ink, signer, language and time.
#[must_use]
pub fn sealed_bytes(document: &Digest, ink: &Digest, signer: &Signer, lang: Lang, at: Stamp) -> Vec<u8> {
    let capacity = serde_json::to_value(&signer.capacity).unwrap_or_default();
    canonical::to_vec(&json!({
        "at": at.to_string(),
        "capacity": capacity,
        "document": document.to_string(),
        "ink": ink.to_string(),
        "lang": lang.tag(),
        "name": signer.name,
        "v": 1,
    }))
}

/// Seals a document with the device key.
#[must_use]
pub fn seal(
    key: &SigningKey,
    document: &Document,
    ink: Ink,
    signer: Signer,
    lang: Lang,
    at: Stamp,
) -> Signed {
    let document = document.digest();
    let seal = key.sign(&sealed_bytes(&document, &ink.digest, &signer, lang, at)).to_bytes().to_vec();
    Signed { signer, document, lang, ink, at, seal }
}

/// Whether the seal is the enrolled device's, over exactly this document digest, ink, signer, language and time.
#[must_use]
pub fn verify(key: &VerifyingKey, signed: &Signed) -> bool {
    let Ok(signature) = Signature::from_slice(&signed.seal) else { return false };
    let bytes = sealed_bytes(&signed.document, &signed.ink.digest, &signed.signer, signed.lang, signed.at);
    key.verify(&bytes, &signature).is_ok()
}

/// The bytes the device key signs for a statement: canonical JSON of document, kind, words, language and time.
#[must_use]
pub fn stated_bytes(document: &Digest, kind: StatementKind, text: &str, lang: Lang, at: Stamp) -> Vec<u8> {
    canonical::to_vec(&json!({
        "at": at.to_string(),
        "document": document.to_string(),
        "lang": lang.tag(),
        "outcome": kind.word(),
        "reason": text,
        "v": 1,
    }))
}

/// Seals with the device key that a document was shown and what was said to it.
#[must_use]
pub fn seal_statement(
    key: &SigningKey,
    document: &Document,
    kind: StatementKind,
    text: &str,
    lang: Lang,
    at: Stamp,
) -> StatementSeal {
    let document = document.digest();
    let seal = key.sign(&stated_bytes(&document, kind, text, lang, at)).to_bytes().to_vec();
    StatementSeal { document, lang, at, seal }
}

/// Whether a statement carries the device's seal over exactly its document, kind, words, language and time.
#[must_use]
pub fn verify_statement(key: &VerifyingKey, kind: StatementKind, statement: &Statement) -> bool {
    let Some(sealed) = &statement.sealed else { return false };
    let Ok(signature) = Signature::from_slice(&sealed.seal) else { return false };
    let bytes = stated_bytes(&sealed.document, kind, &statement.text, sealed.lang, sealed.at);
    key.verify(&bytes, &signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::order::signing::Capacity;

    #[test]
    fn one_changed_byte_breaks_a_seal() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let document = Document { bytes: br#"{"total":12050}"#.to_vec() };
        let signer =
            Signer { name: "陳美玲".to_owned(), capacity: Capacity::Relative("女兒".to_owned()) };
        let at = Stamp::parse("2026-11-25T10:00:00+08:00").unwrap();
        let signed = seal(&key, &document, Ink::from_bytes(vec![1, 2, 3]), signer, Lang::ZhHant, at);
        let public = key.verifying_key();
        assert!(verify(&public, &signed));

        let broken = |change: fn(&mut Signed)| {
            let mut copy = signed.clone();
            change(&mut copy);
            !verify(&public, &copy)
        };
        assert!(broken(|s| s.document = Digest::of(b"{\"total\":12051}")));
        assert!(broken(|s| s.ink = Ink::from_bytes(vec![1, 2, 4])));
        assert!(broken(|s| s.signer.name.push('x')));
        assert!(broken(|s| s.signer.capacity = Capacity::Resident));
        assert!(broken(|s| s.lang = Lang::En));
        assert!(broken(|s| s.at.utc_ms += 1));
        assert!(broken(|s| s.seal[0] ^= 1));
        assert!(broken(|s| s.seal.truncate(63)));
        assert!(!verify(&SigningKey::from_bytes(&[8; 32]).verifying_key(), &signed));
    }

    #[test]
    fn a_refusal_is_sealed_like_a_signature() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let document = Document { bytes: br#"{"total":12050}"#.to_vec() };
        let at = Stamp::parse("2026-11-25T10:00:00+08:00").unwrap();
        let (kind, text) = (StatementKind::Refused, "價錢偏高");
        let sealed = seal_statement(&key, &document, kind, text, Lang::ZhHant, at);
        let statement = Statement { text: text.to_owned(), sealed: Some(sealed) };
        let public = key.verifying_key();
        assert!(verify_statement(&public, kind, &statement));
        assert!(!verify_statement(&public, StatementKind::Absent, &statement));
        assert!(!verify_statement(&public, kind, &text.into()), "words alone are not sealed");

        let broken = |change: fn(&mut Statement, &mut StatementSeal)| {
            let (mut copy, mut sealed) = (statement.clone(), statement.sealed.clone().unwrap());
            change(&mut copy, &mut sealed);
            copy.sealed = Some(sealed);
            !verify_statement(&public, kind, &copy)
        };
        assert!(broken(|s, _| s.text.push('!')));
        assert!(broken(|_, s| s.document = Digest::of(b"{\"total\":12051}")));
        assert!(broken(|_, s| s.lang = Lang::En));
        assert!(broken(|_, s| s.at.utc_ms += 1));
        assert!(broken(|_, s| s.seal[0] ^= 1));
        assert!(broken(|_, s| s.seal.truncate(63)));
    }
}
