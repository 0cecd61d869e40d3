//! The address that people and programs know the server under.

/// The public URL, without a slash at the end, or the reason why it is refused.
pub fn public_url(given: Option<&str>, port: u16, insecure_http: bool) -> Result<String, String> {
    let Some(given) = given else { return Ok(format!("http://localhost:{port}")) };
    let url = given.trim_end_matches('/');
    let shape = || {
        format!(
            "the public URL {given:?} must be https:// and a host, with a port if need be and without \
             a path, such as https://sso.example.com"
        )
    };
    let uri: http::Uri = url.parse().map_err(|_| shape())?;
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    if uri.path() != "/" || uri.query().is_some() || host.is_empty() {
        return Err(shape());
    }
    let here = host == "localhost"
        || host.ends_with(".localhost")
        || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    // RFC 3986 §6.2.2.1: scheme and host mean the same in capitals. All else compares them as text.
    let url = url.to_ascii_lowercase();
    match uri.scheme_str() {
        Some("https") => Ok(url),
        Some("http") if here || insecure_http => Ok(url),
        Some("http") => Err(format!(
            "the public URL {given:?} would send passwords over the network in the clear. Put TLS in \
             front and use an https URL (docs/operate has a proxy's settings), or say --insecure-http \
             if the network is safe"
        )),
        Some(_) | None => Err(shape()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        assert_eq!(public_url(None, 8080, false), Ok("http://localhost:8080".to_owned()));
        for good in ["https://sso.example.com", "http://127.0.0.1:1", "http://[::1]:9"] {
            assert_eq!(public_url(Some(good), 1, false), Ok(good.to_owned()));
        }
        for bad in ["http://sso.example.com", "ftp://localhost", "sso", "https://a/b", ""] {
            assert!(public_url(Some(bad), 1, false).is_err(), "{bad}");
        }
        let shouted = public_url(Some("HTTPS://SSO.Example.COM:8443/"), 1, false);
        assert_eq!(shouted, Ok("https://sso.example.com:8443".to_owned()));
        let plain = "http://sso.example.com";
        assert_eq!(public_url(Some("http://sso.example.com/"), 1, true), Ok(plain.to_owned()));
    }
}
