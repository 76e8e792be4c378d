//! What a decision said, as statements: a handful for each part, however many rows there are.

use std::borrow::Cow;
use std::collections::HashMap;

use doorstep_core::domain::ids::{DeviceId, OrgId};
use doorstep_core::journal::wire::Verdict;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::conn::{Conn, Ready};
use super::decide::Locked;
use super::sql;
use super::values::{key, text};
use crate::metrics;
use crate::storage::codes::{self, signed};
use crate::storage::{Clock, EntryWrite, GrantWrite, InkWrite, OrderWrite, StorageError, Writes};

/// Writes parts of one decision, in order, and counts the places in the log.
pub(super) struct Writer<'a> {
    conn: &'a Conn,
    org: Cow<'a, str>,
    /// As it will be.
    locked: Locked,
    /// The place before the first entry that was not written yet.
    written_pos: u64,
    is_changed: bool,
    log: [Ready; 3],
    orders: [Ready; 3],
    rest: [Ready; 4],
}

type Values<'a> = Vec<Box<dyn ToSql + Sync + Send + 'a>>;

impl<'a> Writer<'a> {
    pub(super) async fn new(conn: &'a Conn, org: &'a OrgId, locked: Locked) -> Result<Self, StorageError> {
        let written_pos = locked.log_pos;
        Ok(Self {
            conn,
            org: key(org.as_str()),
            locked,
            written_pos,
            is_changed: false,
            log: conn.prepare([sql::LOG, sql::PARK, sql::UNPARK]).await?,
            orders: conn.prepare([sql::NEW_ORDERS, sql::SET_ORDERS, sql::MOVE_GRANTS]).await?,
            rest: conn.prepare([sql::PUT_GRANTS, sql::PUT_INKS, sql::SET_TAIL, sql::SET_CLOCK]).await?,
        })
    }

    /// The clock as it is after all that was taken.
    pub(super) fn clock(&self) -> Clock {
        self.locked.clock
    }

    /// Takes parts over into the clock, before they are written.
    pub(super) fn take(&mut self, parts: &[Writes]) {
        self.written_pos = self.locked.log_pos;
        for part in parts {
            self.locked.log_pos = self.locked.log_pos.saturating_add(part.entries.len() as u64);
            if let Some(clock) = part.clock {
                self.locked.clock = clock;
            }
            self.is_changed |= part.clock.is_some() || !part.entries.is_empty();
            metrics::entries(&part.entries);
        }
    }

    /// Writes parts that were taken. `is_end`: and then the clock.
    pub(super) async fn write_all(&self, parts: &[Writes], is_end: bool) -> Result<(), StorageError> {
        let mut statements: Vec<(&Ready, Values<'_>)> = Vec::new();
        let mut pos = self.written_pos;
        for part in parts {
            self.entries(&mut statements, part, pos);
            pos = pos.saturating_add(part.entries.len() as u64);
            self.orders(&mut statements, part);
            self.grants(&mut statements, &part.grants);
            self.inks(&mut statements, &part.inks);
            self.unparked(&mut statements, part);
            if let Some((device, n, chain)) = &part.device {
                let values: Values<'_> = vec![
                    Box::new(&*self.org),
                    Box::new(device.0),
                    Box::new(signed(*n)),
                    Box::new(chain.0.0.as_slice()),
                    Box::new(part.received_ms),
                ];
                statements.push((&self.rest[2], values));
            }
        }
        let values: Vec<Vec<&(dyn ToSql + Sync)>> = statements
            .iter()
            .map(|(_, values)| values.iter().map(|v| &**v as &(dyn ToSql + Sync)).collect())
            .collect();
        // Each is sent at its first poll, in this order; their answers come in the same.
        let mut running = Vec::with_capacity(statements.len() + 1);
        for ((ready, _), values) in statements.iter().zip(&values) {
            running.push(Box::pin(self.conn.run(ready, values)));
        }
        let clock = async {
            match is_end && self.is_changed {
                true => set_clock(self.conn, &self.rest[3], &self.org, &self.locked).await,
                false => Ok(()),
            }
        };
        let (written, clock) = tokio::join!(biased; in_order(running), clock);
        written.and(clock)
    }

    fn entries<'s>(&'s self, to: &mut Vec<(&'s Ready, Values<'s>)>, part: &'s Writes, from: u64) {
        let entries: &Vec<&'s EntryWrite> = &part.entries.iter().collect();
        if entries.is_empty() {
            return;
        }
        let code = |e: &EntryWrite| codes::verdict_code(&e.verdict);
        let values: Values<'s> = vec![
            Box::new(&*self.org),
            Box::new((1..).zip(entries).map(|(i, _)| signed(from.saturating_add(i))).collect::<Vec<i64>>()),
            list(entries, |e| signed(e.seq)),
            list(entries, |e| e.id.map(|id| id.0)),
            list(entries, |e| e.order.map(|id| id.0)),
            list(entries, |e| e.device.map(|id| id.0)),
            list(entries, |e| signed(e.n)),
            list(entries, |e| e.device.map(|_| e.chain.0.0.as_slice())),
            list(entries, code),
            list(entries, |e| e.number.as_deref().map(key)),
            list(entries, |e| e.bytes.as_slice()),
            Box::new(part.received_ms),
        ];
        to.push((&self.log[0], values));
        let parked: Vec<(&'s EntryWrite, DeviceId)> = part
            .entries
            .iter()
            .filter(|e| matches!(e.verdict, Verdict::Parked(_)))
            .filter_map(|e| Some((e, e.device?)))
            .collect();
        if parked.is_empty() {
            return;
        }
        let values: Values<'s> = vec![
            Box::new(&*self.org),
            list(&parked, |(_, device)| device.0),
            list(&parked, |(e, _)| signed(e.n)),
            list(&parked, |(e, _)| e.order.map(|id| id.0)),
            list(&parked, |(e, _)| code(e)),
            Box::new(part.received_ms),
        ];
        to.push((&self.log[1], values));
    }

    fn orders<'s>(&'s self, to: &mut Vec<(&'s Ready, Values<'s>)>, part: &'s Writes) {
        let (new, old): (Vec<&'s OrderWrite>, Vec<&'s OrderWrite>) =
            latest(&part.orders).into_iter().partition(|order| order.is_new);
        for (orders, ready) in [(new, &self.orders[0]), (old.clone(), &self.orders[1])] {
            if orders.is_empty() {
                continue;
            }
            let values: Values<'s> = vec![
                Box::new(&*self.org),
                list(&orders, |o| o.id.0),
                list(&orders, |o| signed(o.seq)),
                list(&orders, |o| signed(o.ink_seq)),
                list(&orders, |o| o.summary.number.as_deref().map(key)),
                list(&orders, |o| o.summary.status.code()),
                list(&orders, |o| text(&o.summary.unit)),
                list(&orders, |o| text(&o.summary.resident)),
                list(&orders, |o| text(&o.summary.phone)),
                list(&orders, |o| text(&o.summary.fault)),
                list(&orders, |o| text(&o.summary.work_type)),
                list(&orders, |o| o.summary.technician.as_ref().map(|person| key(person.as_str()))),
                list(&orders, |o| o.summary.window.map(|w| w.0)),
                list(&orders, |o| o.summary.window.map(|w| w.1)),
                list(&orders, |o| o.summary.has_conflict),
                list(&orders, |o| i64::from(o.summary.concerns)),
                list(&orders, |o| text(&o.summary.search)),
                list(&orders, |o| o.state.as_slice()),
                Box::new(part.received_ms),
            ];
            to.push((ready, values));
        }
        if !old.is_empty() {
            let values: Values<'s> =
                vec![Box::new(&*self.org), list(&old, |o| o.id.0), list(&old, |o| signed(o.seq))];
            to.push((&self.orders[2], values));
        }
    }

    fn grants<'s>(&'s self, to: &mut Vec<(&'s Ready, Values<'s>)>, grants: &'s [GrantWrite]) {
        if grants.is_empty() {
            return;
        }
        // One statement cannot change a row twice: what was said last of an order and a person holds.
        let mut last = HashMap::with_capacity(grants.len());
        for grant in grants {
            last.insert((grant.order, key(grant.person.as_str())), grant);
        }
        let persons: Vec<Cow<'s, str>> = last.keys().map(|(_, person)| person.clone()).collect();
        let grants: Vec<(Uuid, &'s GrantWrite)> =
            last.into_iter().map(|((order, _), grant)| (order.0, grant)).collect();
        let values: Values<'s> = vec![
            Box::new(&*self.org),
            list(&grants, |(order, _)| order),
            Box::new(persons),
            list(&grants, |(_, grant)| signed(grant.seq)),
            list(&grants, |(_, grant)| grant.active),
        ];
        to.push((&self.rest[0], values));
    }

    fn inks<'s>(&'s self, to: &mut Vec<(&'s Ready, Values<'s>)>, inks: &'s [InkWrite]) {
        if inks.is_empty() {
            return;
        }
        let inks: &Vec<&'s InkWrite> = &inks.iter().collect();
        let values: Values<'s> = vec![
            Box::new(&*self.org),
            list(inks, |ink| ink.order.0),
            list(inks, |ink| ink.digest.0.as_slice()),
            list(inks, |ink| signed(ink.seq)),
            list(inks, |ink| ink.bytes.as_slice()),
        ];
        to.push((&self.rest[1], values));
    }

    fn unparked<'s>(&'s self, to: &mut Vec<(&'s Ready, Values<'s>)>, part: &'s Writes) {
        if part.unparked.is_empty() {
            return;
        }
        let values: Values<'s> = vec![
            Box::new(&*self.org),
            list(&part.unparked, |(device, _)| device.0),
            list(&part.unparked, |(_, n)| signed(n)),
            Box::new(part.received_ms),
        ];
        to.push((&self.log[2], values));
    }
}

/// One column of many rows.
fn list<'a, T: Copy, V>(rows: &[T], column: impl Fn(T) -> V) -> Box<dyn ToSql + Sync + Send + 'a>
where
    Vec<V>: ToSql + Sync + Send + 'a,
{
    Box::new(rows.iter().copied().map(column).collect::<Vec<V>>())
}

/// Of orders that are written twice in a part, the later.
fn latest(orders: &[OrderWrite]) -> Vec<&OrderWrite> {
    let mut last = HashMap::with_capacity(orders.len());
    for order in orders {
        last.insert(order.id, order);
    }
    orders.iter().filter(|order| last.get(&order.id).is_some_and(|of| std::ptr::eq(*of, *order))).collect()
}

/// Polls futures one after the other in their order until all are done; the first error, when there is one.
async fn in_order<F: Future<Output = Result<u64, StorageError>> + Unpin>(
    running: Vec<F>,
) -> Result<(), StorageError> {
    let mut waiting: Vec<Option<F>> = running.into_iter().map(Some).collect();
    let mut result = Ok(());
    std::future::poll_fn(|context| {
        let mut is_done = true;
        for place in &mut waiting {
            let Some(future) = place else { continue };
            match std::pin::Pin::new(future).poll(context) {
                std::task::Poll::Pending => is_done = false,
                std::task::Poll::Ready(done) => {
                    *place = None;
                    if let (Err(error), true) = (done, result.is_ok()) {
                        result = Err(error);
                    }
                }
            }
        }
        if is_done { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    result
}

/// Sets the clock's row.
pub(super) async fn set_clock(
    conn: &Conn,
    set: &Ready,
    org: &str,
    locked: &Locked,
) -> Result<(), StorageError> {
    let Clock { seq, epoch, next_number } = locked.clock;
    let [seq, epoch, next, pos] = [seq, epoch, next_number, locked.log_pos].map(signed);
    conn.run(set, &[&org, &seq, &epoch, &next, &pos]).await?;
    Ok(())
}
