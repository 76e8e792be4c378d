//! The floors' server: axum and SQLite with the same pragmas, and nothing else. What a program could not do without.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use rusqlite::{Connection, params};
use serde_bytes::ByteBuf;

use super::process;

/// One table, keyed as the phone's and the server's are: a rowid and a body.
const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS item (pk INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT";

/// Opens a floor's database with the pragmas of phone and server.
pub fn open(path: &Path) -> Connection {
    let conn = Connection::open(path).expect("a database");
    conn.pragma_update(None, "journal_mode", "WAL").expect("wal");
    conn.pragma_update(None, "synchronous", "FULL").expect("full");
    conn.set_prepared_statement_cache_capacity(16);
    conn.execute_batch(SCHEMA).expect("a table");
    conn
}

/// Inserts every item in one transaction.
pub fn insert_all(conn: &Connection, items: &[ByteBuf]) {
    let tx = conn.unchecked_transaction().expect("a transaction");
    let mut insert = tx.prepare_cached("INSERT INTO item (body) VALUES (?1)").expect("an insert");
    for item in items {
        insert.execute([item.as_slice()]).expect("a row");
    }
    drop(insert);
    tx.commit().expect("a commit");
}

/// Every item.
pub fn all(conn: &Connection) -> Vec<ByteBuf> {
    let mut find = conn.prepare_cached("SELECT body FROM item ORDER BY pk").expect("a select");
    let rows = find.query_map([], |row| row.get::<_, Vec<u8>>(0)).expect("rows");
    rows.map(|row| ByteBuf::from(row.expect("a row"))).collect()
}

/// A list of items as it travels.
pub fn pack(items: &[ByteBuf], level: i32) -> Vec<u8> {
    let size = items.iter().map(|item| item.len() + 5).sum::<usize>() + 9;
    let plain = cbor4ii::serde::to_vec(Vec::with_capacity(size), &items).expect("CBOR");
    zstd::bulk::compress(&plain, level).expect("zstd")
}

/// And back.
pub fn unpack(body: &[u8]) -> Vec<ByteBuf> {
    let plain = zstd::stream::decode_all(body).expect("zstd");
    cbor4ii::serde::from_slice(&plain).expect("CBOR")
}

type Shared = Arc<Mutex<Connection>>;

fn with<T>(db: &Shared, work: impl FnOnce(&Connection) -> T) -> T {
    work(&db.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Takes a list and inserts it in one transaction.
async fn push(State(db): State<Shared>, body: Bytes) -> Vec<u8> {
    let done = tokio::task::spawn_blocking(move || with(&db, |conn| insert_all(conn, &unpack(&body))));
    done.await.expect("an insert");
    b"ok".to_vec()
}

/// Reads every item and sends the list.
async fn pull(State(db): State<Shared>) -> Vec<u8> {
    tokio::task::spawn_blocking(move || pack(&with(&db, all), 1)).await.expect("a list")
}

/// Inserts the body as one row, as it is.
async fn put(State(db): State<Shared>, body: Bytes) -> Vec<u8> {
    let insert = move || {
        with(&db, |conn| {
            let mut insert = conn.prepare_cached("INSERT INTO item (body) VALUES (?1)").expect("an insert");
            insert.execute(params![body.as_ref()]).expect("a row");
        });
    };
    tokio::task::spawn_blocking(insert).await.expect("an insert");
    b"ok".to_vec()
}

/// Reads the latest row and sends it as it is.
async fn latest(State(db): State<Shared>) -> Vec<u8> {
    let read = move || {
        with(&db, |conn| {
            let sql = "SELECT body FROM item ORDER BY pk DESC LIMIT 1";
            let mut find = conn.prepare_cached(sql).expect("a select");
            find.query_row([], |row| row.get::<_, Vec<u8>>(0)).expect("a row")
        })
    };
    tokio::task::spawn_blocking(read).await.expect("a row")
}

/// Nothing to do.
async fn noop(body: Bytes) -> Vec<u8> {
    body.to_vec()
}

/// Serves a floor's database until killed.
pub fn serve(data: &Path, addr: SocketAddr) -> ! {
    std::fs::create_dir_all(data).expect("a folder");
    let db: Shared = Arc::new(Mutex::new(open(&data.join("floor.db"))));
    let router = Router::new()
        .route("/push", post(push))
        .route("/pull", post(pull))
        .route("/put", post(put))
        .route("/latest", post(latest))
        .route("/noop", post(noop))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(db)
        .merge(super::idle::floor_routes());
    let runtime = process::runtime();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(addr).await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        axum::serve(listener, router).await.expect("serving");
    });
    std::process::exit(0)
}
