//! `GET /orders/{id}/sheet` and `sheet.pdf`: the papers of an order, as the resident, the technician or the office keeps them.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use doorstep_core::domain::ids::Digest;
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::evidence::copy::link;
use doorstep_core::sheet::block::Code;
use doorstep_core::sheet::{Copy, Layout, PaperKind, SheetInput, compose, content_policy, html, thumbnails};
use serde::Deserialize;

use super::caller::{Caller, PaperCaller};
use super::copy::of_sign_off;
use super::order::{find, inks};
use super::shop::Shop;
use crate::error::Failure;
use crate::pages::tongue;
use crate::pages::words::names;
use crate::pdf;
use crate::state::AppState;
use crate::storage::StoredOrder;

/// What an address may ask for. What is not given has a default; what is given wrongly is an error, not a guess.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    /// `service`, `pick-up` or `gate-pass`.
    paper: Option<String>,
    /// The fact of the taking away, for a receipt or pass.
    of: Option<String>,
    copy: Option<String>,
    lang: Option<String>,
    layout: Option<String>,
}

/// What was asked for, read.
struct Wanted {
    kind: PaperKind,
    copy: Copy,
    lang: Lang,
    layout: Layout,
}

/// What a paper is made of, fetched.
struct Fetched {
    stored: StoredOrder,
    shop: Shop,
    inks: BTreeMap<Digest, Vec<u8>>,
    thumbnails: BTreeMap<Digest, Vec<u8>>,
    code: Option<Code>,
    warranty_days: BTreeMap<String, u32>,
}

/// `GET /orders/{id}/sheet`
pub(crate) async fn sheet(
    State(state): State<AppState>,
    PaperCaller(caller): PaperCaller,
    Path(id): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let result = page(&state, &caller, &id, asked).await;
    caller.answer(result)
}

async fn page(
    state: &AppState,
    caller: &Caller,
    id: &str,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Failure> {
    let (wanted, fetched) = fetch(state, caller, id, asked).await?;
    let html = html(&fetched.input(), wanted.kind, wanted.copy, wanted.lang, wanted.layout)
        .map_err(|_| Failure::NotFound("paper"))?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, format!("{}; frame-ancestors 'none'", content_policy(wanted.layout))),
    ];
    Ok((headers, html).into_response())
}

/// `GET /orders/{id}/sheet.pdf`
pub(crate) async fn sheet_pdf(
    State(state): State<AppState>,
    PaperCaller(caller): PaperCaller,
    Path(id): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let result = file(&state, &caller, &id, asked).await;
    caller.answer(result)
}

async fn file(
    state: &AppState,
    caller: &Caller,
    id: &str,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Failure> {
    let (wanted, fetched) = fetch(state, caller, id, asked).await?;
    let name = format!("{}-{}.pdf", fetched.stored.id, wanted.copy.code());
    // Setting pages is work for a processor: it must not hold up those who only wait.
    let made = tokio::task::spawn_blocking(move || {
        let input = fetched.input();
        let sheet =
            compose(&input, wanted.kind, wanted.copy, wanted.lang).map_err(|_| Failure::NotFound("paper"))?;
        pdf::render(&sheet, wanted.layout).map_err(|error| {
            tracing::error!(%error, "a paper could not be made");
            Failure::Internal
        })
    });
    let bytes = made.await.map_err(|_| Failure::Internal)??;
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

async fn fetch(
    state: &AppState,
    caller: &Caller,
    id: &str,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<(Wanted, Fetched), Failure> {
    let signed = caller.office()?;
    let Query(asked) = asked.map_err(|rejection| Failure::Malformed(rejection.body_text()))?;
    let stored = find(state, signed, id).await?;
    let wanted = asked.read(&stored.order, caller.lang)?;
    let shop = Shop::load(state, &signed.org, wanted.lang).await?;
    let entries = state.storage().timeline(signed.org.clone(), stored.id).await?;
    let prices = state.storage().documents(signed.org.clone(), "price".to_owned()).await?;
    let inks = inks(&entries);
    // The code costs a look at every entry: only where a paper carries it.
    let code = match (wanted.kind, wanted.copy) {
        (PaperKind::Service, Copy::Resident | Copy::Technician) => {
            of_sign_off(state, &signed.org, &stored.order, &entries, &inks).await?
        }
        _ => None,
    };
    let page = format!("{}/verify", state.public_url().trim_end_matches('/'));
    let fetched = Fetched {
        thumbnails: thumbnails(&stored.order, &inks),
        inks,
        // A copy too long for any code goes without one.
        code: code.and_then(|copy| link(&copy, &page).ok()).map(|link| link.code),
        warranty_days: prices.iter().filter_map(|price| names::warranty(&price.body)).collect(),
        stored,
        shop,
    };
    Ok((wanted, fetched))
}

impl Fetched {
    fn input(&self) -> SheetInput<'_> {
        SheetInput {
            id: self.stored.id,
            order: &self.stored.order,
            firm: &self.shop.name,
            rulebook: &self.shop.rulebook,
            people: &self.shop.people,
            inks: &self.inks,
            thumbnails: &self.thumbnails,
            warranty_days: &self.warranty_days,
            code: self.code.as_ref(),
            now: self.shop.now,
        }
    }
}

impl Asked {
    fn read(&self, order: &Order, page: Lang) -> Result<Wanted, Failure> {
        let wrong = |name: &str| Failure::Malformed(format!("{name} is none of those there are"));
        let of = || {
            let of = self.of.as_deref().and_then(|of| of.parse().ok());
            of.ok_or_else(|| wrong("of"))
        };
        let kind = match self.paper.as_deref() {
            None | Some("service") => PaperKind::Service,
            Some("pick-up") => PaperKind::PickUp(of()?),
            Some("gate-pass") => PaperKind::GatePass(of()?),
            Some(_) => return Err(wrong("paper")),
        };
        let copy = match &self.copy {
            Some(code) => Copy::from_code(code).ok_or_else(|| wrong("copy"))?,
            None => Copy::default(),
        };
        let lang = match &self.lang {
            Some(tag) => tongue::exact(tag).ok_or_else(|| wrong("lang"))?,
            None => reader(order, copy).unwrap_or(page),
        };
        let layout = match &self.layout {
            Some(code) => Layout::from_code(code).ok_or_else(|| wrong("layout"))?,
            None => Layout::default(),
        };
        Ok(Wanted { kind, copy, lang, layout })
    }
}

/// The language the resident was shown when signing: their copy is in it unless another is asked for.
fn reader(order: &Order, copy: Copy) -> Option<Lang> {
    let signed = order.sign_off()?.resident.signed()?;
    (copy == Copy::Resident).then_some(signed.lang)
}
