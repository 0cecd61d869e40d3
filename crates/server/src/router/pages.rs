//! Pages: forms in, HTML out.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, header};
use web::{Page, PageRequest};

use crate::exchange::{Answer, Exchange};
use crate::reply::status;

/// `max-age` of Strict-Transport-Security: one year. RFC 6797 §6.1.
const HTTPS_ONLY: &str = "max-age=31536000";

pub(super) fn answer(exchange: &Exchange) -> Answer {
    exchange.record_operation("Page");
    let head = &exchange.head;
    let cookies = head.parts.headers.get_all(header::COOKIE).iter();
    let cookies: Vec<&str> = cookies.filter_map(|value| value.to_str().ok()).collect();
    let page = match exchange.body() {
        Ok(body) => web::handle(
            &exchange.core.portico,
            &exchange.core.web,
            &PageRequest {
                method: head.method(),
                path: head.path(),
                query: head.query(),
                host: head.header("host"),
                cookies: &cookies.join("; "),
                fetch_site: head.header("sec-fetch-site"),
                body,
                info: &exchange.info,
            },
        ),
        Err(fault) => web::problem::fault(&fault, exchange.info.id.as_str()),
    };
    Answer { operation: "Page", response: response(page, exchange.info.secure) }
}

fn response(page: Page, is_secure: bool) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(page.body.into_owned()));
    *response.status_mut() = status(page.status);
    for (name, value) in page.headers {
        // An invalid value can only come from a bug. It is left out, so that it does not panic.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    if is_secure {
        let value = HeaderValue::from_static(HTTPS_ONLY);
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_came_by_https_does_not_come_otherwise_again() {
        let told = |is_secure| {
            let response = response(Page::redirect("/start"), is_secure);
            let value = response.headers().get(header::STRICT_TRANSPORT_SECURITY);
            value.map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(told(true).as_deref(), Some("max-age=31536000"));
        // RFC 6797 §7.2: a response over plain http must not have it.
        assert_eq!(told(false), None);
    }
}
