//! One order and the people around it: commands go through `decide`, facts through `apply`, as on phone and server.

use std::collections::BTreeMap;

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::decide::paper::{Paper, document};
use doorstep_core::domain::decide::{Case, Rulebook, available_actions, decide};
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{Digest, EntryId, OrderId, OrgId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::money::{Currency, Money, Quantity};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::closing::{CopyBy, Liability, PaymentMethod};
use doorstep_core::domain::order::intake::{Assignment, Intake};
use doorstep_core::domain::order::quote::{QuoteLine, QuoteTerms};
use doorstep_core::domain::order::signing::{Capacity, Outcome, Signed, Signer};
use doorstep_core::domain::order::visit::{
    Contact, ContactBy, Coverage, Entitlement, ItemValue, PhotoMoment,
};
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::policy::{Phase, PhotoNeed};
use doorstep_core::domain::refusal::{Reason, Refusal};
use doorstep_core::domain::seal::{Document, ink, seal};
use doorstep_core::domain::time::{Stamp, Window};
use doorstep_core::journal::Entry;
use ed25519_dalek::SigningKey;

/// A point in time, China time.
pub(crate) fn at(text: &str) -> Stamp {
    Stamp::parse(&format!("{text}:00+08:00")).unwrap()
}

/// The window most tests book: Wednesday 25 November 2026, 14:00 to 16:00.
pub(crate) fn window() -> Window {
    Window { start: at("2026-11-25T14:00"), end: at("2026-11-25T16:00") }
}

pub(crate) fn actor(role: Role) -> Actor {
    let person = match role {
        Role::FrontDesk => "F01",
        Role::Technician => "T01",
        Role::Supervisor => "S01",
        Role::Director => "D01",
    };
    Actor { person: person.into(), role }
}

pub(crate) fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

pub(crate) fn line(name: &str, minor: i64) -> QuoteLine {
    QuoteLine {
        code: String::new(),
        name: name.into(),
        quantity: Quantity::whole(1),
        unit_price: yuan(minor),
    }
}

pub(crate) fn terms(lines: &[(&str, i64)]) -> QuoteTerms {
    QuoteTerms {
        lines: lines.iter().map(|(name, minor)| line(name, *minor)).collect(),
        discount: yuan(0),
        reason: "角閥老化，不在保修範圍".into(),
    }
}

/// One order, its rulebook and the clock on the wall.
pub(crate) struct World {
    pub(crate) rulebook: Rulebook,
    pub(crate) order: Order,
    pub(crate) id: OrderId,
    pub(crate) org: OrgId,
    pub(crate) now: Stamp,
    pub(crate) entries: Vec<Entry>,
    /// Strokes of the signatures given so far.
    pub(crate) inks: BTreeMap<Digest, Vec<u8>>,
}

impl World {
    /// An order nobody has registered, on the morning before the visit.
    pub(crate) fn new() -> Self {
        Self {
            rulebook: Rulebook::builtin(),
            order: Order::default(),
            id: OrderId::new(),
            org: "emerald-lake".into(),
            now: at("2026-11-24T09:00"),
            entries: Vec::new(),
            inks: BTreeMap::new(),
        }
    }

    pub(crate) fn decide(&self, role: Role, command: &Command) -> Result<Vec<Fact>, Refusal> {
        let actor = actor(role);
        decide(&self.case(&actor), command)
    }

    pub(crate) fn case<'a>(&'a self, actor: &'a Actor) -> Case<'a> {
        Case {
            rulebook: &self.rulebook,
            order: &self.order,
            org: &self.org,
            order_id: self.id,
            actor,
            now: self.now,
        }
    }

    /// Gives the command and folds what follows.
    pub(crate) fn try_do(&mut self, role: Role, command: Command) -> Result<(), Refusal> {
        let facts = self.decide(role, &command)?;
        self.inks.extend(command.inks().into_iter().map(|ink| (ink.digest, ink.bytes.clone())));
        self.record(role, facts);
        Ok(())
    }

    /// As [`Self::try_do`], for a command that must pass.
    pub(crate) fn does(&mut self, role: Role, command: Command) -> &mut Self {
        let kind = command.kind();
        if let Err(refusal) = self.try_do(role, command) {
            panic!("{kind:?}: {refusal}");
        }
        self
    }

    /// The reason a command is refused with; panics when it passes.
    pub(crate) fn refusal(&self, role: Role, command: Command) -> Reason {
        let kind = command.kind();
        match self.decide(role, &command) {
            Err(refusal) => refusal.reason,
            Ok(facts) => panic!("{kind:?} passed: {facts:?}"),
        }
    }

    /// Folds facts whether or not anybody would have allowed them.
    pub(crate) fn record(&mut self, role: Role, facts: Vec<Fact>) {
        let entry = Entry {
            id: EntryId::new(),
            n: self.entries.len() as u64 + 1,
            seen: 0,
            order: self.id,
            visit: self.order.visit_number(),
            actor: actor(role),
            at: self.now,
            mono_ms: 0,
            boot: None,
            skew_ms: None,
            app: String::new(),
            facts,
            inks: Vec::new(),
        };
        let entry = Entry::decode(&entry.encode().unwrap()).unwrap();
        entry.fold_into(&mut self.order, &self.org, None);
        self.entries.push(entry);
    }

    /// Why a button is disabled, if it is.
    pub(crate) fn button(&self, role: Role, kind: CommandKind) -> Option<Reason> {
        let actor = actor(role);
        let actions = available_actions(&self.case(&actor));
        actions.into_iter().find(|a| a.kind == kind).unwrap().refusal.map(|r| r.reason)
    }

    /// A paper as it stands now.
    pub(crate) fn document(&self, paper: &Paper) -> Document {
        document(&self.case(&actor(Role::Technician)), paper, Lang::ZhHant).unwrap()
    }

    /// A signature under a paper as it stands now.
    pub(crate) fn sign(&self, paper: &Paper, name: &str, capacity: Capacity) -> Signed {
        let document = self.document(paper);
        let points =
            (0..30).map(|i| ink::InkPoint { x: i * 50, y: (i % 5) * 80, t: i as u32 * 10, pressure: 120 });
        let strokes = ink::encode(&[points.collect()]).unwrap();
        let signer = Signer { name: name.into(), capacity };
        seal(&SigningKey::from_bytes(&[7; 32]), &document, strokes, signer, Lang::ZhHant, self.now)
    }

    pub(crate) fn resident_signs(&self, paper: &Paper) -> Outcome {
        Outcome::Signed(self.sign(paper, "陳美玲", Capacity::Resident))
    }

    // The stations of a paid repair, each on top of the one before.

    pub(crate) fn registered() -> Self {
        let mut world = Self::new();
        world.does(Role::FrontDesk, Command::Register(intake()));
        world
    }

    pub(crate) fn assigned() -> Self {
        let mut world = Self::registered();
        world.does(Role::FrontDesk, Command::Accept { materials: "請備好購買憑證".into() });
        let technician = "T01".into();
        world.does(Role::FrontDesk, Command::Assign(Assignment { technician, helpers: vec![] }));
        world
    }

    pub(crate) fn booked() -> Self {
        let mut world = Self::assigned();
        world.contact(true);
        world.does(Role::Technician, Command::Book { window: window() });
        world
    }

    pub(crate) fn on_site() -> Self {
        let mut world = Self::booked();
        world.answer_all(Phase::Preparation);
        world.now = at("2026-11-25T13:40");
        world.does(Role::Technician, Command::SetOut);
        world.now = at("2026-11-25T13:55");
        world.does(Role::Technician, Command::Arrive);
        world
    }

    pub(crate) fn looked_at(coverage: Coverage, liability: Liability) -> Self {
        let mut world = Self::on_site();
        let entitlement = Entitlement { coverage, evidence: "保修卡 2023-0417".into() };
        world.does(Role::Technician, Command::CheckEntitlement(entitlement));
        world.does(Role::Technician, Command::AnswerStart { agreed: true, by: "陳美玲".into() });
        world.answer_all(Phase::Before);
        let note = "角閥使用年限已過，更換須收費".into();
        world.does(Role::Technician, Command::Diagnose { cause: "角閥老化滲水".into(), liability, note });
        if liability != Liability::Firm {
            let outcome = world.resident_signs(&Paper::Liability);
            world.does(Role::Technician, Command::AcknowledgeLiability(outcome));
        }
        world
    }

    pub(crate) fn quoted() -> Self {
        let mut world = Self::looked_at(Coverage::Expired, Liability::Resident);
        let terms = terms(&[("更換角閥", 8_000), ("上門人工", 5_000)]);
        world.does(Role::Technician, Command::PresentQuote(terms));
        world.does(Role::Technician, Command::ReportQuote);
        world
    }

    pub(crate) fn working() -> Self {
        let mut world = Self::quoted();
        let outcome = world.resident_signs(&Paper::Quote { agreed: true });
        world.does(Role::Technician, Command::AnswerQuote { agreed: true, outcome });
        world.does(Role::Technician, Command::StartWork);
        world
    }

    pub(crate) fn finished() -> Self {
        let mut world = Self::working();
        world.now = at("2026-11-25T15:00");
        world.does(Role::Technician, finish(true));
        world.answer_all(Phase::After);
        world
    }

    pub(crate) fn paid() -> Self {
        let mut world = Self::finished();
        world.does(Role::Technician, pay(13_000));
        world
    }

    pub(crate) fn signed_off() -> Self {
        let mut world = Self::paid();
        let command = world.sign_off(Some(5));
        world.does(Role::Technician, command);
        world.does(Role::Technician, Command::DeliverCopy { by: CopyBy::Qr });
        world
    }

    pub(crate) fn sign_off(&self, rating: Option<u8>) -> Command {
        let paper = Paper::Sheet { rating, opinion: "師傅很細心".into() };
        Command::SignOff {
            technician: self.sign(&paper, "李志強", Capacity::Technician),
            resident: self.resident_signs(&paper),
            rating,
            opinion: "師傅很細心".into(),
        }
    }

    pub(crate) fn contact(&mut self, reached: bool) -> &mut Self {
        let contact = Contact { by: ContactBy::Call, reached, note: "廚房角閥漏水".into() };
        self.does(Role::Technician, Command::RecordContact(contact))
    }

    /// Answers every item of a phase in the order of the list, with its photos and step consents.
    pub(crate) fn answer_all(&mut self, phase: Phase) {
        let work_type = self.order.work_type().to_owned();
        let items: Vec<_> =
            self.rulebook.policy.items(&work_type).filter(|item| item.phase == phase).cloned().collect();
        for item in items {
            if item.needs_consent {
                let by = "陳美玲".into();
                self.does(Role::Technician, Command::AnswerStep { item: item.id.clone(), agreed: true, by });
            }
            let value = [ItemValue::Done, ItemValue::Yes, ItemValue::No, ItemValue::Text("正常".into())]
                .into_iter()
                .find(|value| item.takes(value) && !item.is_mismatch(value))
                .unwrap();
            let remark = String::new();
            self.does(Role::Technician, Command::AnswerItem { item: item.id.clone(), value, remark });
            if item.photo != PhotoNeed::None {
                for moment in [PhotoMoment::Before, PhotoMoment::After] {
                    let picture = doorstep_core::domain::ids::Digest::of(item.id.as_str().as_bytes());
                    let item = item.id.clone();
                    self.does(
                        Role::Technician,
                        Command::TakePhoto { item, moment, picture, thumbnail: None },
                    );
                }
            }
        }
    }
}

pub(crate) fn intake() -> Intake {
    Intake {
        unit: "3-1502".into(),
        resident: "陳美玲".into(),
        phone: "13800001502".into(),
        reporter: "陳美玲".into(),
        fault: "廚房水槽下漏水".into(),
        symptom: "角閥處滴水，關閉後仍滴".into(),
        work_type: "plumbing".into(),
        wished: Some(window()),
        ..Intake::default()
    }
}

pub(crate) fn finish(solved: bool) -> Command {
    Command::FinishWork {
        solved,
        cause: "角閥老化".into(),
        method: "更換角閥與軟管".into(),
        advice: "一週內留意接口有無滲水".into(),
    }
}

pub(crate) fn pay(minor: i64) -> Command {
    Command::TakePayment { amount: yuan(minor), method: PaymentMethod::Cash, receipt_no: "SJ-0001".into() }
}
