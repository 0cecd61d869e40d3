//! The Content-Security-Policy of pages: what a page may load, and where its forms may lead.
//!
//! Content Security Policy Level 3; Subresource Integrity.
// INVARIANT: no page has an inline script or an inline style, so text that was not escaped could not act.
// INVARIANT: a policy admits the files of this server and nothing else of its host. Objects of S3 may lie under
// the same host, and are other people's content.

use crate::assets::{MARK, SCRIPT, STYLE};

/// Writes the policy of a document without its style sheet and its mark, which need the names of the host.
///
/// The script is admitted by its hash, wherever it lies. CSP3 has hashes only for scripts: a style sheet in a
/// file is admitted by its address.
pub(crate) fn of_document() -> String {
    format!(
        "default-src 'none'; script-src '{}'; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'",
        SCRIPT.integrity
    )
}

/// Writes the policy of a document whose forms may lead to `source` too.
pub(crate) fn with_forms_leading_to(source: &str) -> String {
    // `form-action` is the last directive.
    format!("{} {source}", of_document())
}

/// Adds the style sheet and the mark to a policy, at the public URL and at the name that the browser addressed.
///
/// The two differ when somebody opens the server by another name, or when a proxy changes `Host`.
pub(crate) fn with_files_of(public_url: &str, host: Option<&str>, policy: &str) -> String {
    let authority = public_url.split_once("://").map_or(public_url, |(_, authority)| authority);
    let host = host.filter(|host| !host.eq_ignore_ascii_case(authority));
    let sources = |path: &str| {
        let named = admit(public_url, authority, path);
        host.map_or_else(|| named.clone(), |host| format!("{named} {}", admit(host, host, path)))
    };
    format!("style-src {}; img-src {}; {policy}", sources(&STYLE.path), sources(&MARK.path))
}

/// Writes the source expression of one file.
// CSP3 §2.3.1: a source has no form for an IPv6 address, and §6.7.2.8 matches no IPv4 address but one.
fn admit(origin: &str, authority: &str, path: &str) -> String {
    let host = authority.split(':').next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
    let is_address = host.split('.').all(|part| part.parse::<u8>().is_ok());
    if host.is_empty() || !authority.chars().all(is_plain) || is_address && host != "127.0.0.1" {
        return "'self'".to_owned();
    }
    format!("{origin}{path}")
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
    fn only_the_file_itself_is_admitted_under_each_name_of_the_server() {
        let sources = |public_url, host| {
            let policy = with_files_of(public_url, host, "rest");
            let style = policy.split(';').next().unwrap().strip_prefix("style-src ").unwrap();
            style.replace(&STYLE.path, "/css")
        };
        let url = "https://sso.example.com";
        assert_eq!(sources(url, Some("SSO.example.com")), "https://sso.example.com/css");
        assert_eq!(sources(url, None), "https://sso.example.com/css");
        let both = "https://sso.example.com/css sso:8080/css";
        assert_eq!(sources(url, Some("sso:8080")), both);
        let local = "http://localhost:8080/css 127.0.0.1:8080/css";
        assert_eq!(sources("http://localhost:8080", Some("127.0.0.1:8080")), local);
        // These have no source expression of their own.
        for host in ["[::1]:8080", "10.0.0.1", "a b", "a;script-src *", "a,b", "my_host"] {
            assert_eq!(sources(url, Some(host)), "https://sso.example.com/css 'self'", "{host}");
        }
    }

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
