//! The bucket that a host name means.
//!
//! S3 User Guide, "Virtual hosting of buckets": `<bucket>.<domain>`; without one the path begins
//! with the bucket.

use http::{HeaderMap, Uri, header};
use protocol::host::{Host, Name};

/// The domains under which each name is a bucket.
#[derive(Clone, Debug)]
pub struct Domains {
    /// The configured domain. It has only buckets as sub-domains.
    configured: Option<String>,
    /// The server's own name, which is never a bucket.
    own: String,
}

impl Domains {
    /// `localhost`, and the configured domain.
    #[must_use]
    pub fn new(configured: Option<&str>, public_url: &str) -> Self {
        let own = public_url.parse().ok().and_then(|url: Uri| url.host().map(str::to_owned));
        Self { configured: configured.map(str::to_owned), own: own.unwrap_or_default() }
    }

    /// Tells whether requests to this host are for the store.
    #[must_use]
    pub fn is_for_objects(&self, headers: &HeaderMap) -> bool {
        let is_configured = || {
            let (host, domain) = (host(headers)?, self.configured.as_ref()?);
            Some(host.eq_ignore_ascii_case(domain) && !host.eq_ignore_ascii_case(&self.own))
        };
        self.bucket(headers).is_some() || is_configured() == Some(true)
    }

    /// The bucket that the host of a request names, if it names one.
    #[must_use]
    pub fn bucket<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let name = host(headers).filter(|name| !name.eq_ignore_ascii_case(&self.own))?;
        // A configured domain may be below `localhost`.
        [self.configured.as_deref(), Some("localhost")].into_iter().flatten().find_map(|domain| {
            let split = name.len().checked_sub(domain.len())?;
            let (bucket, rest) = name.split_at_checked(split)?;
            let bucket = bucket.strip_suffix('.')?;
            (rest.eq_ignore_ascii_case(domain) && !bucket.is_empty()).then_some(bucket)
        })
    }

    /// The address of the request with the bucket in its path, if the host has it.
    #[must_use]
    pub fn path_style(&self, uri: &Uri, headers: &HeaderMap) -> Option<Uri> {
        let bucket = self.bucket(headers)?;
        let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
        format!("/{bucket}{}{query}", uri.path()).parse().ok()
    }
}

/// The name in `Host`, without the dot of the root; `None` if it is an address or no host.
fn host(headers: &HeaderMap) -> Option<&str> {
    match Host::parse(headers.get(header::HOST)?.to_str().ok()?)?.name() {
        Name::Named(name) => Some(name.strip_suffix('.').unwrap_or(name)),
        Name::Address(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, host.parse().unwrap())])
    }

    fn domains() -> Domains {
        Domains::new(Some("S3.example.com"), "http://portico.localhost:8080")
    }

    fn bucket(host: &str) -> Option<String> {
        domains().bucket(&headers(host)).map(str::to_owned)
    }

    #[test]
    fn a_name_below_a_domain_is_a_bucket() {
        assert_eq!(bucket("photos.localhost:8080").as_deref(), Some("photos"));
        assert_eq!(bucket("my.photos.s3.EXAMPLE.com").as_deref(), Some("my.photos"));
        assert_eq!(bucket("photos.localhost.:8080").as_deref(), Some("photos"));
    }

    #[test]
    fn any_other_host_names_no_bucket() {
        for host in [
            "localhost",
            "localhost:8080",
            "127.0.0.1:8080",
            "[::1]:80",
            "s3.example.com",
            "example.com",
            ".localhost",
            "notlocalhost",
            "photos.localhost.evil.example",
            "ä",
            "",
        ] {
            assert_eq!(bucket(host), None, "{host}");
        }
    }

    #[test]
    fn a_domain_below_localhost_goes_first() {
        let domains = Domains::new(Some("s3.localhost"), "http://localhost:8080");
        let bucket = |host: &str| domains.bucket(&headers(host)).map(str::to_owned);
        assert_eq!(bucket("photos.s3.localhost").as_deref(), Some("photos"));
        assert_eq!(bucket("photos.localhost").as_deref(), Some("photos"));
    }

    #[test]
    fn the_servers_own_name_is_no_bucket() {
        assert_eq!(bucket("portico.localhost:8080"), None);
        assert_eq!(bucket("photos.portico.localhost").as_deref(), Some("photos.portico"));
    }

    #[test]
    fn a_host_for_objects_alone_is_theirs_without_a_bucket_too() {
        let is = |host: &str| domains().is_for_objects(&headers(host));
        assert!(is("s3.example.com") && is("photos.s3.example.com") && is("photos.localhost"));
        assert!(!is("portico.localhost") && !is("localhost") && !is("example.com"));
    }

    #[test]
    fn the_bucket_moves_into_the_path() {
        let (domains, headers) = (domains(), headers("b.localhost"));
        let moved = |uri: &'static str| domains.path_style(&Uri::from_static(uri), &headers);
        assert_eq!(moved("/a//b%20c?x=1&y").unwrap(), "/b/a//b%20c?x=1&y");
        assert_eq!(moved("//a").unwrap(), "/b//a");
        assert_eq!(moved("/").unwrap(), "/b/");
    }
}
