//! What comes after the visit: the promised follow-up (R106 to R111), told by its date, and the warranty on parts and work.

use std::collections::BTreeSet;

use super::{Making, Pairs, section};
use crate::domain::deadline::{Unit, deadline};
use crate::domain::lang::Lang;
use crate::domain::policy::{FollowUpRule, FollowUpWhen};
use crate::sheet::block::{Block, Section};
use crate::words::say;

/// Follow-ups, counted from the end of the work.
pub(super) fn after<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let (order, words) = (making.input.order, making.words);
    let done = order.sign_off()?.mark.at;
    let policy = &making.input.rulebook.policy;
    let mut pairs = Pairs::default();
    for rule in policy.follow_ups(order.work_type()) {
        let when = when(rule, done, making);
        let channel = rule.channel.label(making.lang);
        let gap = if making.lang == Lang::En { ", " } else { "，" };
        pairs.wide(words.follow_up, format!("{when}{gap}{channel}"));
    }
    for (name, code) in warranted(making) {
        if let Some(days) = making.input.warranty_days.get(code) {
            let until = making.clock.date(done.plus_minutes(i64::from(*days) * 1440));
            pairs.wide(words.warranty, warranty(name, *days, &until, making.lang));
        }
    }
    section(words.after_service, vec![Block::Pairs(pairs.0)])
}

/// What may be under warranty: parts used, then lines of the agreed quote, each code once.
fn warranted<'a>(making: &Making<'a>) -> Vec<(&'a str, &'a str)> {
    let order = making.input.order;
    let parts = order.parts.values().map(|used| (used.part.name.as_str(), used.part.code.as_str()));
    let lines = order.agreed_quote().map(|(_, quote)| quote.terms.lines.as_slice()).unwrap_or_default();
    let mut seen = BTreeSet::new();
    parts
        .chain(lines.iter().map(|line| (line.name.as_str(), line.code.as_str())))
        .filter(|(_, code)| !code.is_empty() && seen.insert(*code))
        .collect()
}

fn warranty(name: &str, days: u32, until: &str, lang: Lang) -> String {
    say!(
        lang,
        "{name}：{days} 天，至 {until}",
        "{name}：{days} 天，至 {until}",
        "{name}: {days} days, until {until}"
    )
}

fn when(rule: &FollowUpRule, done: crate::domain::time::Stamp, making: &Making<'_>) -> String {
    let (words, clock) = (making.words, making.clock);
    match &rule.when {
        FollowUpWhen::Within(spec) => {
            let rulebook = making.input.rulebook;
            let due = deadline(*spec, rule.rule, done, &rulebook.policy, &rulebook.calendar).due;
            let exact = matches!(spec.unit, Unit::Minutes | Unit::Hours);
            let by = if exact { clock.at(due) } else { clock.date(due) };
            match making.lang {
                Lang::En => format!("{} {by}", words.by_date),
                _ => format!("{by}{}", words.by_date),
            }
        }
        FollowUpWhen::After(event) if event == "heavy_rain" => words.after_rain.to_owned(),
        FollowUpWhen::After(event) => event.clone(),
    }
}
