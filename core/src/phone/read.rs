//! Reading: today's visits, lists, one order with what may be done to it, and the strokes of a signature.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension as _, Rows, ToSql, params_from_iter};

use super::card::{self, OrderCard};
use super::columns::{UNSCHEDULED, day_number};
use super::error::{PhoneError, Result};
use super::front::Phone;
use super::photos::table;
use super::store::head::{self, Head};
use super::store::journal;
use super::views::{self, Gone};
use crate::domain::decide::{Action, Case, available_actions};
use crate::domain::ids::{Digest, EntryId, OrderId, PersonId};
use crate::domain::order::Order;
use crate::domain::order::status::Status;
use crate::domain::seal::ink::{self, Stroke};
use crate::journal::wire::Verdict;

/// How many orders a page holds unless the caller says otherwise.
pub const PAGE_LIMIT: u32 = 50;
/// The most orders a page holds.
const MOST: u32 = 500;

/// Which orders a list shows. What is empty does not narrow it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListFilter {
    /// Any of these statuses.
    pub status: Vec<Status>,
    /// The day of the current window.
    pub day: Option<NaiveDate>,
    /// The assigned technician.
    pub technician: Option<PersonId>,
    /// Only those with entries that wait to be sent.
    pub waiting_only: bool,
    /// Only those where two values wait for a person.
    pub conflicts_only: bool,
}

/// Which part of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    /// Where the part before ended; `None` for the first.
    pub after: Option<i64>,
    /// The most orders to give.
    pub limit: u32,
}

impl Default for Page {
    fn default() -> Self {
        Self { after: None, limit: PAGE_LIMIT }
    }
}

impl Page {
    /// The first part, of so many orders.
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    /// The limit, between one and [`MOST`].
    pub(crate) fn rows(self) -> usize {
        usize::try_from(self.limit.clamp(1, MOST)).unwrap_or(1)
    }
}

/// A part of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OrderList {
    /// The orders.
    pub orders: Vec<OrderCard>,
    /// Where the next part begins, when there is one.
    pub next: Option<i64>,
}

/// What the server said of an entry, when it was not plainly applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryVerdict {
    /// The entry.
    pub entry: EntryId,
    /// Its number in this phone's journal.
    pub n: u64,
    /// The verdict.
    pub verdict: Verdict,
}

/// One order with everything a page about it needs.
#[derive(Clone, PartialEq, Debug)]
pub struct OrderDetail {
    /// Its id.
    pub id: OrderId,
    /// The order as it is shown: the server's, with what waits to be sent.
    pub order: Order,
    /// Its seq at the server; 0 when the server does not have it yet.
    pub seq: u64,
    /// Every kind of command: allowed, or why not.
    pub actions: Vec<Action>,
    /// How many entries about it wait to be sent.
    pub waiting: u32,
    /// What the server said of this phone's entries about it.
    pub verdicts: Vec<EntryVerdict>,
    /// How many photos of it the server has not verified.
    pub photos_waiting: u32,
    /// It is no longer this phone's, and leaves when everything recorded about it is sent and its photos are verified.
    /// Until then it can be read, and what still happens can be recorded.
    pub is_departing: bool,
}

impl Phone {
    /// A part of the day's list: what an earlier day left unfinished, then the visits of the day by their window, then
    /// mine that are open and have no window. A change between two parts may show an order twice or not at all: read
    /// the list again when told of one.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn today(&self, day: NaiveDate, page: Page) -> Result<OrderList> {
        self.run(|store| {
            store.read(|conn| {
                let acked = head::acked(conn)?;
                let select = |which: &str| format!("SELECT {} FROM view_order WHERE {which}", card::COLUMNS);
                let unfinished = Status::ALL.iter().filter(|status| status.is_unfinished_visit());
                let earlier = select(&format!(
                    "agenda > {UNSCHEDULED} AND agenda < ?1 AND status IN ({}) ORDER BY agenda, start_ms, id LIMIT ?2",
                    codes(unfinished)
                ));
                let of_day = select("agenda = ?1 ORDER BY start_ms, id LIMIT ?2");
                let skip = page.after.and_then(|after| usize::try_from(after).ok()).unwrap_or(0);
                let until = skip.saturating_add(page.rows());
                let mut list = OrderList::default();
                let mut at = 0;
                for (sql, agenda) in
                    [(&earlier, day_number(day)), (&of_day, day_number(day)), (&of_day, UNSCHEDULED)]
                {
                    let mut statement = conn.prepare_cached(sql)?;
                    // One more than is shown says whether there is another part.
                    let most = i64::try_from(until.saturating_sub(at)).unwrap_or(i64::MAX).saturating_add(1);
                    let mut rows = statement.query((agenda, most))?;
                    while let Some(row) = rows.next()? {
                        if at == until {
                            list.next = i64::try_from(until).ok();
                            return Ok(list);
                        }
                        if at >= skip {
                            list.orders.push(card::read(conn, acked, row)?.1);
                        }
                        at += 1;
                    }
                }
                Ok(list)
            })
        })
    }

    /// A part of all orders on this phone that pass the filter, newest first.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn list(&self, filter: &ListFilter, page: Page) -> Result<OrderList> {
        self.run(|store| store.read(|conn| list(conn, filter, page)))
    }

    /// One order, with what may be done to it now.
    ///
    /// # Errors
    /// [`PhoneError::NotFound`] when it is not on this phone; when the storage fails.
    pub fn order(&self, id: OrderId) -> Result<OrderDetail> {
        let now = self.clock().now();
        self.run(|store| {
            let identity = store.identity();
            let rulebook = store.rulebook()?;
            store.read(|conn| {
                let head = Head::load(conn)?;
                let found = views::shown(conn, id)?.filter(|(place, ..)| place.gone != Gone::Left);
                let (place, order, seq) = found.ok_or_else(|| PhoneError::NotFound(format!("order {id}")))?;
                let actions = match &identity.enrolled {
                    Some(enrolled) => available_actions(&Case {
                        rulebook: &rulebook,
                        order: &order,
                        org: &enrolled.org,
                        order_id: id,
                        actor: &enrolled.actor,
                        now,
                    }),
                    None => Vec::new(),
                };
                Ok(OrderDetail {
                    id,
                    order,
                    seq,
                    actions,
                    waiting: journal::count_of_order(conn, place.last_n, head.acked)?,
                    verdicts: verdicts(conn, &head, id)?,
                    photos_waiting: table::unsent_of(conn, id)?,
                    is_departing: place.gone == Gone::Departing,
                })
            })
        })
    }

    /// The strokes of a signature.
    ///
    /// # Errors
    /// [`PhoneError::NotFound`] when they are not on this phone; when the storage fails.
    pub fn ink(&self, digest: Digest) -> Result<Vec<Stroke>> {
        let found: Option<Vec<u8>> = self.run(|store| {
            store.read(|conn| {
                let mut find = conn.prepare_cached("SELECT bytes FROM ink WHERE digest = ?1")?;
                Ok(find.query_row([digest.0], |row| row.get(0)).optional()?)
            })
        })?;
        let bytes = found.ok_or_else(|| PhoneError::NotFound(format!("ink {digest}")))?;
        ink::decode(&bytes).map_err(|e| PhoneError::BadInput(e.to_string()))
    }
}

/// Statuses as SQL has them. Codes are fixed words: nothing a person types gets here.
fn codes<'a>(statuses: impl IntoIterator<Item = &'a Status>) -> String {
    let codes: Vec<String> = statuses.into_iter().map(|status| format!("'{}'", status.code())).collect();
    codes.join(", ")
}

fn list(conn: &Connection, filter: &ListFilter, page: Page) -> Result<OrderList> {
    let acked = head::acked(conn)?;
    let mut wheres = vec!["gone IS NOT 2".to_owned()];
    let mut given: Vec<Box<dyn ToSql>> = Vec::new();
    let mut narrow = |sql: &str, value: Box<dyn ToSql>| {
        given.push(value);
        wheres.push(format!("{sql} ?{}", given.len()));
    };
    if let Some(after) = page.after {
        narrow("id <", Box::new(after));
    }
    if let Some(day) = filter.day {
        narrow("agenda =", Box::new(day_number(day)));
    }
    if let Some(technician) = &filter.technician {
        narrow("technician =", Box::new(technician.0.clone()));
    }
    if filter.waiting_only {
        narrow("last_n >", Box::new(acked));
    }
    if filter.conflicts_only {
        narrow("conflict =", Box::new(true));
    }
    if !filter.status.is_empty() {
        // However often one is named, SQL says each once.
        let wanted = Status::ALL.iter().filter(|status| filter.status.contains(status));
        wheres.push(format!("status IN ({})", codes(wanted)));
    }
    let limit = page.rows();
    let sql = format!(
        "SELECT {} FROM view_order WHERE {} ORDER BY id DESC LIMIT {}",
        card::COLUMNS,
        wheres.join(" AND "),
        limit + 1
    );
    let mut statement = conn.prepare_cached(&sql)?;
    take(conn, acked, statement.query(params_from_iter(given.iter().map(|value| &**value)))?, limit)
}

/// The first `limit` rows of a query by id; where the next part begins when there is one more.
pub(crate) fn take(conn: &Connection, acked: u64, mut rows: Rows<'_>, limit: usize) -> Result<OrderList> {
    let mut list = OrderList::default();
    let mut last = 0;
    while let Some(row) = rows.next()? {
        if list.orders.len() == limit {
            list.next = Some(last);
            break;
        }
        let (id, card) = card::read(conn, acked, row)?;
        last = id;
        list.orders.push(card);
    }
    Ok(list)
}

fn verdicts(conn: &Connection, head: &Head, id: OrderId) -> Result<Vec<EntryVerdict>> {
    // Few entries are not plainly applied; those of this order are fewer.
    let mut statement = conn.prepare_cached(
        "SELECT v.n, j.id, v.verdict FROM verdict v CROSS JOIN journal j ON j.n = v.n
         WHERE j.order_id = ?1 ORDER BY v.n",
    )?;
    let mut rows = statement.query([id.as_bytes()])?;
    let mut verdicts = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(2)?;
        // A verdict of a newer version still shows the entry as kept.
        let Ok(verdict) = serde_json::from_str(&text) else { continue };
        let entry = EntryId(uuid::Uuid::from_bytes(row.get(1)?));
        verdicts.push(EntryVerdict { entry, n: head.wire(row.get(0)?), verdict });
    }
    Ok(verdicts)
}
