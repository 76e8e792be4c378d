//! The store of the servers, read past them: what the oracle holds against everybody's word.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use doorstep_core::domain::ids::{DeviceId, EntryId, OrderId, PersonId};
use doorstep_core::domain::order::Order;
use rusqlite::{Connection, OpenFlags};

use crate::disk;

/// A line of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Logged {
    pub(crate) id: Option<EntryId>,
    pub(crate) order: Option<OrderId>,
    pub(crate) device: Option<DeviceId>,
    pub(crate) n: u64,
    pub(crate) verdict: String,
    pub(crate) bytes: Vec<u8>,
}

/// An entry that is kept apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Apart {
    pub(crate) device: DeviceId,
    pub(crate) n: u64,
    pub(crate) order: Option<OrderId>,
    pub(crate) reason: String,
    pub(crate) is_closed: bool,
}

/// The store at one moment.
pub(crate) struct Store(Connection);

impl Store {
    pub(crate) fn open(file: &Path) -> Self {
        disk::act_as(0);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self(Connection::open_with_flags(file, flags).expect("the store"))
    }

    fn rows<T>(&self, sql: &str, read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        let mut find = self.0.prepare(sql).expect("a select");
        let rows = find.query_map([], |row| read(row)).expect("rows");
        rows.map(|row| row.expect("a row")).collect()
    }

    /// The log as it was taken.
    pub(crate) fn log(&self) -> Vec<Logged> {
        let sql = "SELECT entry_id, order_id, device_id, n, verdict, bytes FROM entry_log ORDER BY pk";
        self.rows(sql, |row| {
            let blob = |at: usize| row.get::<_, Option<Vec<u8>>>(at);
            Ok(Logged {
                id: blob(0)?.as_deref().and_then(EntryId::from_slice),
                order: blob(1)?.as_deref().and_then(OrderId::from_slice),
                device: blob(2)?.as_deref().and_then(DeviceId::from_slice),
                n: row.get::<_, i64>(3)?.unsigned_abs(),
                verdict: row.get(4)?,
                bytes: row.get(5)?,
            })
        })
    }

    /// The ids in the log.
    pub(crate) fn ids(&self) -> BTreeSet<EntryId> {
        let sql = "SELECT entry_id FROM entry_log WHERE entry_id IS NOT NULL";
        let ids = self.rows(sql, |row| row.get::<_, Vec<u8>>(0));
        ids.iter().filter_map(|id| EntryId::from_slice(id)).collect()
    }

    /// What is or was kept apart.
    pub(crate) fn parked(&self) -> Vec<Apart> {
        let sql =
            "SELECT device_id, n, order_id, reason, closed_ms IS NOT NULL FROM parked ORDER BY device_id, n";
        self.rows(sql, |row| {
            Ok(Apart {
                device: DeviceId::from_slice(&row.get::<_, Vec<u8>>(0)?).expect("an id"),
                n: row.get::<_, i64>(1)?.unsigned_abs(),
                order: row.get::<_, Option<Vec<u8>>>(2)?.as_deref().and_then(OrderId::from_slice),
                reason: row.get(3)?,
                is_closed: row.get(4)?,
            })
        })
    }

    /// Seq, epoch and next number.
    pub(crate) fn clock(&self) -> (u64, u64, u64) {
        let read = |row: &rusqlite::Row<'_>| {
            let at = |at: usize| row.get::<_, i64>(at).map(i64::unsigned_abs);
            Ok((at(0)?, at(1)?, at(2)?))
        };
        self.0.query_row("SELECT seq, epoch, next_number FROM org_clock", [], read).expect("the clock")
    }

    /// All orders.
    pub(crate) fn orders(&self) -> BTreeMap<OrderId, Order> {
        let rows = self.rows(r#"SELECT order_id, state FROM "order""#, |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
        });
        let read = |(id, state): (Vec<u8>, Vec<u8>)| {
            (OrderId::from_slice(&id).expect("an id"), Order::from_bytes(&state).expect("a state"))
        };
        rows.into_iter().map(read).collect()
    }

    /// Who has which order now, or had it.
    pub(crate) fn grants(&self) -> BTreeMap<(OrderId, PersonId), bool> {
        let rows = self.rows(r#"SELECT order_id, person, active FROM "grant""#, |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?))
        });
        let read = |(id, person, active): (Vec<u8>, String, bool)| {
            ((OrderId::from_slice(&id).expect("an id"), PersonId(person)), active)
        };
        rows.into_iter().map(read).collect()
    }

    /// Whose phones the devices are.
    pub(crate) fn devices(&self) -> BTreeMap<DeviceId, PersonId> {
        let rows = self.rows("SELECT device_id, person FROM device", |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?))
        });
        let read =
            |(id, person): (Vec<u8>, String)| (DeviceId::from_slice(&id).expect("an id"), PersonId(person));
        rows.into_iter().map(read).collect()
    }

    /// The strokes and thumbnails of orders.
    pub(crate) fn inks(&self) -> BTreeSet<(OrderId, Vec<u8>)> {
        let rows = self.rows("SELECT order_id, bytes FROM ink", |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
        });
        rows.into_iter().map(|(id, bytes)| (OrderId::from_slice(&id).expect("an id"), bytes)).collect()
    }
}
