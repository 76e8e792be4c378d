//! What the firm's own copies carry beside the visit: things in custody (R76, R97), and on the office's copy how the
//! resident was reached (R30), waived rules, what was flagged, notes and the review.

use super::{Making, Pairs, section};
use crate::domain::order::closing::CustodyItem;
use crate::sheet::block::{Block, Column, Lines, Section};
use crate::words::{after_colon, in_brackets, labels};

/// Things somebody holds or has handed in.
pub(super) fn custody<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    if making.is_resident() {
        return None;
    }
    let (terms, lang) = (making.terms, making.lang);
    let row = |item: &CustodyItem| {
        let state = match &item.closed {
            Some(mark) => format!("{} · {}", terms.custody_done, making.mark(mark)),
            None => format!("{} {}", making.clock.at(item.since.at), terms.since),
        };
        vec![
            labels::custody_kind(item.kind, lang).to_owned(),
            format!("{}{}", item.name, in_brackets(lang, &item.serial)),
            making.names.person(&item.holder),
            state,
        ]
    };
    let columns = [terms.custody, terms.thing, terms.holder, terms.status];
    let lines = Lines {
        columns: columns.map(|name| Column { name, numeric: false }).to_vec(),
        rows: making.input.order.custody.values().map(row).collect(),
        sums: Vec::new(),
    };
    section(terms.custody, vec![Block::Lines(lines)])
}

/// The office's own record.
pub(super) fn record<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    if !making.is_office() {
        return None;
    }
    let (order, terms, words, lang) = (making.input.order, making.terms, making.words, making.lang);
    let mut pairs = Pairs::default();
    pairs.wide(terms.registered_at, order.registered.as_ref().map(|m| making.mark(m)).unwrap_or_default());
    for attempt in order.contacts.values() {
        let how = labels::contact_by(attempt.contact.by, lang);
        let reached = if attempt.contact.reached { terms.reached } else { terms.not_reached };
        let note = after_colon(lang, &attempt.contact.note);
        pairs.wide(terms.contact_log, format!("{how} · {reached}{note} · {}", making.mark(&attempt.mark)));
    }
    for note in order.notes.values() {
        let kind = labels::note_kind(note.kind, lang);
        pairs.wide(
            terms.notes,
            format!("{kind}{} · {}", after_colon(lang, &note.text), making.mark(&note.mark)),
        );
    }
    for copy in order.copies.values() {
        pairs.wide(terms.copy, format!("{} · {}", labels::copy_by(copy.by, lang), making.mark(&copy.mark)));
    }
    for (rule, waiver) in &order.waivers {
        pairs.wide(terms.waived_rules, format!("R{rule} {} · {}", waiver.reason, making.mark(&waiver.mark)));
    }
    let mut kinds: Vec<_> = order.concerns.iter().map(|concern| concern.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        pairs.wide(words.flagged, labels::concern(kind, lang));
    }
    for item in order.review.returned.values() {
        let part = labels::order_part(item.part, lang);
        let fixed = item.corrected.as_ref().map_or(terms.waiting_fix, |_| terms.fixed);
        pairs.wide(terms.returned_heading, format!("{part}{} · {fixed}", after_colon(lang, &item.note)));
    }
    if let Some(approval) = &order.review.approved {
        let note = in_brackets(lang, &approval.note);
        pairs.wide(terms.approved_by, format!("{}{note}", making.mark(&approval.mark)));
    }
    section(words.office_record, vec![Block::Pairs(pairs.0)])
}
