//! Sentences of the visit itself: the door, the checklists, the work.

use doorstep_core::domain::fact::ItemAnswered;
use doorstep_core::domain::ids::ItemId;
use doorstep_core::domain::order::signing::{Outcome, Signed};
use doorstep_core::domain::order::visit::{Entitlement, ItemValue, PhotoMoment};
use doorstep_core::domain::time::Stamp;

use super::Telling;
use crate::pages::words::{after_colon, in_brackets, labels, list, say, when};

pub(super) fn set_out(tell: &Telling<'_>) -> String {
    tell.pick(["出發前往住戶", "出发前往住户", "Set out for the unit"]).to_owned()
}

pub(super) fn arrived(tell: &Telling<'_>) -> String {
    tell.pick(["到達現場", "到达现场", "Arrived at the door"]).to_owned()
}

pub(super) fn no_show(note: &str, tell: &Telling<'_>) -> String {
    tell.with(
        ["住戶不在且聯繫不上", "住户不在且联系不上", "The resident was not there and could not be reached"],
        note,
    )
}

pub(super) fn entitlement_checked(entitlement: &Entitlement, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let coverage = labels::coverage(entitlement.coverage, lang);
    let evidence = in_brackets(lang, &entitlement.evidence);
    say!(
        lang,
        "查驗保修：{coverage}{evidence}",
        "查验保修：{coverage}{evidence}",
        "Entitlement checked: {coverage}{evidence}"
    )
}

pub(super) fn start_answered(agreed: bool, by: &str, tell: &Telling<'_>) -> String {
    let by = in_brackets(tell.lang(), by);
    let text = if agreed {
        tell.pick(["住戶同意開始服務", "住户同意开始服务", "The resident agreed that service begins"])
    } else {
        tell.pick([
            "住戶不同意開始服務",
            "住户不同意开始服务",
            "The resident did not agree that service begins",
        ])
    };
    format!("{text}{by}")
}

pub(super) fn item_answered(answer: &ItemAnswered, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let (item, value) = (tell.names.item(&answer.item), labels::item_value(&answer.value, lang));
    let remark = in_brackets(lang, &answer.remark);
    let text = say!(
        lang,
        "檢查「{item}」：{value}{remark}",
        "检查“{item}”：{value}{remark}",
        "Checked “{item}”: {value}{remark}"
    );
    match &answer.replaces {
        Some(old) if *old != answer.value => {
            let old = labels::item_value(old, lang);
            tell.join(&text, &tell.with(["原為", "原为", "before"], &old))
        }
        _ => text,
    }
}

pub(super) fn photo_taken(item: &ItemId, moment: PhotoMoment, tell: &Telling<'_>) -> String {
    let (item, moment) = (tell.names.item(item), labels::photo_moment(moment, tell.lang()));
    say!(tell.lang(), "拍照（{moment}）：{item}", "拍照（{moment}）：{item}", "Photo ({moment}): {item}")
}

pub(super) fn mismatch_acknowledged(items: &[ItemId], outcome: &Outcome, tell: &Telling<'_>) -> String {
    let items = list(tell.lang(), items.iter().map(|item| tell.names.item(item)));
    let text = tell.with(
        [
            "維修前不符之處請住戶確認",
            "维修前不符之处请住户确认",
            "Mismatches before the work put to the resident",
        ],
        &items,
    );
    tell.join(&text, &tell.outcome(outcome))
}

pub(super) fn step_answered(item: &ItemId, agreed: bool, by: &str, tell: &Telling<'_>) -> String {
    let (item, by) = (tell.names.item(item), in_brackets(tell.lang(), by));
    if agreed {
        say!(
            tell.lang(),
            "住戶同意「{item}」{by}",
            "住户同意“{item}”{by}",
            "The resident agreed to “{item}”{by}"
        )
    } else {
        say!(
            tell.lang(),
            "住戶不同意「{item}」{by}",
            "住户不同意“{item}”{by}",
            "The resident did not agree to “{item}”{by}"
        )
    }
}

pub(super) fn work_started(tell: &Telling<'_>) -> String {
    tell.pick(["開工", "开工", "Work began"]).to_owned()
}

pub(super) fn visit_paused(reason: &str, resume_at: Stamp, tell: &Telling<'_>) -> String {
    let lang = tell.lang();
    let (at, reason) = (when::moment(resume_at, tell.now, lang), after_colon(lang, reason));
    say!(lang, "暫停，{at} 繼續{reason}", "暂停，{at} 继续{reason}", "Paused, to go on {at}{reason}")
}

pub(super) fn visit_resumed(tell: &Telling<'_>) -> String {
    tell.pick(["繼續施工", "继续施工", "The visit went on"]).to_owned()
}

pub(super) fn work_finished(solved: bool, [cause, method, advice]: [&str; 3], tell: &Telling<'_>) -> String {
    let mut text = if solved {
        tell.pick(["完工，故障已排除", "完工，故障已排除", "Work ended, fault gone"]).to_owned()
    } else {
        tell.pick(["收工，故障未排除", "收工，故障未排除", "Work ended, fault not gone"]).to_owned()
    };
    let explained = [
        (["原因", "原因", "cause"], cause),
        (["處理", "处理", "method"], method),
        (["注意事項", "注意事项", "to watch"], advice),
    ];
    for (name, words) in explained {
        if !words.trim().is_empty() {
            text = tell.join(&text, &tell.with(name, words));
        }
    }
    text
}

pub(super) fn closed_unsolved(
    reason: &str,
    next_visit: Option<u16>,
    signed: Option<&Signed>,
    tell: &Telling<'_>,
) -> String {
    let mut text = tell.with(["本次上門未解決", "本次上门未解决", "Visit closed without a solution"], reason);
    if next_visit.is_some() {
        text = tell.join(&text, tell.pick(["已約下次上門", "已约下次上门", "the next visit is booked"]));
    }
    if let Some(signed) = signed {
        text = tell.join(&text, &tell.outcome(&Outcome::Signed(signed.clone())));
    }
    text
}

pub(super) fn item_settled(item: &ItemId, value: &ItemValue, tell: &Telling<'_>) -> String {
    let (item, value) = (tell.names.item(item), labels::item_value(value, tell.lang()));
    say!(
        tell.lang(),
        "檢查「{item}」有不同的值，核定為：{value}",
        "检查“{item}”有不同的值，核定为：{value}",
        "“{item}” had different values; settled on: {value}"
    )
}
