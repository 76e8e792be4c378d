//! Who asks for a page and in which language; and how a result becomes an answer with the headers every page has.

use askama::Template;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::Role;
use doorstep_core::journal::live::Hint;

use crate::auth::SignedIn;
use crate::error::Failure;
use crate::pages::frame::{Frame, Me};
use crate::pages::tongue;
use crate::pages::words::ui::ui;
use crate::state::AppState;

/// No script, nothing from elsewhere, forms only to us, no frame around us.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// As on every page, with our own script and the stream it listens to.
const LIVE_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Whoever asks for a page.
pub(crate) struct Caller {
    pub(crate) signed: Option<SignedIn>,
    pub(crate) lang: Lang,
    pub(crate) headers: HeaderMap,
    pub(crate) path: String,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        if let Some(chosen) = choice(parts) {
            return Err(chosen);
        }
        Self::of(parts, state).await
    }
}

/// A caller whose address may name a language of its own: a paper is in the language of who reads it, not of who prints it.
pub(crate) struct PaperCaller(pub(crate) Caller);

impl FromRequestParts<AppState> for PaperCaller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        Caller::of(parts, state).await.map(Self)
    }
}

impl Caller {
    async fn of(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let headers = parts.headers.clone();
        let path = parts.uri.path().to_owned();
        // A failing session look-up is answered as a page too, as if nobody were signed in.
        let (signed, failed) = match Option::<SignedIn>::from_request_parts(parts, state).await {
            Ok(signed) => (signed, None),
            Err(failure) => (None, Some(failure)),
        };
        let lang = tongue::of(&headers, signed.as_ref().map(|signed| signed.lang));
        let caller = Self { signed, lang, headers, path };
        match failed {
            Some(failure) => Err(caller.answer(Err(failure))),
            None => Ok(caller),
        }
    }
}

/// A language chosen by a link: kept in a cookie, and the same page again without it in the address.
fn choice(parts: &Parts) -> Option<Response> {
    let query = parts.uri.query().filter(|_| parts.method == Method::GET)?;
    let lang = query.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=")).collect();
    let path = parts.uri.path();
    // A path that begins with two slashes would lead to another host.
    let path = format!("/{}", path.trim_start_matches(['/', '\\']));
    let target = if rest.is_empty() { path } else { format!("{path}?{}", rest.join("&")) };
    let mut response = Redirect::to(&target).into_response();
    if let Some(cookie) = tongue::exact(lang).and_then(|lang| HeaderValue::from_str(&tongue::keep(lang)).ok())
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Some(response)
}

impl Caller {
    /// The signed-in member of the office.
    pub(crate) fn office(&self) -> Result<&SignedIn, Failure> {
        let signed = self.signed.as_ref().ok_or(Failure::Unauthorized)?;
        if signed.role == Role::Technician {
            return Err(Failure::Forbidden("technicians work on the phone"));
        }
        Ok(signed)
    }

    /// The frame of a page at this address, with the firm's name.
    pub(crate) fn frame(&self, org: String) -> Frame {
        let me = self.signed.as_ref().map(|signed| Me {
            org,
            name: signed.name.clone(),
            role: signed.role,
            csrf: signed.csrf.clone(),
        });
        Frame::new(self.lang, me, self.path.clone())
    }

    /// The answer: a page, or what went wrong as a page.
    pub(crate) fn answer(&self, result: Result<Response, Failure>) -> Response {
        let mut response = match result {
            Ok(response) => response,
            Err(Failure::Unauthorized) => Redirect::to("/login").into_response(),
            Err(failure) => self.error_page(&failure),
        };
        protect(response.headers_mut());
        response
    }

    fn error_page(&self, failure: &Failure) -> Response {
        let (status, word) = failure.code();
        let ui = ui(self.lang);
        let technician = self.signed.as_ref().is_some_and(|signed| signed.role == Role::Technician);
        let (heading, more) = match failure {
            Failure::NotFound(_) | Failure::Method => (ui.error_not_found, ui.error_not_found_more),
            Failure::Forbidden(_) if technician => (ui.error_forbidden, ui.sign_in_role),
            Failure::Forbidden(_) => (ui.error_forbidden, ui.error_forbidden_more),
            Failure::Malformed(_)
            | Failure::TooLarge(_)
            | Failure::Protocol { .. }
            | Failure::WrongHash
            | Failure::NeedsConfirm(_)
            | Failure::Conflict(_) => (ui.error_bad, ui.error_bad_more),
            Failure::Unauthorized
            | Failure::Refused(_)
            | Failure::TooMany(_)
            | Failure::Busy(_)
            | Failure::TooSlow
            | Failure::Internal => (ui.error_inside, ui.error_inside_more),
        };
        // A page where nobody is known shows nobody: the firm's name is not fetched for an error.
        let frame = self.frame(String::new()).titled(heading);
        page(status, &ErrorPage { frame, heading, more, code: format!("{} {word}", status.as_u16()) })
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    heading: &'static str,
    more: &'static str,
    code: String,
}

/// A form's fields, or that they cannot be read.
pub(crate) fn given<T>(form: Result<Form<T>, FormRejection>) -> Result<T, Failure> {
    form.map(|Form(fields)| fields).map_err(|rejection| Failure::Malformed(rejection.body_text()))
}

/// A rendered template.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
            (status, kind, Body::from(html)).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A rendered template that shows what changes meanwhile.
pub(crate) fn live_page(status: StatusCode, template: &impl Template) -> Response {
    let mut response = page(status, template);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(LIVE_POLICY));
    response
}

/// Where a firm stands, as a stream says it. Asked for before what a page shows is read.
pub(crate) async fn stand(state: &AppState, signed: &SignedIn) -> Result<String, Failure> {
    let hint = Hint::from(state.storage().clock(signed.org.clone()).await?);
    Ok(hint.data())
}

/// Headers of every page. Not `no-store`: the way back from an order to a search is the browser's own.
fn protect(headers: &mut HeaderMap) {
    let set = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in set {
        // A paper brings a stricter policy of its own.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn chosen(method: Method, uri: &str) -> Option<(String, Option<String>)> {
        let (parts, ()) = Request::builder().method(method).uri(uri).body(()).unwrap().into_parts();
        let response = choice(&parts)?;
        let text = |name| response.headers().get(name).map(|v: &HeaderValue| v.to_str().unwrap().to_owned());
        Some((text(header::LOCATION).unwrap(), text(header::SET_COOKIE)))
    }

    #[test]
    fn a_language_link_keeps_the_choice_and_cleans_the_address() {
        let (to, cookie) = chosen(Method::GET, "/?status=odd&lang=en&day=2026-11-24").unwrap();
        assert_eq!(to, "/?status=odd&day=2026-11-24");
        assert!(cookie.unwrap().starts_with("lang=en; Path=/"));
        assert_eq!(chosen(Method::GET, "/login?lang=xx").unwrap(), ("/login".to_owned(), None));
        assert!(chosen(Method::POST, "/?lang=en").is_none());
        assert!(chosen(Method::GET, "/?status=odd").is_none());
    }

    #[test]
    fn a_language_link_leads_to_no_other_host() {
        let (to, _) = chosen(Method::GET, "//elsewhere.example/?lang=en").unwrap();
        assert_eq!(to, "/elsewhere.example/");
    }
}
