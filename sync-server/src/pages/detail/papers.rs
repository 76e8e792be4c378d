//! Links to the papers of an order: the three copies of the service sheet, and a receipt and a pass for what was taken away.

use doorstep_core::domain::lang::Lang;
use doorstep_core::sheet::texts::sheet_texts;
use doorstep_core::sheet::{Copy, Layout};

use super::Reading;
use crate::pages::words::{in_brackets, labels};

/// One paper in one language.
pub(super) struct PaperLine {
    /// What it is.
    pub name: String,
    /// Its address for A4.
    pub a4: String,
    /// Its address for the receipt printer.
    pub receipt: String,
}

pub(super) fn papers(reading: &Reading<'_>) -> Vec<PaperLine> {
    let page = reading.lang();
    let texts = sheet_texts(page);
    let service = |copy: Copy, lang: Lang| {
        let name = match copy {
            Copy::Resident => texts.resident_copy,
            Copy::Technician => texts.technician_copy,
            Copy::Office => texts.office_copy,
        };
        let which =
            if copy == Copy::Resident { in_brackets(page, labels::language(lang)) } else { String::new() };
        line(reading, format!("{name}{which}"), &format!("copy={}&lang={}", copy.code(), lang.tag()))
    };
    // A resident may read another language than the office.
    let mut lines: Vec<PaperLine> = Lang::ALL.into_iter().map(|lang| service(Copy::Resident, lang)).collect();
    lines.extend([Copy::Technician, Copy::Office].map(|copy| service(copy, page)));
    for (id, taken) in &reading.order.take_aways {
        let number = in_brackets(page, &taken.receipt_no);
        let both = [("pick-up", texts.pick_up_receipt, "resident"), ("gate-pass", texts.gate_pass, "office")];
        lines.extend(both.map(|(paper, name, copy)| {
            let query = format!("paper={paper}&of={id}&copy={copy}&lang={}", page.tag());
            line(reading, format!("{name}{number}"), &query)
        }));
    }
    lines
}

fn line(reading: &Reading<'_>, name: String, query: &str) -> PaperLine {
    let address = |layout: Layout| format!("/orders/{}/sheet?{query}&layout={}", reading.id, layout.code());
    PaperLine { name, a4: address(Layout::A4), receipt: address(Layout::Receipt80mm) }
}
