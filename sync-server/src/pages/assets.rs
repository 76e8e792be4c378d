//! The pages' own files, inside the binary: one style sheet, one icon, and the script that reads a scanned copy. Nothing is loaded from elsewhere.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use doorstep_core::domain::ids::Digest;

const STYLE: &str = include_str!("../../assets/office.css");
const VERIFY: &str = include_str!("../../assets/verify.js");
const ICON: &str = include_str!("../../assets/icon.svg");

/// The file may be kept for good: a changed one has another address.
const FOREVER: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";

static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let digest = Digest::of(STYLE.as_bytes()).to_string();
    format!("/assets/office.css?v={}", digest.get(..8).unwrap_or_default())
});

/// The style sheet's address, with a mark of its content.
#[must_use]
pub fn style_address() -> &'static str {
    &STYLE_ADDRESS
}

/// `GET /assets/office.css`
pub async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, FOREVER)], STYLE)
}

/// `GET /assets/icon.svg`
pub async fn icon() -> impl IntoResponse {
    ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, A_DAY)], ICON)
}

/// `GET /assets/verify.js`
pub async fn verify_script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")], VERIFY)
}
