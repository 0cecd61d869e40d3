//! Pages: forms in, HTML out.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response};
use web::{Page, PageRequest};

use crate::exchange::{Answer, Exchange};
use crate::reply::status;

pub(super) fn answer(exchange: &Exchange) -> Answer {
    exchange.record_operation("Page");
    let head = &exchange.head;
    let body = exchange.body();
    let request = PageRequest {
        method: head.method(),
        path: head.path(),
        query: head.query(),
        host: head.header("host"),
        cookies: &head.cookies(),
        fetch_site: head.header("sec-fetch-site"),
        is_address_known: !exchange.is_forwarded,
        body: body.as_ref().map_or(&[], |body| &body[..]),
        info: &exchange.info,
    };
    let core = &exchange.core;
    let page = match &body {
        Ok(_) => web::handle(&core.portico, &core.web, &request),
        Err(fault) => web::fault(&core.portico, &core.web, &request, fault),
    };
    Answer { operation: "Page", response: response(page) }
}

fn response(page: Page) -> Response<Bytes> {
    // Assets are not copied: clients that read slowly would hold a copy each.
    let body = match page.body {
        Cow::Borrowed(asset) => Bytes::from_static(asset.as_bytes()),
        Cow::Owned(page) => page.into(),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status(page.status);
    for (name, value) in page.headers {
        // An invalid value can only come from a bug. It is left out, so that it does not panic.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}
