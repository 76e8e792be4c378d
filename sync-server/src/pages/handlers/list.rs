//! `GET /` and `POST /`: the list of orders. A search comes by POST, because it may be a name.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query as Address, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use doorstep_core::domain::ids::PersonId;
use doorstep_core::domain::order::status::Status;
use serde::Deserialize;

use super::caller::{Caller, given, live_page, stand};
use super::shop::Shop;
use crate::auth::SignedIn;
use crate::error::Failure;
use crate::pages::frame::Live;
use crate::pages::list::{ListPage, Query, Shown, Source};
use crate::state::AppState;
use crate::storage::{OrderFilter, StoredOrder};

/// The most open orders looked through for oddities, and the most closed ones listed.
const OPEN: u32 = 2000;
const CLOSED: u32 = 500;

/// What an address may ask for: nothing of a person.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    status: String,
    day: String,
}

/// What the form may ask for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Wanted {
    csrf: String,
    status: String,
    q: String,
    technician: String,
    day: String,
    page: String,
}

/// `GET /`
pub(crate) async fn list(
    State(state): State<AppState>,
    caller: Caller,
    asked: Result<Address<Asked>, QueryRejection>,
) -> Response {
    let asked = asked.map(|Address(asked)| asked).unwrap_or_default();
    let query = Query { shown: Shown::from_code(&asked.status), day: day(&asked.day), ..Query::default() };
    let day = query.day.map(|day| format!("&day={day}")).unwrap_or_default();
    let address = format!("/?status={}{day}", query.shown.code());
    let result = show(&state, &caller, &query, Some(address)).await;
    caller.answer(result)
}

/// `POST /`
pub(crate) async fn find(
    State(state): State<AppState>,
    caller: Caller,
    form: Result<Form<Wanted>, FormRejection>,
) -> Response {
    let result = match given(form) {
        Ok(wanted) => search(&state, &caller, wanted).await,
        Err(failure) => Err(failure),
    };
    caller.answer(result)
}

async fn search(state: &AppState, caller: &Caller, wanted: Wanted) -> Result<Response, Failure> {
    caller.office()?.check_form(&wanted.csrf)?;
    let query = Query {
        shown: Shown::from_code(&wanted.status),
        day: day(&wanted.day),
        text: wanted.q.trim().to_owned(),
        technician: Some(PersonId::from(wanted.technician)).filter(|id| !id.as_str().is_empty()),
        page: wanted.page.parse().unwrap_or_default(),
    };
    if query.text.is_empty() && query.technician.is_none() && query.page == 0 {
        // Nothing of a person is asked for: an address can say it, and be gone back to.
        let day = query.day.map(|day| format!("&day={day}")).unwrap_or_default();
        return Ok(Redirect::to(&format!("/?status={}{day}", query.shown.code())).into_response());
    }
    show(state, caller, &query, None).await
}

/// The list; a search has no address it could be fetched from again.
async fn show(
    state: &AppState,
    caller: &Caller,
    query: &Query,
    address: Option<String>,
) -> Result<Response, Failure> {
    let signed = caller.office()?;
    let live = Live { at: stand(state, signed).await?, address: address.clone(), link: address };
    let shop = Shop::load(state, &signed.org, caller.lang).await?;
    let filter = |status: Vec<Status>, limit, unsettled| OrderFilter {
        status,
        day: query.day,
        technician: query.technician.clone(),
        q: query.text.clone(),
        unsettled,
        after: None,
        limit,
    };
    let counted = state.storage().list_orders(signed.org.clone(), filter(Vec::new(), 1, false)).await?;
    let (closed, open): (Vec<Status>, Vec<Status>) =
        Status::ALL.into_iter().partition(|status| status.is_closed());
    let mut orders = load(state, signed, filter(open, OPEN, false)).await?;
    // Of the closed ones, those that something came in about since need a look like any open one.
    let closed = match query.shown {
        Shown::All => filter(closed, CLOSED, false),
        Shown::Status(status) if status.is_closed() => filter(vec![status], CLOSED, false),
        Shown::Odd | Shown::Status(_) => filter(closed, CLOSED, true),
    };
    orders.extend(load(state, signed, closed).await?);
    let source = Source {
        orders: &orders,
        counts: &counted.counts,
        technicians: &shop.technicians,
        rulebook: &shop.rulebook,
        names: shop.names(),
        now: shop.now,
    };
    let frame = caller.frame(shop.name.clone()).live(live);
    let frame = frame.titled(crate::pages::words::ui::ui(caller.lang).orders);
    Ok(live_page(StatusCode::OK, &ListPage::new(frame, &source, query)))
}

async fn load(state: &AppState, signed: &SignedIn, filter: OrderFilter) -> Result<Vec<StoredOrder>, Failure> {
    Ok(state.storage().orders(signed.org.clone(), filter).await?)
}

fn day(text: &str) -> Option<chrono::NaiveDate> {
    text.parse().ok()
}
