//! The answer to a browser, and the headers that guard every page.
//!
//! Content Security Policy Level 3, Fetch (`Cross-Origin-Resource-Policy`), RFC 9111 (`no-store`).

use std::borrow::Cow;

use maud::Markup;

/// Answer to a browser.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    /// Names are in lower case. `set-cookie` may be there several times.
    pub headers: Vec<(&'static str, String)>,
    pub body: Cow<'static, str>,
}

/// Content security policy. One page widens `form-action`, its last directive.
// INVARIANT: no page has an inline script or an inline style, so text that was not escaped could not
// act.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

impl Page {
    /// Makes a page for one person: never stored, never framed, nothing loaded from other hosts.
    #[must_use]
    pub fn html(status: u16, markup: Markup) -> Self {
        let mut page = Self::bare(status);
        page.set("content-type", "text/html; charset=utf-8");
        page.set("content-security-policy", POLICY);
        // With `no-referrer` the `Origin` of the page's own forms would become `null`.
        page.set("referrer-policy", "same-origin");
        page.set("x-frame-options", "DENY");
        page.set("cross-origin-opener-policy", "same-origin");
        page.body = Cow::Owned(markup.into_string());
        page
    }

    /// Redirects to another page, which the browser opens with GET.
    #[must_use]
    pub fn redirect(to: impl Into<String>) -> Self {
        let mut page = Self::bare(303);
        page.set("location", to);
        page.set("referrer-policy", "no-referrer");
        page
    }

    fn bare(status: u16) -> Self {
        let mut page = Self { status, headers: Vec::new(), body: Cow::Borrowed("") };
        page.set("x-content-type-options", "nosniff");
        page.set("cross-origin-resource-policy", "same-origin");
        page.set("cache-control", "no-store");
        page
    }

    /// Answers with a file that never changes under its name.
    pub(crate) fn file(media_type: &'static str, text: &'static str) -> Self {
        let mut page = Self::bare(200);
        page.set("content-type", media_type);
        page.set("cache-control", "public, max-age=31536000, immutable");
        page.body = Cow::Borrowed(text);
        page
    }

    /// Replaces the status.
    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Replaces a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// Adds a cookie.
    #[must_use]
    pub(crate) fn with_cookie(mut self, cookie: String) -> Self {
        self.headers.push(("set-cookie", cookie));
        self
    }

    /// Allows forms of the page to lead to `source` too.
    // Chromium checks `form-action` for every redirect that follows a form. The answer to the form of
    // the consent page redirects to the client's own address.
    #[must_use]
    pub(crate) fn with_forms_leading_to(self, source: &str) -> Self {
        self.with("content-security-policy", format!("{POLICY} {source}"))
    }

    /// Returns the first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.retain(|(header, _)| *header != name);
        self.headers.push((name, value.into()));
    }
}

/// Returns the source expression of CSP that matches `uri`.
///
/// CSP3 §2.3.1 has no form for an IPv6 address or a scheme without hosts. The scheme stands for them.
pub(crate) fn csp_source(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    let plain = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    if !plain(scheme, "+-.") {
        return None;
    }
    let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next());
    match authority {
        Some(authority) if plain(authority, "-.:") => Some(format!("{scheme}://{authority}")),
        Some(_) | None => Some(format!("{scheme}:")),
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn header_names_are_in_small_letters() {
        let page = Page::html(200, html! {}).with_cookie("a=b".to_owned());
        for (name, _) in page.headers.iter().chain(&Page::redirect("/").headers) {
            assert_eq!(*name, name.to_ascii_lowercase());
        }
    }

    #[test]
    fn a_page_is_guarded_and_not_kept() {
        let page = Page::html(200, html! {});
        let policy = page.header("content-security-policy").unwrap();
        for directive in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(directive), "{policy}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    }

    #[test]
    fn only_the_clients_own_address_is_added_to_where_forms_may_lead() {
        let source = |uri| csp_source(uri);
        assert_eq!(
            source("http://127.0.0.1:54321/oauth/callback?x=1").as_deref(),
            Some("http://127.0.0.1:54321")
        );
        assert_eq!(source("http://localhost/cb").as_deref(), Some("http://localhost"));
        assert_eq!(source("http://[::1]:9/cb").as_deref(), Some("http:"));
        assert_eq!(source("com.example.app:/cb").as_deref(), Some("com.example.app:"));
        assert_eq!(source("http://a;script-src *//").as_deref(), Some("http:"));
        assert_eq!(source("ht tp://a"), None);
        let page = Page::html(200, html! {}).with_forms_leading_to("http://127.0.0.1:1");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.ends_with("form-action 'self' http://127.0.0.1:1"), "{policy}");
    }
}
