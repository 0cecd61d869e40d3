//! Which bucket a host name means.
//!
//! S3 User Guide, "Virtual hosting of buckets": `<bucket>.<domain>`; without one the path begins
//! with the bucket.

use http::{HeaderMap, Uri, header};

/// The domains under which each name is a bucket.
#[derive(Clone, Debug)]
pub struct Domains(Vec<String>);

impl Domains {
    /// `localhost`, and what was configured.
    #[must_use]
    pub fn new(configured: impl IntoIterator<Item = String>) -> Self {
        let configured = configured.into_iter().map(|domain| domain.to_ascii_lowercase());
        Self(std::iter::once("localhost".to_owned()).chain(configured).collect())
    }

    /// The bucket that the host of a request names, if it names one.
    #[must_use]
    pub fn bucket<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let host = headers.get(header::HOST)?.to_str().ok()?;
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        self.0.iter().find_map(|domain| {
            let split = name.len().checked_sub(domain.len())?;
            let (bucket, rest) = name.split_at_checked(split)?;
            let bucket = bucket.strip_suffix('.')?;
            (rest.eq_ignore_ascii_case(domain) && !bucket.is_empty()).then_some(bucket)
        })
    }

    /// The address of the request with the bucket in its path, wherever the client put it.
    #[must_use]
    pub fn path_style(&self, uri: &Uri, headers: &HeaderMap) -> Option<Uri> {
        let bucket = self.bucket(headers)?;
        let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
        format!("/{bucket}{}{query}", uri.path()).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(host: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
        Domains::new(["S3.example.com".to_owned()]).bucket(&headers).map(str::to_owned)
    }

    #[test]
    fn a_name_below_a_domain_is_a_bucket() {
        assert_eq!(bucket("photos.localhost:8080").as_deref(), Some("photos"));
        assert_eq!(bucket("my.photos.s3.EXAMPLE.com").as_deref(), Some("my.photos"));
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
    fn the_bucket_moves_into_the_path() {
        let headers = HeaderMap::from_iter([(header::HOST, "b.localhost".parse().unwrap())]);
        let domains = Domains::new([]);
        let moved = |uri: &'static str| domains.path_style(&Uri::from_static(uri), &headers);
        assert_eq!(moved("/a//b%20c?x=1&y").unwrap(), "/b/a//b%20c?x=1&y");
        assert_eq!(moved("//a").unwrap(), "/b//a");
        assert_eq!(moved("/").unwrap(), "/b/");
    }
}
