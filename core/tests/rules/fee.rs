//! R66 to R72: the fee, the report, and the explicit yes or no.

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::money::Quantity;
use doorstep_core::domain::order::closing::Liability;
use doorstep_core::domain::order::quote::QuoteStanding;
use doorstep_core::domain::order::signing::{Capacity, Outcome};
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::order::visit::Coverage;
use doorstep_core::domain::person::Role::{Supervisor, Technician};
use doorstep_core::domain::policy::{OfflineFallback, SupervisorInPaidWork};
use doorstep_core::domain::refusal::Reason;

use super::world::{World, at, line, terms, yuan};

fn agree(world: &World) -> Command {
    let outcome = world.resident_signs(&Paper::Quote { agreed: true });
    Command::AnswerQuote { agreed: true, outcome }
}

#[test]
fn r66_no_work_before_reason_price_report_and_consent() {
    let mut world = World::looked_at(Coverage::Expired, Liability::Resident);
    assert_eq!(world.button(Technician, CommandKind::StartWork), Some(Reason::QuoteMissing));
    let mut silent = terms(&[("更換角閥", 8_000)]);
    silent.reason.clear();
    assert_eq!(world.refusal(Technician, Command::PresentQuote(silent)), Reason::QuoteReasonMissing);
    world.does(Technician, Command::PresentQuote(terms(&[("更換角閥", 8_000)])));
    assert_eq!(world.button(Technician, CommandKind::StartWork), Some(Reason::ConsentMissing));
    assert_eq!(world.button(Technician, CommandKind::AnswerQuote), Some(Reason::QuoteUnreported));
    world.does(Technician, Command::ReportQuote);
    assert_eq!(world.button(Technician, CommandKind::StartWork), Some(Reason::ConsentMissing));
    let command = agree(&world);
    world.does(Technician, command);
    assert_eq!(world.button(Technician, CommandKind::StartWork), None);
}

#[test]
fn r66_cannot_be_waived_by_anybody() {
    let world = World::quoted();
    for rule in [66, 67, 71] {
        let waive = Command::Waive { rule, reason: "趕時間".into() };
        assert_eq!(world.refusal(Supervisor, waive), Reason::CannotWaive);
    }
}

#[test]
fn r66_work_that_began_all_the_same_is_kept_and_flagged() {
    let mut world = World::quoted();
    world.record(Technician, vec![Fact::WorkStarted]);
    assert!(world.order.visit().unwrap().1.started.is_some());
    assert!(world.order.concerns.iter().any(|c| c.kind == ConcernKind::WorkWithoutConsent));
}

#[test]
fn r67_not_covered_means_a_quote_even_when_the_firm_is_not_to_blame() {
    let uncovered = World::looked_at(Coverage::None, Liability::ThirdParty);
    assert_eq!(uncovered.button(Technician, CommandKind::StartWork), Some(Reason::QuoteMissing));
    let covered = World::looked_at(Coverage::Covered, Liability::Firm);
    assert_eq!(covered.button(Technician, CommandKind::StartWork), None);
}

#[test]
fn r69_a_fault_that_is_not_ours_is_noted_signed_and_charged() {
    let mut world = World::looked_at(Coverage::Covered, Liability::Firm);
    let diagnose = |note: &str| Command::Diagnose {
        cause: "住戶自行改裝".into(),
        liability: Liability::Resident,
        note: note.into(),
    };
    assert_eq!(world.refusal(Technician, diagnose("")), Reason::TextMissing);
    world.does(Technician, diagnose("自行改裝造成，維修須收費"));
    assert_eq!(world.button(Technician, CommandKind::StartWork), Some(Reason::LiabilityUnsigned));
    let outcome = world.resident_signs(&Paper::Liability);
    world.does(Technician, Command::AcknowledgeLiability(outcome));
    assert_eq!(world.button(Technician, CommandKind::StartWork), Some(Reason::QuoteMissing));
}

#[test]
fn r71_yes_needs_a_signature_and_no_stands_without_one() {
    let world = World::quoted();
    let unsigned = Command::AnswerQuote { agreed: true, outcome: Outcome::Absent("口頭同意".into()) };
    assert_eq!(world.refusal(Technician, unsigned), Reason::ConsentUnsigned);
    let mut refused = World::quoted();
    let no = Command::AnswerQuote { agreed: false, outcome: Outcome::Refused("價格太高".into()) };
    refused.does(Technician, no);
    assert_eq!(refused.order.status(), Status::QuoteRefused);
    assert_eq!(refused.button(Technician, CommandKind::StartWork), Some(Reason::ConsentRefused));
}

#[test]
fn r71_a_signature_is_under_exactly_what_was_shown() {
    let mut world = World::quoted();
    let signed_for_no = world.resident_signs(&Paper::Quote { agreed: false });
    let swapped = Command::AnswerQuote { agreed: true, outcome: signed_for_no };
    assert_eq!(world.refusal(Technician, swapped), Reason::DocumentChanged);
    let stale = agree(&world);
    world.does(Technician, Command::PresentQuote(terms(&[("更換角閥", 8_100)])));
    world.does(Technician, Command::ReportQuote);
    assert_eq!(world.refusal(Technician, stale), Reason::DocumentChanged);
}

#[test]
fn r71_the_technician_cannot_consent_for_the_resident() {
    let world = World::quoted();
    let outcome = Outcome::Signed(world.sign(&Paper::Quote { agreed: true }, "李志強", Capacity::Technician));
    assert_eq!(
        world.refusal(Technician, Command::AnswerQuote { agreed: true, outcome }),
        Reason::WrongSigner
    );
}

#[test]
fn a_changed_quote_asks_for_what_changed_and_a_refused_change_leaves_the_old_in_force() {
    let mut world = World::working();
    let agreed = world.order.agreed_quote.unwrap();
    let more = terms(&[("更換角閥", 8_000), ("上門人工", 5_000), ("更換軟管", 3_500)]);
    world.does(Technician, Command::PresentQuote(more));
    let (_, quote) = world.order.latest_quote().unwrap();
    let asked: Vec<&str> =
        world.order.lines_to_consent(quote).iter().map(|line| line.name.as_str()).collect();
    assert_eq!(asked, ["更換軟管"]);
    assert_eq!(world.button(Technician, CommandKind::FinishWork), Some(Reason::ConsentMissing));
    world.does(Technician, Command::ReportQuote);
    let no = Command::AnswerQuote { agreed: false, outcome: Outcome::Refused("先不換".into()) };
    world.does(Technician, no);
    assert_eq!(world.order.quote_standing(), QuoteStanding::Agreed(agreed));
    assert_eq!(world.order.fee(yuan(0).currency), yuan(13_000));
    assert_eq!(world.button(Technician, CommandKind::FinishWork), None);
}

#[test]
fn r71_a_changed_quote_is_sealed_for_what_changed_and_the_old_seal_stands_for_the_rest() {
    let mut world = World::working();
    let first = world.order.agreed_quote.unwrap();
    let old = world.order.quotes[&first].answer.clone().unwrap();
    // One line as agreed, one dearer, one new.
    let change = terms(&[("更換角閥", 8_000), ("上門人工", 6_000), ("更換軟管", 3_500)]);
    world.does(Technician, Command::PresentQuote(change));
    world.does(Technician, Command::ReportQuote);
    let paper = Paper::Quote { agreed: true };
    let shown: serde_json::Value = serde_json::from_slice(world.document(&paper).bytes()).unwrap();
    assert_eq!(shown["body"]["asks_consent_for"], serde_json::json!(["上門人工", "更換軟管"]));
    let agree = Command::AnswerQuote { agreed: true, outcome: world.resident_signs(&paper) };
    world.does(Technician, agree);
    let second = world.order.agreed_quote.unwrap();
    assert_ne!(first, second);
    assert_eq!(world.order.quotes[&first].answer.as_ref(), Some(&old), "the old seal is untouched");
    let sealed = |id| world.order.quotes[id].answer.as_ref().unwrap().outcome.signed().unwrap().document;
    assert_ne!(sealed(&first), sealed(&second), "each seal is over its own terms");
    assert!(world.order.concerns.is_empty());
}

#[test]
fn r72_a_discount_beyond_authority_goes_to_the_supervisor() {
    let mut world = World::looked_at(Coverage::Expired, Liability::Resident);
    let mut offer = terms(&[("更換角閥", 10_000)]);
    offer.discount = yuan(1_000);
    assert!(world.decide(Technician, &Command::PresentQuote(offer.clone())).is_ok(), "ten percent");
    offer.discount = yuan(1_001);
    let command = Command::PresentQuote(offer);
    let refusal = world.decide(Technician, &command).unwrap_err();
    assert_eq!((refusal.reason, refusal.rule), (Reason::DiscountTooHigh, 72));
    assert!(refusal.waived_by.contains(&doorstep_core::domain::person::Role::Supervisor));
    world.does(Supervisor, Command::Waive { rule: 72, reason: "老客戶，同意優惠".into() });
    world.does(Technician, command);
}

#[test]
fn r67_amounts_that_make_no_sense_are_refused() {
    let world = World::looked_at(Coverage::Expired, Liability::Resident);
    let refused = |change: fn(&mut doorstep_core::domain::order::quote::QuoteTerms)| {
        let mut offer = terms(&[("更換角閥", 10_000)]);
        change(&mut offer);
        world.refusal(Technician, Command::PresentQuote(offer))
    };
    assert_eq!(refused(|t| t.lines.clear()), Reason::QuoteEmpty);
    assert_eq!(refused(|t| t.lines[0].unit_price.minor = -1), Reason::QuoteUnreadable);
    assert_eq!(refused(|t| t.lines[0].quantity = Quantity::whole(0)), Reason::QuoteUnreadable);
    assert_eq!(refused(|t| t.lines[0].name = " ".into()), Reason::QuoteUnreadable);
    assert_eq!(refused(|t| t.discount = yuan(-1)), Reason::QuoteUnreadable);
    assert_eq!(refused(|t| t.discount = yuan(10_001)), Reason::QuoteUnreadable);
    assert_eq!(
        refused(|t| t.lines.extend([line("a", i64::MAX), line("b", i64::MAX)])),
        Reason::QuoteUnreadable
    );
}

#[test]
fn a15_the_supervisor_is_told_or_asked_by_policy_and_amount() {
    let mut world = World::quoted();
    world.rulebook.policy.quote.supervisor = SupervisorInPaidWork::Approve;
    world.rulebook.policy.quote.offline_fallback = OfflineFallback::Wait;
    assert_eq!(world.button(Technician, CommandKind::AnswerQuote), Some(Reason::QuoteUnapproved));
    world.rulebook.policy.quote.approve_above = Some(13_000);
    assert_eq!(world.button(Technician, CommandKind::AnswerQuote), None, "not above the amount");
    world.rulebook.policy.quote.approve_above = Some(12_999);
    assert_eq!(world.button(Technician, CommandKind::AnswerQuote), Some(Reason::QuoteUnapproved));
    world.does(Supervisor, Command::ReviewQuote { approved: true, note: "可以".into() });
    assert_eq!(world.button(Technician, CommandKind::AnswerQuote), None);

    let mut offline = World::quoted();
    offline.rulebook.policy.quote.supervisor = SupervisorInPaidWork::Approve;
    assert_eq!(offline.button(Technician, CommandKind::AnswerQuote), None, "the report is recorded");
    offline.does(Supervisor, Command::ReviewQuote { approved: false, note: "先別做".into() });
    assert_eq!(offline.button(Technician, CommandKind::AnswerQuote), Some(Reason::NoOpenQuote));
}

#[test]
fn r67_a_price_is_agreed_while_it_holds_and_refused_at_any_time() {
    let mut world = World::quoted();
    let refuse = |world: &World| {
        let outcome = world.resident_signs(&Paper::Quote { agreed: false });
        world.decide(Technician, &Command::AnswerQuote { agreed: false, outcome })
    };
    // Presented on 25 November, it holds for seven days, to the end of the last.
    world.now = at("2026-12-02T23:59");
    assert!(world.decide(Technician, &agree(&world)).is_ok());
    world.now = at("2026-12-03T00:00");
    let no = world.decide(Technician, &agree(&world)).unwrap_err();
    assert_eq!((no.reason, no.rule, no.needs), (Reason::QuoteExpired, 67, Some(CommandKind::PresentQuote)));
    assert_eq!(no.detail, "2026-12-02 23:59");
    assert!(refuse(&world).is_ok());
    world.rulebook.policy.quote.valid_days = None;
    assert!(world.decide(Technician, &agree(&world)).is_ok());
}
