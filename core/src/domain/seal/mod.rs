//! Seals: what a person agrees to is a document, and the device signs exactly its bytes, the ink, the signer and the time.

mod canonical;
mod documents;
pub mod ink;

pub use documents::{
    liability_document, mismatch_document, quote_document, sheet_document, take_away_document,
    unsolved_document,
};

use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde_json::json;

use super::ids::Digest;
use super::lang::Lang;
use super::order::signing::{Ink, Signed, Signer};
use super::time::Stamp;

/// A document as it is sealed: canonical JSON (RFC 8785).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    bytes: Vec<u8>,
}

impl Document {
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
}
