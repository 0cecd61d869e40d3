//! Requests that a browser sends for a page of another site.
//!
//! A sandbox has keys that everybody knows, so a page of any site can sign links, and send them as the simple
//! requests that browsers send without asking. Programs send neither of the two headers that tell.
//! Fetch §3.2 (`Origin`), Fetch Metadata §2 (`Sec-Fetch-…`).

use http::{HeaderMap, Method, StatusCode, header, request};
use protocol::host::Host;

use super::Refused;
use crate::host_names;

/// Refuses a request that a browser marks as another site's, unless it opens a page.
pub(super) fn refuse_others(head: &request::Parts) -> Result<(), Refused> {
    if is_of_own_origin(&head.headers) && (is_of_own_site(&head.headers) || opens_page(head)) {
        return Ok(());
    }
    let must = "not come from a web page of another site: the keys of a sandbox are known to everybody. \
        Programs send no Origin and no Sec-Fetch-Site";
    Err(Refused::not_admitted(StatusCode::FORBIDDEN, must))
}

/// Tells whether the browser, if it is one, says that the page is of this origin or that a person asked.
fn is_of_own_site(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    // `same-site` is another origin: all ports of localhost are one site.
    sites.all(|site| site == "same-origin" || site == "none")
}

/// Tells whether `Origin`, if there is one, is the host that the request is for.
fn is_of_own_origin(headers: &HeaderMap) -> bool {
    let own = host_names::of(headers);
    headers.get_all(header::ORIGIN).iter().all(|origin| {
        let Ok(origin) = origin.to_str() else { return false };
        // A page with a referrer policy or a sandbox of its own has the origin `null`. For the first, the
        // browser says `same-origin` beside it.
        if origin == "null" {
            return headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
        }
        let host = ["http://", "https://"].iter().find_map(|scheme| origin.strip_prefix(scheme));
        let host = host.and_then(Host::parse);
        host.is_some() && host == own
    })
}

/// Tells whether a person follows a link to a page, or an application leads one to sign in.
///
/// Pages guard themselves: their forms have tokens, and opening one changes nothing.
fn opens_page(head: &request::Parts) -> bool {
    // A browser that says the site says these two as well.
    let says = |name: &str, value: &str| head.headers.get(name).is_none_or(|told| told == value);
    // A signature or an action makes the request one of S3 or of sts.
    let is_for_api = head.uri.query().is_some_and(|query| {
        let mut names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
        names.any(|name| name == "Action" || name.starts_with("X-Amz-"))
    });
    head.method == Method::GET
        && says("sec-fetch-mode", "navigate")
        && says("sec-fetch-dest", "document")
        && web::is_page(head.uri.path())
        && !is_for_api
        && !head.headers.contains_key(header::AUTHORIZATION)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(method: &str, target: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = http::Request::builder().method(method).uri(target);
        for (name, value) in [&[("host", "localhost:8080")], headers].concat() {
            request = request.header(name, value);
        }
        refuse_others(&request.body(()).unwrap().into_parts().0).is_ok()
    }

    #[test]
    fn programs_and_own_pages_pass() {
        let own = ("origin", "http://localhost:8080");
        for headers in [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[own],
            &[own, ("sec-fetch-site", "same-origin")],
            &[("origin", "null"), ("sec-fetch-site", "same-origin")],
        ] {
            for target in ["/sign-in", "/_sandbox/mail", "/bucket/key"] {
                assert!(passes("POST", target, headers), "{headers:?}");
            }
        }
    }

    #[test]
    fn other_sites_pass_with_nothing_but_a_link_to_a_page() {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "same-origin, cross-site")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://localhost:3000")],
            &[("origin", "http://localhost")],
            &[("origin", "http://127.0.0.1:8080")],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "http://localhost:8080"), ("origin", "https://evil.example")],
            &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
        ] {
            for (method, target) in [
                ("GET", "/_sandbox/mail"),
                ("POST", "/_sandbox/reset"),
                ("POST", "/bucket?delete&X-Amz-Signature=1"),
                ("GET", "/bucket/key"),
                ("POST", "/"),
                ("OPTIONS", "/"),
            ] {
                assert!(!passes(method, target, headers), "{method} {target} {headers:?}");
            }
        }
        let link = [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        assert!(passes("GET", "/authorize?client_id=x", &link));
        for (method, target) in [
            ("POST", "/sign-in"),
            ("GET", "/_sandbox/mail"),
            ("GET", "/bucket/key"),
            ("GET", "/start?X-Amz-Signature=1"),
            ("GET", "/sign-in?Action=GetCallerIdentity"),
        ] {
            assert!(!passes(method, target, &link), "{method} {target}");
        }
        for more in [("origin", "https://evil.example"), ("sec-fetch-mode", "cors")] {
            assert!(!passes("GET", "/sign-in", &[link[0], more]), "{more:?}");
        }
        assert!(passes("GET", "/sign-in", &link[..1]));
        let frame = [link[0], link[1], ("sec-fetch-dest", "iframe")];
        assert!(!passes("GET", "/authorize", &frame));
    }
}
