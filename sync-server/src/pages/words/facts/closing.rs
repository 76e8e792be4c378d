//! Sentences of parts, custody, sign-off and the office's review.

use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::ids::PersonId;
use doorstep_core::domain::order::closing::{CopyBy, CustodyKind, OrderPart, PartUse};
use doorstep_core::domain::order::signing::Outcome;
use doorstep_core::domain::policy::rules;

use super::Telling;
use crate::pages::words::{after_colon, in_brackets, labels, list, say};

pub(super) fn taken_away(
    receipt_no: &str,
    items: &[(String, String)],
    outcome: &Outcome,
    tell: &Telling<'_>,
) -> String {
    let lang = tell.lang();
    let things =
        list(lang, items.iter().map(|(name, serial)| format!("{name}{}", in_brackets(lang, serial))));
    let text = say!(
        lang,
        "帶走 {things}，取機憑證 {receipt_no}",
        "带走 {things}，取机凭证 {receipt_no}",
        "Took away {things}, pick-up receipt {receipt_no}"
    );
    tell.join(&text, &tell.outcome(outcome))
}

pub(super) fn part_used(part: &PartUse, tell: &Telling<'_>) -> String {
    let (name, quantity) = (&part.name, part.quantity);
    let mut text = say!(
        tell.lang(),
        "用料：{name} × {quantity}",
        "用料：{name} × {quantity}",
        "Used: {name} × {quantity}"
    );
    if !part.drawn_with.is_empty() {
        text = tell.join(&text, &tell.with(["領料單", "领料单", "drawn with slip"], &part.drawn_with));
    }
    if !part.replaced_serial.is_empty() {
        let serial = &part.replaced_serial;
        text = tell.join(&text, &tell.with(["換下舊件", "换下旧件", "old part kept"], serial));
    }
    text
}

pub(super) fn signed_off(
    resident: &Outcome,
    rating: Option<u8>,
    opinion: &str,
    tell: &Telling<'_>,
) -> String {
    let lang = tell.lang();
    let resident = tell.outcome(resident);
    let mut text = say!(
        lang,
        "簽收：維修員已簽字；住戶{resident}",
        "签收：维修员已签字；住户{resident}",
        "Sign-off: technician signed; resident: {resident}"
    );
    if let Some(rating) = rating {
        let words = say!(lang, "評價 {rating} 分", "评价 {rating} 分", "rating {rating} of 5");
        text = tell.join(&text, &words);
    }
    if !opinion.trim().is_empty() {
        text = tell.join(&text, &tell.with(["住戶意見", "住户意见", "opinion"], opinion));
    }
    text
}

pub(super) fn copy_delivered(by: CopyBy, tell: &Telling<'_>) -> String {
    let how = labels::copy_by(by, tell.lang());
    say!(
        tell.lang(),
        "客戶留存聯已交住戶（{how}）",
        "客户留存联已交住户（{how}）",
        "The resident has the copy ({how})"
    )
}

pub(super) fn custody_taken(kind: CustodyKind, name: &str, serial: &str, tell: &Telling<'_>) -> String {
    let (kind, serial) = (labels::custody_kind(kind, tell.lang()), in_brackets(tell.lang(), serial));
    say!(
        tell.lang(),
        "開始保管{kind}：{name}{serial}",
        "开始保管{kind}：{name}{serial}",
        "Took into custody ({kind}): {name}{serial}"
    )
}

pub(super) fn handover_offered(count: usize, to: &PersonId, tell: &Telling<'_>) -> String {
    let to = tell.names.person(to);
    say!(
        tell.lang(),
        "移交 {count} 件給 {to}，待接收",
        "移交 {count} 件给 {to}，待接收",
        "Offered {count} item(s) to {to}, not accepted yet"
    )
}

pub(super) fn handover_accepted(count: usize, tell: &Telling<'_>) -> String {
    say!(tell.lang(), "接收移交 {count} 件", "接收移交 {count} 件", "Accepted {count} item(s) handed over")
}

pub(super) fn custody_closed(count: usize, note: &str, tell: &Telling<'_>) -> String {
    let note = after_colon(tell.lang(), note);
    say!(
        tell.lang(),
        "保管結束 {count} 件{note}",
        "保管结束 {count} 件{note}",
        "Custody of {count} item(s) ended{note}"
    )
}

pub(super) fn approved(note: &str, tell: &Telling<'_>) -> String {
    tell.with(["審核通過", "审核通过", "Approved"], note)
}

pub(super) fn part_returned(part: OrderPart, note: &str, tell: &Telling<'_>) -> String {
    let (part, note) = (labels::order_part(part, tell.lang()), after_colon(tell.lang(), note));
    say!(tell.lang(), "退回「{part}」{note}", "退回“{part}”{note}", "Sent back “{part}”{note}")
}

pub(super) fn part_corrected(note: &str, tell: &Telling<'_>) -> String {
    tell.with(["補正退回項目", "补正退回项目", "Put right what was sent back"], note)
}

pub(super) fn voided(reason: &str, tell: &Telling<'_>) -> String {
    tell.with(["作廢", "作废", "Voided"], reason)
}

pub(super) fn rule_waived(rule: u16, reason: &str, tell: &Telling<'_>) -> String {
    let name = rules::rule(rule).map_or("", |info| info.name(tell.lang()));
    let (name, reason) = (in_brackets(tell.lang(), name), after_colon(tell.lang(), reason));
    say!(
        tell.lang(),
        "豁免規定 R{rule}{name}{reason}",
        "豁免规定 R{rule}{name}{reason}",
        "Waived rule R{rule}{name}{reason}"
    )
}

pub(super) fn flagged(kind: ConcernKind, tell: &Telling<'_>) -> String {
    tell.with(["系統提醒", "系统提醒", "Flagged by the server"], labels::concern(kind, tell.lang()))
}
