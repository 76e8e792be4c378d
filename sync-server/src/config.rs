//! What an operator decides when the server starts.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::clock::WallClock;
use crate::storage::postgres::DatabaseUrl;

/// How to start a server.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// The folder everything is kept in; it is made when it is not there.
    pub data: PathBuf,
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address phones and browsers reach the server under, without a slash at the end, as enrolment codes carry it.
    /// When none is given: `http://` and the address it listens on.
    pub public_url: Option<String>,
    /// Where figures for monitoring are, at `/metrics`; nowhere when none is given. Not for everybody's eyes.
    pub metrics: Option<SocketAddr>,
    /// The PostgreSQL database everything but photos and keys is kept in; an SQLite file in the data folder when none is
    /// given.
    pub database: Option<DatabaseUrl>,
    /// A copy that follows the database, which phones' answers are read from when it has come far enough.
    pub replica: Option<DatabaseUrl>,
    /// The bucket photos are kept in, `s3://BUCKET/PREFIX`, with the settings of the usual `AWS_…` variables; in the data
    /// folder when none is given.
    pub photos: Option<String>,
    /// Where it reads wall time; the system's clock unless a test or the demo gives another.
    pub clock: WallClock,
}

impl ServerConfig {
    /// A server on a folder and an address.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>, listen: SocketAddr) -> Self {
        Self {
            data: data.into(),
            listen,
            public_url: None,
            metrics: None,
            database: None,
            replica: None,
            photos: None,
            clock: WallClock::default(),
        }
    }
}
