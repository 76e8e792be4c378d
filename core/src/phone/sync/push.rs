//! The request: where the phone stands, and as many unsent entries as fit, as their exact bytes.

use rusqlite::Connection;
use uuid::Uuid;

use super::bootstrap;
use super::transport::HttpRequest;
use crate::domain::ids::OrderId;
use crate::domain::time::Stamp;
use crate::journal::ChainHash;
use crate::journal::ahead::Ahead;
use crate::journal::bytes::Exact;
use crate::journal::packing;
use crate::journal::wire::{PROTOCOL, SyncRequest};
use crate::phone::error::{PhoneError, Result};
use crate::phone::store::head::Head;
use crate::phone::store::identity::Enrolled;
use crate::phone::store::journal;

/// Where the phone stood when it asked. An answer to a question that is no longer the phone's is not taken.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) epoch: u64,
    pub(crate) cursor: u64,
    /// The journal n of the first entry sent; of the next one when none is.
    pub(crate) first: u64,
    /// The order of each entry sent.
    pub(crate) orders: Vec<OrderId>,
    pub(crate) bytes: usize,
    /// Orders asked for whole.
    pub(crate) whole: usize,
    /// A part asked for ahead of the feed.
    pub(crate) ahead: Option<Ahead>,
    /// The phone's wall clock when it asked.
    pub(crate) at_ms: i64,
}

/// Reads what there is to ask and to send: entries up to `most` bytes, at least one. `now`: by which day a first sync asks.
pub(crate) fn read(conn: &Connection, most: usize, page: u32, now: Stamp) -> Result<(SyncRequest, Asked)> {
    let head = Head::load(conn)?;
    let mut asked =
        Asked { epoch: head.epoch, cursor: head.cursor, first: head.acked + 1, ..Asked::default() };
    let mut request =
        SyncRequest { protocol: PROTOCOL, epoch: head.epoch, cursor: head.cursor, ..SyncRequest::default() };
    if head.wire(asked.first) > 1 {
        let missing =
            || PhoneError::StorageDamaged(format!("entry {} is missing in the journal", head.acked));
        request.before = Some(journal::hash_after(conn, head.acked)?.ok_or_else(missing)?);
    }
    let mut chain = request.before.map_or_else(ChainHash::default, ChainHash);
    let sql = "SELECT order_id, bytes, hash, n FROM journal WHERE n > ?1 ORDER BY n";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([head.acked])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if !asked.orders.is_empty() && asked.bytes + bytes.len() > most {
            break;
        }
        // A disk may give back other bytes than it was given: what leaves this phone is what was recorded, or it stays.
        chain = chain.then(bytes);
        if chain.0.0 != row.get::<_, [u8; 32]>(2)? {
            let n: u64 = row.get(3)?;
            return Err(PhoneError::StorageDamaged(format!("entry {n} is not what was written")));
        }
        asked.bytes += bytes.len();
        asked.orders.push(OrderId(Uuid::from_bytes(row.get(0)?)));
        request.entries.push(Exact(bytes.to_vec()));
    }
    if request.entries.is_empty() {
        request.before = None;
    } else {
        request.first = head.wire(asked.first);
        request.arrange();
    }
    let mut statement = conn.prepare_cached("SELECT order_id FROM whole")?;
    let whole = statement.query_map([], |row| Ok(OrderId(Uuid::from_bytes(row.get(0)?))))?;
    request.whole = whole.collect::<rusqlite::Result<_>>()?;
    asked.whole = request.whole.len();
    request.parked = parked(conn, &head)?;
    if !bootstrap::is_done(conn)? {
        request.page = page;
        (request.ahead, request.had) = bootstrap::wants(conn, &head, now)?;
        asked.ahead = request.ahead;
    }
    asked.at_ms = now.utc_ms;
    Ok((request, asked))
}

/// Entries the server keeps apart, as far as this phone knows: some may have been folded since.
fn parked(conn: &Connection, head: &Head) -> Result<Vec<u64>> {
    const MOST: u32 = 500;
    let mut find = conn
        .prepare_cached("SELECT n FROM verdict WHERE parked AND n >= ?1 AND n <= ?2 ORDER BY n LIMIT ?3")?;
    let numbers = find.query_map((head.first, head.acked, MOST), |row| Ok(head.wire(row.get(0)?)))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

/// The request as it is sent. As few headers as can be: an idle phone pays for every byte.
pub(crate) fn encode(enrolled: &Enrolled, request: &SyncRequest, entry_bytes: usize) -> Result<HttpRequest> {
    let capacity = entry_bytes + request.entries.len() * 6 + 128;
    let body = cbor4ii::serde::to_vec(Vec::with_capacity(capacity), request)
        .map_err(|e| PhoneError::Bug(e.to_string()))?;
    let mut headers = vec![("authorization".to_owned(), format!("Bearer {}", enrolled.token))];
    let (body, encoding) = packing::pack(body).map_err(|e| PhoneError::Bug(e.to_string()))?;
    if let Some(encoding) = encoding {
        headers.push(("content-encoding".to_owned(), encoding.to_owned()));
    }
    Ok(HttpRequest {
        server: enrolled.server.clone(),
        method: "POST",
        path: "/v1/sync".to_owned(),
        headers,
        body,
    })
}
