//! The reasons for a second look, in plain words short enough for a list row.

use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::policy::rules;

use super::{after_colon, in_brackets, labels, pick, say, when};
use crate::pages::attention::Flag;

/// A reason in one language.
#[must_use]
pub fn text(flag: &Flag, lang: Lang) -> String {
    let with = |three, text: &str| format!("{}{}", pick(lang, three), after_colon(lang, text));
    match flag {
        Flag::Concern(kind) => labels::concern(*kind, lang).to_owned(),
        Flag::Conflict(n) => say!(
            lang,
            "{n} 處有兩個不同的值，待核定",
            "{n} 处有两个不同的值，待核定",
            "{n} with two different values: pick one"
        ),
        Flag::SignatureRefused(why) => {
            with(["住戶拒絕簽字", "住户拒绝签字", "The resident refused to sign"], why)
        }
        Flag::SignatureAbsent(why) => {
            with(["簽收時無人簽字", "签收时无人签字", "Nobody signed for the resident"], why)
        }
        Flag::Objection(why) => {
            with(["住戶簽字但有異議", "住户签字但有异议", "Signed with an objection"], why)
        }
        Flag::LowRating(rating) => {
            say!(lang, "住戶評價僅 {rating} 分", "住户评价仅 {rating} 分", "Rated only {rating} of 5")
        }
        Flag::PaidDiffers { paid, agreed } => say!(
            lang,
            "實收 {paid} 與同意的 {agreed} 不符",
            "实收 {paid} 与同意的 {agreed} 不符",
            "Paid {paid}, agreed {agreed}"
        ),
        Flag::LateArrival { minutes, missed_window } => {
            let by = when::length(*minutes, lang);
            if *missed_window {
                say!(
                    lang,
                    "遲到 {by}，已過約定時段",
                    "迟到 {by}，已过约定时段",
                    "Arrived {by} late, after the window"
                )
            } else {
                say!(lang, "比約定時間晚到 {by}", "比约定时间晚到 {by}", "Arrived {by} after the booked time")
            }
        }
        Flag::NotArrived(minutes) => {
            let by = when::length(*minutes, lang);
            say!(
                lang,
                "時段已過 {by}，尚未到場",
                "时段已过 {by}，尚未到场",
                "Window over for {by}, nobody arrived"
            )
        }
        Flag::PaperUnsigned(why) => with(
            ["住戶未簽不符或責任確認", "住户未签不符或责任确认", "Mismatch or liability note not signed"],
            why,
        ),
        Flag::Unsolved(why) => with(["問題未解決", "问题未解决", "Not solved"], why),
        Flag::Returned(n) => {
            say!(lang, "{n} 項退回，待補正", "{n} 项退回，待补正", "{n} sent back, not put right yet")
        }
        Flag::Corrected(n) => {
            say!(lang, "{n} 項已補正，請再看", "{n} 项已补正，请再看", "{n} put right: look again")
        }
        Flag::ReviewOverdue(minutes) => {
            let by = when::length(*minutes, lang);
            say!(lang, "審核已逾期 {by}", "审核已逾期 {by}", "Review overdue by {by}")
        }
        Flag::AnswerOverdue(minutes) => {
            let by = when::length(*minutes, lang);
            say!(lang, "答覆住戶已逾期 {by}", "答复住户已逾期 {by}", "Answer to the resident overdue by {by}")
        }
        Flag::HandInOverdue(n) => {
            say!(
                lang,
                "{n} 件款項或單據逾期未交",
                "{n} 件款项或单据逾期未交",
                "{n} of money or forms not handed in on time"
            )
        }
        Flag::Unreached(n) => say!(
            lang,
            "{n} 次聯繫不上住戶，請專人繼續聯繫",
            "{n} 次联系不上住户，请专人继续联系",
            "Not reached in {n} attempts: keep calling"
        ),
        Flag::QuoteWaits => {
            pick(lang, ["報價待主管批准", "报价待主管批准", "A quote waits for your approval"]).to_owned()
        }
        Flag::Waived(number) => {
            let name = rules::rule(*number).map_or("", |info| info.name(lang));
            let name = in_brackets(lang, name);
            say!(
                lang,
                "豁免了規定 R{number}{name}",
                "豁免了规定 R{number}{name}",
                "Rule R{number} was waived{name}"
            )
        }
        Flag::Eligible(tag) => labels::tag(tag, lang).to_owned(),
        Flag::Hazard => pick(lang, ["安全隱患", "安全隐患", "Safety hazard"]).to_owned(),
        Flag::Assistance(why) => {
            with(["維修員請求支援", "维修员请求支援", "The technician calls for help"], why)
        }
        Flag::NoCopy => {
            pick(lang, ["客戶留存聯未交住戶", "客户留存联未交住户", "The resident has no copy"]).to_owned()
        }
        Flag::Discount(amount) => say!(lang, "折扣 {amount}", "折扣 {amount}", "Discount {amount}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::domain::concern::ConcernKind;
    use doorstep_core::domain::money::{Currency, Money};
    use doorstep_core::words::check;

    #[test]
    fn every_reason_speaks_three_languages() {
        let money = |minor| Money::new(minor, Currency::Cny);
        let all = [
            Flag::Concern(ConcernKind::SealBroken),
            Flag::Conflict(2),
            Flag::SignatureRefused("x".into()),
            Flag::SignatureAbsent(String::new()),
            Flag::Objection("x".into()),
            Flag::LowRating(1),
            Flag::PaidDiffers { paid: money(100), agreed: money(200) },
            Flag::LateArrival { minutes: 61, missed_window: true },
            Flag::LateArrival { minutes: 3, missed_window: false },
            Flag::NotArrived(4000),
            Flag::PaperUnsigned("x".into()),
            Flag::Unsolved("x".into()),
            Flag::Returned(1),
            Flag::Corrected(1),
            Flag::ReviewOverdue(90),
            Flag::AnswerOverdue(3000),
            Flag::HandInOverdue(1),
            Flag::Unreached(3),
            Flag::QuoteWaits,
            Flag::Waived(27),
            Flag::Eligible("elderly".into()),
            Flag::Hazard,
            Flag::Assistance("x".into()),
            Flag::NoCopy,
            Flag::Discount(money(100)),
        ];
        for flag in &all {
            let [hant, hans, en] = Lang::ALL.map(|lang| text(flag, lang));
            check::three(&format!("{flag:?}"), [&hant, &hans, &en]).unwrap();
        }
    }
}
