//! The stories of a day: what becomes of each registration, tap by tap.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::money::{Money, Quantity};
use doorstep_core::domain::order::closing::{CopyBy, Liability, PartUse, PaymentMethod};
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::domain::order::signing::Outcome;
use doorstep_core::domain::order::visit::{Coverage, Entitlement};
use doorstep_core::domain::policy::{Ask, PaymentSequence, Phase};
use doorstep_core::domain::time::Stamp;

use super::DemoError;
use super::day::window;
use super::desk::other_number;
use super::hand::Hand;
use super::plan::Job;

/// What becomes of a registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Story {
    /// Quoted, agreed, done, paid, signed off.
    Paid,
    /// The resident says no to the price.
    RefusedQuote,
    /// Nobody is there.
    NoShow,
    /// Not solved; the next date is agreed.
    NextDate,
    /// Covered by warranty, done and signed off.
    Covered,
    /// Taken away against a receipt, the next date agreed.
    TakenAway,
    /// Signed off without the resident, and two people changed the same phone number: the odd one.
    Odd,
    /// Called, and agreed for the next date.
    Later,
    /// Given to a technician, who has not called yet.
    Assigned,
    /// Nobody has answered it yet.
    Waiting,
}

/// The stories in the order of the register; a longer register begins again.
const DAY: [Story; 12] = [
    Story::Paid,
    Story::RefusedQuote,
    Story::NoShow,
    Story::NextDate,
    Story::Covered,
    Story::Covered,
    Story::Paid,
    Story::Paid,
    Story::TakenAway,
    Story::Paid,
    Story::Odd,
    Story::Waiting,
];

impl Story {
    pub(super) fn of(line: usize) -> Self {
        DAY.get(line % DAY.len()).copied().unwrap_or(Self::Waiting)
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Paid => "paid repair, signed off",
            Self::RefusedQuote => "quote refused",
            Self::NoShow => "no-show",
            Self::NextDate => "not solved, next date agreed",
            Self::Covered => "under warranty, signed off",
            Self::TakenAway => "device taken away against a receipt",
            Self::Odd => "signed off without the resident; a phone number changed on both sides",
            Self::Later => "agreed for the next date",
            Self::Assigned => "given to a technician",
            Self::Waiting => "waiting for an answer",
        }
    }

    /// Whether somebody stands at the door on the day that is played.
    pub(super) fn is_visited(self) -> bool {
        !matches!(self, Self::Later | Self::Assigned | Self::Waiting)
    }
}

/// The call in the morning, and the window agreed (R27 to R32).
pub(super) fn agree_window(hand: &Hand, job: &Job) -> Result<(), DemoError> {
    let Some(start) = job.start else { return Ok(()) };
    hand.wait(2);
    hand.call(job.id, true, "已說明收費辦法，確認地點與時間")?;
    hand.does(job.id, Command::Book { window: window(start) })
}

/// Plays what becomes of a visit whose window was agreed. `next` is when the resident has time again.
pub(super) fn play(hand: &mut Hand, job: &Job, next: Stamp) -> Result<(), DemoError> {
    let Some(start) = job.start else { return Ok(()) };
    let (id, turn) = (job.id, job.turn);
    go(hand, id, start)?;
    match job.story {
        Story::Paid => {
            look(hand, id, Coverage::Expired, (turn == 0).then_some("面板有舊裂痕一處，非本次造成"))?;
            agree(hand, id, turn)?;
            work(hand, id)?;
            close(hand, id, turn, true)
        }
        Story::Covered => {
            look(hand, id, Coverage::Covered, None)?;
            hand.does(id, Command::StartWork)?;
            work(hand, id)?;
            close(hand, id, turn, true)
        }
        Story::Odd => {
            let to = other_number(&job.intake.phone, 2);
            hand.does(id, Command::EditField { field: SharedField::Phone, to })?;
            look(hand, id, Coverage::Covered, None)?;
            hand.does(id, Command::StartWork)?;
            work(hand, id)?;
            close(hand, id, turn, false)
        }
        Story::RefusedQuote => {
            look(hand, id, Coverage::None, None)?;
            quote(hand, id)?;
            let outcome = hand.resident_signs(id, &Paper::Quote { agreed: false })?;
            hand.does(id, Command::AnswerQuote { agreed: false, outcome })?;
            unsolved(hand, id, "住戶不同意報價，暫不維修", None)
        }
        Story::NoShow => {
            hand.wait(14);
            hand.call(id, false, "門鈴無人應，電話未接")?;
            hand.wait((i64::from(hand.rulebook.policy.appointment.no_show_minutes) - 10).max(0));
            hand.call(id, false, "再次致電，仍未接聽")?;
            hand.does(id, Command::DeclareNoShow { note: "已在門口留言條".to_owned() })
        }
        Story::NextDate => {
            look(hand, id, Coverage::Covered, None)?;
            hand.does(id, Command::StartWork)?;
            hand.does(id, Command::RequestAssistance { text: "請倉庫查同型號配件".to_owned() })?;
            hand.wait(12);
            unsolved(hand, id, "配件型號較舊，需訂貨", Some(next))
        }
        Story::TakenAway => {
            look(hand, id, Coverage::Covered, None)?;
            hand.does(id, Command::StartWork)?;
            hand.wait(10);
            let items = vec![("待修電器".to_owned(), format!("SN-{:05}", 70_310 + turn))];
            let receipt_no = format!("QJ-{:04}", turn + 1);
            let paper = Paper::TakeAway { receipt_no: receipt_no.clone(), items: items.clone() };
            let outcome = hand.resident_signs(id, &paper)?;
            hand.does(id, Command::TakeAway { receipt_no, items, outcome })?;
            unsolved(hand, id, "帶回工場檢修", Some(next))
        }
        Story::Later | Story::Assigned | Story::Waiting => Ok(()),
    }
}

/// The bag, the road and the door, a little before the time (R33, R39, R40).
fn go(hand: &mut Hand, id: OrderId, start: Stamp) -> Result<(), DemoError> {
    hand.device.clock.reach(start.plus_minutes(-14));
    hand.answer_all(id, Phase::Preparation, None)?;
    hand.does(id, Command::SetOut)?;
    hand.device.clock.reach(start.plus_minutes(-4));
    hand.does(id, Command::Arrive)
}

/// Warranty, consent to start, the checklist before, whose fault it is (R58 to R69).
fn look(hand: &mut Hand, id: OrderId, coverage: Coverage, mismatch: Option<&str>) -> Result<(), DemoError> {
    let evidence = match coverage {
        Coverage::Covered => "保修單在有效期內",
        Coverage::Expired => "保修單已過期",
        Coverage::None => "無保修憑證，已查部件條碼",
    };
    let entitlement = Entitlement { coverage, evidence: evidence.to_owned() };
    hand.does(id, Command::CheckEntitlement(entitlement))?;
    let by = hand.at_the_door(id)?.name;
    hand.does(id, Command::AnswerStart { agreed: true, by })?;
    hand.answer_all(id, Phase::Before, mismatch)?;
    if mismatch.is_some() {
        let outcome = hand.resident_signs(id, &Paper::Mismatch)?;
        hand.does(id, Command::AcknowledgeMismatch(outcome))?;
    }
    hand.wait(5);
    let liability = match coverage {
        Coverage::Covered => Liability::Firm,
        Coverage::Expired | Coverage::None => Liability::Resident,
    };
    let charged = liability != Liability::Firm;
    let note = if charged { "使用年限已過，材料與人工按價目表收費" } else { "" }.to_owned();
    hand.does(id, Command::Diagnose { cause: "部件老化".to_owned(), liability, note })?;
    if charged {
        let outcome = hand.resident_signs(id, &Paper::Liability)?;
        hand.does(id, Command::AcknowledgeLiability(outcome))?;
    }
    Ok(())
}

/// Presented and reported to the person in charge (R66 to R68).
fn quote(hand: &mut Hand, id: OrderId) -> Result<(), DemoError> {
    let terms = hand.terms(id, "部件老化，不在保修範圍")?;
    hand.does(id, Command::PresentQuote(terms))?;
    hand.does(id, Command::ReportQuote)?;
    hand.wait(2);
    Ok(())
}

/// The resident's signed yes, and only then the work (R71).
fn agree(hand: &mut Hand, id: OrderId, turn: usize) -> Result<(), DemoError> {
    quote(hand, id)?;
    let outcome = hand.resident_signs(id, &Paper::Quote { agreed: true })?;
    hand.does(id, Command::AnswerQuote { agreed: true, outcome })?;
    hand.does(id, Command::StartWork)?;
    let order = hand.order(id)?;
    let Some(line) = order.agreed_quote().and_then(|(_, quote)| hand.part_of(&quote.terms)) else {
        return Ok(());
    };
    let part = PartUse {
        code: line.code,
        name: line.name,
        quantity: Quantity::whole(1),
        drawn_with: format!("LL-{:04}", turn + 1),
        replaced_serial: String::new(),
    };
    hand.does(id, Command::UsePart(part))
}

fn work(hand: &mut Hand, id: OrderId) -> Result<(), DemoError> {
    hand.wait(18);
    hand.does(
        id,
        Command::FinishWork {
            solved: true,
            cause: "部件老化".to_owned(),
            method: "更換部件並重新固定".to_owned(),
            advice: "一週內留意有無異常，如有請來電".to_owned(),
        },
    )?;
    hand.answer_all(id, Phase::After, None)
}

/// Fee and signatures in the order the firm's policy asks for, then the copy (R82 to R91).
fn close(hand: &mut Hand, id: OrderId, turn: usize, present: bool) -> Result<(), DemoError> {
    let sequence = hand.rulebook.policy.payment.sequence;
    if sequence == PaymentSequence::FeeThenSign {
        pay(hand, id, turn)?;
    }
    let asked = present && hand.rulebook.policy.sign_off.rating != Ask::NotAsked;
    let rating = asked.then_some(if turn % 3 == 2 { 4 } else { 5 });
    let opinion = if present { "師傅講解清楚，現場收拾乾淨" } else { "" }.to_owned();
    let paper = Paper::Sheet { rating, opinion: opinion.clone() };
    let technician = hand.technician_signs(id, &paper)?;
    let resident = if present {
        hand.resident_signs(id, &paper)?
    } else {
        Outcome::Absent("住戶臨時外出，由鄰居開門".into())
    };
    hand.does(id, Command::SignOff { technician, resident, rating, opinion })?;
    if sequence == PaymentSequence::SignThenFee {
        pay(hand, id, turn)?;
    }
    hand.does(id, Command::DeliverCopy { by: if present { CopyBy::Qr } else { CopyBy::Message } })
}

/// The fee that was agreed, with a voucher (R86, R90): once in cash, then without.
fn pay(hand: &mut Hand, id: OrderId, turn: usize) -> Result<(), DemoError> {
    let amount: Money = hand.order(id)?.fee(hand.rulebook.policy.currency);
    if amount.minor == 0 {
        return Ok(());
    }
    let methods = &hand.rulebook.policy.payment.methods;
    let by_hand = |method: &PaymentMethod| matches!(method, PaymentMethod::Cash | PaymentMethod::Cheque);
    let cash = methods.iter().copied().find(by_hand);
    let other = methods.iter().copied().find(|method| !by_hand(method));
    let method = if turn == 0 { cash.or(other) } else { other.or(cash) };
    let Some(method) = method else { return Ok(()) };
    let receipt_no = hand.voucher();
    hand.does(id, Command::TakePayment { amount, method, receipt_no })
}

/// Not solved: the resident signs that, with the next date or without (R37).
fn unsolved(hand: &mut Hand, id: OrderId, reason: &str, next: Option<Stamp>) -> Result<(), DemoError> {
    let reason = reason.to_owned();
    let signer = hand.at_the_door(id)?;
    let signed = Some(hand.sign(id, &Paper::Unsolved { reason: reason.clone() }, signer)?);
    hand.does(id, Command::CloseUnsolved { reason, next: next.map(window), signed })
}
