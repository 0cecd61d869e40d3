//! S3: the store of objects reads the body as it streams in.

use axum::body::Body;
use http::{Request, Response};

use super::log_answered;
use crate::app::Site;
use crate::exchange::Exchange;
use crate::timer::Timer;

/// Answers a request of S3.
pub async fn answer(site: &Site, exchange: Exchange, body: Body) -> Response<Body> {
    let timer = Timer::start();
    let Exchange { core, head, info, .. } = exchange;
    let (parts, signature) = head.into_parts();
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let request = Request::from_parts(parts, body);
    let response = core.objects.handle(info.clone(), request, signature).await;
    site.metrics.record("S3", response.status(), &timer);
    log_answered(&info, (method.as_str(), &path), response.status(), &timer);
    response.map(Body::new)
}
