//! The address that people and programs know the server under.

use http::uri::Uri;
use protocol::host::{Host, Name};

use super::S3Domain;

/// The public URL, without a slash at the end and without the port that its scheme has anyway, or the reason why
/// it is refused. A server that ends TLS itself (`is_tls`) has one of https.
pub fn public_url(
    given: Option<&str>,
    port: u16,
    is_tls: bool,
    insecure_http: bool,
) -> Result<String, String> {
    let scheme = if is_tls { "https" } else { "http" };
    let Some(given) = given else { return Ok(written(scheme, &format!("localhost:{port}"))) };
    let url = given.trim_end_matches('/');
    let shape = || {
        format!(
            "the public URL {given:?} must be https:// and a host, with a port if need be and without \
             a path or a user, such as https://sso.example.com"
        )
    };
    let uri: Uri = url.parse().map_err(|_| shape())?;
    if uri.path() != "/" || uri.query().is_some() {
        return Err(shape());
    }
    let host = host(&uri).ok_or_else(shape)?;
    let write = |scheme| written(scheme, &host.to_string());
    match uri.scheme_str() {
        Some("https") => Ok(write("https")),
        Some("http") if is_tls => Err(format!(
            "the public URL {given:?} must begin with https://, because the server speaks HTTPS (--tls-cert)"
        )),
        Some("http") if host.name().is_loopback() || insecure_http => Ok(write("http")),
        Some("http") => Err(format!(
            "the public URL {given:?} would send passwords over the network in the clear. Use an https URL, with \
             --tls-cert and --tls-key or a proxy in front (docs/operate has its settings), or say --insecure-http \
             if the network is safe"
        )),
        Some(_) | None => Err(shape()),
    }
}

/// Tells whether a public URL leads to `localhost`.
#[must_use]
pub fn is_localhost(public_url: &str) -> bool {
    let uri: Option<Uri> = public_url.parse().ok();
    uri.as_ref().and_then(host).is_some_and(|host| host.name() == Name::Named("localhost"))
}

/// Tells whether a public URL leads to programs on this machine only.
#[must_use]
pub fn is_on_loopback(public_url: &str) -> bool {
    let uri: Option<Uri> = public_url.parse().ok();
    uri.as_ref().and_then(host).is_some_and(|host| host.name().is_loopback())
}

/// The host of a public URL, without its port.
#[must_use]
pub fn host_of(public_url: &str) -> Option<String> {
    let uri: Uri = public_url.parse().ok()?;
    Some(uri.host()?.to_owned())
}

/// Refuses a domain for buckets that has the host of the public URL as a name of its own or as a bucket.
pub fn require_apart(public_url: &str, s3_domain: &S3Domain) -> Result<(), String> {
    let uri: Option<Uri> = public_url.parse().ok();
    let Some(host) = uri.as_ref().and_then(host) else { return Ok(()) };
    let domain = s3_domain.as_str();
    let what = if host.name() == Name::Named(domain) {
        "is the host of the public URL, where the pages and the other services are"
    } else if host.name().is_below(domain) {
        "has the host of the public URL below it, which would be the name of a bucket"
    } else {
        return Ok(());
    };
    Err(format!(
        "--s3-domain {domain} {what}: give S3 a name of its own, such as s3.{}",
        host.to_string().split(':').next().unwrap_or_default()
    ))
}

fn host(uri: &Uri) -> Option<Host<'_>> {
    // It knows neither users nor patterns.
    Host::parse(uri.authority()?.as_str())
}

/// Writes a URL as browsers do. RFC 3986 §6.2.2.1 and §6.2.3: scheme and host mean the same in capitals, and the
/// default port says nothing. All else compares public URLs as text.
fn written(scheme: &str, host: &str) -> String {
    let default = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(default).unwrap_or(host);
    format!("{scheme}://{}", host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        assert_eq!(public_url(None, 8080, false, false), Ok("http://localhost:8080".to_owned()));
        for good in ["https://sso.example.com", "http://127.0.0.1:1", "http://[::1]:9"] {
            assert_eq!(public_url(Some(good), 1, false, false), Ok(good.to_owned()));
        }
        for bad in ["http://sso.example.com", "ftp://localhost", "sso", "https://a/b", ""] {
            assert!(public_url(Some(bad), 1, false, false).is_err(), "{bad}");
        }
        let shouted = public_url(Some("HTTPS://SSO.Example.COM:8443/"), 1, false, false);
        assert_eq!(shouted, Ok("https://sso.example.com:8443".to_owned()));
        let plain = "http://sso.example.com";
        assert_eq!(
            public_url(Some("http://sso.example.com/"), 1, false, true),
            Ok(plain.to_owned())
        );
    }

    #[test]
    fn a_public_url_has_neither_user_nor_pattern() {
        for bad in [
            "https://me@sso.example.com",
            "https://me:hush@sso.example.com",
            "https://@sso.example.com",
            "https://*.example.com",
            "https://sso.example.com:x",
            "https://sso%2eexample.com",
            "https://sso.example.com?x",
        ] {
            let refused = public_url(Some(bad), 1, false, true).unwrap_err();
            assert!(refused.contains("such as https://sso.example.com"), "{refused}");
        }
    }

    #[test]
    fn the_port_that_a_scheme_has_anyway_is_dropped() {
        for (given, written) in [
            ("https://sso.example.com:443", "https://sso.example.com"),
            ("https://sso.example.com:0443/", "https://sso.example.com"),
            ("https://sso.example.com:", "https://sso.example.com"),
            ("https://sso.example.com:80", "https://sso.example.com:80"),
            ("http://localhost:80", "http://localhost"),
            ("http://[::1]:80", "http://[::1]"),
            ("http://localhost:443", "http://localhost:443"),
        ] {
            assert_eq!(public_url(Some(given), 1, false, false).as_deref(), Ok(written), "{given}");
        }
        assert_eq!(public_url(None, 80, false, false).as_deref(), Ok("http://localhost"));
    }

    #[test]
    fn a_server_with_tls_has_a_url_of_https() {
        let of = |given| public_url(given, 8443, true, true);
        assert_eq!(of(None).as_deref(), Ok("https://localhost:8443"));
        assert_eq!(of(Some("https://sso.example.com")).as_deref(), Ok("https://sso.example.com"));
        assert!(of(Some("http://localhost:8443")).unwrap_err().contains("begin with https://"));
        assert_eq!(host_of("https://[::1]:8443").as_deref(), Some("[::1]"));
    }

    #[test]
    fn localhost_is_known_by_its_name() {
        assert!(is_localhost("http://localhost:8080") && is_localhost("https://localhost"));
        for url in ["http://localhost.evil.example", "http://a.localhost", "http://127.0.0.1:1"] {
            assert!(!is_localhost(url), "{url}");
        }
    }

    #[test]
    fn the_domain_of_buckets_is_apart_from_the_public_host() {
        let apart =
            |domain: &str| require_apart("https://sso.example.com:8443", &domain.parse().unwrap());
        for domain in ["s3.sso.example.com", "s3.example.com", "o.example.com", "s3"] {
            assert_eq!(apart(domain), Ok(()), "{domain}");
        }
        for domain in ["sso.example.com", "SSO.example.com", "example.com", "com"] {
            let refused = apart(domain).unwrap_err();
            assert!(refused.ends_with("such as s3.sso.example.com"), "{refused}");
        }
        assert_eq!(require_apart("http://127.0.0.1:8080", &"s3.test".parse().unwrap()), Ok(()));
        assert!(require_apart("http://localhost:8080", &"localhost".parse().unwrap()).is_err());
    }
}
