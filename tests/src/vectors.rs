//! Published test vectors for seals and copies, made by the real code from a visit that never changes.
//!
//! `cargo run -p doorstep-tests --bin vectors` writes them; the tests hold the files to what the code makes, and
//! `tests/vectors/check.test.mjs` checks them with another implementation.

use doorstep_core::domain::fact::{Fact, Meta};
use doorstep_core::domain::ids::{DeviceId, Digest, EntryId, FactId, OrderId, OrgId};
use doorstep_core::domain::lang::{Lang, Text};
use doorstep_core::domain::money::{Currency, Money, Quantity};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::closing::PaymentMethod;
use doorstep_core::domain::order::intake::Intake;
use doorstep_core::domain::order::quote::{QuoteLine, QuoteTerms};
use doorstep_core::domain::order::signing::{Capacity, Outcome, Signed, Signer};
use doorstep_core::domain::order::statement::{Statement, StatementKind};
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::seal::{self, Document, Held, ink};
use doorstep_core::domain::time::Stamp;
use doorstep_core::evidence::copy::{Copy, Issuer, TrustedKey, link, make, verify};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::play::strokes;

const ORG: &str = "emerald-lake";

/// The device key of the vectors: seed 07 07 … 07.
pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub fn issuer() -> Issuer {
    let org_name = Text::new("翠湖花園", "翠湖花园", "Emerald Lake Gardens");
    Issuer { org: OrgId::from(ORG), org_name, key: key().verifying_key() }
}

pub fn trusted() -> Vec<TrustedKey> {
    let Issuer { org, org_name, key } = issuer();
    vec![TrustedKey { key: key.to_bytes(), org, org_name }]
}

fn at(minute: i64) -> Stamp {
    let start = Stamp::parse("2026-11-25T14:00:00+08:00").expect("a moment");
    Stamp::new(start.utc_ms + minute * 60_000, start.offset_min)
}

/// An order under the pen, with ids that never change.
struct Desk {
    order: Order,
    facts: u16,
}

impl Desk {
    fn meta(&self) -> Meta {
        let id = |n: u128| Uuid::from_u128(0x0197_f3f0_0000_7000_8000_0000_0000_0000 + n);
        Meta {
            order: OrderId(id(1)),
            fact: FactId(EntryId(id(2)), self.facts),
            org: OrgId::from(ORG),
            device: Some(DeviceId(id(3))),
            actor: Actor { person: "W101".into(), role: Role::Technician },
            visit: 1,
            at: at(i64::from(self.facts)),
        }
    }

    fn does(&mut self, fact: Fact) {
        let meta = self.meta();
        self.order.apply(&fact, &meta);
        self.facts += 1;
    }
}

fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

/// A sealed act: its documents in each language used, and its outcome.
struct Act {
    name: &'static str,
    document: Document,
    signed: Vec<Signed>,
    stated: Option<(StatementKind, Statement)>,
}

impl Act {
    fn held(&self) -> Vec<Held<'_>> {
        let stated = self.stated.iter().map(|(kind, statement)| Held::Statement(*kind, statement));
        self.signed.iter().map(Held::Signature).chain(stated).collect()
    }

    fn copy(&self) -> Copy {
        let ink = |digest: &Digest| {
            let found = self.signed.iter().find(|signed| signed.ink.digest == *digest);
            found.map(|signed| signed.ink.bytes.clone())
        };
        make(&issuer(), &self.held(), |_| Some(self.document.bytes().to_vec()), ink).expect("a copy")
    }
}

fn signs(document: &Document, name: &str, capacity: Capacity, lang: Lang, minute: i64) -> Signed {
    let ink = ink::encode(&strokes(30 + name.len() as i32)).expect("a signature");
    seal::seal(&key(), document, ink, Signer { name: name.to_owned(), capacity }, lang, at(minute))
}

fn states(document: &Document, kind: StatementKind, text: &str, lang: Lang, minute: i64) -> Statement {
    let sealed = seal::seal_statement(&key(), document, kind, text, lang, at(minute));
    Statement { text: text.to_owned(), sealed: Some(sealed) }
}

/// The sealed acts of the vectors: a consent with an objection, a refused sheet, a note of an absence.
fn acts() -> Vec<Act> {
    let mut desk = Desk { order: Order::default(), facts: 0 };
    desk.does(Fact::Registered(Intake {
        unit: "3-1502".to_owned(),
        resident: "李婉儀".to_owned(),
        fault: "廚房水槽下漏水 \u{1f527} \"急\"\n第二行".to_owned(),
        work_type: "plumbing".to_owned(),
        ..Intake::default()
    }));
    desk.does(Fact::Arrived);
    let line = |name: &str, thousandths, minor| QuoteLine {
        code: "JF-15".to_owned(),
        name: name.to_owned(),
        quantity: Quantity { thousandths },
        unit_price: yuan(minor),
    };
    let terms = QuoteTerms {
        lines: vec![line("角閥", 1000, 8_000), line("上門人工", 1_500, 5_001)],
        discount: yuan(500),
        reason: "角閥老化，不在保修範圍".to_owned(),
    };
    let quote = desk.meta().fact;
    desk.does(Fact::QuotePresented(terms));
    let relative = || Capacity::Relative("女兒".to_owned());

    let document = seal::quote_document(&desk.order, &desk.meta(), quote, true, Lang::En);
    let signed = signs(&document, "Li Wan-yi", relative(), Lang::En, 10);
    let stated = states(&document, StatementKind::Objection, "The price is high", Lang::En, 10);
    let outcome = Outcome::SignedWithObjection(signed.clone(), stated.clone());
    let objection = Act {
        name: "quote",
        document,
        signed: vec![signed],
        stated: Some((StatementKind::Objection, stated)),
    };
    desk.does(Fact::QuoteAnswered { quote, agreed: true, outcome });
    desk.does(Fact::WorkStarted);
    let (solved, words) = (true, |text: &str| text.to_owned());
    let (cause, method, advice) = (words("角閥老化"), words("更換角閥"), words("留意接口"));
    desk.does(Fact::WorkFinished { solved, cause, method, advice });
    let (method, receipt_no) = (PaymentMethod::Cash, words("SJ-0001"));
    desk.does(Fact::PaymentTaken { amount: yuan(15_002), method, receipt_no });

    let document = seal::sheet_document(&desk.order, &desk.meta(), None, "", Lang::ZhHant);
    let technician = signs(&document, "陳志強", Capacity::Technician, Lang::ZhHant, 60);
    let stated = states(&document, StatementKind::Refused, "對工期不滿", Lang::ZhHant, 61);
    let refused = Act {
        name: "sheet",
        document,
        signed: vec![technician],
        stated: Some((StatementKind::Refused, stated)),
    };
    let document = seal::liability_document(&desk.order, &desk.meta(), Lang::ZhHans);
    let stated = states(&document, StatementKind::Absent, "住户外出", Lang::ZhHans, 62);
    let absent = Act {
        name: "liability",
        document,
        signed: Vec::new(),
        stated: Some((StatementKind::Absent, stated)),
    };
    vec![objection, refused, absent]
}

/// The copies of the vectors, untouched.
pub fn copies() -> Vec<(&'static str, Copy)> {
    acts().iter().map(|act| (act.name, act.copy())).collect()
}

/// A sealed document with a signature, for benchmarks.
pub fn signed_sheet() -> (Document, Signed) {
    let act = acts().swap_remove(1);
    (act.document, act.signed.into_iter().next().expect("a signature"))
}

type Change = fn(&mut Value);

fn edit(copy: &mut Value, pointer: &str, change: impl FnOnce(&mut String)) {
    match copy.pointer_mut(pointer) {
        Some(Value::String(text)) => change(text),
        other => panic!("{pointer}: {other:?}"),
    }
}

fn swap(copy: &mut Value, pointer: &str, from: &str, to: &str) {
    edit(copy, pointer, |text| {
        assert!(text.contains(from), "{from} in {text}");
        *text = text.replacen(from, to, 1);
    });
}

const DOCUMENT: &str = "/papers/0/document";

/// One change to each field of the first copy.
const TAMPERED: &[(&str, Change)] = &[
    ("format", |c| swap(c, "/format", "copy", "kopy")),
    ("version", |c| c["v"] = json!(2)),
    ("org", |c| swap(c, "/org", "lake", "cake")),
    ("key", |c| edit(c, "/key", |key| *key = Digest([3; 32]).to_string())),
    ("key in capitals", |c| edit(c, "/key", |key| *key = key.to_uppercase())),
    ("key id", |c| edit(c, "/key_id", |id| *id = "0".repeat(16))),
    ("document, one letter", |c| swap(c, DOCUMENT, "角閥老化", "角閥老旧")),
    ("document, resident", |c| swap(c, DOCUMENT, "李婉儀", "李婉怡")),
    ("document, order of keys", |c| swap(c, DOCUMENT, "{\"body\":", "{ \"body\":")),
    ("document, a fraction", |c| swap(c, DOCUMENT, "\"v\":1", "\"v\":1.0")),
    ("document, key twice", |c| swap(c, DOCUMENT, "\"v\":1", "\"v\":1,\"v\":1")),
    ("document, an escape not needed", |c| swap(c, DOCUMENT, "JF-15", "\\u004aF-15")),
    ("document, not JSON", |c| edit(c, DOCUMENT, |text| text.insert(0, 'x'))),
    ("document, its org", |c| swap(c, DOCUMENT, "emerald-lake", "emerald-cake")),
    ("document, its language", |c| swap(c, DOCUMENT, "\"lang\":\"en\"", "\"lang\":\"zh-Hans\"")),
    ("price of a line", |c| swap(c, DOCUMENT, "\"minor\":5001}", "\"minor\":6001}")),
    ("amount of a line", |c| swap(c, DOCUMENT, "\"minor\":7502}", "\"minor\":7501}")),
    ("quantity of a line", |c| swap(c, DOCUMENT, "\"quantity\":1500", "\"quantity\":2500")),
    ("discount", |c| swap(c, DOCUMENT, "\"minor\":500}", "\"minor\":0}")),
    ("total", |c| swap(c, DOCUMENT, "\"minor\":15002}", "\"minor\":25002}")),
    ("currency of the total", |c| {
        swap(c, DOCUMENT, "\"total\":{\"currency\":\"CNY\"", "\"total\":{\"currency\":\"HKD\"")
    }),
    ("name", |c| swap(c, "/papers/0/seals/0/name", "Wan-yi", "Wan-yee")),
    ("capacity", |c| c["papers"][0]["seals"][0]["capacity"] = json!("resident")),
    ("relation", |c| swap(c, "/papers/0/seals/0/capacity/relative", "女", "幼")),
    ("time", |c| swap(c, "/papers/0/seals/0/at", "14:10", "14:11")),
    ("time, another way to write it", |c| swap(c, "/papers/0/seals/0/at", ".000", "")),
    ("language of a seal", |c| edit(c, "/papers/0/seals/0/lang", |lang| *lang = "zh-Hant".to_owned())),
    ("digest of the document", |c| {
        edit(c, "/papers/0/seals/0/document", |d| *d = Digest::of(b"x").to_string())
    }),
    ("digest of the strokes", |c| edit(c, "/papers/0/seals/0/ink", |d| *d = Digest::of(b"x").to_string())),
    ("strokes", |c| swap(c, "/papers/0/seals/0/strokes", "A", "B")),
    ("strokes left out", |c| drop(c["papers"][0]["seals"][0].as_object_mut().map(|s| s.remove("strokes")))),
    ("seal", |c| edit(c, "/papers/0/seals/0/seal", |seal| *seal = "A".repeat(86) + "==")),
    ("seal, not base64", |c| edit(c, "/papers/0/seals/0/seal", |seal| seal.insert(0, '!'))),
    ("objection", |c| swap(c, "/papers/0/seals/1/reason", "high", "fair")),
    ("outcome", |c| edit(c, "/papers/0/seals/1/outcome", |outcome| *outcome = "refused".to_owned())),
    ("outcome unknown", |c| edit(c, "/papers/0/seals/1/outcome", |outcome| *outcome = "agreed".to_owned())),
    ("outcome of another seal", |c| {
        edit(c, "/papers/0/seals/0/outcome", |outcome| *outcome = "absent".to_owned())
    }),
    ("a field nobody knows", |c| c["papers"][0]["note"] = json!("x")),
    ("no papers", |c| c["papers"] = json!([])),
    ("document left out", |c| drop(c["papers"][0].as_object_mut().map(|paper| paper.remove("document")))),
];

fn checked(name: &str, copy: &str) -> Value {
    match verify(copy.as_bytes(), &trusted()) {
        Ok(checked) => {
            let codes: Vec<&str> = checked.differs.iter().map(|what| what.code()).collect();
            json!({"name": name, "copy": copy, "differs": codes, "whole": checked.whole})
        }
        Err(bad) => {
            let word = match bad {
                doorstep_core::evidence::copy::BadCopy::TooLarge => "too_large",
                doorstep_core::evidence::copy::BadCopy::Malformed(_) => "malformed",
                doorstep_core::evidence::copy::BadCopy::Version(_) => "version",
            };
            json!({"name": name, "copy": copy, "error": word})
        }
    }
}

fn sealed(held: &Held<'_>, document: &Document) -> Value {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (message, seal) = match held {
        Held::Signature(s) => {
            (seal::sealed_bytes(&s.document, &s.ink.digest, &s.signer, s.lang, s.at), &s.seal)
        }
        Held::Statement(kind, statement) => {
            let s = statement.sealed.as_ref().expect("a seal");
            (seal::stated_bytes(&s.document, *kind, &statement.text, s.lang, s.at), &s.seal)
        }
    };
    json!({
        "document": String::from_utf8_lossy(document.bytes()),
        "document_sha256": document.digest().to_string(),
        "message": String::from_utf8_lossy(&message),
        "signature": hex(seal),
    })
}

/// The files: name and text.
pub fn files() -> Vec<(&'static str, String)> {
    let acts = acts();
    let seals: Vec<Value> = acts
        .iter()
        .flat_map(|act| act.held().iter().map(|held| sealed(held, &act.document)).collect::<Vec<_>>())
        .collect();
    let public = Digest(key().verifying_key().to_bytes()).to_string();
    let seals = json!({
        "about": "Documents, the exact bytes a device signs (as text), and its Ed25519 signatures. Seed of the key: 32 times 07.",
        "public_key": public,
        "seals": seals,
    });
    let good = copies();
    let mut cases: Vec<Value> =
        good.iter().map(|(name, copy)| checked(&format!("good: {name}"), &copy.to_json())).collect();
    for (name, change) in TAMPERED {
        let mut copy = serde_json::to_value(&good[0].1).expect("a copy");
        change(&mut copy);
        cases.push(checked(name, &copy.to_string()));
    }
    let links: Vec<Value> = good
        .iter()
        .map(|(name, copy)| {
            let link = link(copy, "https://repairs.example/verify").expect("a link");
            json!({"name": name, "address": link.address, "has_document": link.has_document, "has_strokes": link.has_strokes})
        })
        .collect();
    let copies = json!({
        "about": "Copies as they were made and with one change each; what a check must find, with the key below trusted.",
        "trusted": [{"key": public, "org": ORG}],
        "copies": cases,
        "links": links,
    });
    let text = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    vec![("seals.json", text(&seals)), ("copies.json", text(&copies))]
}
