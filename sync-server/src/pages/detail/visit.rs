//! Contacts and visits, entitlement and liability, and the checklists with their mismatches.

use std::collections::BTreeSet;

use doorstep_core::domain::ids::ItemId;
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::visit::{Photo, PhotoMoment, STAMP, Visit};
use doorstep_core::domain::policy::{ChecklistItem, Phase};

use super::Reading;
use super::fields::{Pair, Pairs};
use super::signature::Signature;
use crate::pages::words::ui::{Ui, ui};
use crate::pages::words::{in_brackets, labels, pick, when};

/// Attempts to reach the resident, and the visits.
pub(super) struct AppointmentSection {
    /// Each attempt: how, whether reached, what was said, when and by whom.
    pub contacts: Vec<ContactLine>,
    /// The visits, the first one first.
    pub visits: Vec<VisitBlock>,
}

/// An attempt to reach the resident.
pub(super) struct ContactLine {
    /// When and by whom.
    pub mark: String,
    /// How.
    pub by: &'static str,
    /// Whether the resident was reached.
    pub reached: bool,
    /// What was said.
    pub note: String,
}

/// One visit.
pub(super) struct VisitBlock {
    /// Its number.
    pub number: u16,
    /// What happened on it.
    pub pairs: Vec<Pair>,
}

impl AppointmentSection {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let contact = |attempt: &doorstep_core::domain::order::ContactAttempt| ContactLine {
            mark: reading.mark(&attempt.mark),
            by: labels::contact_by(attempt.contact.by, reading.lang()),
            reached: attempt.contact.reached,
            note: attempt.contact.note.clone(),
        };
        let visit = |(number, visit): (&u16, &Visit)| VisitBlock {
            number: *number,
            pairs: visit_pairs(visit, reading),
        };
        Self {
            contacts: reading.order.contacts.values().map(contact).collect(),
            visits: reading.order.visits.iter().map(visit).collect(),
        }
    }
}

fn visit_pairs(visit: &Visit, reading: &Reading<'_>) -> Vec<Pair> {
    let lang = reading.lang();
    let ui = ui(lang);
    let mut pairs = Pairs::default();
    pairs.add(ui.window, visit.window.map(|w| when::window(w, reading.now, lang)).unwrap_or_default());
    if let Some(notice) = &visit.notice {
        let by = labels::side(notice.by, lang);
        pairs.add(
            ui.notice,
            format!("{by}{} · {}", in_brackets(lang, &notice.reason), reading.mark(&notice.mark)),
        );
    }
    for late in visit.late.values() {
        let eta = reading.moment(late.eta);
        pairs.add(
            ui.late_call,
            format!("{eta}{} · {}", in_brackets(lang, &late.reason), reading.mark(&late.mark)),
        );
    }
    let mut mark =
        |term, mark: &Option<_>| pairs.add(term, mark.as_ref().map(|m| reading.mark(m)).unwrap_or_default());
    mark(ui.set_out, &visit.set_out);
    mark(ui.arrived, &visit.arrived);
    mark(ui.no_show, &visit.no_show);
    mark(ui.started, &visit.started);
    if let Some(pause) = &visit.paused {
        pairs.add(ui.paused, format!("{} · {}", pause.reason, reading.mark(&pause.mark)));
    }
    pairs.add(ui.finished, visit.finished.as_ref().map(|f| reading.mark(&f.mark)).unwrap_or_default());
    if let Some(unsolved) = &visit.unsolved {
        pairs.add(ui.unsolved, format!("{} · {}", unsolved.reason, reading.mark(&unsolved.mark)));
    }
    pairs.0
}

/// Warranty, consent to start, cause and liability.
pub(super) struct EntitlementSection {
    /// What was found.
    pub pairs: Vec<Pair>,
    /// The resident's word on the charge (R69).
    pub signature: Option<Signature>,
}

impl EntitlementSection {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let (order, lang) = (reading.order, reading.lang());
        let ui = ui(lang);
        let mut pairs = Pairs::default();
        if let Some((_, visit)) = order.visit() {
            if let Some(entitlement) = &visit.entitlement {
                let coverage = labels::coverage(entitlement.coverage, lang);
                pairs.add(ui.coverage, format!("{coverage}{}", in_brackets(lang, &entitlement.evidence)));
            }
            if let Some(answer) = &visit.start_agreed {
                let word = if answer.agreed { ui.yes } else { ui.no };
                pairs.add(
                    ui.start_consent,
                    format!("{word}{} · {}", in_brackets(lang, &answer.by), reading.mark(&answer.mark)),
                );
            }
        }
        let mut signature = None;
        if let Some(diagnosis) = &order.diagnosis {
            pairs.add(ui.cause, diagnosis.cause.as_str());
            pairs.add(ui.liability, labels::liability(diagnosis.liability, lang));
            pairs.add(ui.explained, diagnosis.note.as_str());
            let signed = diagnosis.acknowledged.as_ref();
            signature = signed.map(|outcome| Signature::of_outcome(ui.liability_signed, outcome, reading));
        }
        Self { pairs: pairs.0, signature }
    }
}

/// A checklist of one phase, or two that are read together.
pub(super) struct ChecklistSection {
    /// The phases with their items.
    pub groups: Vec<Group>,
    /// What the resident was asked to sign (R61).
    pub signatures: Vec<Signature>,
    /// How the work ended.
    pub pairs: Vec<Pair>,
    /// The company's stamp (R87).
    pub stamps: Vec<Shots>,
}

/// The items of one phase on one visit.
pub(super) struct Group {
    /// The phase, and the visit when there were several.
    pub title: String,
    /// The items.
    pub items: Vec<ItemLine>,
}

/// One item.
pub(super) struct ItemLine {
    /// What it asks.
    pub label: String,
    /// The answer in words; empty when there is none.
    pub value: String,
    /// What differs, and photos without a picture to show.
    pub notes: Vec<String>,
    /// Photos, before and after side by side.
    pub shots: Vec<Shots>,
    /// Not as it should be (R61).
    pub mismatch: bool,
    /// Two values wait for a decision.
    pub conflict: bool,
    /// A reminder of conduct: never blocks.
    pub advisory: bool,
}

/// The photos of one moment.
pub(super) struct Shots {
    /// Which half of a pair.
    pub word: &'static str,
    /// The photos.
    pub shots: Vec<Shot>,
}

/// One photo: its thumbnail, which came with the fact, and the photo itself once it arrived.
pub(super) struct Shot {
    /// Where its thumbnail is.
    pub thumbnail: String,
    /// Where the photo is, when it arrived.
    pub photo: Option<String>,
}

impl ChecklistSection {
    pub(super) fn before(reading: &Reading<'_>) -> Self {
        let ui = ui(reading.lang());
        let mismatches = reading.order.visits.values().flat_map(|visit| visit.mismatches.values());
        let signature = |paper: &doorstep_core::domain::order::visit::Acknowledgement| {
            Signature::of_outcome(ui.mismatch_signed, &paper.outcome, reading)
        };
        Self {
            groups: groups(&[Phase::Preparation, Phase::Before], reading),
            signatures: mismatches.map(signature).collect(),
            pairs: Vec::new(),
            stamps: Vec::new(),
        }
    }

    pub(super) fn after(reading: &Reading<'_>) -> Self {
        let ui = ui(reading.lang());
        let mut pairs = Pairs::default();
        for finish in reading.order.visits.values().filter_map(|visit| visit.finished.as_ref()) {
            pairs.add(ui.solved, if finish.solved { ui.yes } else { ui.no });
            pairs.add(ui.cause, finish.cause.as_str());
            pairs.add(ui.method_used, finish.method.as_str());
            pairs.add(ui.advice, finish.advice.as_str());
        }
        let stamp = ItemId::from(STAMP);
        for visit in reading.order.visits.values() {
            pairs.add(ui.stamp, photos(&stamp, visit, ui, reading.lang()).join(", "));
        }
        let unsolved =
            reading.order.visits.values().filter_map(|visit| visit.unsolved.as_ref()?.signed.as_ref());
        Self {
            groups: groups(&[Phase::After], reading),
            stamps: reading.order.visits.values().flat_map(|visit| shots(&stamp, visit, reading)).collect(),
            signatures: unsolved.map(|s| Signature::of_signed(ui.resident_signature, s, reading)).collect(),
            pairs: pairs.0,
        }
    }
}

fn groups(phases: &[Phase], reading: &Reading<'_>) -> Vec<Group> {
    let (order, lang) = (reading.order, reading.lang());
    let mut groups = Vec::new();
    for (number, visit) in &order.visits {
        for phase in phases {
            let items = items(visit, *phase, reading);
            // A visit that nobody arrived on has no unanswered items worth listing.
            if items.is_empty() || (visit.arrived.is_none() && items.iter().all(|item| item.value.is_empty()))
            {
                continue;
            }
            let which = if order.visits.len() > 1 {
                in_brackets(lang, &visit_name(*number, lang))
            } else {
                String::new()
            };
            groups.push(Group { title: format!("{}{which}", labels::phase(*phase, lang)), items });
        }
    }
    groups
}

/// A visit by its number.
pub(super) fn visit_name(number: u16, lang: Lang) -> String {
    crate::pages::words::say!(lang, "第 {number} 次上門", "第 {number} 次上门", "visit {number}")
}

/// The pack's items of a phase, then answers to items the pack no longer has.
fn items(visit: &Visit, phase: Phase, reading: &Reading<'_>) -> Vec<ItemLine> {
    let policy = &reading.rulebook.policy;
    let known: Vec<&ChecklistItem> =
        policy.items(reading.order.work_type()).filter(|item| item.phase == phase).collect();
    let mut lines: Vec<ItemLine> =
        known.iter().map(|item| line(&item.id, Some(item), visit, reading)).collect();
    if phase == Phase::Before {
        let all: BTreeSet<&ItemId> =
            policy.checklists.iter().flat_map(|list| &list.items).map(|i| &i.id).collect();
        let unknown = visit.answers.keys().filter(|id| !all.contains(id));
        lines.extend(unknown.map(|id| line(id, None, visit, reading)));
    }
    lines
}

fn line(id: &ItemId, item: Option<&ChecklistItem>, visit: &Visit, reading: &Reading<'_>) -> ItemLine {
    let lang = reading.lang();
    let ui = ui(lang);
    let answer = visit.answers.get(id);
    let mut notes = Vec::new();
    if let Some(answer) = answer.filter(|answer| !answer.remark.is_empty()) {
        notes.push(answer.remark.clone());
    }
    if let Some(consent) = visit.step_consents.get(id) {
        let word = if consent.agreed { ui.agrees } else { ui.disagrees };
        notes.push(format!("{} {word}{}", ui.resident, in_brackets(lang, &consent.by)));
    }
    notes.extend(photos(id, visit, ui, lang));
    let shots = shots(id, visit, reading);
    ItemLine {
        label: reading.names.item(id),
        value: answer.map(|answer| labels::item_value(&answer.value, lang)).unwrap_or_default(),
        notes,
        shots,
        mismatch: item.zip(answer).is_some_and(|(item, answer)| item.is_mismatch(&answer.value)),
        conflict: answer.is_some_and(|answer| !answer.conflicts.is_empty()),
        advisory: item.is_some_and(|item| item.advisory),
    }
}

/// The photos of an item that have something to show, before and after side by side (R84).
fn shots(id: &ItemId, visit: &Visit, reading: &Reading<'_>) -> Vec<Shots> {
    let ui = ui(reading.lang());
    let at = |digest| format!("/v1/orders/{}/photos/{digest}", reading.id);
    let of = |moment| {
        let taken = visit.photos.values().filter(move |p| p.item == *id && p.moment == moment);
        let shot = |photo: &Photo| {
            let arrived = reading.photos.contains(&photo.picture);
            Some(Shot { thumbnail: at(photo.thumbnail?), photo: arrived.then(|| at(photo.picture)) })
        };
        taken.filter_map(shot).collect::<Vec<_>>()
    };
    [(PhotoMoment::Before, ui.photo_before), (PhotoMoment::After, ui.photo_after)]
        .into_iter()
        .map(|(moment, word)| Shots { word, shots: of(moment) })
        .filter(|side| !side.shots.is_empty())
        .collect()
}

fn photos(id: &ItemId, visit: &Visit, ui: &Ui, lang: Lang) -> Vec<String> {
    let without = |p: &&Photo, moment| p.item == *id && p.moment == moment && p.thumbnail.is_none();
    let count = |moment| visit.photos.values().filter(|p| without(p, moment)).count();
    let times = pick(lang, ["張", "张", ""]);
    [(PhotoMoment::Before, ui.photo_before), (PhotoMoment::After, ui.photo_after)]
        .into_iter()
        .map(|(moment, word)| (count(moment), word))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{word} {n} {times}").trim_end().to_owned())
        .collect()
}
