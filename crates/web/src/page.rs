//! The answer to a browser, and the headers that guard every page.
//!
//! Fetch (`Cross-Origin-Resource-Policy`), RFC 9111 (`no-store`), Clear Site Data.

use std::borrow::Cow;

use maud::Markup;
use model::Random;

use crate::content_policy::{self, Nonce};

const POLICY: &str = "content-security-policy";

/// Beginning of the link to the style sheet, which `parts::frame` writes.
pub(crate) const STYLE_LINK: &str = "<link rel=\"stylesheet\"";

/// Answer to a browser.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    /// Names are in lower case. `set-cookie` may be there several times.
    pub headers: Vec<(&'static str, String)>,
    pub body: Cow<'static, str>,
}

impl Page {
    /// Makes a page for one person: never stored, never framed, nothing loaded from other hosts.
    #[must_use]
    pub fn html(status: u16, markup: Markup) -> Self {
        let mut page = Self::bare(status);
        page.set("content-type", "text/html; charset=utf-8");
        page.set(POLICY, content_policy::of_document());
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

    /// Lets the browser forget what it keeps of this host: files, also of S3, and the storage of scripts.
    // Clear Site Data §3.1: "cookies" would reach the whole registrable domain, so it would sign people out of
    // other products beside this host. Portico drops its own cookies by name. Browsers obey the header only on
    // https and on the loopback.
    #[must_use]
    pub(crate) fn clearing_site(self) -> Self {
        self.with("clear-site-data", r#""cache", "storage""#)
    }

    /// Allows forms of the page to lead to `source` too.
    // Chromium checks `form-action` for every redirect that follows a form. The answer to the form of
    // the consent page redirects to the client's own address.
    #[must_use]
    pub(crate) fn with_forms_leading_to(self, source: &str) -> Self {
        let policy = content_policy::with_forms_leading_to(source);
        self.with(POLICY, policy)
    }

    /// Admits the style sheet of a document by a nonce, in the policy and at its link.
    #[must_use]
    pub(crate) fn with_nonce(mut self, random: &dyn Random) -> Self {
        let Some(policy) = self.header(POLICY) else { return self };
        let nonce = Nonce::new(random);
        let policy = content_policy::with_style(&nonce, policy);
        self.set(POLICY, policy);
        // The link stands before all text that people wrote.
        if let Some(start) = self.body.find(STYLE_LINK) {
            let attribute = format!(" nonce=\"{}\"", nonce.as_str());
            self.body.to_mut().insert_str(start + STYLE_LINK.len(), &attribute);
        }
        self
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
}
