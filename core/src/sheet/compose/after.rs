//! What comes after the visit: the promised follow-up (R106 to R111), told by its date; on the office's copy the deadlines that run.

use super::{Making, Pairs, section};
use crate::domain::deadline::{Unit, deadline};
use crate::domain::policy::{FollowUpRule, FollowUpWhen};
use crate::sheet::block::{Block, Section};

/// Follow-ups, counted from the end of the work.
pub(super) fn after<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let (order, words) = (making.input.order, making.words);
    let done = order.sign_off()?.mark.at;
    let policy = &making.input.rulebook.policy;
    let mut pairs = Pairs::default();
    for rule in policy.follow_ups(order.work_type()) {
        let when = when(rule, done, making);
        let channel = rule.channel.label(making.lang);
        let gap = if making.lang == crate::domain::lang::Lang::En { ", " } else { "，" };
        pairs.wide(words.follow_up, format!("{when}{gap}{channel}"));
    }
    section(words.after_service, vec![Block::Pairs(pairs.0)])
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
                crate::domain::lang::Lang::En => format!("{} {by}", words.by_date),
                _ => format!("{by}{}", words.by_date),
            }
        }
        FollowUpWhen::After(event) if event == "heavy_rain" => words.after_rain.to_owned(),
        FollowUpWhen::After(event) => event.clone(),
    }
}
