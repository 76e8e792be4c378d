//! What a pack must get right beyond its shape: every message names the key, so that an office can mend its own file.

use std::collections::BTreeSet;

use super::{Checklist, ChecklistItem, Hours, Phase, Policy, PolicyError, SupervisorInPaidWork, rules};
use crate::domain::deadline::{DeadlineSpec, Unit};
use crate::domain::lang::{Lang, Text};
use crate::domain::person::Role;

type Checked = Result<(), PolicyError>;

fn ensure(holds: bool, key: impl Into<String>, why: impl Into<String>) -> Checked {
    if holds { Ok(()) } else { Err(PolicyError::Wrong { key: key.into(), why: why.into() }) }
}

impl Policy {
    pub(super) fn check(&self) -> Checked {
        ensure(!self.id.trim().is_empty(), "id", "it is empty")?;
        ensure(self.version > 0, "version", "versions count from 1")?;
        three_languages("name", &self.name)?;
        ensure(
            self.offset_min.unsigned_abs() <= 14 * 60,
            "offset_min",
            "no place is more than 840 minutes from UTC",
        )?;
        time_limit("intake.answer_within", self.intake.answer_within)?;
        time_limit("custody.hand_in_by", self.custody.hand_in_by)?;
        time_limit("review.due", self.review.due)?;
        self.check_hours()?;
        self.check_fees()?;
        self.check_numbers()?;
        self.check_follow_ups()?;
        self.check_complaints()?;
        self.check_waivers()?;
        self.check_checklists()
    }

    fn check_hours(&self) -> Checked {
        let appointment = &self.appointment;
        // Without working hours no visit could ever be agreed (R31).
        ensure(
            !appointment.working_hours.is_empty(),
            "appointment.working_hours",
            "at least one span is needed",
        )?;
        spans("appointment.working_hours", &appointment.working_hours)?;
        spans("appointment.quiet_hours", &appointment.quiet_hours)?;
        ensure(
            !appointment.unfinished_outcomes.is_empty(),
            "appointment.unfinished_outcomes",
            "at least one is needed",
        )
    }

    fn check_fees(&self) -> Checked {
        let quote = &self.quote;
        ensure(quote.discount_limit_percent <= 100, "quote.discount_limit_percent", "more than 100")?;
        if let Some(above) = quote.approve_above {
            let approves = quote.supervisor == SupervisorInPaidWork::Approve;
            ensure(approves, "quote.approve_above", "it needs supervisor = \"approve\"")?;
            ensure(above >= 0, "quote.approve_above", "less than nothing")?;
        }
        ensure(quote.valid_days != Some(0), "quote.valid_days", "a quote that holds for no day")?;
        ensure(!self.payment.methods.is_empty(), "payment.methods", "at least one is needed")
    }

    fn check_numbers(&self) -> Checked {
        ensure(self.numbering.width <= 12, "numbering.width", "more than 12 digits")?;
        let plain = self.numbering.prefix.chars().all(|c| c.is_alphanumeric() || c == '-');
        ensure(plain, "numbering.prefix", "letters, digits and hyphens only")?;
        ensure(
            (320..=8000).contains(&self.photos.long_side_px),
            "photos.long_side_px",
            "between 320 and 8000",
        )?;
        ensure((1..=100).contains(&self.photos.jpeg_quality), "photos.jpeg_quality", "between 1 and 100")
    }

    fn check_follow_ups(&self) -> Checked {
        for (i, follow_up) in self.follow_up.iter().enumerate() {
            let key = |field: &str| format!("follow_up[{i}].{field}");
            known_rule(&key("rule"), follow_up.rule)?;
            ensure(
                follow_up.role != Role::Technician,
                key("role"),
                "who did the work does not ask about it",
            )?;
            ensure(
                follow_up.target_percent.is_none_or(|p| p <= 100),
                key("target_percent"),
                "more than 100",
            )?;
            match &follow_up.when {
                super::FollowUpWhen::Within(limit) => time_limit(&key("when.within"), *limit)?,
                super::FollowUpWhen::After(event) => {
                    ensure(!event.trim().is_empty(), key("when.after"), "it names no event")?;
                }
            }
        }
        Ok(())
    }

    fn check_complaints(&self) -> Checked {
        let mut classes = BTreeSet::new();
        for (i, complaint) in self.complaints.rules.iter().enumerate() {
            let key = |field: &str| format!("complaints.rules[{i}].{field}");
            known_rule(&key("rule"), complaint.rule)?;
            time_limit(&key("within"), complaint.within)?;
            three_languages(&key("label"), &complaint.label)?;
            ensure(
                classes.insert(&complaint.class),
                key("class"),
                format!("`{}` is there twice", complaint.class),
            )?;
        }
        Ok(())
    }

    fn check_waivers(&self) -> Checked {
        for (i, waiver) in self.waivers.iter().enumerate() {
            let key = format!("waivers[{i}].rule");
            known_rule(&key, waiver.rule)?;
            // The one gate nobody may waive is the reason the rest exists (R66 to R71).
            ensure(!matches!(waiver.rule, 66 | 67 | 71), key, format!("R{} cannot be waived", waiver.rule))?;
            ensure(!waiver.roles.is_empty(), format!("waivers[{i}].roles"), "at least one is needed")?;
        }
        Ok(())
    }

    fn check_checklists(&self) -> Checked {
        let mut ids = BTreeSet::new();
        for (l, list) in self.checklists.iter().enumerate() {
            for (i, item) in list.items.iter().enumerate() {
                let key = format!("checklists[{l}].items[{i}]");
                let id = item.id.as_str();
                ensure(!id.trim().is_empty(), format!("{key}.id"), "it is empty")?;
                ensure(ids.insert(id), format!("{key}.id"), format!("`{id}` is there twice"))?;
                check_item(&format!("{key} ({id})"), item)?;
            }
            check_steps(&format!("checklists[{l}]"), list)?;
        }
        Ok(())
    }
}

fn check_item(key: &str, item: &ChecklistItem) -> Checked {
    known_rule(&format!("{key}.rule"), item.rule)?;
    three_languages(&format!("{key}.label"), &item.label)?;
    let at = |field: &str| format!("{key}.{field}");
    ensure(!(item.required && item.advisory), at("advisory"), "a reminder of conduct cannot be required")?;
    let answerable = item.mismatch_on.as_ref().is_none_or(|value| item.takes(value));
    ensure(answerable, at("mismatch_on"), "no answer of this kind can be that")
}

/// Steps of a list come in the order they are written, each once: the phone asks them in that order (R64).
fn check_steps(key: &str, list: &Checklist) -> Checked {
    for phase in [Phase::Preparation, Phase::Before, Phase::After] {
        let steps: Vec<u8> = list.items.iter().filter(|i| i.phase == phase).filter_map(|i| i.step).collect();
        let rising = steps.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        ensure(rising, format!("{key}.items.step"), "steps must rise in the order they are written")?;
    }
    Ok(())
}

fn known_rule(key: &str, rule: u16) -> Checked {
    ensure(rules::rule(rule).is_some(), key, format!("there is no rule R{rule}"))
}

fn three_languages(key: &str, text: &Text) -> Checked {
    match Lang::ALL.iter().find(|lang| text.get(**lang).trim().is_empty()) {
        Some(lang) => ensure(false, key, format!("the text in {} is empty", lang.tag())),
        None => Ok(()),
    }
}

fn time_limit(key: &str, limit: DeadlineSpec) -> Checked {
    let counts = !matches!(limit.unit, Unit::SameDay | Unit::NextDay);
    ensure(!counts || limit.amount > 0, format!("{key}.amount"), "it must be at least 1")
}

fn spans(key: &str, hours: &[Hours]) -> Checked {
    ensure(hours.iter().all(|span| span.from < span.to), key, "`to` must be after `from`")
}
