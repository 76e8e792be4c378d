//! `GET /orders/{id}` and `POST /orders/{id}/{act}`: one order, and what the office does to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use doorstep_core::domain::ids::{Digest, OrderId, OrgId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::wire::Verdict;

use super::caller::{Caller, given, live_page, page, stand};
use super::shop::Shop;
use crate::auth::SignedIn;
use crate::blobs::on_threads;
use crate::error::Failure;
use crate::office::{self, OfficeError, at_work, takes_away};
use crate::pages::detail::{DetailPage, Logged, Reading, Typed};
use crate::pages::forms::{Act, Fields, Ground, command, typed};
use crate::pages::frame::{Frame, Live, Message};
use crate::pages::list::{Source, next_to_review};
use crate::pages::tongue;
use crate::pages::words::ui::ui;
use crate::state::AppState;
use crate::storage::{LogEntry, OrderFilter, StoredOrder};

/// What was done, for the page after it: only the act's name, nothing of a person.
const DONE: &str = "done";
/// How long a page waits to learn which photos have arrived.
const PHOTOS_WITHIN: Duration = Duration::from_secs(2);
/// Orders looked at to find the next to review.
const WAITING: u32 = 200;

/// `GET /orders/{id}`
pub(crate) async fn show(State(state): State<AppState>, caller: Caller, Path(id): Path<String>) -> Response {
    let result = read(&state, &caller, &id).await;
    caller.answer(result)
}

/// `POST /orders/{id}/{act}`
pub(crate) async fn act(
    State(state): State<AppState>,
    caller: Caller,
    Path((id, act)): Path<(String, String)>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let result = match given(form) {
        Ok(fields) => change(&state, &caller, &id, &act, &Fields(fields)).await,
        Err(failure) => Err(failure),
    };
    caller.answer(result)
}

async fn read(state: &AppState, caller: &Caller, id: &str) -> Result<Response, Failure> {
    let signed = caller.office()?;
    let at = stand(state, signed).await?;
    let stored = find(state, signed, id).await?;
    let act = tongue::cookie(&caller.headers, DONE).and_then(Act::from_code);
    let message = act.map(|act| Message::done(act.done(ui(caller.lang))));
    let said = message.is_some();
    let shown = Shown { at, status: StatusCode::OK, message, held: Typed::default() };
    let mut response = render(state, caller, &stored, shown).await?;
    if said {
        response.headers_mut().append(header::SET_COOKIE, done_cookie("", 0));
    }
    Ok(response)
}

async fn change(
    state: &AppState,
    caller: &Caller,
    id: &str,
    act: &str,
    fields: &Fields,
) -> Result<Response, Failure> {
    let signed = caller.office()?;
    signed.check_form(fields.get("csrf"))?;
    let act = Act::from_code(act).ok_or(Failure::NotFound("page"))?;
    let at = stand(state, signed).await?;
    let stored = find(state, signed, id).await?;
    let shop = Shop::load(state, &signed.org, caller.lang).await?;
    let ground = Ground { order: &stored.order, technicians: &shop.technicians };
    let wanted = command(act, fields, ground)
        .ok_or_else(|| Failure::Malformed("a form this page does not have".to_owned()))?;
    let held = typed(act, fields);
    let seen = fields.get("seen").parse::<u64>().ok();
    if act.judges() && seen != Some(stored.seq) {
        let message = Message::refused(ui(caller.lang).changed_meanwhile);
        let shown = Shown { at, status: StatusCode::CONFLICT, message: Some(message), held };
        return render(state, caller, &stored, shown).await;
    }
    if fields.get("confirmed") != "yes" && takes_away(&wanted, &stored.order) {
        let lines = told(state, signed, &shop, &stored).await?;
        if !lines.is_empty() {
            let frame = caller.frame(shop.name.clone()).titled(ui(caller.lang).confirm_heading);
            let action = format!("/orders/{}/{}", stored.id, act.code());
            let asked = Confirm { frame, id: stored.id, lines, action, fields: &fields.0 };
            return Ok(page(StatusCode::CONFLICT, &asked));
        }
    }
    match office::execute(state, &signed.org, &signed.actor(), stored.id, wanted).await {
        Ok(_) => {
            let mut response = Redirect::to(&format!("/orders/{}", stored.id)).into_response();
            response.headers_mut().append(header::SET_COOKIE, done_cookie(act.code(), 60));
            Ok(response)
        }
        Err(OfficeError::Refused(refusal)) => {
            let message = Some(Message::refused(refusal.text(caller.lang)));
            let shown = Shown { at, status: StatusCode::UNPROCESSABLE_ENTITY, message, held };
            render(state, caller, &stored, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks once more before an order is taken from somebody at the door; the form comes along.
#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm<'a> {
    frame: Frame,
    id: OrderId,
    lines: Vec<String>,
    action: String,
    fields: &'a [(String, String)],
}

/// Who is at the door, in the words of whoever looks at the page.
async fn told(
    state: &AppState,
    signed: &SignedIn,
    shop: &Shop,
    stored: &StoredOrder,
) -> Result<Vec<String>, Failure> {
    let phones = at_work(state, &signed.org, stored.id, &stored.order).await?;
    let names = shop.names();
    Ok(phones.iter().map(|phone| phone.text(&names.person(&phone.person), shop.now, shop.lang)).collect())
}

pub(super) async fn find(state: &AppState, signed: &SignedIn, id: &str) -> Result<StoredOrder, Failure> {
    let id: OrderId = id.parse().map_err(|_| Failure::NotFound("order"))?;
    state.storage().order(signed.org.clone(), id).await?.ok_or(Failure::NotFound("order"))
}

/// How an order's page is shown.
struct Shown {
    /// Where the firm stood before anything was read.
    at: String,
    status: StatusCode,
    message: Option<Message>,
    /// What a refused form held.
    held: Typed,
}

async fn render(
    state: &AppState,
    caller: &Caller,
    stored: &StoredOrder,
    shown: Shown,
) -> Result<Response, Failure> {
    let signed = caller.office()?;
    let shop = Shop::load(state, &signed.org, caller.lang).await?;
    let entries = state.storage().timeline(signed.org.clone(), stored.id).await?;
    let inks: BTreeMap<Digest, Vec<u8>> = inks(&entries);
    let log: Vec<Logged> =
        entries.into_iter().filter_map(|entry| logged(entry, shop.now.offset_min)).collect();
    let next = next(state, signed, &shop, stored.id).await?;
    let photos = arrived(state, &signed.org, &stored.order).await?;
    let actor = signed.actor();
    let reading = Reading {
        id: stored.id,
        order: &stored.order,
        log: &log,
        inks: &inks,
        photos: &photos,
        rulebook: &shop.rulebook,
        org: &signed.org,
        actor: &actor,
        names: shop.names(),
        technicians: &shop.technicians,
        expiring: &shop.expiring,
        now: shop.now,
        seq: stored.seq,
    };
    let here = format!("/orders/{}", stored.id);
    // What was typed into a refused form is not to be swapped away.
    let address = (shown.status == StatusCode::OK).then(|| here.clone());
    let live = Live { at: shown.at, address, link: Some(here.clone()) };
    let mut frame = caller.frame(shop.name.clone()).saying(shown.message).live(live);
    // After a refused form the address is the form's; the language links lead to the order.
    frame.here = here;
    Ok(live_page(shown.status, &DetailPage::new(frame, &reading, next, shown.held)))
}

pub(super) fn inks(entries: &[LogEntry]) -> BTreeMap<Digest, Vec<u8>> {
    let all = entries.iter().flat_map(|entry| &entry.entry.inks);
    all.map(|ink| (Digest::of(&ink.0), ink.0.clone())).collect()
}

/// The order's photos that have arrived in full.
async fn arrived(state: &AppState, org: &OrgId, order: &Order) -> Result<BTreeSet<Digest>, Failure> {
    let photos = order.visits.values().flat_map(|visit| visit.photos.values());
    let named: Vec<Digest> = photos.map(|photo| photo.picture).collect();
    let (store, org) = (state.blobs(), org.clone());
    let asking = Arc::clone(&store);
    let look = on_threads(&*store, move || {
        let sizes = asking.sizes(&org, &named)?;
        Ok(named
            .into_iter()
            .zip(sizes)
            .filter(|(_, size)| size.is_some())
            .map(|(digest, _)| digest)
            .collect())
    });
    // The page is of use without them: it does not wait for a store that does not answer.
    let seen = tokio::time::timeout(PHOTOS_WITHIN, look).await.ok().and_then(Result::ok);
    Ok(seen.unwrap_or_default())
}

/// An entry for the timeline; what arrived twice is told once.
fn logged(entry: LogEntry, offset_min: i16) -> Option<Logged> {
    let parked = match entry.verdict {
        Verdict::Applied | Verdict::Conflicted => None,
        Verdict::Parked(why) => Some(why),
        Verdict::Duplicate => return None,
    };
    let received = Stamp::new(entry.received_ms, offset_min);
    Some(Logged { entry: entry.entry, device: entry.device, received, parked, number: entry.number })
}

/// The oddest other order that waits for the supervisor.
async fn next(
    state: &AppState,
    signed: &SignedIn,
    shop: &Shop,
    after: OrderId,
) -> Result<Option<OrderId>, Failure> {
    let filter = OrderFilter { status: vec![Status::SignedOff], limit: WAITING, ..OrderFilter::default() };
    let orders = state.storage().orders(signed.org.clone(), filter).await?;
    let source = Source {
        orders: &orders,
        counts: &[],
        technicians: &[],
        rulebook: &shop.rulebook,
        names: shop.names(),
        now: shop.now,
    };
    Ok(next_to_review(&source, after))
}

fn done_cookie(act: &'static str, seconds: u32) -> HeaderValue {
    let text = format!("{DONE}={act}; Path=/orders; Max-Age={seconds}; HttpOnly; SameSite=Lax");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("done="))
}
