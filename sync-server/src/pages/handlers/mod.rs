//! Handlers of the pages: fetch, render, answer. A failure becomes a page in the reader's language.

mod caller;
mod copy;
mod keys;
mod list;
mod login;
mod order;
mod sheet;
mod shop;
mod verify;

use axum::http::Uri;
use axum::response::Response;

use self::caller::Caller;
use crate::error::Failure;
use crate::http;

pub(crate) use self::copy::copy;
pub(crate) use self::keys::{keys, keys_page};
pub(crate) use self::list::{find, list};
pub(crate) use self::login::{leave, login_form, login_post};
pub(crate) use self::order::{act, show};
pub(crate) use self::sheet::{sheet, sheet_pdf};
pub(crate) use self::verify::{verify, verify_form};

/// Any address that is none of ours.
pub(crate) async fn nowhere(caller: Caller, uri: Uri) -> Response {
    if caller.path.starts_with("/v1/") {
        return http::nowhere(uri).await;
    }
    caller.answer(Err(Failure::NotFound("page")))
}
