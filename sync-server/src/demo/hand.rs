//! A technician's hand: one real phone, its clock, and the taps that make up a visit.

use std::path::PathBuf;
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::{Digest, OrderId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::money::Quantity;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::quote::{QuoteLine, QuoteTerms};
use doorstep_core::domain::order::signing::{Capacity, Outcome, Signed, Signer};
use doorstep_core::domain::order::visit::{Contact, ContactBy, ItemValue, PhotoMoment};
use doorstep_core::domain::person::Role;
use doorstep_core::domain::policy::{Phase, PhotoNeed};
use doorstep_core::domain::time::{Stamp, Window};
use doorstep_core::phone::Phone;

use super::DemoError;
use super::clock::WalkingClock;
use super::handwriting;
use crate::import::{PriceKind, PriceRow};

const BEFORE: &[u8] = include_bytes!("../../../demo/photos/before.jpg");
const AFTER: &[u8] = include_bytes!("../../../demo/photos/after.jpg");

/// A technician with a phone.
pub(super) struct Hand {
    pub(super) name: String,
    pub(super) phone: Phone,
    pub(super) clock: Arc<WalkingClock>,
    pub(super) rulebook: Arc<Rulebook>,
    pub(super) prices: Arc<Vec<PriceRow>>,
    pub(super) folder: PathBuf,
    pub(super) photos: u32,
    pub(super) vouchers: u32,
}

impl Hand {
    pub(super) fn order(&self, id: OrderId) -> Result<Order, DemoError> {
        Ok(self.phone.order(id)?.order)
    }

    /// A tap: decided, saved and shown, without network.
    pub(super) fn does(&self, id: OrderId, command: Command) -> Result<(), DemoError> {
        let kind = command.kind();
        self.phone.record(id, command).map(|_| ()).map_err(|why| DemoError::Step { step: kind.code(), why })
    }

    pub(super) fn resident(&self, id: OrderId) -> Result<String, DemoError> {
        Ok(self.order(id)?.intake.map(|intake| intake.resident).unwrap_or_default())
    }

    pub(super) fn wait(&self, minutes: i64) {
        let now = doorstep_core::phone::Clock::now(&*self.clock);
        self.clock.set(now.plus_minutes(minutes));
    }

    pub(super) fn call(&self, id: OrderId, reached: bool, note: &str) -> Result<(), DemoError> {
        let contact = Contact { by: ContactBy::Call, reached, note: note.to_owned() };
        self.does(id, Command::RecordContact(contact))
    }

    /// A signature under a paper as it stands on the phone now.
    pub(super) fn sign(
        &self,
        id: OrderId,
        paper: &Paper,
        name: &str,
        capacity: Capacity,
    ) -> Result<Signed, DemoError> {
        let strokes = handwriting::of(name, &self.folder);
        let signer = Signer { name: name.to_owned(), capacity };
        Ok(self.phone.sign(id, paper, Lang::ZhHant, signer, &strokes)?)
    }

    pub(super) fn resident_signs(&self, id: OrderId, paper: &Paper) -> Result<Outcome, DemoError> {
        let order = self.order(id)?;
        let intake = order.intake.unwrap_or_default();
        // Whoever reported it for a relative or a company is the one at the door.
        let (name, capacity) = if !intake.company.is_empty() {
            (intake.reporter, Capacity::Company("店長".to_owned()))
        } else if !intake.reporter.is_empty() && intake.reporter != intake.resident {
            (intake.reporter, Capacity::Relative("女兒".to_owned()))
        } else {
            (intake.resident, Capacity::Resident)
        };
        Ok(Outcome::Signed(self.sign(id, paper, &name, capacity)?))
    }

    /// Answers every item of a phase, with step consents and photos; `mismatch` is the remark on the first that has one.
    pub(super) fn answer_all(
        &mut self,
        id: OrderId,
        phase: Phase,
        mismatch: Option<&str>,
    ) -> Result<(), DemoError> {
        let rulebook = self.rulebook.clone();
        let work_type = self.order(id)?.work_type().to_owned();
        let mut mismatch = mismatch;
        for item in rulebook.policy.items(&work_type).filter(|item| item.phase == phase) {
            if item.needs_consent {
                let by = self.resident(id)?;
                self.does(id, Command::AnswerStep { item: item.id.clone(), agreed: true, by })?;
            }
            let (value, remark) = match (&item.mismatch_on, mismatch.take_if(|_| item.mismatch_on.is_some()))
            {
                (Some(differs), Some(remark)) => (differs.clone(), remark.to_owned()),
                _ => (good(item), String::new()),
            };
            self.does(id, Command::AnswerItem { item: item.id.clone(), value, remark })?;
            if item.photo != PhotoNeed::None {
                for (moment, bytes) in [(PhotoMoment::Before, BEFORE), (PhotoMoment::After, AFTER)] {
                    let picture = Digest::of(bytes);
                    self.does(id, Command::TakePhoto { item: item.id.clone(), moment, picture })?;
                    self.photos += 1;
                }
            }
        }
        Ok(())
    }

    /// A quote from the firm's own price list: some labour and a part.
    pub(super) fn terms(&self, turn: usize, reason: &str) -> QuoteTerms {
        let pick = |kind: PriceKind| {
            let fitting: Vec<&PriceRow> = self.prices.iter().filter(|price| price.kind == kind).collect();
            fitting.get(turn % fitting.len().max(1)).copied()
        };
        let rows = [pick(PriceKind::Labour), pick(PriceKind::Material)].into_iter().flatten();
        let line = |price: &PriceRow| QuoteLine {
            code: price.code.clone(),
            name: price.name.zh_hant.clone(),
            quantity: Quantity::whole(1),
            unit_price: price.price,
        };
        let discount = doorstep_core::domain::money::Money::zero(self.rulebook.policy.currency);
        QuoteTerms { lines: rows.map(line).collect(), discount, reason: reason.to_owned() }
    }

    pub(super) fn window(&self, start: Stamp) -> Window {
        Window { start, end: start.plus_minutes(60) }
    }

    pub(super) fn voucher(&mut self) -> String {
        self.vouchers += 1;
        format!("SJ-{}-{:04}", self.initials(), self.vouchers)
    }

    fn initials(&self) -> String {
        let enrolment = self.phone.enrolment().ok().flatten();
        enrolment.map(|enrolment| enrolment.actor.person.to_string()).unwrap_or_default()
    }

    /// The desk at which money and forms are handed in.
    pub(super) fn desk(people: &[crate::import::PersonRow]) -> Option<&crate::import::PersonRow> {
        people.iter().find(|person| person.role == Role::FrontDesk)
    }
}

fn good(item: &doorstep_core::domain::policy::ChecklistItem) -> ItemValue {
    let values = [ItemValue::Done, ItemValue::Yes, ItemValue::No, ItemValue::Text("正常".to_owned())];
    let fits = |value: &ItemValue| item.takes(value) && !item.is_mismatch(value);
    values.into_iter().find(fits).unwrap_or(ItemValue::Done)
}
