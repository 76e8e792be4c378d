//! Each order folded again from its log, as the server folded it, and each seal in it verified.
//!
//! An entry that was parked and folded later stands in the log where it came, not where it was folded: it was folded
//! after one of the entries that were taken at the moment it was closed. Each of those places is tried.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, FactId, OrderId, OrgId};
use doorstep_core::domain::order::Order;
use doorstep_core::journal::Entry;
use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, params};

use super::super::{access, codes};
use super::{Examined, What};
use crate::judge::doubts;
use crate::storage::StorageError;

/// The most places that are tried for entries that were folded late.
const MOST_TRIES: usize = 512;

struct Logged {
    entry: Entry,
    device: Option<DeviceId>,
    received_ms: i64,
    number: Option<String>,
    /// When it was folded after having waited.
    late_ms: Option<i64>,
}

pub(super) fn check(conn: &Connection, org: &OrgId, found: &mut Examined) -> Result<(), StorageError> {
    let keys: HashMap<DeviceId, VerifyingKey> = access::devices(conn, org)?
        .into_iter()
        .filter_map(|known| Some((known.device.id, VerifyingKey::from_bytes(&known.device.public_key).ok()?)))
        .collect();
    let mut all = conn.prepare(r#"SELECT order_id, state, number, status FROM "order" WHERE org = ?1"#)?;
    let mut rows = all.query([org.as_str()])?;
    while let Some(row) = rows.next()? {
        let id = codes::order_id(row.get_ref(0)?)?;
        let state = codes::blob(row.get_ref(1)?)?;
        let (number, status): (Option<String>, String) = (row.get(2)?, row.get(3)?);
        found.orders += 1;
        let log = match read(conn, org, id)? {
            Ok(log) => log,
            Err(why) => {
                found.say(What::Order, format!("{org}: order {id}: {why}"));
                continue;
            }
        };
        unflagged(org, id, &log, &keys, found);
        match fold(org, &log, &state) {
            None => found.say(What::Order, format!("{org}: order {id} is not what its log gives")),
            Some(order) if order.number != number || order.status().code() != status => {
                found.say(What::Order, format!("{org}: order {id} is listed as it is not"));
            }
            Some(_) => {}
        }
    }
    let mut lost = conn.prepare(
        r#"SELECT DISTINCT order_id FROM entry_log e WHERE org = ?1 AND verdict IN ('applied', 'conflicted')
             AND NOT EXISTS (SELECT 1 FROM "order" o WHERE o.org = e.org AND o.order_id = e.order_id)"#,
    )?;
    let mut rows = lost.query([org.as_str()])?;
    while let Some(row) = rows.next()? {
        found.say(
            What::Order,
            format!("{org}: order {} is only in the log", codes::order_id(row.get_ref(0)?)?),
        );
    }
    Ok(())
}

/// What of an order's log was folded, in the order it came; or why one of them cannot be read.
fn read(conn: &Connection, org: &OrgId, id: OrderId) -> Result<Result<Vec<Logged>, String>, StorageError> {
    let mut find = conn.prepare_cached(
        "SELECT e.bytes, e.device_id, e.received_ms, e.number, p.closed_ms, e.n FROM entry_log e
         LEFT JOIN parked p ON p.org = e.org AND p.device_id = e.device_id AND p.n = e.n
         WHERE e.org = ?1 AND e.order_id = ?2
           AND (e.verdict IN ('applied', 'conflicted') OR p.closed_by = '(server)') ORDER BY e.pk",
    )?;
    let mut rows = find.query(params![org.as_str(), id.as_bytes()])?;
    let mut log = Vec::new();
    while let Some(row) = rows.next()? {
        let entry = match Entry::decode(&codes::blob(row.get_ref(0)?)?) {
            Ok(entry) => entry,
            Err(why) => return Ok(Err(format!("entry {} was folded: {why}", row.get::<_, i64>(5)?))),
        };
        let device: Option<Vec<u8>> = row.get(1)?;
        log.push(Logged {
            entry,
            device: device.as_deref().and_then(DeviceId::from_slice),
            received_ms: row.get(2)?,
            number: row.get(3)?,
            late_ms: row.get(4)?,
        });
    }
    Ok(Ok(log))
}

/// The order its log gives, when it is the one that is stored.
fn fold(org: &OrgId, log: &[Logged], state: &[u8]) -> Option<Order> {
    let (plain, late): (Vec<&Logged>, Vec<&Logged>) = log.iter().partition(|logged| logged.late_ms.is_none());
    let mut moments: BTreeMap<i64, Vec<&Logged>> = BTreeMap::new();
    for logged in late {
        moments.entry(logged.late_ms.unwrap_or_default()).or_default().push(logged);
    }
    let groups: Vec<&Vec<&Logged>> = moments.values().collect();
    // After which entries each group may have been folded.
    let places: Vec<Vec<usize>> = moments
        .keys()
        .map(|at| (0..plain.len()).filter(|i| plain[*i].received_ms == *at).collect())
        .collect();
    let tries = places.iter().fold(1_usize, |product, of| product.saturating_mul(of.len()));
    (0..tries.min(MOST_TRIES)).find_map(|mut number| {
        let mut after: BTreeMap<usize, Vec<&Logged>> = BTreeMap::new();
        for (group, of) in groups.iter().zip(&places) {
            after.entry(of[number % of.len()]).or_default().extend(group.iter().copied());
            number /= of.len();
        }
        let mut order = Order::default();
        for (i, logged) in plain.iter().enumerate() {
            put(org, &mut order, logged);
            after.get(&i).into_iter().flatten().for_each(|late| put(org, &mut order, late));
        }
        (order.to_bytes() == state).then_some(order)
    })
}

fn put(org: &OrgId, order: &mut Order, logged: &Logged) {
    logged.entry.fold_into(order, org, logged.device);
    if let Some(number) = &logged.number {
        logged.entry.give_number(order, org, number);
    }
}

/// Seals and strokes of devices' entries that do not hold, and that nothing in the log flags.
fn unflagged(
    org: &OrgId,
    id: OrderId,
    log: &[Logged],
    keys: &HashMap<DeviceId, VerifyingKey>,
    found: &mut Examined,
) {
    let own = log.iter().filter(|logged| logged.device.is_none());
    let flagged: BTreeSet<(FactId, ConcernKind)> = own
        .flat_map(|logged| &logged.entry.facts)
        .filter_map(|fact| match fact {
            Fact::Flagged(concern) => Some((concern.fact, concern.kind)),
            _ => None,
        })
        .collect();
    for logged in log {
        let Some(device) = logged.device else { continue };
        for (fact, kind) in doubts(keys.get(&device), &logged.entry) {
            if !flagged.contains(&(fact, kind)) {
                let n = logged.entry.n;
                found.say(What::Seal, format!("{org}: order {id}: entry {n} of device {device}: {kind:?}"));
            }
        }
    }
}
