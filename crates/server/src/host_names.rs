//! The names under which a server on loopback answers.
//!
//! A web page can give a name of its own the address 127.0.0.1 (DNS rebinding). The browser then takes the
//! server on this machine for the page's own, and only `Host` still has the page's name.
//! INVARIANT: a sandbox, whose keys everybody knows, answers only to names that are loopback by definition
//! and to those that it was started with.

use http::uri::Uri;
use http::{HeaderMap, Method, header, request};
use protocol::host::{Host, HostName, Name};

/// The names under which a server answers.
#[derive(Debug)]
pub struct Names {
    /// Further names, exactly as they are.
    hosts: Vec<HostName>,
    /// A domain whose sub-domains are buckets.
    s3_domain: Option<String>,
    /// True if the server answers to every address.
    any_address: bool,
    /// End of the refusal: how another name is added.
    way_out: &'static str,
}

impl Names {
    /// The names of a sandbox.
    #[must_use]
    pub fn of_sandbox(allowed: &[HostName]) -> Self {
        Self {
            hosts: allowed.to_vec(),
            s3_domain: None,
            any_address: false,
            way_out: "`portico sandbox --allow-host NAME` adds a name",
        }
    }

    /// The names of a server, or `None` if its public URL is not on loopback: proxies and health checks reach
    /// such a server under names that only they know.
    ///
    /// An address in `Host` is never that of another page, so every address is taken.
    #[must_use]
    pub fn of_server(
        public_url: &str,
        s3_domain: Option<&str>,
        allowed: &[HostName],
    ) -> Option<Self> {
        let uri: Uri = public_url.parse().ok()?;
        let own = uri.authority().and_then(|authority| Host::parse(authority.as_str()))?;
        own.name().is_loopback().then(|| Self {
            hosts: allowed.to_vec(),
            s3_domain: s3_domain.map(str::to_owned),
            any_address: true,
            way_out: "`--public-url URL` sets the name that people use, and `--allow-host NAME` adds one",
        })
    }

    /// Fails for a request with another name. The text ends the sentence "The request must …".
    pub fn check(&self, head: &request::Parts) -> Result<(), String> {
        if is_health_check(head) || of(&head.headers).is_some_and(|host| self.admits(host.name())) {
            return Ok(());
        }
        let addresses = if self.any_address { "an IP address" } else { "a loopback address" };
        Err(format!(
            "have a Host that this server answers to: localhost, a name below localhost, or {addresses}. {}",
            self.way_out
        ))
    }

    fn admits(&self, name: Name<'_>) -> bool {
        let is_address = matches!(name, Name::Address(_));
        let of_s3 = |domain: &String| name == Name::Named(domain) || name.is_below(domain);
        name.is_loopback()
            || (is_address && self.any_address)
            || self.s3_domain.as_ref().is_some_and(of_s3)
            || self.hosts.iter().any(|host| host.name() == Some(name))
    }
}

/// The host of a request.
#[must_use]
pub fn of(headers: &HeaderMap) -> Option<Host<'_>> {
    Host::parse(headers.get(header::HOST)?.to_str().ok()?)
}

/// Tells whether a request asks only whether the server is well: probes use whatever name they have.
fn is_health_check(head: &request::Parts) -> bool {
    let is_plain = head.uri.query().is_none() && !head.headers.contains_key(header::AUTHORIZATION);
    matches!(head.method, Method::GET | Method::HEAD)
        && matches!(head.uri.path(), "/healthz" | "/readyz")
        && is_plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(names: &Names, host: &str) -> bool {
        names.admits(Host::parse(host).unwrap().name())
    }

    #[test]
    fn a_sandbox_answers_to_loopback_and_to_the_names_that_it_was_given() {
        let names = Names::of_sandbox(&["aws.test", "10.0.0.7"].map(|host| host.parse().unwrap()));
        for host in [
            "localhost:8080",
            "127.0.0.1",
            "127.9.9.9:1",
            "[::1]:8080",
            "photos.localhost:8080",
            "AWS.test:8080",
            "10.0.0.7",
        ] {
            assert!(admits(&names, host), "{host}");
        }
        for host in
            ["rebind.attacker.example", "photos.aws.test", "10.0.0.8", "localhost.evil.example"]
        {
            assert!(!admits(&names, host), "{host}");
        }
    }

    #[test]
    fn a_server_on_loopback_answers_to_addresses_and_to_the_domain_of_s3_too() {
        for url in ["http://localhost:8080", "http://127.0.0.1:1", "http://portico.localhost"] {
            let names = Names::of_server(url, Some("s3.test"), &[]).unwrap();
            for host in ["portico.localhost", "s3.test", "photos.S3.test:80", "192.168.1.9:8080"] {
                assert!(admits(&names, host), "{url} {host}");
            }
            assert!(!admits(&names, "rebind.attacker.example") && !admits(&names, "as3.test"));
        }
    }

    #[test]
    fn a_server_with_another_public_url_answers_to_every_name() {
        assert!(Names::of_server("https://sso.example.com", None, &[]).is_none());
        assert!(Names::of_server("http://10.0.0.1:8080", None, &[]).is_none());
    }

    #[test]
    fn a_refusal_says_which_names_are_answered() {
        let refusal = |names: &Names| {
            let request = http::Request::builder().header(header::HOST, "pod.example");
            names.check(&request.body(()).unwrap().into_parts().0).unwrap_err()
        };
        let server = Names::of_server("http://localhost:8080", None, &[]).unwrap();
        assert!(refusal(&server).contains("below localhost, or an IP address. `--public-url"));
        let sandbox = Names::of_sandbox(&[]);
        assert!(
            refusal(&sandbox).contains("below localhost, or a loopback address. `portico sandbox")
        );
    }

    #[test]
    fn only_a_health_check_may_have_any_name() {
        let names = Names::of_sandbox(&[]);
        let is_refused = |method: &str, target: &str| {
            let request = http::Request::builder().method(method).uri(target);
            let request = request.header(header::HOST, "pod.example").body(()).unwrap();
            names.check(&request.into_parts().0).is_err()
        };
        assert!(!is_refused("GET", "/healthz") && !is_refused("HEAD", "/readyz"));
        for (method, target) in [
            ("GET", "/metrics"),
            ("PUT", "/readyz"),
            ("GET", "/readyz?X-Amz-Signature=1"),
            ("GET", "/_sandbox/mail"),
            ("POST", "/"),
        ] {
            assert!(is_refused(method, target), "{method} {target}");
        }
    }
}
