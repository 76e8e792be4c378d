//! The pages' own files, inside the binary: one style sheet, one icon, the script that reads a scanned copy, and the one that shows what changed. Nothing is loaded from elsewhere.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use doorstep_core::domain::ids::Digest;

const STYLE: &str = include_str!("../../assets/office.css");
const VERIFY: &str = include_str!("../../assets/verify.js");
const LIVE: &str = include_str!("../../assets/live.js");
const ICON: &str = include_str!("../../assets/icon.svg");

/// The file may be kept for good: a changed one has another address.
const FOREVER: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";

static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| marked("/assets/office.css", STYLE));
static LIVE_ADDRESS: LazyLock<String> = LazyLock::new(|| marked("/assets/live.js", LIVE));

/// An address with a mark of the content.
fn marked(address: &str, content: &str) -> String {
    let digest = Digest::of(content.as_bytes()).to_string();
    format!("{address}?v={}", digest.get(..8).unwrap_or_default())
}

/// The style sheet's address, with a mark of its content.
#[must_use]
pub fn style_address() -> &'static str {
    &STYLE_ADDRESS
}

/// The address of the script that shows what changed, with a mark of its content.
#[must_use]
pub fn live_address() -> &'static str {
    &LIVE_ADDRESS
}

/// `GET /assets/live.js`
pub async fn live_script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, FOREVER)], LIVE)
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
