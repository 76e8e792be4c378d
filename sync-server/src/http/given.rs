//! JSON bodies and queries of the interface; what cannot be read is answered as every other failure is.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::patience::is_too_slow;
use crate::error::Failure;

/// The most bytes of a JSON body.
const MOST: usize = 256 * 1024;

/// A JSON body.
pub(crate) struct Given<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Given<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let bytes = axum::body::to_bytes(request.into_body(), MOST).await;
        let bytes = bytes.map_err(|error| match is_too_slow(&error) {
            true => Failure::TooSlow,
            false => Failure::TooLarge(MOST),
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|e| Failure::Malformed(e.to_string()))
    }
}

/// A query string.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = axum::extract::Query::try_from_uri(&parts.uri);
        query.map(|query| Self(query.0)).map_err(|e| Failure::Malformed(e.body_text()))
    }
}
