//! Options of libpq for TLS in a connection string.
//!
//! PostgreSQL 17 §32.1.2 and §32.19: the client library knows neither `verify-ca` nor `verify-full` nor the files, so
//! these options are taken out of the string before it gets it.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

/// How much TLS a connection must have. PostgreSQL 17 §32.19.3.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum SslMode {
    Disable,
    /// TLS if the server offers it, without a look at who answers.
    #[default]
    Prefer,
    /// TLS, without a look at who answers.
    Require,
    /// TLS with a certificate of a trusted CA.
    VerifyCa,
    /// TLS with a certificate of a trusted CA for the host of the connection string.
    VerifyFull,
}

/// What certificates are compared with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Roots {
    /// The CAs that the operating system trusts.
    System,
    File(PathBuf),
}

/// Client certificate and its key, two PEM files.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct ClientPair {
    pub(super) cert: PathBuf,
    pub(super) key: PathBuf,
}

/// TLS of a connection.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct SslOptions {
    pub(super) mode: SslMode,
    pub(super) roots: Option<Roots>,
    pub(super) client: Option<ClientPair>,
}

/// Takes the options out of a connection string, a URL or a list of `key=value`. Fails with a sentence about an option.
pub(super) fn take_options(url: &str) -> Result<(String, SslOptions), String> {
    let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let mut given = Given::default();
    let rest = if is_url { given.take_of_url(url) } else { given.take_of_list(url) };
    Ok((rest, given.checked()?))
}

/// Options as they are written.
#[derive(Default)]
struct Given {
    mode: Option<String>,
    root: Option<String>,
    cert: Option<String>,
    key: Option<String>,
}

impl Given {
    /// Keeps an option; false if it is not one of TLS. As in libpq, the last one of a name counts.
    fn take(&mut self, name: &str, value: &str) -> bool {
        let place = match name {
            "sslmode" => &mut self.mode,
            "sslrootcert" => &mut self.root,
            "sslcert" => &mut self.cert,
            "sslkey" => &mut self.key,
            _ => return false,
        };
        *place = Some(value.to_owned());
        true
    }

    /// Returns the URL without the options. A question mark before the first `@` belongs to the password, as in the
    /// client library.
    fn take_of_url(&mut self, url: &str) -> String {
        let host = url.find('@').map_or(0, |at| at + 1);
        let Some((before, query)) = url
            .get(host..)
            .and_then(|rest| rest.split_once('?'))
            .and_then(|(path, query)| Some((url.get(..host + path.len())?, query)))
        else {
            return url.to_owned();
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let is_other = |pair: &&str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            !self.take(&decoded(name), &decoded(value))
        };
        let others: Vec<&str> = query.split('&').filter(is_other).collect();
        if others.is_empty() { before.to_owned() } else { format!("{before}?{}", others.join("&")) }
    }

    /// Returns the list without the options. What cannot be read is left to the client library, which says so.
    fn take_of_list(&mut self, list: &str) -> String {
        let (mut rest, mut others) = (list, Vec::new());
        while let Some((name, value, after)) = next_pair(rest) {
            if !self.take(name, &value) {
                others.push(rest.strip_suffix(after).unwrap_or(rest).trim());
            }
            rest = after;
        }
        others.push(rest.trim());
        others.join(" ").trim_end().to_owned()
    }

    fn checked(self) -> Result<SslOptions, String> {
        let mode = match self.mode.as_deref() {
            None => SslMode::default(),
            Some("disable") => SslMode::Disable,
            Some("prefer") => SslMode::Prefer,
            Some("require") => SslMode::Require,
            Some("verify-ca") => SslMode::VerifyCa,
            Some("verify-full") => SslMode::VerifyFull,
            Some(other) => {
                return Err(format!(
                    "sslmode is {other:?} and must be disable, prefer, require, verify-ca or verify-full"
                ));
            }
        };
        let roots = self.root.filter(|root| !root.is_empty()).map(|root| match root.as_str() {
            "system" => Roots::System,
            path => Roots::File(path.into()),
        });
        let mode = match (mode, &roots) {
            (SslMode::VerifyCa | SslMode::VerifyFull, None) => {
                return Err("sslmode=verify-ca and verify-full need sslrootcert=FILE, a PEM file with the CA \
                     of the server's certificate, or verify-full with sslrootcert=system for the CAs that \
                     this machine trusts"
                    .into());
            }
            // libpq: anybody gets a certificate of such a CA, so only the name tells who answers.
            (SslMode::VerifyCa | SslMode::Require, Some(Roots::System)) => {
                return Err(
                    "sslrootcert=system needs sslmode=verify-full, because anybody can have a \
                     certificate of a CA that this machine trusts"
                        .into(),
                );
            }
            // Who names a CA wants it to be asked, and these two would not ask it.
            (SslMode::Disable | SslMode::Prefer, Some(_)) => {
                return Err("sslrootcert needs sslmode=verify-full (or verify-ca): without it no \
                     certificate is compared with the CA"
                    .into());
            }
            // libpq: `require` with a CA is `verify-ca`.
            (SslMode::Require, Some(Roots::File(_))) => SslMode::VerifyCa,
            (mode, _) => mode,
        };
        let client = match (self.cert, self.key) {
            (None, None) => None,
            (Some(cert), Some(key)) => Some(ClientPair { cert: cert.into(), key: key.into() }),
            (Some(_), None) | (None, Some(_)) => {
                return Err("sslcert and sslkey must be given together".into());
            }
        };
        Ok(SslOptions { mode, roots, client })
    }
}

/// Reads `name = value`, where the value may be quoted. Returns both and what follows.
fn next_pair(list: &str) -> Option<(&str, String, &str)> {
    let (name, value) = list.split_once('=')?;
    let (name, value) = (name.trim(), value.trim_start());
    let is_quoted = value.starts_with('\'');
    let mut chars = value.char_indices().skip(usize::from(is_quoted));
    let mut text = String::new();
    while let Some((at, char)) = chars.next() {
        let ends = if is_quoted { char == '\'' } else { char.is_whitespace() };
        if ends {
            return Some((name, text, value.get(at + char.len_utf8()..)?));
        }
        text.push(if char == '\\' { chars.next()?.1 } else { char });
    }
    (!is_quoted).then_some((name, text, ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn options(url: &str) -> SslOptions {
        take_options(url).unwrap().1
    }

    fn verified(mode: SslMode, file: &str) -> SslOptions {
        SslOptions { mode, roots: Some(Roots::File(file.into())), client: None }
    }

    #[test]
    fn the_options_of_tls_are_taken_out_and_the_others_stay() {
        for (url, rest) in [
            ("postgres://u:p@h/d", "postgres://u:p@h/d"),
            ("postgres://u:p@h/d?sslmode=require", "postgres://u:p@h/d"),
            (
                "postgres://u:a?b@h/d?sslmode=require&connect_timeout=3",
                "postgres://u:a?b@h/d?connect_timeout=3",
            ),
            (
                "postgresql://h?options=-c%20x=1&ssl%6dode=require",
                "postgresql://h?options=-c%20x=1",
            ),
            ("host=h  sslmode = require user='a b'", "host=h user='a b'"),
            ("host=h password='it\\'s' sslmode='require'", "host=h password='it\\'s'"),
            ("sslmode=require host=/run/x", "host=/run/x"),
        ] {
            let (left, options) = take_options(url).unwrap();
            assert_eq!(left, rest, "{url}");
            let mode = if url.contains('=') { SslMode::Require } else { SslMode::Prefer };
            assert_eq!(options.mode, mode, "{url}");
        }
    }

    #[test]
    fn a_mode_means_what_libpq_means() {
        assert_eq!(options("postgres://h").mode, SslMode::Prefer);
        let full = options("postgres://h?sslmode=verify-full&sslrootcert=%2Fa%20b.pem");
        assert_eq!(full, verified(SslMode::VerifyFull, "/a b.pem"));
        let listed = options("host=h sslmode=verify-full sslrootcert='/a b.pem'");
        assert_eq!(listed, full);
        let required = options("postgres://h?sslmode=require&sslrootcert=/ca");
        assert_eq!(required, verified(SslMode::VerifyCa, "/ca"));
        let system = options("postgres://h?sslmode=verify-full&sslrootcert=system");
        assert_eq!(system.roots, Some(Roots::System));
        let pair = options("postgres://h?sslcert=/c&sslkey=/k").client.unwrap();
        assert_eq!((pair.cert, pair.key), ("/c".into(), "/k".into()));
        assert_eq!(options("postgres://h?sslmode=prefer&sslmode=disable").mode, SslMode::Disable);
    }

    #[test]
    fn what_would_not_be_checked_is_refused() {
        for (query, words) in [
            ("sslmode=allow", "must be disable, prefer"),
            ("sslmode=verify-full", "need sslrootcert=FILE"),
            ("sslmode=verify-ca&sslrootcert=", "need sslrootcert=FILE"),
            ("sslmode=verify-ca&sslrootcert=system", "needs sslmode=verify-full"),
            ("sslmode=require&sslrootcert=system", "needs sslmode=verify-full"),
            ("sslrootcert=/ca", "no certificate is compared"),
            ("sslmode=prefer&sslrootcert=/ca", "no certificate is compared"),
            ("sslcert=/c", "together"),
        ] {
            let refused = take_options(&format!("postgres://h?{query}")).unwrap_err();
            assert!(refused.contains(words), "{query}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "(postgres://)?[a-z@?&='\\\\ %/é-]{0,40}") {
            take_options(&text).ok();
        }

        #[test]
        fn any_path_reads_back(path in "/[ -~é]{1,20}") {
            let url: Vec<String> = path.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let url = url.concat();
            let quoted = path.replace('\\', "\\\\").replace('\'', "\\'");
            for text in [
                format!("postgres://u@h/d?sslrootcert={url}&sslmode=verify-ca"),
                format!("sslrootcert = '{quoted}' sslmode=verify-ca"),
            ] {
                prop_assert_eq!(options(&text), verified(SslMode::VerifyCa, &path));
            }
        }
    }
}
