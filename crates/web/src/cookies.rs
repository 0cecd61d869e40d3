//! Cookies, RFC 6265bis: their names, and how they are written and read.
//!
//! With an https public URL each cookie has the prefix `__Host-` and the attribute `Secure`, so no other
//! host and no plain connection can read or plant it. A browser refuses both on plain http, which is
//! allowed only on the loopback. There the names contain the port, because browsers share cookies
//! between ports, and two servers of one machine must not sign each other's users out.

use std::fmt::Write;

use kernel::Portico;

/// Cookie that Portico keeps in a browser.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cookie {
    /// Token of the portal session.
    Session,
    /// Random text, for forms that are sent before sign-in.
    Browser,
    /// Secrets of people who called this browser their own.
    Trusted,
    /// Keys of the role under which the console is open.
    Console,
}

impl Cookie {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "portico-session",
            Self::Browser => "portico-visit",
            Self::Trusted => "portico-trusted",
            Self::Console => "portico-console",
        }
    }
}

/// Names of the cookies of this server.
#[derive(Clone, Debug)]
pub(crate) struct CookieNames {
    secure: bool,
    port: String,
}

impl CookieNames {
    pub(crate) fn new(public_url: &str) -> Self {
        let secure = public_url.starts_with("https://");
        let authority = public_url.split('/').nth(2).unwrap_or_default();
        let port = authority.rsplit_once(':').map_or("80", |(_, port)| port);
        Self { secure, port: port.to_owned() }
    }

    fn name(&self, cookie: Cookie) -> String {
        if self.secure {
            format!("__Host-{}", cookie.name())
        } else {
            format!("{}-{}", cookie.name(), self.port)
        }
    }

    /// Returns the value that the browser sent. Of two cookies with one name the first counts.
    pub(crate) fn read<'r>(&self, header: &'r str, cookie: Cookie) -> Option<&'r str> {
        let name = self.name(cookie);
        let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs
            .filter(|(key, value)| *key == name && !value.is_empty())
            .map(|(_, value)| value)
            .next()
    }

    /// Writes the header that keeps `value` for `seconds`, or until the browser is closed.
    pub(crate) fn keep(&self, cookie: Cookie, value: &str, seconds: Option<i64>) -> String {
        let mut header = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.name(cookie));
        if self.secure {
            header.push_str("; Secure");
        }
        if let Some(seconds) = seconds {
            // Writing to a string cannot fail.
            let _ = write!(header, "; Max-Age={seconds}");
        }
        header
    }

    /// Writes the header that drops the cookie.
    pub(crate) fn drop(&self, cookie: Cookie) -> String {
        self.keep(cookie, "", Some(0))
    }
}

/// Returns the secret of the portal session in the cookies of a request to this server.
#[must_use]
pub fn session_secret<'r>(portico: &Portico, cookies: &'r str) -> Option<&'r str> {
    if cookies.is_empty() {
        return None;
    }
    CookieNames::new(&portico.settings.public_url).read(cookies, Cookie::Session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_cookies_are_bound_to_the_host_and_to_tls() {
        let names = CookieNames::new("https://sso.example.com");
        assert_eq!(
            names.keep(Cookie::Session, "t", Some(60)),
            "__Host-portico-session=t; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60"
        );
        assert_eq!(names.read("a=1; __Host-portico-session=t", Cookie::Session), Some("t"));
        assert_eq!(names.read("portico-session=t; portico-session-80=t", Cookie::Session), None);
    }

    #[test]
    fn plain_cookies_of_two_ports_do_not_meet() {
        let (one, two) =
            (CookieNames::new("http://localhost:8080"), CookieNames::new("http://localhost:9090"));
        let sent = one.keep(Cookie::Browser, "v", None);
        assert_eq!(sent, "portico-visit-8080=v; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(one.read("portico-visit-8080=v", Cookie::Browser), Some("v"));
        assert_eq!(two.read("portico-visit-8080=v", Cookie::Browser), None);
        assert!(one.drop(Cookie::Browser).starts_with("portico-visit-8080=; "));
    }
}
