//! `GET /login`, `POST /login`, `POST /logout`: the session of the office.

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use doorstep_core::domain::ids::{OrgId, PersonId};
use serde::Deserialize;

use super::caller::{Caller, given, page};
use crate::auth::{SignInError, clear_cookie, cookie, sign_in, sign_out};
use crate::error::Failure;
use crate::http::serve::Peer;
use crate::pages::frame::{Frame, Message};
use crate::pages::words::ui::ui;
use crate::state::AppState;

/// What the sign-in form holds.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Given {
    org: String,
    user: String,
    password: String,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
    org: String,
    user: String,
}

/// `GET /login`
pub(crate) async fn login_form(caller: Caller) -> Response {
    let result = if caller.signed.is_some() {
        Redirect::to("/").into_response()
    } else {
        show(&caller, StatusCode::OK, Given::default(), None)
    };
    caller.answer(Ok(result))
}

/// `POST /login`
pub(crate) async fn login_post(
    State(state): State<AppState>,
    Extension(Peer(peer)): Extension<Peer>,
    caller: Caller,
    form: Result<Form<Given>, FormRejection>,
) -> Response {
    let given = match given(form) {
        Ok(given) => given,
        Err(failure) => return caller.answer(Err(failure)),
    };
    let org = Some(OrgId::from(given.org.trim()));
    let person = PersonId::from(given.user.trim());
    let ui = ui(caller.lang);
    let result = match sign_in(&state, peer.ip(), org, person, given.password.clone()).await {
        Ok(secret) => {
            let mut response = Redirect::to("/").into_response();
            response.headers_mut().append(header::SET_COOKIE, cookie(&state, &secret));
            Ok(response)
        }
        Err(SignInError::Wrong) => {
            Ok(show(&caller, StatusCode::UNAUTHORIZED, given, Some(Message::refused(ui.sign_in_wrong))))
        }
        Err(SignInError::TooMany(_)) => {
            let message = Message::refused(ui.sign_in_wait);
            Ok(show(&caller, StatusCode::TOO_MANY_REQUESTS, given, Some(message)))
        }
        Err(SignInError::Failed(failure)) => Err(failure),
    };
    caller.answer(result)
}

/// `POST /logout`
pub(crate) async fn leave(
    State(state): State<AppState>,
    caller: Caller,
    form: Result<Form<Leaving>, FormRejection>,
) -> Response {
    let result = match given(form) {
        Ok(form) => end(&state, &caller, &form).await,
        Err(failure) => Err(failure),
    };
    caller.answer(result)
}

/// The form of the sign-out button.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Leaving {
    csrf: String,
}

async fn end(state: &AppState, caller: &Caller, form: &Leaving) -> Result<Response, Failure> {
    let Some(signed) = &caller.signed else { return Err(Failure::Unauthorized) };
    signed.check_form(&form.csrf)?;
    sign_out(state, &caller.headers).await?;
    let mut response = Redirect::to("/login").into_response();
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, clear_cookie());
    // What the browser keeps to go back to is the next person's to see otherwise.
    headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    Ok(response)
}

fn show(caller: &Caller, status: StatusCode, given: Given, message: Option<Message>) -> Response {
    let frame = caller.frame(String::new()).titled(ui(caller.lang).sign_in).saying(message);
    page(status, &LoginPage { frame, org: given.org, user: given.user })
}
