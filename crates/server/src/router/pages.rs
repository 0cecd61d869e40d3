//! Pages: forms in, HTML out.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, header};
use web::{Page, PageRequest};

use super::{Answer, Exchange, status};

pub(super) fn answer(exchange: &Exchange<'_>, site: &web::Site) -> Answer {
    let cookies = exchange.parts.headers.get_all(header::COOKIE).iter();
    let cookies: Vec<&str> = cookies.filter_map(|value| value.to_str().ok()).collect();
    let is_prefetch = ["sec-purpose", "purpose"]
        .iter()
        .any(|name| exchange.header(name).is_some_and(|purpose| purpose.contains("prefetch")));
    let page = match &exchange.body {
        Ok(body) => web::handle(
            exchange.portico,
            site,
            &PageRequest {
                method: exchange.parts.method.as_str(),
                path: exchange.parts.uri.path(),
                query: exchange.query(),
                host: exchange.header("host"),
                cookies: &cookies.join("; "),
                fetch_site: exchange.header("sec-fetch-site"),
                is_prefetch,
                body,
                info: &exchange.info,
            },
        ),
        Err(fault) => web::problem::fault(fault, exchange.info.id.as_str()),
    };
    Answer { operation: "Page", response: response(page) }
}

fn response(page: Page) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(page.body.into_owned()));
    *response.status_mut() = status(page.status);
    for (name, value) in page.headers {
        // A value that is no header is left out: it could only come from a bug, and must not panic.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}
