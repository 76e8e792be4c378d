//! A copy verifies, and one changed byte, price, stroke or word does not, and says what differs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

use super::*;
use crate::domain::ids::{Digest, OrgId};
use crate::domain::order::signing::{Ink, Signed, Signer};
use crate::domain::order::statement::{Statement, StatementKind};
use crate::domain::seal::ink::{self, InkPoint};
use crate::domain::seal::{Document, Held, seal, seal_statement};
use crate::domain::time::Stamp;

const QUOTE: &str = r#"{"body":{"agreed":true,"asks_consent_for":["角閥","人工"],"quote":"0197f3f0-0000-7000-8000-000000000001.0","terms":{"discount":{"currency":"CNY","minor":500},"lines":[{"amount":{"currency":"CNY","minor":8000},"code":"JF-15","name":"角閥","quantity":1000,"unit_price":{"currency":"CNY","minor":8000}},{"amount":{"currency":"CNY","minor":7500},"code":"","name":"人工","quantity":1500,"unit_price":{"currency":"CNY","minor":5000}}],"reason":"角閥老化","total":{"currency":"CNY","minor":15000}}},"kind":"quote","lang":"zh-Hant","order":"0197f3f0-0000-7000-8000-000000000000","org":"emerald-lake","resident":"李婉儀","unit":"3-1502","v":1,"visit":1}"#;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn issuer() -> Issuer {
    let org_name = Text::new("翠湖物業", "翠湖物业", "Emerald Lake");
    Issuer { org: OrgId::from("emerald-lake"), org_name, key: key().verifying_key() }
}

fn trusted() -> Vec<TrustedKey> {
    let Issuer { org, org_name, key } = issuer();
    vec![TrustedKey { key: key.to_bytes(), org, org_name }]
}

fn at() -> Stamp {
    Stamp::parse("2026-11-25T14:20:00+08:00").unwrap()
}

fn strokes(points: i32) -> Ink {
    let point = |i: i32| InkPoint { x: i * 170, y: i % 3 * 90, t: i as u32 * 9, pressure: 90 + i as u8 };
    ink::encode(&[(0..points).map(point).collect()]).unwrap()
}

fn signed() -> Signed {
    let document = Document::from_canonical(QUOTE.as_bytes().to_vec());
    let signer = Signer { name: "李婉儀".to_owned(), capacity: Capacity::Relative("女兒".to_owned()) };
    seal(&key(), &document, strokes(5), signer, Lang::ZhHant, at())
}

fn stated() -> Statement {
    let document = Document::from_canonical(QUOTE.as_bytes().to_vec());
    let text = "價錢偏高";
    let sealed = seal_statement(&key(), &document, StatementKind::Objection, text, Lang::ZhHant, at());
    Statement { text: text.to_owned(), sealed: Some(sealed) }
}

fn copy() -> Copy {
    let (signed, stated) = (signed(), stated());
    let held = [Held::Signature(&signed), Held::Statement(StatementKind::Objection, &stated)];
    make(&issuer(), &held, |_| Some(QUOTE.as_bytes().to_vec()), |_| Some(strokes(5).bytes)).unwrap()
}

fn check(change: impl FnOnce(&mut Copy)) -> Vec<&'static str> {
    let mut copy = copy();
    change(&mut copy);
    let checked = verify(copy.to_json().as_bytes(), &trusted()).unwrap();
    assert_eq!(checked.is_verified(), checked.differs.is_empty());
    checked.differs.iter().map(Difference::code).collect()
}

fn in_document(from: &str, to: &str) -> Vec<&'static str> {
    check(|copy| {
        let document = copy.papers[0].document.as_mut().unwrap();
        assert!(document.contains(from), "{from}");
        *document = document.replacen(from, to, 1);
    })
}

#[test]
fn a_copy_says_what_was_sealed_by_whom_and_when() {
    let checked = verify(copy().to_json().as_bytes(), &trusted()).unwrap();
    assert_eq!(checked.differs, []);
    assert!(checked.whole);
    assert_eq!((checked.kind.as_str(), checked.org.as_str()), ("quote", "emerald-lake"));
    assert_eq!(checked.key_id, key_id(&key().verifying_key().to_bytes()));
    let [signature, objection] = checked.seals.as_slice() else { panic!("{:?}", checked.seals) };
    assert_eq!((signature.outcome.as_str(), signature.name.as_str()), ("signed", "李婉儀"));
    assert_eq!((objection.outcome.as_str(), objection.reason.as_str()), ("objection", "價錢偏高"));
    assert_eq!(objection.at, "2026-11-25T14:20:00.000+08:00");
}

#[test]
fn what_differs_is_named() {
    // Prices: what no longer adds up is pointed at.
    assert_eq!(
        in_document(
            "\"unit_price\":{\"currency\":\"CNY\",\"minor\":8000}",
            "\"unit_price\":{\"currency\":\"CNY\",\"minor\":9000}"
        ),
        ["line", "total", "document"]
    );
    assert_eq!(in_document("\"quantity\":1500", "\"quantity\":2500"), ["line", "total", "document"]);
    assert_eq!(in_document("\"minor\":15000", "\"minor\":25000"), ["total", "document"]);
    assert_eq!(in_document("\"minor\":500}", "\"minor\":400}"), ["total", "document"]);
    assert_eq!(in_document("角閥老化", "水管老化"), ["document"]);
    assert_eq!(in_document("emerald-lake", "emerald-cake"), ["org", "document"]);
    assert_eq!(in_document("\"body\"", " \"body\""), ["not_canonical", "document"]);
    assert_eq!(in_document("\"v\":1", "\"v\":1.0"), ["not_canonical", "document"]);
    assert_eq!(in_document("\"v\":1", "\"v\":1,\"v\":1"), ["not_canonical", "document"]);
    let line = verify(
        copy().to_json().replacen("\\\"quantity\\\":1500", "\\\"quantity\\\":1400", 1).as_bytes(),
        &trusted(),
    );
    assert_eq!(line.unwrap().differs[0], Difference::Line { number: 2, name: "人工".to_owned() });

    // Strokes, signer, time, language, seal.
    let other = strokes(6);
    let base64 = BASE64.encode(&other.bytes);
    assert_eq!(check(|c| c.papers[0].seals[0].strokes = Some(base64.clone())), ["strokes"]);
    assert_eq!(check(|c| c.papers[0].seals[0].strokes = Some("????".to_owned())), ["strokes"]);
    assert_eq!(
        check(|c| {
            c.papers[0].seals[0].strokes = Some(base64.clone());
            c.papers[0].seals[0].ink = Some(other.digest.to_string());
        }),
        ["signer"]
    );
    assert_eq!(check(|c| c.papers[0].seals[0].ink = Some(other.digest.to_string())), ["strokes"]);
    assert_eq!(check(|c| c.papers[0].seals[0].name = Some("別人".to_owned())), ["signer"]);
    assert_eq!(check(|c| c.papers[0].seals[0].capacity = Some(Capacity::Resident)), ["signer"]);
    assert_eq!(check(|c| c.papers[0].seals[0].at = "2026-11-25T14:21:00.000+08:00".to_owned()), ["signer"]);
    assert_eq!(check(|c| c.papers[0].seals[0].at = "2026-11-25T14:20:00+08:00".to_owned()), ["signer"]);
    assert_eq!(check(|c| c.papers[0].seals[0].lang = Lang::En), ["language"]);
    assert_eq!(check(|c| c.papers[0].seals[0].document = Digest::of(b"x").to_string()), ["document"]);
    assert_eq!(check(|c| c.papers[0].seals[0].seal.replace_range(0..1, "_")), ["signer"]);
    assert_eq!(check(|c| c.papers[0].seals[1].reason = Some("價錢合適".to_owned())), ["statement"]);
    assert_eq!(check(|c| c.papers[0].seals[1].outcome = "refused".to_owned()), ["statement"]);
    assert_eq!(check(|c| c.papers[0].seals[1].outcome = "agreed".to_owned()), ["statement"]);

    // Key and firm.
    assert_eq!(check(|c| c.org = "other".to_owned()), ["org"]);
    assert_eq!(check(|c| c.key_id = "0000".to_owned()), ["key_id"]);
    let foreign = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    let swapped = check(|c| {
        c.key = Digest(foreign).to_string();
        c.key_id = key_id(&foreign);
    });
    assert_eq!(swapped, ["key_unknown", "signer", "statement"]);
    assert_eq!(check(|c| c.key = "zz".to_owned()), ["key_unknown", "key_id", "signer", "statement"]);
    let unknown = verify(copy().to_json().as_bytes(), &[]).unwrap();
    assert_eq!(unknown.differs, [Difference::KeyUnknown]);
}

#[test]
fn what_is_no_copy_says_so() {
    let bad = |text: &str| verify(text.as_bytes(), &trusted()).unwrap_err();
    assert!(matches!(bad(""), BadCopy::Malformed(_)));
    assert!(matches!(bad("{}"), BadCopy::Malformed(_)));
    assert!(matches!(bad(r#"{"format":"other","v":1}"#), BadCopy::Malformed(_)));
    assert_eq!(bad(r#"{"format":"doorstep-copy","v":2}"#), BadCopy::Version(2));
    assert!(matches!(bad(&copy().to_json().replace("\"strokes\"", "\"strokex\"")), BadCopy::Malformed(_)));
    assert_eq!(bad(&" ".repeat(MAX_BYTES + 1)), BadCopy::TooLarge);
    let mut empty = copy();
    empty.papers.clear();
    assert!(matches!(bad(&empty.to_json()), BadCopy::Malformed(_)));
    let mut many = copy();
    many.papers = vec![many.papers[0].clone(); MAX_PARTS + 1];
    assert_eq!(bad(&many.to_json()), BadCopy::TooLarge);
    for lang in Lang::ALL {
        assert!(!BadCopy::TooLarge.text(lang).is_empty() && BadCopy::Version(7).text(lang).contains('7'));
    }
}

/// Every byte of the copy but those of the firm's name, which is under no seal.
#[test]
fn one_changed_byte_anywhere_fails() {
    let text = copy().to_json();
    let name = text.find("\"org_name\"").unwrap()..text.find(",\"key\"").unwrap();
    for place in (0..text.len()).filter(|place| !name.contains(place)) {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= if bytes[place].is_ascii_alphanumeric() { 0x20 } else { 0x01 };
        let verified = verify(&bytes, &trusted()).is_ok_and(|checked| checked.is_verified());
        assert!(!verified, "byte {place}: {:?}", &text[place.saturating_sub(20)..].get(..40));
    }
}

#[test]
fn a_code_holds_what_fits_and_opens_to_a_copy_that_verifies() {
    let page = "https://repairs.emerald-lake.example/verify";
    let small = link(&copy(), page).unwrap();
    assert!(small.has_document && small.address.starts_with(page), "{small:?}");
    assert!(small.svg.starts_with("<svg") && small.svg.ends_with("</svg>"));
    let opened = open(&small.address).unwrap();
    let checked = verify(&opened, &trusted()).unwrap();
    assert!(checked.is_verified());
    assert_eq!(checked.whole, small.has_strokes);

    // A document of random letters that no compression makes small.
    let mut large = copy();
    let noise: String = (0..200_u8).map(|i| Digest::of(&[i]).to_string()).collect();
    large.papers[0].document = Some(noise);
    let short = link(&large, page).unwrap();
    assert!(!short.has_document && !short.has_strokes);
    let checked = verify(&open(&short.address).unwrap(), &trusted()).unwrap();
    assert!(checked.is_verified() && !checked.whole, "{checked:?}");

    large.papers[0].seals[1].reason = Some((0..99_u8).map(|i| Digest::of(&[i]).to_string()).collect());
    assert_eq!(link(&large, page), Err(BadLink::TooLong));
    for bad in ["", "1", "https://x/verify", "2123", "19", "1999", "1٣٣٣"] {
        let opened = open(bad);
        assert!(opened.is_err() || opened.is_ok_and(|bytes| bytes.is_empty()), "{bad}");
    }
}

#[test]
fn there_is_no_copy_of_what_is_not_sealed_here() {
    let signed = signed();
    let held = [Held::Signature(&signed)];
    let (text, pen) = (|_: &Digest| Some(QUOTE.as_bytes().to_vec()), |_: &Digest| Some(strokes(5).bytes));
    assert_eq!(make(&issuer(), &[], text, pen), Err(NoCopy::NothingSealed));
    assert_eq!(make(&issuer(), &held, |_| None, pen), Err(NoCopy::NoDocument(signed.document)));
    assert_eq!(make(&issuer(), &held, text, |_| Some(vec![1])), Err(NoCopy::NoStrokes(signed.ink.digest)));
    let foreign = Issuer { key: SigningKey::from_bytes(&[8; 32]).verifying_key(), ..issuer() };
    assert_eq!(make(&foreign, &held, text, pen), Err(NoCopy::OtherDevice));
    let bare: Statement = "住戶外出".into();
    let unsealed = [Held::Statement(StatementKind::Absent, &bare)];
    assert_eq!(make(&issuer(), &unsealed, text, pen), Err(NoCopy::NothingSealed));
}

#[test]
fn every_difference_speaks_three_languages() {
    let name = || "x".to_owned();
    let all = [
        Difference::Document,
        Difference::NotCanonical,
        Difference::Line { number: 2, name: name() },
        Difference::Total,
        Difference::Strokes { name: name() },
        Difference::Signer { name: name() },
        Difference::Statement,
        Difference::Language,
        Difference::Org,
        Difference::KeyId,
        Difference::KeyUnknown,
    ];
    for difference in all {
        let texts = Lang::ALL.map(|lang| difference.text(lang));
        let [hant, hans, en] = texts.each_ref().map(String::as_str);
        crate::words::check::three(difference.code(), [hant, hans, en]).unwrap();
    }
}

proptest! {
    #[test]
    fn any_text_is_checked_or_refused(text in ".{0,400}") {
        let _ = verify(text.as_bytes(), &trusted());
        let _ = open(&text);
    }

    #[test]
    fn a_copy_with_anything_in_it_is_checked(place in 0..3000_usize, bytes in prop::collection::vec(any::<u8>(), 1..12)) {
        let mut text = copy().to_json().into_bytes();
        let place = place % text.len();
        let end = (place + bytes.len()).min(text.len());
        text.splice(place..end, bytes);
        let _ = verify(&text, &trusted());
    }

    #[test]
    fn digits_open_or_are_refused(digits in "1[0-9]{0,400}") {
        let _ = open(&digits);
    }
}
