//! `POST /v1/sync`: keep and judge what the phone pushes, then answer with one snapshot.

use std::collections::HashMap;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use doorstep_core::domain::ids::{OrderId, OrgId};
use doorstep_core::journal::ChainHash;
use doorstep_core::journal::bytes::{Exact, State as OrderState};
use doorstep_core::journal::limits::PAGE_BYTES;
use doorstep_core::journal::wire::{
    DocumentRow, Echo, InkRow, PROTOCOL, Row, SyncRequest, SyncResponse, Verdict,
};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::auth::{self, Standing};
use crate::error::Failure;
use crate::http::body::{self, Encoding};
use crate::http::lanes::Lane;
use crate::judge::{Batch, Ground, Judgement, judge};
use crate::metrics;
use crate::state::AppState;
use crate::storage::{Device, Pull, Pulled};

/// Bodies up to this size are read where they arrive; larger ones on a thread of their own, few at a time.
const SMALL: usize = 16 * 1024;
const HEAVY: usize = 1024 * 1024;
/// How long a large body waits for its turn.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most parked entries that are looked up at once; a phone asks about the rest the next time.
const MOST_PARKED: usize = 500;

/// `POST /v1/sync`
pub(crate) async fn sync(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let (org, device) = auth::device(&state, &headers).await?;
    let encoding = Encoding::of(&headers)?;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    let announced: usize = announced.unwrap_or(HEAVY);
    let is_heavy = announced >= HEAVY;
    let turn = |semaphore| acquire(is_heavy, semaphore);
    let coming = turn(state.coming()).await?;
    let bytes = body::collect(body).await?;
    let permit = turn(state.heavy()).await?;
    drop(coming);
    let (request, batch) = read(encoding, bytes, device.clone()).await?;
    let lane = if batch.is_some() { Lane::Push } else { Lane::Pull };
    let _place = state.lanes().enter(lane).await?;
    let mut told = Judgement::default();
    if let Some(batch) = batch {
        told = push(&state, &org, &request, batch).await?;
        // What this phone does not know of it is in its answer below.
        state.changed(&org, Some(device.id)).await;
    }
    // A phone that starts from nothing gets everything: its answer may be as large as any request.
    let from_nothing = request.cursor == 0 && permit.is_none();
    let _permit = if from_nothing { acquire(true, state.heavy()).await? } else { permit };
    let standing = auth::standing(&state, &org, &device).await?;
    let mut response = pull(&state, &org, &device, standing, &request, told).await?;
    response.now_ms = state.now_ms();
    let size = weight(&response);
    if size <= SMALL {
        return body::encode(encoding, size + 256, &response);
    }
    let task = tokio::task::spawn_blocking(move || body::encode(encoding, size + size / 8, &response));
    task.await.map_err(|_| Failure::Internal)?
}

/// Waits for a turn, if one is needed, and not for ever.
async fn acquire(is_needed: bool, turns: &Semaphore) -> Result<Option<SemaphorePermit<'_>>, Failure> {
    match is_needed {
        true => match tokio::time::timeout(PATIENCE, turns.acquire()).await {
            Ok(Ok(turn)) => Ok(Some(turn)),
            _ => Err(Failure::Busy(5)),
        },
        false => Ok(None),
    }
}

/// Decodes a request and reads its batch.
async fn read(
    encoding: Encoding,
    bytes: Bytes,
    device: Device,
) -> Result<(SyncRequest, Option<Batch>), Failure> {
    if bytes.len() <= SMALL && encoding.packed_in.is_none() {
        return parse(encoding, &bytes, device);
    }
    let task = tokio::task::spawn_blocking(move || parse(encoding, &bytes, device));
    task.await.map_err(|_| Failure::Internal)?
}

fn parse(encoding: Encoding, bytes: &[u8], device: Device) -> Result<(SyncRequest, Option<Batch>), Failure> {
    let mut request: SyncRequest = body::decode(encoding, bytes)?;
    if request.protocol != PROTOCOL {
        return Err(Failure::Protocol { asked: request.protocol });
    }
    let entries = request.take_entries().map_err(|bad| Failure::Malformed(bad.to_string()))?;
    if entries.is_empty() {
        return Ok((request, None));
    }
    let before = match (request.first, request.before) {
        (0, _) => return Err(Failure::Malformed("entries are numbered from 1: `n` is missing".to_owned())),
        (1, None) => ChainHash::default(),
        (_, Some(before)) => ChainHash(before),
        (_, None) => {
            return Err(Failure::Malformed("`h`, the hash before the first entry, is missing".to_owned()));
        }
    };
    if request.first.checked_add(entries.len() as u64).is_none_or(|end| end > i64::MAX as u64) {
        return Err(Failure::Malformed("`n` is beyond every journal".to_owned()));
    }
    let batch = Batch::read(device, request.first, before, entries);
    Ok((request, Some(batch)))
}

async fn push(
    state: &AppState,
    org: &OrgId,
    request: &SyncRequest,
    batch: Batch,
) -> Result<Judgement, Failure> {
    metrics::push();
    let rulebook = state.rulebook(org).await?;
    let ground = Ground {
        org: org.clone(),
        numbering: rulebook.policy.numbering.clone(),
        now: state.now(&rulebook),
        epoch: request.epoch,
        cursor: request.cursor,
    };
    let want = batch.want();
    let told = state
        .storage()
        .decide_with(org.clone(), want, move |loaded, write| judge(loaded, batch, &ground, write));
    Ok(told.await?)
}

async fn pull(
    state: &AppState,
    org: &OrgId,
    device: &Device,
    standing: Standing,
    request: &SyncRequest,
    told: Judgement,
) -> Result<SyncResponse, Failure> {
    let pushed = told != Judgement::default();
    let mut response =
        SyncResponse { acked: told.acked, chain: told.chain, verdicts: told.verdicts, ..Default::default() };
    let echoes: HashMap<OrderId, Echo> = told.echoes.into_iter().collect();
    let mut whole = request.whole.clone();
    whole.extend(told.whole);
    whole.sort_unstable();
    whole.dedup();
    let pull = Pull {
        device: device.id,
        // What such a phone holds is taken; it gets nothing more.
        active: standing == Standing::Full,
        person: device.person.clone(),
        epoch: request.epoch,
        cursor: request.cursor,
        echoed: echoes
            .iter()
            .filter(|(id, _)| !request.whole.contains(id))
            .map(|(id, e)| (*id, e.seq))
            .collect(),
        whole,
        own_ink: told.own_ink,
        page_bytes: match usize::try_from(request.page) {
            Ok(asked) if asked > 0 => asked.min(PAGE_BYTES),
            _ => PAGE_BYTES,
        },
        parked: request.parked.iter().take(MOST_PARKED).copied().collect(),
        // Only a phone that has nothing yet is in need of a part, or had one.
        ahead: request.ahead.filter(|_| request.cursor == 0),
        had: request.had,
    };
    let pulled = state.storage().pull(org.clone(), pull).await?;
    if !pushed {
        response.acked = pulled.acked;
    }
    response.verdicts.extend(pulled.unparked.iter().map(|n| (*n, Verdict::Applied)));
    response.upload_only = standing == Standing::UploadOnly;
    fill(&mut response, pulled, echoes);
    Ok(response)
}

fn fill(response: &mut SyncResponse, pulled: Pulled, mut echoes: HashMap<OrderId, Echo>) {
    response.epoch = pulled.epoch;
    response.seq = pulled.seq;
    response.more = pulled.more;
    response.safe = pulled.safe;
    response.ahead = pulled.ahead;
    response.gone = pulled.gone;
    response.echoes = pulled.confirmed.iter().filter_map(|id| echoes.remove(id)).collect();
    response.echoes.sort_unstable_by_key(|echo| echo.n);
    let row = |order: crate::storage::PulledOrder| Row {
        order: order.id,
        seq: order.seq,
        state: OrderState(order.state),
    };
    response.rows = pulled.orders.into_iter().map(row).collect();
    response.inks = pulled.inks.into_iter().map(|(order, ink)| InkRow { order, ink: Exact(ink) }).collect();
    let document = |document: crate::storage::StoredDocument| DocumentRow {
        kind: document.kind,
        key: document.key,
        seq: document.seq,
        body: Exact(document.body),
    };
    response.documents = pulled.documents.into_iter().map(document).collect();
}

/// About how many bytes an answer takes.
fn weight(response: &SyncResponse) -> usize {
    let rows: usize = response.rows.iter().map(|row| row.state.0.len() + 40).sum();
    let inks: usize = response.inks.iter().map(|row| row.ink.0.len() + 32).sum();
    let documents: usize = response.documents.iter().map(|d| d.body.0.len() + d.key.len() + 32).sum();
    rows + inks + documents + response.echoes.len() * 56 + response.verdicts.len() * 32
}
