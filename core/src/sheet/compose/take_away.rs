//! What was taken away: on the sheet, as the pick-up receipt left with the resident (R74), as the gate pass (R78).

use super::{Making, Pairs, copy_name, foot, order_number, section, signing, together};
use crate::domain::ids::FactId;
use crate::domain::order::closing::TakeAway;
use crate::sheet::NoSuchPaper;
use crate::sheet::block::{Block, Column, Head, Lines, Section, Sheet};

/// Everything taken away, on the service sheet.
pub(super) fn things<'a>(making: &Making<'a>) -> Option<Section<'a>> {
    let mut blocks = Vec::new();
    for taken in making.input.order.take_aways.values() {
        let mut pairs = Pairs::default();
        pairs.add(making.words.receipt_number, taken.receipt_no.as_str());
        pairs.add(making.words.taken_at, making.mark(&taken.mark));
        blocks.extend([Block::Pairs(pairs.0), items(taken, false, making), consent(taken, making)]);
    }
    together(section(making.terms.taken_away, blocks))
}

fn consent<'a>(taken: &'a TakeAway, making: &Making<'a>) -> Block<'a> {
    Block::Signatures(vec![signing::of_outcome(making.words.take_away_signature, &taken.outcome, making)])
}

fn items<'a>(taken: &TakeAway, checked: bool, making: &Making<'a>) -> Block<'a> {
    let words = making.words;
    let column = |name| Column { name, numeric: false };
    let mut columns = vec![column(words.item_no), column(making.terms.thing), column(words.serial)];
    if checked {
        columns.push(column(words.checked_out));
    }
    let row = |(number, (name, serial)): (usize, &(String, String))| {
        let mut row = vec![number.to_string(), name.clone(), serial.clone()];
        if checked {
            row.push("□".to_owned());
        }
        row
    };
    let rows = (1..).zip(&taken.items).map(row).collect();
    Block::Lines(Lines { columns, rows, sums: Vec::new() })
}

fn find<'a>(making: &Making<'a>, id: FactId) -> Result<&'a TakeAway, NoSuchPaper> {
    making.input.order.take_aways.get(&id).ok_or(NoSuchPaper(id))
}

fn who<'a>(taken: &TakeAway, making: &Making<'a>) -> Option<Section<'a>> {
    let (order, terms, words) = (making.input.order, making.terms, making.words);
    let mut pairs = Pairs::default();
    pairs.add(words.order_number, order_number(making));
    if let Some(intake) = &order.intake {
        pairs.add(terms.unit, intake.unit.as_str());
        pairs.add(terms.resident, intake.resident.as_str());
        pairs.add(terms.company, intake.company.as_str());
        pairs.wide(words.taken_for, order.field(crate::domain::order::intake::SharedField::Fault));
    }
    pairs.add(words.taken_by, making.names.person(&taken.mark.by));
    pairs.add(words.taken_at, making.clock.zoned(taken.mark.at));
    section(words.visit_and_household, vec![Block::Pairs(pairs.0)])
}

fn head(making: &Making<'_>, title: &'static str, number_name: &'static str, taken: &TakeAway) -> Head {
    Head {
        firm: making.input.firm.to_owned(),
        title,
        copy: copy_name(making.copy, making.words),
        number_name,
        number: taken.receipt_no.clone(),
        banner: making.input.order.void.as_ref().map(|_| making.words.void_banner.to_owned()),
    }
}

fn paper<'a>(
    making: &Making<'a>,
    head: Head,
    sections: impl IntoIterator<Item = Option<Section<'a>>>,
) -> Sheet<'a> {
    let sections = sections.into_iter().flatten().collect();
    Sheet { lang: making.lang, head, sections, foot: foot::foot(making, false) }
}

/// The pick-up receipt: what was taken, by whom, with the resident's consent, and room for the return.
pub(super) fn receipt<'a>(making: &Making<'a>, id: FactId) -> Result<Sheet<'a>, NoSuchPaper> {
    let (taken, words) = (find(making, id)?, making.words);
    let note = Block::Note { loud: false, text: words.pick_up_note.to_owned() };
    let sections = [
        who(taken, making),
        section(words.taken_things, vec![items(taken, false, making)]),
        together(section(words.signatures, vec![consent(taken, making)])),
        together(section(
            words.returned_box,
            vec![note, Block::Boxes(vec![words.returned_box, words.returned_to_box])],
        )),
    ];
    Ok(paper(making, head(making, words.pick_up_receipt, words.receipt_number, taken), sections))
}

/// The gate pass: item by item, signed or stamped by the appointed person, released by security (R78, R79).
pub(super) fn pass<'a>(making: &Making<'a>, id: FactId) -> Result<Sheet<'a>, NoSuchPaper> {
    let (taken, words) = (find(making, id)?, making.words);
    let note = Block::Note { loud: false, text: words.pass_note.to_owned() };
    let boxes = vec![words.issuer_box, words.exit_box, words.guard_box, words.left_at_box];
    let sections = [
        who(taken, making),
        section(words.taken_things, vec![items(taken, true, making)]),
        together(section(words.signatures, vec![note, Block::Boxes(boxes)])),
    ];
    Ok(paper(making, head(making, words.gate_pass, words.pass_number, taken), sections))
}
