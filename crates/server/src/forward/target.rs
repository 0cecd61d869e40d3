//! Targets as settings: `file:/path`, `syslog+tcp://host:port`, `syslog+tls://host:port`, `otlp+http://host:port` and
//! `otlp+https://host:port`.

use std::path::PathBuf;
use std::str::FromStr;

use http::Uri;
use serde::Deserialize;

/// Path of an OTLP receiver for logs.
// OpenTelemetry Protocol 1.5, "OTLP/HTTP Request": the default path of logs.
const LOGS_PATH: &str = "/v1/logs";

/// Target that audit events are forwarded to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Target {
    text: String,
    kind: TargetKind,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum TargetKind {
    File(PathBuf),
    Syslog(Place),
    Otlp { place: Place, path: String },
}

/// Host and port of a target outside.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Place {
    /// Name or address, without the brackets of IPv6.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) has_tls: bool,
}

impl Target {
    /// The target as it was given, which names it in the database.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn kind(&self) -> &TargetKind {
        &self.kind
    }

    /// Tells whether the target is reached by TLS.
    #[must_use]
    pub fn has_tls(&self) -> bool {
        match &self.kind {
            TargetKind::File(_) => false,
            TargetKind::Syslog(place) | TargetKind::Otlp { place, .. } => place.has_tls,
        }
    }
}

impl FromStr for Target {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let kind = match text.strip_prefix("file:") {
            Some(path) => file(path),
            None => outside(text),
        };
        let kind = kind.ok_or(
            "it must be file:/path, syslog+tcp://host:port, syslog+tls://host:port, otlp+http://host:port or \
             otlp+https://host:port",
        )?;
        Ok(Self { text: text.to_owned(), kind })
    }
}

fn file(path: &str) -> Option<TargetKind> {
    let is_path = path.starts_with('/') && !path.starts_with("//") && !path.ends_with('/');
    is_path.then(|| TargetKind::File(PathBuf::from(path)))
}

// A user or a query in it would be a secret in the database and in the log.
fn outside(text: &str) -> Option<TargetKind> {
    let uri: Uri = text.parse().ok()?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    let (port, is_plain) = (authority.port_u16()?, uri.query().is_none());
    if host.is_empty() || port == 0 || !is_plain || text.contains('#') {
        return None;
    }
    let place = |has_tls| Place { host: host.clone(), port, has_tls };
    let has_no_path = matches!(uri.path(), "" | "/");
    let otlp = |has_tls| {
        let path = if has_no_path { LOGS_PATH } else { uri.path() };
        TargetKind::Otlp { place: place(has_tls), path: path.to_owned() }
    };
    match uri.scheme_str()? {
        "syslog+tcp" if has_no_path => Some(TargetKind::Syslog(place(false))),
        "syslog+tls" if has_no_path => Some(TargetKind::Syslog(place(true))),
        "otlp+http" => Some(otlp(false)),
        "otlp+https" => Some(otlp(true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_from_its_url() {
        let place = |host: &str, has_tls| Place { host: host.to_owned(), port: 7, has_tls };
        let otlp = |has_tls, path: &str| TargetKind::Otlp {
            place: place("h", has_tls),
            path: path.to_owned(),
        };
        for (text, kind) in [
            ("file:/var/log/a.jsonl", TargetKind::File("/var/log/a.jsonl".into())),
            ("syslog+tcp://h:7", TargetKind::Syslog(place("h", false))),
            ("syslog+tls://[::1]:7", TargetKind::Syslog(place("::1", true))),
            ("otlp+http://h:7", otlp(false, "/v1/logs")),
            ("otlp+https://h:7/", otlp(true, "/v1/logs")),
            (" otlp+https://h:7/x/v1/logs", otlp(true, "/x/v1/logs")),
        ] {
            let target: Target = text.parse().unwrap();
            assert_eq!((target.as_str(), target.kind()), (text.trim(), &kind));
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for text in [
            "",
            "file:relative",
            "file:///a",
            "file:/a/",
            "syslog+tcp://h",
            "syslog+tcp://h:0",
            "syslog+tcp://h:7/x",
            "syslog+udp://h:7",
            "otlp+http://user:secret@h:7",
            "otlp+http://h:7?key=secret",
            "otlp+http://h:7#x",
            "http://h:7",
            "h:7",
        ] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
