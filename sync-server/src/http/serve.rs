//! The accepting loop. Answers carry no `date`: an idle phone asks often, and the body says the time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::doors::Doors;
use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

/// How long a started request may take when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// How long a client may take over its headers, and how long an idle connection stays open: longer than phones keep
/// one, so that it is the phone who closes it.
const HEADERS: Duration = Duration::from_secs(120);

/// The most connections at once, each with its buffers and a file; more wait to be accepted. Four thousand more than
/// listeners.
const CONNECTIONS: usize = 16_384;

/// The other end of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The routes, told who asks. One for each connection: ten thousand listening phones each have theirs.
struct Front {
    routes: TowerToHyperService<Router>,
    peer: Peer,
}

impl Service<Request<Incoming>> for Front {
    type Response = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Response;
    type Error = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Error;
    type Future = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        self.routes.call(request)
    }
}

/// Serves until told to stop, then lets started requests end.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: oneshot::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.auto_date_header(false).timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let doors = Doors::default();
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            _ = &mut stop => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Mostly too many open files: a moment later there may be room.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Whoever opens too many is not answered: each connection has its buffers.
        let Some(door) = doors.open(peer.ip()) else { continue };
        let _ = stream.set_nodelay(true);
        let front = Front { routes: TowerToHyperService::new(router.clone()), peer: Peer(peer) };
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), front));
        tokio::spawn(async move {
            let (_place, _door) = (place, door);
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}
