//! R37, R38, R73 to R91: unfinished work, take-away, after-check, payment, sign-off, copy.

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::money::Quantity;
use doorstep_core::domain::order::closing::{CustodyKind, PartUse, PaymentMethod};
use doorstep_core::domain::order::signing::{Capacity, Outcome};
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::person::Role::{FrontDesk, Supervisor, Technician};
use doorstep_core::domain::policy::{Ask, PaymentSequence, Phase, UnfinishedOutcome};
use doorstep_core::domain::refusal::Reason;
use doorstep_core::domain::time::Window;

use super::world::{World, at, finish, pay, yuan};

#[test]
fn r37_unsolved_needs_the_next_date_or_the_reason() {
    let mut world = World::working();
    let close = |reason: &str, next| Command::CloseUnsolved { reason: reason.into(), next, signed: None };
    assert_eq!(world.refusal(Technician, close(" ", None)), Reason::NextVisitMissing);
    let next = Window { start: at("2026-11-27T09:00"), end: at("2026-11-27T11:00") };
    world.does(Technician, close("缺少同型號閥芯", Some(next)));
    assert_eq!(world.order.visits.len(), 2);
    assert_eq!(world.order.visits[&1].unsolved.as_ref().unwrap().next_visit, Some(2));
    assert_eq!(world.order.visits[&2].window, Some(next));
    assert_eq!(world.order.status(), Status::Booked);
    let mut without = World::working();
    without.does(Technician, close("住戶要求另請他人", None));
    assert_eq!(without.order.status(), Status::Unsolved);
}

#[test]
fn r37_the_resident_may_sign_that_it_is_unsolved_and_only_under_that_reason() {
    let mut world = World::working();
    let signed = world.sign(&Paper::Unsolved { reason: "缺料".into() }, "陳美玲", Capacity::Resident);
    let close = |reason: &str| Command::CloseUnsolved {
        reason: reason.into(),
        next: None,
        signed: Some(signed.clone()),
    };
    assert_eq!(world.refusal(Technician, close("住戶不在")), Reason::DocumentChanged);
    world.does(Technician, close("缺料"));
    assert!(world.order.concerns.is_empty());
}

#[test]
fn r87_a_stamp_is_photographed_where_the_firm_asks_for_it() {
    use doorstep_core::domain::ids::Digest;
    use doorstep_core::domain::order::visit::{PhotoMoment, STAMP};
    let stamp = || Command::TakePhoto {
        item: STAMP.into(),
        moment: PhotoMoment::After,
        picture: Digest::of(b"stamp"),
        thumbnail: None,
    };
    let mut world = World::paid();
    world.rulebook.policy.sign_off.seal = Ask::NotAsked;
    assert_eq!(world.refusal(Technician, stamp()), Reason::UnknownItem);
    world.rulebook.policy.sign_off.seal = Ask::Required;
    let no = world.decide(Technician, &world.sign_off(Some(5))).unwrap_err();
    assert_eq!((no.reason, no.rule, no.needs), (Reason::StampMissing, 87, Some(CommandKind::TakePhoto)));
    world.does(Technician, stamp());
    let signed = world.sign_off(Some(5));
    world.does(Technician, signed);
    // Who does not sign does not stamp.
    let mut away = World::paid();
    away.rulebook.policy.sign_off.seal = Ask::Required;
    let Command::SignOff { technician, .. } = away.sign_off(None) else { panic!() };
    let resident = Outcome::Absent("住戶外出".into());
    let opinion = "師傅很細心".to_owned();
    away.does(Technician, Command::SignOff { technician, resident, rating: None, opinion });
}

#[test]
fn r38_a_paused_visit_goes_on_when_it_is_resumed() {
    let mut world = World::working();
    let resume_at = at("2026-11-25T15:30");
    world.does(Technician, Command::Pause { reason: "住戶午休".into(), resume_at });
    assert_eq!(world.order.status(), Status::Paused);
    assert_eq!(world.button(Technician, CommandKind::FinishWork), Some(Reason::VisitPaused));
    world.does(Technician, Command::Resume);
    assert_eq!(world.order.status(), Status::Working);
    world.rulebook.policy.appointment.unfinished_outcomes = vec![UnfinishedOutcome::NextVisit];
    assert_eq!(world.button(Technician, CommandKind::Pause), Some(Reason::OutcomeNotAllowed));
}

#[test]
fn r73_a_colleague_is_called_and_it_is_on_record() {
    let mut world = World::working();
    world.does(Technician, Command::RequestAssistance { text: "需電工協助".into() });
    assert_eq!(world.order.notes.len(), 1);
}

#[test]
fn r74_nothing_is_taken_away_without_a_receipt_and_a_signature() {
    let mut world = World::working();
    let items = vec![("淨水器".to_owned(), "SN-778".to_owned())];
    let paper = Paper::TakeAway { receipt_no: "QJ-12".into(), items: items.clone() };
    let take = |receipt: &str, outcome| Command::TakeAway {
        receipt_no: receipt.into(),
        items: items.clone(),
        outcome,
    };
    let signed = world.resident_signs(&paper);
    assert_eq!(world.refusal(Technician, take("", signed.clone())), Reason::ReceiptMissing);
    let absent = Outcome::Absent("不在".into());
    assert_eq!(world.refusal(Technician, take("QJ-12", absent)), Reason::TakeAwayUnsigned);
    assert_eq!(world.refusal(Technician, take("QJ-13", signed.clone())), Reason::DocumentChanged);
    world.does(Technician, take("QJ-12", signed));
    let (_, held) = world.order.open_custody().next().unwrap();
    assert_eq!((held.kind, held.serial.as_str()), (CustodyKind::Device, "SN-778"));
}

#[test]
fn r75_r76_a_replaced_special_part_stays_in_custody_until_the_store_accepts_it() {
    let mut world = World::working();
    let part = PartUse {
        code: "V-15".into(),
        name: "電磁閥".into(),
        quantity: Quantity::whole(1),
        drawn_with: "LL-8".into(),
        replaced_serial: "OLD-9".into(),
    };
    let none = PartUse { quantity: Quantity::whole(0), ..part.clone() };
    assert_eq!(world.refusal(Technician, Command::UsePart(none)), Reason::QuantityWrong);
    world.does(Technician, Command::UsePart(part));
    let items = vec![*world.order.open_custody().next().unwrap().0];
    assert_eq!(
        world.refusal(FrontDesk, Command::AcceptHandover { items: items.clone() }),
        Reason::NotOfferedToYou
    );
    world.does(Technician, Command::HandOver { items: items.clone(), to: "F01".into() });
    world.does(FrontDesk, Command::AcceptHandover { items });
    assert_eq!(world.order.open_custody().count(), 0);
}

#[test]
fn r82_the_fault_is_tested_in_front_of_the_resident_before_anybody_signs() {
    let mut world = World::working();
    assert_eq!(world.button(Technician, CommandKind::SignOff), Some(Reason::NotFinished));
    world.does(Technician, finish(true));
    assert_eq!(world.button(Technician, CommandKind::SignOff), Some(Reason::AfterChecklistOpen));
    world.answer_all(Phase::After);
    assert_eq!(world.button(Technician, CommandKind::SignOff), Some(Reason::FeeUnpaid));
}

#[test]
fn r82_what_is_not_solved_is_not_signed_off() {
    let mut world = World::working();
    world.does(Technician, finish(false));
    world.answer_all(Phase::After);
    assert_eq!(world.button(Technician, CommandKind::SignOff), Some(Reason::NotSolved));
}

#[test]
fn r83_cause_method_and_what_to_watch_are_all_explained() {
    let world = World::working();
    let partly = Command::FinishWork {
        solved: true,
        cause: "角閥老化".into(),
        method: "更換".into(),
        advice: String::new(),
    };
    assert_eq!(world.refusal(Technician, partly), Reason::ExplanationMissing);
}

#[test]
fn r84_both_photos_of_a_pair_or_a_waiver() {
    let mut world = World::paid();
    let (_, visit) = world.order.visits.iter_mut().next().unwrap();
    visit.photos.pop_last();
    assert_eq!(world.button(Technician, CommandKind::SignOff), Some(Reason::PhotoMissing));
    world.does(Supervisor, Command::Waive { rule: 84, reason: "相機故障，已電話確認".into() });
    assert_eq!(world.button(Technician, CommandKind::SignOff), None);
}

#[test]
fn r86_form_fee_signature_in_the_firms_order() {
    let mut world = World::finished();
    assert_eq!(world.button(Technician, CommandKind::SignOff), Some(Reason::FeeUnpaid));
    world.does(Technician, pay(10_000));
    assert_eq!(world.button(Technician, CommandKind::SignOff), Some(Reason::FeeUnpaid), "3000 are due");
    assert_eq!(world.refusal(Technician, pay(3_001)), Reason::Overpayment);
    world.does(Technician, pay(3_000));
    assert_eq!(world.button(Technician, CommandKind::TakePayment), Some(Reason::NothingToPay));
    assert_eq!(world.button(Technician, CommandKind::SignOff), None);

    let mut other = World::finished();
    other.rulebook.policy.payment.sequence = PaymentSequence::SignThenFee;
    assert_eq!(other.button(Technician, CommandKind::TakePayment), Some(Reason::SignFirst));
    let sign = other.sign_off(Some(5));
    other.does(Technician, sign).does(Technician, pay(13_000));

    let mut billed = World::finished();
    billed.rulebook.policy.payment.sequence = PaymentSequence::Deferred;
    assert_eq!(billed.button(Technician, CommandKind::SignOff), None);
}

#[test]
fn r90_r96_no_payment_without_a_voucher_and_only_kinds_the_firm_takes() {
    let world = World::finished();
    let take = |method, receipt: &str| Command::TakePayment {
        amount: yuan(13_000),
        method,
        receipt_no: receipt.into(),
    };
    assert_eq!(world.refusal(Technician, take(PaymentMethod::Cash, " ")), Reason::VoucherMissing);
    assert_eq!(world.refusal(Technician, take(PaymentMethod::Octopus, "1")), Reason::MethodNotAllowed);
}

#[test]
fn r97_cash_is_in_the_technicians_custody_until_the_office_has_it() {
    let world = World::paid();
    let (_, held) = world.order.open_custody().next().unwrap();
    assert_eq!(held.kind, CustodyKind::Money);
    assert_eq!(held.serial, "¥130.00");
}

#[test]
fn r88_two_signatures_and_a_rating() {
    let world = World::paid();
    assert_eq!(world.refusal(Technician, world.sign_off(None)), Reason::RatingMissing);
    assert_eq!(world.refusal(Technician, world.sign_off(Some(6))), Reason::RatingWrong);
    let paper = Paper::Sheet { rating: Some(5), opinion: String::new() };
    let both_residents = Command::SignOff {
        technician: world.sign(&paper, "陳美玲", Capacity::Resident),
        resident: world.resident_signs(&paper),
        rating: Some(5),
        opinion: String::new(),
    };
    assert_eq!(world.refusal(Technician, both_residents), Reason::WrongSigner);
    let mut optional = World::paid();
    optional.rulebook.policy.sign_off.rating = Ask::Optional;
    let command = optional.sign_off(None);
    optional.does(Technician, command);
}

#[test]
fn a_refusal_or_an_absence_is_recorded_instead_of_a_signature() {
    for outcome in [Outcome::Refused("對工期不滿".into()), Outcome::Absent("臨時外出，鄰居在場".into())]
    {
        let mut world = World::paid();
        let paper = Paper::Sheet { rating: None, opinion: String::new() };
        let command = Command::SignOff {
            technician: world.sign(&paper, "李志強", Capacity::Technician),
            resident: outcome,
            rating: None,
            opinion: String::new(),
        };
        world.does(Technician, command);
        assert_eq!(world.order.status(), Status::SignedOff);
    }
    let world = World::paid();
    let paper = Paper::Sheet { rating: None, opinion: String::new() };
    let silent = Command::SignOff {
        technician: world.sign(&paper, "李志強", Capacity::Technician),
        resident: Outcome::Absent(" ".into()),
        rating: None,
        opinion: String::new(),
    };
    assert_eq!(world.refusal(Technician, silent), Reason::TextMissing);
}

#[test]
fn r91_the_copy_follows_the_sign_off() {
    let world = World::paid();
    assert_eq!(world.button(Technician, CommandKind::DeliverCopy), Some(Reason::NotSignedOff));
}
