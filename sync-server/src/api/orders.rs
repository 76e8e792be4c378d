//! Orders: list, look, register, command.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::ids::{DeviceId, Digest, OrderId, PersonId};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::intake::Intake;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::person::Role;
use doorstep_core::domain::refusal::Refusal;
use doorstep_core::journal::Entry;
use doorstep_core::journal::wire::Verdict;
use serde::{Deserialize, Serialize};

use crate::auth::SignedIn;
use crate::error::Failure;
use crate::http::given::{Asked, Given};
use crate::office::{self, AtWork};
use crate::state::AppState;
use crate::storage::{OrderFilter, OrderSummary, StoredOrder};

/// The most orders of one page.
const MOST: u32 = 500;

#[derive(Deserialize)]
pub(crate) struct Filter {
    /// Names of statuses, separated by commas.
    #[serde(default)]
    status: String,
    day: Option<NaiveDate>,
    technician: Option<PersonId>,
    #[serde(default)]
    q: String,
    after: Option<OrderId>,
    limit: Option<u32>,
}

#[derive(Serialize)]
pub(crate) struct Page {
    orders: Vec<OrderSummary>,
    next: Option<OrderId>,
    counts: BTreeMap<&'static str, u64>,
}

/// `GET /v1/orders`
pub(crate) async fn list(
    State(state): State<AppState>,
    signed: SignedIn,
    Asked(asked): Asked<Filter>,
) -> Result<Json<Page>, Failure> {
    let names = asked.status.split(',').map(str::trim).filter(|name| !name.is_empty());
    let status: Option<Vec<Status>> = names.map(Status::from_code).collect();
    let status = status.ok_or_else(|| Failure::Malformed("there is no such status".to_owned()))?;
    // A technician sees their own.
    let technician = if signed.role == Role::Technician { Some(signed.person) } else { asked.technician };
    let limit = asked.limit.unwrap_or(100).clamp(1, MOST);
    let filter = OrderFilter {
        status,
        day: asked.day,
        technician,
        q: asked.q,
        after: asked.after,
        limit,
        ..OrderFilter::default()
    };
    let page = state.storage().list_orders(signed.org, filter).await?;
    let counts = page.counts.into_iter().map(|(status, count)| (status.code(), count)).collect();
    Ok(Json(Page { orders: page.rows, next: page.next, counts }))
}

#[derive(Serialize)]
pub(crate) struct OrderNow {
    id: OrderId,
    seq: u64,
    number: Option<String>,
    status: Status,
    order: Order,
}

impl From<StoredOrder> for OrderNow {
    fn from(stored: StoredOrder) -> Self {
        let StoredOrder { id, seq, order } = stored;
        Self { id, seq, number: order.number.clone(), status: order.status(), order }
    }
}

#[derive(Serialize)]
struct ActionNow {
    kind: CommandKind,
    allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
    /// Why not, and what to do about it, in the language of whoever is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[derive(Serialize)]
struct Logged {
    entry: Entry,
    device: Option<DeviceId>,
    received_ms: i64,
    verdict: Verdict,
    number: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct OrderWhole {
    #[serde(flatten)]
    now: OrderNow,
    actions: Vec<ActionNow>,
    timeline: Vec<Logged>,
    /// Phones with an open visit on it.
    at_work: Vec<AtWork>,
}

pub(super) fn id_of(text: &str) -> Result<OrderId, Failure> {
    text.parse().map_err(|_| Failure::NotFound("order"))
}

pub(super) async fn find(state: &AppState, signed: &SignedIn, id: OrderId) -> Result<StoredOrder, Failure> {
    let found = state.storage().order(signed.org.clone(), id).await?;
    found.filter(|found| office::may_see(signed, &found.order)).ok_or(Failure::NotFound("order"))
}

/// `GET /v1/orders/{id}`
pub(crate) async fn show(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Result<Json<OrderWhole>, Failure> {
    let stored = find(&state, &signed, id_of(&id)?).await?;
    let actions = office::actions(&state, &signed.org, &signed.actor(), &stored).await?;
    let actions = actions.into_iter().map(|action| ActionNow {
        kind: action.kind,
        allowed: action.refusal.is_none(),
        text: action.refusal.as_ref().map(|refusal| refusal.text(signed.lang)),
        refusal: action.refusal,
    });
    let timeline = state.storage().timeline(signed.org.clone(), stored.id).await?;
    let timeline = timeline.into_iter().map(|logged| Logged {
        // Strokes have their own address.
        entry: Entry { inks: Vec::new(), ..logged.entry },
        device: logged.device,
        received_ms: logged.received_ms,
        verdict: logged.verdict,
        number: logged.number,
    });
    let at_work = office::at_work(&state, &signed.org, stored.id, &stored.order).await?;
    let (actions, timeline) = (actions.collect(), timeline.collect());
    Ok(Json(OrderWhole { actions, timeline, at_work, now: stored.into() }))
}

/// `POST /v1/orders`
pub(crate) async fn register(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    Given(intake): Given<Intake>,
) -> Result<(StatusCode, Json<OrderNow>), Failure> {
    signed.check_call(&headers)?;
    let command = Command::Register(intake);
    let stored = office::execute(&state, &signed.org, &signed.actor(), OrderId::new(), command).await?;
    Ok((StatusCode::CREATED, Json(stored.into())))
}

/// `POST /v1/orders/{id}/commands`
pub(crate) async fn command(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    Path(id): Path<String>,
    Asked(asked): Asked<Asking>,
    Given(command): Given<Command>,
) -> Result<Json<OrderNow>, Failure> {
    signed.check_call(&headers)?;
    let id = id_of(&id)?;
    if !asked.confirmed {
        confirm(&state, &signed, id, &command).await?;
    }
    let stored = office::execute(&state, &signed.org, &signed.actor(), id, command).await?;
    Ok(Json(stored.into()))
}

#[derive(Deserialize)]
pub(crate) struct Asking {
    /// The caller knows who is at the door.
    #[serde(default)]
    confirmed: bool,
}

/// [`Failure::NeedsConfirm`] when a command takes an order away from somebody at the door.
async fn confirm(state: &AppState, signed: &SignedIn, id: OrderId, command: &Command) -> Result<(), Failure> {
    let Some(stored) = state.storage().order(signed.org.clone(), id).await? else { return Ok(()) };
    if !office::takes_away(command, &stored.order) {
        return Ok(());
    }
    let phones = office::at_work(state, &signed.org, id, &stored.order).await?;
    if phones.is_empty() {
        return Ok(());
    }
    let people = state.storage().people(signed.org.clone()).await?;
    let rulebook = state.rulebook(&signed.org).await?;
    let texts = phones.iter().map(|phone| {
        let known = people.iter().find(|person| person.id == phone.person);
        let name = known.map_or(phone.person.as_str(), |person| &person.name);
        phone.text(name, state.now(&rulebook), signed.lang)
    });
    Err(Failure::NeedsConfirm(texts.collect::<Vec<_>>().join(" ")))
}

/// `GET /v1/orders/{id}/ink/{digest}`
pub(crate) async fn ink(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, digest)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let stored = find(&state, &signed, id_of(&id)?).await?;
    let digest: Digest = digest.parse().map_err(|_| Failure::NotFound("ink"))?;
    let bytes = state.storage().ink(signed.org, stored.id, digest).await?.ok_or(Failure::NotFound("ink"))?;
    let octets = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, octets)], bytes).into_response())
}
