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
    Answer { operation: "Page", response: response(page, exchange.info.secure) }
}

/// How long a browser comes by https alone, once it came so. RFC 6797 §6.1.
const ONLY_BY_HTTPS: &str = "max-age=31536000";

fn response(page: Page, is_secure: bool) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(page.body.into_owned()));
    *response.status_mut() = status(page.status);
    for (name, value) in page.headers {
        // A value that is no header is left out: it could only come from a bug, and must not panic.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    if is_secure {
        let value = HeaderValue::from_static(ONLY_BY_HTTPS);
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
        // RFC 6797 §7.2: over plain http it must not be sent.
        assert_eq!(told(false), None);
    }
}
