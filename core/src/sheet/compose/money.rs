//! What the resident agreed to pay, what was paid, and the parts used (R66 to R71, R75, R76, R90).

use super::{Making, Pairs, section, signing, together};
use crate::domain::money::Money;
use crate::domain::order::quote::{Quote, QuoteLine};
use crate::sheet::block::{Block, Column, Lines, Section, Signature, Sum};
use crate::words::labels;

/// The quote in force, or the latest, with the resident's answer; on the office's copy all others after it.
pub(super) fn fee<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let (order, words) = (making.input.order, making.words);
    let shown = order.agreed_quote().or_else(|| order.latest_quote());
    let Some((id, quote)) = shown else {
        let done = order.sign_off().is_some();
        let note = Block::Note { loud: false, text: words.no_charge.to_owned() };
        return if done { section(words.fee, vec![note]) } else { None };
    };
    let mut blocks = offer(quote, signing::liability(making), making);
    if order.agreed_quote.is_none() && quote.answer.is_some() {
        blocks.push(Block::Note { loud: true, text: words.nothing_agreed.to_owned() });
    }
    if making.is_office() {
        for (_, other) in order.quotes.iter().filter(|(other, _)| **other != id) {
            blocks.push(Block::Note { loud: false, text: making.terms.quote_other.to_owned() });
            blocks.extend(offer(other, None, making));
        }
    }
    together(section(words.fee, blocks))
}

/// A quote with its answer; `first` stands beside the signature to it.
fn offer<'a>(quote: &'a Quote, first: Option<Signature<'a>>, making: &Making<'a>) -> Vec<Block<'a>> {
    let mut blocks = vec![lines(quote, making), Block::Pairs(answer(quote, making))];
    blocks.push(Block::Signatures(first.into_iter().chain(signature(quote, making)).collect()));
    blocks
}

fn signature<'a>(quote: &'a Quote, making: &Making<'a>) -> Option<Signature<'a>> {
    let answer = quote.answer.as_ref()?;
    Some(signing::of_outcome(making.words.quote_signature, &answer.outcome, making))
}

fn sum(amount: Option<Money>, making: &Making<'_>) -> String {
    amount.map_or_else(|| making.terms.unreadable_sum.to_owned(), |money| money.to_string())
}

fn lines<'a>(quote: &Quote, making: &Making<'a>) -> Block<'a> {
    let (terms, quoted) = (making.terms, &quote.terms);
    let row = |line: &QuoteLine| {
        vec![
            line.name.clone(),
            line.quantity.to_string(),
            line.unit_price.to_string(),
            sum(line.amount(), making),
        ]
    };
    let numeric = |name| Column { name, numeric: true };
    let mut sums = Vec::new();
    if quoted.discount.minor != 0 {
        sums.push(Sum { name: terms.discount, text: format!("−{}", quoted.discount), total: false });
    }
    sums.push(Sum { name: terms.total, text: sum(quoted.total(), making), total: true });
    Block::Lines(Lines {
        columns: vec![
            Column { name: terms.line, numeric: false },
            numeric(terms.quantity),
            numeric(terms.unit_price),
            numeric(terms.amount),
        ],
        rows: quoted.lines.iter().map(row).collect(),
        sums,
    })
}

fn answer(quote: &Quote, making: &Making<'_>) -> Vec<super::Pair> {
    let (terms, words) = (making.terms, making.words);
    let mut pairs = Pairs::default();
    pairs.wide(terms.charge_reason, quote.terms.reason.as_str());
    let said = match &quote.answer {
        Some(answer) if answer.agreed => words.agreed_line,
        Some(_) => words.refused_line,
        None => words.open_line,
    };
    let when = quote.answer.as_ref().map(|a| format!(" · {}", making.clock.at(a.mark.at)));
    pairs.wide(terms.consent, format!("{said}{}", when.unwrap_or_default()));
    let valid = making.input.rulebook.policy.quote.valid_days;
    if let (None, Some(days)) = (&quote.answer, valid) {
        let until = quote.presented.at.plus_minutes(i64::from(days) * 1440);
        pairs.add(words.valid_until, making.clock.date(until));
    }
    if making.is_office() {
        pairs.wide(terms.presented, making.mark(&quote.presented));
        pairs.wide(terms.reported, quote.reported.as_ref().map(|m| making.mark(m)).unwrap_or_default());
        if let Some(review) = &quote.reviewed {
            let word = if review.approved { terms.agrees } else { terms.disagrees };
            let note = crate::words::in_brackets(making.lang, &review.note);
            pairs.wide(terms.supervisor_word, format!("{word}{note} · {}", making.mark(&review.mark)));
        }
    }
    pairs.0
}

/// What was paid, with the vouchers' numbers, and what is still due.
pub(super) fn paid<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let (order, terms, words) = (making.input.order, making.terms, making.words);
    let currency = making.input.rulebook.policy.currency;
    let (agreed, paid) = (order.fee(currency), order.paid(currency));
    if order.payments.is_empty() && agreed.minor == 0 {
        return None;
    }
    let row = |payment: &crate::domain::order::closing::Payment| {
        let receipt =
            if payment.receipt_no.trim().is_empty() { terms.no_receipt } else { &payment.receipt_no };
        vec![
            labels::payment_method(payment.method, making.lang).to_owned(),
            receipt.to_owned(),
            making.clock.at(payment.mark.at),
            payment.amount.to_string(),
        ]
    };
    let words_column = |name| Column { name, numeric: false };
    let mut sums = vec![
        Sum { name: terms.agreed_fee, text: agreed.to_string(), total: false },
        Sum { name: terms.paid, text: paid.to_string(), total: true },
    ];
    let open = agreed.minor.saturating_sub(paid.minor);
    if open != 0 {
        let name = if open > 0 { words.still_due } else { words.paid_over };
        sums.push(Sum { name, text: Money::new(open.saturating_abs(), currency).to_string(), total: true });
    }
    let lines = Lines {
        columns: vec![
            words_column(terms.method),
            words_column(terms.receipt),
            words_column(terms.received_at),
            Column { name: terms.amount, numeric: true },
        ],
        rows: order.payments.values().map(row).collect(),
        sums,
    };
    together(section(terms.payment, vec![Block::Lines(lines)]))
}

/// Parts used; where they came from and what they replaced is for who reconciles them.
pub(super) fn parts<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let terms = making.terms;
    let inside = !making.is_resident();
    let mut columns =
        vec![Column { name: terms.part, numeric: false }, Column { name: terms.quantity, numeric: true }];
    if inside {
        columns.extend([terms.drawn_with, terms.replaced].map(|name| Column { name, numeric: false }));
    }
    let row = |used: &crate::domain::order::UsedPart| {
        let mut row = vec![used.part.name.clone(), used.part.quantity.to_string()];
        if inside {
            row.extend([used.part.drawn_with.clone(), used.part.replaced_serial.clone()]);
        }
        row
    };
    let rows = making.input.order.parts.values().map(row).collect();
    section(making.words.parts_used, vec![Block::Lines(Lines { columns, rows, sums: Vec::new() })])
}
