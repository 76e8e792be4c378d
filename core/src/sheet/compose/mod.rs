//! Composition: which sections a paper has, and what of the order each copy shows.

mod after;
mod checks;
mod foot;
mod household;
mod money;
mod office;
mod signing;
mod take_away;

use super::block::{Block, Head, Pair, Section, Sheet};
use super::clock::Clock;
use super::texts::{SheetTexts, sheet_texts};
use super::{Copy, NoSuchPaper, PaperKind, SheetInput};
use crate::domain::lang::Lang;
use crate::domain::order::Mark;
use crate::domain::order::signing::Outcome;
use crate::words::names::Names;
use crate::words::terms::{Terms, terms};

/// What the sections of a sheet share.
pub(super) struct Making<'a> {
    input: &'a SheetInput<'a>,
    copy: Copy,
    lang: Lang,
    clock: Clock,
    names: Names<'a>,
    words: &'static SheetTexts,
    terms: &'static Terms,
}

impl<'a> Making<'a> {
    fn new(input: &'a SheetInput<'a>, copy: Copy, lang: Lang) -> Self {
        let policy = &input.rulebook.policy;
        Self {
            input,
            copy,
            lang,
            clock: Clock { lang, offset_min: policy.offset_min },
            names: Names { people: input.people, policy, lang },
            words: sheet_texts(lang),
            terms: terms(lang),
        }
    }

    /// When and by whom.
    fn mark(&self, mark: &Mark) -> String {
        format!("{} · {}", self.clock.at(mark.at), self.names.person(&mark.by))
    }

    fn is_office(&self) -> bool {
        self.copy == Copy::Office
    }

    fn is_resident(&self) -> bool {
        self.copy == Copy::Resident
    }
}

/// Collects pairs, leaving out what was not given.
#[derive(Default)]
pub(super) struct Pairs(Vec<Pair>);

impl Pairs {
    fn add(&mut self, term: &'static str, text: impl Into<String>) {
        self.put(term, text.into(), false);
    }

    /// A sentence: it takes the whole width.
    fn wide(&mut self, term: &'static str, text: impl Into<String>) {
        self.put(term, text.into(), true);
    }

    fn put(&mut self, term: &'static str, text: String, wide: bool) {
        if !text.trim().is_empty() {
            self.0.push(Pair { term, text, wide });
        }
    }
}

/// A section, unless it would be empty.
fn section<'a>(title: &str, blocks: Vec<Block<'a>>) -> Option<Section<'a>> {
    let filled = |block: &Block<'_>| match block {
        Block::Pairs(pairs) => !pairs.is_empty(),
        Block::Lines(lines) => !lines.rows.is_empty() || !lines.sums.is_empty(),
        Block::Checklist { items, .. } => !items.is_empty(),
        Block::Photos(pairs) => !pairs.is_empty(),
        Block::Signatures(all) => !all.is_empty(),
        Block::Note { .. } | Block::Boxes(_) => true,
    };
    let blocks: Vec<Block<'_>> = blocks.into_iter().filter(filled).collect();
    (!blocks.is_empty()).then(|| Section { title: title.to_owned(), blocks, together: false })
}

/// The same section, never broken over two pages.
fn together(section: Option<Section<'_>>) -> Option<Section<'_>> {
    section.map(|section| Section { together: true, ..section })
}

/// Composes a paper.
///
/// # Errors
/// When a receipt or pass is asked for something that was not taken away.
pub fn compose<'a>(
    input: &'a SheetInput<'a>,
    kind: PaperKind,
    copy: Copy,
    lang: Lang,
) -> Result<Sheet<'a>, NoSuchPaper> {
    let making = Making::new(input, copy, lang);
    match kind {
        PaperKind::Service => Ok(service(&making)),
        PaperKind::PickUp(id) => take_away::receipt(&making, id),
        PaperKind::GatePass(id) => take_away::pass(&making, id),
    }
}

fn service<'a>(making: &Making<'a>) -> Sheet<'a> {
    let sections = [
        household::visit(making),
        household::result(making),
        money::fee(making),
        money::paid(making),
        money::parts(making),
        take_away::things(making),
        checks::lists(making),
        checks::photos(making),
        signing::signatures(making),
        after::after(making),
        office::custody(making),
        office::record(making),
    ];
    Sheet {
        lang: making.lang,
        head: head(making),
        sections: sections.into_iter().flatten().collect(),
        foot: foot::foot(making, true),
    }
}

fn head(making: &Making<'_>) -> Head {
    let words = making.words;
    Head {
        firm: making.input.firm.to_owned(),
        title: words.service_sheet,
        copy: copy_name(making.copy, words),
        number_name: words.order_number,
        number: order_number(making),
        banner: banner(making),
    }
}

fn copy_name(copy: Copy, words: &SheetTexts) -> &'static str {
    match copy {
        Copy::Office => words.office_copy,
        Copy::Technician => words.technician_copy,
        Copy::Resident => words.resident_copy,
    }
}

fn order_number(making: &Making<'_>) -> String {
    making.input.order.number.clone().unwrap_or_else(|| making.terms.no_number.to_owned())
}

/// What must be seen before anything else: a void order, no sign-off, or one that is no plain signature.
fn banner(making: &Making<'_>) -> Option<String> {
    let (order, words) = (making.input.order, making.words);
    if let Some(void) = &order.void {
        return Some(format!(
            "{}{}",
            words.void_banner,
            crate::words::after_colon(making.lang, &void.reason)
        ));
    }
    let text = match order.sign_off().map(|sign_off| &sign_off.resident) {
        None => words.unsigned_banner,
        Some(Outcome::Signed(_)) => return None,
        Some(Outcome::SignedWithObjection(..)) => words.objection_banner,
        Some(Outcome::Refused(_)) => words.refused_banner,
        Some(Outcome::Absent(_)) => words.absent_banner,
    };
    Some(text.to_owned())
}
