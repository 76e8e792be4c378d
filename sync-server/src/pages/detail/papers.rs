//! Links to the papers of an order: the three copies of the service sheet, and a receipt and a pass for what was taken away.

use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::policy::CopyKind;
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
    /// Its address as a PDF file.
    pub pdf: String,
    /// Its address for the receipt printer.
    pub receipt: String,
}

pub(super) fn papers(reading: &Reading<'_>) -> Vec<PaperLine> {
    let (page, policy) = (reading.lang(), &reading.rulebook.policy);
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
    // The firm's set of copies (R9). A resident may read another language than the office.
    let mut lines: Vec<PaperLine> = Vec::new();
    for copy in Copy::ALL.into_iter().filter(|copy| policy.copies.set.contains(&kind(*copy))) {
        let langs: &[Lang] = if copy == Copy::Resident { &Lang::ALL } else { &[page] };
        lines.extend(langs.iter().map(|lang| service(copy, *lang)));
    }
    for (id, taken) in &reading.order.take_aways {
        let number = in_brackets(page, &taken.receipt_no);
        let receipt = [("pick-up", texts.pick_up_receipt, "resident")];
        // Large things leave with a pass, where the firm has passes (R78, R79).
        let pass = policy.custody.pass_unless_one_hand.then_some(("gate-pass", texts.gate_pass, "office"));
        lines.extend(receipt.into_iter().chain(pass).map(|(paper, name, copy)| {
            let query = format!("paper={paper}&of={id}&copy={copy}&lang={}", page.tag());
            line(reading, format!("{name}{number}"), &query)
        }));
    }
    lines
}

fn kind(copy: Copy) -> CopyKind {
    match copy {
        Copy::Office => CopyKind::Office,
        Copy::Technician => CopyKind::Technician,
        Copy::Resident => CopyKind::Resident,
    }
}

fn line(reading: &Reading<'_>, name: String, query: &str) -> PaperLine {
    let address = |file: &str, layout: Layout| {
        format!("/orders/{}/{file}?{query}&layout={}", reading.id, layout.code())
    };
    PaperLine {
        name,
        a4: address("sheet", Layout::A4),
        pdf: address("sheet.pdf", Layout::A4),
        receipt: address("sheet", Layout::Receipt80mm),
    }
}
