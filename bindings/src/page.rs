//! One order across the binding: what its screen shows, and for every button whether it may be pressed and why not.

use doorstep_core::domain::decide::{Action, Rulebook};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::visit::Visit;
use doorstep_core::domain::policy::ChecklistItem;
use doorstep_core::phone::{EntryVerdict, OrderDetail};

use crate::failure::{DoorstepException, Result};
use crate::quote::QuoteShown;
use crate::records::{IntakeForm, Moment, MoneyAmount, TimeWindow};
use crate::words::{CommandName, ItemAnswer, ItemKind, Language, OrderStatus, Phase, PhotoNeed};

/// One attendance at the unit.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct VisitShown {
    /// Its number, from 1.
    pub number: u16,
    /// The window agreed with the resident.
    pub window: Option<TimeWindow>,
    /// When the technician left for the unit.
    pub set_out: Option<Moment>,
    /// When they were at the door.
    pub arrived: Option<Moment>,
    /// When the work began.
    pub started: Option<Moment>,
    /// When it rests until; `None` when it does not rest.
    pub paused_until: Option<Moment>,
    /// When the work ended.
    pub finished: Option<Moment>,
    /// It is over and another may be booked.
    pub is_over: bool,
}

impl VisitShown {
    fn of(number: u16, visit: &Visit) -> Self {
        Self {
            number,
            window: visit.window.map(Into::into),
            set_out: visit.set_out.as_ref().map(|mark| mark.at.into()),
            arrived: visit.arrived.as_ref().map(|mark| mark.at.into()),
            started: visit.started.as_ref().map(|mark| mark.at.into()),
            paused_until: visit.paused.as_ref().map(|pause| pause.resume_at.into()),
            finished: visit.finished.as_ref().map(|finish| finish.mark.at.into()),
            is_over: visit.is_over(),
        }
    }
}

/// What the server said of one of this phone's entries, when it was not plainly applied. The entry is kept all the same.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct EntryNote {
    /// The entry's number in this phone's journal.
    pub n: u64,
    /// The verdict, as JSON.
    pub verdict_json: String,
}

/// A kind of command, and why it may not be given now.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct ActionRecord {
    /// Which command.
    pub command: CommandName,
    /// Whether it may be given.
    pub allowed: bool,
    /// The rule that says no; 0 when it may.
    pub rule: u16,
    /// Why not, in the language asked for; empty when it may.
    pub why_not: String,
}

impl ActionRecord {
    pub(crate) fn of(action: &Action, lang: Lang) -> Self {
        let Action { kind, refusal } = action;
        Self {
            command: (*kind).into(),
            allowed: refusal.is_none(),
            rule: refusal.as_ref().map_or(0, |refusal| refusal.rule),
            why_not: refusal.as_ref().map(|refusal| refusal.text(lang)).unwrap_or_default(),
        }
    }
}

/// A checklist item as the firm's pack has it, with the answer given on the current visit.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's ChecklistItem")]
pub struct CheckItem {
    pub item: String,
    pub phase: Phase,
    pub label: String,
    pub kind: ItemKind,
    pub required: bool,
    pub advisory: bool,
    pub photo: PhotoNeed,
    pub mismatch_on: Option<ItemAnswer>,
    pub step: Option<u8>,
    pub needs_consent: bool,
    pub rule: u16,
    pub answer: Option<ItemAnswer>,
}

impl CheckItem {
    pub(crate) fn of(item: &ChecklistItem, order: &Order, lang: Lang) -> Self {
        let ChecklistItem {
            id,
            phase,
            label,
            kind,
            required,
            advisory,
            photo,
            mismatch_on,
            step,
            needs_consent,
            rule,
        } = item.clone();
        let answered = order.visit().and_then(|(_, visit)| visit.answers.get(&id));
        Self {
            item: id.0,
            phase: phase.into(),
            label: label.get(lang).to_owned(),
            kind: kind.into(),
            required,
            advisory,
            photo: photo.into(),
            mismatch_on: mismatch_on.map(Into::into),
            step,
            needs_consent,
            rule,
            answer: answered.map(|answer| answer.value.clone().into()),
        }
    }
}

/// One thing in custody.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct HeldThing {
    /// Its id.
    pub id: String,
    /// What it is.
    pub name: String,
    /// Serial or amount.
    pub serial: String,
    /// Who holds it.
    pub holder: String,
    /// To whom it is offered and who has not accepted yet.
    pub offered_to: Option<String>,
}

/// One order with everything a screen about it needs.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct OrderPage {
    /// Its id.
    pub order: String,
    /// Its number, once the server gave one.
    pub number: Option<String>,
    /// Where it stands.
    pub status: OrderStatus,
    /// The registration.
    pub intake: Option<IntakeForm>,
    /// The visits, by number; the last is the current one.
    pub visits: Vec<VisitShown>,
    /// The quotes, oldest first.
    pub quotes: Vec<QuoteShown>,
    /// What the resident agreed to pay.
    pub fee: MoneyAmount,
    /// What is paid.
    pub paid: MoneyAmount,
    /// Every kind of command: allowed, or why not.
    pub actions: Vec<ActionRecord>,
    /// The checklists for this kind of work.
    pub checklist: Vec<CheckItem>,
    /// What is in custody.
    pub custody: Vec<HeldThing>,
    /// Entries that wait to be sent.
    pub waiting: u32,
    /// What the server said of entries it did not plainly apply.
    pub notes: Vec<EntryNote>,
    /// How many photos of it the server has not verified.
    pub photos_waiting: u32,
    /// It leaves this phone once everything is sent.
    pub is_departing: bool,
    /// Its seq at the server; 0 when the server does not have it yet.
    pub seq: u64,
    /// The whole state as JSON, for screens that show more.
    pub state_json: String,
}

impl OrderPage {
    pub(crate) fn of(detail: OrderDetail, rulebook: &Rulebook, lang: Language) -> Result<Self> {
        let OrderDetail { id, order, seq, actions, waiting, verdicts, photos_waiting, is_departing } = detail;
        let lang = lang.into();
        let policy = &rulebook.policy;
        let held = order.open_custody().map(|(id, item)| HeldThing {
            id: id.to_string(),
            name: item.name.clone(),
            serial: item.serial.clone(),
            holder: item.holder.to_string(),
            offered_to: item.offered_to.as_ref().map(ToString::to_string),
        });
        let quotes =
            order.quotes.iter().map(|(id, quote)| QuoteShown::of(id, quote, &order, policy.currency));
        let note = |EntryVerdict { entry: _, n, verdict }| {
            Ok(EntryNote {
                n,
                verdict_json: serde_json::to_string(&verdict).map_err(DoorstepException::bug)?,
            })
        };
        Ok(Self {
            order: id.to_string(),
            number: order.number.clone(),
            status: order.status().into(),
            intake: order.intake.clone().map(Into::into),
            visits: order.visits.iter().map(|(number, visit)| VisitShown::of(*number, visit)).collect(),
            quotes: quotes.collect(),
            fee: order.fee(policy.currency).into(),
            paid: order.paid(policy.currency).into(),
            actions: actions.iter().map(|action| ActionRecord::of(action, lang)).collect(),
            checklist: policy
                .items(order.work_type())
                .map(|item| CheckItem::of(item, &order, lang))
                .collect(),
            custody: held.collect(),
            waiting,
            notes: verdicts.into_iter().map(note).collect::<Result<_>>()?,
            photos_waiting,
            is_departing,
            seq,
            state_json: serde_json::to_string(&order).map_err(DoorstepException::bug)?,
        })
    }
}
