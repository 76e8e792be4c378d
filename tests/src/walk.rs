//! Random walks: any command a button allows, filled in with something plausible, by anybody, at any time.

use doorstep_core::domain::command::{Command, CommandKind as C};
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::{Digest, PersonId};
use doorstep_core::domain::money::Quantity;
use doorstep_core::domain::order::closing::{
    CopyBy, CustodyKind, Liability, OrderPart, PartUse, PaymentMethod,
};
use doorstep_core::domain::order::intake::{Assignment, SharedField};
use doorstep_core::domain::order::signing::{Capacity, Outcome, Signed};
use doorstep_core::domain::order::visit::{
    Contact, ContactBy, Coverage, Entitlement, ItemValue, PhotoMoment, Side,
};
use doorstep_core::domain::order::{CustodyId, Order};
use doorstep_core::domain::policy::Phase;
use doorstep_core::domain::time::{Stamp, Window};

use crate::dice::Dice;
use crate::office::{CHAN, LEUNG};
use crate::play::{terms, yuan};
use crate::text;

/// What a walk looks at when it fills in a command.
pub struct Sight<'a> {
    pub order: &'a Order,
    pub rulebook: &'a Rulebook,
    pub me: &'a PersonId,
    pub now: Stamp,
    /// Signs a paper as it stands now; `None` when there is no such paper.
    pub sign: &'a dyn Fn(&Paper, Capacity) -> Option<Signed>,
}

impl Sight<'_> {
    fn outcome(&self, paper: &Paper, dice: &mut Dice) -> Outcome {
        let signed = || (self.sign)(paper, Capacity::Resident);
        match dice.below(8) {
            0 => Outcome::Refused("住戶不願簽字".into()),
            1 => Outcome::Absent("住戶外出".into()),
            2 => signed().map_or(Outcome::Absent("無".into()), |s| {
                Outcome::SignedWithObjection(s, "價錢偏高".into())
            }),
            _ => signed().map_or(Outcome::Absent("無".into()), Outcome::Signed),
        }
    }

    fn item(&self, dice: &mut Dice) -> Option<Command> {
        let items: Vec<_> = self.rulebook.policy.items(self.order.work_type()).collect();
        let visit = self.order.visit().map(|(_, visit)| visit);
        let is_its_time = |phase| match phase {
            Phase::Preparation => true,
            Phase::Before => visit.is_some_and(|v| v.arrived.is_some()),
            Phase::After => visit.is_some_and(|v| v.started.is_some()),
        };
        let open = items.iter().filter(|item| is_its_time(item.phase));
        let open: Vec<_> = open.filter(|i| !visit.is_some_and(|v| v.answers.contains_key(&i.id))).collect();
        // Mostly what is still open, in the order of the list; sometimes anything again.
        let item = if dice.one_in(6) {
            dice.pick(&items)
        } else {
            open.get(dice.below(2)).or(open.first()).copied()
        }?;
        let values = [
            ItemValue::Done,
            ItemValue::Yes,
            ItemValue::No,
            ItemValue::Text("0.4 MPa".to_owned()),
            ItemValue::NotApplicable("不涉及".to_owned()),
        ];
        let among = if dice.one_in(5) { 5 } else { 1 };
        let from = dice.below(among);
        let value = values.into_iter().cycle().skip(from).take(5).find(|value| item.takes(value))?;
        Some(Command::AnswerItem { item: item.id.clone(), value, remark: "有劃痕".to_owned() })
    }

    fn custody(
        &self,
        wanted: impl Fn(&doorstep_core::domain::order::closing::CustodyItem) -> bool,
    ) -> Vec<CustodyId> {
        self.order.open_custody().filter(|(_, item)| wanted(item)).map(|(id, _)| *id).collect()
    }

    /// A command of this kind; `None` when there is nothing to fill it in with.
    pub fn fill(&self, kind: C, dice: &mut Dice) -> Option<Command> {
        let text = || "已說明".to_owned();
        let ahead = |minutes: i64| self.now.plus_minutes(minutes);
        let technician = || PersonId::from(if self.now.utc_ms % 2 == 0 { CHAN } else { LEUNG });
        let window = Window { start: ahead(30), end: ahead(120) };
        Some(match kind {
            C::Register => Command::Register(text::intake(dice.below(50))),
            C::ApproveVisit => Command::ApproveVisit,
            C::Accept => Command::Accept { materials: text() },
            C::Refuse => Command::Refuse { reason: text() },
            C::Assign => Command::Assign(Assignment { technician: technician(), helpers: Vec::new() }),
            C::RecordContact => {
                let by = if dice.one_in(3) { ContactBy::Door } else { ContactBy::Call };
                Command::RecordContact(Contact { by, reached: !dice.one_in(3), note: String::new() })
            }
            C::Book => Command::Book { window },
            C::GiveNotice => Command::GiveNotice { by: Side::Resident, reason: text() },
            C::ReportLate => Command::ReportLate { eta: ahead(40), reason: text() },
            C::SetOut => Command::SetOut,
            C::Arrive => Command::Arrive,
            C::DeclareNoShow => Command::DeclareNoShow { note: text() },
            C::CheckEntitlement => {
                let coverages = [Coverage::Covered, Coverage::Expired, Coverage::None];
                Command::CheckEntitlement(Entitlement { coverage: *dice.pick(&coverages)?, evidence: text() })
            }
            C::AnswerStart => Command::AnswerStart { agreed: !dice.one_in(6), by: text() },
            C::AnswerItem => self.item(dice)?,
            C::TakePhoto => {
                let items: Vec<_> = self.rulebook.policy.items(self.order.work_type()).collect();
                let moment = if dice.one_in(2) { PhotoMoment::Before } else { PhotoMoment::After };
                let picture = Digest::of(&dice.roll().to_le_bytes());
                let asked: Vec<_> = items
                    .iter()
                    .filter(|i| i.photo != doorstep_core::domain::policy::PhotoNeed::None)
                    .collect();
                Command::TakePhoto { item: dice.pick(&asked)?.id.clone(), moment, picture, thumbnail: None }
            }
            C::AcknowledgeMismatch => Command::AcknowledgeMismatch(self.outcome(&Paper::Mismatch, dice)),
            C::AnswerStep => {
                let steps = self.rulebook.policy.items(self.order.work_type());
                let step = steps.into_iter().find(|item| item.needs_consent)?;
                Command::AnswerStep { item: step.id.clone(), agreed: true, by: text() }
            }
            C::Diagnose => {
                let whose = [Liability::Firm, Liability::Resident, Liability::ThirdParty];
                Command::Diagnose { cause: text(), liability: *dice.pick(&whose)?, note: text() }
            }
            C::AcknowledgeLiability => Command::AcknowledgeLiability(self.outcome(&Paper::Liability, dice)),
            C::PresentQuote => {
                let minor = i64::try_from(dice.below(20_000)).ok()?;
                Command::PresentQuote(terms(&[("更換角閥", minor), ("上門人工", 5_000)]))
            }
            C::ReportQuote => Command::ReportQuote,
            C::ReviewQuote => Command::ReviewQuote { approved: !dice.one_in(3), note: text() },
            C::AnswerQuote => {
                let agreed = !dice.one_in(4);
                Command::AnswerQuote { agreed, outcome: self.outcome(&Paper::Quote { agreed }, dice) }
            }
            C::StartWork => Command::StartWork,
            C::RequestAssistance => Command::RequestAssistance { text: text() },
            C::TakeAway => {
                let (receipt_no, items) = ("QJ-01".to_owned(), vec![("洗衣機".to_owned(), "A1".to_owned())]);
                let paper = Paper::TakeAway { receipt_no: receipt_no.clone(), items: items.clone() };
                Command::TakeAway { receipt_no, items, outcome: self.outcome(&paper, dice) }
            }
            C::UsePart => Command::UsePart(PartUse {
                code: "SG-15".to_owned(),
                name: "角閥".to_owned(),
                quantity: Quantity::whole(1),
                drawn_with: String::new(),
                replaced_serial: if dice.one_in(2) { "舊件-7".to_owned() } else { String::new() },
            }),
            C::Pause => Command::Pause { reason: text(), resume_at: ahead(60) },
            C::Resume => Command::Resume,
            C::FinishWork => {
                Command::FinishWork { solved: !dice.one_in(5), cause: text(), method: text(), advice: text() }
            }
            C::CloseUnsolved => {
                let reason = text();
                let paper = Paper::Unsolved { reason: reason.clone() };
                let signed = if dice.one_in(2) { (self.sign)(&paper, Capacity::Resident) } else { None };
                Command::CloseUnsolved { reason, next: dice.one_in(2).then_some(window), signed }
            }
            C::TakePayment => {
                let currency = self.rulebook.policy.currency;
                let due = self.order.fee(currency).minor - self.order.paid(currency).minor;
                let amount = yuan(if dice.one_in(3) { due / 2 } else { due });
                Command::TakePayment { amount, method: PaymentMethod::Cash, receipt_no: "SJ-1".to_owned() }
            }
            C::SignOff => {
                let (rating, opinion) = (Some(4), "好".to_owned());
                let paper = Paper::Sheet { rating, opinion: opinion.clone() };
                let technician = (self.sign)(&paper, Capacity::Technician)?;
                Command::SignOff { technician, resident: self.outcome(&paper, dice), rating, opinion }
            }
            C::DeliverCopy => Command::DeliverCopy { by: CopyBy::Qr },
            C::TakeCustody => {
                let kind = if dice.one_in(2) { CustodyKind::Key } else { CustodyKind::Form };
                Command::TakeCustody { kind, name: text(), serial: "K-3".to_owned() }
            }
            C::HandOver => {
                let items = self.custody(|item| &item.holder == self.me);
                Command::HandOver { items, to: technician() }
            }
            C::AcceptHandover => {
                let items = self.custody(|item| item.offered_to.as_ref() == Some(self.me));
                Command::AcceptHandover { items }
            }
            C::CloseCustody => {
                let items = self.custody(|item| &item.holder == self.me);
                Command::CloseCustody { items, note: text() }
            }
            C::Approve => Command::Approve { note: text() },
            C::ReturnItems => {
                let part = *dice.pick(&OrderPart::ALL)?;
                Command::ReturnItems { items: vec![(part, text())] }
            }
            C::CorrectReturned => {
                let open = self.order.review.returned.iter().find(|(_, item)| item.corrected.is_none());
                Command::CorrectReturned { returned: *open?.0, note: text() }
            }
            C::Void => Command::Void { reason: text() },
            C::Waive => {
                let rule = dice.pick(&self.rulebook.policy.waivers)?.rule;
                Command::Waive { rule, reason: text() }
            }
            C::EditField => {
                let to = format!("139{:08}", dice.below(99_999_999));
                Command::EditField { field: SharedField::Phone, to }
            }
            C::SettleField => {
                let field = SharedField::Phone;
                Command::SettleField { field, value: self.order.field(field).to_owned() }
            }
            C::SettleItem => {
                let (visit, answers) = self.order.visit().map(|(n, visit)| (n, &visit.answers))?;
                let (item, answer) = answers.iter().next()?;
                Command::SettleItem { visit, item: item.clone(), value: answer.value.clone() }
            }
            C::AddNote => Command::AddNote { text: text() },
        })
    }
}

/// How much more often a walk takes the step that leads on than one that ends things or goes in circles.
pub fn weight(kind: C) -> usize {
    match kind {
        C::Void | C::Refuse => 1,
        C::GiveNotice | C::CloseUnsolved | C::Assign => 4,
        C::AddNote | C::EditField | C::TakeCustody | C::RecordContact | C::Waive | C::ReportLate => 20,
        C::PresentQuote | C::Diagnose | C::AnswerStart | C::CheckEntitlement | C::Book | C::Pause => 20,
        C::AnswerItem => 400,
        C::StartWork | C::AnswerQuote | C::ReportQuote | C::AcknowledgeLiability | C::AcknowledgeMismatch => {
            600
        }
        C::FinishWork | C::TakePayment | C::SignOff | C::Resume | C::DeclareNoShow => 600,
        _ => 60,
    }
}
