//! The documents people sign: built from the order by one function each, so that phone and server give the same bytes.
//!
//! A document names the order by its id, not its number: the number may come after the signature, from the server.

use serde_json::{Value, json};

use super::{Document, canonical};
use crate::domain::fact::{Fact, Meta};
use crate::domain::ids::{FactId, ItemId};
use crate::domain::lang::Lang;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::order::quote::QuoteTerms;
use crate::domain::order::visit::{ItemValue, Visit};

/// The version of these layouts. A changed layout is a new version beside the old.
const VERSION: u32 = 1;

fn finish(kind: &str, order: &Order, meta: &Meta, lang: Lang, body: Value) -> Document {
    let intake = order.intake.as_ref();
    let document = json!({
        "body": body,
        "kind": kind,
        "lang": lang.tag(),
        "order": meta.order.to_string(),
        "org": meta.org.as_str(),
        "resident": intake.map_or("", |i| &i.resident),
        "unit": intake.map_or("", |i| &i.unit),
        "v": VERSION,
        "visit": meta.visit,
    });
    Document { bytes: canonical::to_vec(&document) }
}

fn money(amount: Option<Money>) -> Value {
    // A sum that does not fit is null: it can be sealed as unreadable, never as a wrong figure.
    amount.map_or(Value::Null, |m| json!({"currency": m.currency.code(), "minor": m.minor}))
}

fn terms(terms: &QuoteTerms) -> Value {
    let lines: Vec<Value> = terms
        .lines
        .iter()
        .map(|line| {
            json!({
                "amount": money(line.amount()),
                "code": line.code,
                "name": line.name,
                "quantity": line.quantity.thousandths,
                "unit_price": money(Some(line.unit_price)),
            })
        })
        .collect();
    json!({
        "discount": money(Some(terms.discount)),
        "lines": lines,
        "reason": terms.reason,
        "total": money(terms.total()),
    })
}

fn visit_of<'a>(order: &'a Order, meta: &Meta) -> Option<&'a Visit> {
    order.visits.get(&meta.visit)
}

fn item_value(value: &ItemValue) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// The document under the seals of a fact, made of the order as it was before it.
#[must_use]
pub fn document_of(order: &Order, meta: &Meta, fact: &Fact, lang: Lang) -> Option<Document> {
    Some(match fact {
        Fact::MismatchAcknowledged { items, .. } => mismatch_document(order, meta, items, lang),
        Fact::LiabilityAcknowledged(_) => liability_document(order, meta, lang),
        Fact::QuoteAnswered { quote, agreed, .. } => quote_document(order, meta, *quote, *agreed, lang),
        Fact::TakenAway { receipt_no, items, .. } => take_away_document(order, meta, receipt_no, items, lang),
        Fact::ClosedUnsolved { reason, .. } => unsolved_document(order, meta, reason, lang),
        Fact::SignedOff { rating, opinion, .. } => sheet_document(order, meta, *rating, opinion, lang),
        _ => return None,
    })
}

/// What the resident says yes or no to (R71): the quote with its reason, and the answer.
#[must_use]
pub fn quote_document(order: &Order, meta: &Meta, quote: FactId, agreed: bool, lang: Lang) -> Document {
    let shown = order.quotes.get(&quote);
    let changed: Vec<&str> = shown
        .map(|quote| order.lines_to_consent(quote).into_iter().map(|line| line.name.as_str()).collect())
        .unwrap_or_default();
    let body = json!({
        "agreed": agreed,
        "asks_consent_for": changed,
        "quote": quote.to_string(),
        "terms": shown.map_or(Value::Null, |quote| terms(&quote.terms)),
    });
    finish("quote", order, meta, lang, body)
}

/// Mismatches found before the work (R61).
#[must_use]
pub fn mismatch_document(order: &Order, meta: &Meta, items: &[ItemId], lang: Lang) -> Document {
    let visit = visit_of(order, meta);
    let items: Vec<Value> = items
        .iter()
        .map(|item| {
            let answer = visit.and_then(|visit| visit.answers.get(item));
            json!({
                "item": item.as_str(),
                "remark": answer.map_or("", |a| &a.remark),
                "value": answer.map_or(Value::Null, |a| item_value(&a.value)),
            })
        })
        .collect();
    finish("mismatch", order, meta, lang, json!({ "items": items }))
}

/// The note that the fault is not the firm's and is charged (R69).
#[must_use]
pub fn liability_document(order: &Order, meta: &Meta, lang: Lang) -> Document {
    let body = order.diagnosis.as_ref().map_or(Value::Null, |diagnosis| {
        json!({
            "cause": diagnosis.cause,
            "charged": true,
            "liability": diagnosis.liability,
            "note": diagnosis.note,
        })
    });
    finish("liability", order, meta, lang, body)
}

/// The pick-up receipt (R74).
#[must_use]
pub fn take_away_document(
    order: &Order,
    meta: &Meta,
    receipt_no: &str,
    items: &[(String, String)],
    lang: Lang,
) -> Document {
    let items: Vec<Value> =
        items.iter().map(|(name, serial)| json!({"name": name, "serial": serial})).collect();
    finish("take_away", order, meta, lang, json!({"items": items, "receipt_no": receipt_no}))
}

/// That the visit ended without a solution, and why (R37).
#[must_use]
pub fn unsolved_document(order: &Order, meta: &Meta, reason: &str, lang: Lang) -> Document {
    finish("unsolved", order, meta, lang, json!({ "reason": reason }))
}

/// The service sheet 服務單: what was found, done, agreed and paid (R86 to R89).
#[must_use]
pub fn sheet_document(order: &Order, meta: &Meta, rating: Option<u8>, opinion: &str, lang: Lang) -> Document {
    let visit = visit_of(order, meta);
    let answers: Vec<Value> = visit
        .map(|visit| {
            let answers = visit.answers.iter();
            answers
                .map(|(item, a)| json!({"item": item.as_str(), "remark": a.remark, "value": item_value(&a.value)}))
                .collect()
        })
        .unwrap_or_default();
    let work = visit.and_then(|visit| visit.finished.as_ref()).map_or(Value::Null, |work| {
        json!({"advice": work.advice, "cause": work.cause, "method": work.method, "solved": work.solved})
    });
    let parts: Vec<Value> = order
        .parts
        .values()
        .map(|used| {
            json!({"code": used.part.code, "name": used.part.name, "quantity": used.part.quantity.thousandths})
        })
        .collect();
    let payments: Vec<Value> = order
        .payments
        .values()
        .map(|p| json!({"amount": money(Some(p.amount)), "method": p.method, "receipt_no": p.receipt_no}))
        .collect();
    let body = json!({
        "arrived": visit.and_then(|v| v.arrived.as_ref()).map(|mark| mark.at.to_string()),
        "checklist": answers,
        "coverage": visit.and_then(|v| v.entitlement.as_ref()).map(|e| e.coverage),
        "fault": order.intake.as_ref().map_or("", |intake| &intake.fault),
        "opinion": opinion,
        "parts": parts,
        "payments": payments,
        "quote": order.agreed_quote().map_or(Value::Null, |(_, quote)| terms(&quote.terms)),
        "rating": rating,
        "work": work,
    });
    finish("sheet", order, meta, lang, body)
}
