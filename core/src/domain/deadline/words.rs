//! A deadline in words, in three languages: what an office reads when it asks "why then?".

use chrono::NaiveDate;

use super::{Deadline, DeadlineSpec, Unit};
use crate::domain::calendar::{Certainty, DayKind};
use crate::domain::lang::Lang;
use crate::domain::policy::rules;

/// The most days that an explanation names one by one.
const NAMED_DAYS: usize = 12;

impl Deadline {
    /// The deadline in words: rule and clause, limit, start, whose calendar, which days were passed over and why, which
    /// weekend days counted, the result, and how sure it is. A limit that leans on no calendar names none.
    #[must_use]
    pub fn explain(&self, lang: Lang) -> String {
        let w = joints(lang);
        let source = rules::rule(self.rule).map_or_else(String::new, |info| format!(" {}", info.source));
        let limit = self.spec.words(lang);
        let mut text =
            format!("R{}{source}{}{limit}{}{}", self.rule, w.colon, w.from, self.start.minute_text());
        if self.spec.unit == Unit::WorkingDays {
            text += &format!("{}{}", w.calendar, self.region.name(lang));
            let skipped = self.skipped.iter().map(|(date, kind)| passed_over(*date, kind, lang));
            text += &listed(w.skipped, skipped, &w);
            text += &listed(w.worked, self.made_up.iter().map(ToString::to_string), &w);
        }
        text + w.until + &self.due.minute_text() + &self.doubt(lang)
    }

    fn doubt(&self, lang: Lang) -> String {
        let years: Vec<String> = self.unsure_years.iter().map(ToString::to_string).collect();
        let years = years.join(joints(lang).comma);
        match (self.certainty, lang) {
            (Certainty::Official, _) => String::new(),
            (Certainty::Provisional, Lang::ZhHant) => format!("（暫定：{years} 年假期尚未正式公佈）"),
            (Certainty::Provisional, Lang::ZhHans) => format!("（暂定：{years} 年假期尚未正式公布）"),
            (Certainty::Provisional, Lang::En) => {
                format!(" (provisional: the holidays of {years} are not official yet)")
            }
            (Certainty::Unknown, Lang::ZhHant) => format!("（暫定：{years} 年無假期資料，只計週末）"),
            (Certainty::Unknown, Lang::ZhHans) => format!("（暂定：{years} 年无假期资料，只计周末）"),
            (Certainty::Unknown, Lang::En) => {
                format!(" (provisional: no holiday data for {years}, weekends only)")
            }
        }
    }
}

impl DeadlineSpec {
    /// The limit in words.
    #[must_use]
    pub fn words(self, lang: Lang) -> String {
        let n = self.amount;
        let s = if n == 1 { "" } else { "s" };
        match (self.unit, lang) {
            (Unit::Minutes, Lang::ZhHant) => format!("{n} 分鐘"),
            (Unit::Minutes, Lang::ZhHans) => format!("{n} 分钟"),
            (Unit::Minutes, Lang::En) => format!("{n} minute{s}"),
            (Unit::Hours, Lang::ZhHant) => format!("{n} 小時"),
            (Unit::Hours, Lang::ZhHans) => format!("{n} 小时"),
            (Unit::Hours, Lang::En) => format!("{n} hour{s}"),
            (Unit::NaturalDays, Lang::ZhHant | Lang::ZhHans) => format!("{n} 天"),
            (Unit::NaturalDays, Lang::En) => format!("{n} day{s}"),
            (Unit::WorkingDays, Lang::ZhHant) => format!("{n} 個工作日"),
            (Unit::WorkingDays, Lang::ZhHans) => format!("{n} 个工作日"),
            (Unit::WorkingDays, Lang::En) => format!("{n} working day{s}"),
            (Unit::SameDay, Lang::ZhHant) => "當天".to_owned(),
            (Unit::SameDay, Lang::ZhHans) => "当天".to_owned(),
            (Unit::SameDay, Lang::En) => "the same day".to_owned(),
            (Unit::NextDay, Lang::ZhHant | Lang::ZhHans) => "次日".to_owned(),
            (Unit::NextDay, Lang::En) => "the next day".to_owned(),
        }
    }
}

/// `；不計 a、b 等 14 天`: a list with its opening words, cut when it is long. Empty when there is nothing to list.
fn listed(opening: &str, days: impl ExactSizeIterator<Item = String>, w: &Joints) -> String {
    let all = days.len();
    if all == 0 {
        return String::new();
    }
    let text = days.take(NAMED_DAYS).collect::<Vec<_>>().join(w.comma);
    let rest = if all > NAMED_DAYS { w.and_so_on.replace("{}", &all.to_string()) } else { String::new() };
    format!("{opening}{text}{rest}")
}

fn passed_over(date: NaiveDate, kind: &DayKind, lang: Lang) -> String {
    let name = match (kind, lang) {
        (DayKind::Holiday(name), _) => name.get(lang),
        (_, Lang::ZhHant) => "週末",
        (_, Lang::ZhHans) => "周末",
        (_, Lang::En) => "weekend",
    };
    format!("{date} {name}")
}

/// What stands between the parts of an explanation.
struct Joints {
    colon: &'static str,
    from: &'static str,
    calendar: &'static str,
    skipped: &'static str,
    worked: &'static str,
    until: &'static str,
    comma: &'static str,
    and_so_on: &'static str,
}

fn joints(lang: Lang) -> Joints {
    match lang {
        Lang::ZhHant => Joints {
            colon: "：",
            from: "，始於 ",
            calendar: "；日曆：",
            skipped: "；不計 ",
            worked: "；計入補班日 ",
            until: "；截止 ",
            comma: "、",
            and_so_on: " 等 {} 天",
        },
        Lang::ZhHans => Joints {
            colon: "：",
            from: "，始于 ",
            calendar: "；日历：",
            skipped: "；不计 ",
            worked: "；计入补班日 ",
            until: "；截止 ",
            comma: "、",
            and_so_on: " 等 {} 天",
        },
        Lang::En => Joints {
            colon: ": ",
            from: " from ",
            calendar: "; calendar of ",
            skipped: "; not counted: ",
            worked: "; counted as make-up workdays: ",
            until: "; due ",
            comma: ", ",
            and_so_on: " and more, {} days in all",
        },
    }
}
