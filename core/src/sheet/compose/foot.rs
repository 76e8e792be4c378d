//! The bottom of every paper: where to turn (R23, R92, R150), that the copy is worth keeping, how times are given.

use super::{Making, Pairs};
use crate::domain::lang::Lang;
use crate::sheet::Copy;
use crate::sheet::block::Foot;
use crate::sheet::clock::zone;

pub(super) fn foot<'a>(making: &Making<'a>, is_sheet: bool) -> Foot<'a> {
    let (input, words) = (making.input, making.words);
    let copies = &input.rulebook.policy.copies;
    let mut contacts = Pairs::default();
    contacts.add(words.service_line, copies.service_phone.as_str());
    contacts.add(words.complaint_line, copies.complaint_line.as_str());
    if let Some(assignment) = &input.order.assignment {
        contacts.add(making.terms.technician, making.names.person(&assignment.technician));
    }
    let mut notes = Vec::new();
    if is_sheet && making.is_resident() {
        let keep = if copies.complaint_line.is_empty() { words.keep_plain } else { words.keep_copy };
        notes.push(keep.to_owned());
    }
    let zone = zone(making.clock.offset_min);
    notes.push(match making.lang {
        Lang::ZhHant | Lang::ZhHans => format!("{}（{zone}）。", words.times_in),
        Lang::En => format!("{} ({zone}).", words.times_in),
    });
    // The firm holds what the code leads to.
    let code = input.code.filter(|_| making.copy != Copy::Office);
    if code.is_some() {
        notes.push(words.scan_code.to_owned());
    }
    let made = making.clock.at(input.now);
    Foot {
        contacts: contacts.0,
        notes,
        code,
        print_mark: format!("{} {} · {} {made}", words.document_id, input.id, words.printed_at),
    }
}
