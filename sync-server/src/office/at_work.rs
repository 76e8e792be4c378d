//! Who may be at a resident's door right now: what the office should know before it takes an order away from them, and
//! before a phone is revoked.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{DeviceId, OrderId, OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::time::Stamp;
use doorstep_core::words::{say, when};
use serde::Serialize;

use crate::state::AppState;
use crate::storage::{OrderFilter, StorageError};

/// The most orders of one person that are looked through for an open visit.
const MOST: u32 = 200;

/// A phone whose technician has an open visit on an order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AtWork {
    /// The order.
    pub order: OrderId,
    /// Its number.
    pub number: Option<String>,
    /// Which visit.
    pub visit: u16,
    /// The technician.
    pub person: PersonId,
    /// The phone.
    pub device: DeviceId,
    /// When the phone last sent something it had recorded, UTC milliseconds; 0 for never.
    pub heard_ms: i64,
    /// It listens for changes at this moment, and hears of this one at once.
    pub listens: bool,
}

impl AtWork {
    /// What to tell whoever is about to confirm.
    #[must_use]
    pub fn text(&self, name: &str, now: Stamp, lang: Lang) -> String {
        let said = match self.number.as_deref() {
            Some(number) => say!(
                lang,
                "{name}的手機有一個進行中的上門（{number}）",
                "{name}的手机有一个进行中的上门（{number}）",
                "{name}'s phone has a visit under way ({number})"
            ),
            None => say!(
                lang,
                "{name}的手機有一個進行中的上門",
                "{name}的手机有一个进行中的上门",
                "{name}'s phone has a visit under way"
            ),
        };
        if self.listens {
            return said + &say!(lang, "，現在連線中。", "，现在在线。", ", and is connected now.");
        }
        if self.heard_ms == 0 {
            return said + &say!(lang, "，從未傳來記錄。", "，从未传来记录。", ", and has sent nothing yet.");
        }
        let heard = when::moment(Stamp::new(self.heard_ms, now.offset_min), now, lang);
        said + &say!(lang, "，最後聯絡：{heard}。", "，最后联络：{heard}。", ", last heard {heard}.")
    }
}

/// Whether a command takes the order away from whoever is at work on it.
#[must_use]
pub fn takes_away(command: &Command, order: &Order) -> bool {
    match command {
        Command::Void { .. } | Command::Refuse { .. } | Command::GiveNotice { .. } => true,
        Command::Assign(new) => order.assignment.as_ref().is_some_and(|now| now.technician != new.technician),
        _ => false,
    }
}

/// The phones with an open visit on an order.
///
/// # Errors
/// When storage fails.
pub async fn at_work(
    state: &AppState,
    org: &OrgId,
    id: OrderId,
    order: &Order,
) -> Result<Vec<AtWork>, StorageError> {
    let Some(visit) = open_visit(order) else { return Ok(Vec::new()) };
    let Some(assignment) = &order.assignment else { return Ok(Vec::new()) };
    let there = |person: &PersonId| *person == assignment.technician || assignment.helpers.contains(person);
    let devices = state.storage().devices(org.clone()).await?.into_iter();
    let theirs = devices.filter(|known| !known.device.revoked && there(&known.device.person));
    let at_work = theirs.map(|known| AtWork {
        order: id,
        number: order.number.clone(),
        visit,
        listens: state.hub().hears(org, known.device.id),
        person: known.device.person,
        device: known.device.id,
        heard_ms: known.heard_ms,
    });
    Ok(at_work.collect())
}

/// The open visits of whoever has this phone.
///
/// # Errors
/// When storage fails.
pub async fn of_device(state: &AppState, org: &OrgId, device: DeviceId) -> Result<Vec<AtWork>, StorageError> {
    let Some(known) = state.storage().device(org.clone(), device).await? else { return Ok(Vec::new()) };
    let status = Status::ALL.into_iter().filter(|status| !status.is_closed()).collect();
    let filter =
        OrderFilter { status, technician: Some(known.person), limit: MOST, ..OrderFilter::default() };
    let mut found = Vec::new();
    for stored in state.storage().orders(org.clone(), filter).await? {
        let phones = at_work(state, org, stored.id, &stored.order).await?;
        found.extend(phones.into_iter().filter(|phone| phone.device == device));
    }
    Ok(found)
}

/// The visit somebody is on the way to or at, as far as the server knows.
fn open_visit(order: &Order) -> Option<u16> {
    let (number, visit) = order.visit()?;
    let under_way = visit.set_out.is_some() || visit.arrived.is_some();
    let ended = visit.is_over() || order.sign_off().is_some() || order.status().is_closed();
    (under_way && !ended).then_some(number)
}
