//! The Content-Security-Policy of pages: what a page may load, and where its forms may lead.
//!
//! Content Security Policy Level 3; Subresource Integrity.
// INVARIANT: no page has an inline script or an inline style, so text that was not escaped could not act.
// INVARIANT: a policy admits the files of this server and nothing else of its host. Objects of S3 may lie under
// the same host, and are other people's content.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Random;
use model::random::random_bytes;

use crate::assets::SCRIPT;

/// A word that is used once: it admits the style sheet of one answer.
pub(crate) struct Nonce(String);

impl Nonce {
    // CSP3 §7.1: at least 128 bits.
    pub(crate) fn new(random: &dyn Random) -> Self {
        Self(STANDARD.encode(random_bytes::<16>(random)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Writes the policy of a document without its style sheet, which needs a nonce.
///
/// The script is admitted by its hash. CSP3 has hashes of files for scripts only: §8.4, «External JavaScript».
/// The mark of the browser's tab is written in the document, and no other picture is there.
pub(crate) fn of_document() -> String {
    format!(
        "default-src 'none'; script-src '{}'; img-src data:; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'",
        SCRIPT.integrity
    )
}

/// Writes the policy of a document whose forms may lead to `source` too.
pub(crate) fn with_forms_leading_to(source: &str) -> String {
    // `form-action` is the last directive.
    format!("{} {source}", of_document())
}

/// Adds the style sheet that carries the nonce to a policy.
pub(crate) fn with_style(nonce: &Nonce, policy: &str) -> String {
    format!("style-src 'nonce-{}'; {policy}", nonce.as_str())
}

/// Returns the source expression of CSP that matches `uri`.
///
/// CSP3 §2.3.1 has no form for an IPv6 address or a scheme without hosts. The scheme stands for them.
pub(crate) fn source_of(uri: &str) -> Option<String> {
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
    use super::*;

    #[test]
    fn a_script_is_admitted_by_its_content() {
        let policy = of_document();
        assert!(policy.contains(&format!("script-src '{}';", SCRIPT.integrity)), "{policy}");
        // SHA-256 in base64 has 44 characters.
        assert_eq!(SCRIPT.integrity.len(), "sha256-".len() + 44);
    }

    #[test]
    fn only_the_clients_own_address_is_added_to_where_forms_may_lead() {
        let source = |uri| source_of(uri);
        assert_eq!(
            source("http://127.0.0.1:54321/oauth/callback?x=1").as_deref(),
            Some("http://127.0.0.1:54321")
        );
        assert_eq!(source("http://localhost/cb").as_deref(), Some("http://localhost"));
        assert_eq!(source("http://[::1]:9/cb").as_deref(), Some("http:"));
        assert_eq!(source("com.example.app:/cb").as_deref(), Some("com.example.app:"));
        assert_eq!(source("http://a;script-src *//").as_deref(), Some("http:"));
        assert_eq!(source("ht tp://a"), None);
        let policy = with_forms_leading_to("http://127.0.0.1:1");
        assert!(policy.ends_with("form-action 'self' http://127.0.0.1:1"), "{policy}");
    }
}
