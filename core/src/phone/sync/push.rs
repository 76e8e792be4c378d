//! The request: where the phone stands, and as many unsent entries as fit, as their exact bytes.

use rusqlite::{Connection, OptionalExtension as _};
use uuid::Uuid;

use super::transport::HttpRequest;
use crate::domain::ids::{Digest, OrderId};
use crate::journal::bytes::Exact;
use crate::journal::packing;
use crate::journal::wire::{PROTOCOL, SyncRequest};
use crate::phone::error::{PhoneError, Result};
use crate::phone::store::head::Head;
use crate::phone::store::identity::Enrolled;

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
    /// The phone's wall clock when it asked.
    pub(crate) at_ms: i64,
}

/// Reads what there is to ask and to send: entries up to `most` bytes, at least one.
pub(crate) fn read(conn: &Connection, most: usize) -> Result<(SyncRequest, Asked)> {
    let head = Head::load(conn)?;
    let mut asked =
        Asked { epoch: head.epoch, cursor: head.cursor, first: head.acked + 1, ..Asked::default() };
    let mut request =
        SyncRequest { protocol: PROTOCOL, epoch: head.epoch, cursor: head.cursor, ..SyncRequest::default() };
    let mut statement = conn.prepare_cached("SELECT order_id, bytes FROM journal WHERE n > ?1 ORDER BY n")?;
    let mut rows = statement.query([head.acked])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if !asked.orders.is_empty() && asked.bytes + bytes.len() > most {
            break;
        }
        asked.bytes += bytes.len();
        asked.orders.push(OrderId(Uuid::from_bytes(row.get(0)?)));
        request.entries.push(Exact(bytes.to_vec()));
    }
    if !request.entries.is_empty() {
        request.first = head.wire(asked.first);
        if request.first > 1 {
            request.before = Some(hash(conn, head.acked)?);
        }
        request.arrange();
    }
    let mut statement = conn.prepare_cached("SELECT order_id FROM whole")?;
    let whole = statement.query_map([], |row| Ok(OrderId(Uuid::from_bytes(row.get(0)?))))?;
    request.whole = whole.collect::<rusqlite::Result<_>>()?;
    asked.whole = request.whole.len();
    Ok((request, asked))
}

fn hash(conn: &Connection, n: u64) -> Result<Digest> {
    let hash = conn
        .prepare_cached("SELECT hash FROM journal WHERE n = ?1")?
        .query_row([n], |row| row.get(0))
        .optional()?;
    hash.map(Digest).ok_or_else(|| PhoneError::StorageDamaged(format!("entry {n} is missing in the journal")))
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
