//! The address of `--metrics-listen`: `/metrics`, `/healthz` and `/readyz`, and nothing else.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;

use crate::app::Site;
use crate::{front, router, shell};

/// The routes of the address. A request may have any name of a host: no page and no keys are here.
pub fn routes(site: Arc<Site>) -> Router {
    let front = axum::middleware::from_fn_with_state(Arc::clone(&site), front::pass_to_metrics);
    let routes = Router::new().route("/healthz", get(shell::healthz));
    let routes = routes.route("/readyz", get(ready)).route("/metrics", get(metrics));
    routes.layer(front).with_state(site)
}

async fn ready(State(site): State<Arc<Site>>) -> Response {
    let core = site.core();
    let answered = site.workers.run(move || router::ready(&core).response).await;
    answered.map_or_else(shell::unanswered, |response| response.map(Body::from))
}

async fn metrics(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let is_admitted = site.metrics_listener_access.admits(&headers, None, &[]);
    let answer = router::metrics(&site, &site.metrics_listener_access, is_admitted);
    answer.response.map(Body::from)
}
