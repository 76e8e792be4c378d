//! Sample orders for the tests of the pages: made by commands through `decide`, so that every one could really be.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::paper::{Paper, document};
use doorstep_core::domain::decide::{Case, Rulebook, decide};
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, Digest, EntryId, OrderId, OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::money::{Currency, Money, Quantity};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::closing::{CopyBy, Liability, PartUse, PaymentMethod};
use doorstep_core::domain::order::intake::{Assignment, Intake, SharedField};
use doorstep_core::domain::order::quote::{QuoteLine, QuoteTerms};
use doorstep_core::domain::order::signing::{Capacity, Outcome, Signed, Signer};
use doorstep_core::domain::order::visit::{
    Contact, ContactBy, Coverage, Entitlement, ItemValue, PhotoMoment,
};
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::policy::{Phase, PhotoNeed};
use doorstep_core::domain::seal::{ink, seal};
use doorstep_core::domain::time::{Stamp, Window};
use doorstep_core::journal::Entry;
use doorstep_core::journal::bytes::Exact;
use ed25519_dalek::SigningKey;

use super::detail::Logged;
use crate::storage::StoredOrder;

/// A point in time, China time.
pub(crate) fn at(text: &str) -> Stamp {
    Stamp::parse(&format!("{text}:00+08:00")).unwrap()
}

/// The present of all samples: Tuesday afternoon.
pub(crate) fn now() -> Stamp {
    at("2026-11-24T17:30")
}

pub(crate) fn supervisor() -> Actor {
    Actor { person: "G002".into(), role: Role::Supervisor }
}

pub(crate) fn people() -> BTreeMap<PersonId, String> {
    let names = [("G002", "周永健"), ("G003", "何詠欣"), ("W101", "陳志強"), ("W102", "梁家明")];
    names.into_iter().map(|(id, name)| (id.into(), name.to_owned())).collect()
}

/// What is different about a sample.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Twist {
    None,
    /// The resident refuses to sign at the end.
    RefusesToSign,
    /// One star.
    LowRating,
    /// Two phones gave different readings, and the office another phone number.
    Conflict,
    /// Arrives after the window.
    Late,
}

/// A sample order with its log.
pub(crate) struct Sample {
    pub(crate) rulebook: Rulebook,
    pub(crate) order: Order,
    pub(crate) id: OrderId,
    pub(crate) org: OrgId,
    pub(crate) log: Vec<Logged>,
    pub(crate) inks: BTreeMap<Digest, Vec<u8>>,
    /// Photos that have arrived in full.
    pub(crate) photos: BTreeSet<Digest>,
    clock: Stamp,
    resident: String,
    technician: &'static str,
}

impl Sample {
    /// A paid repair of this morning, signed off and handed over.
    pub(crate) fn signed_off(number: u32, resident: &str, twist: Twist) -> Self {
        let mut sample = Self {
            rulebook: Rulebook::builtin(),
            order: Order::default(),
            id: OrderId::new(),
            org: "emerald-lake".into(),
            log: Vec::new(),
            inks: BTreeMap::new(),
            photos: BTreeSet::new(),
            clock: at("2026-11-23T16:00"),
            resident: resident.to_owned(),
            technician: if number.is_multiple_of(2) { "W101" } else { "W102" },
        };
        sample.desk(number);
        sample.on_site(twist);
        sample.money(twist);
        sample.close(twist);
        sample
    }

    pub(crate) fn stored(&self) -> StoredOrder {
        StoredOrder { id: self.id, seq: self.log.len() as u64, order: self.order.clone() }
    }

    fn desk(&mut self, number: u32) {
        self.does(Role::FrontDesk, Command::Register(intake(number, &self.resident)));
        self.numbered(format!("WX{number:06}"));
        self.does(Role::FrontDesk, Command::Accept { materials: "請備好購買憑證".into() });
        let technician = self.technician.into();
        self.does(Role::FrontDesk, Command::Assign(Assignment { technician, helpers: vec![] }));
        let contact =
            Contact {
                by: ContactBy::Call, reached: true, note: "確認廚房角閥漏水，明早在家".into()
            };
        self.does(Role::Technician, Command::RecordContact(contact));
        let window = Window { start: at("2026-11-24T09:00"), end: at("2026-11-24T11:00") };
        self.does(Role::Technician, Command::Book { window });
    }

    fn on_site(&mut self, twist: Twist) {
        self.clock = at("2026-11-24T08:20");
        self.answer_all(Phase::Preparation);
        self.does(Role::Technician, Command::SetOut);
        self.clock = at(if twist == Twist::Late { "2026-11-24T11:25" } else { "2026-11-24T08:52" });
        self.does(Role::Technician, Command::Arrive);
        let entitlement = Entitlement { coverage: Coverage::Expired, evidence: "保修卡 2023-0417".into() };
        self.does(Role::Technician, Command::CheckEntitlement(entitlement));
        let by = self.resident.clone();
        self.does(Role::Technician, Command::AnswerStart { agreed: true, by });
        self.answer_all(Phase::Before);
        let liability = Liability::Resident;
        let note = "角閥使用年限已過，更換須收費".to_owned();
        self.does(Role::Technician, Command::Diagnose { cause: "角閥老化滲水".into(), liability, note });
        let outcome = self.resident_signs(&Paper::Liability);
        self.does(Role::Technician, Command::AcknowledgeLiability(outcome));
    }

    fn money(&mut self, twist: Twist) {
        let line = |code: &str, name: &str, minor| QuoteLine {
            code: code.into(),
            name: name.into(),
            quantity: Quantity::whole(1),
            unit_price: yuan(minor),
        };
        let lines = vec![line("M-031", "更換角閥（銅）", 8_000), line("L-001", "上門人工", 5_000)];
        let reason = "角閥老化，不在保修範圍".to_owned();
        self.does(Role::Technician, Command::PresentQuote(QuoteTerms { lines, discount: yuan(0), reason }));
        self.does(Role::Technician, Command::ReportQuote);
        let outcome = self.resident_signs(&Paper::Quote { agreed: true });
        self.does(Role::Technician, Command::AnswerQuote { agreed: true, outcome });
        self.does(Role::Technician, Command::StartWork);
        self.does(
            Role::Technician,
            Command::UsePart(PartUse {
                code: "M-031".into(),
                name: "銅角閥".into(),
                quantity: Quantity::whole(1),
                drawn_with: "LL-2211".into(),
                replaced_serial: String::new(),
            }),
        );
        self.clock = self.clock.plus_minutes(50);
        self.does(
            Role::Technician,
            Command::FinishWork {
                solved: true,
                cause: "角閥老化".into(),
                method: "更換角閥與軟管".into(),
                advice: "一週內留意接口有無滲水".into(),
            },
        );
        self.answer_all(Phase::After);
        if twist == Twist::Conflict {
            self.conflict();
        }
        let receipt_no = "SJ-0001".to_owned();
        let method = PaymentMethod::Wechat;
        self.does(Role::Technician, Command::TakePayment { amount: yuan(13_000), method, receipt_no });
    }

    fn conflict(&mut self) {
        let edit = |from: &str, to: &str| Fact::FieldEdited {
            field: SharedField::Phone,
            from: from.into(),
            to: to.into(),
        };
        let before = self.order.field(SharedField::Phone).to_owned();
        self.office(vec![edit(&before, "142 0000 1999")]);
        self.record(Role::Technician, true, vec![edit(&before, "142 0000 1777")], &[]);
    }

    fn close(&mut self, twist: Twist) {
        let rating = match twist {
            Twist::LowRating => Some(1),
            Twist::RefusesToSign => None,
            _ => Some(5),
        };
        let opinion = match twist {
            Twist::LowRating => "來了兩次才修好，耽誤一上午",
            Twist::RefusesToSign => "",
            _ => "師傅很細心，收拾得乾淨",
        };
        let paper = Paper::Sheet { rating, opinion: opinion.into() };
        let name = people().get(&PersonId::from(self.technician)).cloned().unwrap();
        let technician = self.sign(&paper, &name, Capacity::Technician);
        let resident = match twist {
            Twist::RefusesToSign => Outcome::Refused("認為角閥不應收費".into()),
            _ => self.resident_signs(&paper),
        };
        self.does(
            Role::Technician,
            Command::SignOff { technician, resident, rating, opinion: opinion.into() },
        );
        self.does(Role::Technician, Command::DeliverCopy { by: CopyBy::Qr });
    }

    /// Answers every item of a phase in the order of the list, with its photos.
    fn answer_all(&mut self, phase: Phase) {
        let work_type = self.order.work_type().to_owned();
        let items: Vec<_> =
            self.rulebook.policy.items(&work_type).filter(|item| item.phase == phase).cloned().collect();
        for item in items {
            let value =
                [ItemValue::Done, ItemValue::Yes, ItemValue::No, ItemValue::Text("0.4 MPa，無滲漏".into())]
                    .into_iter()
                    .find(|value| item.takes(value) && !item.is_mismatch(value))
                    .unwrap();
            let remark = String::new();
            self.does(Role::Technician, Command::AnswerItem { item: item.id.clone(), value, remark });
            if item.photo != PhotoNeed::None {
                for moment in [PhotoMoment::Before, PhotoMoment::After] {
                    let picture = Digest::of(item.id.as_str().as_bytes());
                    self.does(
                        Role::Technician,
                        Command::TakePhoto { item: item.id.clone(), moment, picture, thumbnail: None },
                    );
                }
            }
        }
    }

    /// Gives a command that must pass, and folds what follows.
    pub(crate) fn does(&mut self, role: Role, command: Command) {
        let actor = self.actor(role);
        let kind = command.kind();
        let facts = match decide(&self.case(&actor), &command) {
            Ok(facts) => facts,
            Err(refusal) => panic!("{kind:?}: {refusal}"),
        };
        let inks: Vec<Vec<u8>> = command.inks().into_iter().map(|ink| ink.bytes.clone()).collect();
        self.record(role, role == Role::Technician, facts, &inks);
    }

    /// Records what happened, whether or not anybody would have allowed it.
    pub(crate) fn happened(&mut self, role: Role, facts: Vec<Fact>) {
        self.record(role, role == Role::Technician, facts, &[]);
    }

    fn office(&mut self, facts: Vec<Fact>) {
        self.record(Role::FrontDesk, false, facts, &[]);
    }

    fn record(&mut self, role: Role, phone: bool, facts: Vec<Fact>, inks: &[Vec<u8>]) {
        self.clock = self.clock.plus_minutes(1);
        let entry = Entry {
            id: EntryId::new(),
            n: 0,
            seen: 0,
            order: self.id,
            visit: self.order.visit_number(),
            actor: self.actor(role),
            at: self.clock,
            mono_ms: 0,
            boot: None,
            skew_ms: None,
            app: String::new(),
            facts,
            inks: inks.iter().cloned().map(Exact).collect(),
        };
        self.inks.extend(inks.iter().map(|bytes| (Digest::of(bytes), bytes.clone())));
        entry.fold_into(&mut self.order, &self.org, None);
        let device = phone.then(DeviceId::new);
        let received = if phone { at("2026-11-24T12:10").max(self.clock) } else { self.clock };
        self.log.push(Logged { entry, device, received, parked: None, number: None });
    }

    fn numbered(&mut self, number: String) {
        let first = self.log.last_mut().unwrap();
        first.entry.give_number(&mut self.order, &self.org, &number);
        first.number = Some(number);
    }

    fn actor(&self, role: Role) -> Actor {
        let person = match role {
            Role::Technician => self.technician.into(),
            Role::FrontDesk => "G003".into(),
            Role::Supervisor | Role::Director => "G002".into(),
        };
        Actor { person, role }
    }

    fn case<'a>(&'a self, actor: &'a Actor) -> Case<'a> {
        Case {
            rulebook: &self.rulebook,
            order: &self.order,
            org: &self.org,
            order_id: self.id,
            actor,
            now: self.clock,
        }
    }

    fn sign(&self, paper: &Paper, name: &str, capacity: Capacity) -> Signed {
        let technician = self.actor(Role::Technician);
        let document = document(&self.case(&technician), paper, Lang::ZhHant).unwrap();
        let strokes = ink::encode(&handwriting(name)).unwrap();
        let signer = Signer { name: name.into(), capacity };
        seal(&SigningKey::from_bytes(&[7; 32]), &document, strokes, signer, Lang::ZhHant, self.clock)
    }

    fn resident_signs(&self, paper: &Paper) -> Outcome {
        Outcome::Signed(self.sign(paper, &self.resident, Capacity::Resident))
    }
}

/// The demo's handwriting of a name.
fn handwriting(name: &str) -> Vec<ink::Stroke> {
    let path = format!("{}/../demo/handwriting/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let file: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let point = |p: &serde_json::Value| ink::InkPoint {
        x: (number(&p[0]) * 10.0) as i32,
        y: (number(&p[1]) * 10.0) as i32,
        t: number(&p[2]) as u32,
        pressure: (number(&p[3]) * 255.0) as u8,
    };
    let strokes = file["strokes"].as_array().unwrap();
    strokes.iter().map(|stroke| stroke.as_array().unwrap().iter().map(point).collect()).collect()
}

fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

fn intake(number: u32, resident: &str) -> Intake {
    let faults = [
        ("廚房水槽下漏水", "角閥處滴水，關閉後仍滴"),
        ("主臥衛生間水龍頭更換", "手柄鬆脫，關不緊，整夜滴水"),
        ("馬桶不停進水", "沖水後水箱一直進水，有水聲"),
    ];
    let (fault, symptom) = faults[number as usize % 3];
    Intake {
        unit: format!("{}-{:02}0{}", number % 4 + 1, number % 17 + 1, number % 6 + 1),
        resident: resident.into(),
        phone: format!("142 0000 1{number:03}"),
        reporter: resident.into(),
        fault: fault.into(),
        symptom: symptom.into(),
        work_type: "plumbing".into(),
        wished: Some(Window { start: at("2026-11-24T09:00"), end: at("2026-11-24T11:00") }),
        tags: if number.is_multiple_of(9) { vec!["elderly".into()] } else { vec![] },
        access: "請按 2 號門鈴".into(),
        ..Intake::default()
    }
}

/// Names the demo has handwriting for.
pub(crate) const RESIDENTS: [&str; 8] =
    ["李婉儀", "黃國輝", "張美玲", "王建華", "劉淑貞", "吳德昌", "林曉東", "許文華"];
