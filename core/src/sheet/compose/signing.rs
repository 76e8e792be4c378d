//! Signatures and what stands in their place: refusal, absence and objection are outcomes, shown as plainly as a signature (R71, R86 to R89).

use super::{Making, Pairs, section, together};
use crate::domain::ids::Digest;
use crate::domain::order::signing::{Outcome, Signed};
use crate::sheet::block::{Block, Section, Signature, Standing};
use crate::words::{in_brackets, labels};

/// Hexadecimal digits of a digest that are printed, in groups of four.
const SHOWN_DIGITS: usize = 16;

/// What came of asking for a signature.
pub(super) fn of_outcome<'a>(title: &str, outcome: &'a Outcome, making: &Making<'a>) -> Signature<'a> {
    let standing = match outcome {
        Outcome::Signed(_) => Standing::Signed,
        Outcome::SignedWithObjection(..) => Standing::Objection,
        Outcome::Refused(_) => Standing::Refused,
        Outcome::Absent(_) => Standing::Absent,
    };
    let signature = Signature {
        title: title.to_owned(),
        standing,
        outcome: labels::outcome(outcome, making.lang),
        reason: outcome.reason().unwrap_or_default().to_owned(),
        signer: String::new(),
        at: String::new(),
        ink: None,
        ink_digest: None,
        seal: String::new(),
    };
    match outcome.signed() {
        Some(signed) => with(signature, signed, making),
        None => signature,
    }
}

fn of_signed<'a>(title: &str, signed: &'a Signed, making: &Making<'a>) -> Signature<'a> {
    let signature =
        Signature { standing: Standing::Signed, outcome: labels::signed(making.lang), ..open(title, making) };
    with(signature, signed, making)
}

fn with<'a>(signature: Signature<'a>, signed: &'a Signed, making: &Making<'a>) -> Signature<'a> {
    let capacity = labels::capacity(&signed.signer.capacity, making.lang);
    let language = labels::language(signed.lang);
    let shown = format!("{} {language}", making.words.shown_in);
    Signature {
        signer: format!("{} · {capacity}", signed.signer.name),
        at: making.clock.zoned(signed.at),
        ink: making.input.inks.get(&signed.ink.digest).map(Vec::as_slice),
        ink_digest: Some(signed.ink.digest),
        seal: format!(
            "{} {}{}",
            making.words.seal,
            short(&signed.document),
            in_brackets(making.lang, &shown)
        ),
        ..signature
    }
}

fn open<'a>(title: &str, making: &Making<'a>) -> Signature<'a> {
    Signature {
        title: title.to_owned(),
        standing: Standing::Open,
        outcome: making.words.not_signed,
        reason: String::new(),
        signer: String::new(),
        at: String::new(),
        ink: None,
        ink_digest: None,
        seal: String::new(),
    }
}

/// The first digits of a digest, readable aloud.
pub(super) fn short(digest: &Digest) -> String {
    let digits: Vec<char> = digest.to_string().chars().take(SHOWN_DIGITS).collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// What the resident said to being liable (R69).
pub(super) fn liability<'a>(making: &Making<'a>) -> Option<Signature<'a>> {
    let outcome = making.input.order.diagnosis.as_ref()?.acknowledged.as_ref()?;
    Some(of_outcome(making.terms.liability_signed, outcome, making))
}

/// The sign-off with rating and opinion, and before it what the resident signed of an unsolved visit.
pub(super) fn signatures<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let (order, terms, words) = (making.input.order, making.terms, making.words);
    let unsolved = order.visits.values().filter_map(|visit| visit.unsolved.as_ref()?.signed.as_ref());
    let unsolved = unsolved.map(|signed| of_signed(words.unsolved_signature, signed, making)).collect();
    let mut pairs = Pairs::default();
    let mut last = Vec::new();
    if let Some(sign_off) = order.sign_off() {
        if let Some(rating) = sign_off.rating {
            pairs.add(terms.rating, stars(rating, making));
        }
        pairs.wide(terms.opinion, sign_off.opinion.as_str());
        last.push(of_signed(terms.technician_signature, &sign_off.technician, making));
        last.push(of_outcome(terms.resident_signature, &sign_off.resident, making));
    } else {
        last.push(open(terms.technician_signature, making));
        last.push(open(terms.resident_signature, making));
    }
    let blocks = vec![Block::Signatures(unsolved), Block::Pairs(pairs.0), Block::Signatures(last)];
    together(section(words.signatures, blocks))
}

fn stars(rating: u8, making: &Making<'_>) -> String {
    let filled = usize::from(rating.min(5));
    format!("{}{} {rating} {}", "★".repeat(filled), "☆".repeat(5 - filled), making.words.stars_of)
}
