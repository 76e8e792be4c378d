//! The stories of a day: what becomes of each registration, tap by tap.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::money::{Money, Quantity};
use doorstep_core::domain::order::closing::{CopyBy, Liability, PartUse, PaymentMethod};
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::domain::order::signing::{Capacity, Outcome};
use doorstep_core::domain::order::visit::{Coverage, Entitlement};
use doorstep_core::domain::policy::{Ask, PaymentSequence, Phase};
use doorstep_core::domain::time::Stamp;

use super::DemoError;
use super::hand::Hand;

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
            Self::Waiting => "waiting for an answer",
        }
    }
}

/// Plays a story on an order that is this technician's, beginning with a call at the start of the day.
pub(super) fn play(
    hand: &mut Hand,
    id: OrderId,
    story: Story,
    turn: usize,
    start: Stamp,
    next: Stamp,
) -> Result<(), DemoError> {
    if story == Story::Waiting {
        return Ok(());
    }
    go(hand, id, start)?;
    match story {
        Story::Paid => {
            look(hand, id, Coverage::Expired, (turn == 0).then_some("櫃門鉸鏈已斷一個，非本次造成"))?;
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
            let to = "142 0000 9999".to_owned();
            hand.does(id, Command::EditField { field: SharedField::Phone, to })?;
            look(hand, id, Coverage::Covered, None)?;
            hand.does(id, Command::StartWork)?;
            work(hand, id)?;
            close(hand, id, turn, false)
        }
        Story::RefusedQuote => {
            look(hand, id, Coverage::None, None)?;
            quote(hand, id, turn)?;
            let outcome = hand.resident_signs(id, &Paper::Quote { agreed: false })?;
            hand.does(id, Command::AnswerQuote { agreed: false, outcome })?;
            unsolved(hand, id, "住戶不同意報價，暫不維修", None)
        }
        Story::NoShow => {
            hand.wait(30);
            hand.call(id, false, "門鈴無人應，電話未接")?;
            hand.wait(10);
            hand.call(id, false, "再次致電，仍未接聽")?;
            hand.does(id, Command::DeclareNoShow { note: "已在門口留言條".to_owned() })
        }
        Story::NextDate => {
            look(hand, id, Coverage::Covered, None)?;
            hand.does(id, Command::StartWork)?;
            hand.does(id, Command::RequestAssistance { text: "請倉庫查同型號配件".to_owned() })?;
            unsolved(hand, id, "配件型號較舊，需訂貨", Some(next))
        }
        Story::TakenAway => {
            look(hand, id, Coverage::Covered, None)?;
            hand.does(id, Command::StartWork)?;
            let items = vec![("待修電器".to_owned(), format!("SN-{:05}", 70_310 + turn))];
            let receipt_no = format!("QJ-{:04}", turn + 1);
            let paper = Paper::TakeAway { receipt_no: receipt_no.clone(), items: items.clone() };
            let outcome = hand.resident_signs(id, &paper)?;
            hand.does(id, Command::TakeAway { receipt_no, items, outcome })?;
            unsolved(hand, id, "帶回工場檢修", Some(next))
        }
        Story::Waiting => Ok(()),
    }
}

/// The call, the window, the bag, the road and the door.
fn go(hand: &mut Hand, id: OrderId, start: Stamp) -> Result<(), DemoError> {
    hand.clock.set(start.plus_minutes(-60));
    hand.call(id, true, "已說明收費辦法，確認地點與時間")?;
    let window = hand.window(start);
    hand.does(id, Command::Book { window })?;
    hand.answer_all(id, Phase::Preparation, None)?;
    hand.clock.set(start.plus_minutes(-15));
    hand.does(id, Command::SetOut)?;
    hand.clock.set(start.plus_minutes(-4));
    hand.does(id, Command::Arrive)
}

/// Warranty, consent to start, the checklist before, whose fault it is.
fn look(hand: &mut Hand, id: OrderId, coverage: Coverage, mismatch: Option<&str>) -> Result<(), DemoError> {
    let by = hand.resident(id)?;
    let evidence = match coverage {
        Coverage::Covered => "保修單在有效期內",
        Coverage::Expired => "保修單已過期",
        Coverage::None => "無保修憑證，已查部件條碼",
    };
    let entitlement = Entitlement { coverage, evidence: evidence.to_owned() };
    hand.does(id, Command::CheckEntitlement(entitlement))?;
    hand.does(id, Command::AnswerStart { agreed: true, by })?;
    hand.answer_all(id, Phase::Before, mismatch)?;
    if mismatch.is_some() {
        let outcome = hand.resident_signs(id, &Paper::Mismatch)?;
        hand.does(id, Command::AcknowledgeMismatch(outcome))?;
    }
    hand.wait(6);
    let (liability, note) = match coverage {
        Coverage::Covered => (Liability::Firm, String::new()),
        Coverage::Expired | Coverage::None => {
            (Liability::Resident, "使用年限已過，材料與人工按價目表收費".to_owned())
        }
    };
    hand.does(id, Command::Diagnose { cause: "部件老化".to_owned(), liability, note })?;
    if liability != Liability::Firm {
        let outcome = hand.resident_signs(id, &Paper::Liability)?;
        hand.does(id, Command::AcknowledgeLiability(outcome))?;
    }
    Ok(())
}

fn quote(hand: &mut Hand, id: OrderId, turn: usize) -> Result<(), DemoError> {
    let terms = hand.terms(turn, "部件老化，不在保修範圍");
    hand.does(id, Command::PresentQuote(terms))?;
    hand.does(id, Command::ReportQuote)?;
    hand.wait(2);
    Ok(())
}

fn agree(hand: &mut Hand, id: OrderId, turn: usize) -> Result<(), DemoError> {
    quote(hand, id, turn)?;
    let outcome = hand.resident_signs(id, &Paper::Quote { agreed: true })?;
    hand.does(id, Command::AnswerQuote { agreed: true, outcome })?;
    hand.does(id, Command::StartWork)?;
    let order = hand.order(id)?;
    let part = order.agreed_quote().and_then(|(_, quote)| quote.terms.lines.last().cloned());
    if let Some(line) = part {
        hand.does(
            id,
            Command::UsePart(PartUse {
                code: line.code,
                name: line.name,
                quantity: Quantity::whole(1),
                drawn_with: format!("LL-{:04}", turn + 1),
                replaced_serial: String::new(),
            }),
        )?;
    }
    Ok(())
}

fn work(hand: &mut Hand, id: OrderId) -> Result<(), DemoError> {
    hand.wait(25);
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

/// Fee and signatures in the order the firm's policy asks for, then the copy.
fn close(hand: &mut Hand, id: OrderId, turn: usize, present: bool) -> Result<(), DemoError> {
    let sequence = hand.rulebook.policy.payment.sequence;
    if sequence == PaymentSequence::FeeThenSign {
        pay(hand, id, turn)?;
    }
    let asked = present && hand.rulebook.policy.sign_off.rating != Ask::NotAsked;
    let rating = asked.then_some(if turn % 3 == 2 { 4 } else { 5 });
    let opinion = if present { "師傅講解清楚，現場收拾乾淨" } else { "" }.to_owned();
    let paper = Paper::Sheet { rating, opinion: opinion.clone() };
    let name = hand.name.clone();
    let technician = hand.sign(id, &paper, &name, Capacity::Technician)?;
    let resident = if present {
        hand.resident_signs(id, &paper)?
    } else {
        Outcome::Absent("住戶臨時外出，由鄰居開門".to_owned())
    };
    hand.does(id, Command::SignOff { technician, resident, rating, opinion })?;
    if sequence == PaymentSequence::SignThenFee {
        pay(hand, id, turn)?;
    }
    hand.does(id, Command::DeliverCopy { by: if present { CopyBy::Qr } else { CopyBy::Message } })
}

fn pay(hand: &mut Hand, id: OrderId, turn: usize) -> Result<(), DemoError> {
    let amount: Money = hand.order(id)?.fee(hand.rulebook.policy.currency);
    if amount.minor == 0 {
        return Ok(());
    }
    let methods = &hand.rulebook.policy.payment.methods;
    let cash = turn == 0 && methods.contains(&PaymentMethod::Cash);
    let other = methods.iter().copied().find(|m| !matches!(m, PaymentMethod::Cash | PaymentMethod::Cheque));
    let method = if cash { PaymentMethod::Cash } else { other.unwrap_or(PaymentMethod::Cash) };
    let receipt_no = hand.voucher();
    hand.does(id, Command::TakePayment { amount, method, receipt_no })
}

fn unsolved(hand: &mut Hand, id: OrderId, reason: &str, next: Option<Stamp>) -> Result<(), DemoError> {
    let reason = reason.to_owned();
    let signed = match hand.resident_signs(id, &Paper::Unsolved { reason: reason.clone() })? {
        Outcome::Signed(signed) => Some(signed),
        _ => None,
    };
    let next = next.map(|start| hand.window(start));
    hand.does(id, Command::CloseUnsolved { reason, next, signed })
}
