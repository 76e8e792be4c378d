//! Where a test's server keeps what it is told: an SQLite file in its folder, or, when `DOORSTEP_ON` says `postgres`, a
//! PostgreSQL database of its own, whose address lies in the folder. Then each folder can be served by many processes.
//! When `DOORSTEP_PHOTOS_ON` says `s3`, its photos are in the bucket that `tests/run s3` made.

use std::net::SocketAddr;
use std::path::Path;

use doorstep_core::domain::ids::Digest;
use doorstep_server::ServerConfig;
use doorstep_server::storage::postgres::{self, DatabaseUrl};
use doorstep_server::storage::sqlite;
use tokio_postgres::NoTls;

use crate::bucket::BUCKET;
use crate::office::runtime;

/// The file in a data folder that says where its database is.
const PLACE: &str = "database.url";

/// Whether this run is to be on PostgreSQL.
pub fn is_on_postgres() -> bool {
    std::env::var("DOORSTEP_ON").is_ok_and(|on| on == "postgres")
}

/// The PostgreSQL that `tests/run postgres` started.
fn admin() -> String {
    std::env::var("DOORSTEP_POSTGRES").expect("DOORSTEP_POSTGRES: run this with tests/run postgres")
}

/// Makes a PostgreSQL database for a data folder, which is made as well.
pub fn make(data: &Path) {
    let admin = admin();
    let name = format!("s{}", uuid::Uuid::now_v7().simple());
    let made = async {
        let (client, connection) = tokio_postgres::connect(&admin, NoTls).await.expect("PostgreSQL");
        let task = tokio::spawn(connection);
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
        drop(client);
        let _ = task.await;
    };
    runtime().block_on(made);
    let (front, _) = admin.rsplit_once('/').expect("an address");
    std::fs::create_dir_all(data).expect("a folder");
    std::fs::write(data.join(PLACE), format!("{front}/{name}")).expect("a file");
}

/// The address of a folder's PostgreSQL database.
pub fn url(data: &Path) -> Option<DatabaseUrl> {
    std::fs::read_to_string(data.join(PLACE)).ok().map(DatabaseUrl::new)
}

/// How to serve a folder.
pub fn config(data: &Path, addr: SocketAddr) -> ServerConfig {
    ServerConfig { database: url(data), photos: photos(data), ..ServerConfig::new(data, addr) }
}

/// The bucket of a folder's photos: a place in it that is this folder's alone.
pub fn photos(data: &Path) -> Option<String> {
    let is_on_s3 = std::env::var("DOORSTEP_PHOTOS_ON").is_ok_and(|on| on == "s3");
    is_on_s3.then(|| format!("s3://{BUCKET}/{}", Digest::of(data.as_os_str().as_encoded_bytes())))
}

/// What a server's folder holds, as an SQLite file to be looked at past the server: its own, or a copy made now.
pub struct Seen {
    pub conn: rusqlite::Connection,
    /// The copy's folder, when it is one.
    pub copy: Option<tempfile::TempDir>,
}

/// Opens it.
pub fn seen(data: &Path) -> Seen {
    let (path, copy) = match url(data) {
        None => (data.join(sqlite::FILE), None),
        Some(url) => {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(sqlite::FILE);
            runtime().block_on(postgres::copy(&url, &path)).expect("a copy");
            (path, Some(folder))
        }
    };
    let conn = rusqlite::Connection::open(path).expect("the server's database");
    conn.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
    Seen { conn, copy }
}
