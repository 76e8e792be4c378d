//! The sync server as a library: the binary, the demo and the whole-system tests all start the same server.

pub mod admin;
pub mod api;
pub mod auth;
pub mod backup;
pub mod blobs;
pub mod clock;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
mod durable;
pub mod error;
pub mod http;
pub mod import;
pub mod judge;
mod live;
mod metrics;
pub mod office;
pub mod pages;
pub mod pdf;
pub mod rescue;
mod router;
pub mod state;
pub mod storage;
mod sync;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use self::blobs::{BlobStore, FolderStore, S3Store};
pub use self::clock::WallClock;
pub use self::config::ServerConfig;
pub use self::error::{Failure, ServerError};
pub use self::state::AppState;
use self::storage::Storage;
use self::storage::postgres::PostgresStorage;
use self::storage::sqlite::SqliteStorage;

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    /// What it shares with its requests: the demo and tests act through it as the office does.
    pub state: AppState,
    /// Where the figures for monitoring are.
    pub metrics: Option<SocketAddr>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    /// What runs beside the requests until it is ended.
    beside: Vec<JoinHandle<()>>,
}

impl Running {
    /// Its address as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Stops taking requests, ends live streams, lets started requests end, and closes the storage when nobody else holds the state.
    pub async fn shutdown(self) {
        self.state.hub().close();
        let _ = self.stop.send(());
        let _ = self.task.await;
        for task in self.beside {
            task.abort();
            let _ = task.await;
        }
    }
}

/// Opens what an operator's commands act on, without listening.
///
/// # Errors
/// When the data folder, what is in it or the database cannot be used.
pub async fn open(config: &ServerConfig) -> Result<AppState, ServerError> {
    let data = |source| ServerError::Data { path: config.data.clone(), source };
    if config.data.join(backup::RESTORING).exists() {
        return Err(ServerError::HalfRestored(config.data.clone()));
    }
    std::fs::create_dir_all(&config.data).map_err(data)?;
    let storage: Arc<dyn Storage> = match &config.database {
        Some(url) => Arc::new(PostgresStorage::open(url, config.replica.as_ref()).await?),
        None => Arc::new(SqliteStorage::open(&config.data)?),
    };
    let blobs = photos(config)?;
    let url = config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
    let url = url.trim_end_matches('/').to_owned();
    let keys = rescue::RescueKeys::of(&config.data);
    Ok(AppState::new(storage, blobs, keys, url, config.clock.clone()))
}

/// Where the photos are: the bucket that was named, or the data folder. Uploads under way are in the folder in both cases.
///
/// # Errors
/// When the folder cannot be used, or the bucket's address or settings are none.
pub fn photos(config: &ServerConfig) -> Result<Arc<dyn BlobStore>, ServerError> {
    let folder = config.data.join("blobs");
    match &config.photos {
        None => {
            let data = |source| ServerError::Data { path: config.data.clone(), source };
            Ok(Arc::new(FolderStore::open(folder).map_err(data)?))
        }
        Some(url) => Ok(Arc::new(S3Store::open(url, folder)?)),
    }
}

/// The whole server as a service inside this process, without sockets, for the simulator: every request counts as one of
/// this machine's.
pub fn in_process(state: AppState) -> axum::Router {
    let peer = http::serve::Peer(SocketAddr::from(([127, 0, 0, 1], 0)));
    router::router(state).layer(axum::extract::Extension(peer))
}

/// Starts a server.
///
/// # Errors
/// When it cannot listen, or the data folder cannot be used.
pub async fn start(mut config: ServerConfig) -> Result<Running, ServerError> {
    let listen = |source| ServerError::Listen { addr: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
    let addr = listener.local_addr().map_err(listen)?;
    config.listen = addr;
    let state = open(&config).await?;
    let (metrics, mut beside) = match config.metrics {
        Some(addr) => figures(addr, &state).await?,
        None => (None, Vec::new()),
    };
    // A firm from before there were rescue bundles gets its key now.
    for org in state.storage().orgs().await? {
        state.rescue_keys().ensure(state.storage(), &org).await?;
    }
    beside.push(tokio::spawn(live::watch(state.clone())));
    // A bucket that cannot be used is said at once.
    let looking = state.clone();
    beside.push(tokio::spawn(async move {
        looking.has_photos().await;
    }));
    let (stop, stopped) = oneshot::channel();
    let router = router::router(state.clone());
    let task = tokio::spawn(http::serve::serve(listener, router, stopped));
    tracing::info!(%addr, "listening");
    Ok(Running { addr, state, metrics, stop, task, beside })
}

/// Serves the figures, until they are told to end.
async fn figures(
    addr: SocketAddr,
    state: &AppState,
) -> Result<(Option<SocketAddr>, Vec<JoinHandle<()>>), ServerError> {
    let listen = |source| ServerError::Listen { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(listen)?;
    let bound = listener.local_addr().map_err(listen)?;
    let handle = metrics::install()?;
    let router = metrics::router(state.clone(), handle.clone());
    let serve = async move {
        // Never sent: the task is ended from outside.
        let (_stop, stopped) = oneshot::channel();
        http::serve::serve(listener, router, stopped).await;
    };
    tracing::info!(addr = %bound, "figures");
    Ok((Some(bound), vec![tokio::spawn(serve), tokio::spawn(metrics::upkeep(handle))]))
}
