//! What a sheet costs: HTML on phone and server, PDF on the server. CPU only, of a paid repair with both signatures.

use std::collections::BTreeMap;

use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::ids::{Digest, OrderId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::journal::Entry;
use doorstep_core::phone::Clock as _;
use doorstep_core::sheet::{Copy, Layout, PaperKind, SheetInput, compose, html};
use doorstep_server::pdf;

use super::{Figure, in_turns};
use crate::office::{CHAN, Office};
use crate::phones::Handset;
use crate::play::{self, Hand as _};
use crate::text;

const ROUNDS: usize = 60;

/// A visit that was played to its end, and nothing of one.
struct Visit {
    id: OrderId,
    order: Order,
    nothing: Order,
    rulebook: Rulebook,
    inks: BTreeMap<Digest, Vec<u8>>,
    clock: std::sync::Arc<crate::phones::HeldClock>,
}

impl Visit {
    fn play() -> Self {
        let office = Office::emerald_lake();
        let hand = Handset::enrol(&office, CHAN);
        hand.heal();
        let id = hand.phone.new_order_id();
        hand.does(id, doorstep_core::domain::command::Command::Register(text::intake(1)));
        play::paid_repair(&hand, id);
        let entries = hand.journal();
        let inks = entries.iter().filter_map(|entry| Entry::decode(&entry.bytes).ok());
        Self {
            id,
            order: hand.order(id),
            nothing: Order::default(),
            rulebook: hand.rulebook(),
            inks: inks.flat_map(|entry| entry.inks).map(|ink| (Digest::of(&ink.0), ink.0)).collect(),
            clock: hand.clock.clone(),
        }
    }

    fn with<T>(&self, order: &Order, work: impl Fn(&SheetInput<'_>) -> T) -> T {
        let (people, thumbnails, warranty_days) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        work(&SheetInput {
            id: self.id,
            order,
            firm: "翠湖花園物業服務處",
            rulebook: &self.rulebook,
            people: &people,
            inks: &self.inks,
            thumbnails: &thumbnails,
            warranty_days: &warranty_days,
            code: None,
            now: self.clock.now(),
        })
    }

    fn html(&self) -> String {
        self.with(&self.order, |input| {
            html(input, PaperKind::Service, Copy::Resident, Lang::ZhHant, Layout::A4).expect("a sheet")
        })
    }

    fn pdf(&self, order: &Order) -> Vec<u8> {
        self.with(order, |input| {
            let sheet = compose(input, PaperKind::Service, Copy::Resident, Lang::ZhHant).expect("a sheet");
            pdf::render(&sheet, Layout::A4).expect("a PDF")
        })
    }
}

/// `sheet_html`: a resident's copy for A4. Floor: its characters put into one text, those of markup escaped.
pub fn as_html() -> Figure {
    let visit = Visit::play();
    let made = visit.html();
    let floor = || {
        made.chars().fold(String::with_capacity(made.len() * 2), |mut text, c| {
            match c {
                '<' => text.push_str("&lt;"),
                '&' => text.push_str("&amp;"),
                c => text.push(c),
            }
            text
        })
    };
    in_turns("sheet_html", ROUNDS, &|| visit.html(), &floor)
}

/// `sheet_pdf`: the same as PDF. Floor: a sheet of which nothing is known yet, with the same fonts.
pub fn as_pdf() -> Figure {
    let visit = Visit::play();
    in_turns("sheet_pdf", ROUNDS, &|| visit.pdf(&visit.order), &|| visit.pdf(&visit.nothing))
}
