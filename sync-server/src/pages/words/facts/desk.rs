//! Sentences of the desk and of the appointment.

use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::NoteKind;
use doorstep_core::domain::order::intake::{Assignment, Intake, SharedField, Triage};
use doorstep_core::domain::order::visit::{Contact, Side};
use doorstep_core::domain::time::{Stamp, Window};

use super::Telling;
use crate::pages::words::{after_colon, labels, list, say, when};

pub(super) fn registered(intake: &Intake, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let (unit, resident, fault) = (&intake.unit, &intake.resident, &intake.fault);
    let channel = labels::channel(intake.channel, lang);
    let text = say!(
        lang,
        "登記報修：{unit}，{resident}，{fault}（{channel}）",
        "登记报修：{unit}，{resident}，{fault}（{channel}）",
        "Registered: {unit}, {resident}, {fault} ({channel})"
    );
    match intake.triage {
        Triage::NeedsVisit => text,
        other => tell.join(&text, labels::triage(other, lang)),
    }
}

pub(super) fn numbered(number: &str, tell: &Telling<'_>) -> String {
    tell.with(["編號", "编号", "Number given"], number)
}

pub(super) fn visit_approved(tell: &Telling<'_>) -> String {
    tell.pick(["負責人同意上門", "负责人同意上门", "The visit was approved"]).to_owned()
}

pub(super) fn request_accepted(materials: &str, tell: &Telling<'_>) -> String {
    let text = tell.pick(["受理申請", "受理申请", "Request accepted"]);
    if materials.trim().is_empty() {
        return text.to_owned();
    }
    tell.join(text, &tell.with(["請住戶準備", "请住户准备", "to have ready"], materials))
}

pub(super) fn request_refused(reason: &str, tell: &Telling<'_>) -> String {
    tell.with(["不受理", "不受理", "Request refused"], reason)
}

pub(super) fn assigned(assignment: &Assignment, tell: &Telling<'_>) -> String {
    let text = tell.with(["派工", "派工", "Assigned to"], &tell.names.person(&assignment.technician));
    if assignment.helpers.is_empty() {
        return text;
    }
    let helpers = list(tell.lang(), assignment.helpers.iter().map(|id| tell.names.person(id)));
    tell.join(&text, &tell.with(["協助", "协助", "helped by"], &helpers))
}

pub(super) fn contacted(contact: &Contact, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let by = labels::contact_by(contact.by, lang);
    let note = after_colon(lang, &contact.note);
    if contact.reached {
        say!(lang, "{by}聯繫上住戶{note}", "{by}联系上住户{note}", "{by}: resident reached{note}")
    } else {
        say!(lang, "{by}聯繫不上住戶{note}", "{by}联系不上住户{note}", "{by}: resident not reached{note}")
    }
}

pub(super) fn visit_booked(window: Window, tell: &Telling<'_>) -> String {
    tell.with(["約定上門時間", "约定上门时间", "Visit booked"], &when::window(window, tell.now, tell.lang()))
}

pub(super) fn notice_given(by: Side, reason: &str, late: bool, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let side = labels::side(by, lang);
    let reason = after_colon(lang, reason);
    let text = say!(
        lang,
        "{side}通知不能如約{reason}",
        "{side}通知不能如约{reason}",
        "Notice by {side}: not as agreed{reason}"
    );
    if late {
        tell.join(&text, tell.pick(["已過通知時限", "已过通知时限", "after the limit"]))
    } else {
        text
    }
}

pub(super) fn ran_late(eta: Stamp, reason: &str, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let (eta, reason) = (when::moment(eta, tell.now, lang), after_colon(lang, reason));
    say!(
        lang,
        "途中通知會遲到，預計 {eta} 到達{reason}",
        "途中通知会迟到，预计 {eta} 到达{reason}",
        "Told the resident of a delay, expected {eta}{reason}"
    )
}

pub(super) fn field_edited(field: SharedField, from: &str, to: &str, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let field = labels::shared_field(field, lang);
    match (from.is_empty(), lang) {
        (true, Lang::ZhHant) => format!("填寫{field}：{to}"),
        (true, Lang::ZhHans) => format!("填写{field}：{to}"),
        (true, Lang::En) => format!("{field} filled in: {to}"),
        (false, Lang::ZhHant) => format!("更正{field}：「{from}」改為「{to}」"),
        (false, Lang::ZhHans) => format!("更正{field}：“{from}”改为“{to}”"),
        (false, Lang::En) => format!("{field} corrected: “{from}” became “{to}”"),
    }
}

pub(super) fn field_settled(field: SharedField, value: &str, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let field = labels::shared_field(field, lang);
    say!(
        lang,
        "{field}有不同的值，核定為：{value}",
        "{field}有不同的值，核定为：{value}",
        "{field} had different values; settled on: {value}"
    )
}

pub(super) fn note_added(kind: NoteKind, text: &str, tell: &Telling<'_>) -> String {
    format!("{}{}", labels::note_kind(kind, tell.lang()), after_colon(tell.lang(), text))
}
