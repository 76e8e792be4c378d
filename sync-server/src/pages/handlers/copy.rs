//! `GET /orders/{id}/copy`: the resident's copy 客戶聯 of what was signed off, to check and to keep.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use doorstep_core::domain::ids::Digest;
use doorstep_core::domain::lang::{Lang, Text};
use doorstep_core::evidence::copy::{Issuer, acts, documents, make};
use doorstep_core::journal::wire::Verdict;
use ed25519_dalek::VerifyingKey;

use super::caller::Caller;
use super::order::{find, inks};
use super::shop::name;
use crate::error::Failure;
use crate::state::AppState;

/// `GET /orders/{id}/copy`
pub(crate) async fn copy(State(state): State<AppState>, caller: Caller, Path(id): Path<String>) -> Response {
    let result = made(&state, &caller, &id).await;
    caller.answer(result)
}

async fn made(state: &AppState, caller: &Caller, id: &str) -> Result<Response, Failure> {
    let signed = caller.office()?;
    let org = &signed.org;
    let stored = find(state, signed, id).await?;
    let entries = state.storage().timeline(org.clone(), stored.id).await?;
    let keys = state.storage().device_keys(org.clone()).await?;
    let folded = entries.iter().filter(|kept| matches!(kept.verdict, Verdict::Applied | Verdict::Conflicted));
    let documents = documents(folded.map(|kept| (&kept.entry, kept.device)), org);
    let inks = inks(&entries);
    let [hant, hans, en] = [
        name(state, org, Lang::ZhHant).await?,
        name(state, org, Lang::ZhHans).await?,
        name(state, org, Lang::En).await?,
    ];
    let org_name = Text::new(&hant, &hans, &en);
    let nothing = Failure::NotFound("copy");
    let acts = acts(&stored.order);
    let act = acts.first().ok_or(Failure::NotFound("copy"))?;
    // Which device sealed it, its seals say: only one key makes them hold.
    let made = keys.values().filter_map(|key| VerifyingKey::from_bytes(key).ok()).find_map(|key| {
        let issuer = Issuer { org: org.clone(), org_name: org_name.clone(), key };
        let find_document = |digest: &Digest| documents.get(digest).cloned();
        make(&issuer, &act.seals, find_document, |digest| inks.get(digest).cloned()).ok()
    });
    let file = format!("attachment; filename=\"copy-{}.json\"", stored.id);
    let headers = [(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, file)];
    made.map(|copy| (headers, copy.to_json()).into_response()).ok_or(nothing)
}
