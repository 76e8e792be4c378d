//! `GET /verify`, `POST /verify`: anybody checks a copy, without signing in. What they send is answered and not kept.

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use doorstep_core::domain::ids::Digest;
use doorstep_core::domain::lang::Lang;
use doorstep_core::evidence::copy::{self, BadCopy, Checked, CheckedSeal, Copy, TrustedKey};
use doorstep_core::words::labels;

use super::caller::{Caller, given, page};
use super::shop::names;
use crate::error::Failure;
use crate::pages::frame::Frame;
use crate::pages::words::verify::{Verify, kind, outcome, verify as words};
use crate::state::AppState;

/// As on every page, with the one script that reads what was scanned.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What the form holds.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(crate) struct Given {
    copy: String,
}

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    frame: Frame,
    words: &'static Verify,
    given: String,
    answer: Option<Answer>,
}

/// The answer to a copy.
struct Answer {
    class: &'static str,
    heading: &'static str,
    differs: Vec<Differs>,
    note: String,
    facts: Vec<(&'static str, String)>,
    seals: Vec<String>,
    /// The firm whose keys can be compared; empty when it is not known.
    org: String,
}

struct Differs {
    code: &'static str,
    text: String,
}

/// `GET /verify`
pub(crate) async fn verify_form(caller: Caller) -> Response {
    caller.answer(Ok(show(&caller, StatusCode::OK, String::new(), None)))
}

/// `POST /verify`
pub(crate) async fn verify(
    State(state): State<AppState>,
    caller: Caller,
    form: Result<Form<Given>, FormRejection>,
) -> Response {
    let given = match given(form) {
        Ok(given) => given.copy,
        Err(failure) => return caller.answer(Err(failure)),
    };
    let result = match read(&given) {
        Ok(bytes) => check(&state, &caller, bytes, given).await,
        Err(bad) => Ok(not_a_copy(&caller, &bad, given)),
    };
    caller.answer(result)
}

/// The copy itself: pasted, or in a scanned link.
fn read(given: &str) -> Result<Vec<u8>, BadCopy> {
    let text = given.trim();
    if text.starts_with('{') { Ok(text.as_bytes().to_vec()) } else { Ok(copy::open(text)?) }
}

async fn check(
    state: &AppState,
    caller: &Caller,
    bytes: Vec<u8>,
    given: String,
) -> Result<Response, Failure> {
    let key = Copy::read(&bytes).ok().and_then(|copy| copy.key.parse::<Digest>().ok()).map(|key| key.0);
    let trusted = match key {
        Some(key) => trusted(state, key).await?,
        None => Vec::new(),
    };
    // Curves and hashes of half a megabyte: not on the threads that answer everybody else.
    let checked = tokio::task::spawn_blocking(move || copy::verify(&bytes, &trusted)).await;
    Ok(match checked.map_err(|_| Failure::Internal)? {
        Ok(checked) => {
            let status =
                if checked.is_verified() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            show(caller, status, given, Some(answer(&checked, caller.lang)))
        }
        Err(bad) => not_a_copy(caller, &bad, given),
    })
}

/// The firms whose device has or had this key.
async fn trusted(state: &AppState, key: [u8; 32]) -> Result<Vec<TrustedKey>, Failure> {
    let mut trusted = Vec::new();
    for org in state.storage().orgs().await? {
        if state.storage().has_device_key(org.clone(), key).await? {
            let org_name = names(state, &org).await?;
            trusted.push(TrustedKey { key, org, org_name });
        }
    }
    Ok(trusted)
}

fn not_a_copy(caller: &Caller, bad: &BadCopy, given: String) -> Response {
    let answer = Answer {
        class: "bad",
        heading: words(caller.lang).no_copy,
        differs: Vec::new(),
        note: bad.text(caller.lang),
        facts: Vec::new(),
        seals: Vec::new(),
        org: String::new(),
    };
    show(caller, StatusCode::UNPROCESSABLE_ENTITY, given, Some(answer))
}

fn answer(checked: &Checked, lang: Lang) -> Answer {
    let words = words(lang);
    let (class, heading) = if checked.is_verified() { ("good", words.valid) } else { ("bad", words.differs) };
    let differs = checked.differs.iter();
    let firm = checked.org_name.get(lang);
    let digests: Vec<&str> = checked.seals.iter().map(|seal| seal.document.as_str()).collect();
    let mut facts = vec![
        (words.firm, format!("{firm} ({})", checked.org)),
        (words.paper, kind(&checked.kind, lang).to_owned()),
        (words.unit, checked.unit.clone()),
        (words.resident, checked.resident.clone()),
        (words.total, checked.total.map(|total| total.to_string()).unwrap_or_default()),
        (words.digest, digests.first().copied().unwrap_or_default().to_owned()),
        (words.key, checked.key_id.clone()),
    ];
    facts.retain(|(_, text)| !text.is_empty());
    Answer {
        class,
        heading,
        differs: differs.map(|what| Differs { code: what.code(), text: what.text(lang) }).collect(),
        note: if checked.whole { String::new() } else { words.part.to_owned() },
        facts,
        seals: checked.seals.iter().map(|seal| line(seal, lang)).collect(),
        org: checked.org.clone(),
    }
}

fn line(seal: &CheckedSeal, lang: Lang) -> String {
    let capacity =
        seal.capacity.as_ref().map(|capacity| labels::capacity(capacity, lang)).unwrap_or_default();
    let parts = [outcome(&seal.outcome, lang), &seal.name, &capacity, &seal.reason, &seal.at];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(" · ")
}

fn show(caller: &Caller, status: StatusCode, given: String, answer: Option<Answer>) -> Response {
    let words = words(caller.lang);
    let frame = caller.frame(String::new()).titled(words.title);
    let mut response = page(status, &VerifyPage { frame, words, given, answer });
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
