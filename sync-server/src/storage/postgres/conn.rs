//! Connections: a pool that drops broken ones, statements only from the list, and transactions nobody can leave half open.

use std::str::FromStr as _;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls, Row, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::sql::{self, Sql};
use crate::storage::StorageError;

/// The most connections of one process to one database.
const CONNECTIONS: usize = 16;
/// How long a request waits for one, and how long making one may take.
const WAIT: Duration = Duration::from_secs(10);
/// How long a server that does not answer is waited for when connecting, or with something sent to it. Of several hosts,
/// the next is tried after it.
const DEAD_AFTER: Duration = Duration::from_secs(5);

/// What each connection is set to. An answer means that it is on the disk (and on the synchronous standby, when there is
/// one). A lock is not waited for without end, and a process that vanished in a transaction does not keep the clock. There
/// is no `statement_timeout`: it would also end the wait for a standby, and give a commit out as made that only one
/// machine has.
const SESSION: &str = "SET synchronous_commit = on; SET lock_timeout = '10s';
  SET idle_in_transaction_session_timeout = '60s'; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on";

/// A value of a statement.
pub(super) type Value<'a> = &'a (dyn ToSql + Sync);

impl From<tokio_postgres::Error> for StorageError {
    fn from(error: tokio_postgres::Error) -> Self {
        if is_passing(&error) {
            tracing::warn!(%error, "the database is not there for the moment");
            return Self::Busy;
        }
        Self::Database(Box::new(error))
    }
}

impl From<PoolError> for StorageError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            PoolError::Timeout(TimeoutType::Wait) => {
                crate::metrics::refused();
                Self::Busy
            }
            PoolError::Timeout(_) => Self::Busy,
            error => Self::Database(Box::new(error)),
        }
    }
}

/// Whether the same call may pass in a moment: the line broke, a server goes or comes, another is about to take over, or a
/// lock was held too long.
fn is_passing(error: &tokio_postgres::Error) -> bool {
    let Some(code) = error.code() else {
        // No answer of a server. What cannot be encoded or decoded is another matter.
        let cause = std::error::Error::source(error);
        let is_line = cause.is_some_and(|cause| cause.is::<std::io::Error>());
        return error.is_closed() || is_line || error.to_string().starts_with("timeout");
    };
    let passing = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::QUERY_CANCELED,
    ];
    code.code().starts_with("08") || passing.contains(code)
}

/// What a URL of a database says. It is never shown: there may be a password in it.
pub(super) fn config(url: &str) -> Result<Config, StorageError> {
    Config::from_str(url).map_err(|_| StorageError::Unreadable {
        what: "database address",
        why: "it is not like postgres://user:password@host/name (it is not shown: there may be a password in it)"
            .to_owned(),
    })
}

/// A pool. Nothing is connected yet. `writable`: only servers that take writes will do.
pub(super) fn pool(mut config: Config, writable: bool) -> Result<Pool, StorageError> {
    if writable {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(DEAD_AFTER);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(DEAD_AFTER);
    }
    if config.get_application_name().is_none() {
        config.application_name("doorstep");
    }
    let manner = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match config.get_ssl_mode() {
        SslMode::Disable => Manager::from_config(config, NoTls, manner),
        _ => Manager::from_config(config, tls()?, manner),
    };
    let set = Hook::async_fn(|client, _| {
        Box::pin(async move { client.batch_execute(SESSION).await.map_err(HookError::Backend) })
    });
    let builder = Pool::builder(manager).max_size(CONNECTIONS).runtime(Runtime::Tokio1).post_create(set);
    let builder = builder.wait_timeout(Some(WAIT)).create_timeout(Some(WAIT)).recycle_timeout(Some(WAIT));
    builder.build().map_err(|error| StorageError::Database(Box::new(error)))
}

/// TLS that trusts whom the system trusts.
fn tls() -> Result<MakeRustlsConnect, StorageError> {
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StorageError::Database(Box::new(error)))?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// A connection from the pool, for statements that each stand for themselves.
pub(super) struct Conn(Object);

impl Conn {
    /// Takes one.
    pub(super) async fn take(pool: &Pool) -> Result<Self, StorageError> {
        Ok(Self(pool.get().await?))
    }

    /// Prepares statements, as most were long ago on this connection. What runs together must be prepared before, or its
    /// order would be lost.
    pub(super) async fn prepare<const N: usize>(&self, sql: [Sql; N]) -> Result<[Ready; N], StorageError> {
        let mut ready = Vec::with_capacity(N);
        for sql in sql {
            ready.push(Ready(self.0.prepare_cached(sql.text()).await?));
        }
        ready.try_into().map_err(|_| StorageError::Busy)
    }

    /// Runs a prepared statement for its rows.
    pub(super) async fn rows(&self, ready: &Ready, values: &[Value<'_>]) -> Result<Vec<Row>, StorageError> {
        Ok(self.0.query(&ready.0, values).await?)
    }

    /// Runs a prepared statement; gives how many rows it touched.
    pub(super) async fn run(&self, ready: &Ready, values: &[Value<'_>]) -> Result<u64, StorageError> {
        Ok(self.0.execute(&ready.0, values).await?)
    }

    /// Prepares and runs one statement for its rows.
    pub(super) async fn find(&self, sql: Sql, values: &[Value<'_>]) -> Result<Vec<Row>, StorageError> {
        let [ready] = self.prepare([sql]).await?;
        self.rows(&ready, values).await
    }

    /// Prepares and runs one statement; gives how many rows it touched.
    pub(super) async fn act(&self, sql: Sql, values: &[Value<'_>]) -> Result<u64, StorageError> {
        let [ready] = self.prepare([sql]).await?;
        self.run(&ready, values).await
    }

    /// Runs a statement that begins or ends a transaction, or a version of the schema.
    async fn simple(&self, text: &str) -> Result<(), StorageError> {
        Ok(self.0.batch_execute(text).await?)
    }
}

/// A prepared statement.
pub(super) struct Ready(Statement);

/// A connection that is, or will be, inside a transaction. When it is dropped before it was ended, the connection is
/// closed, and the server takes all of it back: it never goes to the next request half open.
pub(super) struct Txn(Option<Conn>);

impl Txn {
    /// Takes a connection for a transaction that begins with [`Txn::begin`].
    pub(super) async fn take(pool: &Pool) -> Result<Self, StorageError> {
        Ok(Self(Some(Conn::take(pool).await?)))
    }

    /// The connection.
    pub(super) fn conn(&self) -> Result<&Conn, StorageError> {
        self.0.as_ref().ok_or(StorageError::Busy)
    }

    /// Begins. Sent at its first poll, so that what is polled after it runs inside, without waiting for an answer.
    pub(super) async fn begin(&self, how: Sql) -> Result<(), StorageError> {
        self.conn()?.simple(how.text()).await
    }

    /// Runs a version of the schema.
    pub(super) async fn define(&self, version: &'static str) -> Result<(), StorageError> {
        self.conn()?.simple(version).await
    }

    /// Sends the commit; the transaction is over when [`Txn::ended`] was told so.
    pub(super) async fn commit(&self) -> Result<(), StorageError> {
        self.conn()?.simple(sql::COMMIT.text()).await
    }

    /// After a commit that passed: the connection is good for others.
    pub(super) fn ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Txn {
    fn drop(&mut self) {
        if let Some(conn) = self.0.take() {
            drop(Object::take(conn.0));
        }
    }
}
