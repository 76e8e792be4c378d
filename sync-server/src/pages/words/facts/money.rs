//! Sentences of cause, quote, consent and payment.

use doorstep_core::domain::money::Money;
use doorstep_core::domain::order::closing::{Liability, PaymentMethod};
use doorstep_core::domain::order::quote::QuoteTerms;
use doorstep_core::domain::order::signing::Outcome;

use super::Telling;
use crate::pages::words::{after_colon, in_brackets, labels, list, say};

pub(super) fn diagnosed(cause: &str, liability: Liability, note: &str, tell: &Telling<'_>) -> String {
    let text = tell.with(["判斷原因", "判断原因", "Cause found"], cause);
    let liability = labels::liability(liability, tell.lang());
    tell.join(&text, &format!("{liability}{}", in_brackets(tell.lang(), note)))
}

pub(super) fn liability_acknowledged(outcome: &Outcome, tell: &Telling<'_>) -> String {
    tell.with(
        ["請住戶認可責任與收費", "请住户认可责任与收费", "Liability and charge put to the resident"],
        &tell.outcome(outcome),
    )
}

pub(super) fn quote_presented(terms: &QuoteTerms, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let total = total(terms, tell);
    let lines = list(lang, terms.lines.iter().map(|line| line.name.as_str()));
    let lines = in_brackets(lang, &lines);
    let reason = after_colon(lang, &terms.reason);
    say!(lang, "報價 {total}{lines}{reason}", "报价 {total}{lines}{reason}", "Quoted {total}{lines}{reason}")
}

/// The total, or that it cannot be read.
fn total(terms: &QuoteTerms, tell: &Telling<'_>) -> String {
    let unreadable = || tell.pick(["金額無法計算", "金额无法计算", "an unreadable amount"]).to_owned();
    terms.total().map_or_else(unreadable, |total| total.to_string())
}

pub(super) fn quote_reported(tell: &Telling<'_>) -> String {
    tell.pick(["報價已向負責人匯報", "报价已向负责人汇报", "The quote was reported to the person in charge"])
        .to_owned()
}

pub(super) fn quote_reviewed(approved: bool, note: &str, tell: &Telling<'_>) -> String {
    if approved {
        tell.with(["主管批准報價", "主管批准报价", "The supervisor approved the quote"], note)
    } else {
        tell.with(["主管不批准報價", "主管不批准报价", "The supervisor declined the quote"], note)
    }
}

pub(super) fn quote_answered(agreed: bool, outcome: &Outcome, tell: &Telling<'_>) -> String {
    let text = if agreed {
        tell.pick(["住戶同意報價", "住户同意报价", "The resident agreed to the quote"])
    } else {
        tell.pick(["住戶不同意報價", "住户不同意报价", "The resident refused the quote"])
    };
    tell.join(text, &tell.outcome(outcome))
}

pub(super) fn payment_taken(
    amount: Money,
    method: PaymentMethod,
    receipt: &str,
    tell: &Telling<'_>,
) -> String {
    let method = labels::payment_method(method, tell.lang());
    let text = say!(
        tell.lang(),
        "收款 {amount}（{method}）",
        "收款 {amount}（{method}）",
        "Took {amount} ({method})"
    );
    if receipt.trim().is_empty() {
        return tell.join(&text, tell.pick(["無收費憑證", "无收费凭证", "no receipt number"]));
    }
    tell.join(&text, &tell.with(["憑證號", "凭证号", "receipt"], receipt))
}
