//! Visits as people make them, step by step: a paid repair to the signature, a refused quote, a no-show, a second date.
//!
//! Every script goes through the front door of whoever plays it, so phones and the wire probe play the same.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::{Digest, OrderId};
use doorstep_core::domain::money::{Currency, Money, Quantity};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::closing::{CopyBy, Liability, PartUse, PaymentMethod};
use doorstep_core::domain::order::quote::{QuoteLine, QuoteTerms};
use doorstep_core::domain::order::signing::{Capacity, Outcome, Signed};
use doorstep_core::domain::order::visit::{
    Contact, ContactBy, Coverage, Entitlement, ItemValue, PhotoMoment,
};
use doorstep_core::domain::policy::{ChecklistItem, Phase, PhotoNeed};
use doorstep_core::domain::seal::ink::{self, Stroke};
use doorstep_core::domain::time::{Stamp, Window};

use crate::text;

/// Whoever plays: a phone, or the probe that speaks the wire itself.
pub trait Hand {
    fn order(&self, id: OrderId) -> Order;
    fn rulebook(&self) -> Rulebook;
    /// Moves the clock on the wall of this device.
    fn clock(&self, now: Stamp);
    /// Gives a command; the refusal in words.
    fn tries(&self, id: OrderId, command: Command) -> Result<(), String>;
    /// A signature under a paper as it stands now.
    fn sign(&self, id: OrderId, paper: &Paper, name: &str, capacity: Capacity, strokes: &[Stroke]) -> Signed;

    fn does(&self, id: OrderId, command: Command) {
        let kind = command.kind();
        self.tries(id, command).unwrap_or_else(|why| panic!("{kind:?}: {why}"));
    }

    fn resident_signs(&self, id: OrderId, paper: &Paper) -> Outcome {
        Outcome::Signed(self.sign(id, paper, "陳美玲", Capacity::Resident, &strokes(30)))
    }
}

/// A signature of so many points.
pub fn strokes(points: i32) -> Vec<Stroke> {
    let place = |i: i32| ink::InkPoint {
        x: i * 37 % 900 + i % 7 * 11,
        y: i * 53 % 400 + i % 5 * 13,
        t: u32::try_from(i).unwrap_or(0) * 11,
        pressure: u8::try_from(i % 200).unwrap_or(0),
    };
    vec![(0..points).map(place).collect()]
}

pub fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

pub fn terms(lines: &[(&str, i64)]) -> QuoteTerms {
    let line = |(name, minor): &(&str, i64)| QuoteLine {
        code: String::new(),
        name: (*name).to_owned(),
        quantity: Quantity::whole(1),
        unit_price: yuan(*minor),
    };
    QuoteTerms {
        lines: lines.iter().map(line).collect(),
        discount: yuan(0),
        reason: "角閥老化，不在保修範圍".to_owned(),
    }
}

pub fn call(hand: &dyn Hand, id: OrderId, reached: bool) {
    let contact = Contact { by: ContactBy::Call, reached, note: "說明上門時間".to_owned() };
    hand.does(id, Command::RecordContact(contact));
}

/// What stands at an item where nothing is wrong.
pub fn good(item: &ChecklistItem) -> ItemValue {
    let values = [ItemValue::Done, ItemValue::Yes, ItemValue::No, ItemValue::Text("正常".to_owned())];
    let value = values.into_iter().find(|value| item.takes(value) && !item.is_mismatch(value));
    value.expect("a value the item takes")
}

/// Answers every item of a phase in the order of the list, with step consents and photos.
pub fn answer_all(hand: &dyn Hand, id: OrderId, phase: Phase) {
    let rulebook = hand.rulebook();
    let work_type = hand.order(id).work_type().to_owned();
    let items: Vec<_> =
        rulebook.policy.items(&work_type).filter(|item| item.phase == phase).cloned().collect();
    for item in items {
        if item.needs_consent {
            let by = "陳美玲".to_owned();
            hand.does(id, Command::AnswerStep { item: item.id.clone(), agreed: true, by });
        }
        hand.does(
            id,
            Command::AnswerItem { item: item.id.clone(), value: good(&item), remark: String::new() },
        );
        if item.photo != PhotoNeed::None {
            for moment in [PhotoMoment::Before, PhotoMoment::After] {
                let picture = Digest::of(format!("{} {moment:?}", item.id).as_bytes());
                hand.does(id, Command::TakePhoto { item: item.id.clone(), moment, picture, thumbnail: None });
            }
        }
    }
}

/// The call, the window, the bag, the road and the door.
pub fn arrive(hand: &dyn Hand, id: OrderId) {
    hand.clock(text::at("2026-11-25T09:00"));
    call(hand, id, true);
    hand.does(id, Command::Book { window: text::window() });
    answer_all(hand, id, Phase::Preparation);
    hand.clock(text::at("2026-11-25T13:40"));
    hand.does(id, Command::SetOut);
    hand.clock(text::at("2026-11-25T13:55"));
    hand.does(id, Command::Arrive);
}

/// Entitlement, consent to start, the checklist before, whose fault it is.
pub fn look(hand: &dyn Hand, id: OrderId) {
    let entitlement = Entitlement { coverage: Coverage::Expired, evidence: "保修卡 2023-0417".to_owned() };
    hand.does(id, Command::CheckEntitlement(entitlement));
    hand.does(id, Command::AnswerStart { agreed: true, by: "陳美玲".to_owned() });
    answer_all(hand, id, Phase::Before);
    let (cause, note) = ("角閥老化滲水".to_owned(), "使用年限已過，更換須收費".to_owned());
    hand.does(id, Command::Diagnose { cause, liability: Liability::Resident, note });
    let outcome = hand.resident_signs(id, &Paper::Liability);
    hand.does(id, Command::AcknowledgeLiability(outcome));
}

pub fn quote(hand: &dyn Hand, id: OrderId) {
    hand.does(id, Command::PresentQuote(terms(&[("更換角閥", 8_000), ("上門人工", 5_000)])));
    hand.does(id, Command::ReportQuote);
}

pub fn answer_quote(hand: &dyn Hand, id: OrderId, agreed: bool) {
    let outcome = hand.resident_signs(id, &Paper::Quote { agreed });
    hand.does(id, Command::AnswerQuote { agreed, outcome });
}

pub fn work(hand: &dyn Hand, id: OrderId) {
    hand.does(id, Command::StartWork);
    hand.does(
        id,
        Command::UsePart(PartUse {
            code: "SG-15".to_owned(),
            name: "角閥".to_owned(),
            quantity: Quantity::whole(1),
            drawn_with: String::new(),
            replaced_serial: String::new(),
        }),
    );
    hand.clock(text::at("2026-11-25T15:00"));
    hand.does(
        id,
        Command::FinishWork {
            solved: true,
            cause: "角閥老化".to_owned(),
            method: "更換角閥與軟管".to_owned(),
            advice: "一週內留意接口有無滲水".to_owned(),
        },
    );
    answer_all(hand, id, Phase::After);
}

pub fn pay_and_sign(hand: &dyn Hand, id: OrderId) {
    let receipt_no = "SJ-0001".to_owned();
    hand.does(id, Command::TakePayment { amount: yuan(13_000), method: PaymentMethod::Cash, receipt_no });
    let (rating, opinion) = (Some(5), "師傅很細心".to_owned());
    let paper = Paper::Sheet { rating, opinion: opinion.clone() };
    let technician = hand.sign(id, &paper, "陳志強", Capacity::Technician, &strokes(40));
    let resident = hand.resident_signs(id, &paper);
    hand.does(id, Command::SignOff { technician, resident, rating, opinion });
    hand.does(id, Command::DeliverCopy { by: CopyBy::Qr });
}

/// A paid repair from the call to the signed sheet, on an order that is this technician's.
pub fn paid_repair(hand: &dyn Hand, id: OrderId) {
    arrive(hand, id);
    look(hand, id);
    quote(hand, id);
    answer_quote(hand, id, true);
    work(hand, id);
    pay_and_sign(hand, id);
}

/// The resident says no to the price; the visit ends without work.
pub fn refused_quote(hand: &dyn Hand, id: OrderId) {
    arrive(hand, id);
    look(hand, id);
    quote(hand, id);
    answer_quote(hand, id, false);
    hand.tries(id, Command::StartWork).expect_err("no work against the resident's no");
    let (reason, next) = ("住戶不同意報價".to_owned(), None);
    hand.does(id, Command::CloseUnsolved { reason, next, signed: None });
}

/// Nobody is there and nobody answers, thirty minutes long.
pub fn no_show(hand: &dyn Hand, id: OrderId) {
    arrive(hand, id);
    hand.clock(text::at("2026-11-25T14:20"));
    call(hand, id, false);
    let early = Command::DeclareNoShow { note: "無人應門".to_owned() };
    hand.tries(id, early.clone()).expect_err("thirty minutes are not over");
    hand.clock(text::at("2026-11-25T14:31"));
    hand.does(id, early);
}

/// Not solved today: the resident signs that, and the next date is agreed in the same breath.
pub fn unsolved_with_next_date(hand: &dyn Hand, id: OrderId) {
    arrive(hand, id);
    look(hand, id);
    let reason = "配件需訂貨".to_owned();
    let paper = Paper::Unsolved { reason: reason.clone() };
    let signed = hand.sign(id, &paper, "陳美玲", Capacity::Resident, &strokes(30));
    let next = Window { start: text::at("2026-11-27T09:00"), end: text::at("2026-11-27T10:00") };
    hand.does(id, Command::CloseUnsolved { reason, next: Some(next), signed: Some(signed) });
}
