//! Checking a copy: what was sealed, by whom, when, and exactly what differs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use serde_json::Value;

use super::make::key_id;
use super::{BadCopy, Copy, Difference, Paper, Seal, sums};
use crate::domain::ids::{Digest, OrgId};
use crate::domain::lang::{Lang, Text};
use crate::domain::money::Money;
use crate::domain::order::signing::{Capacity, Signer};
use crate::domain::order::statement::StatementKind;
use crate::domain::seal::{canonical, sealed_bytes, stated_bytes};
use crate::domain::time::Stamp;

/// A device key somebody vouches for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TrustedKey {
    /// The key.
    pub key: [u8; 32],
    /// The firm whose device has it.
    pub org: OrgId,
    /// The firm's name.
    pub org_name: Text,
}

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// The firm's code.
    pub org: String,
    /// The firm's name: of the trusted key, else as the copy says.
    pub org_name: Text,
    /// The key's short name.
    pub key_id: String,
    /// The kind of the first document: `sheet`, `quote`…; empty where it is left out.
    pub kind: String,
    /// The unit, as the first document says.
    pub unit: String,
    /// The resident, as the first document says.
    pub resident: String,
    /// The total of its prices, where it has any.
    pub total: Option<Money>,
    /// The seals, in the order of the copy.
    pub seals: Vec<CheckedSeal>,
    /// Whether documents and strokes are all there; a QR code may have had no room for them.
    pub whole: bool,
    /// What differs from what was sealed. Nothing: the copy is as it was sealed.
    pub differs: Vec<Difference>,
}

/// One seal, as the copy gives it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedSeal {
    /// `signed`, `objection`, `refused` or `absent`.
    pub outcome: String,
    /// Who signed; empty for an outcome without a signature.
    pub name: String,
    /// In what capacity.
    pub capacity: Option<Capacity>,
    /// The objection, or the reason why nobody signed.
    pub reason: String,
    /// When, on the device's clock.
    pub at: String,
    /// SHA-256 of the document.
    pub document: String,
}

impl Checked {
    /// Whether everything is as it was sealed, by a key that is known.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.differs.is_empty()
    }
}

/// Checks a copy against keys that are vouched for.
///
/// # Errors
/// [`BadCopy`] when it is no copy; what differs in one that is stands in [`Checked::differs`]. Never panics.
pub fn verify(bytes: &[u8], trusted: &[TrustedKey]) -> Result<Checked, BadCopy> {
    let copy = Copy::read(bytes)?;
    let mut found = Found(Vec::new());
    let raw = digest(&copy.key).map(|key| key.0);
    let key = raw.and_then(|raw| VerifyingKey::from_bytes(&raw).ok());
    let known = raw.and_then(|raw| trusted.iter().find(|known| known.key == raw));
    if known.is_none() {
        found.add(Difference::KeyUnknown);
    }
    if raw.is_none_or(|raw| key_id(&raw) != copy.key_id) {
        found.add(Difference::KeyId);
    }
    if known.is_some_and(|known| known.org.as_str() != copy.org) {
        found.add(Difference::Org);
    }
    let mut first = None;
    for paper in &copy.papers {
        let document = read(paper, &copy, &mut found);
        for seal in &paper.seals {
            check(seal, paper, &document, key.as_ref(), &mut found);
        }
        first.get_or_insert(document);
    }
    let first = first.unwrap_or_default();
    let is_whole = |paper: &Paper| {
        let inks = paper.seals.iter().all(|seal| seal.outcome != "signed" || seal.strokes.is_some());
        paper.document.is_some() && inks
    };
    Ok(Checked {
        org_name: known.map_or(&copy.org_name, |known| &known.org_name).clone(),
        kind: text(&first, "kind").to_owned(),
        unit: text(&first, "unit").to_owned(),
        resident: text(&first, "resident").to_owned(),
        total: sums::total(&first),
        seals: copy.papers.iter().flat_map(|paper| &paper.seals).map(shown).collect(),
        whole: copy.papers.iter().all(is_whole),
        differs: found.0,
        org: copy.org,
        key_id: copy.key_id,
    })
}

struct Found(Vec<Difference>);

impl Found {
    fn add(&mut self, difference: Difference) {
        if !self.0.contains(&difference) {
            self.0.push(difference);
        }
    }
}

/// The document as a value; null when there is none to read.
fn read(paper: &Paper, copy: &Copy, found: &mut Found) -> Value {
    let Some(document) = &paper.document else { return Value::Null };
    let value: Value = serde_json::from_str(document).unwrap_or_default();
    if !plain_numbers(&value) || canonical::to_vec(&value) != document.as_bytes() {
        found.add(Difference::NotCanonical);
    }
    for difference in sums::wrong(&value) {
        found.add(difference);
    }
    if text(&value, "org") != copy.org {
        found.add(Difference::Org);
    }
    value
}

/// Integers that every JSON reader keeps exactly: no document of ours holds others.
fn plain_numbers(value: &Value) -> bool {
    const EXACT: u64 = (1 << 53) - 1;
    match value {
        Value::Number(number) => number.as_i64().is_some_and(|n| n.unsigned_abs() <= EXACT),
        Value::Array(items) => items.iter().all(plain_numbers),
        Value::Object(map) => map.values().all(plain_numbers),
        _ => true,
    }
}

fn check(seal: &Seal, paper: &Paper, document: &Value, key: Option<&VerifyingKey>, found: &mut Found) {
    let actual = paper.document.as_ref().map(|text| Digest::of(text.as_bytes()));
    let strokes = seal.strokes.as_ref().map(|text| BASE64.decode(text).ok().map(|bytes| Digest::of(&bytes)));
    let named = digest(&seal.document);
    if actual.is_some() && actual != named {
        found.add(Difference::Document);
    }
    let name = || seal.name.clone().unwrap_or_default();
    if strokes.is_some_and(|strokes| strokes.is_none() || strokes != seal.ink.as_deref().and_then(digest)) {
        found.add(Difference::Strokes { name: name() });
    }
    let shown = text(document, "lang");
    if !shown.is_empty() && shown != seal.lang.tag() {
        found.add(Difference::Language);
    }
    let signature = BASE64.decode(&seal.seal).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
    let holds = |named: Option<Digest>, ink: Option<Digest>, lang: Lang| {
        let bytes = named.and_then(|named| sealed(seal, named, ink, lang));
        let at_hand = bytes.zip(signature).zip(key);
        at_hand.is_some_and(|((bytes, signature), key)| key.verify(&bytes, &signature).is_ok())
    };
    let ink = seal.ink.as_deref().and_then(digest);
    if holds(named, ink, seal.lang) {
        return;
    }
    // The signature says only that something differs. What else is at hand may make it hold: then that was changed.
    if actual.is_some() && holds(actual, ink, seal.lang) {
        found.add(Difference::Document);
    } else if strokes.flatten().is_some_and(|strokes| holds(named, Some(strokes), seal.lang)) {
        found.add(Difference::Strokes { name: name() });
    } else if Lang::ALL.into_iter().any(|lang| holds(named, ink, lang)) {
        found.add(Difference::Language);
    } else if seal.outcome == "signed" {
        found.add(Difference::Signer { name: name() });
    } else {
        found.add(Difference::Statement);
    }
}

/// The bytes that were signed, when the copy tells the truth; `None` when a field is missing, too many, or not written
/// the one way it is.
fn sealed(seal: &Seal, document: Digest, ink: Option<Digest>, lang: Lang) -> Option<Vec<u8>> {
    let at = Stamp::parse(&seal.at).filter(|at| at.to_string() == seal.at)?;
    let kind = match seal.outcome.as_str() {
        "signed" => None,
        "objection" => Some(StatementKind::Objection),
        "refused" => Some(StatementKind::Refused),
        "absent" => Some(StatementKind::Absent),
        _ => return None,
    };
    match (kind, &seal.name, &seal.capacity, ink, &seal.reason) {
        (None, Some(name), Some(capacity), Some(ink), None) => {
            let signer = Signer { name: name.clone(), capacity: capacity.clone() };
            Some(sealed_bytes(&document, &ink, &signer, lang, at))
        }
        (Some(kind), None, None, None, Some(reason)) => Some(stated_bytes(&document, kind, reason, lang, at)),
        _ => None,
    }
}

/// A digest in the one way it is written.
fn digest(text: &str) -> Option<Digest> {
    text.parse::<Digest>().ok().filter(|digest| digest.to_string() == text)
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn shown(seal: &Seal) -> CheckedSeal {
    CheckedSeal {
        outcome: seal.outcome.clone(),
        name: seal.name.clone().unwrap_or_default(),
        capacity: seal.capacity.clone(),
        reason: seal.reason.clone().unwrap_or_default(),
        at: seal.at.clone(),
        document: seal.document.clone(),
    }
}
