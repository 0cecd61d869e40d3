//! The settings of mail: where messages go, and from whom.

use std::path::PathBuf;

use clap::Args;
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use protocol::host::{Host, Name};
use serde::Deserialize;
use url::Url;

/// Port of mail that programs hand in (RFC 6409), and of the same over TLS (RFC 8314).
const SUBMISSION: u16 = 587;
const SUBMISSIONS: u16 = 465;

const URL_MUST: &str = "--smtp-url must be smtp:// or smtps:// and a host, with a user and a port if need be, such \
    as smtp://portico@mail.example.com:587";

/// The settings of mail. The file has them under `[mail]`.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailArgs {
    /// The mail server, `smtp://USER:PASSWORD@HOST:PORT` or `smtps://…`; without it messages wait in the outbox. smtp://
    /// needs STARTTLS, except on loopback; `?tls=opportunistic` and `?tls=none` need less.
    #[arg(long, value_name = "URL", env = "PORTICO_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// A file with the password of the user in `--smtp-url`.
    #[arg(long, value_name = "FILE", env = "PORTICO_SMTP_PASSWORD_FILE")]
    pub smtp_password_file: Option<PathBuf>,
    /// A PEM file with the CAs of the mail server, instead of those that the machine trusts.
    #[arg(long, value_name = "FILE", env = "PORTICO_SMTP_CA_FILE")]
    pub smtp_ca_file: Option<PathBuf>,
    /// The sender of messages, such as `no-reply@example.com` or `Portico <no-reply@example.com>`.
    #[arg(long = "mail-from", value_name = "ADDRESS", env = "PORTICO_MAIL_FROM")]
    pub from: Option<String>,
}

/// A mail server, and how it is spoken to.
#[derive(Clone, Debug)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub tls: MailTls,
    pub user: Option<String>,
    pub password: Password,
    /// `None` for the CAs that the machine trusts.
    pub ca_file: Option<PathBuf>,
    pub from: Mailbox,
}

/// TLS of a connection to a mail server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MailTls {
    /// From the first byte (RFC 8314 §3.3).
    Wrapped,
    /// STARTTLS (RFC 3207), without which nothing is sent.
    Required,
    /// STARTTLS where the server offers it.
    Opportunistic,
    None,
}

/// The password of the user, or the file that has it.
#[derive(Clone)]
pub enum Password {
    None,
    Text(String),
    File(PathBuf),
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl MailArgs {
    /// These settings; `other` fills the ones that are open.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            smtp_url: self.smtp_url.or(other.smtp_url),
            smtp_password_file: self.smtp_password_file.or(other.smtp_password_file),
            smtp_ca_file: self.smtp_ca_file.or(other.smtp_ca_file),
            from: self.from.or(other.from),
        }
    }

    /// Tells whether the URL has a password in it.
    pub(super) fn has_password(&self) -> bool {
        let url = self.smtp_url.as_deref().and_then(|url| Url::parse(url).ok());
        url.is_some_and(|url| url.password().is_some())
    }

    /// The mail server, if there is one, or the reason why the settings are refused.
    pub fn server(&self) -> Result<Option<MailServer>, String> {
        let Some(url) = &self.smtp_url else {
            if self.smtp_password_file.is_some() || self.smtp_ca_file.is_some() {
                return Err("--smtp-password-file and --smtp-ca-file need --smtp-url".to_owned());
            }
            return Ok(None);
        };
        let from = self.from.as_deref().ok_or(
            "--smtp-url needs --mail-from, the sender of messages, such as no-reply@example.com",
        )?;
        let from: Mailbox = from.parse().map_err(|_| {
            format!("--mail-from {from:?} must be an address, such as no-reply@example.com")
        })?;
        let url = Url::parse(url).map_err(|_| URL_MUST)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(URL_MUST.to_owned());
        }
        let name = url.host_str().and_then(Host::parse).ok_or(URL_MUST)?.name();
        let tls = tls(&url, name.is_loopback())?;
        let user = Some(decoded(url.username())?).filter(|user| !user.is_empty());
        let password = match (url.password(), &self.smtp_password_file) {
            (Some(_), Some(_)) => {
                return Err(
                    "the password is in --smtp-url and in --smtp-password-file: give it once"
                        .to_owned(),
                );
            }
            (Some(text), None) => Password::Text(decoded(text)?),
            (None, Some(path)) => Password::File(path.clone()),
            (None, None) => Password::None,
        };
        match (&user, &password) {
            (Some(_), Password::None) => {
                return Err(
                    "the user in --smtp-url needs a password: give --smtp-password-file".into()
                );
            }
            (None, Password::Text(_) | Password::File(_)) => {
                return Err("the password of the mail server needs a user: smtp://USER@HOST".into());
            }
            (Some(_), Password::Text(_) | Password::File(_)) | (None, Password::None) => {}
        }
        if user.is_some() && tls == MailTls::Opportunistic && !name.is_loopback() {
            return Err("?tls=opportunistic could send the password of --smtp-url in the clear: leave it away"
                .to_owned());
        }
        let default = if tls == MailTls::Wrapped { SUBMISSIONS } else { SUBMISSION };
        Ok(Some(MailServer {
            host: bare(name),
            port: url.port().unwrap_or(default),
            tls,
            user,
            password,
            ca_file: self.smtp_ca_file.clone(),
            from,
        }))
    }
}

fn tls(url: &Url, is_loopback: bool) -> Result<MailTls, String> {
    let asked: Vec<_> = url.query_pairs().collect();
    let asked = match asked.as_slice() {
        [] => None,
        [(name, value)] if name == "tls" => Some(value.as_ref()),
        _ => {
            return Err(
                "--smtp-url takes ?tls=required, opportunistic or none, and nothing else".into()
            );
        }
    };
    match (url.scheme(), asked) {
        ("smtps", None) => Ok(MailTls::Wrapped),
        ("smtps", Some(_)) => Err("smtps:// is TLS already: leave ?tls= away".to_owned()),
        ("smtp", Some("required")) => Ok(MailTls::Required),
        ("smtp", None) if !is_loopback => Ok(MailTls::Required),
        ("smtp", None | Some("opportunistic")) => Ok(MailTls::Opportunistic),
        ("smtp", Some("none")) if is_loopback => Ok(MailTls::None),
        ("smtp", Some("none")) => Err(
            "?tls=none is for a mail server on this machine: one-time passwords would cross the network in the clear"
                .to_owned(),
        ),
        ("smtp", Some(_)) => Err("?tls= must be required, opportunistic or none".to_owned()),
        _ => Err(URL_MUST.to_owned()),
    }
}

/// The host as certificates and name services know it.
fn bare(name: Name<'_>) -> String {
    match name {
        Name::Address(address) => address.to_string(),
        Name::Named(name) => name.to_owned(),
    }
}

/// Reads a part of a URL whose special characters are written as escapes.
fn decoded(part: &str) -> Result<String, String> {
    let text = percent_decode_str(part).decode_utf8();
    text.map(String::from)
        .map_err(|_| "the user and the password in --smtp-url must be UTF-8".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Result<MailServer, String> {
        let from = Some("Portico <no-reply@example.com>".to_owned());
        let args = MailArgs { smtp_url: Some(url.to_owned()), from, ..MailArgs::default() };
        args.server().map(Option::unwrap)
    }

    #[test]
    fn a_url_names_host_port_and_tls() {
        for (url, host, port, tls) in [
            ("smtp://mail.example.com", "mail.example.com", 587, MailTls::Required),
            ("smtp://mail.example.com:25/", "mail.example.com", 25, MailTls::Required),
            ("smtps://mail.example.com", "mail.example.com", 465, MailTls::Wrapped),
            (
                "smtp://mail.example.com?tls=opportunistic",
                "mail.example.com",
                587,
                MailTls::Opportunistic,
            ),
            ("smtp://127.0.0.1:25", "127.0.0.1", 25, MailTls::Opportunistic),
            ("smtp://[::1]:25?tls=none", "::1", 25, MailTls::None),
            ("smtp://localhost?tls=required", "localhost", 587, MailTls::Required),
        ] {
            let found = server(url).unwrap();
            assert_eq!((found.host.as_str(), found.port, found.tls), (host, port, tls), "{url}");
        }
    }

    #[test]
    fn a_url_may_have_the_user_and_the_password() {
        let found = server("smtp://jane%40example.com:p%3Aw%2F@mail.example.com").unwrap();
        assert_eq!(found.user.as_deref(), Some("jane@example.com"));
        assert!(matches!(&found.password, Password::Text(text) if text == "p:w/"));
        assert!(!format!("{found:?}").contains("p:w/"));
    }

    #[test]
    fn what_would_not_work_or_shows_a_secret_is_refused() {
        for (url, words) in [
            ("mail.example.com", "smtp:// or smtps://"),
            ("http://mail.example.com", "smtp:// or smtps://"),
            ("smtp://", "smtp:// or smtps://"),
            ("smtp://mail.example.com/path", "smtp:// or smtps://"),
            ("smtp://mail.example.com?tls=none", "on this machine"),
            ("smtp://mail.example.com?tls=maybe", "required, opportunistic or none"),
            ("smtp://mail.example.com?starttls=1", "nothing else"),
            ("smtps://mail.example.com?tls=required", "leave ?tls= away"),
            ("smtp://u:p@mail.example.com?tls=opportunistic", "in the clear"),
            ("smtp://user@mail.example.com", "--smtp-password-file"),
            ("smtp://:secret@mail.example.com", "needs a user"),
        ] {
            let refused = server(url).unwrap_err();
            assert!(refused.contains(words) && !refused.contains("secret"), "{url}: {refused}");
        }
    }

    #[test]
    fn settings_of_mail_need_each_other() {
        let args = |text: &str| toml::from_str::<MailArgs>(text).unwrap().server().map(drop);
        assert_eq!(args(""), Ok(()));
        for (text, words) in [
            ("smtp_url = 'smtp://h'", "needs --mail-from"),
            ("smtp_url = 'smtp://h'\nfrom = 'nobody'", "must be an address"),
            ("smtp_url = 'smtp://h'\nfrom = 'a@b.example\\r\\nBcc: c@d'", "must be an address"),
            ("smtp_password_file = '/f'", "need --smtp-url"),
            (
                "smtp_url = 'smtp://u:p@h'\nfrom = 'a@b.example'\nsmtp_password_file = '/f'",
                "give it once",
            ),
        ] {
            let refused = args(text).unwrap_err();
            assert!(refused.contains(words), "{text}: {refused}");
        }
    }
}
