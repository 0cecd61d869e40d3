//! Exactly one host for each request.
//!
//! RFC 9112 §3.2: a request with no `Host`, with two, or with an invalid one gets 400. Two servers on the way
//! that read different ones would disagree about whose request it is. In HTTP/2 `:authority` stands for `Host`, and the
//! library gives it as the host of an absolute target.

use http::uri::{PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, Uri, Version, header, request};
use protocol::host::Host;

use super::Refused;
use crate::host_names;

/// Leaves the request with one valid `Host`, or says why that cannot be.
pub(super) fn leave_one(head: &mut request::Parts) -> Result<(), Refused> {
    let told = told(&head.headers)?;
    let target = match absolute(&head.uri)? {
        // RFC 9113 §8.3.1: a `Host` beside it names the same, or the request is malformed.
        Some((target, path)) if head.version >= Version::HTTP_2 => {
            if told && host_names::of(&head.headers) != target.to_str().ok().and_then(Host::parse) {
                return Err(bad("have the same host in Host and in :authority (RFC 9113 §8.3.1)"));
            }
            Some((target, path))
        }
        // RFC 9112 §3.2.2: the host of an absolute target wins over `Host`, which must be there in HTTP/1.1
        // all the same.
        Some((target, path)) if told || head.version == Version::HTTP_10 => Some((target, path)),
        Some(_) | None if told => None,
        Some(_) | None => return Err(bad("have a Host header (RFC 9112 §3.2)")),
    };
    if let Some((host, path)) = target {
        head.headers.insert(header::HOST, host);
        head.uri = path;
    }
    Ok(())
}

/// Tells whether there is a `Host`. More than one, and an invalid one, is refused.
fn told(headers: &HeaderMap) -> Result<bool, Refused> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let Some(host) = hosts.next() else { return Ok(false) };
    if hosts.next().is_some() {
        return Err(bad("have one Host header, not several (RFC 9112 §3.2)"));
    }
    match host.to_str().ok().and_then(Host::parse) {
        Some(_) => Ok(true),
        None => Err(bad("have a Host header with a name or an address, and a port if need be")),
    }
}

/// The host and the rest of an absolute request target. RFC 9112 §3.2.2.
fn absolute(uri: &Uri) -> Result<Option<(HeaderValue, Uri)>, Refused> {
    let Some(scheme) = uri.scheme() else { return Ok(None) };
    let is_http = *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS;
    // RFC 9110 §4.2.4: a user name in front of the host is an error.
    let host = uri.authority().map(http::uri::Authority::as_str).filter(|_| is_http);
    let host = host.and_then(Host::parse).and_then(|host| host.to_string().try_into().ok());
    let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    match host {
        Some(host) => Ok(Some((host, Uri::from(path)))),
        None => Err(bad("have a target that is a path, or a URL of http or https with a host")),
    }
}

fn bad(must: &'static str) -> Refused {
    Refused::unreadable(must)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    /// Host and target after `leave_one`, or `None` if the request is refused.
    fn left(version: Version, target: &str, hosts: &[&str]) -> Option<(String, String)> {
        let mut request = Request::builder().version(version).uri(target);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        let mut head = request.body(()).unwrap().into_parts().0;
        leave_one(&mut head).ok()?;
        let mut hosts = head.headers.get_all(header::HOST).iter();
        let host = hosts.next().unwrap().to_str().unwrap().to_owned();
        assert!(hosts.next().is_none());
        Some((host, head.uri.to_string()))
    }

    fn assert_left(version: Version, target: &str, host: &str, wanted: (&str, &str)) {
        let (host, target) = left(version, target, &[host]).unwrap();
        assert_eq!((host.as_str(), target.as_str()), wanted);
    }

    #[test]
    fn one_host_passes_and_any_other_number_does_not() {
        for version in [Version::HTTP_10, Version::HTTP_11] {
            assert_left(version, "/a?b", "localhost:1", ("localhost:1", "/a?b"));
            assert_eq!(left(version, "/a", &[]), None);
            assert_eq!(left(version, "/a", &["localhost", "localhost"]), None);
            assert_eq!(left(version, "/a", &["localhost", "evil.example"]), None);
            assert_left(version, "*", "localhost", ("localhost", "*"));
        }
    }

    #[test]
    fn a_host_that_is_none_is_refused() {
        for host in ["", "a b", "a,b", "user@localhost", "localhost:x", "http://localhost", "[::1"]
        {
            assert_eq!(left(Version::HTTP_11, "/", &[host]), None, "{host}");
        }
    }

    #[test]
    fn the_host_of_an_absolute_target_wins() {
        let target = "http://b.localhost:1/a?c";
        for version in [Version::HTTP_10, Version::HTTP_11] {
            assert_left(version, target, "other.example", ("b.localhost:1", "/a?c"));
        }
        // HTTP/1.0 has no `Host`. RFC 9112 §3.2: without one a request of HTTP/1.1 is refused.
        assert!(left(Version::HTTP_10, target, &[]).is_some());
        assert_eq!(left(Version::HTTP_11, target, &[]), None);
        assert_left(Version::HTTP_11, "http://localhost", "x", ("localhost", "/"));
        for target in ["ftp://localhost/a", "http://user@localhost/a"] {
            assert_eq!(left(Version::HTTP_11, target, &["localhost"]), None, "{target}");
        }
        assert_eq!(left(Version::HTTP_11, target, &["localhost", "localhost"]), None);
    }

    #[test]
    fn the_authority_of_http_2_is_the_host() {
        let target = "https://b.localhost:1/a?c";
        let wanted = Some(("b.localhost:1".to_owned(), "/a?c".to_owned()));
        for hosts in [&[][..], &["b.localhost:1"], &["B.localhost:1"]] {
            assert_eq!(left(Version::HTTP_2, target, hosts), wanted, "{hosts:?}");
        }
        for hosts in [
            &["b.localhost"][..],
            &["other.example"],
            &["b.localhost:1", "b.localhost:1"],
            &["a b"],
        ] {
            assert_eq!(left(Version::HTTP_2, target, hosts), None, "{hosts:?}");
        }
        // Without `:authority` it is `Host`, and without both there is none.
        assert_left(Version::HTTP_2, "/a", "localhost", ("localhost", "/a"));
        assert_eq!(left(Version::HTTP_2, "/a", &[]), None);
    }
}
