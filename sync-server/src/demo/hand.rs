//! A technician's hand: the taps that make up a visit, on the technician's own phone.

use std::path::PathBuf;
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::ids::{ItemId, OrderId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::money::{Money, Quantity};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::closing::CustodyKind;
use doorstep_core::domain::order::quote::{QuoteLine, QuoteTerms};
use doorstep_core::domain::order::signing::{Capacity, Outcome, Signed, Signer};
use doorstep_core::domain::order::visit::{Contact, ContactBy, ItemValue, PhotoMoment};
use doorstep_core::domain::policy::{ChecklistItem, Phase, PhotoNeed};

use super::DemoError;
use super::device::Device;
use super::{handwriting, prices};
use crate::import::{PriceKind, PriceRow};

const BEFORE: &[u8] = include_bytes!("../../../demo/photos/before.jpg");
const AFTER: &[u8] = include_bytes!("../../../demo/photos/after.jpg");

/// A technician at work.
pub(super) struct Hand {
    pub(super) device: Device,
    pub(super) rulebook: Arc<Rulebook>,
    pub(super) prices: Arc<Vec<PriceRow>>,
    /// The office's files, where handwriting of its own may lie.
    pub(super) folder: PathBuf,
    pub(super) photos: u32,
    vouchers: u32,
    signatures: u32,
}

impl Hand {
    pub(super) fn new(
        device: Device,
        rulebook: Arc<Rulebook>,
        prices: Arc<Vec<PriceRow>>,
        folder: PathBuf,
    ) -> Self {
        Self { device, rulebook, prices, folder, photos: 0, vouchers: 0, signatures: 0 }
    }

    pub(super) fn order(&self, id: OrderId) -> Result<Order, DemoError> {
        self.device.order(id)
    }

    pub(super) fn does(&self, id: OrderId, command: Command) -> Result<(), DemoError> {
        self.device.does(id, command)
    }

    pub(super) fn wait(&self, minutes: i64) {
        self.device.clock.pass(minutes * 60);
    }

    pub(super) fn call(&self, id: OrderId, reached: bool, note: &str) -> Result<(), DemoError> {
        self.does(id, Command::RecordContact(Contact { by: ContactBy::Call, reached, note: note.to_owned() }))
    }

    /// Who is at the door: whoever reported it for a relative or a company, else the resident.
    pub(super) fn at_the_door(&self, id: OrderId) -> Result<Signer, DemoError> {
        let intake = self.order(id)?.intake.unwrap_or_default();
        let reported_by_another = !intake.reporter.is_empty() && intake.reporter != intake.resident;
        let (name, capacity) = if !intake.company.is_empty() {
            (intake.reporter, Capacity::Company("經辦人".to_owned()))
        } else if reported_by_another {
            (intake.reporter, Capacity::Relative("家人".to_owned()))
        } else {
            (intake.resident, Capacity::Resident)
        };
        Ok(Signer { name, capacity })
    }

    /// A signature under a paper as it stands on the phone now.
    pub(super) fn sign(&mut self, id: OrderId, paper: &Paper, signer: Signer) -> Result<Signed, DemoError> {
        self.signatures += 1;
        let strokes = handwriting::of(&signer.name, &self.folder, self.signatures);
        self.device.clock.pass(15);
        let no = |why| DemoError::Step { step: "sign", why };
        self.device.phone.sign(id, paper, Lang::ZhHant, signer, &strokes).map_err(no)
    }

    pub(super) fn technician_signs(&mut self, id: OrderId, paper: &Paper) -> Result<Signed, DemoError> {
        let signer = Signer { name: self.device.owner.name.clone(), capacity: Capacity::Technician };
        self.sign(id, paper, signer)
    }

    pub(super) fn resident_signs(&mut self, id: OrderId, paper: &Paper) -> Result<Outcome, DemoError> {
        let signer = self.at_the_door(id)?;
        Ok(Outcome::Signed(self.sign(id, paper, signer)?))
    }

    /// Answers every item of a phase, with step consents and photos. `mismatch`: the remark on the first that can differ.
    pub(super) fn answer_all(
        &mut self,
        id: OrderId,
        phase: Phase,
        mut mismatch: Option<&str>,
    ) -> Result<(), DemoError> {
        let rulebook = self.rulebook.clone();
        let work_type = self.order(id)?.work_type().to_owned();
        for item in rulebook.policy.items(&work_type).filter(|item| item.phase == phase) {
            if item.needs_consent {
                let by = self.at_the_door(id)?.name;
                self.does(id, Command::AnswerStep { item: item.id.clone(), agreed: true, by })?;
            }
            let remark = mismatch.take_if(|_| item.mismatch_on.is_some());
            let (value, remark) = match (&item.mismatch_on, remark) {
                (Some(differs), Some(remark)) => (differs.clone(), remark.to_owned()),
                _ => (good(item), String::new()),
            };
            self.does(id, Command::AnswerItem { item: item.id.clone(), value, remark })?;
            if item.photo != PhotoNeed::None {
                self.photograph(id, &item.id)?;
            }
        }
        Ok(())
    }

    fn photograph(&mut self, id: OrderId, item: &ItemId) -> Result<(), DemoError> {
        for (moment, bytes) in [(PhotoMoment::Before, BEFORE), (PhotoMoment::After, AFTER)] {
            self.device.photographs(id, item, moment, bytes)?;
            self.photos += 1;
        }
        Ok(())
    }

    /// A quote from the firm's own price list: the labour and the material that fit the fault best.
    pub(super) fn terms(&self, id: OrderId, reason: &str) -> Result<QuoteTerms, DemoError> {
        let intake = self.order(id)?.intake.unwrap_or_default();
        let line = |price: &PriceRow| QuoteLine {
            code: price.code.clone(),
            name: price.name.zh_hant.clone(),
            quantity: Quantity::whole(1),
            unit_price: price.price,
        };
        let lines = prices::fitting(&self.prices, &intake).into_iter().flatten().map(line).collect();
        let discount = Money::zero(self.rulebook.policy.currency);
        Ok(QuoteTerms { lines, discount, reason: reason.to_owned() })
    }

    /// The material among agreed lines.
    pub(super) fn part_of(&self, terms: &QuoteTerms) -> Option<QuoteLine> {
        let is_material = |line: &&QuoteLine| {
            self.prices.iter().any(|price| price.code == line.code && price.kind == PriceKind::Material)
        };
        terms.lines.iter().find(is_material).cloned()
    }

    /// The next number in this technician's book of vouchers.
    pub(super) fn voucher(&mut self) -> String {
        self.vouchers += 1;
        format!("SJ-{}-{:04}", self.device.owner.code, self.vouchers)
    }

    /// Money is offered to the desk at the end of the day (R97).
    pub(super) fn hand_in(&self, id: OrderId, to: &PersonId) -> Result<(), DemoError> {
        let order = self.order(id)?;
        let held = order.open_custody().filter(|(_, item)| item.kind == CustodyKind::Money);
        let items: Vec<_> = held.map(|(id, _)| *id).collect();
        if items.is_empty() {
            return Ok(());
        }
        self.does(id, Command::HandOver { items, to: to.clone() })
    }
}

/// An answer that says all is well.
fn good(item: &ChecklistItem) -> ItemValue {
    let values = [ItemValue::Done, ItemValue::Yes, ItemValue::No, ItemValue::Text("正常".to_owned())];
    let fits = |value: &ItemValue| item.takes(value) && !item.is_mismatch(value);
    values.into_iter().find(fits).unwrap_or(ItemValue::Done)
}
