//! Who the visit was to, when it was, what was found and what came of it (R2, R33, R63, R69, R83).

use super::{Making, Pairs, section};
use crate::domain::order::intake::SharedField;
use crate::domain::order::visit::Visit;
use crate::sheet::block::{Block, Column, Lines, Section};
use crate::words::{in_brackets, labels, list};

/// The household, the request and the visit.
pub(super) fn visit<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let (order, terms, lang) = (making.input.order, making.terms, making.lang);
    let mut pairs = Pairs::default();
    if let Some(intake) = &order.intake {
        pairs.add(terms.unit, intake.unit.as_str());
        pairs.add(terms.resident, intake.resident.as_str());
        pairs.add(terms.company, intake.company.as_str());
        pairs.add(terms.phone, phone(order.field(SharedField::Phone), making));
        pairs.add(terms.work_type, labels::work_type(&intake.work_type, lang));
        if making.is_office() {
            pairs.add(terms.reporter, intake.reporter.as_str());
        }
        pairs.wide(terms.fault, order.field(SharedField::Fault));
        pairs.wide(terms.symptom, intake.symptom.as_str());
    }
    if let Some(assignment) = &order.assignment {
        pairs.add(terms.technician, making.names.person(&assignment.technician));
        pairs.add(terms.helpers, list(lang, assignment.helpers.iter().map(|id| making.names.person(id))));
    }
    if let Some((number, visit)) = order.visit() {
        if number > 1 {
            pairs.add(terms.visit_no, number.to_string());
        }
        pairs.add(terms.window, visit.window.map(|w| making.clock.window(w)).unwrap_or_default());
        pairs.add(terms.arrived, visit.arrived.as_ref().map(|m| making.clock.at(m.at)).unwrap_or_default());
        pairs.add(
            terms.finished,
            visit.finished.as_ref().map(|m| making.clock.at(m.mark.at)).unwrap_or_default(),
        );
    }
    section(making.words.visit_and_household, vec![Block::Pairs(pairs.0), earlier(making)])
}

/// A resident's phone: whole for who has to call it, shortened on the technician's paper, which is carried about.
fn phone(phone: &str, making: &Making<'_>) -> String {
    if making.copy != crate::sheet::Copy::Technician {
        return phone.to_owned();
    }
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let kept = digits.len().saturating_sub(4).max(digits.len() / 2);
    let last: String = digits.iter().skip(kept).collect();
    if last.is_empty() { String::new() } else { format!("…{last}") }
}

fn earlier<'a>(making: &Making<'a>) -> Block<'a> {
    let (terms, words) = (making.terms, making.words);
    let current = making.input.order.visit_number();
    let others = making.input.order.visits.iter().filter(|(number, _)| **number != current);
    let row = |(number, visit): (&u16, &Visit)| {
        let when = visit.window.map(|w| making.clock.window(w)).unwrap_or_default();
        vec![number.to_string(), when, ending(visit, making)]
    };
    let column = |name| Column { name, numeric: false };
    Block::Lines(Lines {
        columns: vec![column(words.earlier_visits), column(terms.window), column(words.result)],
        rows: others.map(row).collect(),
        sums: Vec::new(),
    })
}

fn ending(visit: &Visit, making: &Making<'_>) -> String {
    let (terms, words, lang) = (making.terms, making.words, making.lang);
    if let Some(notice) = &visit.notice {
        return format!("{}{}", terms.notice, in_brackets(lang, labels::side(notice.by, lang)));
    }
    if visit.no_show.is_some() {
        return terms.no_show.to_owned();
    }
    if let Some(unsolved) = &visit.unsolved {
        return format!("{}{}", terms.unsolved, in_brackets(lang, &unsolved.reason));
    }
    visit.finished.as_ref().map_or(words.not_taken, |f| finished(f.solved, making)).to_owned()
}

fn finished(solved: bool, making: &Making<'_>) -> &'static str {
    if solved { making.words.solved_yes } else { making.words.solved_no }
}

/// Cause, method, what to watch, whose fault, whether covered.
pub(super) fn result<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let (order, terms, words, lang) = (making.input.order, making.terms, making.words, making.lang);
    let visit = order.visit().map(|(_, visit)| visit);
    let mut blocks = Vec::new();
    let mut pairs = Pairs::default();
    if let Some(work) = visit.and_then(|visit| visit.finished.as_ref()) {
        blocks.push(Block::Note { loud: true, text: finished(work.solved, making).to_owned() });
        pairs.wide(terms.cause, work.cause.as_str());
        pairs.wide(terms.method_used, work.method.as_str());
        pairs.wide(terms.advice, work.advice.as_str());
    }
    if let Some(unsolved) = visit.and_then(|visit| visit.unsolved.as_ref()) {
        pairs.wide(terms.unsolved, unsolved.reason.as_str());
        let next = unsolved.next_visit.and_then(|number| order.visits.get(&number)?.window);
        pairs.wide(
            words.next_visit,
            next.map_or(words.next_visit_open.to_owned(), |w| making.clock.window(w)),
        );
    }
    if let Some(found) = visit.and_then(|visit| visit.entitlement.as_ref()) {
        let coverage = labels::coverage(found.coverage, lang);
        pairs.wide(terms.coverage, format!("{coverage}{}", in_brackets(lang, &found.evidence)));
    }
    if let Some(diagnosis) = &order.diagnosis {
        if visit.is_none_or(|visit| visit.finished.is_none()) {
            pairs.wide(terms.cause, diagnosis.cause.as_str());
        }
        pairs.wide(terms.liability, labels::liability(diagnosis.liability, lang));
        pairs.wide(terms.explained, diagnosis.note.as_str());
    }
    blocks.push(Block::Pairs(pairs.0));
    // Where there is a quote, the resident's word on who pays stands beside the word on how much.
    if order.quotes.is_empty() {
        blocks.push(Block::Signatures(super::signing::liability(making).into_iter().collect()));
    }
    section(words.result, blocks)
}
