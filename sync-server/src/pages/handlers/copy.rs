//! `GET /orders/{id}/copy`: the resident's copy 客戶聯 of what was signed off, to check and to keep.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use doorstep_core::domain::ids::{Digest, OrgId};
use doorstep_core::domain::order::Order;
use doorstep_core::evidence::copy::{Copy, Issuer, acts, documents, make};
use doorstep_core::journal::wire::Verdict;
use ed25519_dalek::VerifyingKey;

use super::caller::Caller;
use super::order::{find, inks};
use super::shop::names;
use crate::error::Failure;
use crate::state::AppState;
use crate::storage::LogEntry;

/// `GET /orders/{id}/copy`
pub(crate) async fn copy(State(state): State<AppState>, caller: Caller, Path(id): Path<String>) -> Response {
    let result = made(&state, &caller, &id).await;
    caller.answer(result)
}

async fn made(state: &AppState, caller: &Caller, id: &str) -> Result<Response, Failure> {
    let signed = caller.office()?;
    let stored = find(state, signed, id).await?;
    let entries = state.storage().timeline(signed.org.clone(), stored.id).await?;
    let inks = inks(&entries);
    let copy = of_sign_off(state, &signed.org, &stored.order, &entries, &inks).await?;
    let file = format!("attachment; filename=\"copy-{}.json\"", stored.id);
    let headers = [(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, file)];
    copy.map(|copy| (headers, copy.to_json()).into_response()).ok_or(Failure::NotFound("copy"))
}

/// The copy of what was signed off last; `None` when nothing was, or not all of it is here. What was sealed before it, a
/// quote or a mismatch, is no copy of the sheet.
pub(super) async fn of_sign_off(
    state: &AppState,
    org: &OrgId,
    order: &Order,
    entries: &[LogEntry],
    inks: &BTreeMap<Digest, Vec<u8>>,
) -> Result<Option<Copy>, Failure> {
    let acts = acts(order);
    let Some(act) = acts.iter().find(|act| act.kind == "sheet") else { return Ok(None) };
    let devices = state.storage().devices(org.clone()).await?;
    let folded = entries.iter().filter(|kept| matches!(kept.verdict, Verdict::Applied | Verdict::Conflicted));
    let documents = documents(folded.map(|kept| (&kept.entry, kept.device)), org);
    let org_name = names(state, org).await?;
    let keys = devices.iter().filter_map(|known| VerifyingKey::from_bytes(&known.device.public_key).ok());
    // Which device sealed it, its seals say: only one key makes them hold.
    Ok(keys.into_iter().find_map(|key| {
        let issuer = Issuer { org: org.clone(), org_name: org_name.clone(), key };
        let find_document = |digest: &Digest| documents.get(digest).cloned();
        make(&issuer, &act.seals, find_document, |digest| inks.get(digest).cloned()).ok()
    }))
}
