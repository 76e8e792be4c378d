//! Every route of the server, and nothing else.

use axum::Router;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post, put};

use crate::pages::{assets, handlers as page};
use crate::state::AppState;
use crate::{api, auth, http, live, sync};

/// A method, an address, and what answers it.
pub(crate) type Route = (Method, &'static str, MethodRouter<AppState>);

/// The routes for phones and programs.
pub(crate) fn api_routes() -> Vec<Route> {
    vec![
        (Method::GET, "/healthz", get(http::healthz)),
        (Method::GET, "/readyz", get(http::readyz)),
        (Method::GET, "/openapi.json", get(api::openapi::show)),
        (Method::POST, "/v1/sync", post(sync::sync)),
        (Method::GET, "/v1/live", get(live::live)),
        (Method::POST, "/v1/enrol", post(auth::enrol)),
        (Method::POST, "/v1/incarnation", post(auth::incarnate)),
        (Method::POST, "/v1/login", post(auth::login)),
        (Method::POST, "/v1/logout", post(auth::logout)),
        (Method::POST, "/v1/enrol-codes", post(api::enrol_codes::create)),
        (Method::GET, "/v1/orders", get(api::orders::list)),
        (Method::POST, "/v1/orders", post(api::orders::register)),
        (Method::GET, "/v1/orders/{id}", get(api::orders::show)),
        (Method::POST, "/v1/orders/{id}/commands", post(api::orders::command)),
        (Method::GET, "/v1/orders/{id}/ink/{digest}", get(api::orders::ink)),
        (Method::GET, "/v1/orders/{id}/photos/{digest}", get(api::blobs::photo)),
        (Method::GET, "/v1/orgs/{org}/keys", get(page::keys)),
        (Method::POST, "/v1/blobs/missing", post(api::blobs::missing)),
        (Method::PUT, "/v1/blobs/{sha256}", put(api::blobs::put)),
    ]
}

/// The routes for people: the office's pages.
pub(crate) fn page_routes() -> Vec<Route> {
    vec![
        (Method::GET, "/", get(page::list)),
        (Method::POST, "/", post(page::find)),
        (Method::GET, "/login", get(page::login_form)),
        (Method::POST, "/login", post(page::login_post)),
        (Method::POST, "/logout", post(page::leave)),
        (Method::GET, "/orders/{id}", get(page::show)),
        (Method::GET, "/orders/{id}/sheet", get(page::sheet)),
        (Method::GET, "/orders/{id}/sheet.pdf", get(page::sheet_pdf)),
        (Method::GET, "/orders/{id}/copy", get(page::copy)),
        (Method::POST, "/orders/{id}/{act}", post(page::act)),
        (Method::GET, "/verify", get(page::verify_form)),
        (Method::POST, "/verify", post(page::verify)),
        (Method::GET, "/keys/{org}", get(page::keys_page)),
        (Method::GET, "/assets/verify.js", get(assets::verify_script)),
        (Method::GET, "/assets/live.js", get(assets::live_script)),
        (Method::GET, "/assets/office.css", get(assets::style)),
        (Method::GET, "/assets/icon.svg", get(assets::icon)),
    ]
}

/// The whole server.
pub(crate) fn router(state: AppState) -> Router {
    let routes = api_routes().into_iter().chain(page_routes());
    let router = routes.fold(Router::new(), |router, (_, path, answer)| router.route(path, answer));
    router
        .fallback(page::nowhere)
        .method_not_allowed_fallback(http::wrong_method)
        .layer(axum::middleware::from_fn(http::around))
        .with_state(state)
}
