//! Making a copy: from seals, and the bytes they are over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::VerifyingKey;

use super::{Copy, FORMAT, Paper, Seal, VERSION};
use crate::domain::ids::{Digest, OrgId};
use crate::domain::lang::Text;
use crate::domain::seal::Held;

/// Whose copy it is.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The firm.
    pub org: OrgId,
    /// Its name.
    pub org_name: Text,
    /// The device that sealed.
    pub key: VerifyingKey,
}

/// Why there is no copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoCopy {
    /// Nothing is sealed here.
    #[error("nothing was sealed")]
    NothingSealed,
    /// The document's bytes are not here.
    #[error("the document {0} is not here")]
    NoDocument(Digest),
    /// The strokes are not here.
    #[error("the strokes {0} are not here")]
    NoStrokes(Digest),
    /// Another device sealed it.
    #[error("another device sealed it")]
    OtherDevice,
}

/// The name of a key: the first 16 hexadecimal digits of its SHA-256.
#[must_use]
pub fn key_id(key: &[u8; 32]) -> String {
    Digest::of(key).to_string().chars().take(16).collect()
}

/// Makes a copy of what these seals are over; `document` and `ink` find bytes by their digest.
///
/// # Errors
/// See [`NoCopy`].
pub fn make(
    issuer: &Issuer,
    seals: &[Held<'_>],
    document: impl Fn(&Digest) -> Option<Vec<u8>>,
    ink: impl Fn(&Digest) -> Option<Vec<u8>>,
) -> Result<Copy, NoCopy> {
    let mut papers: Vec<(Digest, Paper)> = Vec::new();
    for held in seals {
        let (digest, _) = held.document().ok_or(NoCopy::NothingSealed)?;
        if !held.verify(&issuer.key) {
            return Err(NoCopy::OtherDevice);
        }
        let seal = written(held, digest, &ink)?;
        if let Some((_, paper)) = papers.iter_mut().find(|(known, _)| *known == digest) {
            paper.seals.push(seal);
            continue;
        }
        let missing = NoCopy::NoDocument(digest);
        let bytes = document(&digest).filter(|bytes| Digest::of(bytes) == digest).ok_or(missing)?;
        let text = String::from_utf8(bytes).map_err(|_| missing)?;
        papers.push((digest, Paper { document: Some(text), seals: vec![seal] }));
    }
    if papers.is_empty() {
        return Err(NoCopy::NothingSealed);
    }
    let key = issuer.key.to_bytes();
    Ok(Copy {
        format: FORMAT.to_owned(),
        v: VERSION,
        org: issuer.org.to_string(),
        org_name: issuer.org_name.clone(),
        key: Digest(key).to_string(),
        key_id: key_id(&key),
        papers: papers.into_iter().map(|(_, paper)| paper).collect(),
    })
}

fn written(
    held: &Held<'_>,
    document: Digest,
    ink: impl Fn(&Digest) -> Option<Vec<u8>>,
) -> Result<Seal, NoCopy> {
    let document = document.to_string();
    match held {
        Held::Signature(signed) => {
            let digest = signed.ink.digest;
            let strokes = ink(&digest).filter(|bytes| Digest::of(bytes) == digest);
            Ok(Seal {
                outcome: "signed".to_owned(),
                name: Some(signed.signer.name.clone()),
                capacity: Some(signed.signer.capacity.clone()),
                reason: None,
                lang: signed.lang,
                at: signed.at.to_string(),
                document,
                ink: Some(digest.to_string()),
                strokes: Some(BASE64.encode(strokes.ok_or(NoCopy::NoStrokes(digest))?)),
                seal: BASE64.encode(&signed.seal),
            })
        }
        Held::Statement(kind, statement) => {
            let sealed = statement.sealed.as_ref().ok_or(NoCopy::NothingSealed)?;
            Ok(Seal {
                outcome: kind.word().to_owned(),
                name: None,
                capacity: None,
                reason: Some(statement.text.clone()),
                lang: sealed.lang,
                at: sealed.at.to_string(),
                document,
                ink: None,
                strokes: None,
                seal: BASE64.encode(&sealed.seal),
            })
        }
    }
}
