//! Figures for an operator's monitoring, on an address of their own: never on the one phones and browsers reach.
//!
//! Labels are routes, statuses, verdicts and ages: nothing of a person, and no org.

use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use doorstep_core::journal::wire::Verdict;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::error::{Failure, ServerError};
use crate::state::AppState;
use crate::storage::{EntryWrite, HeardAge};

const REQUESTS: &str = "doorstep_requests_total";
const REQUEST_SECONDS: &str = "doorstep_request_seconds";
const PUSHES: &str = "doorstep_pushes_total";
const ENTRIES: &str = "doorstep_entries_total";
const COMMITS: &str = "doorstep_commit_seconds";
const WAITING: &str = "doorstep_writes_waiting";
const REFUSED: &str = "doorstep_writes_refused_total";
const SHED: &str = "doorstep_shed_total";
const HELD_BACK: &str = "doorstep_held_back_total";
const LISTENING: &str = "doorstep_live_streams";
const HINTS: &str = "doorstep_live_hints_total";
const PHOTO_STORE: &str = "doorstep_photo_store_requests_total";
const PHOTO_STORE_SECONDS: &str = "doorstep_photo_store_seconds";
const PHOTOS_READY: &str = "doorstep_photos_ready";
const PARKED: &str = "doorstep_entries_parked";
const DEVICES: &str = "doorstep_devices";

/// Upper ends of the buckets, in seconds: from an idle sync to a push of ten thousand orders.
const BUCKETS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// How often what was counted is put into its buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// A process has one: servers that share a process share its figures.
static RECORDER: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();

/// Starts counting. Without it, every count below costs a look at a pointer.
pub(crate) fn install() -> Result<PrometheusHandle, ServerError> {
    let made = RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        let builder = builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS);
        let handle = builder.and_then(PrometheusBuilder::install_recorder).map_err(|e| e.to_string())?;
        describe();
        Ok(handle)
    });
    made.clone().map_err(ServerError::Metrics)
}

fn describe() {
    describe_counter!(REQUESTS, "Requests answered, by route and class of status.");
    describe_histogram!(REQUEST_SECONDS, "Time from a request's headers to its answer's, by route.");
    describe_counter!(PUSHES, "Syncs that brought entries.");
    describe_counter!(ENTRIES, "Entries kept, by verdict.");
    describe_histogram!(COMMITS, "Time of a group of writes from its begin to the disk.");
    describe_gauge!(WAITING, "Writes that wait for the next commit.");
    describe_counter!(REFUSED, "Writes told to try again because too many waited.");
    describe_counter!(SHED, "Requests told to come again because too many of their kind were worked on.");
    describe_counter!(HELD_BACK, "Requests of phones that asked too often.");
    describe_gauge!(LISTENING, "Streams that wait for changes now.");
    describe_counter!(HINTS, "Changes told to an org's streams.");
    describe_counter!(PHOTO_STORE, "Questions to a bucket of photos, by kind and what came of them.");
    describe_histogram!(
        PHOTO_STORE_SECONDS,
        "Time until a bucket of photos answered, with what was tried again, by kind."
    );
    describe_gauge!(PHOTOS_READY, "Whether photos can be kept now: 1 or 0.");
    describe_gauge!(PARKED, "Entries kept apart now, not folded into their order.");
    describe_gauge!(DEVICES, "Phones not revoked, by how long ago one last sent something.");
}

/// Empties what was counted into its buckets, as long as the server runs.
pub(crate) async fn upkeep(handle: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        handle.run_upkeep();
    }
}

/// The page, and nothing else.
pub(crate) fn router(state: AppState, handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(show)).with_state((state, handle))
}

async fn show(
    State((state, handle)): State<(AppState, PrometheusHandle)>,
) -> Result<impl IntoResponse, Failure> {
    let mut sum = crate::storage::Tallies::default();
    let now_ms = state.now_ms();
    for org in state.storage().orgs().await? {
        let of = state.storage().tallies(org, now_ms).await?;
        sum.parked += of.parked;
        for (age, count) in of.heard {
            *sum.heard.entry(age).or_default() += count;
        }
    }
    gauge!(PHOTOS_READY).set(if state.has_photos().await { 1.0 } else { 0.0 });
    gauge!(PARKED).set(float(sum.parked));
    for age in HeardAge::ALL {
        gauge!(DEVICES, "heard" => age.code()).set(float(sum.heard.get(&age).copied().unwrap_or(0)));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()))
}

/// A request was answered.
pub(crate) fn request(route: &str, status: u16, took: Duration) {
    let class = match status {
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    counter!(REQUESTS, "route" => route.to_owned(), "status" => class).increment(1);
    histogram!(REQUEST_SECONDS, "route" => route.to_owned()).record(took.as_secs_f64());
}

/// A bucket of photos was asked for something: it answered, refused, or is away.
pub(crate) fn photo_store(act: &'static str, outcome: &'static str, took: Duration) {
    counter!(PHOTO_STORE, "act" => act, "outcome" => outcome).increment(1);
    histogram!(PHOTO_STORE_SECONDS, "act" => act).record(took.as_secs_f64());
}

/// A sync brought entries.
pub(crate) fn push() {
    counter!(PUSHES).increment(1);
}

/// Devices' entries were judged and written; a transaction taken back after that is counted all the same.
pub(crate) fn entries(written: &[EntryWrite]) {
    for entry in written.iter().filter(|entry| entry.device.is_some()) {
        let verdict = match entry.verdict {
            Verdict::Applied => "applied",
            Verdict::Conflicted => "conflicted",
            Verdict::Duplicate => "duplicate",
            Verdict::Parked(_) => "parked",
        };
        counter!(ENTRIES, "verdict" => verdict).increment(1);
    }
}

/// A group of writes is on the disk, or was taken back; so many wait now.
pub(crate) fn committed(took: Duration, waiting: usize) {
    histogram!(COMMITS).record(took.as_secs_f64());
    gauge!(WAITING).set(float(waiting as u64));
}

/// So many streams are open now.
pub(crate) fn listening(streams: usize) {
    gauge!(LISTENING).set(float(streams as u64));
}

/// A change was told to an org's listeners.
pub(crate) fn hinted() {
    counter!(HINTS).increment(1);
}

/// A request was told to come again because too many of its kind were worked on.
pub(crate) fn shed(kind: &'static str) {
    counter!(SHED, "kind" => kind).increment(1);
}

/// A phone asked too often.
pub(crate) fn held_back() {
    counter!(HELD_BACK).increment(1);
}

/// A write was told to try again.
pub(crate) fn refused() {
    counter!(REFUSED).increment(1);
}

#[expect(clippy::cast_precision_loss, reason = "counts of phones and entries")]
fn float(count: u64) -> f64 {
    count as f64
}
