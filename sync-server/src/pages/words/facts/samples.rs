//! A sample of every kind of fact, with every branch its sentence has.

use doorstep_core::domain::concern::{Concern, ConcernKind};
use doorstep_core::domain::fact::{Fact, ItemAnswered};
use doorstep_core::domain::ids::{Digest, EntryId, FactId, ItemId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::money::{Currency, Money, Quantity};
use doorstep_core::domain::order::closing::{
    CopyBy, CustodyKind, Liability, OrderPart, PartUse, PaymentMethod,
};
use doorstep_core::domain::order::intake::{Assignment, Channel, Intake, SharedField, Triage};
use doorstep_core::domain::order::quote::{QuoteLine, QuoteTerms};
use doorstep_core::domain::order::signing::{Capacity, Ink, Outcome, Signed, Signer};
use doorstep_core::domain::order::visit::{
    Contact, ContactBy, Coverage, Entitlement, ItemValue, PhotoMoment, Side,
};
use doorstep_core::domain::order::{CustodyId, NoteKind};
use doorstep_core::domain::time::{Stamp, Window};

pub(super) fn at() -> Stamp {
    Stamp::parse("2026-11-24T10:00:00+08:00").unwrap()
}

fn signed() -> Signed {
    Signed {
        signer: Signer { name: "x".into(), capacity: Capacity::Relative("x".into()) },
        document: Digest::of(b"document"),
        lang: Lang::ZhHant,
        ink: Ink::from_bytes(vec![1]),
        at: at(),
        seal: vec![0; 64],
    }
}

fn outcomes() -> Vec<Outcome> {
    vec![
        Outcome::Signed(signed()),
        Outcome::SignedWithObjection(signed(), "x".into()),
        Outcome::Refused("x".into()),
        Outcome::Absent("".into()),
    ]
}

/// Every kind of fact; people's own words are `x`, so that only the sentence's words are looked at.
pub(super) fn all() -> Vec<Fact> {
    let x = || "x".to_owned();
    let id = FactId(EntryId::new(), 0);
    let item = || ItemId::from("unknown-item");
    let money = Money::new(12_050, Currency::Cny);
    let person = || PersonId::from("W07");
    let thing = || vec![CustodyId(id, 0)];
    let intake = |triage| Intake {
        unit: x(),
        resident: x(),
        fault: x(),
        channel: Channel::Counter,
        triage,
        ..Intake::default()
    };
    let terms = |unit_price| QuoteTerms {
        lines: vec![QuoteLine { code: x(), name: x(), quantity: Quantity::whole(2), unit_price }],
        discount: Money::zero(Currency::Cny),
        reason: x(),
    };
    let part = |drawn_with: &str, replaced_serial: &str| PartUse {
        code: x(),
        name: x(),
        quantity: Quantity::whole(1),
        drawn_with: drawn_with.into(),
        replaced_serial: replaced_serial.into(),
    };
    let window = Window { start: at(), end: at().plus_minutes(120) };
    let mut all = vec![
        Fact::Registered(intake(Triage::NeedsVisit)),
        Fact::Registered(intake(Triage::Hazard)),
        Fact::Numbered(x()),
        Fact::VisitApproved,
        Fact::RequestAccepted(String::new()),
        Fact::RequestAccepted(x()),
        Fact::RequestRefused(x()),
        Fact::Assigned(Assignment { technician: person(), helpers: vec![] }),
        Fact::Assigned(Assignment { technician: person(), helpers: vec![person(), person()] }),
        Fact::Contacted(Contact { by: ContactBy::Call, reached: true, note: x() }),
        Fact::Contacted(Contact { by: ContactBy::Door, reached: false, note: String::new() }),
        Fact::VisitBooked(window),
        Fact::NoticeGiven { by: Side::Firm, reason: x(), late: true },
        Fact::NoticeGiven { by: Side::Resident, reason: x(), late: false },
        Fact::RanLate { eta: at(), reason: x() },
        Fact::SetOut,
        Fact::Arrived,
        Fact::NoShow(x()),
        Fact::EntitlementChecked(Entitlement { coverage: Coverage::Expired, evidence: x() }),
        Fact::StartAnswered { agreed: true, by: x() },
        Fact::StartAnswered { agreed: false, by: x() },
        Fact::PhotoTaken {
            item: item(),
            moment: PhotoMoment::After,
            picture: Digest::of(b"p"),
            thumbnail: None,
        },
        Fact::StepAnswered { item: item(), agreed: true, by: x() },
        Fact::StepAnswered { item: item(), agreed: false, by: x() },
        Fact::Diagnosed { cause: x(), liability: Liability::Resident, note: x() },
        Fact::QuotePresented(terms(money)),
        Fact::QuotePresented(terms(Money::new(i64::MAX, Currency::Cny))),
        Fact::QuoteReported(id),
        Fact::QuoteReviewed { quote: id, approved: true, note: x() },
        Fact::QuoteReviewed { quote: id, approved: false, note: x() },
        Fact::WorkStarted,
        Fact::PartUsed(part("", "")),
        Fact::PartUsed(part("x", "x")),
        Fact::VisitPaused { reason: x(), resume_at: at() },
        Fact::VisitResumed,
        Fact::WorkFinished { solved: true, cause: x(), method: x(), advice: x() },
        Fact::WorkFinished { solved: false, cause: x(), method: String::new(), advice: String::new() },
        Fact::ClosedUnsolved { reason: x(), next_visit: Some(2), signed: Some(signed()) },
        Fact::ClosedUnsolved { reason: x(), next_visit: None, signed: None },
        Fact::PaymentTaken { amount: money, method: PaymentMethod::Wechat, receipt_no: x() },
        Fact::PaymentTaken { amount: money, method: PaymentMethod::Cash, receipt_no: String::new() },
        Fact::CopyDelivered(CopyBy::Qr),
        Fact::CustodyTaken { kind: CustodyKind::Key, name: x(), serial: x() },
        Fact::HandoverOffered { items: thing(), to: person() },
        Fact::HandoverAccepted(thing()),
        Fact::CustodyClosed { items: thing(), note: x() },
        Fact::Approved(x()),
        Fact::PartReturned { part: OrderPart::Payment, note: x() },
        Fact::PartCorrected { returned: id, note: x() },
        Fact::Voided(x()),
        Fact::RuleWaived { rule: 27, reason: x() },
        Fact::FieldEdited { field: SharedField::Phone, from: x(), to: x() },
        Fact::FieldEdited { field: SharedField::Access, from: String::new(), to: x() },
        Fact::FieldSettled { field: SharedField::Fault, value: x() },
        Fact::ItemSettled { visit: 1, item: item(), value: ItemValue::No },
        Fact::Flagged(Concern { fact: id, kind: ConcernKind::SealBroken }),
        Fact::Flagged(Concern { fact: id, kind: ConcernKind::InkWrong }),
        Fact::NoteAdded { kind: NoteKind::Note, text: x() },
        Fact::NoteAdded { kind: NoteKind::Assistance, text: x() },
    ];
    let answers = [(ItemValue::Done, None), (ItemValue::NotApplicable(x()), Some(ItemValue::Yes))];
    all.extend(answers.map(|(value, replaces)| {
        Fact::ItemAnswered(ItemAnswered { item: item(), value, remark: x(), replaces })
    }));
    for outcome in outcomes() {
        all.push(Fact::MismatchAcknowledged { items: vec![item()], outcome: outcome.clone() });
        all.push(Fact::LiabilityAcknowledged(outcome.clone()));
        all.push(Fact::QuoteAnswered { quote: id, agreed: true, outcome: outcome.clone() });
        all.push(Fact::QuoteAnswered { quote: id, agreed: false, outcome: outcome.clone() });
        all.push(Fact::TakenAway { receipt_no: x(), items: vec![(x(), x())], outcome: outcome.clone() });
        let (technician, opinion) = (signed(), x());
        all.push(Fact::SignedOff { technician, resident: outcome, rating: Some(5), opinion });
    }
    all
}
