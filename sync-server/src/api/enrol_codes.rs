//! One-time codes that let a phone in.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use doorstep_core::domain::ids::PersonId;
use doorstep_core::journal::EnrolCode;
use serde::{Deserialize, Serialize};

use crate::auth::{self, SignedIn};
use crate::error::Failure;
use crate::http::given::Given;
use crate::state::AppState;

#[derive(Deserialize)]
pub(crate) struct ForWhom {
    person: PersonId,
}

#[derive(Serialize)]
pub(crate) struct Code {
    /// The code alone, to be typed.
    code: String,
    /// Server and code, as the QR code carries them.
    qr: String,
    /// How long it is good.
    minutes: i64,
}

/// What the QR code of an enrolment carries.
#[must_use]
pub(crate) fn qr_text(state: &AppState, code: &str) -> String {
    EnrolCode { server: state.public_url().to_owned(), code: code.to_owned() }.to_string()
}

/// `POST /v1/enrol-codes`
pub(crate) async fn create(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    Given(asked): Given<ForWhom>,
) -> Result<Json<Code>, Failure> {
    signed.check_call(&headers)?;
    let code = auth::make_code(&state, &signed.org, &signed.actor(), &asked.person).await?;
    Ok(Json(Code { qr: qr_text(&state, &code), code, minutes: auth::CODE_MINUTES }))
}
